"""Texts as Magento wants them: codes, parts of addresses, amounts. Pure functions."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal

from tillbridge.domain.product import Product, Variant

LONGEST_CODE = 50
"""An attribute's code holds 60 characters at most; ours begin with ``tb_`` and may end with a hash."""

_NOT_CODE = re.compile(r"[^a-z0-9]+")


def plain(text: str) -> str:
    """Take accents and all but Latin letters away."""
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()


def slug(text: str) -> str:
    """Make a part of an address; "" of what has no Latin letters."""
    return _NOT_CODE.sub("-", plain(text)).strip("-")


def attribute_code(name: str) -> str:
    """Make the code of an attribute of ours."""
    words = _NOT_CODE.sub("_", plain(name)).strip("_")[:LONGEST_CODE]
    whole = words == "_".join(name.lower().split())
    return f"tb_{words}" if whole else f"tb_{words}_{hashlib.sha256(name.encode()).hexdigest()[:6]}".replace("__", "_")


def url_keys(product: Product, variant: Variant | None = None) -> Iterator[str]:
    """Give addresses to try in turn: no two products may have the same one (facts/magento.md, section 3).

    A child is not seen by itself, so that it begins with the one that is surely its own.
    """
    name, key = slug(product.name), product.key.lower()
    if variant is None:
        yield name or key
        if not product.variable:
            yield _joined(name, slug(product.variants[0].sku))
        yield _joined(name, key)
        yield _joined(name, "tillbridge", key)
        return
    yield _joined(name, slug(variant.sku), f"i{variant.item_id}")
    yield _joined(name, "tillbridge", f"i{variant.item_id}")


def _joined(*parts: str) -> str:
    return "-".join(part for part in parts if part)


def amount(value: Decimal) -> float:
    """Write an amount as JSON's number, with the digits that the till gave it."""
    return float(value)


def parent_sku(product: Product) -> str:
    """Name a configurable product: the till's matrices have no SKU, and Magento wants one."""
    return f"tillbridge-{product.key}"
