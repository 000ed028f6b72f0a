"""What the store's page at ``/`` shows."""

import json

from sandbox.bigcommerce.catalogue.model import Product, Variant
from sandbox.bigcommerce.catalogue.product_json import calculated_price, image_url, product_level
from sandbox.bigcommerce.inventory.levels import sellable
from sandbox.bigcommerce.sales.model import STATUSES
from sandbox.bigcommerce.shop import Shop
from sandbox.common.json_types import JsonObject

_PRODUCTS_SHOWN = 200
_ORDERS_SHOWN = 20


def page_context(shop: Shop) -> JsonObject:
    """Collect the store's data for the page, the latest changes first."""
    with shop.lock:
        listed = sorted(shop.products, key=lambda product: (product.modified, product.id), reverse=True)
        orders = sorted(shop.orders.values(), key=lambda order: order.id, reverse=True)
        return {
            "title": f"{shop.settings.name} (BigCommerce stand-in)",
            "product_count": len(listed),
            "store_hash": shop.settings.store_hash,
            "currency": shop.settings.currency,
            "products": [_row(shop, product) for product in listed[:_PRODUCTS_SHOWN]],
            "orders": [
                {
                    "number": order.id,
                    "status": STATUSES[order.status_id],
                    "total": str(order.totals.total_inc_tax),
                    "items": sum(line.quantity for line in order.lines),
                    "via": order.source,
                }
                for order in orders[:_ORDERS_SHOWN]
            ],
            "webhooks": [
                {"topic": hook.scope, "url": hook.destination, "status": "active" if hook.active else "off"}
                for hook in shop.webhooks.values()
            ],
            "waiting": len(shop.pending),
            "adjustments": len(shop.adjustments),
        }


def _row(shop: Shop, product: Product) -> JsonObject:
    image = next((image for image in product.images if image.is_thumbnail), None)
    return {
        "image": image_url(shop, product, image, "url_tiny").removeprefix(shop.home_url) if image else "",
        "name": product.name,
        "status": "visible" if product.values["is_visible"] else "hidden",
        **_buyable(shop, product, product.base),
        "stock": product_level(shop, product) if product.tracking != "none" else "",
        "children": [
            {"name": _choice(product, variant), **_buyable(shop, product, variant)} for variant in product.choices
        ],
    }


def _choice(product: Product, variant: Variant) -> str:
    labels = {value.id: value.label for option in product.options for value in option.values}
    return ", ".join(labels[value_id] for value_id in variant.choices.values())


def _buyable(shop: Shop, product: Product, variant: Variant) -> JsonObject:
    kept = product.tracked(variant)
    return {
        "sku": variant.sku,
        "price": calculated_price(product, variant),
        "stock": sellable(shop, kept.id) if kept is not None else "",
        "order": json.dumps({"items": [{"sku": variant.sku, "quantity": 1}]}) if variant.sku else "",
    }
