"""Look at a shop's orders and keep their units off sale everywhere until the till shows them.

A merchant who does not have orders imported rings them up in the till, and says so by completing the order in the shop:
until then its units are reserved. Orders that are imported are reserved until the till contains them
(``flows/orders_ahead.py``), and the lane that sells is told of each that has changed.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tillbridge.domain.orders.record import mark_key
from tillbridge.domain.product import WebOrder
from tillbridge.domain.work import Cursor, Shelf
from tillbridge.flows.chunks import in_chunks
from tillbridge.flows.fanout import Fanout
from tillbridge.flows.lane_fence import LaneTakenError
from tillbridge.flows.orders_ahead import becomes_a_sale, known_orders, reserved_units
from tillbridge.flows.ports import OrderNotes
from tillbridge.flows.reserve_orders import MetOrder, by_item, items_of, reserve_orders
from tillbridge.flows.shopkeeper import ShopKeeper
from tillbridge.systems.shop import OrderPage

ORDERS = "orders"
LAZY_MOVE = timedelta(minutes=5)
TOLD_AT_ONCE = 100
"""Orders that are reserved before the other shops, and the lane that sells, hear of them: once for all."""

PLACES, UNDECIDED = "#", "?"
"""Before the places in a note, and the note of an order of which nobody knows them yet."""


@dataclass(frozen=True, slots=True)
class _News:
    """What a look has read, and which of it was not dealt with in this state."""

    cursor: Cursor | None
    page: OrderPage
    noted: Mapping[str, str]
    fresh: Sequence[WebOrder]


@dataclass(frozen=True, slots=True)
class OrderBook:
    """Follows the orders of one shop: which states were dealt with, and who has to know.

    Units of a listing that is not linked have no item to be reserved of: the order is kept, and ``settle`` reserves
    them when the listing is linked.
    """

    notes: OrderNotes
    fanout: Fanout

    def look(self, keeper: ShopKeeper) -> int:
        """Read the orders changed since the last look; returns how many brought something new.

        The cursor moves last: after a crash the same orders are met again and change nothing more. At the first look it
        stays open until all is done, so that what ends between two tries is met as well.
        """
        news = self._news(keeper)
        if news.fresh:
            keeper.fence.hold()
            if keeper.cursors.get(keeper.shop_id, ORDERS) != news.cursor:
                news = self._news(keeper)  # another worker has looked since: what we have read may be older
        cursor, fresh, next_look = news.cursor, news.fresh, news.page.next_look
        if fresh and cursor is None:
            keeper.cursors.put(keeper.shop_id, ORDERS, Cursor(next_look, open=True))
        for chunk in in_chunks(fresh, TOLD_AT_ONCE):
            with self._ours(keeper, cursor.since if cursor else next_look, chunk):
                orders = keeper.located(chunk)
                self._reserve(keeper, [one for one in orders if self._moved(news.noted, one)], news.noted)
                # After they are reserved: the lane that sells lets units go, and looks at what is marked afterwards.
                sold = [mark_key(keeper.shop_id, one.order_id) for one in orders if becomes_a_sale(keeper, one)]
                self.fanout.tell_of_orders(keeper.merchant.merchant_id, sold, keeper.clock.now())
                self.notes.put(keeper.shop_id, {order.order_id: _whole_note(keeper, order) for order in orders})
        if fresh or cursor is None or cursor.open or next_look - cursor.since > LAZY_MOVE:
            keeper.cursors.put(keeper.shop_id, ORDERS, Cursor(next_look))
        return len(fresh)

    def _news(self, keeper: ShopKeeper) -> "_News":
        cursor = keeper.cursors.get(keeper.shop_id, ORDERS)
        page = self._read(keeper, cursor)
        noted = self._noted(keeper, page.orders)
        fresh = [order for order in page.orders if _told(noted, order) != _note(keeper, order)]
        return _News(cursor, page, noted, fresh)

    @contextmanager
    def _ours(self, keeper: ShopKeeper, since: datetime, orders: Sequence[WebOrder]) -> Iterator[None]:
        """Record what is done about orders only while the lane is ours.

        When another worker took it meanwhile, what we recorded may be older than what it did: nothing that is noted of
        these orders counts any more, and they are read again from where we began.
        """
        try:
            keeper.fence.prove()
            yield
            keeper.fence.prove()
        except LaneTakenError:
            self.notes.put(keeper.shop_id, {order.order_id: "" for order in orders})
            keeper.cursors.put(keeper.shop_id, ORDERS, Cursor(since, open=True))
            raise

    def settle(self, keeper: ShopKeeper, shelves: Iterable[Shelf]) -> frozenset[str]:
        """Reserve the units of orders that came before their listings were linked; names the items concerned.

        Only this lane keeps such orders, and only this lane writes stock. Given the shelves of which it is about to
        write, as they were read *before*, nothing is sent to a listing whose orders have yet to be reserved: an order
        that was met later has found the shelf. A listing to which stock was sent is done with.
        """
        refs = [shelf.ref for shelf in shelves if shelf.sent_at is None]
        concerned: set[str] = set()
        for kept in in_chunks(keeper.unlinked.awaiting(keeper.shop_id, refs) if refs else (), TOLD_AT_ONCE):
            known = known_orders(keeper, [one.order for one in kept])
            met = [
                MetOrder(told=one.order, record=known.get(one.order.order_id), kept=True, awaited=one.awaited)
                for one in kept
            ]
            concerned |= reserve_orders(keeper, self.fanout, met)
        return frozenset(concerned)

    def undealt(self, keeper: ShopKeeper) -> frozenset[str]:
        """Name the items of orders that ``look`` has yet to deal with. It only reads, so that any lane may ask."""
        page = self._read(keeper, keeper.cursors.get(keeper.shop_id, ORDERS))
        noted = self._noted(keeper, page.orders)
        new = [order for order in page.orders if _is_new(noted, order)]
        items = items_of(keeper, new)
        return frozenset(item_id for order in new for item_id in by_item(reserved_units(keeper, order, items)))

    @staticmethod
    def _read(keeper: ShopKeeper, cursor: Cursor | None) -> OrderPage:
        """Read what changed since the last look; at first whatever is open, which may have been placed long ago.

        After a first look that was cut short both are read, the changes last.
        """
        if cursor is None:
            return keeper.shop.orders_since(None)
        before = keeper.shop.orders_since(None).orders if cursor.open else ()
        page = keeper.shop.orders_since(cursor.since)
        orders = {order.order_id: order for order in (*before, *page.orders)}
        return replace(page, orders=tuple(orders.values()))

    def _noted(self, keeper: ShopKeeper, orders: Sequence[WebOrder]) -> Mapping[str, str]:
        return self.notes.get(keeper.shop_id, [order.order_id for order in orders])

    @staticmethod
    def _moved(noted: Mapping[str, str], order: WebOrder) -> bool:
        """Tell whether an order is new in what concerns stock, or its units leave another place."""
        return _is_new(noted, order) or noted.get(order.order_id, "").partition(PLACES)[2] != _places(order)

    @staticmethod
    def _counted(noted: Mapping[str, str], order: WebOrder) -> bool:
        """Tell whether the shop has counted an order's units just so when it was last dealt with."""
        return noted.get(order.order_id, "").startswith(f"{_count(order)}|")

    def _reserve(self, keeper: ShopKeeper, orders: Sequence[WebOrder], noted: Mapping[str, str]) -> None:
        if not orders:
            return
        kept = keeper.unlinked.kept(keeper.shop_id, [order.order_id for order in orders])
        known = known_orders(keeper, orders)
        met = [
            MetOrder(
                told=order,
                record=known.get(order.order_id),
                kept=order.order_id in kept,
                counted=self._counted(noted, order),
            )
            for order in orders
        ]
        reserve_orders(keeper, self.fanout, met)


def _note(keeper: ShopKeeper, order: WebOrder) -> str:
    """Name what was dealt with of an order. Of one that becomes a sale every change is news to the lane that sells.

    That it was paid, or given back in part, need not show in what concerns stock; and what changed twice within one
    second of the shop shows it in its content only.
    """
    state = _state(order)
    return f"{state}|{order.changed_at.isoformat()}|{order.content}" if becomes_a_sale(keeper, order) else state


def _whole_note(keeper: ShopKeeper, order: WebOrder) -> str:
    """Name what was dealt with, and from where it leaves; what has yet to be decided is looked at again."""
    if not order.routed:
        return UNDECIDED
    places = _places(order)
    return f"{_note(keeper, order)}{PLACES}{places}" if places else _note(keeper, order)


def _told(noted: Mapping[str, str], order: WebOrder) -> str:
    """Give what was dealt with of an order, without its places."""
    return noted.get(order.order_id, "").partition(PLACES)[0]


def _is_new(noted: Mapping[str, str], order: WebOrder) -> bool:
    """Tell whether an order takes other units than when it was last dealt with, or takes them otherwise."""
    return not f"{_told(noted, order)}|".startswith(f"{_state(order)}|")


def _places(order: WebOrder) -> str:
    return ",".join(f"{line.ref}@{place}x{units}" for line in order.lines for place, units in line.places.items())


def _state(order: WebOrder) -> str:
    """Name a state of an order in what concerns stock: any change in it is news."""
    return f"{_count(order)}|{order.status}|{order.holds_stock}"


def _count(order: WebOrder) -> str:
    """Name the units of an order, and whether its shop has counted them off."""
    lines = ",".join(f"{line.ref}x{line.units}" for line in order.lines)
    return f"{lines}|{order.taken_in_shop}"
