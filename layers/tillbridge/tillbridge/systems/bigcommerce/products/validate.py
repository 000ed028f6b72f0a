"""What BigCommerce refuses or spoils, found before it is sent (facts/bigcommerce.md, "Catalog v3").

Every reason says what is wrong and what to do. Pure functions.
"""

from collections import Counter
from collections.abc import Collection, Iterator

from tillbridge.domain.agreement import folded
from tillbridge.domain.product import Product, ProductOption, ProductWrite, Variant
from tillbridge.systems.bigcommerce.api.amounts import MOST_DIGITS, exact
from tillbridge.systems.bigcommerce.products.names import LONGEST_NAME
from tillbridge.systems.common import validate as common

LONGEST_SKU, LONGEST_GTIN = 255, 14
LONGEST = {"category": 50, "brand": 255, "attribute": 255, "attribute value": 255}
MOST_LEVELS, MOST_SKUS, MOST_VALUES = 8, 600, 250
LARGEST_TEXT = 65_535
MOST_UNITS = 2_147_483_647
HIGHEST_TAX_CLASS = 255


def problems(write: ProductWrite) -> tuple[str, ...]:
    """List why this product cannot be sent as it is."""
    product, variants = write.product, write.product.on_sale
    groups = (
        _content(product),
        _names(product),
        (reason for variant in variants for reason in _variant(variant)),
        common.alike(variants),
        common.choices(product, variants),
        _choices(product, variants),
    )
    return tuple(reason for group in groups for reason in group)


def _content(product: Product) -> Iterator[str]:
    yield from common.unnamed(product)
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
    yield from common.names(product, LONGEST)


def _variant(variant: Variant) -> Iterator[str]:
    yield from common.sku(variant, LONGEST_SKU)
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
    yield from common.amounts(variant, amounts)
    for name, amount in amounts.items():
        if amount is not None and amount.is_finite() and not exact(amount):
            yield f"The {name} {amount} of {variant.sku} has more than {MOST_DIGITS} digits. Shorten it in the till."


def _choices(product: Product, variants: Collection[Variant]) -> Iterator[str]:
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
