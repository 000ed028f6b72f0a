"""Global ids (facts/shopify.md, section 7). We keep the number alone; the kind is known wherever one is used."""

import re

PRODUCT, VARIANT, ITEM, MEDIA, LOCATION = "Product", "ProductVariant", "InventoryItem", "MediaImage", "Location"
_GID = re.compile(r"gid://shopify/\w+/(\d+)(\?.*)?")


def gid(kind: str, number: str) -> str:
    """Write a global id, e.g. ``gid://shopify/Product/17``."""
    return f"gid://shopify/{kind}/{number}"


def number_of(text: str) -> str:
    """Take the number out of a global id; ``ValueError`` when it is none."""
    match = _GID.fullmatch(text)
    if match is None:
        raise ValueError("no global id")
    return match[1]
