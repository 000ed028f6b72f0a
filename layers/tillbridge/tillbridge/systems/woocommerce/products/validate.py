"""What WooCommerce would take silently and spoil, found before it is sent (facts/woocommerce.md, "Products").

Every reason says what is wrong and what to do. Pure functions.
"""

import json
import re
from collections.abc import Collection, Iterator

from tillbridge.domain.product import Product, ProductWrite, Variant
from tillbridge.systems.common import validate as common
from tillbridge.systems.woocommerce.api.batches import MOST_BYTES

LONGEST_SKU = 100
LONGEST_TERM = 200
LONGEST_NAME = 65_535
"""Bytes and characters that the columns of WordPress and WooCommerce hold."""

LARGEST_TEXTS = MOST_BYTES - 100_000
"""What a request leaves for texts once all else of a product is in it."""

_CLEANED = re.compile(r"<|%[0-9a-fA-F]{2}|[\x00-\x1f\x7f]|\\|\s{2,}|^\s|\s$")
"""What WordPress takes out of plain texts: tags, percent codes, control characters, backslashes, doubled blanks."""


def problems(write: ProductWrite, tax_classes: Collection[str]) -> tuple[str, ...]:
    """List why this product cannot be sent as it is. ``tax_classes`` is empty while they are not known."""
    product, variants = write.product, write.product.on_sale
    return tuple(
        reason
        for group in (
            _content(product, tax_classes),
            _names(product),
            (reason for variant in variants for reason in _variant(variant)),
            common.alike(variants),
            common.choices(product, variants),
            _size(product),
        )
        for reason in group
    )


def _content(product: Product, tax_classes: Collection[str]) -> Iterator[str]:
    yield from common.unnamed(product)
    if len(product.name.encode()) > LONGEST_NAME:
        yield f"Its name is longer than {LONGEST_NAME} bytes. Shorten its description in the till."
    yield from common.tax_class(product, tax_classes, "WooCommerce > Settings > Tax")


def _names(product: Product) -> Iterator[str]:
    yield from common.names(product, dict.fromkeys(common.NAMED, LONGEST_TERM))
    for option in product.options:
        for value in (option.name, *option.values):
            if _CLEANED.search(value) or "|" in value:
                yield (
                    f'WordPress would change the attribute text "{value}". '
                    "Take <, |, percent codes, backslashes and doubled blanks out of it in the till."
                )


def _variant(variant: Variant) -> Iterator[str]:
    yield from _sku(variant)
    yield from common.amounts(variant, {"price": variant.regular_price, "sale price": variant.sale_price})
    yield from common.units(variant, "WooCommerce")


def _sku(variant: Variant) -> Iterator[str]:
    yield from common.sku(variant, LONGEST_SKU)
    if _CLEANED.search(variant.sku):
        yield (
            f'WordPress would change the SKU "{variant.sku}". '
            "Take <, percent codes, backslashes and doubled blanks out of it in the till."
        )


def _size(product: Product) -> Iterator[str]:
    """Find texts that no request can carry."""
    texts = [product.name, product.description, product.short_description]
    if len(json.dumps(texts)) > LARGEST_TEXTS:
        yield f"Its texts are larger than {LARGEST_TEXTS} bytes. Shorten its descriptions in the till."
