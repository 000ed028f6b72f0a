"""What Magento would refuse, or take and spoil, found before it is sent (facts/magento.md, section 3).

Every reason says what is wrong and what to do. Pure functions.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from decimal import Decimal

from tillbridge.domain.agreement import folded
from tillbridge.domain.product import Product, ProductWrite, Variant
from tillbridge.systems.magento.products.linking import sellable
from tillbridge.systems.magento.products.payload import LONGEST_NAME

LONGEST_SKU = 64
LONGEST_TERM = 255
MOST_OPTIONS = 30
LARGEST_PRICE = Decimal(99999999)
"""What the columns of prices hold in every version."""


def problems(write: ProductWrite, tax_classes: Collection[str]) -> tuple[str, ...]:
    """List why this product cannot be sent as it is. ``tax_classes`` is empty while they are not known."""
    product, variants = write.product, sellable(write)
    return tuple(
        reason
        for group in (
            _content(product, tax_classes),
            _names(product),
            (reason for variant in variants for reason in _variant(variant)),
            _alike(variants),
            _choices(product, variants),
        )
        for reason in group
    )


def _content(product: Product, tax_classes: Collection[str]) -> Iterator[str]:
    if not product.name.strip():
        yield "It has no name. Give it a description in the till."
    if len(product.name) > LONGEST_NAME:
        yield f"Its name is longer than {LONGEST_NAME} characters. Shorten its description in the till."
    if product.taxable and product.tax_class and tax_classes and product.tax_class not in tax_classes:
        known = ", ".join(sorted(tax_classes))
        yield (
            f'The shop has no tax class "{product.tax_class}", only: {known}. '
            "Change the setting tax_classes, or add the class in Magento under Stores > Taxes > Tax Zones and Rates."
        )


def _names(product: Product) -> Iterator[str]:
    named = [("category", name) for name in product.category_path]
    named += [("brand", product.brand)] if product.brand else []
    named += [("attribute", option.name) for option in product.options]
    named += [("attribute value", value) for option in product.options for value in option.values]
    for kind, name in named:
        if not name.strip():
            yield f"It has a {kind} without a name. Name it in the till."
        elif len(name) > LONGEST_TERM:
            yield f"Its {kind} {name[:20]}… is longer than {LONGEST_TERM} characters. Shorten it in the till."
    if len(product.options) > MOST_OPTIONS:
        yield f"It has more than {MOST_OPTIONS} attributes. Take some out of it in the till."


def _variant(variant: Variant) -> Iterator[str]:
    if not variant.sku.strip():
        yield f"Item {variant.item_id} has no SKU. Give it one in the till."
    if len(variant.sku) > LONGEST_SKU:
        yield f"SKU {variant.sku[:20]}… is longer than {LONGEST_SKU} characters. Shorten it in the till."
    if variant.sku != variant.sku.strip():
        yield f'Magento would take the blanks around SKU "{variant.sku}" away. Take them out of it in the till.'
    if variant.sku in {".", ".."}:
        yield f'No web address can hold the SKU "{variant.sku}". Give it another one in the till.'
    yield from _prices(variant)
    if isinstance(variant.quantity, bool) or not isinstance(variant.quantity, int | None):
        yield f"The stock of {variant.sku} is {variant.quantity}; whole units are kept. Mend it in the till."


def _prices(variant: Variant) -> Iterator[str]:
    amounts = (
        ("price", variant.regular_price),
        ("sale price", variant.sale_price),
        ("recommended price", variant.msrp),
    )
    for name, amount in amounts:
        if amount is not None and not (amount.is_finite() and 0 <= amount <= LARGEST_PRICE):
            yield f"The {name} of {variant.sku} is {amount}. Mend it in the till."
    sale, regular = variant.sale_price, variant.regular_price
    if sale is not None and sale.is_finite() and regular.is_finite() and sale >= regular:
        yield f"The sale price {sale} of {variant.sku} is not below its price {regular}. Lower it in the till."


def _alike(variants: Collection[Variant]) -> Iterator[str]:
    """Find what would make two variants one."""
    for sku, times in Counter(folded(variant.sku) for variant in variants).items():
        if sku and times > 1:
            yield f"{times} of its variants have the SKU {sku}. Give each its own in the till."
    chosen = Counter(tuple(folded(value) for value in variant.options) for variant in variants)
    for options, times in chosen.items():
        if times > 1:
            alike = " / ".join(options) or "without options"
            yield f"{times} of its variants are {alike}. Tell them apart in the till."


def _choices(product: Product, variants: Collection[Variant]) -> Iterator[str]:
    for variant in variants:
        if len(variant.options) != len(product.options):
            yield f"Variant {variant.sku} does not have one value per attribute. Fill in its attributes in the till."
            continue
        for option, value in zip(product.options, variant.options, strict=True):
            if folded(value) not in map(folded, option.values):
                yield f'"{value}" of variant {variant.sku} is no value of {option.name}. Mend it in the till.'
