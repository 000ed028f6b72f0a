"""What the shop would spoil silently is refused before it is sent, each time with a remedy (invariant 7)."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tests.unit.systems.woocommerce.samples import creation, mug, shirt
from tillbridge.domain.product import Product, ProductOption, Visibility
from tillbridge.systems.woocommerce.products.validate import problems

CLASSES = ("standard", "reduced-rate")


def told(product: Product, tax_classes: tuple[str, ...] = CLASSES) -> str:
    return " ".join(problems(creation(product), tax_classes))


def test_good_products_pass() -> None:
    assert told(mug(tax_class="reduced-rate", category_path=("A/B & C",), brand="N")) == ""
    assert told(shirt()) == ""


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"name": " "}, "no name"),
        ({"name": "ü" * 40_000}, "longer than 65535 bytes"),
        ({"tax_class": "luxury"}, 'no tax class "luxury", only: reduced-rate, standard'),
        ({"category_path": ("Mugs", " ")}, "category without a name"),
        ({"category_path": ("x" * 201,)}, "longer than 200 characters"),
        ({"brand": "x" * 201}, "brand"),
        ({"description": "x" * 1_000_000}, "larger than 800000 bytes"),
    ],
)
def test_content(changes: dict[str, Any], reason: str) -> None:
    assert reason in told(mug(**changes))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"sku": ""}, "has no SKU"),
        ({"sku": "x" * 101}, "longer than 100 characters"),
        ({"sku": "A%20B"}, 'change the SKU "A%20B"'),
        ({"sku": "<b>"}, "change the SKU"),
        ({"sku": "A\\B"}, "change the SKU"),
        ({"sku": "A  B"}, "change the SKU"),
        ({"sku": " A"}, "change the SKU"),
        ({"sku": "A\tB"}, "change the SKU"),
        ({"regular_price": Decimal(-1)}, "The price of MUG-42 is -1"),
        ({"regular_price": Decimal("NaN")}, "is NaN"),
        ({"regular_price": Decimal("Infinity")}, "is Infinity"),
        ({"sale_price": Decimal("-0.01")}, "The sale price of MUG-42 is -0.01"),
        ({"sale_price": Decimal("12.50")}, "not below its price"),
        ({"sale_price": Decimal(13)}, "not below its price"),
        ({"quantity": Decimal("1.5")}, "counts whole units"),
        ({"quantity": True}, "counts whole units"),
    ],
)
def test_variants(changes: dict[str, Any], reason: str) -> None:
    assert reason in told(mug(of_variant=changes))


@pytest.mark.parametrize("sku", ["A/B", "A+B", "A&B", "50%", "A,B", "A B", "🦊", "100%x"])
def test_odd_skus_that_survive_are_fine(sku: str) -> None:
    assert told(mug(of_variant={"sku": sku})) == ""


def test_each_reason_says_what_to_do() -> None:
    bad = mug(name="", tax_class="x", of_variant={"sku": "", "regular_price": Decimal(-1), "sale_price": Decimal(-1)})

    reasons = problems(creation(bad), CLASSES)

    assert len(reasons) == 6
    assert all(reason.count(".") >= 2 for reason in reasons), "a sentence and a remedy"


def test_variants_that_cannot_be_told_apart() -> None:
    product = shirt()
    twin = replace(product.variants[1], options=product.variants[0].options)
    assert "2 of its variants are black / s" in told(replace(product, variants=(product.variants[0], twin)))
    same = replace(product.variants[1], sku=product.variants[0].sku.lower())
    assert "have the SKU shirt-7-black-s" in told(replace(product, variants=(product.variants[0], same)))


def test_options_that_the_shop_would_take_for_any() -> None:
    product = shirt()
    unknown = replace(product.variants[0], options=("Red", "S"))
    assert '"Red" of variant SHIRT-7-Black-S is no value of Color' in told(replace(product, variants=(unknown,)))
    lacking = replace(product.variants[0], options=("Black",))
    assert "one value per attribute" in told(replace(product, variants=(lacking,)))


@pytest.mark.parametrize("value", ["a|b", "<i>", "x%41", "a\\b", " a", ""])
def test_attribute_values_that_would_change(value: str) -> None:
    product = shirt(colours=("Black",))
    options = (ProductOption("Color", ("Black", value)), product.options[1])

    assert told(replace(product, options=options)) != ""


def test_an_attribute_name_that_would_change() -> None:
    product = shirt()

    assert "attribute text" in told(
        replace(product, options=(ProductOption("<b>", ("Black", "White")), product.options[1]))
    )


def test_archived_variants_are_not_judged() -> None:
    product = shirt()
    archived = replace(product.variants[0], sku="", options=("Old", "S"), visibility=Visibility.DRAFT)

    assert told(replace(product, variants=(archived, *product.variants[1:]))) == ""


def test_unknown_tax_classes_are_not_judged_before_a_check() -> None:
    assert told(mug(tax_class="luxury"), ()) == ""
    assert told(mug(tax_class="luxury", taxable=False)) == ""
