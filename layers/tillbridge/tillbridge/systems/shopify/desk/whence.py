"""From where the goods of an order leave: what waits at which location, and what has left which.

A line may be split over several locations, and is moved by people until it has left. A closed fulfilment order may
still count what was moved out of it; so what has left is taken from the fulfilments, and only what is left from the
fulfilment orders (facts/shopify.md, section 8, and the schema's own words about ``fulfillmentOrderMove``).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from tillbridge.domain.merchant import Lane
from tillbridge.domain.orders.order import ZERO
from tillbridge.systems.shopify.api.client import ShopifyClient
from tillbridge.systems.shopify.api.documents import Document
from tillbridge.systems.shopify.api.documents import desk as documents
from tillbridge.systems.shopify.api.ids import gid
from tillbridge.systems.shopify.desk.wire import (
    LineIdRow,
    MoreWaitingRow,
    SentRow,
    WaitingLineRow,
    WaitingOrderRow,
    WaitingRow,
)

OVER = frozenset({"CLOSED", "CANCELLED", "INCOMPLETE"})
"""Nothing of these is going to be sent: it has been, or others have it now."""
FAILED = frozenset({"CANCELLED", "ERROR", "FAILURE"})
"""Parcels that never left."""

Places = Mapping[str, Mapping[str, Decimal]]
"""Units by place, by line."""


@dataclass(frozen=True, slots=True)
class Whence:
    """Where the goods of an order are, where each refund put its lines ("" for nowhere), and whether it is decided."""

    places: Places = field(default_factory=dict)
    restocked: Mapping[str, Sequence[str]] = field(default_factory=dict)
    routed: bool = True


UNASKED = Whence()


def read_waiting(client: ShopifyClient, order_id: str) -> tuple[WaitingRow, ...]:
    """Read what has to be sent of an order; one call, and one more for each 20 places and each 100 of their lines."""
    return _read(client, documents.PARCELS_LEFT, order_id).fulfillment_orders.nodes


def read_whence(client: ShopifyClient, order_id: str) -> Whence:
    """Read from where an order's goods leave. Shopify decides that a moment after the order was placed.

    Units of which it says nothing, like those taken back before they left, are at no place.
    """
    row = _read(client, documents.PLACES, order_id)
    return Whence(
        places_of(row.fulfillment_orders.nodes, row.fulfillments),
        {one.id: [_name(line.location) for line in one.refund_line_items.nodes] for one in row.refunds},
        routed=bool(row.fulfillment_orders.nodes),
    )


def places_of(waiting: Sequence[WaitingRow], sent: Sequence[SentRow]) -> Places:
    """Add up, line by line, what has left each place and what waits there; places in a fixed order."""
    units: dict[str, dict[str, Decimal]] = {}
    for place, line, count in (*_waiting(waiting), *_sent(sent)):
        if place and count > 0:
            at = units.setdefault(line, {})
            at[place] = at.get(place, ZERO) + count
    return {line: dict(sorted(at.items())) for line, at in units.items()}


def _waiting(rows: Sequence[WaitingRow]) -> Iterator[tuple[str, str, Decimal]]:
    for row in rows:
        for line in row.line_items.nodes if row.status not in OVER else ():
            yield row.place, line.line_item.id, Decimal(line.remaining_quantity)


def _sent(rows: Sequence[SentRow]) -> Iterator[tuple[str, str, Decimal]]:
    for row in rows:
        for line in row.fulfillment_line_items.nodes if row.status not in FAILED else ():
            yield _name(row.location), line.line_item.id, Decimal(line.quantity)


def _name(location: LineIdRow | None) -> str:
    return location.id if location else ""


def _read(client: ShopifyClient, document: Document, order_id: str) -> WaitingOrderRow:
    found: list[WaitingRow] = []
    after: str | None = None
    while True:
        row = client.ask(document, WaitingOrderRow, "order", id=gid("Order", order_id), after=after)
        found += [_whole(client, waiting) for waiting in row.fulfillment_orders.nodes]
        after = row.fulfillment_orders.next_cursor
        if not after:
            whole = row.fulfillment_orders.model_copy(update={"nodes": tuple(found)})
            return row.model_copy(update={"fulfillment_orders": whole})


def _whole(client: ShopifyClient, row: WaitingRow) -> WaitingRow:
    """Read on where a place has more lines to send than came with it."""
    lines: list[WaitingLineRow] = [*row.line_items.nodes]
    after = row.line_items.next_cursor
    while after:
        more = client.ask(
            documents.MORE_WAITING,
            MoreWaitingRow,
            "fulfillmentOrder",
            Lane.CATALOGUE,
            id=gid("FulfillmentOrder", row.id),
            after=after,
        )
        lines += more.line_items.nodes
        after = more.line_items.next_cursor
    return row.model_copy(update={"line_items": row.line_items.model_copy(update={"nodes": tuple(lines)})})
