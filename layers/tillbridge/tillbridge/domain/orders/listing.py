"""Under which word an order is listed for people: its state, or the task that it is."""

from tillbridge.domain.orders.record import OrderRecord, OrderState

RETURNED = "returned"
"""Goods came back at the till, and the shop has yet to give the money back."""

LISTINGS: tuple[str, ...] = (*(state.value for state in OrderState), RETURNED)


def listed_as(record: OrderRecord) -> str:
    """Name it. A task goes before a state in which there is nothing to do."""
    return RETURNED if record.tasks and record.state.is_over else record.state.value
