"""How the till's products become Shopify's inputs, and what a listing says in the till's terms."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tests.unit.systems.woocommerce.samples import creation, mug, picture, shirt, variant
from tillbridge.domain.product import Product, ProductOption
from tillbridge.systems.shopify.api.wire import ItemRow, MeasurementRow, VariantRow, WeightRow
from tillbridge.systems.shopify.catalogue import quoted
from tillbridge.systems.shopify.products.payload import new_product, prices
from tillbridge.systems.shopify.products.pictures import moves_to_front
from tillbridge.systems.shopify.products.seen import prices_seen, weight_seen
from tillbridge.systems.shopify.products.validate import problems
from tillbridge.systems.shopify.traits import Traits

PLACE = "gid://shopify/Location/1"


def body(product: Product) -> Any:
    return new_product(product, product.variants, PLACE, "KILOGRAMS")


def test_a_product_without_options_has_the_default_one() -> None:
    said = body(mug())

    assert said["productOptions"] == [{"name": "Title", "position": 1, "values": [{"name": "Default Title"}]}]
    assert said["variants"][0]["optionValues"] == [{"optionName": "Title", "name": "Default Title"}]
    assert said["metafields"] == [{"namespace": "$app", "key": "product_key", "type": "id", "value": "I42"}]


def test_what_is_counted_is_tracked_and_what_is_not_is_not() -> None:
    (counted,), (uncounted,) = body(mug())["variants"], body(mug(of_variant={"quantity": None}))["variants"]

    assert counted["inventoryItem"]["tracked"] is True
    assert counted["inventoryQuantities"] == [{"locationId": PLACE, "name": "available", "quantity": 5}]
    assert uncounted["inventoryItem"] == {"tracked": False}
    assert "inventoryQuantities" not in uncounted


def test_a_picture_of_several_variants_is_sent_once() -> None:
    shared = picture(1)
    whole = shirt()
    product = replace(whole, images=(shared,), variants=tuple(replace(one, image=shared) for one in whole.variants))

    said = body(product)

    assert [entry["originalSource"] for entry in said["files"]] == [shared.url]
    assert {entry["file"]["originalSource"] for entry in said["variants"]} == {shared.url}


PRICES = [
    ({}, "", {"price": "12.5", "compareAtPrice": None}),
    ({"sale_price": Decimal(9)}, "", {"price": "9", "compareAtPrice": "12.5"}),
    ({}, "8", {"compareAtPrice": "12.5"}),
    ({"regular_price": Decimal(7)}, "8", {"price": "7"}),
]


@pytest.mark.parametrize(("changes", "shops", "wanted"), PRICES)
def test_the_regular_price_stands_beside_during_a_sale(changes: Any, shops: str, wanted: Any) -> None:
    assert prices(variant(**changes), shops) == wanted


@pytest.mark.parametrize(
    ("price", "beside", "wanted"),
    [
        ("12.50", None, ("12.5", "")),
        ("9.00", "12.50", ("12.5", "9")),
        ("12.50", "12.50", ("12.5", "")),
        ("5", "4", ("5", "")),
    ],
)
def test_a_price_beside_counts_only_above(price: str, beside: str | None, wanted: tuple[str, str]) -> None:
    row = VariantRow(
        id="gid://shopify/ProductVariant/1", price=Decimal(price), compare_at_price=Decimal(beside) if beside else None
    )

    assert prices_seen(row) == wanted


@pytest.mark.parametrize(
    ("unit", "value", "wanted"), [("KILOGRAMS", "0.35", "0.35"), ("GRAMS", "350", "0.35"), ("KILOGRAMS", "0.0", "")]
)
def test_weights_are_told_in_the_shops_unit(unit: str, value: str, wanted: str) -> None:
    measured = MeasurementRow(weight=WeightRow(unit=unit, value=Decimal(value)))
    item = ItemRow(id="gid://shopify/InventoryItem/1", measurement=measured)

    assert weight_seen(VariantRow(id="gid://shopify/ProductVariant/1", inventory_item=item), "KILOGRAMS") == wanted


def test_search_values_are_quoted() -> None:
    assert quoted('a "b" \\c') == '"a \\"b\\" \\\\c"'


def test_only_what_stands_wrong_is_moved() -> None:
    assert moves_to_front(["a", "b", "c"], ["a", "b"]) == []
    assert moves_to_front(["x", "a", "b"], ["a", "b"]) == [("a", 0), ("b", 1)]
    assert moves_to_front(["a", "b", "c"], ["c", "a", "b"]) == [("c", 0)]


BAD = {
    "no name": mug(name=" "),
    "long name": mug(name="x" * 256),
    "long brand": mug(brand="x" * 256),
    "long SKU": mug(of_variant={"sku": "x" * 256}),
    "no SKU": mug(of_variant={"sku": ""}),
    "price": mug(of_variant={"regular_price": Decimal(-1)}),
    "sale": mug(of_variant={"sale_price": Decimal(13)}),
    "fractions": mug(of_variant={"quantity": Decimal("1.5")}),
    "values": shirt(sizes=tuple(f"S{number}" for number in range(101))),
    "the default option": replace(
        shirt(), options=(ProductOption("Title", ("Default Title",)),), variants=(variant(options=("Default Title",)),)
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_what_shopify_would_refuse_is_told_with_a_remedy(name: str) -> None:
    reasons = problems(creation(BAD[name]), Traits())

    assert reasons
    assert all(reason.count(". ") >= 1 for reason in reasons)


def test_a_good_product_has_no_problems() -> None:
    assert problems(creation(shirt()), Traits()) == ()
