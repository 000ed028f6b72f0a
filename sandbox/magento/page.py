"""What the shop's page at ``/`` shows."""

import json
from typing import Any

from sandbox.magento.catalogue.model import Product
from sandbox.magento.catalogue.pictures import FOLDER
from sandbox.magento.catalogue.product_json import number
from sandbox.magento.sales.placing import price_of
from sandbox.magento.shop import Shop
from sandbox.magento.stock import salable

_PRODUCTS_SHOWN = 200
_ORDERS_SHOWN = 20


def page_context(shop: Shop) -> dict[str, Any]:
    """Collect the shop's data for the page, the latest changes first."""
    with shop.lock:
        below = {child_id for product in shop.products for child_id in product.child_ids}
        listed = [product for product in shop.products if product.id not in below]
        listed.sort(key=lambda product: (product.updated, product.id), reverse=True)
        orders = sorted(shop.orders.values(), key=lambda order: order.id, reverse=True)
        return {
            "title": f"{shop.settings.name} (Magento stand-in)",
            "product_count": len(listed),
            "time_zone": str(shop.settings.time_zone),
            "currency": shop.settings.currency,
            "generation": shop.switches.generation,
            "products": [_row(shop, product) for product in listed[:_PRODUCTS_SHOWN]],
            "orders": [
                {
                    "number": order.number,
                    "state": order.state,
                    "total": str(order.total),
                    "items": sum(line.ordered for line in order.priced),
                    "taken_over": order.ext_order_id or "",
                }
                for order in orders[:_ORDERS_SHOWN]
            ],
            "integrations": [
                {"id": entry.id, "name": entry.name, "callback": entry.callback_url, "active": entry.active}
                for entry in shop.integrations.values()
            ],
        }


def _row(shop: Shop, product: Product) -> dict[str, Any]:
    role = product.value("image")
    return {
        "image": f"{shop.settings.base_path}{FOLDER}{role}" if role in shop.files else "",
        "name": product.name,
        "status": "on" if product.on else "off",
        **_buyable(shop, product),
        "children": [{"name": child.name, **_buyable(shop, child)} for child in shop.products.children(product)],
    }


def _buyable(shop: Shop, product: Product) -> dict[str, Any]:
    if product.configurable:
        return {"sku": product.sku, "price": "", "stock": "", "salable": "", "order": ""}
    figures = [f"{row.source_code} {number(row.quantity)}" for row in shop.inventory.items.values()
               if row.sku.casefold() == product.sku.casefold()]  # fmt: skip
    return {
        "sku": product.sku,
        "price": f"{price_of(shop, product):.2f}",
        "stock": ", ".join(figures) if shop.switches.multi_source else number(product.stock_item.qty),
        "salable": number(salable.quantity(shop, product)),
        "order": json.dumps({"items": [{"sku": product.sku, "quantity": 1}]}),
    }
