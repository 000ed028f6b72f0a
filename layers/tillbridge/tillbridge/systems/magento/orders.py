"""Read the orders that changed, as far as stock needs them: no names or addresses are asked for.

An order's own time stands still when a part of it is shipped, so that shipments are polled as well
(facts/magento.md, section 7). All times are UTC and count whole seconds: two states of one second are told apart by all
that the list tells, amounts included.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from tillbridge.domain.errors import MissingRightError
from tillbridge.domain.orders.digest import fingerprint
from tillbridge.domain.product import ListingRef, OrderLine, WebOrder
from tillbridge.systems.common.pieces import in_pieces
from tillbridge.systems.common.wire import parsed
from tillbridge.systems.http.clock import Clock
from tillbridge.systems.magento.api.client import MagentoClient, Page
from tillbridge.systems.magento.api.refusals import RefusedError
from tillbridge.systems.magento.api.search import PAGE, Criteria, Where, among
from tillbridge.systems.magento.api.wire import DocumentRow, IdRow, OrderItemRow, OrderRow
from tillbridge.systems.shop import OrderPage

OPEN = ("new", "pending_payment", "payment_review", "processing", "holded")
"""States in which the shop holds units back; what a merchant calls them is not looked at."""

OVERLAP = timedelta(seconds=120)
UNKNOWN_CLOCK = timedelta(minutes=15)
"""How far we look back when the shop does not tell its time; its own signatures allow clocks to differ by ten."""

_ITEMS = "item_id,parent_item_id,product_id,product_type,sku,qty_ordered,qty_shipped,qty_refunded,qty_canceled"
_TOTALS = "grand_total,total_due,total_canceled,total_refunded"
_PICKUP = "extension_attributes[pickup_location_code]"
FIELDS = f"entity_id,increment_id,state,status,created_at,updated_at,{_TOTALS},items[{_ITEMS}],{_PICKUP}"


@dataclass(slots=True)
class OrdersSeen:
    """Which orders the flows know in this run: those a look brought, and all that is older than it."""

    ids: set[int] = field(default_factory=set)
    began: datetime | None = None

    def looked(self, orders: Iterable[OrderRow], began: datetime) -> None:
        """Note a look at the orders."""
        self.ids |= {order.entity_id for order in orders}
        self.began = began

    def knows(self, order: OrderRow) -> bool:
        """Tell whether a figure of this run can have taken an order into account."""
        if self.began is None or order.entity_id in self.ids:
            return True
        return order.created_at is None or order.created_at < self.began - OVERLAP


@dataclass(frozen=True, slots=True)
class Orders:
    """Reads the orders of one shop."""

    client: MagentoClient
    clock: Clock
    seen: OrdersSeen

    def since(self, since: datetime) -> OrderPage:
        """Read every order changed at or after ``since``; an order that changes meanwhile is met again next time."""
        pages = list(self._pages("orders", Where("updated_at", _text(since), "gteq"), FIELDS))
        rows = {row.entity_id: row for page in pages for row in self._read(page)}
        rows |= self._by_ids([order_id for order_id in self._shipped(since) if order_id not in rows])
        return self._page(list(rows.values()), pages[0], since)

    def open(self) -> OrderPage:
        """Read every order that holds stock, however old."""
        pages = list(self._open())
        rows = {row.entity_id: row for page in pages for row in self._read(page)}
        return self._page(list(rows.values()), pages[0], None)

    def unshipped(self) -> Mapping[str, Decimal]:
        """Count the units that open orders hold back, by the id of the product that is shipped.

        Only of orders that a figure of this run may have taken into account: see ``stock``.
        """
        units: dict[str, Decimal] = defaultdict(Decimal)
        for page in self._open():
            for order in self._read(page):
                if self.seen.knows(order):
                    for line in _lines(order):
                        units[line.key] += line.reserved
        return units

    def _open(self) -> Iterator[Page]:
        yield from self._pages("orders", among("state", OPEN), FIELDS)

    def _pages(self, route: str, where: Where, fields: str) -> Iterator[Page]:
        """Read a list by id. Each page begins behind the last id: what leaves the list meanwhile hides no other."""
        behind: tuple[Where, ...] = ()
        while True:
            page = self.client.page(route, Criteria((where, *behind), fields=fields))
            yield page
            if page.total <= len(page.rows):
                return
            rows = parsed(list[IdRow], page.rows, self.client.subject, f"The list of {route}")
            behind = (Where("entity_id", str(max(row.entity_id for row in rows)), "gt"),)

    def _shipped(self, since: datetime) -> list[int]:
        """Name the orders of which something was shipped; a shop that does not let us look tells nothing."""
        try:
            pages = list(self._pages("shipments", Where("created_at", _text(since), "gteq"), "entity_id,order_id"))
        except (MissingRightError, RefusedError):
            return []
        what = "The list of shipments"
        rows = [row for page in pages for row in parsed(list[DocumentRow], page.rows, self.client.subject, what)]
        return list(dict.fromkeys(row.order_id for row in rows))

    def _by_ids(self, ids: Sequence[int]) -> dict[int, OrderRow]:
        found: dict[int, OrderRow] = {}
        for piece in in_pieces([str(one) for one in ids], PAGE):
            for page in self.client.pages("orders", Criteria((among("entity_id", piece),), fields=FIELDS)):
                found |= {row.entity_id: row for row in self._read(page)}
        return found

    def _page(self, rows: Sequence[OrderRow], first: Page, since: datetime | None) -> OrderPage:
        now = first.served_at or self.clock.now()
        began = now if first.served_at else now - UNKNOWN_CLOCK
        self.seen.looked(rows, began)
        next_look = began - OVERLAP
        orders = tuple(web_order(row, now) for row in rows)
        return OrderPage(orders, max(since, next_look) if since else next_look)

    def _read(self, page: Page) -> list[OrderRow]:
        return parsed(list[OrderRow], page.rows, self.client.subject, "The list of orders")


@dataclass(frozen=True, slots=True)
class Line:
    """What was bought of one product: of a configurable, the child."""

    ref: ListingRef
    sku: str
    ordered: Decimal
    left: Decimal  # neither cancelled nor refunded
    reserved: Decimal  # nor shipped; what was shipped and given back counts as if it had not been: that is too few

    @property
    def key(self) -> str:
        """The id of the product that is shipped."""
        return self.ref.variant_id or self.ref.product_id


def web_order(row: OrderRow, seen_at: datetime) -> WebOrder:
    """Translate one order. It holds what is left of it until the merchant has completed it.

    The state alone says too little: after a part refund and a part shipment it stays "processing" until 2.4.9
    (facts/magento.md, section 10).
    """
    lines = _lines(row)
    holds = row.state in OPEN and any(line.left > 0 for line in lines)
    place = row.extension_attributes.pickup_location_code or ""
    return WebOrder(
        order_id=str(row.entity_id),
        number=row.increment_id or str(row.entity_id),
        status=row.status or row.state,
        lines=tuple(
            OrderLine(line.ref, units, line.sku, {place: units} if place else {})
            for line, units in ((line, line.left if holds else line.ordered) for line in lines)
            if units > 0
        ),
        holds_stock=holds,
        taken_in_shop=row.state in {*OPEN, "complete"},
        changed_at=row.updated_at or row.created_at or seen_at,
        placed_at=row.created_at,
        content=fingerprint(row),
    )


def _lines(order: OrderRow) -> list[Line]:
    """Pair the rows of a configurable: the child names the product, the parent counts what became of it."""
    below = {item.parent_item_id: item for item in order.items if item.parent_item_id}
    return [_line(item, below.get(item.item_id)) for item in order.items if not item.parent_item_id and item.product_id]


def _line(item: OrderItemRow, child: OrderItemRow | None) -> Line:
    rows = [item, child] if child else [item]
    shipped = max(row.qty_shipped or Decimal(0) for row in rows)
    refunded = max(row.qty_refunded or Decimal(0) for row in rows)
    canceled = max(row.qty_canceled or Decimal(0) for row in rows)
    left = max(Decimal(0), item.qty_ordered - canceled - refunded)
    ref = ListingRef(str(item.product_id), str(child.product_id) if child and child.product_id else "")
    return Line(
        ref=ref,
        sku=(child.sku if child else item.sku) or "",
        ordered=item.qty_ordered,
        left=left,
        reserved=max(Decimal(0), left - shipped),
    )


def _text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S")
