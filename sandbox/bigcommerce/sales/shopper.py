"""Orders as shoppers place them in the store's checkout (facts/bigcommerce.md, "Orders")."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from sandbox.bigcommerce.catalogue.model import Product, Variant
from sandbox.bigcommerce.inventory.levels import sellable
from sandbox.bigcommerce.sales import placing
from sandbox.bigcommerce.sales.model import AWAITING_FULFILLMENT, INCOMPLETE, Order
from sandbox.bigcommerce.shop import Shop

MANUAL = "Manual"
CARD = "Test Payment Gateway"


class CheckoutError(ValueError):
    """The checkout refuses; the text tells the shopper why."""


@dataclass(frozen=True, slots=True)
class Basket:
    """What a shopper takes to the checkout, SKUs to quantities."""

    items: Mapping[str, int]
    payment_method: str = CARD
    coupon: str = ""
    shipping: Decimal = Decimal(0)
    billing: Mapping[str, str] = field(default_factory=dict)
    customer_id: int = 0
    email_opt_in: bool = False
    pickups: Mapping[str, int] = field(default_factory=dict)
    """Where what is fetched by the shopper is fetched: SKUs to locations."""


def begin(shop: Shop, basket: Basket) -> Order:
    """Enter the payment step: an incomplete order appears and fires order/created, no stock moves."""
    with shop.lock:
        if not basket.items:
            raise CheckoutError("items: the basket is empty")
        if basket.coupon and basket.coupon.lower() not in shop.settings.coupons:
            raise CheckoutError(f"coupon: {basket.coupon!r} is unknown")
        if basket.customer_id and basket.customer_id not in shop.customers:
            raise CheckoutError(f"customer_id: there is no customer {basket.customer_id}")
        chosen = [(_wanted(shop, sku, quantity), quantity) for sku, quantity in basket.items.items()]
        order = placing.new_order(shop, "www")
        order.status_id, order.customer_id, order.coupon = INCOMPLETE, basket.customer_id, basket.coupon
        order.billing = order.shipping = dict(basket.billing)
        order.payment_method, order.shipping_cost = basket.payment_method, basket.shipping
        order.email_opt_in = basket.email_opt_in
        order.lines = [placing.product_line(shop, *found, quantity) for found, quantity in chosen]
        for line in order.lines:
            line.pickup_at = basket.pickups.get(line.sku, 0)
        placing.save_new(shop, order)
        return order


def pay(shop: Shop, order_id: int, status_id: int = AWAITING_FULFILLMENT) -> Order:
    """Pay: the order gets its status, and its stock is taken if the settings say so and there is still enough."""
    with shop.lock:
        order = shop.orders.get(order_id)
        if order is None or order.status_id != INCOMPLETE:
            raise CheckoutError(f"order_id: {order_id} is no order in the checkout")
        for line in order.lines:
            _wanted(shop, line.sku, line.quantity)
        order.paid = order.payment_method != MANUAL
        placing.give_status(shop, order, status_id)
        return order


def _wanted(shop: Shop, sku: str, quantity: int) -> tuple[Product, Variant]:
    found = shop.products.with_sku(sku)
    if found is None or not found[0].values["is_visible"] or found[1] not in found[0].variants:
        raise CheckoutError(f"items: there is nothing to buy with the SKU {sku!r}")
    product, variant = found
    if product.values["availability"] == "disabled" or variant.values["purchasing_disabled"]:
        raise CheckoutError(f"items: {sku!r} cannot be bought")
    kept = product.tracked(variant)
    if kept is not None and sellable(shop, kept.id) < quantity:
        raise CheckoutError(f"items: only {sellable(shop, kept.id)} of {sku!r} are left")
    return found
