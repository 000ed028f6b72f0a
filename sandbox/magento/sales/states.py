"""How far an order is: the shop's own state, from the quantities of its rows."""

from sandbox.magento.sales.model import Order
from sandbox.magento.shop import Shop
from sandbox.magento.web.errors import RestError

STATUSES = {"new": "pending", "processing": "processing", "complete": "complete", "closed": "closed",
            "canceled": "canceled", "holded": "holded"}  # fmt: skip
ENDED = {"canceled", "complete", "closed", "holded"}


def find(shop: Shop, order_id: int) -> Order:
    """Find an order; raises RestError, status 404."""
    order = shop.orders.get(order_id)
    if order is None:
        text = "The entity that was requested doesn't exist. Verify the entity and try again."
        raise RestError(text, status=404)
    return order


def move(order: Order, state: str) -> None:
    """Bring an order into a state, with the status that goes with it."""
    if order.state != state:
        order.state, order.status = state, STATUSES[state]


def settle(order: Order) -> None:
    """Bring an order into the state that its quantities say."""
    rows = order.priced
    if order.paid and order.refunded >= order.total:
        move(order, "closed")
    elif order.paid >= order.total and not any(row.shippable for row in rows):
        move(order, "complete")
    elif order.state == "new":
        move(order, "processing")
