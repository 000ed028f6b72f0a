"""Clients that Shopify itself wrote drive the stand-in as they are."""

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import shopify
import shopify_app
from flask import Flask, request
from shopify_app.types import RequestInput

from sandbox.common.server import Server, serve
from sandbox.shopify.app import build_app
from sandbox.shopify.hooks.deliveries import run_cron
from sandbox.shopify.settings import Settings
from sandbox.shopify.shop import Shop
from tests.contract.shopify_api import APP, VERSION, Api
from tests.contract.shopify_documents import DOCUMENTS


@pytest.fixture
def live() -> Shop:
    """A shop in the present, as the clients look at the clock themselves."""
    return Shop(Settings(domain="contract.myshopify.com", apps=(APP,), callback_seconds=5))


@pytest.fixture
def server(live: Shop) -> Iterator[Server]:
    with serve(build_app(live)) as running:
        yield running


def to_stand_in(server: Server) -> httpx.Client:
    """Send what is meant for the shop to the stand-in instead, host name and all."""

    class Rewriting(httpx.HTTPTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            request.url = request.url.copy_with(scheme="http", host="127.0.0.1", port=server.port)
            return super().handle_request(request)

    return httpx.Client(transport=Rewriting())


def test_shopifys_older_python_client_works_unchanged(live: Shop, server: Server) -> None:
    token = live.issue(APP).value
    session = shopify.Session("contract.myshopify.com", VERSION, token)
    shopify.ShopifyResource.activate_session(session)
    try:
        shopify.ShopifyResource.set_site(f"{server.url}/admin/api/{VERSION}")
        told = json.loads(shopify.GraphQL().execute("{ shop { name myshopifyDomain } }"))
    finally:
        shopify.ShopifyResource.clear_session()
    assert told["data"]["shop"] == {"name": "Stand-in shop", "myshopifyDomain": "contract.myshopify.com"}
    assert told["extensions"]["cost"]["throttleStatus"]["restoreRate"] == 100.0


def test_the_way_back_from_the_consent_page_is_signed_as_the_older_client_checks(live: Shop, server: Server) -> None:
    shopify.Session.setup(api_key=APP.client_id, secret=APP.secret)
    address = shopify.Session("contract.myshopify.com", VERSION).create_permission_url(
        ["read_products", "write_products"], "https://app.invalid/callback", "nonce~1"
    )
    with to_stand_in(server) as browser:
        page = browser.get(address)
        fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page.text))
        answer = browser.post(
            "https://contract.myshopify.com/admin/oauth/authorize", data={**fields, "decision": "install"}
        )
    back = dict(httpx.URL(answer.headers["Location"]).params)
    assert shopify.Session.validate_params(back)
    assert not shopify.Session.validate_params({**back, "shop": "other.myshopify.com"})
    assert back["state"] == "nonce~1"


def test_shopifys_newer_python_client_works_unchanged(live: Shop, server: Server) -> None:
    app = shopify_app.ShopifyApp(client_id=APP.client_id, client_secret=APP.secret)
    with to_stand_in(server) as client:
        granted = app.exchange_using_client_credentials("contract", http_client=client)
        assert granted.ok, granted.log
        assert granted.access_token is not None
        told = app.admin_graphql_request(
            "{ shop { name } }", "contract", granted.access_token.token, VERSION, http_client=client
        )
        assert told.ok, told.log
        assert told.data == {"shop": {"name": "Stand-in shop"}}
        refused = app.admin_graphql_request("{ shop { name } }", "contract", "shpat_wrong", VERSION, http_client=client)
        assert (refused.ok, refused.response.status) == (False, 401)


def pair_of(server: Server, live: Shop) -> dict[str, Any]:
    """Trade a lasting token for an expiring pair."""
    body = {
        "client_id": APP.client_id,
        "client_secret": APP.secret,
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "subject_token": live.issue(APP).value,
        "subject_token_type": "urn:shopify:params:oauth:token-type:offline-access-token",
        "requested_token_type": "urn:shopify:params:oauth:token-type:offline-access-token",
        "expiring": "1",
    }
    answer = httpx.post(f"{server.url}/admin/oauth/access_token", json=body, trust_env=False)
    told: dict[str, Any] = answer.json()
    return told


def test_the_newer_client_refreshes_a_pair_and_learns_of_a_dead_one(live: Shop, server: Server) -> None:
    app = shopify_app.ShopifyApp(client_id=APP.client_id, client_secret=APP.secret)
    pair = pair_of(server, live)
    held = {
        "access_mode": "offline",
        "shop": "contract",
        "token": pair["access_token"],
        "scope": pair["scope"],
        "expires": "2020-01-01T00:00:00+00:00",
        "refresh_token": pair["refresh_token"],
        "refresh_token_expires": "2099-01-01T00:00:00+00:00",
    }
    with to_stand_in(server) as client:
        renewed = app.refresh_token_exchanged_access_token(held, http_client=client)
        assert renewed.ok, renewed.log
        assert renewed.access_token is not None
        assert renewed.access_token.refresh_token != pair["refresh_token"]
        live.tokens.revoke_refresh(APP.client_id)
        dead = app.refresh_token_exchanged_access_token(held, http_client=client)
        assert (dead.ok, dead.log.code) == (False, "invalid_grant")


def test_the_newer_client_takes_our_web_hooks_for_shopifys(live: Shop) -> None:
    got: list[tuple[dict[str, str], str]] = []
    receiver = Flask("receiver")

    @receiver.post("/hook")
    def take() -> str:
        got.append((dict(request.headers), request.get_data(as_text=True)))
        return ""

    api = Api(live)
    with serve(receiver) as there:
        api.send(*hook_on("SHOP_UPDATE", f"{there.url}/none"))
        api.send(*hook_on("PRODUCTS_CREATE", f"{there.url}/hook"))
        api.send(DOCUMENTS["put later"][0], DOCUMENTS["put later"][1])
        assert run_cron(live) == 1
        live.rotate_secret(APP.client_id)
        api.send(DOCUMENTS["put later"][0], DOCUMENTS["put later"][1])
        assert run_cron(live) == 1
    config = shopify_app.ShopifyApp(APP.client_id, live.apps[APP.client_id].secret, old_client_secret=APP.secret)
    for headers, body in got:
        sent = RequestInput(method="POST", headers=headers, url="https://app.invalid/hook", body=body)
        checked = config.verify_webhook_req(sent)
        assert (checked.ok, checked.shop) == (True, "contract"), checked.log
        spoilt = RequestInput(method="POST", headers=headers, url="https://app.invalid/hook", body=f"{body} ")
        assert config.verify_webhook_req(spoilt).response.status == 401
    assert {headers["X-Shopify-Topic"] for headers, _ in got} == {"products/create"}


def hook_on(topic: str, uri: str) -> tuple[str, dict[str, Any]]:
    return DOCUMENTS["hook"][0], {"topic": topic, "subscription": {"uri": uri}}
