"""Odd texts and figures arrive as they are, or are told item by item with a remedy; the others arrive (invariant 7)."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.conformance.front import Front, codes, errors
from tests.conformance.test_linking import ODD_SKUS
from tests.unit.systems.woocommerce.samples import creation, mug, shirt
from tillbridge.domain.product import Product, ProductOption

NAMES = [
    "Mug 🦊 “fox” in Größe ½",
    'Tom & Jerry\'s "mug"',
    "5 > 4",
    "名前",
    "100% wool, 50 %20 off",
    "a" * 300,
]


def arrives_or_is_told(front: Front, product: Product, beside: Product) -> bool:
    """Push both; tell whether the odd one arrived. The other one has to."""
    reasons = front.shop().problems(creation(product))
    outcomes = front.push(beside) if reasons else front.push(product, beside)
    assert beside.key not in codes(outcomes)
    assert front.links[beside.key].product_id
    for error in errors(outcomes).values():
        assert error.remedy, error
    return not reasons and product.key not in codes(outcomes)


@pytest.mark.parametrize("name", NAMES)
def test_odd_names(front: Front, name: str) -> None:
    if arrives_or_is_told(front, mug(name=name), mug("1")):
        assert name in {shown.name for shown in front.shown()}
        assert front.push(mug(name=name)) == {}
    else:
        assert len(name) > 200


@pytest.mark.parametrize("sku", ODD_SKUS)
def test_odd_skus(front: Front, sku: str) -> None:
    product = mug(of_variant={"sku": sku})
    assert arrives_or_is_told(front, product, mug("1"))
    front.settle()

    assert front.skus()[sku] == 1
    (found,) = front.shop().find_by_sku([sku])[sku]
    assert found.ref == front.known("42").ref
    assert front.push(mug(of_variant={"sku": sku, "regular_price": Decimal(99)}))["I42"].error is None


@pytest.mark.parametrize("value", ["R&D", "½ l", "2/3", "🟥", "a,b", "100%", 'Say "hi"', "Größe L", "0"])
def test_odd_option_values(front: Front, value: str) -> None:
    product = shirt(colours=("Black", value))

    assert arrives_or_is_told(front, product, mug("1"))
    shown = front.product(front.links["M7"].product_id)
    assert {entry.options[0] for entry in shown.variants} == {"Black", value}
    assert front.push(product) == {}


@pytest.mark.parametrize("name", ["Größe & Länge", "Ärmel/Bein", "Size (EU)", "尺码", "Title"])
def test_odd_option_names(front: Front, name: str) -> None:
    product = shirt()
    product = replace(product, options=(ProductOption(name, product.options[0].values), product.options[1]))

    assert arrives_or_is_told(front, product, mug("1"))
    assert front.push(product) == {}


def test_two_products_of_one_name(front: Front) -> None:
    outcomes = front.push(mug("1", name="Mug"), mug("2", name="Mug"))

    assert not codes(outcomes)
    assert front.skus() == {"MUG-1": 1, "MUG-2": 1}
    assert all(name.startswith("Mug") for name in front.names())
    assert front.push(mug("1", name="Mug"), mug("2", name="Mug")) == {}


def test_two_items_of_one_sku(front: Front) -> None:
    outcomes = front.push(mug("1", of_variant={"sku": "SAME"}), mug("2", of_variant={"sku": "SAME"}), mug("3"))

    assert set(codes(outcomes)) <= {"I1", "I2"}
    assert all(error.remedy for error in errors(outcomes).values())
    assert front.skus() == {"SAME": 1, "MUG-3": 1}


def test_more_options_than_the_shop_takes(front: Front) -> None:
    names = tuple(f"Option {number}" for number in range(front.most_options + 1))
    one = replace(shirt().variants[0], options=("x",) * len(names))
    product = replace(shirt(), options=tuple(ProductOption(name, ("x",)) for name in names), variants=(one,))

    arrived = arrives_or_is_told(front, product, mug("1"))

    assert arrived == ("option limit" in front.lacks)


def test_a_very_long_sku(front: Front) -> None:
    product = mug(of_variant={"sku": "S" * 300})

    if arrives_or_is_told(front, product, mug("1")):
        assert front.skus()["S" * 300] == 1
    else:
        assert front.skus() == {"MUG-1": 1}


def test_an_empty_sku(front: Front) -> None:
    product = mug(of_variant={"sku": ""})

    if arrives_or_is_told(front, product, mug("1")):
        assert len(front.shown()) == 2
        front.settle()
        assert front.push(product) == {}


@pytest.mark.parametrize("price", [Decimal(0), Decimal("0.01"), Decimal("99999.99")])
def test_prices_at_the_edges(front: Front, price: Decimal) -> None:
    assert arrives_or_is_told(front, mug(of_variant={"regular_price": price}), mug("1"))

    shown = front.product(front.links["I42"].product_id)
    assert shown.variants[0].regular_price == price
    assert front.push(mug(of_variant={"regular_price": price})) == {}


def test_one_bad_product_does_not_hold_up_twenty(front: Front) -> None:
    good = [mug(str(number)) for number in range(1, 21)]
    bad = mug(of_variant={"regular_price": Decimal(-1)})

    front.push(*[product for product in (*good, bad) if not front.shop().problems(creation(product))])

    assert all(front.links[product.key].product_id for product in good)
    assert "MUG-42" not in front.skus()
