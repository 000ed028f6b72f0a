"""What the shop's page at ``/`` shows."""

import json

from sandbox.common.json_types import JsonObject
from sandbox.woocommerce.catalogue.model import Product
from sandbox.woocommerce.catalogue.product_json import price_of
from sandbox.woocommerce.catalogue.stock import keeper
from sandbox.woocommerce.shop import Shop

_PRODUCTS_SHOWN = 200
_ORDERS_SHOWN = 20


def page_context(shop: Shop) -> JsonObject:
    """Collect the shop's data for the page, the latest changes first."""
    with shop.lock:
        listed = [product for product in shop.products if not product.is_variation]
        listed.sort(key=lambda product: (product.modified, product.id), reverse=True)
        orders = sorted(shop.orders.values(), key=lambda order: order.id, reverse=True)
        return {
            "title": f"{shop.settings.name} (WooCommerce stand-in)",
            "product_count": len(listed),
            "time_zone": str(shop.settings.time_zone),
            "currency": shop.settings.currency,
            "products": [_row(shop, product) for product in listed[:_PRODUCTS_SHOWN]],
            "orders": [
                {
                    "number": order.number,
                    "status": order.status,
                    "total": str(order.total),
                    "items": sum(line.quantity for line in order.lines),
                    "via": order.created_via,
                }
                for order in orders[:_ORDERS_SHOWN]
            ],
            "webhooks": [
                {"topic": hook.topic, "url": hook.delivery_url, "status": hook.status}
                for hook in shop.webhooks.values()
            ],
            "waiting": len(shop.pending),
        }


def _row(shop: Shop, product: Product) -> JsonObject:
    image = next((shop.images[image_id] for image_id in product.image_ids if image_id in shop.images), None)
    children = shop.products.children(product.id)
    return {
        "image": f"{shop.settings.base_path}{image.path}" if image else "",
        "name": product.name,
        "type": product.type,
        "status": product.status,
        "price": price_of(shop, product),
        **_buyable(shop, product),
        "children": [
            {"name": ", ".join(child.options.values()), "price": child.price(shop.now()), **_buyable(shop, child)}
            for child in children
        ],
    }


def _buyable(shop: Shop, product: Product) -> JsonObject:
    kept_by = keeper(shop, product)
    return {
        "sku": product.sku,
        "stock": product.stock_status if kept_by is None else kept_by.stock_quantity,
        "order": json.dumps({"items": [{"sku": product.sku, "quantity": 1}]}) if product.sku else "",
    }
