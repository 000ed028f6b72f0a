"""From where the units of orders leave, for whoever keeps stock place by place (facts/shopify.md, section 8)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from tillbridge.domain.errors import MissingRightError
from tillbridge.domain.merchant import Lane
from tillbridge.domain.orders.order import ZERO
from tillbridge.domain.product import ListingRef, OrderLine, WebOrder
from tillbridge.systems.common.pieces import in_pieces
from tillbridge.systems.shopify.api.client import ShopifyClient
from tillbridge.systems.shopify.api.documents.desk import PLACES_BY_ID
from tillbridge.systems.shopify.api.ids import gid
from tillbridge.systems.shopify.catalogue import ref_of
from tillbridge.systems.shopify.desk.whence import places_of
from tillbridge.systems.shopify.desk.wire import PlacesRow

AT_ONCE = 10

Left = dict[ListingRef, dict[str, Decimal]]
"""Units by place, by listing."""


def located(client: ShopifyClient, orders: Sequence[WebOrder]) -> tuple[WebOrder, ...]:
    """Say of each line which places it leaves; one call for each ten orders.

    An app that may not see fulfilment orders gets the orders as they are: only where orders become sales it may.
    """
    told: dict[str, PlacesRow] = {}
    for piece in in_pieces(orders, AT_ONCE):
        ids = [gid("Order", order.order_id) for order in piece]
        try:
            rows = client.ask(PLACES_BY_ID, list[PlacesRow | None], "nodes", Lane.STOCK, ids=ids)
        except MissingRightError:
            return tuple(orders)
        told |= {row.id: row for row in rows if row}
    return tuple(_located(order, told[order.order_id]) if order.order_id in told else order for order in orders)


def _located(order: WebOrder, row: PlacesRow) -> WebOrder:
    left: Left = {}
    refs = {line.id: ref_of(line.variant) for line in row.line_items.nodes if line.variant}
    for line_id, places in places_of(row.fulfillment_orders.nodes, row.fulfillments).items():
        if line_id in refs:
            at = left.setdefault(refs[line_id], {})
            for place, units in places.items():
                at[place] = at.get(place, ZERO) + units
    lines = tuple(replace(line, places=_taken(line, left.get(line.ref, {}))) for line in order.lines)
    return replace(order, lines=lines, routed=bool(row.fulfillment_orders.nodes) or not order.holds_stock)


def _taken(line: OrderLine, left: dict[str, Decimal]) -> Mapping[str, Decimal]:
    """Give a line its units of what its listing has at each place; another line may be of the same one."""
    units, taken = line.units, dict[str, Decimal]()
    for place in sorted(left):
        if count := min(units, left[place]):
            taken[place] = count
            left[place] -= count
            units -= count
    return taken
