"""What hosts do to requests before the API sees them (facts/woocommerce.md, "Reaching the API" and "Errors")."""

from dataclasses import replace
from typing import Any

import pytest

from sandbox.common.clock import ManualClock
from sandbox.woocommerce.app import build_app
from sandbox.woocommerce.settings import Settings
from sandbox.woocommerce.shop import Shop

TLS = "https://shop.test"


def test_the_index_is_public(api: Any) -> None:
    index = api.client.get("/wp-json/", base_url=TLS).json
    assert "wc/v3" in index["namespaces"]
    assert (index["timezone_string"], index["gmt_offset"], index["home"]) == ("America/New_York", -5, TLS)
    assert api.client.get("/wp-json/?_fields=name", base_url=TLS).json == {"name": "Stand-in shop"}


@pytest.mark.parametrize(("method", "path"), [("GET", "/nothing"), ("DELETE", "/products"), ("GET", "/products/x")])
def test_unknown_routes_and_methods_are_one_thing(api: Any, method: str, path: str) -> None:
    assert api.refused(method, path) == (404, "rest_no_route")


def test_outside_the_api_pages_are_html(api: Any) -> None:
    answer = api.client.get("/nothing", base_url=TLS)
    assert (answer.status_code, answer.mimetype) == (404, "text/html")


def test_plain_permalinks_hide_the_api_and_its_other_form_is_never_authenticated(shop: Shop, api: Any) -> None:
    shop.switches.plain_permalinks = True
    hidden = api.call("GET", "/products")
    assert (hidden.status_code, hidden.mimetype) == (404, "text/html")
    for path in ("/", "/index.php"):
        form = {"base_url": TLS, "auth": ("ck_test", "cs_test")}
        assert api.client.get(f"{path}?rest_route=/", **form).json["name"] == "Stand-in shop"
        refused = api.client.get(f"{path}?rest_route=/wc/v3/products", **form)
        assert (refused.status_code, refused.json["code"]) == (401, "woocommerce_rest_cannot_view")


def test_maintenance_answers_html_and_when_to_come_back(shop: Shop, api: Any) -> None:
    shop.switches.maintenance = True
    answer = api.call("GET", "/products")
    assert (answer.status_code, answer.mimetype, answer.headers["Retry-After"]) == (503, "text/html", "600")


def test_other_addresses_redirect_to_the_one_address(shop: Shop, api: Any) -> None:
    shop.switches.redirect_to = "https://www.shop.test"
    answer = api.call("GET", "/products", query_string={"page": "2"})
    assert answer.status_code == 301
    assert answer.headers["Location"] == "https://www.shop.test/wp-json/wc/v3/products?page=2"
    assert api.call("GET", "/products", base_url="https://www.shop.test").status_code == 200


def test_a_shop_in_a_sub_folder(settings: Settings, clock: ManualClock) -> None:
    shop = Shop(replace(settings, base_path="/shop"), clock)
    client = build_app(shop).test_client()
    auth = ("ck_test", "cs_test")
    assert client.get("/wp-json/", base_url=TLS).status_code == 404
    index: Any = client.get("/shop/wp-json/", base_url=TLS).json
    assert index["url"] == f"{TLS}/shop"
    created: Any = client.post("/shop/wp-json/wc/v3/products", base_url=TLS, auth=auth, json={"name": "Hat"}).json
    assert created["permalink"] == f"{TLS}/shop/product/hat/"
    assert client.get("/shop/?rest_route=/wc/v3/products", base_url=TLS, auth=auth).status_code == 401


def test_keys_cannot_upload_media(api: Any) -> None:
    answer = api.client.post("/wp-json/wp/v2/media", base_url=TLS, auth=("ck_test", "cs_test"), data=b"x")
    assert (answer.status_code, answer.json["code"]) == (401, "rest_cannot_create")


def test_what_the_shop_tells_of_itself(api: Any) -> None:
    status = api.get("/system_status", _fields="environment.version,settings")
    assert status["environment"] == {"version": "10.0.2"}
    assert status["settings"]["order_datastore"].endswith("OrdersTableDataStore")
    assert api.get("/settings/tax/woocommerce_prices_include_tax")["value"] == "no"
    assert {"woocommerce_currency", "woocommerce_default_country"} <= {
        row["id"] for row in api.get("/settings/general")
    }
    assert api.get("/data/currencies/current") == {"code": "USD", "name": "United States (US) dollar", "symbol": "$"}
    assert [row["slug"] for row in api.get("/taxes/classes")] == ["standard", "reduced-rate", "zero-rate"]
    assert {row["id"] for row in api.get("/settings")} == {"general", "tax", "products"}
    assert api.get("/data/currencies/eur")["symbol"] == "\u20ac"
    assert len(api.get("/data/currencies")) == 163
    assert (api.get("/taxes"), api.client.get("/wp-json/wc/v3/", base_url=TLS).json["namespace"]) == ([], "wc/v3")


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/settings/none", "rest_setting_setting_group_invalid"),
        ("/settings/tax/none", "rest_setting_setting_invalid"),
        ("/data/currencies/xyz", "woocommerce_rest_data_invalid_currency"),
        ("/taxes/1", "woocommerce_rest_invalid_id"),
    ],
)
def test_what_the_shop_does_not_have(api: Any, path: str, code: str) -> None:
    assert api.refused("GET", path) == (404, code)


def test_requests_and_faults_are_counted_and_own_pages_are_not(shop: Shop, api: Any) -> None:
    api.client.post("/_sandbox/faults", json={"kind": "html", "status": 502, "path": "/products$"})
    assert api.call("GET", "/products").status_code == 502
    assert api.get("/products") == []
    api.client.get("/")
    assert [(call.route, call.status) for call in shop.instruments.ledger.calls()] == [
        ("/wp-json/wc/v3/products", 502),
        ("/wp-json/wc/v3/products", 200),
    ]
