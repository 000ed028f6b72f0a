"""Tokens: codes, expiring pairs, rotation, migration, credentials, scopes (facts/shopify.md, section 3)."""

import hashlib
import hmac
import re
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from sandbox.common.clock import ManualClock
from sandbox.shopify.settings import App
from sandbox.shopify.shop import Shop

CLIENT = {"client_id": "test-app", "client_secret": "test-secret"}
OFFLINE = "urn:shopify:params:oauth:token-type:offline-access-token"
EXCHANGE = {
    "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
    "subject_token_type": OFFLINE,
    "requested_token_type": OFFLINE,
}
CALLBACK = "https://app.invalid/callback"


@pytest.fixture
def ask(api: Any) -> Any:
    """Ask the token address; gives status and answer."""

    def ask(*, form: bool = False, **fields: str) -> tuple[int, Any]:
        body = {**CLIENT, **fields}
        sent = {"data": body} if form else {"json": body}
        answer = api.client.post("/admin/oauth/access_token", **sent)
        return answer.status_code, answer.json

    return ask


@pytest.fixture
def install(api: Any) -> Any:
    """Press Install on the consent page; gives what the merchant's browser is sent back with."""

    def install(decision: str = "install", **fields: str) -> dict[str, str]:
        asked = {"client_id": "test-app", "scope": "read_products", "redirect_uri": CALLBACK, "state": "n", **fields}
        page = api.client.get("/admin/oauth/authorize", query_string=asked)
        assert page.status_code == 200, page.text
        hidden = dict(re.findall(r'name="([\w\[\]]+)" value="([^"]*)"', page.text))
        answer = api.client.post("/admin/oauth/authorize", data={**hidden, "decision": decision})
        address = urlsplit(answer.headers["Location"])
        assert f"{address.scheme}://{address.netloc}{address.path}" == CALLBACK
        return dict(parse_qsl(address.query))

    return install


@pytest.fixture
def pair(ask: Any, install: Any) -> Any:
    status, answer = ask(code=install()["code"], expiring="1")
    assert status == 200
    return answer


def works(api: Any, token: str) -> bool:
    return bool(api.call("{ shop { name } }", token=token).status_code == 200)


def test_the_way_back_is_signed_over_everything(install: Any, shop: Shop) -> None:
    back = install()
    assert set(back) == {"code", "host", "hmac", "shop", "state", "timestamp"}
    assert (back["shop"], back["state"]) == (shop.settings.domain, "n")
    told = back.pop("hmac")
    message = urlencode(sorted(back.items()))
    assert told == hmac.new(b"test-secret", message.encode(), hashlib.sha256).hexdigest()


def test_a_merchant_may_say_no(install: Any) -> None:
    back = install("cancel")
    assert (back["error"], "code" in back) == ("access_denied", False)


@pytest.mark.parametrize(
    "wrong",
    [{"client_id": "nobody"}, {"redirect_uri": "nowhere"}, {"scope": "read_products,read_all_orders"}],
)
def test_a_wrong_request_is_not_asked_about(api: Any, wrong: dict[str, str]) -> None:
    asked = {"client_id": "test-app", "scope": "read_products", "redirect_uri": CALLBACK, **wrong}
    assert api.client.get("/admin/oauth/authorize", query_string=asked).status_code == 400


def test_only_registered_addresses_are_sent_back_to(api: Any, shop: Shop) -> None:
    shop.apps["test-app"] = replace(shop.apps["test-app"], redirect_uris=(CALLBACK,))
    asked = {"client_id": "test-app", "scope": "read_products", "redirect_uri": f"{CALLBACK}/other"}
    assert api.client.get("/admin/oauth/authorize", query_string=asked).status_code == 400


def test_a_code_is_good_once_and_for_a_while(ask: Any, install: Any, clock: ManualClock) -> None:
    code = install()["code"]
    status, answer = ask(code=code)
    assert (status, set(answer), answer["scope"]) == (200, {"access_token", "scope"}, "read_products")
    assert ask(code=code)[0] == 400
    late = install()["code"]
    clock.sleep(60)
    assert ask(code=late)[0] == 400


def test_an_expiring_pair_lives_an_hour(api: Any, pair: Any, clock: ManualClock) -> None:
    assert set(pair) == {"access_token", "scope", "expires_in", "refresh_token", "refresh_token_expires_in"}
    assert (pair["expires_in"], pair["refresh_token_expires_in"]) == (3600, 7_776_000)
    clock.sleep(3599)
    assert works(api, pair["access_token"])
    clock.sleep(1)
    assert not works(api, pair["access_token"])


def test_every_refresh_gives_another_refresh_token(api: Any, ask: Any, pair: Any) -> None:
    status, renewed = ask(grant_type="refresh_token", refresh_token=pair["refresh_token"], form=True)
    assert (status, works(api, renewed["access_token"])) == (200, True)
    assert renewed["refresh_token"] != pair["refresh_token"]


def test_a_lost_answer_may_be_asked_for_again_until_the_next_token_is_used(ask: Any, pair: Any) -> None:  # invariant 3
    refresh = {"grant_type": "refresh_token", "refresh_token": pair["refresh_token"]}
    lost, found = ask(**refresh)[1], ask(**refresh)
    assert found[0] == 200
    assert ask(grant_type="refresh_token", refresh_token=lost["refresh_token"])[1]["error"] == "invalid_grant"
    assert ask(grant_type="refresh_token", refresh_token=found[1]["refresh_token"])[0] == 200
    assert ask(**refresh)[1]["error"] == "invalid_grant"


def test_a_lost_answer_may_be_asked_for_again_for_thirty_days(ask: Any, pair: Any, clock: ManualClock) -> None:
    refresh = {"grant_type": "refresh_token", "refresh_token": pair["refresh_token"]}
    ask(**refresh)
    clock.sleep(30 * 24 * 3600)
    assert ask(**refresh)[0] == 200
    clock.sleep(1)
    assert ask(**refresh)[1]["error"] == "invalid_grant"


def test_a_refresh_token_dies_after_ninety_days(ask: Any, pair: Any, clock: ManualClock) -> None:
    clock.sleep(7_776_000)
    assert ask(grant_type="refresh_token", refresh_token=pair["refresh_token"]) == (
        400,
        {
            "error": "invalid_grant",
            "error_description": "The refresh token is invalid, expired or was already used.",
        },
    )


def test_an_answer_can_be_lost_on_command(api: Any, ask: Any, pair: Any) -> None:
    api.control("switches", forget_token_answers=1)
    refresh = {"grant_type": "refresh_token", "refresh_token": pair["refresh_token"]}
    assert ask(**refresh)[0] == 502
    assert ask(**refresh)[0] == 200


def test_an_old_token_is_traded_for_a_pair(api: Any, ask: Any, shop: Shop) -> None:
    old = shop.issue(shop.apps["test-app"]).value
    status, renewed = ask(**EXCHANGE, subject_token=old, expiring="1")
    assert (status, works(api, renewed["access_token"]), works(api, old)) == (200, True, False)
    assert ask(**EXCHANGE, subject_token=old, expiring="1")[1]["error"] == "invalid_subject_token"


def test_client_credentials_last_a_day_and_have_no_refresh_token(ask: Any) -> None:
    status, answer = ask(grant_type="client_credentials")
    assert (status, set(answer), answer["expires_in"]) == (200, {"access_token", "scope", "expires_in"}, 86399)


def test_client_credentials_are_for_shops_of_ones_own(ask: Any, shop: Shop) -> None:
    shop.apps["test-app"] = replace(shop.apps["test-app"], own_shop=False)
    assert ask(grant_type="client_credentials")[1]["error"] == "shop_not_permitted"


def test_an_uninstalled_app_has_to_be_let_in_again(api: Any, ask: Any, install: Any, pair: Any) -> None:
    api.control("uninstall")
    refresh = {"grant_type": "refresh_token", "refresh_token": pair["refresh_token"]}
    assert ask(**refresh)[1]["error"] == "invalid_client"
    assert ask(grant_type="client_credentials")[1]["error"] == "invalid_client"
    assert ask(code=install()["code"], expiring="1")[0] == 200
    assert ask(grant_type="client_credentials")[0] == 200
    assert ask(**refresh)[1]["error"] == "invalid_grant"


def test_some_apps_have_to_use_expiring_tokens(ask: Any, install: Any, shop: Shop) -> None:
    code = install()["code"]
    shop.apps["test-app"] = replace(shop.apps["test-app"], must_expire=True)
    assert ask(code=code)[0] == 400


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"client_secret": "wrong", "code": "c"}, "invalid_client"),
        ({"client_id": "nobody", "code": "c"}, "invalid_client"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": "refresh_token", "refresh_token": "shprt_none"}, "invalid_grant"),
        ({**EXCHANGE, "subject_token": "x", "requested_token_type": "online"}, "invalid_request"),
        ({**EXCHANGE, "subject_token": "x", "subject_token_type": "session"}, "invalid_subject_token"),
    ],
)
def test_refusals_have_status_400(ask: Any, fields: dict[str, str], error: str) -> None:
    status, answer = ask(**fields)
    assert (status, answer["error"]) == (400, error)


# --- what a token may do ----------------------------------------------------------------------------------------------


def test_without_a_living_token_nothing_is_told(api: Any) -> None:
    answer = api.call("{ shop { name } }", token="shpat_none")
    assert (answer.status_code, answer.json) == (
        401,
        {"errors": "[API] Invalid API key or access token (unrecognized login or wrong password)"},
    )


@pytest.mark.parametrize(
    ("text", "scopes", "allowed"),
    [
        ("{ products(first: 1) { nodes { id } } }", ["read_orders"], False),
        ("{ products(first: 1) { nodes { id } } }", ["write_products"], True),
        ("{ locations(first: 1) { nodes { id } } }", ["read_inventory"], True),
        ("{ orders(first: 1) { nodes { id } } }", ["read_products"], False),
        ("{ publications(first: 1) { nodes { id } } }", ["read_products"], False),
        ('mutation { productCreate(product: {title: "x"}) { product { id } } }', ["read_products"], False),
        ("{ shop { name } }", [], True),
    ],
)
def test_fields_need_their_scopes(api: Any, shop: Shop, text: str, scopes: list[str], *, allowed: bool) -> None:
    token = shop.issue(shop.apps["test-app"], tuple(scopes) or ("none",)).value
    answer = api.call(text, token=token)
    errors = answer.json.get("errors", [])
    assert [error["extensions"]["code"] for error in errors] == ([] if allowed else ["ACCESS_DENIED"])


def test_scopes_of_what_is_inside_count_too(api: Any, shop: Shop) -> None:
    api.product()
    api.control("order", items=[{"sku": "HAT"}], email="a@mail.invalid")
    token = shop.issue(shop.apps["test-app"], ("read_orders",)).value
    answer = api.call("{ orders(first: 1) { nodes { name customer { id } } } }", token=token)
    assert answer.json["data"]["orders"]["nodes"] == [{"name": "#1001", "customer": None}]
    assert answer.json["errors"][0]["path"] == ["orders", "nodes", 0, "customer"]


def test_apps_are_strangers_to_each_other(api: Any, ask: Any, shop: Shop) -> None:
    shop.apps["other"] = App("other", "other-secret")
    theirs = shop.issue(shop.apps["other"]).value
    assert ask(**EXCHANGE, subject_token=theirs, expiring="1")[1]["error"] == "invalid_subject_token"
    hook = 'mutation { webhookSubscriptionCreate(topic: SHOP_UPDATE, webhookSubscription: {uri: "https://a.invalid"}) {'
    api.done(f"{hook} webhookSubscription {{ id }} userErrors {{ field }} }} }}")
    mine = api.call("{ webhookSubscriptions(first: 5) { nodes { id } } }", token=theirs)
    assert mine.json["data"]["webhookSubscriptions"]["nodes"] == []
