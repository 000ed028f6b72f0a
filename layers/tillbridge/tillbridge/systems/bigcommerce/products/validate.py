"""What BigCommerce refuses or spoils, found before it is sent (facts/bigcommerce.md, "Catalog v3").

Every reason says what is wrong and what to do. Pure functions.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from decimal import Decimal

from tillbridge.domain.agreement import folded
from tillbridge.domain.product import Product, ProductOption, ProductWrite, Variant
from tillbridge.systems.bigcommerce.api.amounts import MOST_DIGITS, exact
from tillbridge.systems.bigcommerce.products.linking import sellable_of
from tillbridge.systems.bigcommerce.products.names import LONGEST_NAME

LONGEST_SKU, LONGEST_GTIN, LONGEST_CATEGORY, LONGEST_OPTION, LONGEST_BRAND = 255, 14, 50, 255, 255
MOST_LEVELS, MOST_SKUS, MOST_VALUES = 8, 600, 250
LARGEST_TEXT = 65_535
MOST_UNITS = 2_147_483_647
HIGHEST_TAX_CLASS = 255


def problems(write: ProductWrite) -> tuple[str, ...]:
    """List why this product cannot be sent as it is."""
    product, variants = write.product, sellable_of(write.product)
    groups = (
        _content(product),
        _names(product),
        (reason for variant in variants for reason in _variant(variant)),
        _alike(variants),
        _choices(product, variants),
    )
    return tuple(reason for group in groups for reason in group)


def _content(product: Product) -> Iterator[str]:
    if not product.name.strip():
        yield "It has no name. Give it a description in the till."
    if len(product.name) > LONGEST_NAME:
        yield f"Its name is longer than {LONGEST_NAME} characters. Shorten its description in the till."
    if len(product.description.encode()) > LARGEST_TEXT:
        yield f"Its long description is larger than {LARGEST_TEXT} bytes. Shorten it in the till."
    known = product.tax_class.isdecimal() and int(product.tax_class) <= HIGHEST_TAX_CLASS
    if product.taxable and product.tax_class and not known:
        yield (
            f'"{product.tax_class}" is no tax class of BigCommerce, which are numbers. '
            "Give the number of the class in the setting tax_classes."
        )


def _names(product: Product) -> Iterator[str]:
    if len(product.category_path) > MOST_LEVELS:
        yield f"Its category is more than {MOST_LEVELS} levels deep. Move it up in the till."
    named = [("category", name, LONGEST_CATEGORY) for name in product.category_path]
    named += [("brand", product.brand, LONGEST_BRAND)] if product.brand else []
    named += [("attribute", option.name, LONGEST_OPTION) for option in product.options]
    named += [("attribute value", value, LONGEST_OPTION) for option in product.options for value in option.values]
    for kind, name, longest in named:
        if not name.strip():
            yield f"It has a {kind} without a name. Name it in the till."
        elif len(name) > longest:
            yield f"Its {kind} {name[:20]}… is longer than {longest} characters. Shorten it in the till."


def _variant(variant: Variant) -> Iterator[str]:
    if not variant.sku:
        yield f"Item {variant.item_id} has no SKU. Give it one in the till."
    if len(variant.sku) > LONGEST_SKU:
        yield f"SKU {variant.sku[:20]}… is longer than {LONGEST_SKU} characters. Shorten it in the till."
    if len(variant.gtin) > LONGEST_GTIN:
        yield f"The UPC or EAN of {variant.sku} is longer than {LONGEST_GTIN} characters. Correct it in the till."
    yield from _prices(variant)
    quantity = variant.quantity
    if quantity is not None and not (isinstance(quantity, int) and 0 <= quantity <= MOST_UNITS):
        yield f"The stock of {variant.sku} is {quantity}; BigCommerce counts whole units from 0. Mend it in the till."


def _prices(variant: Variant) -> Iterator[str]:
    amounts = {
        "price": variant.regular_price,
        "sale price": variant.sale_price,
        "recommended price": variant.msrp,
        "weight": variant.weight,
    }
    for name, amount in amounts.items():
        if amount is not None and not (amount.is_finite() and amount >= 0):
            yield f"The {name} of {variant.sku} is {amount}. Mend it in the till."
        elif amount is not None and not exact(amount):
            yield f"The {name} {amount} of {variant.sku} has more than {MOST_DIGITS} digits. Shorten it in the till."
    sale, regular = variant.sale_price, variant.regular_price
    if sale is not None and _finite(sale) and _finite(regular) and sale >= regular:
        yield f"The sale price {sale} of {variant.sku} is not below its price {regular}. Lower it in the till."


def _finite(amount: Decimal) -> bool:
    return amount.is_finite()


def _alike(variants: Collection[Variant]) -> Iterator[str]:
    """Find what would make two variants one."""
    for sku, times in Counter(folded(variant.sku) for variant in variants).items():
        if sku and times > 1:
            yield f"{times} of its variants have the SKU {sku}. Give each its own in the till."
    for options, times in Counter(tuple(folded(value) for value in one.options) for one in variants).items():
        if times > 1:
            alike = " / ".join(options) or "without options"
            yield f"{times} of its variants are {alike}. Tell them apart in the till."


def _choices(product: Product, variants: Collection[Variant]) -> Iterator[str]:
    for variant in variants:
        if len(variant.options) != len(product.options):
            yield f"Variant {variant.sku} does not have one value per attribute. Fill in its attributes in the till."
    if len(variants) > MOST_SKUS:
        yield f"It has {len(variants)} variants; BigCommerce takes {MOST_SKUS}. Divide it into several in the till."
    for name, times in Counter(folded(option.name) for option in product.options).items():
        if times > 1:
            yield f'It has {times} attributes named "{name}". Name them apart in the till.'
    for option in product.options:
        yield from _values(option)


def _values(option: ProductOption) -> Iterator[str]:
    if len(option.values) > MOST_VALUES:
        yield (
            f'Its attribute "{option.name}" has {len(option.values)} values; BigCommerce takes {MOST_VALUES}. '
            "Divide it into several products in the till."
        )
    folds = Counter(folded(value) for value in option.values)
    for value, times in folds.items():
        if times > 1:
            yield f'Its attribute "{option.name}" has {value} {times} times. Write it alike in the till.'
