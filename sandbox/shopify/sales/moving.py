"""People have another location send what one was to send (the schema's own words about ``fulfillmentOrderMove``).

A fulfilment order that goes whole keeps its number. Of one that is split, or partly sent, the units go to a new one;
and where the location has one of the order already, that is closed and its lines are made anew in a new one.
"""

from sandbox.common.control import ControlError
from sandbox.shopify.changing import order_changed
from sandbox.shopify.sales.model import FulfillmentOrder, FulfillmentOrderLineItem, LineItem, Order
from sandbox.shopify.sales.placing import add_fulfillment_order
from sandbox.shopify.shop import Shop
from sandbox.shopify.stock.ledger import move, stocked

_OPEN = frozenset({"OPEN", "IN_PROGRESS"})


def move_units(shop: Shop, order: Order, line: LineItem, target: int, units: int) -> None:
    """Have ``target`` send units of a line that wait elsewhere."""
    variant = shop.variants.get(line.variant_id or 0)
    if variant is not None and stocked(shop, variant.item_id, target) is None:
        raise ControlError(f"location: {target} does not stock {line.sku!r}")
    waiting = [
        (row, entry)
        for row in _open_rows(shop, order)
        for entry in row.lines
        if row.location_id != target and entry.line_id == line.id and entry.remaining_quantity
    ]
    if sum(entry.remaining_quantity for _, entry in waiting) < units:
        raise ControlError(f"quantity: fewer than {units} of {line.sku!r} wait elsewhere")
    for row, entry in waiting:
        taken = min(units, entry.remaining_quantity)
        units -= taken
        if taken:
            _commit_elsewhere(shop, line, row.location_id, target, taken)
            _reassign(shop, order, row, entry, target, taken)
    order_changed(shop, order)


def _open_rows(shop: Shop, order: Order) -> list[FulfillmentOrder]:
    rows = (shop.fulfillment_orders[number] for number in order.fulfillment_order_ids)
    return [row for row in rows if row.status in _OPEN]


def _reassign(
    shop: Shop, order: Order, row: FulfillmentOrder, entry: FulfillmentOrderLineItem, target: int, units: int
) -> None:
    there = [one for one in _open_rows(shop, order) if one.location_id == target]
    untouched = all(one.remaining_quantity == one.total_quantity for one in row.lines)
    if not there and untouched and len(row.lines) == 1 and units == entry.total_quantity:
        row.location_id, row.updated_at = target, shop.now()
        return
    entry.remaining_quantity -= units
    if untouched:
        entry.total_quantity -= units
        row.lines = [one for one in row.lines if one.total_quantity]
    if not any(one.remaining_quantity for one in row.lines):
        row.status = "CLOSED"
    together = {entry.line_id: units}
    for one in there:
        for other in one.lines:
            together[other.line_id] = together.get(other.line_id, 0) + other.remaining_quantity
            other.remaining_quantity = 0  # its total goes on counting what is in the new one by now
        one.status = "CLOSED"
    add_fulfillment_order(shop, order, target, {number: count for number, count in together.items() if count})


def _commit_elsewhere(shop: Shop, line: LineItem, source: int, target: int, units: int) -> None:
    variant = shop.variants.get(line.variant_id or 0)
    if variant is None or not shop.items[variant.item_id].tracked:
        return
    for location_id, count in ((source, -units), (target, units)):
        level = shop.levels.get((variant.item_id, location_id))
        if level is not None:
            move(shop, level, available=-count, committed=count)
