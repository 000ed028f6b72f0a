"""Tell every shop of a merchant that something in the till may have changed."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from tillbridge.domain.merchant import Connection, Lane
from tillbridge.domain.work import Mark
from tillbridge.flows.ports import Clock, Connections, Lanes, Marks

RECHECK = "recheck"
"""The task of a till's stock lane that reads some items a second time."""

IN_CASE_OF_DEATH = timedelta(minutes=1)
"""By then whoever is about to change something has done so, or has died at it; the sweep comes later anyway."""


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
        self._wake(self._tills_of(merchant_id), Lane.ORDERS, task)

    def wake_till(self, merchant_id: str, task: str) -> None:
        """Have the stock lane of the merchant's till do something, if the till works."""
        self._wake(self._tills_of(merchant_id), Lane.STOCK, task)

    def ask(self, merchant_id: str, lane: Lane, task: str) -> None:
        """Wake every working shop of the merchant for a task."""
        self._wake(self.shops_of(merchant_id), lane, task)

    def tell_of_orders(self, merchant_id: str, keys: Iterable[str], now: datetime) -> None:
        """Mark orders (``domain.orders.record.mark_key``) for the merchant's till, and wake the lane that sells."""
        if unique := tuple(dict.fromkeys(keys)):
            self._tell(self._tills_of(merchant_id), Lane.ORDERS, _marks(unique, now))

    def tell(
        self, merchant_id: str, lane: Lane, keys: Iterable[str], now: datetime, *, delay: timedelta | None = None
    ) -> int:
        """Mark these keys for every shop of the merchant; returns how many keys there were."""
        if unique := tuple(dict.fromkeys(keys)):
            self._tell(self.shops_of(merchant_id), lane, _marks(unique, now, delay or timedelta()))
        return len(unique)

    @contextmanager
    def telling(self, merchant_id: str, lane: Lane, keys: Iterable[str], clock: Clock) -> Iterator[None]:
        """Tell of these keys once what is done inside has been done, also should we die at it.

        Told only before, somebody would look too early and be done with it; told only afterwards, a death in between
        would lose it. So there are marks meanwhile that come due a little later. They are taken back in the end, and
        nobody is woken for them: if we die, the sweep meets them.
        """
        unique = tuple(dict.fromkeys(keys))
        concerned = self._serving(merchant_id, lane) if unique else ()
        spare = _marks(unique, clock.now(), IN_CASE_OF_DEATH)
        kept = {one.connection_id: self.marks.add(one.connection_id, lane, spare) for one in concerned}
        yield
        self._tell(concerned, lane, _marks(unique, clock.now()))
        for connection, marks in kept.items():
            self.marks.remove(connection, lane, marks)

    def _tills_of(self, merchant_id: str) -> Sequence[Connection]:
        return [connection for connection in self.connections.of_merchant(merchant_id) if connection.system.is_till]

    def _serving(self, merchant_id: str, lane: Lane) -> Sequence[Connection]:
        """List whose lane it is: the till's, where web orders become sales, and else each shop's."""
        return self._tills_of(merchant_id) if lane is Lane.ORDERS else self.shops_of(merchant_id)

    def _tell(self, concerned: Iterable[Connection], lane: Lane, marks: Sequence[Mark]) -> None:
        for connection in concerned:
            self.marks.add(connection.connection_id, lane, marks)
            self._wake([connection], lane)

    def _wake(self, concerned: Iterable[Connection], lane: Lane, task: str = "work") -> None:
        for connection in concerned:
            if connection.working:
                self.lanes.wake(connection, lane, task)


def _marks(keys: Iterable[str], now: datetime, delay: timedelta = timedelta()) -> Sequence[Mark]:
    return [Mark(key, since=now, due_at=now + delay) for key in keys]
