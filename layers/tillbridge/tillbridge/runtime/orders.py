"""The composition root of ``import_orders``: what each wake of the lane that sells means."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Protocol

from tillbridge.domain.errors import MissingRightError
from tillbridge.domain.merchant import Connection
from tillbridge.domain.orders.sale import CounterLists
from tillbridge.domain.orders.whole_plan import whole_plan
from tillbridge.flows.import_orders.importer import OrderImporter
from tillbridge.flows.import_orders.lane import ImportReport, import_orders
from tillbridge.flows.import_orders.park import parked_orders
from tillbridge.flows.import_orders.sweep import NEWS, note_asked
from tillbridge.flows.import_orders.till_news import look_for_parcels, look_for_returns
from tillbridge.flows.lane_fence import LaneFence
from tillbridge.flows.ports import Clock, Deadline
from tillbridge.runtime import observe
from tillbridge.runtime.container import Container, container
from tillbridge.runtime.messages import WakeMessage
from tillbridge.runtime.queue import LaneWorker
from tillbridge.systems.counter import Counter
from tillbridge.systems.order_desk import OrderDesk

LISTS_KEPT = timedelta(hours=6)
LISTS_FRESH = timedelta(minutes=10)
"""What is added to the till or changed there meanwhile is found when it is missed: older lists park no order."""


class ListsStore(Protocol):
    """Keeps the lists of tills beyond a process (``store.counter_lists``)."""

    def get(self, till: str) -> tuple[datetime, CounterLists] | None:
        """Find the lists and when they were read."""
        ...

    def put(self, till: str, read_at: datetime, lists: CounterLists) -> None:
        """Keep the lists."""
        ...

    def forget(self, till: str) -> None:
        """Drop the lists."""
        ...


@dataclass(slots=True)
class ListsMemory:
    """The lists of tills, as this process has read them or found them in the table."""

    store: ListsStore
    clock: Clock
    known: dict[str, tuple[datetime, CounterLists]] = field(default_factory=dict)

    def of(self, till: str, counter: Counter) -> "KeptLists":
        """Give the lists of one till; they are read when they are first asked for."""
        return KeptLists(self, till, counter)


@dataclass(frozen=True, slots=True)
class KeptLists:
    """Implements ``Lists`` for one till."""

    memory: ListsMemory
    till: str
    counter: Counter

    def get(self) -> CounterLists:
        """Give the lists, as they were read not long ago."""
        kept = self.memory.known.get(self.till) or self.memory.store.get(self.till)
        if kept is None or self._age(kept) > LISTS_KEPT:
            kept = self.memory.clock.now(), self.counter.lists()
            self.memory.store.put(self.till, *kept)
        self.memory.known[self.till] = kept
        return kept[1]

    def outdated(self) -> bool:
        """Tell whether what was given may be something else in the till by now."""
        kept = self.memory.known.get(self.till)
        return kept is not None and self._age(kept) > LISTS_FRESH

    def forget(self) -> None:
        """Have them read again."""
        self.memory.known.pop(self.till, None)
        self.memory.store.forget(self.till)

    def _age(self, kept: tuple[datetime, CounterLists]) -> timedelta:
        return self.memory.clock.now() - kept[0]


@cache
def worker() -> LaneWorker:
    """Build the worker once per process."""
    parts = container()
    memory = ListsMemory(parts.counter_lists, parts.clock)
    return parts.worker(lambda till, message, deadline: work(parts, memory, till, message, deadline))


def work(parts: Container, memory: ListsMemory, till: Connection, message: WakeMessage, deadline: Deadline) -> bool:
    """Serve one wake; tells whether everything that was due is done."""
    with parts.fenced(till, message.lane) as fence:
        importer = make_importer(parts, memory, till, deadline, fence)
        if importer is None:
            return True
        finished = counted(import_orders(importer, observe.defect)).finished
        if message.task == NEWS and finished:  # behind the orders, which news that cannot be read must not hold up
            look_for_news(importer)
            note_asked(parts.cursors, till.connection_id, parts.clock)
            tell_parked(importer)
            finished = counted(import_orders(importer, observe.defect)).finished
        return finished


def make_importer(
    parts: Container, memory: ListsMemory, till: Connection, deadline: Deadline, fence: LaneFence
) -> OrderImporter | None:
    """Put together what one wake works with; ``None`` where the merchant imports no orders (any more)."""
    merchant = parts.merchants.get(till.merchant_id)
    choices = merchant.settings.orders
    if not choices.imported:
        return None
    counter, stock = parts.systems.seller(till, deadline, fence.may_send)
    shops = {one.connection_id: one for one in parts.fanout.shops_of(till.merchant_id)}
    return OrderImporter(
        till=till,
        shops=shops,
        counter=counter,
        stock=stock,
        desk_of=_desks(parts, fence, deadline),
        rules_of=merchant.settings.order_rules,
        imports=choices.imports,
        plan=whole_plan,
        lists=memory.of(till.connection_id, counter),
        records=parts.order_records,
        marks=parts.marks,
        mirror=parts.mirror,
        reservations=parts.reservations,
        shelves=parts.shelves,
        cursors=parts.cursors,
        outbox=parts.outbox,
        fanout=parts.fanout,
        clock=parts.clock,
        deadline=deadline,
        fence=fence,
        return_money=choices.return_money,
        backorders=merchant.settings.backorders,
    )


def _desks(parts: Container, fence: LaneFence, deadline: Deadline) -> Callable[[Connection], OrderDesk]:
    """Make each shop's desk when it is first needed."""

    @cache
    def of(name: str) -> OrderDesk:
        return parts.systems.built(parts.connections.get(name), fence.may_send, deadline).desk

    return lambda shop: of(shop.connection_id)


def look_for_news(importer: OrderImporter) -> None:
    """Ask the till what became of our sales; without the right to that, the rest goes on."""
    try:
        observe.count("ParcelsShipped", look_for_parcels(importer))
        observe.count("TillReturns", look_for_returns(importer))
    except MissingRightError as error:
        observe.trouble(error, importer.till)


def counted(report: ImportReport) -> ImportReport:
    """Count what was done."""
    observe.count("OrdersLookedAt", report.looked_at)
    observe.count("OrdersFailed", report.failed)
    return report


def tell_parked(importer: OrderImporter) -> None:
    """Tell how many orders wait for a person, for the alarm; as often as the till is asked for news."""
    observe.count("OrdersParked", parked_orders(importer.records, importer.shops))
