"""Equal things compare equal, however the shop spells them; different ones are told."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.systems.woocommerce.samples import mug, row, shirt
from tillbridge.domain.agreement import folded
from tillbridge.domain.planning import as_text, product_fields, variant_fields
from tillbridge.domain.product import CONTENT_FIELDS, VARIANT_FIELDS
from tillbridge.systems.common.differences import Difference, differences
from tillbridge.systems.common.texts import amount_text, same_name
from tillbridge.systems.woocommerce.products.places import NOWHERE, Places
from tillbridge.systems.woocommerce.products.seen import content_seen, variant_seen

PLACES = Places(category_id=15, brand_id=16, attribute_ids=(1, 2))
USES = [
    {"id": 2, "name": "Size", "variation": True, "options": ["M", "S", "XL"]},
    {"id": 1, "name": "Color", "variation": True, "options": ["white", "Black"]},
]


def test_every_field_but_pictures_is_read() -> None:
    product = mug()

    assert {*content_seen(product, row(), NOWHERE), "images"} == set(CONTENT_FIELDS)
    assert {*variant_seen(product.variants[0], product, row(), NOWHERE), "image"} == set(VARIANT_FIELDS)


@pytest.mark.parametrize(
    ("field", "wanted", "shown"),
    [
        ("name", "Salt & Pepper", "Salt &amp; Pepper"),
        ("name", "Two  blanks ", "Two blanks"),
        ("description", "<p>a<br>b</p>", "<p>a<br />b</p>\n"),
        ("description", "<a href='x'>y</a>", '<a href="x">y</a>'),
        ("short_description", "“quoted”", "&#8220;quoted&#8221;"),
    ],
)
def test_the_same_text_in_wordpress_own_spelling(field: str, wanted: str, shown: str) -> None:
    changes: dict[str, Any] = {field: wanted}
    product = mug(**changes)

    assert content_seen(product, row(**{field: shown}), NOWHERE)[field] == wanted


@pytest.mark.parametrize(
    ("field", "shown", "text"),
    [
        ("sku", {"sku": "mug-42"}, "mug-42"),
        ("regular_price", {"regular_price": "12.50"}, "12.5"),
        ("regular_price", {"regular_price": "13"}, "13"),
        ("regular_price", {"regular_price": "12,50"}, "12,50"),
        ("sale_price", {"sale_price": "0"}, "0"),
        ("weight", {"weight": "1.500"}, "1.5"),
        ("tax_class", {"tax_status": "none", "tax_class": "zero-rate"}, "none"),
        ("tax_class", {"tax_status": "taxable", "tax_class": "zero-rate"}, "zero-rate"),
        ("gtin", {"global_unique_id": "400"}, "400"),
    ],
)
def test_what_a_simple_product_shows(field: str, shown: dict[str, Any], text: str) -> None:
    product = mug()

    assert variant_seen(product.variants[0], product, row(**shown), NOWHERE)[field] == text


def test_what_the_shop_is_too_old_for_cannot_differ() -> None:
    product = mug(of_variant={"gtin": "4006381333931"})

    assert variant_seen(product.variants[0], product, row(), NOWHERE)["gtin"] == "4006381333931"
    assert variant_seen(product.variants[0], product, row(global_unique_id=""), NOWHERE)["gtin"] == ""


def test_a_variation_may_leave_its_tax_to_the_parent() -> None:
    product = replace(shirt(), tax_class="zero-rate")
    shown = row(tax_status="taxable", tax_class="parent")

    assert variant_seen(product.variants[0], product, shown, PLACES)["tax_class"] == "zero-rate"


def test_a_product_is_in_its_category_whatever_else_the_merchant_chose() -> None:
    product = mug(category_path=("Kitchen", "Mugs"))
    both = row(categories=[{"id": 9, "name": "Gifts"}, {"id": 15, "name": "Mugs"}])
    other = row(categories=[{"id": 9, "name": "Gifts &amp; more"}])

    assert content_seen(product, both, PLACES)["category"] == product_fields(product)["category"]
    assert content_seen(product, other, PLACES)["category"] == as_text(["Gifts & more"])
    assert content_seen(mug(), other, NOWHERE)["category"] == "[]", "the till names none, so none is missing"


def test_brands() -> None:
    product = mug(brand="Northfell")

    assert content_seen(product, row(brands=[{"id": 16, "name": "northfell"}]), PLACES)["brand"] == "Northfell"
    assert content_seen(product, row(brands=[{"id": 9, "name": "Other"}]), PLACES)["brand"] == "Other"
    assert content_seen(product, row(brands=None), PLACES)["brand"] == ""
    assert content_seen(product, row(), replace(PLACES, brands=False))["brand"] == "Northfell"


def test_options_in_another_order_and_more_of_them_are_the_same() -> None:
    product = shirt()

    assert content_seen(product, row(attributes=USES), PLACES)["options"] == product_fields(product)["options"]


def test_a_missing_option_is_told() -> None:
    fewer = [USES[0], {**USES[1], "options": ["Black"]}]

    assert "White" not in content_seen(shirt(), row(attributes=fewer), PLACES)["options"]
    assert content_seen(shirt(), row(attributes=[]), PLACES)["options"] == "[]"
    unused = [{**use, "variation": False} for use in USES]
    assert content_seen(shirt(), row(attributes=unused), PLACES)["options"] == "[]"


def test_choices_are_read_by_the_attributes_id_or_its_name() -> None:
    product = shirt()
    variant = product.variants[0]
    by_id = row(attributes=[{"id": 2, "name": "?", "option": "S"}, {"id": 1, "name": "?", "option": "black"}])
    by_name = row(attributes=[{"id": 0, "name": "color", "option": "Black"}, {"id": 0, "name": "SIZE", "option": "S"}])
    other = row(attributes=[{"id": 1, "name": "Color", "option": "Red &amp; blue"}])

    assert variant_seen(variant, product, by_id, PLACES)["options"] == '["Black","S"]'
    assert variant_seen(variant, product, by_name, PLACES)["options"] == '["Black","S"]'
    assert variant_seen(variant, product, other, PLACES)["options"] == '["Red & blue",""]'


@pytest.mark.parametrize(("status", "text"), [("publish", "published"), ("private", "draft"), ("draft", "draft")])
def test_visibility(status: str, text: str) -> None:
    product = shirt()

    assert content_seen(product, row(status=status), PLACES)["visibility"] == text
    assert variant_seen(product.variants[0], product, row(status=status), PLACES)["visibility"] == text
    simple = mug()
    seen = variant_seen(simple.variants[0], simple, row(status=status), NOWHERE)
    assert seen["visibility"] == "published", "a simple product hides as a whole"


def test_differences_name_field_sent_and_got() -> None:
    found = differences({"name": "A" * 99, "sku": "S"}, {"name": "B", "sku": "T"}, {"name"})

    assert found == [Difference("name", "A" * 99, "B")]
    assert str(found[0]) == f'name: sent "{"A" * 59}…", got "B"'


def test_a_product_shown_as_it_was_sent_differs_in_nothing() -> None:
    product = mug(name="Mug", description="Text", category_path=("Mugs",), brand="N", taxable=False)
    shown = row(
        name="Mug",
        description="Text",
        sku="MUG-42",
        regular_price="12.5",
        tax_status="none",
        categories=[{"id": 15}],
        brands=[{"id": 16}],
    )

    assert content_seen(product, shown, PLACES) == {
        name: text for name, text in product_fields(product).items() if name != "images"
    }
    variant = product.variants[0]
    assert variant_seen(variant, product, shown, PLACES) == {
        name: text for name, text in variant_fields(variant, product).items() if name != "image"
    }


@pytest.mark.parametrize(
    ("text", "plain"),
    [("", ""), ("1.50", "1.5"), ("1e3", "1000"), ("1e999", "1e999"), ("abc", "abc"), ("NaN", "NaN"), ("-0.0", "-0")],
)
def test_amounts_have_one_form(text: str, plain: str) -> None:
    assert amount_text(text) == plain


@given(st.decimals(min_value=0, max_value=10**9, places=4))
def test_an_amount_survives_the_journey(amount: Decimal) -> None:
    assert Decimal(amount_text(str(amount))) == amount


def test_names_are_compared_as_the_database_does() -> None:
    assert same_name("Größe &amp; Farbe", "GRÖSSE & farbe")
    assert folded("  A   b ") == "a b"
    assert not same_name("A", "B")
