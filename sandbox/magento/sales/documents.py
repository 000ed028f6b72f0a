"""What invoices, shipments and refunds have in common: which rows and how many units they are for."""

from collections.abc import Callable, Sequence
from typing import Any

from sandbox.magento.sales.model import Line, Order
from sandbox.magento.web.errors import RestError

Free = Callable[[Line], int]


def refused(kind: str, reason: str) -> RestError:
    """Refuse a document for a reason of its own."""
    return RestError(f"{kind} Document Validation Error(s):\n{reason}")


def chosen(order: Order, items: Sequence[dict[str, Any]] | None, free: Free) -> dict[int, int]:
    """Give the units per row that a document is for: those named, else all that are free.

    Only rows with money count: what is said of a configurable's child says nothing.
    """
    priced = {line.id: line for line in order.priced}
    if not items:
        return {line.id: free(line) for line in priced.values() if free(line)}
    units: dict[int, int] = {}
    for item in items:
        row = int(item.get("order_item_id") or 0)
        if row in priced and item.get("qty"):
            units[row] = units.get(row, 0) + int(item["qty"])
    return units


def too_many(order: Order, units: dict[int, int], free: Free) -> Line | None:
    """Give a row of which more units were named than are free."""
    return next((line for line in order.priced if units.get(line.id, 0) > free(line)), None)
