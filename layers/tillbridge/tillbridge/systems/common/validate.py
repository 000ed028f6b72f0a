"""What no shop takes of a product, or only with limits of its own, found before it is sent. Pure functions.

Every reason says what is wrong and what to do.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal

from tillbridge.domain.agreement import folded
from tillbridge.domain.product import Product, Variant

NAMED = ("category", "brand", "attribute", "attribute value")
"""What else of a product carries a name."""


def unnamed(product: Product) -> Iterator[str]:
    """Find a product without a name."""
    if not product.name.strip():
        yield "It has no name. Give it a description in the till."


def names(product: Product, longest: Mapping[str, int]) -> Iterator[str]:
    """Find empty names, and those with more characters than ``longest`` says for each of ``NAMED``."""
    named = [("category", name) for name in product.category_path]
    named += [("brand", product.brand)] if product.brand else []
    named += [("attribute", option.name) for option in product.options]
    named += [("attribute value", value) for option in product.options for value in option.values]
    for kind, name in named:
        if not name.strip():
            yield f"It has a {kind} without a name. Name it in the till."
        elif len(name) > longest[kind]:
            yield f"Its {kind} {name[:20]}… is longer than {longest[kind]} characters. Shorten it in the till."


def tax_class(product: Product, known: Collection[str], where: str) -> Iterator[str]:
    """Find a tax class that the shop has not; ``known`` is empty while its classes are not known."""
    if product.taxable and product.tax_class and known and product.tax_class not in known:
        there = ", ".join(sorted(known))
        yield (
            f'The shop has no tax class "{product.tax_class}", only: {there}. '
            f"Change the setting tax_classes, or add the class in {where}."
        )


def sku(variant: Variant, longest: int) -> Iterator[str]:
    """Find a missing SKU, and one that is too long."""
    if not variant.sku.strip():
        yield f"Item {variant.item_id} has no SKU. Give it one in the till."
    if len(variant.sku) > longest:
        yield f"SKU {variant.sku[:20]}… is longer than {longest} characters. Shorten it in the till."


def amounts(variant: Variant, named: Mapping[str, Decimal | None], largest: Decimal | None = None) -> Iterator[str]:
    """Find amounts that are none, and a sale price that is none."""
    for name, amount in named.items():
        if amount is not None and not (amount.is_finite() and 0 <= amount <= (largest or amount)):
            yield f"The {name} of {variant.sku} is {amount}. Mend it in the till."
    sale, regular = variant.sale_price, variant.regular_price
    if sale is not None and sale.is_finite() and regular.is_finite() and sale >= regular:
        yield f"The sale price {sale} of {variant.sku} is not below its price {regular}. Lower it in the till."


def units(variant: Variant, name: str) -> Iterator[str]:
    """Find a stock that is no whole number; ``name`` is the system's."""
    if isinstance(variant.quantity, bool) or not isinstance(variant.quantity, int | None):
        yield f"The stock of {variant.sku} is {variant.quantity}; {name} counts whole units. Mend it in the till."


def alike(variants: Collection[Variant]) -> Iterator[str]:
    """Find what would make two variants one."""
    for shared, times in Counter(folded(variant.sku) for variant in variants).items():
        if shared and times > 1:
            yield f"{times} of its variants have the SKU {shared}. Give each its own in the till."
    for options, times in Counter(tuple(map(folded, variant.options)) for variant in variants).items():
        if times > 1:
            same = " / ".join(options) or "without options"
            yield f"{times} of its variants are {same}. Tell them apart in the till."


def choices(product: Product, variants: Collection[Variant]) -> Iterator[str]:
    """Find values that a shop would take for "any", or for a value that nobody can choose."""
    for variant in variants:
        if len(variant.options) != len(product.options):
            yield f"Variant {variant.sku} does not have one value per attribute. Fill in its attributes in the till."
            continue
        for option, value in zip(product.options, variant.options, strict=True):
            if folded(value) not in map(folded, option.values):
                yield f'"{value}" of variant {variant.sku} is no value of {option.name}. Mend it in the till.'
