"""The key hand-off, driven like a browser (facts/woocommerce.md, "Key hand-off")."""

import json
import re
import socket
from dataclasses import replace
from typing import Any

import pytest

from sandbox.common.clock import ManualClock
from sandbox.woocommerce.app import build_app
from sandbox.woocommerce.settings import Settings
from sandbox.woocommerce.shop import Shop

TLS = "https://shop.test"
PAGE = "/wc-auth/v1/authorize"


@pytest.fixture
def query(receiver: Any) -> dict[str, str]:
    return {
        "app_name": "Tillbridge",
        "scope": "read_write",
        "user_id": "nonce-1",
        "return_url": "https://app.test/back?from=shop",
        "callback_url": f"{receiver.tls_url}/keys",
    }


def link(page: str, which: str) -> str:
    found = re.search(rf'class="[^"]*wc-auth-{which}" href="([^"]+)"', page)
    assert found, page
    return found.group(1).replace("&amp;", "&")


def test_approving_sends_the_key_to_the_server_and_the_browser_back(
    shop: Shop, api: Any, receiver: Any, query: dict[str, str]
) -> None:
    page = api.client.get(PAGE, base_url=TLS, query_string=query)
    assert "Tillbridge" in page.text
    answer = api.client.get(link(page.text, "approve"), base_url=TLS)
    assert (answer.status_code, answer.headers["Location"]) == (
        302,
        "https://app.test/back?from=shop&success=1&user_id=nonce-1",
    )
    [(path, headers, body)] = receiver.got
    key = json.loads(body)
    assert (path, headers["Content-Type"]) == ("keys", "application/json;charset=UTF-8")
    assert set(key) == {"key_id", "user_id", "consumer_key", "consumer_secret", "key_permissions"}
    assert (key["user_id"], key["key_permissions"]) == ("nonce-1", "read_write")
    auth = (key["consumer_key"], key["consumer_secret"])
    assert api.call("POST", "/products", auth=auth, json={}).status_code == 201


def test_denying_sends_only_the_browser_back(shop: Shop, api: Any, receiver: Any, query: dict[str, str]) -> None:
    page = api.client.get(PAGE, base_url=TLS, query_string=query).text
    assert link(page, "deny") == "https://app.test/back?from=shop&success=0&user_id=nonce-1"
    assert (receiver.got, list(shop.keys)) == ([], ["ck_test"])


@pytest.mark.parametrize("status", [201, 302, 404, 500])
def test_a_key_that_was_not_taken_with_200_is_deleted(
    shop: Shop, api: Any, receiver: Any, query: dict[str, str], status: int
) -> None:
    receiver.status = status
    answer = api.client.get("/wc-auth/v1/access_granted", base_url=TLS, query_string=query)
    assert (answer.status_code, "callback_url" in answer.text) == (401, True)
    assert (len(receiver.got), list(shop.keys)) == (1, ["ck_test"])


def test_a_callback_that_takes_too_long_gets_no_key(
    settings: Settings, clock: ManualClock, query: dict[str, str]
) -> None:
    shop = Shop(replace(settings, callback_seconds=0.05), clock)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        query["callback_url"] = f"https://127.0.0.1:{silent.getsockname()[1]}/keys"
        client = build_app(shop).test_client()
        answer = client.get("/wc-auth/v1/access_granted", base_url=TLS, query_string=query)
    assert (answer.status_code, list(shop.keys)) == (401, ["ck_test"])


def test_a_callback_whose_certificate_is_not_trusted_gets_no_key(
    shop: Shop, api: Any, receiver: Any, query: dict[str, str]
) -> None:
    query["callback_url"] = query["callback_url"].replace("127.0.0.1", "127.0.0.2")
    answer = api.client.get("/wc-auth/v1/access_granted", base_url=TLS, query_string=query)
    assert (answer.status_code, receiver.got, list(shop.keys)) == (401, [], ["ck_test"])


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"callback_url": "http://app.test/keys"}, "callback_url needs to be over SSL"),
        ({"callback_url": "app"}, "callback_url is not a valid URL"),
        ({"scope": "everything"}, "scope everything is invalid"),
        ({"app_name": ""}, "app_name is missing"),
        ({"user_id": ""}, "user_id is missing"),
    ],
)
def test_wrong_parameters_give_an_error_page(
    shop: Shop, api: Any, query: dict[str, str], change: dict[str, str], named: str
) -> None:
    answer = api.client.get(PAGE, base_url=TLS, query_string={**query, **change})
    assert (answer.status_code, named in answer.text) == (401, True)
    granted = api.client.get("/wc-auth/v1/access_granted", base_url=TLS, query_string={**query, **change})
    assert (granted.status_code, list(shop.keys)) == (401, ["ck_test"])


def test_a_shop_may_ask_to_log_in_first(shop: Shop, api: Any, query: dict[str, str]) -> None:
    shop.switches.login_first = True
    first = api.client.get(PAGE, base_url=TLS, query_string=query)
    assert first.status_code == 302
    assert api.client.get("/wc-auth/v1/access_granted", base_url=TLS, query_string=query).status_code == 401
    login = api.client.get(first.headers["Location"], base_url=TLS)
    assert 'type="password"' in login.text
    back = api.client.post(first.headers["Location"], base_url=TLS, data={"username": "owner", "password": "x"})
    page = api.client.get(back.headers["Location"], base_url=TLS)
    assert api.client.get(link(page.text, "approve"), base_url=TLS).status_code == 302
