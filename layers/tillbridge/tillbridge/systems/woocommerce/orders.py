"""Read the orders that changed, as far as stock needs them: no names or addresses are asked for.

Amounts are, because times count whole seconds: two states of one second are told apart by all that the list tells.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import pairwise

from tillbridge.domain.errors import GarbledAnswerError
from tillbridge.domain.orders.digest import fingerprint
from tillbridge.domain.product import ListingRef, OrderLine, WebOrder
from tillbridge.systems.common.wire import parsed
from tillbridge.systems.http.clock import Clock
from tillbridge.systems.shop import OrderPage
from tillbridge.systems.woocommerce.api.client import Listing, WooClient
from tillbridge.systems.woocommerce.api.wire import OrderLineRow, OrderRow

HOLDING = frozenset({"processing", "on-hold"})
"""Sold in the shop and not yet rung up in the till, which the merchant says by completing the order."""

TAKEN = frozenset({"processing", "on-hold", "completed"})
"""The shop has counted the units off (facts/woocommerce.md, "Orders")."""

ENDED = frozenset({"completed", "cancelled", "refunded", "failed", "trash", "pending"})
UNFINISHED = frozenset({"checkout-draft", "auto-draft"})
"""Carts that nobody has ordered yet; the block checkout makes one for every visitor who comes that far."""

CORE = tuple(sorted(HOLDING | ENDED))

FIELDS = ",".join(OrderRow.model_fields)

GRAIN = timedelta(seconds=1)
OVERLAP = timedelta(seconds=30)
UNKNOWN_CLOCK = timedelta(minutes=15)
"""How far we look back when the shop does not tell its time: so much do its own signatures allow clocks to differ."""

MOST_READINGS = 5


def orders_since(client: WooClient, since: datetime, clock: Clock, statuses: Iterable[str]) -> OrderPage:
    """Read every order changed at or after ``since``.

    ``modified_after`` is exclusive and counts whole seconds, so the second before is asked for. The list goes by id: an
    order that changes meanwhile joins it and may show another twice, but hides none. Only an order deleted for good
    makes later ones move up; the total falls then, and the list is read again.
    """
    params = _params([*CORE, *statuses]) | {"modified_after": _zulu(since - GRAIN)}
    for _ in range(MOST_READINGS):
        pages = list(client.pages("orders", params))
        if all(later.total >= earlier.total for earlier, later in pairwise(pages)):
            return OrderPage(_orders(client, pages, clock.now()), _next_look(pages[0], since, clock))
    raise GarbledAnswerError(
        "The list of orders shrinks while it is read.", code="UnstableList", subject=client.subject
    )


def open_orders(client: WooClient, clock: Clock, statuses: Iterable[str]) -> OrderPage:
    """Read every order that holds stock, however old.

    A single page is complete. Otherwise the list is limited to what had changed by then: now orders leave it, when they
    change, and none joins. Read backwards it hides nothing, since an order that moves up is met again further ahead.
    What has left is met by the next look.
    """
    params = _params([*sorted(HOLDING), *(status for status in statuses if status not in ENDED)])
    first = client.page("orders", params)
    pages = [first]
    if first.pages > 1:
        params |= {"modified_before": _zulu((first.served_at or clock.now()) + GRAIN)}
        pages = [client.page("orders", params, number) for number in range(first.pages, 0, -1)]
    return OrderPage(_orders(client, pages, clock.now()), _began(first, clock))


def _params(statuses: Iterable[str]) -> dict[str, str]:
    return {
        "dates_are_gmt": "true",
        "status": ",".join(dict.fromkeys(status for status in statuses if status not in UNFINISHED)),
        "orderby": "id",
        "order": "asc",
        "_fields": FIELDS,
    }


def web_order(row: OrderRow, seen_at: datetime) -> WebOrder:
    """Translate one order. A status of some plugin's holds its units until the order is completed."""
    lines = tuple(
        OrderLine(_ref(line), line.quantity, line.sku or "")
        for line in row.line_items
        if line.product_id and line.quantity > 0
    )
    own = row.status not in HOLDING | ENDED | UNFINISHED
    return WebOrder(
        order_id=str(row.id),
        number=row.number or str(row.id),
        status=row.status,
        lines=lines,
        holds_stock=own or row.status in HOLDING,
        taken_in_shop=own or row.status in TAKEN,
        changed_at=row.date_modified_gmt or seen_at,
        placed_at=row.date_created_gmt,
        content=fingerprint(row),
    )


def _ref(line: OrderLineRow) -> ListingRef:
    return ListingRef(str(line.product_id), str(line.variation_id) if line.variation_id else "")


def _orders(client: WooClient, pages: Iterable[Listing], now: datetime) -> tuple[WebOrder, ...]:
    """Take each order once, as it was read last."""
    found: dict[int, WebOrder] = {}
    for page in pages:
        for row in parsed(list[OrderRow], page.rows, client.subject, "The list of orders"):
            if row.status not in UNFINISHED:
                found[row.id] = web_order(row, page.served_at or now)
    return tuple(found.values())


def _next_look(first: Listing, since: datetime, clock: Clock) -> datetime:
    """Look again from shortly before this reading began, by the shop's own clock; never from earlier than before."""
    return max(since, _began(first, clock))


def _began(first: Listing, clock: Clock) -> datetime:
    return first.served_at - OVERLAP if first.served_at else clock.now() - UNKNOWN_CLOCK


def _zulu(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
