"""Read the orders that changed, as far as stock needs them: no names or addresses are asked for.

Two totals are, because times count whole seconds: two states of one second are told apart by all that the list tells.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from tillbridge.domain.merchant import Lane
from tillbridge.domain.orders.digest import fingerprint
from tillbridge.domain.product import OrderLine, WebOrder
from tillbridge.systems.common.wire import parsed
from tillbridge.systems.http.clock import Clock
from tillbridge.systems.shop import OrderPage
from tillbridge.systems.shopify.api.client import ShopifyClient
from tillbridge.systems.shopify.api.documents.orders import LOOK, MORE_LINES, NEWEST, ORDERS, ORDERS_BY_ID
from tillbridge.systems.shopify.api.ids import gid
from tillbridge.systems.shopify.api.wire import Id, LineRow, Nodes, OrderRow, Row, Time
from tillbridge.systems.shopify.catalogue import ref_of

SENT = frozenset({"FULFILLED", "RESTOCKED"})
"""The goods have left, which the merchant rings up in the till, or are back on the shelf."""
UNDONE = frozenset({"REFUNDED", "VOIDED", "EXPIRED"})
"""Nobody pays: nothing is going to be sent."""

PAGE, FEW = 50, 3  # rows of the two lists of a look
GRAIN = timedelta(seconds=1)
OVERLAP = timedelta(minutes=5)
"""Some changes reach the list late (facts/shopify.md, sections 7 and 8)."""
UNKNOWN_CLOCK = timedelta(minutes=20)


class _Lines(Row):
    line_items: Nodes[LineRow]


class _Stamp(Row):
    id: Id
    updated_at: Time


def orders_since(client: ShopifyClient, since: datetime, clock: Clock) -> OrderPage:
    """Read every order changed at or after ``since``, closed and cancelled ones included.

    The list goes by the time of change: an order that changes meanwhile joins its end and is met again, none is passed
    over. Orders older than 60 days need a right of their own (facts/shopify.md, section 3).
    """
    query = f"status:any AND updated_at:>='{since - GRAIN:%Y-%m-%dT%H:%M:%SZ}'"
    found, began = _read(client, query, clock)
    return OrderPage(tuple(found.values()), max(since, began))


def open_orders(client: ShopifyClient, clock: Clock) -> OrderPage:
    """Read every open order that holds stock, however old; what changes meanwhile is met by the next look as well."""
    found, began = _read(client, "status:open", clock)
    return OrderPage(tuple(order for order in found.values() if order.holds_stock), began)


def _read(client: ShopifyClient, query: str, clock: Clock) -> tuple[dict[str, WebOrder], datetime]:
    """Read a list to its end; gives each order as it was read last, and where to look from next.

    One request does for most looks. A list that is longer is read from its beginning, page by page.
    """
    look = client.ask_all(LOOK, Lane.STOCK, query=query)
    began = client.served_at
    looked_from = began - OVERLAP if began else clock.now() - UNKNOWN_CLOCK
    first = parsed(Nodes[OrderRow], look.get("orders"), client.subject, "orders")
    newest = parsed(Nodes[_Stamp], look.get("newest"), client.subject, "newest").nodes
    pages = client.pages(ORDERS, Nodes[OrderRow], "orders", size=PAGE, lane=Lane.STOCK, query=query)
    found = {
        row.id: web_order(row, tuple(_lines(client, row)))
        for page in (pages if first.next_cursor else [first])
        for row in page.nodes
        if not row.test
    }
    return found | _unfound(client, found, newest, looked_from), looked_from


def _unfound(
    client: ShopifyClient, found: Mapping[str, WebOrder], newest: Sequence[_Stamp], since: datetime
) -> dict[str, WebOrder]:
    """Read what changed a moment ago, of which the search does not know yet (facts/shopify.md, section 7).

    A web hook comes sooner than that. The list without a search names the newest, of which more are asked for when
    these few do not reach back to ``since``; they are read by their ids, which are never behind.
    """
    if len(newest) == FEW and newest[-1].updated_at >= since:
        newest = client.ask(NEWEST, Nodes[_Stamp], "orders", Lane.STOCK).nodes
    ids = [
        gid("Order", row.id)
        for row in newest
        if row.updated_at >= since and (row.id not in found or found[row.id].changed_at < row.updated_at)
    ]
    if not ids:
        return {}
    rows = client.ask(ORDERS_BY_ID, list[OrderRow | None], "nodes", Lane.STOCK, ids=ids)
    return {row.id: web_order(row, tuple(_lines(client, row))) for row in rows if row and not row.test}


def web_order(row: OrderRow, lines: tuple[LineRow, ...]) -> WebOrder:
    """Translate one order. Shopify takes units off what is available when they are ordered, whatever follows.

    They are held until the goods have left: by then the till shows them (``docs/decisions.md``).
    """
    cancelled = row.cancelled_at is not None
    ended = cancelled or row.display_fulfillment_status in SENT or row.display_financial_status in UNDONE
    return WebOrder(
        order_id=row.id,
        number=row.name,
        status="cancelled" if cancelled else row.display_fulfillment_status.lower(),
        lines=tuple(
            OrderLine(ref_of(line.variant), Decimal(line.current_quantity), line.sku)
            for line in lines
            if line.variant is not None and line.current_quantity > 0
        ),
        holds_stock=not ended,
        taken_in_shop=not cancelled,
        changed_at=row.updated_at,
        placed_at=row.created_at,
        content=fingerprint(row, lines),
    )


def _lines(client: ShopifyClient, row: OrderRow) -> Iterator[LineRow]:
    """Read on where an order has more lines than came with it."""
    yield from row.line_items.nodes
    after = row.line_items.next_cursor
    while after:
        more = client.ask(MORE_LINES, _Lines, "order", Lane.STOCK, id=gid("Order", row.id), after=after)
        yield from more.line_items.nodes
        after = more.line_items.next_cursor
