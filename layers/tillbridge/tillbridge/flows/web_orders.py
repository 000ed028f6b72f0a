"""Look at a shop's orders and keep their units off sale everywhere until the till shows them.

Orders are not brought into the till yet: the merchant rings them up there, and says so by completing the order in the
shop. Until then its units are reserved.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from tillbridge.domain.merchant import Lane
from tillbridge.domain.product import WebOrder
from tillbridge.domain.stock import Quantity
from tillbridge.domain.work import Cursor
from tillbridge.flows.fanout import Fanout
from tillbridge.flows.ports import OrderNotes
from tillbridge.flows.shopkeeper import ShopKeeper

ORDERS = "orders"
FIRST_LOOK_BACK = timedelta(days=30)
LAZY_MOVE = timedelta(minutes=5)
IN_CASE_OF_DEATH = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class OrderBook:
    """Follows the orders of one shop: which states were dealt with, and who has to know."""

    notes: OrderNotes
    fanout: Fanout

    def look(self, keeper: ShopKeeper) -> int:
        """Read the orders changed since the last look; returns how many brought something new.

        The cursor moves last: after a crash the same orders are met again and change nothing more.
        """
        cursor = keeper.cursors.get(keeper.shop_id, ORDERS)
        since = cursor.since if cursor else keeper.clock.now() - FIRST_LOOK_BACK
        page = keeper.shop.orders_since(since)
        fresh = self._fresh(keeper, page.orders)
        if fresh:
            keeper.fence.hold()
        for order in fresh:
            self._take(keeper, order)
        self.notes.put(keeper.shop_id, {order.order_id: _state(order) for order in fresh})
        if fresh or cursor is None or page.next_look - since > LAZY_MOVE:
            keeper.cursors.put(keeper.shop_id, ORDERS, Cursor(page.next_look))
        return len(fresh)

    def undealt(self, keeper: ShopKeeper) -> frozenset[str]:
        """Name the items of orders that ``look`` has yet to deal with. It only reads, so that any lane may ask."""
        page = keeper.shop.orders_since(self._since(keeper))
        return frozenset(
            item_id for order in self._fresh(keeper, page.orders) for item_id in self._units(keeper, order)
        )

    @staticmethod
    def _since(keeper: ShopKeeper) -> datetime:
        cursor = keeper.cursors.get(keeper.shop_id, ORDERS)
        return cursor.since if cursor else keeper.clock.now() - FIRST_LOOK_BACK

    def _fresh(self, keeper: ShopKeeper, orders: Sequence[WebOrder]) -> list[WebOrder]:
        known = self.notes.get(keeper.shop_id, [order.order_id for order in orders])
        return [order for order in orders if known.get(order.order_id) != _state(order)]

    def _take(self, keeper: ShopKeeper, order: WebOrder) -> None:
        """Reserve or release the units of one order.

        What the shop shows of these items is no longer what it last acknowledged, and whether our figure or the
        order came first cannot be told: so it counts as unknown, and is written again.
        """
        units = self._units(keeper, order)
        reference = f"{keeper.shop_id}:{order.order_id}"
        former = keeper.reservations.held(keeper.till_id, reference)
        concerned = {**former, **units}
        # Told twice: at once for the workers, and for later in case we die between the reservation and that.
        self._tell(keeper, concerned, IN_CASE_OF_DEATH)
        keeper.reservations.set(keeper.till_id, reference, units if order.holds_stock else {})
        shelves = keeper.shelves.get(keeper.shop_id, units)
        sold = units if order.holds_stock else {}
        paces = {
            key: shelf.pace.sold(sold.get(key, 0) - former.get(key, 0), keeper.clock.now())
            for key, shelf in shelves.items()
        }
        unknown = [replace(shelf, known=None, pace=paces[key]) for key, shelf in shelves.items()]
        keeper.shelves.put(keeper.shop_id, unknown, moved=False)
        self._tell(keeper, concerned, timedelta())

    def _tell(self, keeper: ShopKeeper, items: Iterable[str], delay: timedelta) -> None:
        self.fanout.tell(keeper.merchant.merchant_id, Lane.STOCK, items, keeper.clock.now(), delay=delay)

    @staticmethod
    def _units(keeper: ShopKeeper, order: WebOrder) -> Mapping[str, Quantity]:
        """Add up the order's units per item of the till; lines of listings that are not ours do not concern us."""
        items = keeper.shelves.at(keeper.shop_id, [line.ref for line in order.lines])
        units: dict[str, Quantity] = {}
        for line in order.lines:
            if item_id := items.get(line.ref):
                units[item_id] = units.get(item_id, 0) + _as_counted(line.units)
        return units


def _as_counted(units: Decimal) -> Quantity:
    """Keep whole units whole, so that they are stored as ever."""
    return int(units) if units == units.to_integral_value() else units


def _state(order: WebOrder) -> str:
    """Name a state of an order: any change in it is news."""
    lines = ",".join(f"{line.ref}x{line.units}" for line in order.lines)
    return f"{order.status}|{order.holds_stock}|{lines}"
