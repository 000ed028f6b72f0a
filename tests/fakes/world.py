"""One merchant with a till and a shop, all in memory, and a "process" that can be killed at any step and begun anew."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, TypeVar

from tests.fakes.clock import NOON, FakeClock, FakeDeadline
from tests.fakes.crash import Crash, KilledError
from tests.fakes.order_records import FakeOrderRecords
from tests.fakes.stores import (
    FakeChoices,
    FakeConnections,
    FakeCursors,
    FakeHolds,
    FakeLaneLeases,
    FakeLanes,
    FakeLinks,
    FakeMarks,
    FakeMirror,
    FakeOrderNotes,
    FakeRechecks,
    FakeRejects,
    FakeReservations,
    FakeRuns,
    FakeShelves,
    FakeSightings,
    FakeUnlinkedOrders,
    Memory,
)
from tests.fakes.systems import FakeShop
from tests.fakes.till import FakeTill
from tests.unit.domain.samples import REFERENCE
from tillbridge.domain.errors import TillbridgeError
from tillbridge.domain.merchant import Connection, Lane, Merchant, System
from tillbridge.domain.product import Visibility
from tillbridge.domain.settings import MerchantSettings
from tillbridge.domain.stock import StockLevel
from tillbridge.domain.work import Mark
from tillbridge.flows.fanout import Fanout
from tillbridge.flows.full_read import DONE, full_read, resume
from tillbridge.flows.lane_fence import LaneFence, LaneHaltedError, LaneTakenError
from tillbridge.flows.pull import poll_items, poll_matrices, poll_stock
from tillbridge.flows.push_catalogue import push_catalogue
from tillbridge.flows.push_stock import push_stock
from tillbridge.flows.reader import PullReport, TillReader
from tillbridge.flows.recheck import recheck
from tillbridge.flows.reconcile import RECONCILE, Reconciler, ReconcileReport, reconcile
from tillbridge.flows.shopkeeper import PushReport, ShopKeeper
from tillbridge.flows.survey import survey
from tillbridge.flows.web_orders import OrderBook

Repository = TypeVar("Repository")
TILL, SHOP = "till", "shop"
PLACES = ("1", "2")

WILD_PRICES = MerchantSettings(new_products=Visibility.PUBLISHED, guard_price=Decimal(0))
"""Prices leap in most stories, which are about something else than the guard; its other bounds are as they come."""


def connection(name: str, system: System) -> Connection:
    return Connection(
        connection_id=name, merchant_id="m1", system=system, account_id=name, created_at=NOON, changed_at=NOON
    )


@dataclass
class World:
    """``memory``, ``till`` and ``shop`` survive a kill; every call below is a process of its own."""

    clock: FakeClock = field(default_factory=FakeClock)
    memory: Memory = field(default_factory=Memory)
    crash: Crash = field(default_factory=Crash)
    settings: MerchantSettings = field(default_factory=lambda: WILD_PRICES)
    deadline: FakeDeadline = field(default_factory=FakeDeadline)
    lanes: FakeLanes = field(default_factory=FakeLanes)
    till: FakeTill = field(init=False)
    shop: FakeShop = field(init=False)
    workers: int = 0

    def __post_init__(self) -> None:
        self.till = FakeTill(self.clock, self.crash, REFERENCE)
        self.shop = FakeShop(self.clock, self.crash)
        for name, system in ((TILL, System.LIGHTSPEED), (SHOP, System.WOOCOMMERCE)):
            self.memory.connections[name] = connection(name, system)

    def stock(self, item_id: str, *sellable: int) -> None:
        """Set the stock of an item at each place in the till."""
        for place, amount in zip(PLACES, sellable, strict=False):
            self.till.put(StockLevel(item_id, place, Decimal(amount), Decimal(amount), NOON))

    def reader(self) -> TillReader:
        return TillReader(
            connection=self.memory.connections[TILL],
            till=self.till,
            mirror=self._of(FakeMirror),
            cursors=self._of(FakeCursors),
            runs=self._of(FakeRuns),
            rejects=self._of(FakeRejects),
            fanout=self.fanout(),
            clock=self.clock,
            deadline=self.deadline,
        )

    def fanout(self) -> Fanout:
        return Fanout(self._of(FakeConnections), self._of(FakeMarks), self.lanes)

    def keeper(self) -> ShopKeeper:
        return ShopKeeper(
            merchant=Merchant(merchant_id="m1", name="Shop", settings=self.settings, created_at=NOON),
            connection=self.memory.connections[SHOP],
            till_id=TILL,
            shop=self.shop,
            mirror=self._of(FakeMirror),
            links=self._of(FakeLinks),
            shelves=self._of(FakeShelves),
            marks=self._of(FakeMarks),
            reservations=self._of(FakeReservations),
            unlinked=self._of(FakeUnlinkedOrders),
            records=self._of(FakeOrderRecords),
            cursors=self._of(FakeCursors),
            runs=self._of(FakeRuns),
            sightings=self._of(FakeSightings),
            choices=self._of(FakeChoices),
            holds=self._of(FakeHolds),
            rechecks=self._of(FakeRechecks),
            clock=self.clock,
            deadline=self.deadline,
        )

    def book(self) -> OrderBook:
        return OrderBook(self._of(FakeOrderNotes), self.fanout())

    def read_all(self) -> PullReport:
        return full_read(self.reader())

    def poll(self) -> list[PullReport]:
        return [poll(self.reader()) for poll in (poll_stock, poll_items, poll_matrices)]

    def recheck(self) -> PullReport:
        return recheck(self.reader(), self._of(FakeRechecks))

    def push(self) -> tuple[PushReport, PushReport]:
        catalogue = self.serve(Lane.CATALOGUE, push_catalogue)
        return catalogue, self.serve(Lane.STOCK, lambda keeper: push_stock(keeper, self.book()))

    def fence(self, lane: Lane) -> LaneFence:
        """Make the fence of a worker of its own."""
        self.workers += 1
        return LaneFence(
            leases=self._of(FakeLaneLeases),
            connections=self._of(FakeConnections),
            clock=self.clock,
            connection=self.memory.connections[SHOP],
            lane=lane,
            holder=f"worker {self.workers}",
        )

    def serve(self, lane: Lane, work: Callable[[ShopKeeper], PushReport]) -> PushReport:
        """Serve one wake of a lane, as the runtime does; a process that is killed gives nothing back."""
        fence = self.fence(lane)
        try:
            report = work(replace(self.keeper(), fence=fence, shop=self.shop.fenced(fence.may_send)))
        except (LaneTakenError, LaneHaltedError):
            report = PushReport(finished=False)
        except TillbridgeError:
            fence.release()
            raise
        fence.release()
        return report

    def reconcile(self) -> ReconcileReport:
        return reconcile(Reconciler(self.keeper(), self._of(FakeRuns), self.book()))

    def reconcile_and_push(self) -> None:
        """Read the till whole and reconcile the shop to the end, as every night."""
        self.read_all()
        for _ in range(20):
            self.clock.advance(seconds=20)
            self.push()
            if self.reconcile().finished and self.memory.runs[SHOP, RECONCILE].phase == DONE:
                return

    def survey_only(self) -> None:
        """Have the shop surveyed."""
        assert survey(self.keeper())

    def survey(self) -> None:
        """Have the shop surveyed, and what it marked looked at."""
        self.survey_only()
        push_catalogue(self.keeper())

    def mark(self, *keys: str) -> None:
        """Have products looked at."""
        now = self.clock.now()
        self._of(FakeMarks).add(SHOP, Lane.CATALOGUE, [Mark(key, since=now, due_at=now) for key in keys])

    def waiting(self, lane: Lane) -> list[str]:
        return [mark.key for mark in self._of(FakeMarks).waiting(SHOP, lane)]

    def settle(self) -> None:
        """Let minutes pass until nothing waits twice in a row: polls and pushes, as the schedule would have them."""
        quiet = 0
        for _ in range(20):
            self.clock.advance(minutes=1)
            self.poll()
            resume(self.reader())
            if TILL_READ not in self.memory.cursors:
                self.read_all()
            self.push()
            self.recheck()
            waits = self.waiting(Lane.CATALOGUE) or self.waiting(Lane.STOCK)
            quiet = 0 if waits else quiet + 1
            if quiet == QUIET_ROUNDS:
                return

    def survive(self, work: Callable[[], object], at: int) -> bool:
        """Run ``work`` and kill it at a step; tells whether it got that far."""
        self.crash.steps.clear()
        self.crash.at = at
        try:
            work()
        except KilledError:
            return True
        finally:
            self.crash.at = None
        return False

    def change_settings(self, **changes: Any) -> None:
        self.settings = replace(self.settings, **changes)

    def _of(self, kind: Callable[[Memory, Crash], Repository]) -> Repository:
        return kind(self.memory, self.crash)


TILL_READ = (TILL, "stock")
QUIET_ROUNDS = 2
