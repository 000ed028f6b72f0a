"""What is sent for a product."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from tests.unit.systems.woocommerce.samples import mug, shirt
from tillbridge.domain.product import ProductOption, Visibility
from tillbridge.systems.woocommerce.products.payload import (
    choices,
    content_body,
    new_parent,
    new_simple,
    new_variation,
    variant_body,
)
from tillbridge.systems.woocommerce.products.places import NOWHERE, Places

PLACES = Places(category_id=15, brand_id=16, attribute_ids=(1, 2))


def test_a_simple_product_whole() -> None:
    product = mug(description="Text", of_variant={"gtin": "123", "sale_price": Decimal("9.90"), "weight": Decimal(2)})

    assert new_simple(product, PLACES) == {
        "type": "simple",
        "name": "Mug 42",
        "description": "Text",
        "status": "publish",
        "categories": [{"id": 15}],
        "brands": [{"id": 16}],
        "meta_data": [{"key": "_tillbridge_key", "value": "I42"}],
        "sku": "MUG-42",
        "global_unique_id": "123",
        "regular_price": "12.5",
        "sale_price": "9.9",
        "tax_status": "taxable",
        "weight": "2",
        "manage_stock": True,
        "stock_quantity": 5,
    }


def test_what_a_new_product_has_by_itself_is_left_out() -> None:
    body = new_simple(mug(visibility=Visibility.DRAFT, of_variant={"quantity": None}), NOWHERE)

    assert set(body) == {"type", "name", "status", "meta_data", "sku", "regular_price", "tax_status"}
    assert body["status"] == "draft"


def test_no_stock_is_still_a_stock() -> None:
    body = new_simple(mug(of_variant={"quantity": 0}), NOWHERE)

    assert (body["manage_stock"], body["stock_quantity"]) == (True, 0)


def test_prices_are_strings_without_exponent() -> None:
    body = new_simple(mug(of_variant={"regular_price": Decimal("1E+3")}), NOWHERE)

    assert body["regular_price"] == "1000"


def test_a_parent_has_options_and_nothing_to_sell() -> None:
    body: dict[str, Any] = new_parent(shirt(), PLACES)

    assert "sku" not in body
    assert "regular_price" not in body
    assert "manage_stock" not in body
    assert body["attributes"][1] == {
        "id": 2,
        "position": 1,
        "visible": True,
        "variation": True,
        "options": ["S", "M"],
    }


def test_a_variation_chooses_every_option() -> None:
    product = shirt()
    body = new_variation(product.variants[0], product, PLACES)

    assert body["attributes"] == [{"id": 1, "option": "Black"}, {"id": 2, "option": "S"}]
    assert (body["status"], body["stock_quantity"]) == ("publish", 5)
    assert body["meta_data"] == [{"key": "_tillbridge_key", "value": "I700"}]


def test_an_attribute_of_the_listings_own_is_named() -> None:
    product = replace(shirt(), options=(ProductOption("Colour", ("Black",)), ProductOption("Size", ("S",))))

    chosen = choices(shirt().variants[0], product, Places(attribute_ids=(0, 2)))

    assert chosen == [{"name": "Colour", "option": "Black"}, {"id": 2, "option": "S"}]


def test_a_variation_off_sale_is_private() -> None:
    product = shirt()
    off = replace(product.variants[0], visibility=Visibility.DRAFT)

    assert new_variation(off, product, PLACES)["status"] == "private"


def test_only_named_fields_are_sent_and_empty_ones_clear() -> None:
    product = mug()

    assert content_body(product, {"name", "visibility"}) == {"name": "Mug 42", "status": "publish"}
    assert variant_body(product.variants[0], product, {"sale_price", "weight"}) == {"sale_price": "", "weight": ""}


def test_tax() -> None:
    taxed, free = mug(tax_class="reduced-rate"), mug(taxable=False, tax_class="reduced-rate")

    assert variant_body(taxed.variants[0], taxed, {"tax_class"}) == {
        "tax_status": "taxable",
        "tax_class": "reduced-rate",
    }
    assert variant_body(free.variants[0], free, {"tax_class"}) == {"tax_status": "none", "tax_class": ""}
