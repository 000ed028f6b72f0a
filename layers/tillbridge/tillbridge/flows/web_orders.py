"""Look at a shop's orders and keep their units off sale everywhere until the till shows them.

A merchant who does not have orders imported rings them up in the till, and says so by completing the order in the shop:
until then its units are reserved. Orders that are imported are reserved until the till contains them
(``flows/orders_ahead.py``), and the lane that sells is told of each that has changed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from tillbridge.domain.merchant import Lane
from tillbridge.domain.orders.record import OrderRecord, mark_key, reservation_name
from tillbridge.domain.product import ListingRef, UnlinkedOrder, WebOrder
from tillbridge.domain.stock import Quantity, as_counted
from tillbridge.domain.work import Cursor, Shelf
from tillbridge.flows.chunks import in_chunks
from tillbridge.flows.fanout import Fanout
from tillbridge.flows.orders_ahead import as_held, becomes_a_sale, known_orders
from tillbridge.flows.ports import OrderNotes
from tillbridge.flows.shopkeeper import ShopKeeper
from tillbridge.systems.shop import OrderPage

ORDERS = "orders"
LAZY_MOVE = timedelta(minutes=5)
NOTED_AT_ONCE = 25

Refs = frozenset[ListingRef]


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
        cursor = keeper.cursors.get(keeper.shop_id, ORDERS)
        page = self._read(keeper, cursor)
        noted = self._noted(keeper, page.orders)
        fresh = [order for order in page.orders if noted.get(order.order_id) != _note(keeper, order)]
        if fresh:
            keeper.fence.hold()
        if fresh and cursor is None:
            keeper.cursors.put(keeper.shop_id, ORDERS, Cursor(page.next_look, open=True))
        for orders in in_chunks(fresh, NOTED_AT_ONCE):
            kept = keeper.unlinked.kept(keeper.shop_id, [order.order_id for order in orders])
            known = known_orders(keeper, orders)
            for order in (one for one in orders if self._moved(noted, one)):
                self._take(keeper, order, known.get(order.order_id), kept=order.order_id in kept)
            # After they are reserved: the lane that sells lets units go, and looks again at what is marked afterwards.
            sold = [mark_key(keeper.shop_id, one.order_id) for one in orders if becomes_a_sale(keeper, one)]
            self.fanout.tell_of_orders(keeper.merchant.merchant_id, sold, keeper.clock.now())
            self.notes.put(keeper.shop_id, {order.order_id: _note(keeper, order) for order in orders})
        if fresh or cursor is None or cursor.open or page.next_look - cursor.since > LAZY_MOVE:
            keeper.cursors.put(keeper.shop_id, ORDERS, Cursor(page.next_look))
        return len(fresh)

    def settle(self, keeper: ShopKeeper, shelves: Iterable[Shelf]) -> frozenset[str]:
        """Reserve the units of orders that came before their listings were linked; names the items concerned.

        Only this lane keeps such orders, and only this lane writes stock. Given the shelves of which it is about to
        write, as they were read *before*, nothing is sent to a listing whose orders have yet to be reserved: an order
        that was met later has found the shelf. A listing to which stock was sent is done with.
        """
        refs = [shelf.ref for shelf in shelves if shelf.sent_at is None]
        concerned: set[str] = set()
        for one in keeper.unlinked.awaiting(keeper.shop_id, refs) if refs else ():
            record = known_orders(keeper, [one.order]).get(one.order.order_id)
            concerned |= self._take(keeper, one.order, record, one.awaited, kept=True)
        return frozenset(concerned)

    def undealt(self, keeper: ShopKeeper) -> frozenset[str]:
        """Name the items of orders that ``look`` has yet to deal with. It only reads, so that any lane may ask."""
        page = self._read(keeper, keeper.cursors.get(keeper.shop_id, ORDERS))
        noted = self._noted(keeper, page.orders)
        return frozenset(
            item_id
            for order in page.orders
            if self._moved(noted, order)
            for item_id in _units(order, self._items(keeper, order))
        )

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
        """Tell whether an order takes other units than when it was last dealt with, or takes them otherwise."""
        return not f"{noted.get(order.order_id, '')}|".startswith(f"{_state(order)}|")

    def _take(
        self,
        keeper: ShopKeeper,
        told: WebOrder,
        record: OrderRecord | None,
        awaited: Refs = frozenset(),
        *,
        kept: bool,
    ) -> frozenset[str]:
        """Reserve or release the units of one order; names the items concerned.

        ``kept`` says that it is among the unlinked ones, and ``awaited`` what it awaits there in its present state.

        What the shop shows of these items is no longer what it last acknowledged, and whether our figure or the
        order came first cannot be told: so it counts as unknown, and is written again.
        """
        order = as_held(keeper, told, record)
        items = self._items(keeper, order)
        unlinked = _without_item(order, items)
        if (
            not unlinked <= awaited
        ):  # kept before anything else is looked at, since it may be linked at this very moment
            kept, awaited = True, unlinked
            keeper.unlinked.keep(keeper.shop_id, UnlinkedOrder(told, unlinked))
            items = self._items(keeper, order)
            unlinked = _without_item(order, items)
        units = _units(order, items)
        reference = reservation_name(keeper.shop_id, order.order_id)
        former = keeper.reservations.held(keeper.till_id, reference)
        concerned = {**former, **units}
        with self.fanout.telling(keeper.merchant.merchant_id, Lane.STOCK, concerned, keeper.clock):
            keeper.reservations.set(keeper.till_id, reference, units if order.holds_stock else {})
            shelves = keeper.shelves.get(keeper.shop_id, units)
            sold = units if order.holds_stock else {}
            paces = {
                key: shelf.pace.sold(sold.get(key, 0) - former.get(key, 0), keeper.clock.now())
                for key, shelf in shelves.items()
            }
            unknown = [replace(shelf, known=None, pace=paces[key]) for key, shelf in shelves.items()]
            keeper.shelves.put(keeper.shop_id, unknown, moved=False)
        if kept and not unlinked:
            keeper.unlinked.forget(keeper.shop_id, [order.order_id])
        elif unlinked != awaited:
            keeper.unlinked.keep(keeper.shop_id, UnlinkedOrder(told, unlinked))
        return frozenset(concerned)

    @staticmethod
    def _items(keeper: ShopKeeper, order: WebOrder) -> Mapping[ListingRef, str]:
        return keeper.shelves.at(keeper.shop_id, [line.ref for line in order.lines])


def _without_item(order: WebOrder, items: Mapping[ListingRef, str]) -> Refs:
    """Name the listings of an open order that no item has; those of one that ended are no matter any more."""
    return frozenset(line.ref for line in order.lines if order.holds_stock and line.ref not in items)


def _units(order: WebOrder, items: Mapping[ListingRef, str]) -> Mapping[str, Quantity]:
    """Add up the order's units per item of the till."""
    units: dict[str, Quantity] = {}
    for line in order.lines:
        if item_id := items.get(line.ref):
            units[item_id] = units.get(item_id, 0) + as_counted(line.units)
    return units


def _note(keeper: ShopKeeper, order: WebOrder) -> str:
    """Name what was dealt with of an order. Of one that becomes a sale every change is news to the lane that sells.

    That it was paid, or given back in part, need not show in what concerns stock; and what changed twice within one
    second of the shop shows it in its content only.
    """
    state = _state(order)
    return f"{state}|{order.changed_at.isoformat()}|{order.content}" if becomes_a_sale(keeper, order) else state


def _state(order: WebOrder) -> str:
    """Name a state of an order in what concerns stock: any change in it is news."""
    lines = ",".join(f"{line.ref}x{line.units}" for line in order.lines)
    return f"{order.status}|{order.holds_stock}|{lines}"
