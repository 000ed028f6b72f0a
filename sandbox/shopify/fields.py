"""Brings in every module that answers fields of the schema; each registers its own when it is imported."""

from importlib import import_module

from sandbox.shopify.catalogue.lookup import register_by_id
from sandbox.shopify.catalogue.model import (
    Collection,
    Product,
    ProductDeleteOperation,
    ProductSetOperation,
    ProductVariant,
)
from sandbox.shopify.operations.model import BulkOperation
from sandbox.shopify.sales.model import Customer, FulfillmentOrder, Refund
from sandbox.shopify.stock.model import InventoryItem, InventoryLevel

_MODULES = (
    "info",
    "catalogue.collections", "catalogue.files", "catalogue.lookup", "catalogue.media", "catalogue.metafields",
    "catalogue.operations", "catalogue.options", "catalogue.product_set", "catalogue.products",
    "catalogue.reading", "catalogue.variants",
    "stock.activation", "stock.reading", "stock.writing",
    "sales.customers", "sales.fulfillments", "sales.lines", "sales.orders", "sales.refunds", "sales.cancelling",
    "hooks.subscriptions",
    "operations.bulk", "operations.uploads",
)  # fmt: skip


def register() -> None:
    """Register all resolvers; doing it again changes nothing."""
    for name in _MODULES:
        import_module(f"sandbox.shopify.{name}")
    register_by_id(
        {
            "product": Product,
            "productVariant": ProductVariant,
            "productOperation": (ProductSetOperation, ProductDeleteOperation),
            "collection": Collection,
            "inventoryItem": InventoryItem,
            "inventoryLevel": InventoryLevel,
            "refund": Refund,
            "customer": Customer,
            "fulfillmentOrder": FulfillmentOrder,
            "bulkOperation": BulkOperation,
        }
    )
