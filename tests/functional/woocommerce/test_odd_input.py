"""Odd texts and figures arrive as they are, or are told before anything is sent (invariant 7)."""

from dataclasses import replace
from decimal import Decimal
from html import unescape

import pytest

from tests.conformance.front import codes
from tests.functional.woocommerce.storefront import Storefront
from tests.functional.woocommerce.test_link import ODD_SKUS
from tests.unit.systems.woocommerce.samples import creation, mug, shirt
from tillbridge.domain.product import ProductOption

NAMES = [
    "Mug 🦊 “fox” in Größe ½",
    'Tom & Jerry\'s "mug"',
    "5 > 4",
    "名前",
    "عربي",
    "a" * 5000,
    "Zero\u200bwidth",
    "100% wool, 50 %20 off",
]


@pytest.mark.parametrize("name", NAMES)
def test_odd_names_arrive(front: Storefront, name: str) -> None:
    outcome = front.push(mug(name=name))["I42"]

    assert outcome.error is None
    assert outcome.link.fields["name"] == name
    assert [unescape(shown) for shown in front.names()] == [name]
    assert front.push(mug(name=name)) == {}


@pytest.mark.parametrize("sku", ODD_SKUS)
def test_odd_skus_arrive_and_are_found_again(front: Storefront, sku: str) -> None:
    product = mug(of_variant={"sku": sku})
    assert not front.adapter().problems(creation(product))

    outcome = front.push(product)["I42"]

    assert outcome.error is None
    (found,) = front.adapter().find_by_sku([sku])[sku]
    assert found.ref == outcome.link.variants[0].ref


@pytest.mark.parametrize("value", ["R&D", "&c", "½ l", "2/3", "🟥", "a,b", "100%", 'Say "hi"', "Größe L", "0"])
def test_odd_attribute_values_arrive(front: Storefront, value: str) -> None:
    product = shirt(colours=("Black", value))
    assert not front.adapter().problems(creation(product))

    outcomes = front.push(product)

    assert not codes(outcomes)
    assert outcomes["M7"].link.variants[2].fields["options"] == f'["{value}","S"]'.replace(
        '"Say "hi""', '"Say \\"hi\\""'
    )
    assert front.push(product) == {}


@pytest.mark.parametrize("name", ["Größe & Länge", "Ärmel/Bein", "Size (EU)", "尺码", "🎨", "Farbe " + "x" * 60])
def test_odd_attribute_names_arrive(front: Storefront, name: str) -> None:
    product = shirt()
    product = replace(product, options=(ProductOption(name, product.options[0].values), product.options[1]))

    assert not codes(front.push(product))
    assert front.push(product) == {}


@pytest.mark.parametrize("name", ["A & B", "2/3 person", "<b>Bold</b>", "Größe", "🏕", "comma, semicolon;"])
def test_odd_category_and_brand_names_arrive_once(front: Storefront, name: str) -> None:
    assert not codes(front.push(mug("1", category_path=(name,), brand=name)))
    front.vocabulary.ids.clear()

    assert not codes(front.push(mug("2", category_path=(name,), brand=name)))

    assert len(front.rows("/products/categories")) == 2, "Uncategorized and this one"
    assert len(front.rows("/products/brands")) == 1


def test_prices_with_many_decimals_keep_them(front: Storefront) -> None:
    product = mug(of_variant={"regular_price": Decimal("12.3456789"), "sale_price": Decimal("1E+1")})

    assert not codes(front.push(product))

    (shown,) = front.rows("/products")
    assert (shown["regular_price"], shown["sale_price"]) == ("12.3456789", "10")
    assert front.push(product) == {}


def test_a_price_of_nothing_is_a_price(front: Storefront) -> None:
    assert not codes(front.push(mug(of_variant={"regular_price": Decimal("0.00")})))

    assert front.rows("/products")[0]["regular_price"] == "0"


def test_products_of_many_bytes_share_a_call_only_while_it_stays_small(front: Storefront) -> None:
    text = "<p>" + "ü" * 40_000 + "</p>"
    products = [mug(str(number), description=text) for number in range(6)]

    assert not codes(front.push(*products))

    sizes = [call.request_bytes for call in front.calls("products/batch")]
    assert len(sizes) == 2
    assert max(sizes) < 1_000_000
