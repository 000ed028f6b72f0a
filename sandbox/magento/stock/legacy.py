"""The single figure per product of old, which mirrors the default source while there are sources."""

from collections.abc import Mapping
from typing import Any

from sandbox.magento.catalogue.model import Product
from sandbox.magento.shop import Shop
from sandbox.magento.stock.model import DEFAULT_SOURCE, SourceItem

_OWN = ("qty", "is_in_stock", "manage_stock")
_FIXED = {"item_id", "product_id", "stock_id", "extension_attributes"}


def write(shop: Shop, product: Product, given: Mapping[str, Any]) -> None:
    """Write the single figure, and with it the default source; no other source changes."""
    item = product.stock_item
    if given.get("qty") is not None:
        item.qty = given["qty"]
    if given.get("is_in_stock") is not None:
        item.is_in_stock = given["is_in_stock"]
    if given.get("manage_stock") is not None:
        item.manage_stock = given["manage_stock"]
    item.more |= {name: value for name, value in given.items() if name not in _FIXED and name not in _OWN}
    if shop.switches.multi_source and not product.configurable:
        _align(shop, product)


def _align(shop: Shop, product: Product) -> None:
    item, key = product.stock_item, (product.sku.casefold(), DEFAULT_SOURCE)
    if key in shop.inventory.items or item.qty or item.is_in_stock:
        shop.inventory.items[key] = SourceItem(product.sku, DEFAULT_SOURCE, item.qty, int(item.is_in_stock))


def mirror(shop: Shop, row: SourceItem) -> None:
    """Bring the single figure in step with a row of the default source."""
    product = shop.products.find(row.sku) if row.source_code == DEFAULT_SOURCE else None
    if product is not None:
        product.stock_item.qty, product.stock_item.is_in_stock = row.quantity, bool(row.status)
