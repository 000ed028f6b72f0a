"""What every change brings about: a new date, a new version in the search index, a web hook."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sandbox.shopify.catalogue.model import Collection, Product
from sandbox.shopify.hooks import payloads
from sandbox.shopify.hooks.emitting import emit
from sandbox.shopify.sales.model import Customer, Order
from sandbox.shopify.shop import Shop
from sandbox.shopify.stock.model import InventoryItem, InventoryLevel
from sandbox.shopify.web.index import Index
from sandbox.shopify.web.search import Value

Doc = Mapping[str, Sequence[Value]]


def index_of(shop: Shop, kind: str) -> Index[Any]:
    """Give the search index of one kind of row."""
    if kind not in shop.indexes:
        keys, describe = _DESCRIBED[kind]
        shop.indexes[kind] = Index(frozenset(keys), lambda row: describe(shop, row))
    return shop.indexes[kind]


def product_changed(shop: Shop, product: Product, topic: str = "PRODUCTS_UPDATE") -> None:
    """Note that a product, its variants or its options have changed."""
    now = shop.now()
    product.updated_at = now
    index_of(shop, "Product").enter(product, now)
    for variant_id in product.variant_ids:
        variant = shop.variants[variant_id]
        index_of(shop, "ProductVariant").enter(variant, now)
        index_of(shop, "InventoryItem").enter(shop.items[variant.item_id], now)
    emit(shop, topic, lambda: payloads.product(shop, product))


def product_gone(shop: Shop, product: Product) -> None:
    index_of(shop, "Product").drop(product, shop.now())
    emit(shop, "PRODUCTS_DELETE", lambda: {"id": product.id})


def item_changed(shop: Shop, item: InventoryItem) -> None:
    item.updated_at = shop.now()
    index_of(shop, "InventoryItem").enter(item, shop.now())
    emit(shop, "INVENTORY_ITEMS_UPDATE", lambda: payloads.item(item))
    variant = shop.variants.get(item.variant_id)
    if variant is not None:
        variant.updated_at = shop.now()
        product_changed(shop, shop.products[variant.product_id])


def level_changed(shop: Shop, level: InventoryLevel, topic: str = "INVENTORY_LEVELS_UPDATE") -> None:
    level.updated_at = shop.now()
    emit(shop, topic, lambda: payloads.level(level))


def collection_changed(shop: Shop, collection: Collection, topic: str = "COLLECTIONS_UPDATE") -> None:
    collection.updated_at = shop.now()
    index_of(shop, "Collection").enter(collection, shop.now())
    emit(shop, topic, lambda: payloads.collection(collection))


def order_changed(shop: Shop, order: Order, *topics: str) -> None:
    """Note that an order has changed; ORDERS_UPDATED fires besides `topics`."""
    order.updated_at = shop.now()
    index_of(shop, "Order").enter(order, shop.now())
    for topic in (*topics, "ORDERS_UPDATED"):
        emit(shop, topic, lambda: payloads.order(shop, order))


def customer_changed(shop: Shop, customer: Customer, topic: str = "CUSTOMERS_UPDATE") -> None:
    customer.updated_at = shop.now()
    index_of(shop, "Customer").enter(customer, shop.now())
    emit(shop, topic, lambda: payloads.customer(customer))


# --- what rows are found by -------------------------------------------------------------------------------------------


def _product(shop: Shop, row: Product) -> Doc:
    variants = [shop.variants[number] for number in row.variant_ids]
    skus = [sku for variant in variants if (sku := shop.items[variant.item_id].sku)]
    return {
        "": [row.title, row.vendor, row.product_type, *row.tags, *skus],
        "id": [row.id],
        "title": [row.title],
        "handle": [row.handle],
        "vendor": [row.vendor],
        "product_type": [row.product_type],
        "status": [row.status],
        "tag": list(row.tags),
        "sku": skus,
        "barcode": [variant.barcode for variant in variants if variant.barcode],
        "created_at": [row.created_at],
        "updated_at": [row.updated_at],
    }


def _variant(shop: Shop, row: object) -> Doc:
    variant = shop.variants[getattr(row, "id")]  # noqa: B009
    product = shop.products[variant.product_id]
    return {
        "": [product.title, shop.items[variant.item_id].sku or ""],
        "id": [variant.id],
        "product_id": [product.id],
        "sku": [sku] if (sku := shop.items[variant.item_id].sku) else [],
        "barcode": [variant.barcode] if variant.barcode else [],
        "title": [product.title],
        "vendor": [product.vendor],
        "product_status": [product.status],
        "updated_at": [variant.updated_at],
    }


def _item(_shop: Shop, row: InventoryItem) -> Doc:
    return {
        "": [row.sku or ""],
        "id": [row.id],
        "sku": [row.sku] if row.sku else [],
        "created_at": [row.created_at],
        "updated_at": [row.updated_at],
    }


def _collection(_shop: Shop, row: Collection) -> Doc:
    return {
        "": [row.title],
        "id": [row.id],
        "title": [row.title],
        "handle": [row.handle],
        "updated_at": [row.updated_at],
    }


def _order(_shop: Shop, row: Order) -> Doc:
    state = "cancelled" if row.cancelled_at else "closed" if row.closed_at else "open"
    return {
        "": [row.name, row.email or ""],
        "id": [row.id],
        "name": [row.name, str(row.number)],
        "status": [state, "any"],
        "source_name": [row.source_name],
        "test": ["true" if row.test else "false"],
        "tag": list(row.tags),
        "created_at": [row.created_at],
        "processed_at": [row.processed_at],
        "updated_at": [row.updated_at],
    }


def _customer(_shop: Shop, row: Customer) -> Doc:
    return {
        "": [row.email or "", row.first_name or "", row.last_name or "", row.phone or ""],
        "id": [row.id],
        "email": [row.email] if row.email else [],
        "phone": [row.phone] if row.phone else [],
        "updated_at": [row.updated_at],
    }


_DESCRIBED: Mapping[str, tuple[tuple[str, ...], Callable[[Shop, Any], Doc]]] = {
    "Product": (
        (
            "id",
            "title",
            "handle",
            "vendor",
            "product_type",
            "status",
            "tag",
            "sku",
            "barcode",
            "created_at",
            "updated_at",
        ),
        _product,
    ),
    "ProductVariant": (
        ("id", "product_id", "sku", "barcode", "title", "vendor", "product_status", "updated_at"),
        _variant,
    ),
    "InventoryItem": (("id", "sku", "created_at", "updated_at"), _item),
    "Collection": (("id", "title", "handle", "updated_at"), _collection),
    "Order": (
        ("id", "name", "status", "source_name", "test", "tag", "created_at", "processed_at", "updated_at"),
        _order,
    ),
    "Customer": (("id", "email", "phone", "updated_at"), _customer),
}
