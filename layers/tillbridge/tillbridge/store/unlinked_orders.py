"""Orders for listings that are not linked: ``S#{shop}#UNLINKED | {order}``, and ``S#{shop}#AWAITED | {listing}``.

The second kind only says that some order may wait for this listing, so that whoever links thousands of listings reads
orders only where there is one. It is left behind when the order goes. Both expire, as the notes about orders do.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from tillbridge.domain.product import ListingRef, UnlinkedOrder
from tillbridge.store.clock import Clock
from tillbridge.store.codecs.orders import order_content, read_order
from tillbridge.store.fields import Fields
from tillbridge.store.keys import Key, part, partition
from tillbridge.store.order_notes import KEPT
from tillbridge.store.table import Table
from tillbridge.store.wire import Row


@dataclass(frozen=True, slots=True)
class StoredUnlinkedOrders:
    """Implements ``UnlinkedOrders``."""

    table: Table
    clock: Clock

    def keep(self, shop: str, order: UnlinkedOrder) -> None:
        """Keep an order with all its lines, in place of what was kept of it."""
        expires_at = int((self.clock.now() + KEPT).timestamp())
        awaited: list[Row] = [{**_awaited(shop, ref)._asdict(), "expires_at": expires_at} for ref in order.awaited]
        key = _order(shop, order.order.order_id)
        self.table.write([*awaited, {**key._asdict(), "content": order_content(order), "expires_at": expires_at}])

    def kept(self, shop: str, order_ids: Iterable[str]) -> frozenset[str]:
        """Tell which of these orders are kept."""
        keys = {order_id: _order(shop, order_id) for order_id in order_ids}
        rows = self.table.get_many(keys.values())
        return frozenset(order_id for order_id, key in keys.items() if key in rows)

    def awaiting(self, shop: str, refs: Collection[ListingRef]) -> Iterator[UnlinkedOrder]:
        """Find the orders that await one of these listings; one request when no order is kept at all."""
        wanted = frozenset(refs)
        if not wanted or not any(self.table.query(_orders(shop), limit=1)):
            return
        if self.table.get_many(_awaited(shop, ref) for ref in wanted):
            yield from (order for order in self.every(shop) if order.awaited & wanted)

    def every(self, shop: str) -> Iterator[UnlinkedOrder]:
        """Go through all of them, by order id as text."""
        return map(_read, self.table.query(_orders(shop)))

    def forget(self, shop: str, order_ids: Iterable[str]) -> None:
        """Drop orders that ended or have no unlinked line any more."""
        self.table.write(deletes=[_order(shop, order_id) for order_id in order_ids])


def _read(row: Row) -> UnlinkedOrder:
    return read_order(Fields.of_content(row))


def _orders(shop: str) -> str:
    return partition("S", shop, "UNLINKED")


def _order(shop: str, order_id: str) -> Key:
    return Key(_orders(shop), part(order_id))


def _awaited(shop: str, ref: ListingRef) -> Key:
    return Key(partition("S", shop, "AWAITED"), part(str(ref)))
