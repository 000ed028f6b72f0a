"""A merchant whose web orders become sales: a till that sells, two shops with desks, and a worker that may die."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from tests.fakes.counter import FakeCounter, FakeDesk
from tests.fakes.crash import KilledError
from tests.fakes.order_records import FakeOrderRecords
from tests.fakes.stores import (
    FakeConnections,
    FakeCursors,
    FakeLaneLeases,
    FakeMarks,
    FakeMirror,
    FakeOutbox,
    FakeReservations,
    FakeShelves,
)
from tests.fakes.world import SHOP, TILL, World, connection
from tests.unit.domain.samples import NOON, item
from tillbridge.domain.merchant import Lane, System
from tillbridge.domain.orders.order import PlacedOrder
from tillbridge.domain.orders.people import Buyer
from tillbridge.domain.orders.record import OrderRecord, OrderState, mark_key
from tillbridge.domain.orders.rules import CustomerRule, OrderRules, TaxRule
from tillbridge.domain.orders.sale import CounterLists, TillSale
from tillbridge.domain.orders.whole_plan import whole_plan
from tillbridge.domain.product import ListingRef, OrderLine, WebOrder
from tillbridge.domain.work import Mark, Shelf
from tillbridge.flows.import_orders.importer import Hearing, OrderImporter
from tillbridge.flows.import_orders.lane import ImportReport, import_orders
from tillbridge.flows.lane_fence import LaneFence, LaneTakenError

OTHER_SHOP = "other"
RULES = OrderRules(
    location="1",
    by_place={"north": "2"},
    sources={"1": "A", "2": "B"},
    registers={"1": "5", "2": "6"},
    employee="2",
    payment_types={"*": "9"},
    tax=TaxRule.SHOP,
    customer=CustomerRule.NONE,
)
BUYER = Buyer(email="buyer@example.com")
NORTH = {"north": Decimal(1)}
"""The place of a unit that location 2 sells."""


@dataclass
class KeptLists:
    counter: FakeCounter
    kept: CounterLists | None = None
    old: bool = False

    def get(self) -> CounterLists:
        self.kept = self.kept or self.counter.lists()
        return self.kept

    def outdated(self) -> bool:
        return self.kept is not None and self.old

    def forget(self) -> None:
        self.kept, self.old = None, False


@dataclass
class CounterWorld(World):
    """Items 1 and 2 are listed as 17 and 18 in both shops; every call of ``work`` is a process of its own."""

    rules: OrderRules = RULES
    since: datetime = NOON - timedelta(days=1)
    return_money: bool = False
    old_lists: CounterLists | None = None  # from some hours ago
    counter: FakeCounter = field(init=False)
    desks: dict[str, FakeDesk] = field(init=False)
    stumbled: list[Exception] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.memory.connections[OTHER_SHOP] = connection(OTHER_SHOP, System.MAGENTO)
        self.counter = FakeCounter(self.till, self.clock, self.crash)
        self.desks = {shop: FakeDesk(self.crash) for shop in (SHOP, OTHER_SHOP)}
        self.till.put(item("1"), item("2"))
        for item_id in ("1", "2"):
            self.stock(item_id, 10, 10)
        self.read_all()
        for shop in self.desks:
            shelves = [Shelf(item_id="1", ref=ListingRef("17")), Shelf(item_id="2", ref=ListingRef("18"))]
            FakeShelves(self.memory).put(shop, shelves)
        self.memory.marks.clear()
        self.crash.steps.clear()

    @property
    def desk(self) -> FakeDesk:
        return self.desks[SHOP]

    def place(self, order: PlacedOrder, shop: str = SHOP) -> None:
        """Have an order placed or changed, seen and marked, with its units reserved as the stock lane does."""
        self.desks[shop].put(order)
        self.look(order.order_id, shop)

    def look(self, order_id: str, shop: str = SHOP) -> None:
        """Have the stock lane see an order: it reserves, then marks."""
        record = self.record(order_id, shop)
        order = self.desks[shop].orders.get(order_id)
        if order is not None and not order.cancelled:
            units: dict[str, Decimal] = {}
            for charge in order.charges:
                if charge.ref:
                    item_id = {"17": "1", "18": "2"}.get(charge.ref.product_id)
                    settled = record.settled.get(str(charge.ref), Decimal(0)) if record else Decimal(0)
                    left = max(Decimal(0), charge.units - settled)
                    if item_id:
                        units[item_id] = units.get(item_id, Decimal(0)) + left
            FakeReservations(self.memory).set(TILL, f"{shop}:{order_id}", units)
        self.mark_order(order_id, shop)

    def meet(
        self, status: str = "processing", units: int = 2, *, held: bool = True, taken: bool = True, ref: str = "17"
    ) -> None:
        """Have the stock lane meet order 1001 in a state; without units it lists nothing any more."""
        self.clock.advance(seconds=10)
        self.shop.orders = [
            WebOrder(
                order_id="1001",
                number="1001",
                status=status,
                lines=(OrderLine(ListingRef(ref), Decimal(units)),) if units else (),
                holds_stock=held,
                taken_in_shop=taken,
                changed_at=self.clock.now(),
                placed_at=NOON,
            )
        ]
        self.book().look(self.keeper())

    def mark_order(self, order_id: str, shop: str = SHOP) -> None:
        now = self.clock.now()
        FakeMarks(self.memory).add(TILL, Lane.ORDERS, [Mark(mark_key(shop, order_id), since=now, due_at=now)])

    def importer(self, fence: LaneFence) -> OrderImporter:
        memory, crash = self.memory, self.crash
        shops = {one: memory.connections[one] for one in self.desks}
        counter = self.counter.fenced(fence.may_send)
        return OrderImporter(
            till=memory.connections[TILL],
            shops=shops,
            counter=counter,
            stock=self.till,
            desk_of=lambda shop: self.desks[shop.connection_id],
            rules_of=lambda _: self.rules,
            imports=lambda placed_at: placed_at >= self.since,
            plan=whole_plan,
            lists=KeptLists(counter, self.old_lists, old=self.old_lists is not None),
            records=FakeOrderRecords(memory, crash),
            marks=FakeMarks(memory, crash),
            mirror=FakeMirror(memory, crash),
            reservations=FakeReservations(memory, crash),
            shelves=FakeShelves(memory, crash),
            cursors=FakeCursors(memory, crash),
            outbox=FakeOutbox(memory, crash, self.clock),
            fanout=self.fanout(),
            clock=self.clock,
            deadline=self.deadline,
            fence=fence,
            return_money=self.return_money,
            backorders=self.settings.backorders,
            hearing=Hearing(),
        )

    def order_fence(self) -> LaneFence:
        self.workers += 1
        return LaneFence(
            leases=FakeLaneLeases(self.memory, self.crash),
            connections=FakeConnections(self.memory, self.crash),
            clock=self.clock,
            connection=self.memory.connections[TILL],
            lane=Lane.ORDERS,
            holder=f"worker {self.workers}",
        )

    def work(self) -> ImportReport:
        """Serve one wake of the lane, as the runtime does; a process that is killed gives nothing back."""
        fence = self.order_fence()
        try:
            report = import_orders(self.importer(fence), self.stumbled.append)
        except KilledError:
            raise
        except BaseException:
            fence.release()
            raise
        fence.release()
        return report

    def work_until_quiet(self, rounds: int = 60) -> None:
        """Let the queue wake the lane again and again, whatever comes of it, until nothing waits any more."""
        for _ in range(rounds):
            try:
                self.work()
            except LaneTakenError:
                self.clock.advance(minutes=1)
            except Exception:  # noqa: BLE001  the queue shows the wake again
                self.clock.advance(minutes=1)
            if not self.order_marks():
                return
            self.clock.advance(minutes=11)

    def order_marks(self) -> list[str]:
        return [mark.key for mark in FakeMarks(self.memory).waiting(TILL, Lane.ORDERS)]

    def record(self, order_id: str = "1001", shop: str = SHOP) -> OrderRecord | None:
        return self.memory.records.get(shop, {}).get(order_id)

    def state(self, order_id: str = "1001", shop: str = SHOP) -> OrderState | None:
        record = self.record(order_id, shop)
        return record.state if record else None

    def known(self, order_id: str = "1001", shop: str = SHOP) -> OrderRecord:
        record = self.record(order_id, shop)
        assert record is not None
        return record

    def reserved(self, order_id: str = "1001", shop: str = SHOP) -> dict[str, Any]:
        return dict(FakeReservations(self.memory).held(TILL, f"{shop}:{order_id}"))

    def completed(self, reference: str | None = None) -> list[TillSale]:
        return [sale for sale in self.counter.counting(reference) if sale.completed]

    def totals(self) -> list[tuple[str, int]]:
        """List what counts in the till: at which location, and how much in whole units of money."""
        return [(sale.location_id, int(sale.total)) for sale in self.completed()]

    def on_hand(self, item_id: str = "1", place: str = "1") -> int:
        return int(self.till.levels[item_id, place].on_hand)

    def mirrored(self, item_id: str = "1", place: str = "1") -> int:
        return int(self.memory.levels[TILL][item_id, place].on_hand)

    def change_rules(self, **changes: Any) -> None:
        self.rules = replace(self.rules, **changes)
