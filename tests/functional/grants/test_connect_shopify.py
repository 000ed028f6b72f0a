"""A merchant connects a Shopify shop, through the deployed handler and the shop's own pages."""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from urllib.parse import urlencode

import pytest

from sandbox.shopify.settings import ALL_SCOPES
from tests.functional.grants.deployment import (
    SHOPIFY_ID,
    SHOPIFY_SECRET,
    SHOPIFY_SHOP,
    Browser,
    Deployment,
    Seen,
    query_of,
)
from tillbridge.domain.merchant import Connection, ConnectionState, System
from tillbridge.grants.shopify import SCOPES
from tillbridge.systems.shopify.api.scopes import SCOPES as NEEDED

SHOPIFY = System.SHOPIFY


def connect(deployment: Deployment) -> Connection:
    page = deployment.install(deployment.invite(SHOPIFY))
    assert page.status == 200, page.words
    return next(one for one in deployment.connections() if one.system is SHOPIFY)


def came_back(deployment: Deployment, browser: Browser, link: str = "") -> str:
    """Go as far as the signed address that the shop sends the browser back to."""
    page = deployment.shopify_page(link or deployment.invite(SHOPIFY), browser)
    form = {**query_of(page.url), "decision": "install"}
    return browser.stop_before("/connect/shopify/callback", "POST", page.url.partition("?")[0], **form)


def signed(query: Mapping[str, str], secret: str = SHOPIFY_SECRET) -> str:
    unsigned = {name: value for name, value in query.items() if name != "hmac"}
    message = urlencode(sorted(unsigned.items())).encode()
    return urlencode({**unsigned, "hmac": hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()})


def visit(deployment: Deployment, browser: Browser, query: str, path: str = "/callback") -> Seen:
    return browser.get(f"{deployment.url}/connect/shopify{path}?{query}")


def test_the_way_of_a_shopify_shop(deployment: Deployment) -> None:
    done = deployment.install(deployment.invite(SHOPIFY))
    assert done.status == 200, done.words
    assert "Shopify is connected" in done.words
    (connection,) = deployment.connections()
    assert (connection.account_id, connection.address) == (SHOPIFY_SHOP, f"https://{SHOPIFY_SHOP}")
    assert (connection.account_name, connection.traits["currency"]) == ("Stand-in shop", "USD")
    pair = deployment.grant(connection).pair
    assert pair.expires_at - pair.obtained_at == timedelta(hours=1)
    assert pair.refresh_expires_at == pair.obtained_at + timedelta(days=90)


def test_the_shop_is_asked_for_the_fewest_scopes_and_a_token_that_works_without_the_merchant(
    deployment: Deployment,
) -> None:
    url = deployment.shopify_page(deployment.invite(SHOPIFY), deployment.browser()).url
    query = query_of(url)
    assert query["scope"].split(",") == list(SCOPES)
    assert query["redirect_uri"] == f"{deployment.url}/connect/shopify/callback"
    assert query["client_id"] == SHOPIFY_ID
    assert "grant_options%5B%5D=" in url.split("&")
    assert "client_secret" not in query


def test_the_first_page_asks_for_the_shop_and_says_what_for(deployment: Deployment) -> None:
    page = deployment.browser().get(deployment.invite(SHOPIFY))
    for words in ("Your web shop Shopify", "set the available stock", "Address of your shop", "uninstall the app"):
        assert words in page.words
    assert "example.myshopify.com" in page.text


@pytest.mark.parametrize(
    "given",
    [
        SHOPIFY_SHOP,
        SHOPIFY_SHOP.upper(),
        f"https://{SHOPIFY_SHOP}/admin",
        f" {SHOPIFY_SHOP}/ ",
        "https://admin.shopify.com/store/anns/products?x=1",
    ],
)
def test_the_shop_may_be_given_in_many_ways(deployment: Deployment, given: str) -> None:
    assert deployment.install(deployment.invite(SHOPIFY), shop=given).status == 200


@pytest.mark.parametrize(
    "given",
    [
        "",
        "anns",
        "shop.example.com",
        f"{SHOPIFY_SHOP}.evil.example",
        f"evil.example/{SHOPIFY_SHOP}",
        f"evil.example#{SHOPIFY_SHOP}",
        f"evil.example@{SHOPIFY_SHOP}",
        f"{SHOPIFY_SHOP}\nevil.example",
        "-x.myshopify.com",
        "ännchen.myshopify.com",
        "anns.myshopify.com:444",
        "anns.shopify.com",
    ],
)
def test_our_secret_is_promised_to_shops_of_shopify_only(deployment: Deployment, given: str) -> None:  # invariant 7
    link = deployment.invite(SHOPIFY)
    before = deployment.snapshot()
    page = deployment.shopify_page(link, deployment.browser(), given)
    assert page.status == 400
    assert "It looks like example.myshopify.com" in page.words
    assert deployment.snapshot() == before


def test_a_link_for_one_shop_is_refused_to_another(deployment: Deployment) -> None:  # invariant 7
    link = deployment.invite(SHOPIFY, address=f"https://{SHOPIFY_SHOP}")
    before = deployment.snapshot()
    page = deployment.shopify_page(link, deployment.browser(), "other.myshopify.com")
    assert page.status == 400
    assert f"This link is for the shop {SHOPIFY_SHOP}" in page.words
    assert deployment.snapshot() == before
    assert deployment.install(link).status == 200


def test_a_refusal_by_the_merchant_changes_nothing_and_can_be_reconsidered(
    deployment: Deployment,
) -> None:  # invariant 7
    link, browser = deployment.invite(SHOPIFY), deployment.browser()
    before = deployment.snapshot()
    page = deployment.answer_shopify(deployment.shopify_page(link, browser), browser, "cancel")
    assert page.status == 400
    assert "not approved in Shopify" in page.words
    assert f'href="{link}"' in page.text
    assert deployment.snapshot() == before
    assert deployment.install(link, browser).status == 200


def test_a_callback_works_once_in_time_and_in_the_browser_that_began(deployment: Deployment) -> None:  # invariant 7
    browser = deployment.browser()
    callback = came_back(deployment, browser)
    before = deployment.snapshot()
    stranger = deployment.browser().get(callback)
    assert (stranger.status, "another browser" in stranger.words) == (400, True)
    assert deployment.snapshot() == before
    assert browser.get(callback).status == 200
    before = deployment.snapshot()
    again = browser.get(callback)
    assert (again.status, "nothing left to do" in again.words) == (400, True)
    assert deployment.snapshot() == before


@pytest.mark.parametrize("seconds", [91, 601])
def test_what_was_signed_too_long_ago_is_refused(deployment: Deployment, seconds: int) -> None:  # invariant 7
    browser = deployment.browser()
    callback = came_back(deployment, browser)
    before = deployment.snapshot()
    deployment.advance(seconds=seconds)
    page = browser.get(callback)
    assert (page.status, "too long ago" in page.words) == (400, True)
    assert deployment.snapshot() == before


@pytest.mark.parametrize(
    ("forge", "code"),
    [
        (lambda q: urlencode({**q, "code": "made up"}), "Forged"),
        (lambda q: urlencode({**q, "shop": "evil.myshopify.com"}), "Forged"),
        (lambda q: urlencode({**q, "more": "x"}), "Forged"),
        (lambda q: urlencode({n: v for n, v in q.items() if n != "hmac"}), "Forged"),
        (lambda q: urlencode({n: v for n, v in q.items() if n != "host"}), "Forged"),
        (lambda q: urlencode({**q, "hmac": "é"}), "Forged"),
        (lambda q: signed(q, "another secret"), "Forged"),
        (lambda q: signed({**q, "shop": "evil.example"}), "Forged"),
        (lambda q: signed({**q, "timestamp": ""}), "StaleSignature"),
        (lambda q: signed({**q, "timestamp": "\uff19" * 10}), "StaleSignature"),
        (lambda q: signed({**q, "timestamp": "9" * 40}), "StaleSignature"),
        (lambda q: signed({**q, "shop": "other.myshopify.com"}), "WrongShop"),
        (lambda q: signed({**q, "state": "A" * 43}), "StaleAttempt"),
        (lambda q: signed({n: v for n, v in q.items() if n != "state"}), "StaleAttempt"),
    ],
)
def test_a_forged_or_mixed_up_callback_changes_nothing_at_all(
    deployment: Deployment, forge: Callable[[dict[str, str]], str], code: str
) -> None:  # invariant 7
    """Not even the attempt: whoever forges one cannot spoil the real one."""
    browser = deployment.browser()
    callback = came_back(deployment, browser)
    before = deployment.snapshot()
    page = visit(deployment, browser, forge(query_of(callback)))
    assert (page.status, code in page.words, "What you can do" in page.words) == (400, True, True)
    assert deployment.snapshot() == before
    assert browser.get(callback).status == 200


def test_a_parameter_that_comes_twice_is_refused(deployment: Deployment) -> None:  # invariant 7
    browser = deployment.browser()
    callback = came_back(deployment, browser)
    assert browser.get(f"{callback}&shop=evil.myshopify.com").status == 400
    assert browser.get(callback).status == 200


@pytest.mark.parametrize("change", [{"code": "made up"}, {"code": ""}, {"code": "x" * 5000}, {"error": "server_error"}])
def test_a_code_that_is_none_is_refused(deployment: Deployment, change: dict[str, str]) -> None:  # invariant 7
    browser, link = deployment.browser(), deployment.invite(SHOPIFY)
    before = deployment.snapshot()
    query = query_of(came_back(deployment, browser, link))
    page = visit(deployment, browser, signed({**query, **change}))
    assert (page.status, "What you can do" in page.words) == (400, True)
    assert deployment.snapshot() == before
    assert deployment.install(link).status == 200


def test_scopes_that_were_not_granted_are_listed_with_what_would_not_work(
    deployment: Deployment,
) -> None:  # invariant 7
    link, browser = deployment.invite(SHOPIFY), deployment.browser()
    page = deployment.shopify_page(link, browser)
    less = [name for name in SCOPES if name not in {"write_inventory", "read_orders"}]
    before = deployment.snapshot()
    fields = {**query_of(page.url), "scope": ",".join(less), "decision": "install"}
    done = browser.post(page.url.partition("?")[0], **fields)
    assert done.status == 422
    assert "write_inventory: without it stock cannot be written" in done.words
    assert "read_orders: without it web orders are not met" in done.words
    assert "read_inventory" not in done.words
    assert [row for row in deployment.snapshot()[0] if "STATE" not in row] == [
        row for row in before[0] if "STATE" not in row
    ]
    assert deployment.snapshot()[1] == before[1]
    assert deployment.install(link).status == 200


def test_the_right_to_write_holds_the_one_to_read(deployment: Deployment) -> None:
    """Shopify leaves out what another scope implies."""
    browser = deployment.browser()
    page = deployment.shopify_page(deployment.invite(SHOPIFY), browser)
    short = [name for name in SCOPES if name.replace("read_", "write_") not in SCOPES or name.startswith("write_")]
    fields = {**query_of(page.url), "scope": ",".join(short), "decision": "install"}
    assert "read_products" not in short
    assert browser.post(page.url.partition("?")[0], **fields).status == 200


def test_the_same_shop_again_replaces_the_grant_and_keeps_everything(deployment: Deployment) -> None:
    before = connect(deployment)
    first = deployment.grant(before)
    deployment.parts.connections.save(replace(before, state=ConnectionState.BROKEN, cause="x", remedy="y"))
    deployment.advance(hours=2)
    assert "renewed" in deployment.install(deployment.invite(SHOPIFY)).words
    (after,) = deployment.connections()
    assert (after.connection_id, after.state) == (before.connection_id, ConnectionState.ACTIVE)
    second = deployment.grant(after)
    assert (second.version, second.predecessor) == (2, None)
    assert second.pair.access != first.pair.access


def test_a_shop_of_another_merchant_is_refused_with_an_explanation(deployment: Deployment) -> None:  # invariant 5
    """One app has one grant in a shop: two merchants would take turns in writing to it."""
    connect(deployment)
    deployment.add_merchant("m2", "Bert")
    page = deployment.install(deployment.invite(SHOPIFY, "m2"))
    assert (page.status, "connected already" in page.words) == (400, True)
    assert "Ann" not in page.words
    assert deployment.connections("m2") == []


def test_once_disconnected_a_shop_may_go_to_another_merchant(deployment: Deployment) -> None:
    ended = deployment.doors.ending.end(connect(deployment))
    assert "Uninstall the app" in ended.remedy
    assert not any("/connection/" in name for name in deployment.secrets())
    deployment.add_merchant("m2", "Bert")
    assert deployment.install(deployment.invite(SHOPIFY, "m2")).status == 200


def test_an_old_secret_still_counts_after_a_rotation(deployment: Deployment) -> None:
    browser = deployment.browser()
    callback = came_back(deployment, browser)  # signed with the old one
    deployment.set_shopify_app(deployment.shopify.rotate_secret(SHOPIFY_ID).secret)
    assert browser.get(callback).status == 200
    connection = connect(deployment)
    deployment.advance(hours=3)
    browser = deployment.browser()
    query = query_of(came_back(deployment, browser))
    assert "Forged" in visit(deployment, browser, signed(query, SHOPIFY_SECRET)).words
    assert deployment.connections()[0].connection_id == connection.connection_id


def test_an_app_that_nobody_has_stored_is_for_the_operator(deployment: Deployment) -> None:
    deployment.parts.credentials.secrets.delete("tillbridge/local/app/shopify")
    deployment.parts.credentials.__dict__.pop("apps")
    page = visit(deployment, deployment.browser(), signed({"shop": SHOPIFY_SHOP, "timestamp": "1"}))
    assert page.status == 503


def opened(deployment: Deployment, **changes: str) -> Seen:
    """Open the app's address as Shopify's admin does."""
    query = {"shop": SHOPIFY_SHOP, "timestamp": f"{deployment.clock.now():%s}", "host": "x", **changes}
    return visit(deployment, deployment.browser(), signed(query), "")


def test_an_installation_without_a_link_is_told_how_to_begin(deployment: Deployment) -> None:
    page = opened(deployment)
    assert (page.status, "Open the link that your provider sent you" in page.words) == (200, True)
    assert deployment.connections() == []


def test_a_shop_that_is_connected_is_told_so(deployment: Deployment) -> None:
    connect(deployment)
    assert "This shop is connected" in opened(deployment).words


@pytest.mark.parametrize("changes", [{"shop": "evil.example"}, {"timestamp": "1"}])
def test_the_apps_address_is_verified(deployment: Deployment, changes: dict[str, str]) -> None:  # invariant 7
    assert opened(deployment, **changes).status == 400


def test_no_secret_is_logged_or_shown(deployment: Deployment, log: StringIO) -> None:  # invariant 5
    browser = deployment.browser()
    callback = came_back(deployment, browser)
    visit(deployment, browser, signed(query_of(callback), "wrong"))
    page = browser.get(callback)
    (connection,) = deployment.connections()
    pair, query = deployment.grant(connection).pair, query_of(callback)
    told = log.getvalue() + page.text + repr(deployment.rows())
    assert "Connected" in told
    for secret in (SHOPIFY_SECRET, pair.access.reveal(), pair.refresh.reveal(), query["code"], query["hmac"]):
        assert secret not in told


def test_every_scope_is_one_that_an_app_may_ask_for() -> None:
    assert set(SCOPES) <= set(ALL_SCOPES)
    assert set(SCOPES) == set(NEEDED)  # what is asked for is what the work needs
