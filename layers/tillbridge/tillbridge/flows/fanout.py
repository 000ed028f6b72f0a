"""Tell every shop of a merchant that something in the till may have changed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tillbridge.domain.merchant import Connection, Lane
from tillbridge.domain.work import Mark
from tillbridge.flows.ports import Connections, Lanes, Marks

RECHECK = "recheck"
"""The task of a till's stock lane that reads some items a second time."""


@dataclass(frozen=True, slots=True)
class Fanout:
    """Marks products or items for each connected shop and wakes its worker.

    Marks come before wakes: a wake that is lost is repeated by the sweep, a mark that is missing would be a lost change
    (invariant 4).
    """

    connections: Connections
    marks: Marks
    lanes: Lanes

    def shops_of(self, merchant_id: str) -> Sequence[Connection]:
        """List the shops of a merchant, broken ones included: their work waits for them."""
        return [connection for connection in self.connections.of_merchant(merchant_id) if not connection.system.is_till]

    def wake_seller(self, merchant_id: str, task: str) -> None:
        """Have the lane of the merchant's till that sells do something, if the till works."""
        for connection in self.connections.of_merchant(merchant_id):
            if connection.system.is_till and connection.working:
                self.lanes.wake(connection, Lane.ORDERS, task)

    def wake_till(self, merchant_id: str, task: str) -> None:
        """Have the stock lane of the merchant's till do something, if the till works."""
        for connection in self.connections.of_merchant(merchant_id):
            if connection.system.is_till and connection.working:
                self.lanes.wake(connection, Lane.STOCK, task)

    def ask(self, merchant_id: str, lane: Lane, task: str) -> None:
        """Wake every working shop of the merchant for a task."""
        for shop in self.shops_of(merchant_id):
            if shop.working:
                self.lanes.wake(shop, lane, task)

    def tell_of_orders(self, merchant_id: str, keys: Iterable[str], now: datetime) -> None:
        """Mark orders (``domain.orders.record.mark_key``) for the merchant's till, and wake the lane that sells."""
        marks = [Mark(key, since=now, due_at=now) for key in dict.fromkeys(keys)]
        tills = [one for one in self.connections.of_merchant(merchant_id) if one.system.is_till]
        for till in tills if marks else ():
            self.marks.add(till.connection_id, Lane.ORDERS, marks)
            if till.working:
                self.lanes.wake(till, Lane.ORDERS)

    def tell(
        self, merchant_id: str, lane: Lane, keys: Iterable[str], now: datetime, *, delay: timedelta | None = None
    ) -> int:
        """Mark these keys for every shop of the merchant; returns how many keys there were."""
        unique = tuple(dict.fromkeys(keys))
        if not unique:
            return 0
        due_at = now + (delay or timedelta())
        for shop in self.shops_of(merchant_id):
            self.marks.add(shop.connection_id, lane, [Mark(key, since=now, due_at=due_at) for key in unique])
            if shop.working:
                self.lanes.wake(shop, lane)
        return len(unique)
