"""What happens to an order whatever route it comes by: made, given a status, paid, stored."""

from sandbox.woocommerce.sales import stock
from sandbox.woocommerce.sales.model import Order, Refund
from sandbox.woocommerce.shop import Shop

_REFUND_OF_THE_REST = "Order fully refunded."
_PAID = "processing"
COD = "cod"


def new_order(shop: Shop, created_via: str, currency: str = "") -> Order:
    """Make an order that is not stored yet, still pending."""
    now, order_id = shop.now(), shop.next_post_id()
    number = str(shop.next_order_number()) if shop.switches.sequential_numbers else str(order_id)
    key = f"wc_order_{shop.random.getrandbits(64):016x}"
    return Order(order_id, number, now, now, "pending", currency or shop.settings.currency, key, created_via)


def give_status(shop: Shop, order: Order, status: str, *, paid: bool = False) -> None:
    """Move a draft to a status, with the dates, the stock and the refund that come with it."""
    status = _PAID if paid and status in {"pending", "on-hold", "failed", "checkout-draft"} else status
    order.status = status
    now = shop.now()
    if paid or _counts_as_paid(order):
        order.paid = order.paid or now
    if status == "completed":
        order.completed = order.completed or now
    if status == "refunded":
        _refund_rest(shop, order)
    stock.follow_status(shop, order)


def _counts_as_paid(order: Order) -> bool:
    """Cash on delivery counts as paid when the order is completed, all else when it is processed."""
    return order.status == "completed" or (order.status == _PAID and order.payment_method != COD)


def _refund_rest(shop: Shop, order: Order) -> None:
    """Write off what is not refunded yet; no lines, no stock, no money moved."""
    rest = order.total - order.refunded
    if rest > 0:
        refund = Refund(
            shop.next_post_id(), order.id, shop.now(), rest, _REFUND_OF_THE_REST, refunded_by=1, refunded_payment=False
        )
        order.refunds = (*order.refunds, refund)


def save(shop: Shop, order: Order, *, created: bool = False) -> None:
    """Store a draft and tell the hooks; every order is also updated when it is created."""
    order.modified = shop.now()
    shop.orders[order.id] = order
    if created:
        shop.emit("order.created", order.id)
    shop.emit("order.updated", order.id)
