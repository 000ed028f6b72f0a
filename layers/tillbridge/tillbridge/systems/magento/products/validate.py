"""What Magento would refuse, or take and spoil, found before it is sent (facts/magento.md, section 3).

Every reason says what is wrong and what to do. Pure functions.
"""

from collections.abc import Collection, Iterator
from decimal import Decimal

from tillbridge.domain.product import Product, ProductWrite, Variant
from tillbridge.systems.common import validate as common
from tillbridge.systems.magento.products.payload import LONGEST_NAME

LONGEST_SKU = 64
LONGEST_TERM = 255
MOST_OPTIONS = 30
LARGEST_PRICE = Decimal(99999999)
"""What the columns of prices hold in every version."""


def problems(write: ProductWrite, tax_classes: Collection[str]) -> tuple[str, ...]:
    """List why this product cannot be sent as it is. ``tax_classes`` is empty while they are not known."""
    product, variants = write.product, write.product.on_sale
    return tuple(
        reason
        for group in (
            _content(product, tax_classes),
            common.names(product, dict.fromkeys(common.NAMED, LONGEST_TERM)),
            (reason for variant in variants for reason in _variant(variant)),
            common.alike(variants),
            common.choices(product, variants),
        )
        for reason in group
    )


def _content(product: Product, tax_classes: Collection[str]) -> Iterator[str]:
    yield from common.unnamed(product)
    if len(product.name) > LONGEST_NAME:
        yield f"Its name is longer than {LONGEST_NAME} characters. Shorten its description in the till."
    yield from common.tax_class(product, tax_classes, "Magento under Stores > Taxes > Tax Zones and Rates")
    if len(product.options) > MOST_OPTIONS:
        yield f"It has more than {MOST_OPTIONS} attributes. Take some out of it in the till."


def _variant(variant: Variant) -> Iterator[str]:
    yield from common.sku(variant, LONGEST_SKU)
    if variant.sku != variant.sku.strip():
        yield f'Magento would take the blanks around SKU "{variant.sku}" away. Take them out of it in the till.'
    if variant.sku in {".", ".."}:
        yield f'No web address can hold the SKU "{variant.sku}". Give it another one in the till.'
    amounts = {"price": variant.regular_price, "sale price": variant.sale_price, "recommended price": variant.msrp}
    yield from common.amounts(variant, amounts, LARGEST_PRICE)
    yield from common.units(variant, "Magento")
