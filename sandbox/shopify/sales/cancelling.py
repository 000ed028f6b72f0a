"""``orderCancel``: final, and told to be done later (facts/shopify.md, section 8)."""

from collections.abc import Mapping

from sandbox.shopify import rows
from sandbox.shopify.changing import order_changed
from sandbox.shopify.ids import gid
from sandbox.shopify.sales.fulfillments import write_off
from sandbox.shopify.sales.model import Order
from sandbox.shopify.sales.refunds import refund_everything
from sandbox.shopify.shop import Shop
from sandbox.shopify.web.context import Context
from sandbox.shopify.web.errors import UserErrors, refuse
from sandbox.shopify.web.resolving import Input, mutation


@mutation
def order_cancel(
    _root: object,
    context: Context,
    order_id: str,
    reason: str,
    *,
    restock: bool,
    refund: bool | None = None,
    refund_method: Input | None = None,
    notify_customer: bool = False,
    staff_note: str | None = None,
) -> Mapping[str, object]:
    del notify_customer, staff_note
    shop = context.shop
    order = rows.order(shop, order_id)
    if order is None:
        raise refuse("Order does not exist", "orderId", code="NOT_FOUND")
    problem = why_not(order)
    if problem is not None:
        raise problem
    money_back = bool(refund or (refund_method or {}).get("originalPaymentMethodsRefund"))
    cancel(shop, order, reason, restock=restock, money_back=money_back)
    job = {"id": gid("Job", shop.numbers.next("Job")), "done": False}
    return {"job": job, "orderCancelUserErrors": [], "userErrors": []}


def why_not(order: Order) -> UserErrors | None:
    """Say why an order cannot be cancelled."""
    if order.cancelled_at is not None:
        return refuse("Order has already been cancelled", "orderId", code="INVALID")
    if any(line.fulfilled for line in order.lines):
        return refuse("Cannot cancel a fulfilled order", "orderId", code="INVALID")
    return None


def cancel(shop: Shop, order: Order, reason: str, *, restock: bool, money_back: bool) -> None:
    """Cancel an order: its units are free again or gone, its money given back or not."""
    if not restock:
        write_off(shop, order)
    if not money_back:
        paid, order.transactions = order.transactions, []
        refund_everything(shop, order, "CANCEL" if restock else "NO_RESTOCK")
        order.transactions = [*paid, *order.transactions]
    else:
        refund_everything(shop, order, "CANCEL" if restock else "NO_RESTOCK")
    order.cancelled_at, order.cancel_reason = shop.now(), reason
    order.closed_at = order.cancelled_at
    for number in order.fulfillment_order_ids:
        shop.fulfillment_orders[number].status = "CLOSED"
    order_changed(shop, order, "ORDERS_CANCELLED")
