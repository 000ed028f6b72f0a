"""Orders as shoppers place them in the shop's checkout: drafted first, then placed (facts/woocommerce.md, "Orders")."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from sandbox.woocommerce.catalogue.model import Product
from sandbox.woocommerce.catalogue.stock import keeper
from sandbox.woocommerce.sales import lines, placing
from sandbox.woocommerce.sales.model import Charge, Order
from sandbox.woocommerce.sales.totals import recalculate
from sandbox.woocommerce.settings import Gateway
from sandbox.woocommerce.shop import Shop

_DRAFT = "checkout-draft"


class CheckoutError(ValueError):
    """The checkout refuses; the text tells the shopper why."""


@dataclass(frozen=True, slots=True)
class Basket:
    """What a shopper takes to the checkout, SKUs to quantities."""

    items: Mapping[str, int]
    payment_method: str = placing.COD
    coupon: str = ""
    shipping: Decimal | None = None
    billing: Mapping[str, str] = field(default_factory=dict)
    customer_id: int = 0


def draft(shop: Shop, basket: Basket) -> Order:
    """Enter the checkout: a draft appears among the orders and fires order.updated, no stock moves."""
    with shop.lock:
        chosen = [(_sellable(shop, sku, quantity), quantity) for sku, quantity in basket.items.items()]
        if not chosen:
            raise CheckoutError("items: the basket is empty")
        gateway = _gateway(shop, basket)
        order = placing.new_order(shop, "store-api")
        order.status, order.customer_id = _DRAFT, basket.customer_id
        order.billing = order.shipping = dict(basket.billing)
        order.payment_method, order.payment_method_title = gateway.id, gateway.title
        order.lines = tuple(lines.product_line(shop, product, quantity) for product, quantity in chosen)
        if basket.shipping is not None:
            order.shipping_lines = (Charge(shop.next_row_id(), "flat_rate", "Flat rate", basket.shipping),)
        lines.use_coupons(shop, order, [basket.coupon] if basket.coupon else [])
        recalculate(shop, order)
        placing.save(shop, order)
        return order


def place(shop: Shop, order_id: int) -> Order:
    """Leave the checkout: the order is processing, and its stock taken, if there is still enough."""
    with shop.lock:
        current = shop.orders.get(order_id)
        if current is None or current.status != _DRAFT:
            raise CheckoutError(f"order_id: {order_id} is no order in the checkout")
        for line in current.lines:
            _sellable(shop, line.sku, line.quantity)
        order = replace(current)
        gateway = shop.settings.gateway(order.payment_method)
        placing.give_status(shop, order, "processing", paid=gateway is not None and gateway.paid_at_once)
        if gateway is not None and not gateway.paid_at_once:
            order.paid = None
        placing.save(shop, order, created=True)
        return order


def _gateway(shop: Shop, basket: Basket) -> Gateway:
    gateway = shop.settings.gateway(basket.payment_method)
    if gateway is None:
        known = ", ".join(gateway.id for gateway in shop.settings.gateways)
        raise CheckoutError(f"payment_method: {basket.payment_method!r} is none of {known}")
    return gateway


def _sellable(shop: Shop, sku: str, quantity: int) -> Product:
    product = next((found for found in shop.products.with_sku(sku) if found.status == "publish"), None)
    if product is None or product.type == "variable":
        raise CheckoutError(f"items: there is nothing to buy with the SKU {sku!r}")
    kept_by = keeper(shop, product)
    shown = kept_by or product
    if shown.stock_status == "outofstock":
        raise CheckoutError(f"items: {sku!r} is out of stock")
    if kept_by is not None and kept_by.backorders == "no" and (kept_by.stock_quantity or 0) < quantity:
        raise CheckoutError(f"items: only {kept_by.stock_quantity} of {sku!r} are left")
    return product
