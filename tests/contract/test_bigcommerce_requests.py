"""Every request our adapter sends fits the vendor's own specs: route, parameters, headers, bodies.

The adapter is driven through everything it can do against the stand-in, and each of its requests is held against the
spec of its route.
"""

import json
import re
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from sandbox.common.certificates import make_certificates
from tests.contract.bigcommerce_specs import Exchange, Specs
from tests.contract.conftest import Judged
from tests.functional.bigcommerce.storefront import HASH, Storefront, storefront
from tests.unit.systems.woocommerce.samples import mug, shirt
from tillbridge.domain.errors import RetryLaterError
from tillbridge.domain.product import Product, ProductOption, StockWrite, Visibility
from tillbridge.domain.settings import MerchantSettings, Owner
from tillbridge.systems.bigcommerce.desk.desk import BigCommerceOrderDesk
from tillbridge.systems.bigcommerce.hooks import ensure_hooks, remove_hooks
from tillbridge.systems.bigcommerce.shop import BigCommerceShop
from tillbridge.systems.bigcommerce.traits import Traits
from tillbridge.systems.http import Answer, Request
from tillbridge.systems.order_desk import Parcel

NAMED_IN_TEXT = {"PUT v3/catalog/variants": {"sku", "product_id", "option_values"}}
"""Fields that the text of a route asks for and its schema leaves out."""
BEYOND_THE_SPECS = (
    "how many entries a request may have (10 products, 50 variants, 2,000 figures) and the quota",
    "lists of ids in questions, the directions of a sort and ids of new variants: described wrongly, and mended first",
    "fields that only the text of a route names: sku, product_id and option_values of PUT /catalog/variants",
    "tax classes and currencies: no usable spec",
    "what a value means: names and SKUs that are free, the kind of id that a product's stock is tracked by",
)
TILL_OWNS_ALL = MerchantSettings(
    owners=dict.fromkeys(
        ("name", "description", "category", "brand", "images", "visibility", "image", "weight", "tax_class"), Owner.TILL
    )
)


@dataclass
class Recorder:
    """Keeps every request on its way."""

    requests: list[Request] = field(default_factory=list)

    def listen(self, shop: BigCommerceShop) -> BigCommerceShop:
        sender: Any = shop.client._http
        exchange = sender.exchange

        def exchanging(request: Request) -> Answer:
            self.requests.append(request)
            answer: Answer = exchange(request)
            return answer

        sender.exchange = exchanging
        return shop


@pytest.fixture(scope="module")
def specs(contracts: Path) -> Specs:
    return Specs(contracts / "bigcommerce")


@pytest.fixture(scope="module")
def requests(tmp_path_factory: pytest.TempPathFactory) -> list[Request]:
    """Everything the adapter sends in a long day."""
    recorder = Recorder()
    with storefront(make_certificates(tmp_path_factory.mktemp("tls"))) as front:
        _live_through_a_day(front, recorder)
    return recorder.requests


def _assortment(front: Storefront, *, later: bool = False) -> list[Product]:
    pictures = ("back", "main") if later else ("main", "old")
    simple = mug(
        name="Cup" if later else "Mug",
        description="Text",
        short_description="Short",
        category_path=("Kitchen", "Cups" if later else "Mugs"),
        brand="South" if later else "North",
        tax_class="2",
        images=tuple(front.gallery.picture(name) for name in pictures),
        visibility=Visibility.DRAFT if later else Visibility.PUBLISHED,
        of_variant={
            "gtin": "4006381333931",
            "sale_price": Decimal("9.95"),
            "msrp": Decimal("19.99"),
            "weight": Decimal("2.25" if later else "1.5"),
        },
    )
    wide = shirt(sizes=("XS", "M", "L") if later else ("S", "M"))
    first = replace(wide.variants[0], image=None if later else front.gallery.picture("variant"))
    off = replace(wide.variants[1], visibility=Visibility.DRAFT if later else Visibility.PUBLISHED)
    wide = replace(wide, variants=(first, off, *wide.variants[2:]), taxable=not later)
    if later:
        wide = replace(wide, options=(ProductOption("Colour", wide.options[0].values), wide.options[1]))
    own = mug("50", name="Other name", of_variant={"sku": "OWN"})
    return [simple, wide, own, mug("51", of_variant={"sku": "A,B"})]


def _live_through_a_day(front: Storefront, recorder: Recorder) -> None:
    shop = recorder.listen(front.adapter())
    shop.check()
    ensure_hooks(shop.client, "https://till.example.com/hooks/bigcommerce/c1", "secret")
    front.add(mug(name="Own", of_variant={"sku": "OWN"}))
    front.push(*_assortment(front), mug("52", name="Own"), shop=shop, settings=TILL_OWNS_ALL)
    front.push(*_assortment(front, later=True), shop=shop, settings=TILL_OWNS_ALL)
    front.fault("cut_after", path="/v3/catalog/products$", method="POST")
    with suppress(RetryLaterError):
        front.push(mug("60"), mug("61"), shop=shop)
    front.push(mug("60"), mug("61"), shop=shop)
    refs = [known for link in front.links.values() for known in link.variants]
    list(shop.write_stock([StockWrite(known.item_id, known.ref, 3) for known in refs]))
    list(shop.unpublish([front.links["I42"].product_id]))
    front.order((front.known("710").ref, 1))
    shop.orders_since(datetime(2026, 1, 1, tzinfo=UTC))
    shop.observe([known.ref for known in refs])
    shop.find_by_sku(["A", "B,C"])
    list(shop.listings())
    _sell(front, shop)
    front.switch_hooks_off()
    ensure_hooks(shop.client, "https://till.example.com/hooks/bigcommerce/c1", "secret")
    remove_hooks(shop.client, "https://till.example.com/hooks/bigcommerce/c1")


def _sell(front: Storefront, shop: BigCommerceShop) -> None:
    """Deal with an order: read it, note its sale and ship it."""
    order_id = front.order((front.known("710").ref, 2))
    front.control(
        "refund",
        {"order_id": int(order_id), "items": [{"sku": front.variant(front.known("710").ref).sku, "quantity": 1}]},
    )
    desk = BigCommerceOrderDesk(shop.client, front.clock, Traits())
    desk.check_selling()
    desk.note_sale(order_id, "220000000001")
    desk.ship(order_id, Parcel(key="sale-1", units={}, tracking="1Z", carrier="UPS"))
    assert desk.order(order_id)


@pytest.fixture(scope="module")
def exchanges(requests: list[Request]) -> list[Exchange]:
    return list(map(_exchange, requests))


def _exchange(request: Request) -> Exchange:
    below = urlsplit(request.url).path.partition(f"/stores/{HASH}")[2]
    query = f"?{urlencode(request.params)}" if request.params else ""
    body = json.loads(request.data) if isinstance(request.data, bytes) else None
    return Exchange(request.method, below + query, body, headers=request.headers)


def test_the_day_touched_every_route(specs: Specs, exchanges: list[Exchange]) -> None:
    assert set(map(specs.route, exchanges)) == {
        "DELETE v3/catalog/products/category-assignments",
        "DELETE v3/catalog/products/{product_id}/images/{image_id}",
        "DELETE v3/hooks/{webhook_id}",
        "GET v2/orders",
        "GET v2/orders/{order_id}",
        "GET v2/orders/{order_id}/shipments",
        "GET v2/store",
        "GET v3/catalog/products",
        "GET v3/catalog/products/metafields",
        "GET v3/catalog/products/{product_id}/options",
        "GET v3/catalog/trees",
        "GET v3/catalog/trees/categories",
        "GET v3/catalog/variants",
        "GET v3/hooks",
        "GET v3/inventory/items",
        "GET v3/inventory/locations",
        "GET v3/orders/{order_id}/payment_actions/refunds",
        "GET v3/orders/{order_id}/transactions",
        "GET v3/settings/inventory",
        "POST v2/orders/{order_id}/shipments",
        "POST v3/catalog/products",
        "POST v3/catalog/products/metafields",
        "POST v3/catalog/products/{product_id}/images",
        "POST v3/catalog/products/{product_id}/options/{option_id}/values",
        "POST v3/catalog/products/{product_id}/variants/{variant_id}/image",
        "POST v3/catalog/trees/categories",
        "POST v3/hooks",
        "PUT v2/orders/{order_id}",
        "PUT v3/catalog/products",
        "PUT v3/catalog/products/category-assignments",
        "PUT v3/catalog/products/{product_id}/images/{image_id}",
        "PUT v3/catalog/products/{product_id}/options/{option_id}",
        "PUT v3/catalog/products/{product_id}/options/{option_id}/values/{value_id}",
        "PUT v3/catalog/products/{product_id}/variants/{variant_id}",
        "PUT v3/catalog/variants",
        "PUT v3/hooks/{webhook_id}",
        "PUT v3/inventory/adjustments/absolute",
    }


def test_every_request_is_valid(specs: Specs, exchanges: list[Exchange], judged: Judged, beyond: Judged) -> None:
    for exchange in exchanges:
        specs.check_request(exchange)
        judged("BigCommerce", specs.route(exchange))
    for what in BEYOND_THE_SPECS:
        beyond("BigCommerce", what)


def test_no_parameter_and_no_field_is_made_up(specs: Specs, exchanges: list[Exchange]) -> None:
    for exchange in exchanges:
        made_up = specs.made_up(exchange) - NAMED_IN_TEXT.get(specs.route(exchange), set())
        assert not made_up, f"{exchange.method} {exchange.target}: {made_up}"


def test_amounts_are_numbers_without_drift(requests: list[Request]) -> None:
    sent = [request.data for request in requests if "catalog/products" in request.url]
    bodies = [body for body in sent if isinstance(body, bytes)]

    assert any(b'"sale_price": 9.95' in body and b'"retail_price": 19.99' in body for body in bodies)
    assert not any(re.search(rb'"(price|weight)": "', body) for body in bodies)


def test_the_token_travels_in_its_header_alone(requests: list[Request]) -> None:
    assert {request.headers["X-Auth-Token"] for request in requests} == {"token_of_ours"}
    assert not [request for request in requests if "token_of_ours" in f"{request.url}{request.params}"]


def test_the_check_notices_what_is_made_up(specs: Specs) -> None:
    body = {"name": "Mug", "type": "physical", "weight": 1, "price": 1, "nonsense": 1, "images": [{"colour": "red"}]}
    exchange = Exchange("POST", "/v3/catalog/products?include_fields=id&which=all", body)
    assert specs.made_up(exchange) == {"which", "nonsense", "images.colour"}
