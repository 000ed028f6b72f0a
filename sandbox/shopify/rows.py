"""Finds rows by the global ids that requests name, whatever their type."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from sandbox.shopify import ids
from sandbox.shopify.catalogue.model import Collection, Product, ProductVariant, Publication
from sandbox.shopify.sales.model import Order
from sandbox.shopify.shop import Shop
from sandbox.shopify.stock.model import InventoryItem, InventoryLevel, Location
from sandbox.shopify.web.errors import TopLevelError

_T = TypeVar("_T")

_TABLES: Mapping[str, Callable[[Shop], Mapping[int, object]]] = {
    "Product": lambda shop: shop.products,
    "ProductVariant": lambda shop: shop.variants,
    "InventoryItem": lambda shop: shop.items,
    "Location": lambda shop: shop.locations,
    "Publication": lambda shop: shop.publications,
    "Collection": lambda shop: shop.collections,
    "MediaImage": lambda shop: shop.files,
    "GenericFile": lambda shop: shop.files,
    "Order": lambda shop: shop.orders,
    "Refund": lambda shop: shop.refunds,
    "Fulfillment": lambda shop: shop.fulfillments,
    "FulfillmentOrder": lambda shop: shop.fulfillment_orders,
    "Customer": lambda shop: shop.customers,
    "WebhookSubscription": lambda shop: shop.subscriptions.rows,
    "BulkOperation": lambda shop: shop.bulk,
    "ProductSetOperation": lambda shop: shop.product_operations,
    "ProductDeleteOperation": lambda shop: shop.product_operations,
    "InventoryAdjustmentGroup": lambda shop: shop.adjustments,
    "MetafieldDefinition": lambda shop: shop.definitions,
    "InventoryLevel": lambda shop: {level.id: level for level in shop.levels.values()},
    "Metafield": lambda shop: {field.id: field for field in shop.metafields.values()},
    "ProductOption": lambda shop: {option.id: option for row in shop.products.values() for option in row.options},
    "LineItem": lambda shop: {line.id: line for order in shop.orders.values() for line in order.lines},
}


def find(shop: Shop, gid: str) -> object | None:
    """Give the row of a global id of any type; None where there is none. Raises for text that is no global id."""
    named = ids.split(gid)
    if named is None:
        raise TopLevelError(f"Invalid global id '{gid}'", "INVALID_FIELD_ARGUMENTS")
    table = _TABLES.get(named[0])
    row = table(shop).get(named[1]) if table else None
    return row if row is not None and type(row).__name__ == named[0] else None


def gid_of(row: object) -> str:
    """Write the global id of a row."""
    if isinstance(row, InventoryLevel):
        return f"gid://shopify/InventoryLevel/{row.id}?inventory_item_id={row.item_id}"
    return ids.gid(type(row).__name__, getattr(row, "id"))  # noqa: B009 - rows of many types


def _of(kind: type[_T], shop: Shop, gid: str | None) -> _T | None:
    """Give a row if it is there and of that kind; ids of other types find nothing."""
    if gid is None or ids.split(gid) is None:
        return None
    row = find(shop, gid)
    return row if isinstance(row, kind) else None


def product(shop: Shop, gid: str | None) -> Product | None:
    return _of(Product, shop, gid)


def variant(shop: Shop, gid: str | None) -> ProductVariant | None:
    return _of(ProductVariant, shop, gid)


def item(shop: Shop, gid: str | None) -> InventoryItem | None:
    return _of(InventoryItem, shop, gid)


def location(shop: Shop, gid: str | None) -> Location | None:
    return _of(Location, shop, gid)


def collection(shop: Shop, gid: str | None) -> Collection | None:
    return _of(Collection, shop, gid)


def publication(shop: Shop, gid: str | None) -> Publication | None:
    return _of(Publication, shop, gid)


def order(shop: Shop, gid: str | None) -> Order | None:
    return _of(Order, shop, gid)
