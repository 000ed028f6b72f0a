"""Every request our adapter sends fits what a real shop says of itself: route, method, arguments, types.

The adapter is driven through everything it can do against the stand-in, and each of its requests is held against the
description of Magento Open Source 2.4.7-p3. What the facts know better than the description is named here.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import jsonschema
import pytest

from sandbox.common.certificates import make_certificates
from tests.contract.conftest import Judged
from tests.functional.magento.storefront import Storefront, storefront
from tests.unit.systems.woocommerce.samples import mug, shirt
from tillbridge.domain.product import Product, StockWrite, Visibility
from tillbridge.domain.settings import MerchantSettings, Owner
from tillbridge.systems.http import Answer, Request
from tillbridge.systems.magento.desk.desk import MagentoOrderDesk
from tillbridge.systems.magento.shop import MagentoShop
from tillbridge.systems.magento.traits import Traits
from tillbridge.systems.order_desk import Parcel

API = "/rest/all"
IN_BULK = "/async/bulk"
OPTIONAL = {"catalog-inventory-data-stock-item-interface"}
"""Types whose fields need not all be sent, whatever the description says (facts/magento.md, section 3)."""
BEYOND_THE_DESCRIPTION = (
    "search criteria beyond their first row, and what fields and conditions exist: a pattern of our own",
    "signatures, nonces and how a SKU stands in a path",
    "values of custom_attributes, which are of any type",
    "how many rows an array or page may have, which is a setting of the shop",
    "which fields of a stock item are needed: more by the description than by the shop",
)
CRITERIA = re.compile(
    r"searchCriteria\[(filterGroups\]\[\d\]\[filters\]\[\d\]\[(field|value|conditionType)"
    r"|sortOrders\]\[\d\]\[(field|direction)|pageSize|currentPage)\]"
)
PERSON = {"email": "a@b.test", "firstname": "A", "lastname": "B"}
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

    def listen(self, shop: MagentoShop) -> MagentoShop:
        sender: Any = shop._http
        exchange = sender.exchange

        def exchanging(request: Request) -> Answer:
            self.requests.append(request)
            answer: Answer = exchange(request)
            return answer

        sender.exchange = exchanging
        return shop


@pytest.fixture(scope="module")
def contract(contracts: Path) -> Any:
    return json.loads((contracts / "magento" / "open-source-2.4.7-p3.swagger.json").read_text())


@pytest.fixture(scope="module")
def requests(tmp_path_factory: pytest.TempPathFactory) -> list[Request]:
    """Everything the adapter sends in a long day."""
    recorder = Recorder()
    with storefront(make_certificates(tmp_path_factory.mktemp("tls"))) as front:
        _live_through_a_day(front, recorder)
    return [request for request in recorder.requests if API in request.url]


def _assortment(front: Storefront, *, later: bool = False) -> list[Product]:
    simple = mug(
        name="Cup" if later else "Mug",
        description="Text",
        short_description="Short",
        category_path=("Kitchen", "Cups" if later else "Mugs"),
        brand="South" if later else "North",
        images=(front.gallery.picture("back"), front.gallery.picture("main"))
        if later
        else (front.gallery.picture("main"), front.gallery.picture("old")),
        visibility=Visibility.DRAFT if later else Visibility.PUBLISHED,
        of_variant={
            "gtin": "4006381333931",
            "sale_price": Decimal(9),
            "weight": Decimal(2 if later else 1),
            "msrp": Decimal(12),
        },
    )
    wide = shirt(sizes=("S", "M", "L") if later else ("S", "M"))
    first = replace(wide.variants[0], image=front.gallery.picture("variant"))
    off = replace(wide.variants[1], visibility=Visibility.DRAFT if later else Visibility.PUBLISHED)
    wide = replace(wide, variants=(first, off, *wide.variants[2:]), taxable=not later)
    price = {"regular_price": Decimal(20 if later else 10)}
    return [simple, wide, mug("50", of_variant={"sku": "OWN"}), mug("51", of_variant={"sku": "A,B/C", **price})]


def _live_through_a_day(front: Storefront, recorder: Recorder) -> None:
    shop = recorder.listen(front.adapter())
    shop.check()
    front.add(mug(name="Own", of_variant={"sku": "OWN"}))
    front.push(*_assortment(front), mug("52"), shop=shop, settings=TILL_OWNS_ALL)
    front.push(*_assortment(front, later=True), shop=shop, settings=TILL_OWNS_ALL)
    front.push(*_assortment(front, later=True)[2:3], shop=shop, settings=TILL_OWNS_ALL)
    front.fault("cut_after", method="POST")
    front.push(mug("60", of_variant={"sale_price": Decimal(5)}), mug("61"), shop=shop)
    sold = {"sale_price": Decimal(6), "regular_price": Decimal(13)}
    front.push(mug("60", of_variant=sold), mug("61", of_variant=sold), shop=shop)
    refs = [known for link in front.links.values() for known in link.variants]
    front.order((front.known("61").ref, 1))
    list(shop.write_stock([StockWrite(known.item_id, known.ref, 3) for known in refs]))
    list(shop.unpublish([front.links["I60"].product_id]))
    shop.orders_since(datetime(2026, 1, 1, tzinfo=UTC))
    shop.orders_since(None)
    shop.observe([known.ref for known in refs])
    shop.find_by_sku(["A", "B,C"])
    shop.find_made({"I60": front.clock.now()})
    list(shop.listings())
    _sell(front, shop)
    front.state.switches.consumer = True
    front.push(
        *[mug(str(number)) for number in range(900, 930)], shop=recorder.listen(front.adapter(traits=Traits(bulk=True)))
    )
    front.state.switches.multi_source = False
    alone = recorder.listen(front.adapter(traits=Traits(multi_source=False)))
    list(alone.write_stock([StockWrite("61", front.known("61").ref, 4)]))


def _sell(front: Storefront, shop: MagentoShop) -> None:
    """Deal with an order: read it, note its sale and ship it."""
    order_id = front.order((front.known("61").ref, 2))
    front.control("/refund", {"order_id": int(order_id), "items": {"MUG-61": 1}})
    desk = MagentoOrderDesk(shop.client, front.clock)
    desk.check_selling()
    desk.note_sale(order_id, "220000000001")
    desk.ship(order_id, Parcel(key="sale-1", units={}, tracking="1Z", carrier="UPS", source="default"))
    registered = front.rest("POST", "/customers", {"customer": PERSON})["id"]
    placed = front.control("/order", {"items": [{"sku": "MUG-61", "quantity": 1}], "customer_id": registered})
    bought = desk.order(str(placed["entity_id"]))
    assert bought
    assert desk.with_consent(bought.buyer).may_mail is False
    assert desk.order(order_id)


def route(contract: Any, request: Request) -> tuple[str, Mapping[str, Any]]:
    """Find the operation of a request; words go before names. That of a bulk is the one that each of its rows asks for.

    The description has no bulk routes of its own: that a list is taken, and how it is answered, rests on the facts.
    """
    path = urlsplit(request.url).path.partition(API)[2]
    parts = path.removeprefix(IN_BULK).strip("/").split("/")
    method = request.method.lower()
    fitting = [rule for rule, operations in contract["paths"].items() if method in operations and _fits(rule, parts)]
    assert fitting, f"the shop has no {request.method} {'/'.join(parts)}"
    rule = min(fitting, key=lambda one: one.count("{"))
    return rule, contract["paths"][rule][method]


def _fits(rule: str, parts: list[str]) -> bool:
    names = rule.strip("/").split("/")
    return len(names) == len(parts) and all(
        name.startswith("{") or name == unquote(part) for name, part in zip(names, parts, strict=True)
    )


def test_the_day_touched_every_route(contract: Any, requests: list[Request]) -> None:
    touched = {f"{request.method} {route(contract, request)[0]}" for request in requests}

    assert touched == {
        "DELETE /V1/products/{sku}/media/{entryId}",
        "GET /V1/bulk/{bulkUuid}/detailed-status",
        "GET /V1/categories",
        "GET /V1/creditmemos",
        "GET /V1/customers/{customerId}",
        "GET /V1/inventory/source-items",
        "GET /V1/inventory/sources",
        "GET /V1/orders",
        "GET /V1/orders/{id}",
        "GET /V1/products",
        "GET /V1/products/attribute-sets/groups/list",
        "GET /V1/products/attribute-sets/sets/list",
        "GET /V1/products/attribute-sets/{attributeSetId}/attributes",
        "GET /V1/products/attributes",
        "GET /V1/shipments",
        "GET /V1/stockItems/{productSku}",
        "GET /V1/store/storeConfigs",
        "GET /V1/store/websites",
        "GET /V1/taxClasses/search",
        "POST /V1/categories",
        "POST /V1/configurable-products/{sku}/child",
        "POST /V1/inventory/source-items",
        "POST /V1/order/{orderId}/ship",
        "POST /V1/orders/{id}/comments",
        "POST /V1/products",
        "POST /V1/products/attribute-sets/attributes",
        "POST /V1/products/attributes",
        "POST /V1/products/attributes/{attributeCode}/options",
        "POST /V1/products/base-prices",
        "POST /V1/products/base-prices-information",
        "POST /V1/products/special-price",
        "POST /V1/products/{sku}/media",
        "PUT /V1/products/{productSku}/stockItems/{itemId}",
        "PUT /V1/products/{sku}/media/{entryId}",
    }


def test_every_question_is_one_that_a_signature_can_carry(requests: list[Request]) -> None:
    for request in requests:
        query = urlsplit(request.url).query
        assert "+" not in query, request.place
        assert len(request.url) < 8000, request.place
        names = [name for name, _ in parse_qsl(query, keep_blank_values=True)]
        assert len(names) == len(set(names)), request.place
        for name in names:
            assert name == "fields" or CRITERIA.fullmatch(name), f"{request.place} {name}"


def test_every_list_is_asked_for_in_an_order_and_in_pages(requests: list[Request]) -> None:
    lists = [request for request in requests if "searchCriteria" in request.url]
    assert lists
    for request in lists:
        assert "sortOrders" in request.url
        assert "pageSize" in request.url


def test_every_body_fits_the_shops_description(
    contract: Any, requests: list[Request], judged: Judged, beyond: Judged
) -> None:
    checked = 0
    for request in requests:
        rule, operation = route(contract, request)
        schema = next((one["schema"] for one in operation.get("parameters", ()) if one["in"] == "body"), None)
        if request.json is None:
            assert schema is None or request.method == "DELETE", request.place
            judged("Magento", f"{request.method} {rule}")
            continue
        assert schema is not None, request.place
        rows: Any = request.json if IN_BULK in request.url else [request.json]
        for body in rows:
            jsonschema.validate(body, strict(contract, schema))
            checked += 1
        judged("Magento", f"{request.method} {rule}")
    assert checked > 40
    for what in BEYOND_THE_DESCRIPTION:
        beyond("Magento", what)


def strict(contract: Any, schema: Mapping[str, Any], *, optional: bool = False) -> dict[str, Any]:
    """Make a strict schema: fields that the shop does not know are mistakes."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return strict(contract, contract["definitions"][name], optional=name in OPTIONAL)
    kept: dict[str, Any] = {name: schema[name] for name in ("type", "enum") if name in schema}
    if "items" in schema:
        kept["items"] = strict(contract, schema["items"])
    if schema.get("properties"):
        kept["properties"] = {name: strict(contract, inner) for name, inner in schema["properties"].items()}
        kept["additionalProperties"] = False
        kept["required"] = [] if optional else schema.get("required", [])
    return kept


def test_the_check_notices_mistakes(contract: Any) -> None:
    schema = strict(contract, contract["paths"]["/V1/products"]["post"]["parameters"][0]["schema"])
    good = {"product": {"sku": "A", "price": 1.5}}
    jsonschema.validate(good, schema)
    for wrong in ({"price": "1.5"}, {"nonsense": 1}, {"custom_attributes": [{"value": "x"}]}, {"status": "on"}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({"product": {**good["product"], **wrong}}, schema)
