"""A world in which anything may happen at any moment, also in the middle of our work."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from tests.fakes.crash import Crash, KilledError
from tests.fakes.stores import FakeHolds, FakeLanes, FakeMarks, FakeRuns, FakeShelves
from tests.fakes.world import PLACES, SHOP, TILL, World
from tests.proof.lively_shop import LivelyShop
from tests.proof.witness import RememberingTill
from tests.unit.domain.samples import REFERENCE, item, matrix, variant
from tillbridge.domain.catalogue import Item
from tillbridge.domain.errors import (
    DoubtfulWriteError,
    GarbledAnswerError,
    RetryLaterError,
    SystemDownError,
    ThrottledError,
)
from tillbridge.domain.merchant import ConnectionState, Lane
from tillbridge.domain.product import Visibility
from tillbridge.domain.settings import MerchantSettings
from tillbridge.domain.work import HoldState
from tillbridge.flows.fanout import RECHECK
from tillbridge.flows.full_read import resume
from tillbridge.flows.pull import poll_items, poll_matrices, poll_stock
from tillbridge.flows.push_catalogue import push_catalogue
from tillbridge.flows.push_stock import push_stock
from tillbridge.flows.reconcile import Reconciler, reconcile
from tillbridge.flows.resync import mark_everything
from tillbridge.flows.shopkeeper import PushReport, ShopKeeper
from tillbridge.flows.take_hook import Hook, HookDesk

SETTINGS = MerchantSettings(new_products=Visibility.PUBLISHED, guard_floor=2)
"""The defaults, but for a floor under which nearly every change of so small a shop would stay."""

COLORS = ("Red", "Blue", "Green", "Black", "White", "Grey")
SIMPLE, VARIANTS, FEWEST = 4, 3, 3
DAY = 24 * 3600

TROUBLES: tuple[Callable[[], RetryLaterError], ...] = (
    lambda: SystemDownError("It is down."),
    lambda: ThrottledError("It was asked too often.", after=7),
    lambda: GarbledAnswerError("It answered rubbish."),
    lambda: DoubtfulWriteError("Its answer never came."),
)


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happens: ``what``, to the how-manieth, and how much of it.

    Work of ours is struck ``at`` one of its steps, if it comes so far: by what happens ``meanwhile``, and then, if it
    is ``fatal``, by death; without either by trouble of a system. ``during`` names the step, the next one of this name.
    """

    what: str
    whom: int = 0
    number: int = 0
    at: int | None = None
    fatal: bool = False
    meanwhile: "tuple[Event, ...]" = ()
    during: str = ""


class Struck(Crash):
    """Kill points at which something else may happen, once per work."""

    then: Callable[[str], object] | None = None

    def step(self, name: str) -> None:
        self.steps.append(name)
        if self.then is not None and self.at is not None and len(self.steps) > self.at:
            self.then(name)


@dataclass
class LivelyWorld(World):
    """``busy`` are the lanes of the till that are being served: its queue holds back what else comes for them.

    Without ``nights`` shops are never read back, so that nothing mends what polls and pushes have missed.
    """

    settings: MerchantSettings = field(default_factory=lambda: SETTINGS)
    nights: bool = True
    busy: set[Lane] = field(default_factory=set)
    numbers: int = 0

    def __post_init__(self) -> None:
        super().__post_init__()
        self.crash = self.struck = Struck()
        self.lanes = FakeLanes(crash=self.crash)
        self.heard = RememberingTill(self.clock, self.crash, REFERENCE)
        self.till, self.shop = self.heard, LivelyShop(self.clock, self.crash, till=self.heard)
        self.market = self.shop
        self.till.put(matrix())
        for number in range(SIMPLE):
            self.new_item(number)
        for number in range(VARIANTS):
            self.new_variant(number)

    def happen(self, event: Event) -> None:
        """Let it happen; time goes on a little."""
        self.clock.advance(seconds=1)
        if event.what in WORKS:
            self.work(event.what, event)
        elif event.what in POST:
            self._post(event)
        elif event.what in PEOPLE:
            PEOPLE[event.what](self, event.number)
        elif event.what in TO_ITEMS:
            items = sorted(self.till.items, key=int)
            TO_ITEMS[event.what](self, self.till.items[items[event.whom % len(items)]], event.number)
        else:
            self._in_shop(event)

    # --- our work ---

    def work(self, name: str, event: Event | None = None) -> bool:
        """Do what a wake asks for; tells whether the wake is used up."""
        lane = TILL_LANES.get(name)
        if not self.memory.connections[SHOP if lane is None else TILL].working:
            return True
        if lane in self.busy:
            return False
        if lane is not None:
            self.busy.add(lane)
        try:
            return self._struck(lambda: WORKS[name](self), event)
        finally:
            self.busy.discard(lane)

    def _struck(self, work: Callable[[], object], event: Event | None) -> bool:
        """Do something during which something else happens; tells whether it came to its end."""
        crash = self.struck
        outer = (crash.steps, crash.at, crash.then)
        crash.steps, crash.at = [], event.at if event else None
        crash.then = self._strike(event) if event else None
        try:
            work()
        except (KilledError, RetryLaterError):
            return False
        finally:
            crash.steps, crash.at, crash.then = outer
        return True

    def _strike(self, event: Event) -> Callable[[str], object]:
        def strike(name: str) -> None:
            if event.during and name != event.during:
                return
            plain = not event.meanwhile and not event.fatal
            if plain and not name.startswith(("call", "answer")):
                return  # only calls have trouble; it waits for the next one
            self.struck.then = None
            if plain:
                trouble = TROUBLES[event.number % len(TROUBLES)]
                raise trouble()
            for other in event.meanwhile:
                self.happen(other)
            if event.fatal:
                raise KilledError(name)

        return strike

    def served(self, lane: Lane, work: Callable[[ShopKeeper], PushReport]) -> None:
        """Serve a lane of the shop, as ``runtime/push.py`` does."""
        if self.serve(lane, work).written and lane is Lane.CATALOGUE:
            self.lanes.wake(self.memory.connections[SHOP], Lane.STOCK)

    def reconciled(self, keeper: ShopKeeper) -> PushReport:
        """Push and reconcile."""
        report = push_catalogue(keeper)
        if not self.nights:
            return report
        done = reconcile(Reconciler(keeper, FakeRuns(self.memory, self.crash), self.book()))
        if not (report.finished and done.finished):
            self.lanes.wake(keeper.connection, Lane.CATALOGUE, "reconcile")
        return report

    def look_at_orders(self, keeper: ShopKeeper) -> PushReport:
        """Look at orders and push stock."""
        self.book().look(keeper)
        return push_stock(keeper, self.book())

    def look_at_everything(self, keeper: ShopKeeper) -> PushReport:
        """Mark everything and push products."""
        mark_everything(keeper)
        self.lanes.wake(keeper.connection, Lane.STOCK)
        return push_catalogue(keeper)

    # --- what is under way to us ---

    def _post(self, event: Event) -> None:
        """Let a wake or a hook arrive, perhaps twice and in any order, or get lost."""
        waiting: list[Hook | tuple[str, Lane, str]] = [*self.lanes.woken, *self.market.hooks]
        if not waiting:
            return
        one = waiting[event.whom % len(waiting)]
        used = event.what == "lose" or self._arrives(one, event)
        if used and event.what != "repeat":
            kept: list[object] = self.market.hooks if isinstance(one, Hook) else self.lanes.woken  # type: ignore[assignment]
            if one in kept:
                kept.remove(one)

    def _arrives(self, one: "Hook | tuple[str, Lane, str]", event: Event) -> bool:
        if isinstance(one, Hook):
            shelves, marks = FakeShelves(self.memory, self.crash), FakeMarks(self.memory, self.crash)
            desk = HookDesk(shelves, marks, self.lanes, self.clock)
            return self._struck(lambda: desk.take(self.memory.connections[SHOP], one), event)
        connection, lane, task = one
        return self.work(ASKED_FOR[connection, lane].get(task, ASKED_FOR[connection, lane][""]), event)

    # --- the till ---

    def new_item(self, number: int) -> None:
        """Put a simple item into the till."""
        self._put(item(self._next(), custom_sku=f"SKU{self.numbers}", prices={"1": Decimal(number % 50 + 1)}), number)

    def new_variant(self, number: int) -> None:
        """Put a variant of the only matrix into the till, while there are colors left."""
        used = {one.attributes[0] for one in self.till.items.values()}
        color = next((color for color in COLORS if color not in used), None)
        if color is not None:
            price = {"1": Decimal(number % 50 + 1)}
            self._put(variant(self._next(), color, custom_sku=f"SKU{self.numbers}", prices=price), number)

    def sell(self, row: Item, number: int) -> None:
        self.till.sell(row.item_id, PLACES[number % 2], 1 + number % 4)

    def restock(self, row: Item, number: int) -> None:
        self.stock(row.item_id, number % 30, number % 7)

    def zero(self, row: Item, number: int) -> None:
        """Let many items be sold out at once."""
        known = sorted(self.till.items, key=int)
        for one in (*known[: number % 8], row.item_id):
            self.stock(one, 0, 0)

    def move(self, row: Item, number: int) -> None:
        """Move units from one place to the other."""
        levels = [self.till.levels[row.item_id, place] for place in PLACES]
        units = min(int(levels[0].sellable), number)
        self.stock(row.item_id, int(levels[0].sellable) - units, int(levels[1].sellable) + units)

    def change(self, row: Item, **changes: object) -> None:
        self.till.put(replace(row, **changes))  # type: ignore[arg-type]

    def delete(self, row: Item, number: int) -> None:
        """Delete an item, or merge it into another one, which gets its stock."""
        left = [one for one in self.till.items if one != row.item_id]
        if len(left) < FEWEST:
            return
        units = sum(int(self.till.levels[row.item_id, place].sellable) for place in PLACES)
        self.till.delete(row.item_id)
        if number % 2:
            self.sell(self.till.items[left[number % len(left)]], 0)
            self.till.sell(left[number % len(left)], PLACES[1], -units)

    def _put(self, row: Item, number: int) -> None:
        self.till.put(row)
        self.stock(row.item_id, number % 13, number % 5)

    def _next(self) -> str:
        self.numbers += 1
        return str(self.numbers)

    def next_sku(self) -> str:
        return f"SKU{self._next()}"

    # --- the shop ---

    def _in_shop(self, event: Event) -> None:
        shop, number = self.market, event.number
        if event.what in TO_LISTINGS and shop.all:
            listings = sorted(shop.all.values(), key=lambda one: int(one.product_id))
            TO_LISTINGS[event.what](shop, listings[event.whom % len(listings)], number)
        elif event.what == "take back" and shop.bin:
            shop.take_back(sorted(shop.bin)[event.whom % len(shop.bin)])
        elif event.what == "order":
            row = self._bought(event)
            if row and (listing := shop.find(row.product_key)):
                shop.order(row.item_id, listing, 1 + number % 4)
        elif event.what in {"cancel", "complete"} and (open_ones := shop.open_orders()):
            sale = shop.sales[open_ones[event.whom % len(open_ones)]]
            if event.what == "complete" and sale.item_id in self.till.items:
                self.till.sell(sale.item_id, PLACES[number % 2], sale.units)
            shop.end(sale, "completed" if event.what == "complete" else "cancelled")

    def _bought(self, event: Event) -> Item | None:
        """Choose what is bought: every second time something that is on sale and that we do not know of, if any is."""
        everything = sorted(self.till.items)
        unknown = [one for one in everything if one not in self.memory.shelves.get(SHOP, {})]
        there = [one for one in unknown if self.market.find(self.till.items[one].product_key)]
        choice = there if there and event.number % 2 else everything
        return self.till.items.get(choice[event.whom % len(choice)])

    # --- people ---

    def decide(self, state: HoldState) -> None:
        """Decide about every open hold."""
        holds = FakeHolds(self.memory)
        for hold in holds.unsettled(SHOP):
            if hold.state is HoldState.OPEN:
                holds.put(SHOP, replace(hold, state=state, decided_at=self.clock.now()), hold)
                self.lanes.woken.append((SHOP, hold.lane, "work"))

    def take_back(self) -> None:
        """Release what was dropped."""
        holds = FakeHolds(self.memory)
        for hold in list(holds.known(SHOP)):
            if hold.state is HoldState.DROPPED:
                now = self.clock.now()
                holds.put(SHOP, replace(hold, state=HoldState.RELEASED, decided_at=now, settled=False), hold)
                self.lanes.woken.append((SHOP, hold.lane, "work"))

    def set_state(self, name: str, state: ConnectionState) -> None:
        """Pause a connection or let it go on."""
        known = self.memory.connections[name]
        self.memory.connections[name] = replace(known, state=state, changed_at=self.clock.now())

    def keep_back(self, number: int) -> None:
        """Choose another safety stock."""
        self.market.kept_back.add(number % 4)
        self.change_settings(safety_stock=Decimal(number % 4))
        self.lanes.woken.append((SHOP, Lane.CATALOGUE, "resync"))


def _polled(world: LivelyWorld) -> None:
    for poll in (poll_matrices, poll_items, resume):
        poll(world.reader())


WORKS: Mapping[str, Callable[[LivelyWorld], object]] = {
    "poll stock": lambda world: (poll_stock(world.reader()), world.recheck()),
    "read again": lambda world: world.recheck(),
    "poll items": _polled,
    "read all": lambda world: world.read_all(),
    "push stock": lambda world: world.served(Lane.STOCK, lambda keeper: push_stock(keeper, world.book())),
    "push orders": lambda world: world.served(Lane.STOCK, world.look_at_orders),
    "push products": lambda world: world.served(Lane.CATALOGUE, push_catalogue),
    "resync": lambda world: world.served(Lane.CATALOGUE, world.look_at_everything),
    "reconcile": lambda world: world.served(Lane.CATALOGUE, world.reconciled),
}
TILL_LANES = {
    "poll stock": Lane.STOCK,
    "read again": Lane.STOCK,
    "poll items": Lane.CATALOGUE,
    "read all": Lane.CATALOGUE,
}
ASKED_FOR: Mapping[tuple[str, Lane], Mapping[str, str]] = {
    (TILL, Lane.STOCK): {"": "poll stock", RECHECK: "read again"},
    (TILL, Lane.CATALOGUE): {"": "poll items", "full": "read all"},
    (SHOP, Lane.STOCK): {"": "push stock", "orders": "push orders"},
    (SHOP, Lane.CATALOGUE): {"": "push products", "reconcile": "reconcile", "resync": "resync"},
}
TO_ITEMS: Mapping[str, Callable[[LivelyWorld, Item, int], object]] = {
    "sell": LivelyWorld.sell,
    "restock": LivelyWorld.restock,
    "zero": LivelyWorld.zero,
    "move": LivelyWorld.move,
    "price": lambda world, row, number: world.change(row, prices={"1": Decimal(number + 1)}),
    "rename": lambda world, row, number: world.change(row, description=f"Name {number}"),
    "new sku": lambda world, row, _: world.change(row, custom_sku=world.next_sku()),
    "archive": lambda world, row, _: world.change(row, archived=True),
    "bring back": lambda world, row, _: world.change(row, archived=False),
    "delete": LivelyWorld.delete,
    "new item": lambda world, _, number: world.new_item(number),
    "new variant": lambda world, _, number: world.new_variant(number),
}
TO_LISTINGS = {
    "edit text": LivelyShop.edit_text,
    "edit ours": LivelyShop.edit_ours,
    "count": LivelyShop.count_again,
    "throw away": LivelyShop.throw_away,
}
TO_ORDERS = ("take back", "order", "cancel", "complete")
PEOPLE: Mapping[str, Callable[[LivelyWorld, int], object]] = {
    "release": lambda world, _: world.decide(HoldState.RELEASED),
    "drop": lambda world, _: world.decide(HoldState.DROPPED),
    "expire": lambda world, _: world.clock.advance(seconds=DAY),
    "wait": lambda world, number: world.clock.advance(seconds=number),
    "pause": lambda world, number: world.set_state((SHOP, TILL)[number % 2], ConnectionState.PAUSED),
    "resume": lambda world, number: world.set_state((SHOP, TILL)[number % 2], ConnectionState.ACTIVE),
    "keep back": LivelyWorld.keep_back,
}
UNRECORDED = "answer write products"
"""The step at which a listing is made and nobody has written down where it is."""

POST = ("deliver", "repeat", "lose")
HAPPENINGS = (*WORKS, *TO_ITEMS, *TO_LISTINGS, *TO_ORDERS, *PEOPLE, *POST)

MENDED_AT_NIGHT = frozenset(
    {"reconcile", "resync", "delete", "edit ours", "count", "throw away", "take back", "drop", "keep back"}
)
BY_DAY = tuple(what for what in HAPPENINGS if what not in MENDED_AT_NIGHT)
"""What polls, pushes and sweeps alone must bring into the shop."""
