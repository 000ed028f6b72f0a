"""Carts of guests: enough to buy something over the API as a shopper's browser does."""

from typing import Any

from sandbox.magento.catalogue.product_json import number
from sandbox.magento.sales import placing
from sandbox.magento.sales.model import Cart
from sandbox.magento.web.errors import RestError, no_entity
from sandbox.magento.web.wire import Request

_METHODS = [{"code": "checkmo", "title": "Check / Money order"}]


def create(request: Request) -> str:
    shop = request.shop
    cart = Cart(shop.secret(), store_id=request.store_id or shop.settings.views[0].id)
    shop.carts[cart.id] = cart
    return cart.id


def _cart(request: Request) -> Cart:
    found = request.shop.carts.get(request.path["cartId"])
    if found is None:
        raise no_entity("cartId", request.path["cartId"])
    return found


def add_item(request: Request) -> dict[str, Any]:
    shop, cart, given = request.shop, _cart(request), request.record("cart_item")
    more = (given.get("product_option") or {}).get("extension_attributes") or {}
    options = more.get("configurable_item_options") or []
    quantity = float(given.get("qty") or 0)
    if quantity <= 0:
        raise RestError("The fewest you may purchase is %1.".replace("%1", "1"))
    item = placing.put(shop, cart, str(given.get("sku") or ""), quantity, options)
    bought = shop.products.get(item.product_id)
    shown = shop.products.get(item.parent_id or item.product_id)
    if bought is None or shown is None:
        raise RestError("Product that you are trying to add is not available.")
    return {
        "item_id": item.id,
        "sku": bought.sku,
        "qty": number(quantity),
        "name": shown.name,
        "price": float(placing.price_of(shop, bought)),
        "product_type": shown.type_id,
        "quote_id": cart.id,
    }


def set_shipping(request: Request) -> dict[str, Any]:
    cart, given = _cart(request), request.record("address_information")
    if (given.get("shipping_carrier_code"), given.get("shipping_method_code")) != ("flatrate", "flatrate"):
        raise RestError("Carrier with such method not found: %1, %2", [
            given.get("shipping_carrier_code"), given.get("shipping_method_code")])  # fmt: skip
    cart.shipping = given.get("shipping_address") or {}
    cart.billing = given.get("billing_address") or cart.shipping
    return {"payment_methods": _METHODS, "totals": {"items_qty": sum(number(item.quantity) for item in cart.items)}}


def pay(request: Request) -> str:
    """Place the order; gives its id as text."""
    shop, cart = request.shop, _cart(request)
    if cart.shipping is None:
        raise RestError("The shipping address is missing. Set the address and try again.")
    cart.email = str(request.body["email"])
    order = placing.place(shop, cart, payment_method=str(request.record("payment_method").get("method") or "checkmo"))
    del shop.carts[cart.id]
    return str(order.id)
