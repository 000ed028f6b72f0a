"""Holds the WooCommerce stand-in against the real shop: its route index, its schemas, the probe and a public client."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import woocommerce
from flask import Flask

from sandbox.common.server import Server, TlsFiles, serve
from sandbox.woocommerce.app import build_app
from sandbox.woocommerce.routes import ENDPOINTS
from sandbox.woocommerce.settings import ApiKey, Settings
from sandbox.woocommerce.shop import Shop
from sandbox.woocommerce.web.api import Endpoint
from sandbox.woocommerce.web.schema import ABSENT, Arg

KEY = ApiKey("ck_contract", "cs_contract")
PNG = b"\x89PNG\r\n\x1a\n picture"
OUTSIDE_THE_INDEX = {"/system_status"}
"""Routes of the real shop that the recorded index leaves out."""
ARGS_IN_THE_ADDRESS = {"/settings/<group_id>", "/settings/<group_id>/<id>"}
"""Routes whose only arguments are parts of the address, under other names in the index."""
PATTERNS = {"currency": r"[\w-]{3}", "group_id": r"[\w-]+", "id": r"[\w-]+"}
CHECKED = ("type", "enum", "default", "minimum", "maximum", "format")


@pytest.fixture(scope="session")
def contract(contracts: Path) -> Any:
    return json.loads((contracts / "woocommerce" / "wc-v3-10.0.2.json").read_text())


def contract_route(rule: str) -> str:
    """Write a route in the index' own spelling."""
    numbered = re.sub(r"<int:(\w+)>", r"(?P<\1>[\\d]+)", rule)
    named = re.sub(r"(?<!\?P)<(\w+)>", lambda match: f"(?P<{match[1]}>{PATTERNS[match[1]]})", numbered)
    return f"/wc/v3{named}"


def endpoint_of(contract: Any, endpoint: Endpoint) -> Any:
    route = contract["routes"].get(contract_route(endpoint.rule))
    assert route is not None, f"the index has no route {contract_route(endpoint.rule)}"
    found = [entry for entry in route["endpoints"] if set(entry["methods"]) == set(endpoint.methods)]
    assert found, f"{endpoint.rule} does not take {endpoint.methods}"
    return found[0]


def theirs(arg: Mapping[str, Any]) -> Any:
    """Reduce an argument of the index to what decides about requests."""
    kept = {name: arg[name] for name in CHECKED if name in arg}
    if "enum" in kept:
        kept["enum"] = set(kept["enum"])
    kept["required"] = bool(arg.get("required"))
    if "items" in arg:
        kept["items"] = theirs(arg["items"])
    if arg.get("properties"):
        kept["properties"] = {name: theirs(inner) for name, inner in arg["properties"].items()}
    return kept


def ours(arg: Arg) -> Any:
    kept: dict[str, Any] = {"type": arg.type if isinstance(arg.type, str) else list(arg.type), "required": arg.required}
    given = {"minimum": arg.minimum, "maximum": arg.maximum, "format": arg.format}
    kept |= {name: value for name, value in given.items() if value is not None}
    if arg.default is not ABSENT:
        kept["default"] = arg.default
    if arg.enum:
        kept["enum"] = set(arg.enum)
    if arg.items is not None:
        kept["items"] = ours(arg.items)
    if arg.properties:
        kept["properties"] = {name: ours(inner) for name, inner in arg.properties.items()}
    return kept


INDEXED = [endpoint for endpoint in ENDPOINTS if endpoint.rule not in OUTSIDE_THE_INDEX]


def label(endpoint: Endpoint) -> str:
    return f"{endpoint.methods[0]} {endpoint.rule}"


@pytest.mark.parametrize("endpoint", INDEXED, ids=label)
def test_every_route_method_and_argument_is_the_shops(contract: Any, endpoint: Endpoint) -> None:
    args = endpoint_of(contract, endpoint)["args"] or {}
    assert set(endpoint.args) <= set(args)
    assert {name: ours(arg) for name, arg in endpoint.args.items()} == {
        name: theirs(args[name]) for name in endpoint.args
    }


@pytest.mark.parametrize(
    "endpoint", [entry for entry in INDEXED if not entry.batch and entry.rule not in ARGS_IN_THE_ADDRESS], ids=label
)
def test_no_argument_is_left_out(contract: Any, endpoint: Endpoint) -> None:
    assert set(endpoint_of(contract, endpoint)["args"] or {}) == set(endpoint.args)


# --- answers ---------------------------------------------------------------------------------------------------------

DIFFERENT: dict[str, Any] = {
    "stock_quantity": {"type": ["integer", "null"]},
    "image": {"type": ["object", "null"]},
    "shipping_class_id": {"type": ["integer", "string"]},
    "manage_stock": {"enum": [True, False, "parent"]},
    "line_items.sku": {"type": ["string", "null"]},
    "line_items.parent_name": {"type": ["string", "null"]},
    "line_items.image.id": {"type": ["integer", "string"]},
}
"""Where answers of real shops differ from their own schema: empty values, ids as text, stock kept by the parent."""
WRITE_ONLY = {
    "set_paid",
    "manual_update",
    "api_refund",
    "api_restock",
    "added_by_user",
    "secret",
    "password",
    "post_password",
}
EDIT_ONLY = {"permalink_template", "generated_slug"}
BESIDES = {"_links"}
UNDOCUMENTED = {
    "products": set[str](),
    "products/1/variations": {"name", "parent_id", "date_created_gmt", "date_modified_gmt"},
    "orders": {"payment_url", "is_editable", "needs_payment", "needs_processing"},
    "orders/1/refunds": {"parent_id"},
    "orders/1/notes": set[str](),
    "products/categories": set[str](),
    "products/tags": set[str](),
    "products/brands": set[str](),
    "products/attributes": set[str](),
    "products/attributes/1/terms": set[str](),
    "customers": set[str](),
    "webhooks": set[str](),
    "taxes": set[str](),
    "settings/tax": set[str](),
    "data/currencies": set[str](),
}
OPTIONAL = {"settings/tax": {"options", "placeholder"}}


def as_json_schema(schema: Any, path: str = "") -> Any:
    """Turn the shop's schema into JSON Schema: it has types of its own, and real answers differ in known points."""
    if path in DIFFERENT:
        return DIFFERENT[path]
    kind = schema.get("type")
    kinds: Any = {"date-time": ["string", "null"], "bool": "boolean", "mixed": None}.get(str(kind), kind)
    result: dict[str, Any] = {} if kinds is None else {"type": kinds}
    if "enum" in schema:
        result["enum"] = schema["enum"]
    if "items" in schema:
        result["items"] = as_json_schema(schema["items"], path)
    if schema.get("properties"):
        result["properties"] = {
            name: as_json_schema(inner, f"{path}.{name}".lstrip(".")) for name, inner in schema["properties"].items()
        }
    return result


def check_answer(contract: Any, name: str, body: Mapping[str, Any]) -> None:
    schema = contract["schemas"][name]
    jsonschema.validate(body, as_json_schema(schema), cls=jsonschema.Draft202012Validator)
    documented = set(schema["properties"])
    assert set(body) - documented <= UNDOCUMENTED[name] | BESIDES, f"{name} shows fields the shop does not have"
    silent = WRITE_ONLY | EDIT_ONLY | OPTIONAL.get(name, set())
    assert documented - set(body) <= silent, f"{name} leaves out fields of the shop"


@pytest.fixture(scope="module")
def pictures() -> Iterator[str]:
    app = Flask("pictures")
    app.add_url_rule("/<name>", view_func=lambda name: PNG)
    with serve(app) as server:
        yield server.url


class Caller:
    """Calls a shop of its own and gives the answers' bodies."""

    def __init__(self) -> None:
        settings = Settings(keys=(KEY,), tax_percent=Decimal("8.875"), callback_seconds=5)
        self.client = build_app(Shop(settings)).test_client()

    def __call__(self, method: str, path: str, body: object = None) -> Any:
        answer = self.client.open(
            f"/wp-json/wc/v3{path}", method=method, json=body, base_url="https://x.test", auth=(KEY.key, KEY.secret)
        )
        assert answer.status_code in {200, 201}, answer.text
        return answer.json


@pytest.fixture
def call() -> Caller:
    return Caller()


def check_all(contract: Any, name: str, call: Caller, collection: str, made: Mapping[str, Any]) -> None:
    """Check what creating answered, and what reading, listing and changing nothing answer."""
    check_answer(contract, name, made)
    path = f"{collection}/{made['id']}"
    check_answer(contract, name, call("GET", path))
    check_answer(contract, name, next(row for row in call("GET", collection) if row["id"] == made["id"]))
    check_answer(contract, name, call("PUT", path, {}))


def test_answers_about_products_and_variations_are_as_the_schemas_say(
    contract: Any, call: Caller, pictures: str
) -> None:
    attribute = call("POST", "/products/attributes", {"name": "Colour"})
    check_all(contract, "products/attributes", call, "/products/attributes", attribute)
    terms = f"/products/attributes/{attribute['id']}/terms"
    check_all(contract, "products/attributes/1/terms", call, terms, call("POST", terms, {"name": "Red"}))
    for kind in ("categories", "tags", "brands"):
        image = {} if kind == "tags" else {"image": {"src": f"{pictures}/a.png"}}
        made = call("POST", f"/products/{kind}", {"name": "N", **image})
        check_all(contract, f"products/{kind}", call, f"/products/{kind}", made)
    simple = {"name": "S", "regular_price": "5", "sale_price": "4", "date_on_sale_to": "2099-01-01T00:00:00",
              "manage_stock": True, "stock_quantity": 2, "images": [{"src": f"{pictures}/a.png"}],
              "tags": [{"name": "t"}], "meta_data": [{"key": "k", "value": [1]}]}  # fmt: skip
    check_all(contract, "products", call, "/products", call("POST", "/products", simple))
    rows = [{"id": attribute["id"], "variation": True, "options": ["Red"]}]
    parent = call(
        "POST", "/products", {"type": "variable", "attributes": rows, "manage_stock": True, "stock_quantity": 1}
    )
    check_all(contract, "products", call, "/products", parent)
    below = f"/products/{parent['id']}/variations"
    chosen = [{"id": attribute["id"], "option": "Red"}]
    for body in (
        {"attributes": chosen, "image": {"src": f"{pictures}/b.png"}},
        {"manage_stock": True, "stock_quantity": 3},
    ):
        check_all(contract, "products/1/variations", call, below, call("POST", below, body))
    answer = call("POST", "/products/batch", {"create": [{"name": "B"}], "update": [{"id": parent["id"]}]})
    for body in (*answer["create"], *answer["update"]):
        check_answer(contract, "products", body)


def test_answers_about_sales_are_as_the_schemas_say(contract: Any, call: Caller) -> None:
    product = call("POST", "/products", {"name": "P", "regular_price": "9.99", "sku": "P"})
    customer = call("POST", "/customers", {"email": "a@b.test"})
    check_all(contract, "customers", call, "/customers", customer)
    body = {"line_items": [{"product_id": product["id"], "quantity": 3}], "coupon_lines": [{"code": "tenoff"}],
            "shipping_lines": [{"method_id": "flat_rate", "method_title": "Flat", "total": "5"}], "set_paid": True,
            "fee_lines": [{"name": "Fee", "total": "1"}], "customer_id": customer["id"]}  # fmt: skip
    order = call("POST", "/orders", body)
    check_all(contract, "orders", call, "/orders", order)
    below = f"/orders/{order['id']}"
    lines = [
        {
            "id": order["line_items"][0]["id"],
            "quantity": 1,
            "refund_total": "8.99",
            "refund_tax": [{"id": 1, "refund_total": "0.80"}],
        }
    ]
    refund = call("POST", f"{below}/refunds", {"api_refund": False, "line_items": lines})
    for shown in (refund, call("GET", f"{below}/refunds/{refund['id']}"), call("GET", f"{below}/refunds")[0]):
        check_answer(contract, "orders/1/refunds", shown)
    note = call("POST", f"{below}/notes", {"note": "n"})
    for shown in (note, call("GET", f"{below}/notes/{note['id']}"), call("GET", f"{below}/notes")[0]):
        check_answer(contract, "orders/1/notes", shown)
    check_answer(contract, "orders", call("GET", below))


def test_answers_about_hooks_and_the_shop_are_as_the_schemas_say(contract: Any, call: Caller) -> None:
    hook = call("POST", "/webhooks", {"topic": "order.updated", "delivery_url": "http://127.0.0.1:9/x"})
    check_all(contract, "webhooks", call, "/webhooks", hook)
    check_answer(contract, "data/currencies", call("GET", "/data/currencies/current"))
    check_answer(contract, "taxes", call("GET", "/taxes")[0])
    check_answer(contract, "settings/tax", call("GET", "/settings/tax")[0])


# --- the probe and a public client -----------------------------------------------------------------------------------


@pytest.fixture
def served(tls: TlsFiles) -> Iterator[tuple[Server, Server]]:
    """Serve one shop plain and with TLS."""
    app = build_app(Shop(Settings(keys=(KEY,), ca_file=str(tls.ca))))
    with serve(app) as plain, serve(app, tls=tls) as secure:
        yield plain, secure


def test_the_probe_that_real_shops_pass_passes_unchanged(
    contracts: Path, served: tuple[Server, Server], tls: TlsFiles
) -> None:
    plain, secure = served
    cron = f"import urllib.request as r; r.urlopen(r.Request('{plain.url}/_sandbox/cron', method='POST')).read()"
    environment = {
        **{name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")},
        "WOO_URL": plain.url,
        "WOO_TLS_URL": secure.url,
        "WOO_CA": str(tls.ca),
        "WOO_KEY": KEY.key,
        "WOO_SECRET": KEY.secret,
        "WOO_CRON": f'{sys.executable} -S -c "{cron}"',
    }
    probe = contracts.parent / "probes" / "woocommerce_probe.py"
    run = subprocess.run(
        [sys.executable, probe], env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    failures = [line for line in run.stdout.splitlines() if line.startswith("FAIL")]
    assert (failures, run.stderr) == ([], "")
    assert run.stdout.splitlines()[-1] == "44 passed, 0 failed"


@pytest.fixture(params=["https", "http"])
def client(
    request: pytest.FixtureRequest, served: tuple[Server, Server], tls: TlsFiles, monkeypatch: pytest.MonkeyPatch
) -> woocommerce.API:
    """Make the public client, which signs by itself over plain HTTP."""
    plain, secure = served
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tls.ca))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    url = secure.url if request.param == "https" else plain.url
    return woocommerce.API(url=url, consumer_key=KEY.key, consumer_secret=KEY.secret, version="wc/v3")


def test_the_public_client_creates_reads_updates_batches_and_deletes(client: woocommerce.API) -> None:
    created = client.post("products", {"name": "Hat", "sku": "HAT", "regular_price": "10"})
    assert created.status_code == 201
    path = f"products/{created.json()['id']}"
    assert client.get(path).json()["sku"] == "HAT"
    assert client.get("products", params={"sku": "HAT,NONE", "per_page": 5}).json()[0]["id"] == created.json()["id"]
    assert client.put(path, {"name": "Cap"}).json()["name"] == "Cap"
    batch = client.post(
        "products/batch", {"create": [{"name": "a"}, {"sku": "HAT"}], "update": [{"id": created.json()["id"]}]}
    )
    assert [("error" in row) for row in batch.json()["create"]] == [False, True]
    assert client.delete(path, params={"force": True}).status_code == 200
    assert client.get(path).json()["code"] == "woocommerce_rest_product_invalid_id"
