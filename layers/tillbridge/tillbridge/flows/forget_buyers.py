"""Take buyers off the till, as far as Tillbridge has put them there, and find out what of them it has put there.

Everything can be repeated. Each order is written in the place of what was read of it, and only after its customer is
anonymous in the till: whoever dies in between is followed by one that does it once more (invariant 8). From then on the
order names nobody, so that a refund of it makes no customer anew. A customer whom the merchant has made is the
merchant's, and stays (invariant 6).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from tillbridge.domain.errors import BrokenConnectionError
from tillbridge.domain.merchant import Connection
from tillbridge.domain.orders.forgetting import Trace, Traced, trace_of, traced, without_customer
from tillbridge.domain.orders.record import OrderRecord
from tillbridge.flows.import_orders.ports import OrderRecords, customer_name
from tillbridge.flows.ports import Clock, Deadline
from tillbridge.systems.counter import Counter

CounterOf = Callable[[Connection, Deadline], Counter]

TIME_FOR_ONE = timedelta(seconds=40)
"""A call to a slow till may be tried again inside."""
TRIES = 5
"""How often an order is read again that somebody else changes at this very moment."""


@dataclass(frozen=True, slots=True)
class BuyerOffice:
    """Knows what orders have put into the till of their buyers."""

    records: OrderRecords
    counter_of: CounterOf
    clock: Clock

    def look(self, shop: Connection, till: Connection | None, order_ids: Sequence[str]) -> Sequence[Traced]:
        """Tell what orders of one shop have left; ``till`` is the merchant's of today, if there is one."""
        found = self.records.get(shop.connection_id, order_ids)
        ours = self._ours(till, found.values())
        return [
            traced(found[one], ours) if one in found else Traced(name=one, trace=Trace.UNKNOWN) for one in order_ids
        ]

    def forget(
        self,
        shop: Connection,
        till: Connection | None,
        order_ids: Sequence[str],
        deadline: Deadline | None,
        told: str,
    ) -> Sequence[Traced]:
        """Have the buyers of orders forgotten, and tell what is left of each then.

        Without a deadline the till is not asked, and whoever stands there is left for later. ``told`` says in the
        orders' histories who wanted it. Raises what the till says; what is done by then stays done.
        """
        found = self.records.get(shop.connection_id, order_ids)
        ours = self._ours(till, found.values())
        done: dict[str, str] = {}
        for customer_id, records in _by_customer(found.values(), ours).items():
            if customer_id:
                if till is None or deadline is None or deadline.left() < TIME_FOR_ONE:
                    continue
                self._anonymise(till, customer_id, deadline)
            done |= {record.order_id: customer_id for record in records if self.let_go(record, told)}
        left = zip(order_ids, self.look(shop, till, order_ids), strict=True)
        return [_told_of(one, done[order_id]) if order_id in done else one for order_id, one in left]

    def trace(self, till: Connection, record: OrderRecord) -> Trace:
        """Tell what one order has left in today's till."""
        return trace_of(record, self._ours(till, [record]))

    def _anonymise(self, till: Connection, customer_id: str, deadline: Deadline) -> None:
        if not till.working:
            raise BrokenConnectionError(
                f"Customer {customer_id} of the till is to be made anonymous, and the till's connection does not work.",
                remedy="`tillbridge connections` shows what to do; it goes on by itself then.",
                code="TillNotWorking",
            )
        self.counter_of(till, deadline).anonymise(customer_id)

    def let_go(self, record: OrderRecord, told: str) -> OrderRecord | None:
        """Have an order name nobody any more; ``None`` when it has come to name somebody else meanwhile."""
        before = (record.customer_id, record.customer_sought)
        for _ in range(TRIES):
            what = (
                f"{told} Customer {record.customer_id} of the till was made anonymous." if record.customer_id else told
            )
            stored = self.records.put(without_customer(record).noting(what, self.clock.now()), record)
            if stored is not None:
                return stored
            record = self.records.get(record.shop, [record.order_id])[record.order_id]
            if (record.customer_id, record.customer_sought) != before:
                return None
        return None

    def _ours(self, till: Connection | None, records: Iterable[OrderRecord]) -> frozenset[str]:
        """Find which customers that orders name were made by us, in this till."""
        names = {customer_name(one.customer_id): one.customer_id for one in records if one.customer_id}
        if till is None or not names:
            return frozenset()
        return frozenset(names[one] for one in self.records.pointed(till.connection_id, names))


def _told_of(one: Traced, customer_id: str) -> Traced:
    return replace(one, trace=Trace.DONE if customer_id else Trace.NOBODY, customer_id=customer_id)


def _by_customer(records: Iterable[OrderRecord], ours: frozenset[str]) -> dict[str, list[OrderRecord]]:
    """Put orders together that name one customer of ours; those that name nobody are under ""."""
    together: dict[str, list[OrderRecord]] = {}
    for record in records:
        if trace_of(record, ours) in {Trace.OURS, Trace.NOBODY}:
            together.setdefault(record.customer_id, []).append(record)
    return together
