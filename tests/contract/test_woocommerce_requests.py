"""Every request our adapter sends fits the route index of the real shop: route, method, arguments, types, choices.

The adapter is driven through everything it can do against the stand-in, and each of its requests is held against the
index. What the index says of lists is checked as WordPress reads them: comma lists, and texts for numbers.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jsonschema
import pytest

from sandbox.common.certificates import make_certificates
from tests.contract.conftest import Judged
from tests.functional.woocommerce.storefront import Storefront, storefront
from tests.unit.systems.woocommerce.samples import mug, shirt
from tillbridge.domain.product import Product, ProductOption, StockWrite, Visibility
from tillbridge.domain.settings import MerchantSettings, Owner
from tillbridge.systems.http import Answer, Request
from tillbridge.systems.order_desk import Parcel
from tillbridge.systems.woocommerce.desk.desk import WooCommerceOrderDesk
from tillbridge.systems.woocommerce.hooks import ensure_hooks
from tillbridge.systems.woocommerce.shop import WooCommerceShop

NAMESPACE = "/wp-json/wc/v3"
OUTSIDE_THE_INDEX = {"/system_status"}
"""Routes of the real shop that the recorded index leaves out."""
OF_THE_PATH = {"id", "order_id"}
"""Arguments that are part of a route."""
OF_WORDPRESS = {"_fields"}
"""Arguments that every route takes."""
BEYOND_THE_INDEX = (
    "routes outside it: /system_status, and /wp-json itself",
    "the entries of a batch, which the shop does not check: held against the arguments of the single routes",
    "that a batch has at most 100 entries, and that no field is sent that only the shop writes: tests of our own",
    "what a value means: known ids, free SKUs, prices that are numbers, pictures that can be fetched",
)
TILL_OWNS_ALL = MerchantSettings(
    owners=dict.fromkeys(
        ("name", "description", "short_description", "category", "brand", "images", "visibility", "image", "weight"),
        Owner.TILL,
    )
)


@dataclass
class Recorder:
    """Keeps every request on its way."""

    requests: list[Request] = field(default_factory=list)

    def listen(self, shop: WooCommerceShop) -> WooCommerceShop:
        sender: Any = shop._http
        send, exchange = sender.send, sender.exchange

        def sending(request: Request) -> Answer:
            self.requests.append(request)
            answer: Answer = send(request)
            return answer

        def exchanging(request: Request) -> Answer:
            self.requests.append(request)
            answer: Answer = exchange(request)
            return answer

        sender.send, sender.exchange = sending, exchanging
        return shop


@pytest.fixture(scope="module")
def contract(contracts: Path) -> Any:
    return json.loads((contracts / "woocommerce" / "wc-v3-10.0.2.json").read_text())


@pytest.fixture(scope="module")
def requests(tmp_path_factory: pytest.TempPathFactory) -> list[Request]:
    """Everything the adapter sends in a long day."""
    recorder = Recorder()
    with storefront(make_certificates(tmp_path_factory.mktemp("tls"))) as front:
        _live_through_a_day(front, recorder)
    return recorder.requests


def _assortment(front: Storefront, *, later: bool = False) -> list[Product]:
    simple = mug(
        name="Cup" if later else "Mug",
        description="Text",
        short_description="Short",
        category_path=("Kitchen", "Cups" if later else "Mugs"),
        brand="South" if later else "North",
        tax_class="reduced-rate",
        images=(front.gallery.picture("back"), front.gallery.picture("main"))
        if later
        else (front.gallery.picture("main"),),
        visibility=Visibility.DRAFT if later else Visibility.PUBLISHED,
        of_variant={"gtin": "4006381333931", "sale_price": Decimal(9), "weight": Decimal(2 if later else 1)},
    )
    wide = shirt(sizes=("S", "M", "L") if later else ("S", "M"))
    first = replace(wide.variants[0], image=front.gallery.picture("variant"))
    off = replace(wide.variants[1], visibility=Visibility.DRAFT if later else Visibility.PUBLISHED)
    wide = replace(wide, variants=(first, off, *wide.variants[2:]), taxable=not later)
    if later:
        wide = replace(wide, options=(ProductOption("Colour", wide.options[0].values), wide.options[1]))
    return [simple, wide, mug("50", of_variant={"sku": "OWN"}), mug("51", of_variant={"sku": "A,B"})]


def _live_through_a_day(front: Storefront, recorder: Recorder) -> None:
    shop = recorder.listen(front.adapter())
    shop.check()
    ensure_hooks(shop.client, "https://till.example.com/hooks", "secret")
    front.change("/products", {"name": "Own", "sku": "OWN"}, "POST")
    thrown = front.change("/products", {"name": "Thrown", "sku": "MUG-52"}, "POST")
    front.change(f"/products/{thrown['id']}", None, "DELETE")
    front.push(*_assortment(front), mug("52"), shop=shop, settings=TILL_OWNS_ALL)
    front.push(*_assortment(front, later=True), shop=shop, settings=TILL_OWNS_ALL)
    front.fault("cut_after", path="products/batch")
    front.push(mug("60"), mug("61"), shop=shop)
    refs = [known for link in front.links.values() for known in link.variants]
    list(shop.write_stock([StockWrite(known.item_id, known.ref, 3) for known in refs]))
    list(shop.unpublish([front.links["I42"].product_id]))
    shop.orders_since(datetime(2026, 1, 1, tzinfo=UTC))
    shop.observe([known.ref for known in refs])
    shop.find_by_sku(["A", "B,C"])
    list(shop.listings())
    for row in front.rows("/webhooks"):
        front.change(f"/webhooks/{row['id']}", {"status": "disabled"})
    ensure_hooks(shop.client, "https://till.example.com/hooks", "secret")
    _sell(front, shop)


def _sell(front: Storefront, shop: WooCommerceShop) -> None:
    """Deal with an order: read it, note its sale, ship it and give money back."""
    line = {"product_id": int(front.links["I60"].product_id), "quantity": 1}
    body = {"set_paid": True, "payment_method": "sandbox_card", "line_items": [line]}
    order_id = str(front.change("/orders", body, "POST")["id"])
    desk = WooCommerceOrderDesk(shop.client, front.clock)
    desk.check_selling()
    desk.note_sale(order_id, "220000000001")
    desk.ship(order_id, Parcel(key="sale-1", units={}, tracking="1Z"))
    desk.return_money(order_id, Decimal("1.00"), "return-1")
    assert desk.order(order_id)


def of_the_api(requests: list[Request]) -> list[Request]:
    """The requests below the API's namespace that the index describes."""
    found = [request for request in requests if NAMESPACE in request.url]
    return [request for request in found if _path(request) not in OUTSIDE_THE_INDEX]


def _path(request: Request) -> str:
    return urlsplit(request.url).path.partition(NAMESPACE)[2]


def endpoint(contract: Any, method: str, path: str) -> Mapping[str, Any]:
    """The arguments of a route and method."""
    for pattern, route in contract["routes"].items():
        if re.fullmatch(pattern.removeprefix("/wc/v3"), path):
            for entry in route["endpoints"]:
                if method in entry["methods"]:
                    return dict(entry["args"]) if entry["args"] else {}
    raise AssertionError(f"the shop has no {method} {path}")


def test_the_day_touched_every_route(requests: list[Request]) -> None:
    touched = {kind_of(request) for request in of_the_api(requests)}

    assert touched == {
        "GET /orders",
        "GET /orders/N",
        "GET /orders/N/notes",
        "GET /orders/N/refunds",
        "GET /orders/statuses",
        "GET /products",
        "GET /products/N/variations",
        "GET /products/attributes",
        "GET /products/brands",
        "GET /settings/products/woocommerce_manage_stock",
        "GET /settings/tax/woocommerce_prices_include_tax",
        "GET /taxes/classes",
        "GET /webhooks",
        "POST /orders/N/notes",
        "POST /orders/N/refunds",
        "POST /orders/batch",
        "POST /products/N/variations/batch",
        "POST /products/attributes/N/terms/batch",
        "POST /products/attributes/batch",
        "POST /products/batch",
        "POST /products/brands/batch",
        "POST /products/categories/batch",
        "POST /webhooks/batch",
        "PUT /orders/N",
    }


def kind_of(request: Request) -> str:
    """Say what kind of request it is."""
    return f"{request.method} {re.sub(r'[0-9]+', 'N', _path(request))}"


def test_every_question_fits_the_shops_arguments(
    contract: Any, requests: list[Request], judged: Judged, beyond: Judged
) -> None:
    for request in of_the_api(requests):
        args = endpoint(contract, request.method, _path(request))
        for name, text in request.params.items():
            if name not in OF_WORDPRESS:
                assert name in args, f"{request.place} takes no {name}"
                check_text(args[name], text, f"{request.place} {name}")
        if request.json is None:
            judged("WooCommerce", kind_of(request))
    for what in BEYOND_THE_INDEX:
        beyond("WooCommerce", what)


def check_text(arg: Mapping[str, Any], text: str, place: str) -> None:
    """Check a query's text as WordPress reads it."""
    match arg.get("type"):
        case "integer":
            assert text.isdecimal(), place
            assert arg.get("minimum", 0) <= int(text) <= arg.get("maximum", 10**9), place
        case "boolean":
            assert text in {"true", "false"}, place
        case "array":
            for part in text.split(","):
                check_text(arg["items"], part, place)
        case _ if arg.get("format") == "date-time":
            assert datetime.fromisoformat(text).tzinfo is not None, place
        case _ if "enum" in arg:
            assert text in arg["enum"], place


def test_lists_in_questions_are_comma_lists(requests: list[Request]) -> None:
    assert not [name for request in requests for name in request.params if "[" in name]


def test_every_body_fits_the_shops_schema(contract: Any, requests: list[Request], judged: Judged) -> None:
    checked = 0
    for request in of_the_api(requests):
        if request.json is None:
            continue
        args = endpoint(contract, request.method, _path(request))
        single = _path(request).removesuffix("/batch")
        body: Any = request.json
        if single == _path(request):
            assert single.startswith("/orders/"), "every other write is a batch"
            jsonschema.validate(body, body_schema({name: arg for name, arg in args.items() if name not in OF_THE_PATH}))
            checked += 1
            continue
        assert set(body) <= {"create", "update", "delete"}
        assert sum(len(entries) for entries in body.values()) <= 100
        assert all(isinstance(entry, int) for entry in body.get("delete", []))
        for entry in body.get("create", []):
            jsonschema.validate(entry, body_schema(endpoint(contract, "POST", single)))
            checked += 1
        for entry in body.get("update", []):
            args = {**endpoint(contract, "PUT", f"{single}/{entry['id']}"), "id": {"type": "integer"}}
            jsonschema.validate(entry, body_schema(args))
            checked += 1
        judged("WooCommerce", kind_of(request))
    assert checked > 30


def body_schema(args: Mapping[str, Any]) -> dict[str, Any]:
    """Make a strict schema of an entry: unknown fields and fields that are read-only are mistakes.

    The index has a batch's entries as those of the single routes; the shop itself does not check them at all.
    """
    return {
        "type": "object",
        "properties": {name: strict(arg) for name, arg in args.items() if not arg.get("readonly")},
        "additionalProperties": False,
        "required": [name for name, arg in args.items() if arg.get("required")],
    }


def strict(arg: Mapping[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {name: arg[name] for name in ("type", "enum", "format") if name in arg}
    if "items" in arg:
        kept["items"] = strict(arg["items"])
    if arg.get("properties"):
        kept["properties"] = {
            name: strict(inner) for name, inner in arg["properties"].items() if not inner.get("readonly")
        }
        kept["additionalProperties"] = False
    return kept


def test_the_check_notices_mistakes(contract: Any) -> None:
    args = endpoint(contract, "POST", "/products")
    for wrong in ({"regular_price": 1.5}, {"stock_quantity": 1.5}, {"nonsense": 1}, {"categories": [{"name": "x"}]}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, body_schema(args))
