"""Read the orders that changed, as far as stock needs them (facts/bigcommerce.md, "Orders").

The answers hold customers' data, which v2 cannot leave out: nothing but what ``OrderRow`` names is looked at.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from tillbridge.domain.errors import GarbledAnswerError
from tillbridge.domain.orders.digest import fingerprint
from tillbridge.domain.product import ListingRef, OrderLine, WebOrder
from tillbridge.systems.bigcommerce.api.catalogue import Catalogue
from tillbridge.systems.bigcommerce.api.client import PAGE, BigClient
from tillbridge.systems.bigcommerce.api.wire import OrderLineRow, OrderRow
from tillbridge.systems.bigcommerce.traits import ORDER_SHIPPED, Traits
from tillbridge.systems.common.wire import parsed
from tillbridge.systems.http.clock import Clock
from tillbridge.systems.shop import OrderPage

INCOMPLETE, PENDING, SHIPPED, PARTIALLY_SHIPPED, REFUNDED, CANCELLED, DECLINED = range(7)
AWAITING_PAYMENT, AWAITING_PICKUP, AWAITING_SHIPMENT, COMPLETED, AWAITING_FULFILLMENT = range(7, 12)
VERIFICATION, DISPUTED, PARTIALLY_REFUNDED = range(12, 15)
"""Merchants rename the labels of statuses, never their ids."""

HOLDING = frozenset(
    {
        PENDING,
        PARTIALLY_SHIPPED,
        AWAITING_PAYMENT,
        AWAITING_PICKUP,
        AWAITING_SHIPMENT,
        AWAITING_FULFILLMENT,
        VERIFICATION,
        DISPUTED,
        PARTIALLY_REFUNDED,
    }
)
"""Sold in the shop and not yet rung up in the till, which the merchant says by shipping or completing the order."""

GIVEN_BACK = frozenset({REFUNDED, CANCELLED, DECLINED})

SURE_PAGE = 50
"""The fewest rows that a page which is not the last can have: the store may give fewer than it is asked for."""

GRAIN = timedelta(seconds=1)
OVERLAP = timedelta(seconds=30)
UNKNOWN_CLOCK = timedelta(minutes=15)


def orders_since(client: BigClient, since: datetime, clock: Clock, traits: Traits) -> OrderPage:
    """Read every order changed at or after ``since``.

    Pages begin behind the last id, so that an order that changes meanwhile hides no other.
    """
    changed = {"min_date_modified": (since - GRAIN).strftime("%Y-%m-%dT%H:%M:%S+00:00")}
    return _read(client, [changed], since, clock, traits)


def open_orders(client: BigClient, clock: Clock, traits: Traits) -> OrderPage:
    """Read every order that holds stock, however old: the list is filtered by one status at a time."""
    return _read(client, [{"status_id": str(status)} for status in sorted(HOLDING)], None, clock, traits)


def _read(
    client: BigClient, filters: Iterable[Mapping[str, str]], since: datetime | None, clock: Clock, traits: Traits
) -> OrderPage:
    rows: dict[int, tuple[OrderRow, datetime]] = {}
    began: datetime | None = None
    for page in (page for chosen in filters for page in _pages(client, chosen)):
        began, read_at = began or client.served_at, client.served_at or clock.now()
        rows |= {row.id: (row, read_at) for row in page if row.status_id != INCOMPLETE and not row.is_deleted}
    bases = base_variants(client, [line for row, _ in rows.values() for line in row.consignments.lines])
    orders = tuple(web_order(row, bases, traits, read_at) for row, read_at in rows.values())
    return OrderPage(orders, _next_look(began or client.served_at, since, clock))


def web_order(row: OrderRow, bases: Mapping[int, int], traits: Traits, read_at: datetime) -> WebOrder:
    """Translate one order; ``bases`` has the base variant of simple products, which is no variant of its own.

    When the store itself counts units off is a setting of its own (``Traits.counts_at``). A list tells nothing of what
    was refunded of an amount only. So an order that was read in the very second of its change, which may change once
    more in that second, is another one as soon as the second is over.
    """
    lines = [line for line in row.consignments.lines if line.product_id and _units(line) > 0]
    if traits.counts_at == ORDER_SHIPPED:
        taken = row.status_id in {SHIPPED, COMPLETED}
    else:
        taken = row.status_id not in GIVEN_BACK
    changed_at = row.date_modified or row.date_created or read_at
    return WebOrder(
        order_id=str(row.id),
        number=str(row.id),
        status=str(row.status_id),
        lines=tuple(OrderLine(ref_of(line, bases), _units(line), places=_places(row, line)) for line in lines),
        holds_stock=row.status_id in HOLDING,
        taken_in_shop=taken,
        changed_at=changed_at,
        placed_at=row.date_created,
        content=fingerprint(row, changed_at + GRAIN > read_at),
    )


def _pages(client: BigClient, chosen: Mapping[str, str]) -> Iterator[list[OrderRow]]:
    last_id = 0
    while True:
        params = {
            **chosen,
            "sort": "id:asc",
            "limit": str(PAGE),
            "include": "consignments.line_items",
            "consignment_structure": "object",
            **({"min_id": str(last_id + 1)} if last_id else {}),
        }
        said = client.read("v2/orders", params)
        rows = [] if said is None else parsed(list[OrderRow], said, client.subject, "The list of orders")
        if any(one >= other for one, other in pairwise([last_id, *(row.id for row in rows)])):
            raise GarbledAnswerError(
                "The list of orders is not in the order of ids that was asked for.",
                code="WrongOrder",
                subject=client.subject,
            )
        yield rows
        if len(rows) < SURE_PAGE:
            return
        last_id = rows[-1].id


def base_variants(client: BigClient, lines: Iterable[OrderLineRow]) -> Mapping[int, int]:
    """Find the base variants of the products in these orders, 0 for one with variants of its own.

    A product that was deleted is not among them; its variant is as the order names it.
    """
    ids = {str(line.product_id) for line in lines if line.product_id and line.variant_id}
    products = Catalogue(client).by_ids(sorted(ids, key=int)) if ids else {}
    return {row.id: 0 if row.variable else row.base_id for row in products.values()}


def ref_of(line: OrderLineRow, bases: Mapping[int, int]) -> ListingRef:
    """Name the listing of a line; the base variant of a simple product is no variant of its own."""
    product_id, variant_id = line.product_id or 0, line.variant_id or 0
    return ListingRef(str(product_id), str(variant_id) if variant_id and not bases.get(product_id) else "")


def _places(row: OrderRow, line: OrderLineRow) -> Mapping[str, Decimal]:
    """Say where a line is picked up; from where all else leaves the store does not tell."""
    for pickup in row.consignments.pickups:
        if line in pickup.line_items and pickup.location.id:
            return {str(pickup.location.id): _units(line)}
    return {}


def _units(line: OrderLineRow) -> Decimal:
    return line.quantity - line.quantity_refunded


def _next_look(began: datetime | None, since: datetime | None, clock: Clock) -> datetime:
    """Look again from shortly before this reading began, by the store's own clock; never from earlier than before."""
    start = began - OVERLAP if began else clock.now() - UNKNOWN_CLOCK
    return max(since, start) if since else start
