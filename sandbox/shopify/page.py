"""What the shop's page at ``/`` shows."""

import json

from sandbox.common.json_types import JsonObject, JsonValue
from sandbox.shopify.catalogue.files import address_of, state_of
from sandbox.shopify.catalogue.media import files_of
from sandbox.shopify.catalogue.model import DEFAULT_VALUE, Product, ProductVariant
from sandbox.shopify.catalogue.naming import title_of, variants_of
from sandbox.shopify.hooks.payloads import money
from sandbox.shopify.sales.orders import financial_status
from sandbox.shopify.shop import Shop
from sandbox.shopify.stock.ledger import levels_of

_PRODUCTS_SHOWN = 200
_ORDERS_SHOWN = 20


def page_context(shop: Shop) -> JsonObject:
    """Collect the shop's data for the page, the latest changes first."""
    with shop.lock:
        listed = sorted(shop.products.values(), key=lambda row: (row.updated_at, row.id), reverse=True)
        orders = sorted(shop.orders.values(), key=lambda row: row.id, reverse=True)
        return {
            "title": f"{shop.settings.name} (Shopify stand-in)",
            "domain": shop.settings.domain,
            "product_count": len(listed),
            "currency": shop.settings.currency,
            "places": [place.name for place in shop.locations.values() if place.is_active],
            "products": [_row(shop, product) for product in listed[:_PRODUCTS_SHOWN]],
            "orders": [
                {
                    "name": row.name,
                    "paid": financial_status(row),
                    "items": sum(line.current_quantity for line in row.lines),
                    "total": money(row.total),
                    "cancelled": row.cancelled_at is not None,
                }
                for row in orders[:_ORDERS_SHOWN]
            ],
            "webhooks": [
                {"topic": row.topic, "uri": row.uri, "failures": row.failures}
                for row in shop.subscriptions.rows.values()
            ],
            "waiting": len(shop.subscriptions.waiting),
        }


def _row(shop: Shop, product: Product) -> JsonObject:
    pictures = (row for row in files_of(shop, product) if state_of(shop, row) == "READY")
    shown = next((address_of(shop, row) for row in pictures), "")
    return {
        "image": shown.removeprefix(shop.home_url),
        "title": product.title,
        "status": product.status,
        "channels": [shop.publications[number].name for number in product.published],
        "variants": [_variant(shop, product, variant) for variant in variants_of(shop, product)],
    }


def _variant(shop: Shop, product: Product, variant: ProductVariant) -> JsonObject:
    item, title = shop.items[variant.item_id], title_of(product, variant)
    stock: list[JsonValue] = [
        {"place": shop.locations[level.location_id].name, "available": level.states["available"]}
        for level in levels_of(shop, item.id)
        if level.is_active
    ]
    return {
        "title": "" if title == DEFAULT_VALUE else title,
        "sku": item.sku or "",
        "price": money(variant.price),
        "stock": stock if item.tracked else [],
        "order": json.dumps({"items": [{"sku": item.sku, "quantity": 1}]}) if item.sku else "",
    }
