"""Installing the app, and what the store calls afterwards."""

import base64
import hashlib
import hmac
import json
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from sandbox.bigcommerce.shop import Shop

SECRET = "a_client_secret_as_long_as_real_ones"
CALLBACK = "https://app.test/auth"


@pytest.fixture
def registered(api: Any, receiver: Any) -> Any:
    addresses = {f"{kind}_callback": f"{receiver.url}/{kind}" for kind in ("load", "uninstall", "remove_user")}
    return api.control("app", {"client_secret": SECRET, "auth_callback": CALLBACK, **addresses})


def query_of(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query))


def exchange(api: Any, sent: dict[str, str], registered: Any, **changes: str) -> Any:
    body = {
        "client_id": registered["client_id"],
        "client_secret": SECRET,
        "code": sent["code"],
        "context": sent["context"],
        "scope": sent["scope"],
        "grant_type": "authorization_code",
        "redirect_uri": CALLBACK,
    }
    return api.client.post("/oauth2/token", json={**body, **changes})


def claims_of(url: str) -> Any:
    head, payload, signature = query_of(url)["signed_payload_jwt"].split(".")
    digest = hmac.new(SECRET.encode(), f"{head}.{payload}".encode(), hashlib.sha256).digest()
    assert base64.urlsafe_b64encode(digest).decode().rstrip("=") == signature
    assert json.loads(base64.urlsafe_b64decode(f"{head}==")) == {"alg": "HS256", "typ": "JWT"}
    return json.loads(base64.urlsafe_b64decode(f"{payload}=="))


def test_the_merchant_installs_and_the_code_becomes_a_token_once(api: Any, registered: Any) -> None:
    page = api.client.get(f"/manage/marketplace/apps/{registered['client_id']}")
    assert "store_v2_products" in page.text
    url = api.client.post(f"/manage/marketplace/apps/{registered['client_id']}").headers["Location"]
    sent = query_of(url)
    assert url.startswith(f"{CALLBACK}?")
    assert (set(sent), sent["context"]) == ({"code", "scope", "context", "account_uuid"}, "stores/sandbox1")
    answer = exchange(api, sent, registered)
    assert answer.status_code == 200
    assert set(answer.json) == {"access_token", "scope", "user", "owner", "context", "account_uuid"}
    assert api.call("GET", "/v2/store", answer.json["access_token"]).status_code == 200
    assert exchange(api, sent, registered).status_code == 400


@pytest.mark.parametrize(
    "name", ["client_id", "client_secret", "code", "context", "scope", "grant_type", "redirect_uri"]
)
def test_every_part_of_the_exchange_has_to_match(api: Any, registered: Any, name: str) -> None:
    sent = query_of(api.control("install")["url"])
    refused = exchange(api, sent, registered, **{name: "other"})
    assert (refused.status_code, refused.json["error"].startswith("invalid_")) == (400, True)
    assert exchange(api, sent, registered).status_code == 200


def test_a_second_installation_replaces_the_token_and_keeps_the_hooks(api: Any, registered: Any) -> None:
    tokens = []
    for _ in range(2):
        tokens.append(exchange(api, query_of(api.control("install")["url"]), registered).json["access_token"])
        body = {"scope": "store/order/*", "destination": f"https://app.test/{len(tokens)}"}
        assert api.call("POST", "/v3/hooks", tokens[-1], json=body).status_code == 200
    assert [api.call("GET", "/v2/store", token).status_code for token in tokens] == [401, 200]
    assert len(api.call("GET", "/v3/hooks", tokens[1]).json["data"]) == 2


def test_other_scopes_void_the_token(api: Any, registered: Any) -> None:
    token = exchange(api, query_of(api.control("install")["url"]), registered).json["access_token"]
    api.control("app", {"scopes": ["store_v2_products"]})
    assert api.call("GET", "/v2/store", token).status_code == 401
    assert query_of(api.control("install")["url"])["scope"] == "store_v2_products"


def test_opening_the_app_signs_who_does(api: Any, registered: Any) -> None:
    claims = claims_of(api.control("load")["url"])
    assert (claims["aud"], claims["iss"], claims["sub"]) == (registered["client_id"], "bc", "stores/sandbox1")
    assert (claims["exp"] - claims["iat"], claims["iat"] - claims["nbf"]) == (86_400, 5)
    assert claims["user"]["id"] == claims["owner"]["id"]


def test_uninstalling_voids_the_token_deletes_the_hooks_and_tells_the_app(
    api: Any, registered: Any, receiver: Any, shop: Shop
) -> None:
    token = exchange(api, query_of(api.control("install")["url"]), registered).json["access_token"]
    body = {"scope": "store/app/uninstalled", "destination": f"{receiver.tls_url}/gone"}
    api.call("POST", "/v3/hooks", token, json=body)
    kept = api.post("/v3/hooks", {**body, "scope": "store/order/*"})
    assert api.control("uninstall") == {"answered": 200}
    assert api.call("GET", "/v2/store", token).status_code == 401
    assert list(shop.webhooks) == [kept["id"]]
    (_, _, event), (path, _, _) = receiver.got
    assert json.loads(event)["scope"] == "store/app/uninstalled"
    assert path.startswith("/uninstall?")
    assert claims_of(f"https://app.test{path}")["sub"] == "stores/sandbox1"


def test_removing_a_user_tells_the_app_whom(api: Any, registered: Any, receiver: Any) -> None:
    assert api.control("remove_user") == {"answered": 200}
    claims = claims_of(f"https://app.test{receiver.got[0][0]}")
    assert claims["user"]["id"] != claims["owner"]["id"]


def test_without_callbacks_nothing_can_be_installed(api: Any) -> None:
    for action in ("install", "load"):
        answer = api.client.post(f"/_sandbox/{action}", json={})
        assert (answer.status_code, "callback" in answer.json["error"]) == (400, True)
    assert api.control("uninstall") == {"answered": 0}
    assert api.client.post("/manage/marketplace/apps/none").status_code == 400
    assert api.client.post("/_sandbox/app", json={"colour": "red"}).status_code == 400
