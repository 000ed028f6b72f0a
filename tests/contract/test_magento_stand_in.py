"""Holds the Magento stand-in against the real shop: its own description, the probe and a public client."""

import base64
import os
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import magento
import pytest
import requests
from oauthlib.oauth1 import Client
from requests_oauthlib import OAuth1

from sandbox.common.server import Server, serve
from sandbox.magento.app import build_app
from sandbox.magento.routes import ENDPOINTS
from sandbox.magento.settings import Secrets, Settings
from sandbox.magento.shop import Shop
from sandbox.magento.web.api import Endpoint
from sandbox.magento.web.schema import TYPES, fields_of
from tests.contract.magento_swagger import Description, short

KEYS = Secrets("k" * 32, "s" * 32, "t" * 32, "u" * 32)


@pytest.fixture
def served() -> Iterator[Server]:
    with serve(build_app(Shop(Settings(integrations=(KEYS,))))) as server:
        yield server


ACTIVATE = """
import json, sys, urllib.request as r
base, callback = sys.argv[1:]
def post(path, body):
    request = r.Request(base + path, json.dumps(body).encode(), {"Content-Type": "application/json"}, method="POST")
    return json.load(r.urlopen(request))
made = post("/_sandbox/integrations", {"name": "probe", "callback_url": callback})
post(f"/_sandbox/integrations/{made['id']}/activate", {})
"""


def test_the_probe_that_a_real_shop_passes_passes_unchanged(contracts: Path, served: Server, tmp_path: Path) -> None:
    script = tmp_path / "activate.py"
    script.write_text(ACTIVATE)
    environment = {
        **{name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")},
        "MAGENTO_URL": served.url,
        "MAGENTO_CONSUMER_KEY": KEYS.consumer_key,
        "MAGENTO_CONSUMER_SECRET": KEYS.consumer_secret,
        "MAGENTO_ACCESS_TOKEN": KEYS.access_token,
        "MAGENTO_ACCESS_SECRET": KEYS.access_secret,
        "MAGENTO_ACTIVATE": f"{sys.executable} -S {script} {served.url}",
    }
    probe = contracts.parent / "probes" / "magento_probe.py"
    run = subprocess.run(
        [sys.executable, probe], env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    failures = [line for line in run.stdout.splitlines() if line.startswith(("FAIL", "skip"))]
    assert (failures, run.stderr) == ([], "")
    assert run.stdout.splitlines()[-1] == "63 passed, 0 failed, 0 skipped"


# --- the shop's description ------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def description(contracts: Path) -> Description:
    return Description(contracts)


def label(endpoint: Endpoint) -> str:
    return f"{endpoint.method} {endpoint.rule}"


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=label)
def test_every_route_and_argument_is_the_shops(description: Description, endpoint: Endpoint) -> None:
    assert description.operation(endpoint.method, endpoint.rule) is not None
    ours = {name: kind.replace("any", "*") for name, kind in endpoint.args.items()}
    theirs = description.arguments(endpoint.method, endpoint.rule)
    if endpoint.args:  # what is not listed is not read
        assert set(ours) == set(theirs)
    assert {name: kind for name, kind in ours.items() if "*" not in kind} == {
        name: theirs[name] for name, kind in ours.items() if "*" not in kind
    }


@pytest.mark.parametrize("name", sorted(TYPES))
def test_every_type_has_the_shops_fields(description: Description, name: str) -> None:
    theirs = {field: short(inner) for field, inner in description.types[name].get("properties", {}).items()}
    ours = dict(fields_of(name))
    assert set(ours) == set(theirs)
    plain = {"int", "float", "str", "bool"}
    for field, kind in ours.items():
        if kind == "{}":
            assert not description.types[theirs[field]].get("properties")
        elif "any" not in kind:
            assert kind == theirs[field]
        elif (name, field) == ("framework-attribute-interface", "value"):
            assert theirs[field] == "str"  # real ones are lists as well (facts/magento.md, section 3)
        else:
            assert theirs[field].strip("[]") not in plain


# --- answers ---------------------------------------------------------------------------------------------------------


class Caller:
    """Calls a shop of its own, signed, and holds requests and answers against the description."""

    def __init__(self, description: Description) -> None:
        self.description = description
        settings = Settings(integrations=(KEYS,), tax_percent=Decimal("8.25"))
        self.client = build_app(Shop(settings)).test_client()

    def __call__(self, method: str, path: str, body: object = None) -> Any:
        url = f"http://shop.test/rest/all/V1{path}"
        rule = self.description.rule_of(method, urlsplit(url).path.removeprefix("/rest/all"))
        self.description.check_body(method, rule, body)
        names = [name for name, _ in parse_qsl(urlsplit(url).query, keep_blank_values=True)]
        self.description.check_query(method, rule, names)
        answer = self.client.open(url, method=method, json=body, headers=signed_headers(method, url))
        assert answer.status_code == 200, answer.text
        self.description.check_answer(method, rule, answer.json)
        return answer.json


def signed_headers(method: Any, url: str) -> dict[str, str]:
    signer = Client(
        KEYS.consumer_key, KEYS.consumer_secret, KEYS.access_token, KEYS.access_secret, signature_method="HMAC-SHA256"
    )
    headers: dict[str, str] = signer.sign(url, http_method=method)[1]
    return headers


@pytest.fixture
def call(description: Description) -> Caller:
    return Caller(description)


ALL = "?searchCriteria%5BpageSize%5D=5"
PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n picture").decode()


def product(sku: str, **fields: Any) -> Any:
    more = {"stock_item": {"qty": 5, "is_in_stock": True}, "category_links": [{"category_id": "2", "position": 1}]}
    body = {"sku": sku, "name": sku, "price": 20, "attribute_set_id": 4, "type_id": "simple", "status": 1,
            "visibility": 4, "weight": 1, "extension_attributes": more}  # fmt: skip
    return {"product": {**body, **fields}}


def test_every_type_that_is_named_is_there() -> None:
    named = {kind for endpoint in ENDPOINTS for kind in endpoint.args.values()}
    named |= {kind for name in TYPES for kind in fields_of(name).values()}
    assert {kind.strip("[]?") for kind in named} - set(TYPES) == {"str", "int", "float", "bool", "any", "{}"}


def test_answers_about_the_catalogue_are_as_described(call: Caller) -> None:
    call("POST", "/products/attributes", {"attribute": {
        "attribute_code": "size", "frontend_input": "select", "scope": "global", "default_frontend_label": "Size",
        "is_required": False}})  # fmt: skip
    call("GET", "/products/attributes/size")
    call("GET", f"/products/attributes{ALL}")
    option = call("POST", "/products/attributes/size/options", {"option": {"label": "S"}})
    call("PUT", f"/products/attributes/size/options/{option}", {"option": {"label": "Small"}})
    call("GET", "/products/attributes/size/options")
    group = call("GET", f"/products/attribute-sets/groups/list{ALL}")["items"][0]
    call("POST", "/products/attribute-sets/attributes", {
        "attributeSetId": 4, "attributeGroupId": int(group["attribute_group_id"]), "attributeCode": "size",
        "sortOrder": 1})  # fmt: skip
    call("GET", f"/products/attribute-sets/sets/list{ALL}")
    call("GET", "/products/attribute-sets/4/attributes")
    child = call("POST", "/products", product("A-S", visibility=1, custom_attributes=[
        {"attribute_code": "size", "value": option}]))  # fmt: skip
    call("POST", "/products", product("A", type_id="configurable"))
    size = str(call("GET", "/products/attributes/size")["attribute_id"])
    axis = {"attribute_id": size, "label": "Size", "position": 0, "values": [{"value_index": int(option)}]}
    call("POST", "/configurable-products/A/options", {"option": axis})
    call("POST", "/configurable-products/A/child", {"childSku": "A-S"})
    for path in ("/products/A", "/configurable-products/A/children", "/configurable-products/A/options/all"):
        call("GET", path)
    entry = {"media_type": "image", "label": "L", "position": 1, "disabled": False, "types": ["image"],
             "content": {"base64_encoded_data": PNG, "type": "image/png", "name": "a.png"}}  # fmt: skip
    picture = call("POST", "/products/A/media", {"entry": entry})
    call("PUT", f"/products/A/media/{picture}", {"entry": {"media_type": "image", "label": "M", "position": 2,
                                                          "disabled": False, "types": []}})  # fmt: skip
    assert len(call("GET", "/products/A/media")) == 1
    call("PUT", "/products/A", {"product": {"name": "New"}})
    assert call("GET", f"/products{ALL}")["total_count"] == 2
    assert call("GET", "/products/A-S")["id"] == child["id"]


def test_answers_about_prices_and_categories_are_as_described(call: Caller) -> None:
    call("POST", "/products", product("P"))
    base, special = {"price": 9.5, "store_id": 0, "sku": "P"}, {"price": 8, "store_id": 0, "sku": "P"}
    dates = {"price_from": "2026-01-01 00:00:00", "price_to": "2099-01-01 00:00:00"}
    tier = {
        "price": 7,
        "price_type": "fixed",
        "website_id": 0,
        "sku": "P",
        "customer_group": "ALL GROUPS",
        "quantity": 2,
    }
    assert call("POST", "/products/base-prices", {"prices": [base, {**base, "sku": "NONE"}]}) != []
    assert call("POST", "/products/special-price", {"prices": [{**special, **dates}]}) == []
    assert call("POST", "/products/tier-prices", {"prices": [tier]}) == []
    for name in ("base-prices", "special-price", "tier-prices"):
        assert len(call("POST", f"/products/{name}-information", {"skus": ["P"]})) == 1
    made = call("POST", "/categories", {"category": {"name": "Hats", "is_active": True, "parent_id": 2}})
    link = {"sku": "P", "position": 3, "category_id": str(made["id"])}
    call("POST", f"/categories/{made['id']}/products", {"productLink": link})
    call("PUT", f"/categories/{made['id']}", {"category": {"name": "Caps"}})
    for path in ("/categories", f"/categories/{made['id']}", f"/categories/{made['id']}/products", "/products/P"):
        call("GET", path)
    assert call("GET", f"/categories/list{ALL}")["total_count"] == 3


def test_answers_about_stock_and_the_shop_are_as_described(call: Caller) -> None:
    call("POST", "/products", product("P"))
    source = {"source_code": "two", "name": "Two", "enabled": True, "country_id": "US", "postcode": "1"}
    call("POST", "/inventory/sources", {"source": source})
    call("POST", "/inventory/stock-source-links", {"links": [{"stock_id": 1, "source_code": "two", "priority": 2}]})
    row = {"sku": "P", "source_code": "two", "quantity": 3, "status": 1}
    assert call("POST", "/inventory/source-items", {"sourceItems": [row]}) == []
    for name in ("sources", "stocks", "stock-source-links", "source-items"):
        assert call("GET", f"/inventory/{name}{ALL}")["items"]
    call("GET", "/inventory/sources/two")
    call("GET", "/inventory/stock-resolver/website/base")
    call("GET", "/inventory/get-sources-assigned-to-stock-ordered-by-priority/1")
    assert call("GET", "/inventory/get-product-salable-quantity/P/1") == 8
    call("GET", "/inventory/are-products-salable?skus%5B0%5D=P&stockId=1")
    call("GET", "/inventory/dump-stock-index-data/website/base")
    item = call("GET", "/stockItems/P")
    call("PUT", f"/products/P/stockItems/{item['item_id']}", {"stockItem": {"qty": 42, "is_in_stock": True}})
    call("POST", "/inventory/source-items-delete", {"sourceItems": [row]})
    for name in ("websites", "storeGroups", "storeViews", "storeConfigs"):
        call("GET", f"/store/{name}")
    call("GET", "/modules")


def test_answers_about_sales_are_as_described(call: Caller) -> None:
    call("POST", "/products", product("P"))
    items = [{"sku": "P", "quantity": 3}]
    order = call.client.post("/_sandbox/order", json={"items": items, "discount_percent": 10}).json
    assert order is not None
    number, row = order["entity_id"], order["items"][0]["item_id"]
    call("POST", f"/order/{number}/invoice", {"capture": True})
    comment = {"comment": "c", "is_customer_notified": 0, "is_visible_on_front": 0, "parent_id": number}
    call("POST", f"/orders/{number}/comments", {"statusHistory": comment})
    tracks = [{"carrier_code": "ups", "title": "UPS", "track_number": "1Z"}]
    call("POST", f"/order/{number}/ship", {"items": [{"order_item_id": row, "qty": 1}], "tracks": tracks})
    call("POST", f"/order/{number}/refund", {
        "items": [{"order_item_id": row, "qty": 1}], "arguments": {
            "shipping_amount": 0, "adjustment_positive": 0, "adjustment_negative": 0,
            "extension_attributes": {"return_to_stock_items": [row]}}})  # fmt: skip
    call("GET", f"/orders/{number}")
    for name in ("orders", "orders/items", "shipments", "creditmemos", "invoices"):
        assert call("GET", f"/{name}{ALL}")["total_count"] == 1
    customer = {"email": "a@b.test", "firstname": "A", "lastname": "B"}
    made = call("POST", "/customers", {"customer": customer})
    call("PUT", f"/customers/{made['id']}", {"customer": {**customer, "lastname": "C"}})
    assert call("GET", f"/customers/{made['id']}")["extension_attributes"] == {"is_subscribed": False}
    assert call("GET", f"/customers/search{ALL}")["items"][0]["lastname"] == "C"
    again = call.client.post("/_sandbox/order", json={"items": [{"sku": "P", "quantity": 1}]}).json
    assert again is not None
    assert call("POST", f"/orders/{again['entity_id']}/cancel") is True


def test_answers_about_bulks_are_as_described(call: Caller) -> None:
    url = "http://shop.test/rest/all/async/bulk/V1/products"
    bulk = call.client.post(url, json=[product("A")], headers=signed_headers("POST", url)).json
    assert bulk is not None
    for path in ("status", "detailed-status", "operation-status/4"):
        call("GET", f"/bulk/{bulk['bulk_uuid']}/{path}")
    assert call("GET", "/bulk")["total_count"] == 1


# --- a public client -------------------------------------------------------------------------------------------------


@pytest.fixture
def client(served: Server, monkeypatch: pytest.MonkeyPatch) -> magento.Magento:
    """Make the public client; signing takes the place of its Bearer (facts/magento.md, section 9)."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    made = magento.Magento(token="unused", base_url=served.url, scope="all", batch_page_size=2)
    made.headers.pop("Authorization")
    made.auth = OAuth1(
        KEYS.consumer_key, KEYS.consumer_secret, KEYS.access_token, KEYS.access_secret, signature_method="HMAC-SHA256"
    )
    return made


def test_the_public_client_works_with_signatures(served: Server, client: magento.Magento) -> None:
    for number in range(3):
        client.save_product(product(f"HAT{number}")["product"])
    assert [row["sku"] for row in client.get_products()] == ["HAT0", "HAT1", "HAT2"]
    client.update_product("HAT0", {"name": "Cap"})
    found = client.get_product("HAT0")
    assert found is not None
    assert found["name"] == "Cap"
    assert client.get_product("NONE") is None
    client.save_source_items([{"sku": "HAT0", "source_code": "default", "quantity": 9, "status": 1}])
    assert [row["quantity"] for row in client.get_source_items(sku="HAT0")] == [9]
    troubles = client.save_base_prices([{"price": 3, "store_id": 0, "sku": sku} for sku in ("HAT0", "NONE")])
    assert [row["parameters"] for row in troubles] == [["SKU", "NONE"]]
    assert [row["source_code"] for row in client.get_sources()] == ["default"]
    body = {"items": [{"sku": "HAT0", "quantity": 1}]}
    order = requests.post(f"{served.url}/_sandbox/order", json=body, timeout=5).json()
    assert [row["entity_id"] for row in client.get_last_orders()] == [order["entity_id"]]
    assert client.hold_order(order["entity_id"]) is True
    client.delete_product("HAT0")
    assert client.get_product("HAT0") is None


def test_the_public_client_is_refused_without_a_signature_until_tokens_count_as_bearers(
    served: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    bearer = magento.Magento(token=KEYS.access_token, base_url=served.url, scope="all")
    with pytest.raises(magento.MagentoException, match="The consumer isn't authorized to access"):
        list(bearer.get_products())
    switch = f"{served.url}/_sandbox/switches"
    assert requests.post(switch, json={"bearer": True}, timeout=5).ok
    assert list(bearer.get_products()) == []
