"""One merchant with the till's stand-in and four shops, and time that passes: schedule, queues, leases and workers.

Table and queues are in memory; flows, intake, the till's adapter and the stand-in of the till are the real ones. A
worker that dies leaves its lease and its wake behind.
"""

import heapq
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from random import Random
from types import SimpleNamespace
from typing import Any

from sandbox.common.instrument import Instruments
from sandbox.lightspeed.app import build_app
from sandbox.lightspeed.sale import Sale
from sandbox.lightspeed.settings import Client, Settings
from sandbox.lightspeed.state import Lightspeed
from tests.fakes.counter import FakeDesk
from tests.fakes.counter_lists import FakeCounterLists
from tests.fakes.crash import KilledError
from tests.fakes.order_records import FakeOrderRecords
from tests.fakes.stores import (
    FakeConnections,
    FakeCursors,
    FakeLaneLeases,
    FakeLanes,
    FakeMarks,
    FakeMirror,
    FakeOutbox,
    FakeRechecks,
    FakeReservations,
    FakeShelves,
)
from tests.fakes.systems import FakeShop, Listing
from tests.fakes.world import SHOP, TILL, World, connection
from tests.functional.lightspeed.shopfloor import CLIENT_ID, EVERYTHING, GrantTokens
from tests.proof.orders.hooks import Door
from tests.proof.orders.line import HOST, Reaper, RoughLine
from tillbridge.domain.errors import RetryLaterError
from tillbridge.domain.merchant import Connection, Lane, Merchant, System
from tillbridge.domain.orders.rules import OTHER, CustomerRule, TaxRule
from tillbridge.domain.orders.settings import OrderSettings
from tillbridge.domain.product import ListingRef
from tillbridge.domain.work import Shelf
from tillbridge.flows.full_read import full_read
from tillbridge.flows.import_orders.lane import import_orders
from tillbridge.flows.import_orders.sweep import NEWS, note_asked, wake_if_due
from tillbridge.flows.import_orders.till_news import look_for_parcels, look_for_returns
from tillbridge.flows.lane_fence import SHOWN_AGAIN, LaneFence
from tillbridge.flows.lane_work import Register, in_state
from tillbridge.flows.pull import poll_stock
from tillbridge.flows.push_stock import push_stock
from tillbridge.flows.reader import TillReader
from tillbridge.flows.recheck import recheck
from tillbridge.flows.schedule import SWEEP
from tillbridge.flows.shopkeeper import ShopKeeper
from tillbridge.flows.take_hook import HookDesk
from tillbridge.runtime.orders import ListsMemory, make_importer
from tillbridge.runtime.queue import LONGEST_HIDING, _hiding
from tillbridge.systems.http import FencedClient
from tillbridge.systems.lightspeed import BudgetBook, LightspeedClient, LightspeedCounter, LightspeedTill
from tillbridge.systems.order_desk import OrderDesk

SHOPS = {
    SHOP: System.WOOCOMMERCE,
    "shopify": System.SHOPIFY,
    "bigcommerce": System.BIGCOMMERCE,
    "magento": System.MAGENTO,
}
TICK = timedelta(minutes=1)
LAMBDA = timedelta(minutes=10)
MOST_TRIES = 8
Group = tuple[str, Lane]


@dataclass
class Letter:
    """A wake in a queue."""

    task: str
    shown_at: datetime
    tries: int = 0


@dataclass
class Front:
    """One shop: what it sells and shows, and the desk of its orders, which are in memory unless it is replaced."""

    name: str
    system: System
    shop: FakeShop
    desk: OrderDesk
    orders: FakeDesk
    secret: str


@dataclass
class ClockDeadline:
    """The time that a function has left."""

    now: Callable[[], datetime]
    until: datetime

    def left(self) -> timedelta:
        return self.until - self.now()


@dataclass
class Market(World):
    """``items`` are all listed in all four shops, as product ``100 + item``."""

    seed: int = 1
    items: int = 12
    stock_each: int = 1000
    orders: OrderSettings = field(default_factory=OrderSettings)
    dice: Random = field(init=False)
    reaper: Reaper = field(init=False)
    line: RoughLine = field(init=False)
    state: Lightspeed = field(init=False)
    fronts: dict[str, Front] = field(init=False)
    sold_items: list[str] = field(init=False)  # of which the till keeps stock
    door: Door = field(init=False)
    queues: dict[Group, list[Letter]] = field(default_factory=dict)
    plan: list[tuple[datetime, int, Callable[[], object]]] = field(default_factory=list)
    stumbled: list[Exception] = field(default_factory=list)
    deaths: Counter[Lane] = field(default_factory=Counter)
    dead_letters: int = 0
    served: list[tuple[Lane, timedelta]] = field(default_factory=list)  # every wake, and how long it took
    _numbers: Iterator[int] = field(default_factory=count)
    _budget: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.dice = Random(self.seed)
        self.crash = self.reaper = Reaper(dice=Random(self.seed + 1))
        self.lanes = FakeLanes(crash=self.crash)
        client = Client(CLIENT_ID, "a secret", "https://connector.example.com/callback")
        settings = Settings(items=self.items, clients=(client,), token_seconds=10**9)
        self.state = Lightspeed(settings, self.clock)
        app = build_app(self.state, Instruments(clock=self.state.clock))
        self.line = RoughLine({HOST: app}, self.clock, self.crash, dice=Random(self.seed + 2))
        self.line.meanwhile = self._happen
        self._tokens = GrantTokens(self.state, 1, EVERYTHING)
        self.memory.connections[TILL] = replace(
            connection(TILL, System.LIGHTSPEED), account_id=str(settings.account_id)
        )
        self.orders = OrderSettings(
            since=self.clock.now(),
            tax=TaxRule.SHOP,
            locations={OTHER: "1"},
            registers={"1": "1", "2": "2"},
            employee="1",
            payment_types={OTHER: "4"},
            customer=CustomerRule.NONE,
        )
        self.change_settings(orders=self.orders, guard_zeroed=Decimal(0))
        for number in range(1, self.items + 1):
            self.state.retailer.count_stock(number, self.stock_each)
        full_read(self.reader())
        self.memory.marks.clear()
        self.lanes.woken.clear()
        self.line.spent.clear()
        self.sold_items = [
            one
            for one, item in sorted(self.memory.items[TILL].items(), key=lambda pair: int(pair[0]))
            if not item.gone and self.state.retailer.stock.of(int(one), 1).qoh == self.stock_each
        ]
        self.fronts = {name: self._opened(name, system) for name, system in SHOPS.items()}
        self.door = Door(
            lambda: HookDesk(self._of(FakeShelves), self._of(FakeMarks), self.lanes, self.clock), self.clock.now
        )
        self._kept_lists = FakeCounterLists(self.crash)
        self._lists = ListsMemory(self._kept_lists, self.clock)
        self.at(self.clock.now(), self._tick)

    def _opened(self, name: str, system: System) -> Front:
        self.memory.connections[name] = connection(name, system)
        shop = FakeShop(self.clock, self.crash, batch=50, system=name)
        for item_id in self.sold_items:
            product_id = str(100 + int(item_id))
            units = 2 * self.stock_each
            shop.products[product_id] = Listing(product_id, item_id, {}, {"": {"sku": item_id}}, {"": units})
            shelf = Shelf(item_id=item_id, ref=ListingRef(product_id), known=units)
            FakeShelves(self.memory).put(name, [shelf])
        desk = FakeDesk(self.crash)
        return Front(name, system, shop, desk, desk, f"secret of {name}")

    @property
    def account(self) -> str:
        """Name the till's account."""
        return str(self.state.settings.account_id)

    # --- time ---

    def at(self, when: datetime, what: Callable[[], object]) -> None:
        """Plan something that happens outside our workers."""
        heapq.heappush(self.plan, (when, next(self._numbers), what))

    def run(self, until: datetime) -> None:
        """Let time pass: what is planned happens, and every queue is served."""
        while self.clock.now() < until:
            self._happen()
            if not self._serve_one():
                self.clock.time = max(self.clock.now(), min([until, *self._next()]))

    def run_once(self) -> None:
        """Serve what waits now, and let as much time pass as the till's limits want for one sale."""
        while self._serve_one():
            pass
        self.clock.advance(seconds=20)

    def _next(self) -> Iterator[datetime]:
        if self.plan:
            yield self.plan[0][0]
        yield from (letters[0].shown_at for letters in self.queues.values() if letters)

    def _happen(self) -> None:
        """Let happen what is due, also while a worker waits for an answer; none of it is a step of ours."""
        lane, self.reaper.lane = self.reaper.lane, ""
        while self.plan and self.plan[0][0] <= self.clock.now():
            heapq.heappop(self.plan)[2]()
        self._post()
        self.reaper.lane = lane

    def _tick(self) -> None:
        """Be the schedule: shops are swept every five minutes."""
        if int(self.clock.now().timestamp()) % SWEEP.total_seconds() < TICK.total_seconds():
            for name in SHOPS:
                self.wake(name, Lane.STOCK, "orders")
        self.at(self.clock.now() + TICK, self._tick)

    def wake(self, name: str, lane: Lane, task: str = "work") -> None:
        """Put a wake into its queue, unless one like it waits behind the one that is being served."""
        letters = self.queues.setdefault((name, lane), [])
        if not any(letter.task == task for letter in letters[1:]):
            letters.append(Letter(task, self.clock.now()))

    def _post(self) -> None:
        for name, lane, task in self.lanes.woken:
            self.wake(name, lane, task)
        self.lanes.woken.clear()

    # --- workers ---

    def _serve_one(self) -> bool:
        """Serve the wake that has been shown longest; tells whether there was one."""
        group = self._ready()
        if group is not None:
            self._serve(group)
        return group is not None

    def _ready(self) -> Group | None:
        """Name the group of which a wake has been shown longest."""
        shown = ((letters[0].shown_at, group) for group, letters in self.queues.items() if letters)
        return min((one for one in shown if one[0] <= self.clock.now()), default=(None, None))[1]

    def _serve(self, group: Group) -> None:
        now, letter = self.clock.now(), self.queues[group][0]
        letter.tries += 1
        hidden = self._served(group, letter)
        self.served.append((group[1], self.clock.now() - now))
        if hidden is None or letter.tries >= MOST_TRIES:
            self.dead_letters += hidden is not None
            self.queues[group].pop(0)
        else:
            letter.shown_at = self.clock.now() + hidden
        self._post()
        self._forget_empty()

    def _served(self, group: Group, letter: Letter) -> timedelta | None:
        """Serve one wake as the runtime does; gives for how long it is hidden when it was not used up."""
        name, lane = group
        whose = self.memory.connections[name]
        if not whose.working:
            return None
        self.reaper.begin(lane.value)
        try:
            if not in_state(self._register(), whose, lambda: self._work(whose, lane, letter.task)):
                self.wake(name, lane, letter.task)
        except KilledError:
            self.deaths[lane] += 1
            self._lists = ListsMemory(self._kept_lists, self.clock)
            return SHOWN_AGAIN
        except RetryLaterError as error:
            return timedelta(seconds=min(_hiding(error.after, letter.tries), LONGEST_HIDING))
        finally:
            self.reaper.lane = ""
        return None

    def _work(self, whose: Connection, lane: Lane, task: str) -> bool:
        if lane is Lane.ORDERS:
            return self._import(whose, task)
        if whose.connection_id == TILL:
            poll_stock(self.reader())
            return recheck(self.reader(), self._of(FakeRechecks)).finished
        with self._fenced(whose, lane) as fence:
            keeper = self.keeper_of(whose, fence)
            if task == "orders":
                wake_if_due(keeper, self.fanout(), self.book().look(keeper))
            return push_stock(keeper, self.book()).finished

    def _import(self, till: Connection, task: str) -> bool:
        with self._fenced(till, Lane.ORDERS) as fence:
            deadline = self._deadline()
            importer = make_importer(self._parts(fence), self._lists, till, deadline, fence)
            assert importer is not None
            finished = import_orders(importer, self.stumbled.append).finished
            if task == NEWS and finished:
                look_for_parcels(importer)
                look_for_returns(importer)
                note_asked(importer.cursors, TILL, self.clock)
                finished = import_orders(importer, self.stumbled.append).finished
            return finished

    @contextmanager
    def _fenced(self, whose: Connection, lane: Lane) -> Iterator[LaneFence]:
        """Make the fence of a worker. One that is killed releases nothing; one that lives keeps its lease alive."""
        self.workers += 1
        fence = LaneFence(
            leases=self._of(FakeLaneLeases),
            connections=self._of(FakeConnections),
            clock=self.clock,
            connection=whose,
            lane=lane,
            holder=f"worker {self.workers}",
        )
        try:
            yield fence
        except KilledError:
            raise
        except BaseException:
            fence.release()
            raise
        fence.release()

    def _deadline(self) -> ClockDeadline:
        return ClockDeadline(self.clock.now, self.clock.now() + LAMBDA)

    def _register(self) -> Register:
        outbox = FakeOutbox(self.memory, self.crash, self.clock)
        return Register(self._of(FakeConnections), outbox, self.clock)

    def keeper_of(self, whose: Connection, fence: LaneFence) -> ShopKeeper:
        """Make the keeper of one shop."""
        shop = self.fronts[whose.connection_id].shop.fenced(fence.may_send)
        return replace(super().keeper(), connection=whose, fence=fence, shop=shop, deadline=self._deadline())

    def reader(self) -> TillReader:
        return replace(super().reader(), till=LightspeedTill(self.client(), self.account))

    def client(self, fence: LaneFence | None = None) -> LightspeedClient:
        """Make the client of one worker; what it knows of limits is shared through the table."""
        http = self.line.client("lightspeed", TILL)
        budget = BudgetBook(self.clock, lambda: self._budget or None, self._budget.update)
        fenced = FencedClient(http, fence.may_send) if fence else http
        return LightspeedClient(fenced, self._tokens, clock=self.clock, budget=budget, base_url=f"https://{HOST}")

    def _parts(self, fence: LaneFence) -> Any:  # as much of a Container as the lane needs
        client, account = self.client(fence), self.account
        merchant = Merchant(merchant_id="m1", name="Shop", settings=self.settings, created_at=self.clock.now())
        seller = (LightspeedCounter(client, account), LightspeedTill(client, account))
        systems = SimpleNamespace(
            seller=lambda *_: seller,
            built=lambda shop, *_: SimpleNamespace(desk=self.fronts[shop.connection_id].desk),
        )
        return SimpleNamespace(
            merchants=SimpleNamespace(get=lambda _: merchant),
            systems=systems,
            connections=self._of(FakeConnections),
            fanout=self.fanout(),
            order_records=self._of(FakeOrderRecords),
            marks=self._of(FakeMarks),
            mirror=self._of(FakeMirror),
            reservations=self._of(FakeReservations),
            shelves=self._of(FakeShelves),
            cursors=self._of(FakeCursors),
            outbox=FakeOutbox(self.memory, self.crash, self.clock),
            clock=self.clock,
        )

    def _forget_empty(self) -> None:
        """Drop reservations of nothing, over which every look would go."""
        held = self.memory.reserved.get(TILL, {})
        for order in [one for one, units in held.items() if not units]:
            del held[order]

    # --- what came of it ---

    def sales(self) -> list[Sale]:
        """List the till's sales."""
        return list(self.state.retailer.sales.table.all())

    def order_marks(self) -> list[str]:
        return [mark.key for mark in self._of(FakeMarks).waiting(TILL, Lane.ORDERS)]
