"""How much later a change comes into the shop when a worker is killed: wakes, queues and polls by a clock of our own.

A change falls just before a poll; from then on every step of every worker is killed once. A dead worker's wake is shown
again, and holds back its own lane until then. Work itself takes no time here, so what is measured is waiting.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal

from tests.fakes.crash import KilledError
from tests.fakes.stores import FakeLanes
from tests.fakes.world import SHOP, TILL
from tests.figures import Figure
from tests.proof.seeded import SeededWorld, Size
from tests.proof.tally import shown
from tests.unit.domain.samples import item
from tillbridge.domain.errors import RetryLaterError
from tillbridge.domain.merchant import Lane
from tillbridge.flows.full_read import resume
from tillbridge.flows.lane_fence import SHOWN_AGAIN
from tillbridge.flows.pull import poll_items, poll_matrices, poll_stock
from tillbridge.flows.push_catalogue import push_catalogue
from tillbridge.flows.push_stock import push_stock
from tillbridge.flows.schedule import CATALOGUE_TICKS, SWEEP

AIM = 90
SMALL = Size(simple=6, matrices=2, changes=0)
TICK = timedelta(minutes=1)
PATIENCE = timedelta(minutes=30)
SHORTEST = timedelta(seconds=5)
PLENTY = 25

Group = tuple[str, Lane]


@dataclass(frozen=True, slots=True)
class Change:
    """Something that happens in the till, and how to see that the shop shows it."""

    name: str
    make: Callable[[SeededWorld], object]
    lane: Lane


def _sold_out(world: SeededWorld) -> None:
    world.stock("1", 0, 0)


def _new(world: SeededWorld) -> None:
    world.till.put(item("900", custom_sku="NEW"))
    world.stock("900", 2, 2)


def _price(world: SeededWorld) -> None:
    world.till.put(replace(world.till.items["1"], prices={"1": Decimal(77)}))


CHANGES = (
    Change("a sale", lambda world: world.till.sell("1", "1"), Lane.STOCK),
    Change("a surprising zero, read twice", _sold_out, Lane.STOCK),
    Change("a price", _price, Lane.CATALOGUE),
    Change("a new product", _new, Lane.CATALOGUE),
)


@dataclass
class Course:
    """One change on its way. ``queues`` hold the wakes of each lane and the time at which the first may be served."""

    world: SeededWorld
    queues: dict[Group, list[datetime]] = field(default_factory=dict)
    deaths: int = 0

    def run(self, change: Change, at: int | None) -> float:
        """Kill at a step, or never, and give the seconds until the shop shows the change."""
        world = self.world
        began = next_tick = next_sweep = world.clock.now()
        change.make(world)
        world.crash.steps.clear()
        world.crash.at = at
        while world.clock.now() - began < PATIENCE:
            now = world.clock.now()
            if now >= next_tick:
                self._wake((TILL, Lane.STOCK))
                if (now - began) // TICK % CATALOGUE_TICKS == 0:
                    self._wake((TILL, Lane.CATALOGUE))
                next_tick += TICK
            if now >= next_sweep + SWEEP:
                self._wake((SHOP, Lane.STOCK), (SHOP, Lane.CATALOGUE))
                next_sweep += SWEEP
            self._serve_all(now)
            if not world.differing():
                return (world.clock.now() - began).total_seconds()
            world.clock.time = max(now, min([next_tick, next_sweep + SWEEP, *(times[0] for times in self._busy())]))
        return PATIENCE.total_seconds()

    def _busy(self) -> list[list[datetime]]:
        return [times for times in self.queues.values() if times]

    def _wake(self, *groups: Group) -> None:
        for group in groups:
            self.queues.setdefault(group, []).append(self.world.clock.now())

    def _serve_all(self, now: datetime) -> None:
        """Serve every lane whose first wake may be served, until none is left."""
        while ready := [group for group, times in self.queues.items() if times and times[0] <= now]:
            times = self.queues[ready[0]]
            hidden = self._serve(ready[0])
            for connection, lane, _ in self.world.lanes.woken:
                self._wake((connection, lane))
            self.world.lanes.woken.clear()
            if hidden is None:
                times.pop(0)
            else:
                times[0] = now + hidden

    def _serve(self, group: Group) -> timedelta | None:
        """Serve one wake; gives for how long it is hidden when it was not used up."""
        try:
            WORK[group](self.world)
        except KilledError:
            self.deaths += 1
            self.world.crash.at = None
            return SHOWN_AGAIN
        except RetryLaterError as error:
            return max(SHORTEST, timedelta(seconds=error.after or 0))
        return None


def _polled(world: SeededWorld) -> None:
    for poll in (poll_matrices, poll_items, resume):
        poll(world.reader())


def _stock_polled(world: SeededWorld) -> None:
    poll_stock(world.reader())
    world.recheck()


def _products_pushed(world: SeededWorld) -> None:
    fence = world.fence(Lane.CATALOGUE)
    keeper = replace(world.keeper(), fence=fence, shop=world.shop.fenced(fence.may_send))
    report = push_catalogue(keeper)
    if report.written:
        world.lanes.wake(keeper.connection, Lane.STOCK)
    fence.release()


def _stock_pushed(world: SeededWorld) -> None:
    fence = world.fence(Lane.STOCK)
    keeper = replace(world.keeper(), fence=fence, shop=world.shop.fenced(fence.may_send))
    push_stock(keeper, world.book())
    fence.release()


WORK: Mapping[Group, Callable[[SeededWorld], object]] = {
    (TILL, Lane.STOCK): _stock_polled,
    (TILL, Lane.CATALOGUE): _polled,
    (SHOP, Lane.STOCK): _stock_pushed,
    (SHOP, Lane.CATALOGUE): _products_pushed,
}


def _course() -> Course:
    world = SeededWorld(seed=1, size=SMALL)
    world.stock("1", PLENTY, 0)
    world.settle()
    world.clock.advance(hours=2)
    world.poll()
    world.lanes = FakeLanes(crash=world.crash)
    return Course(world)


def seconds_lost_by_a_kill() -> Iterator[Figure]:
    """Kill at each step that a change takes on its way, and compare with the way in peace."""
    worst: dict[Lane, float] = dict.fromkeys(Lane, 0.0)
    deaths = 0
    for change in shown("delays", CHANGES):
        peaceful = _course()
        in_peace = peaceful.run(change, None)
        for at in range(len(peaceful.world.crash.steps)):
            course = _course()
            worst[change.lane] = max(worst[change.lane], course.run(change, at) - in_peace)
            deaths += course.deaths
    note = f"{deaths} kills, {', '.join(change.name for change in CHANGES)}"
    yield Figure("worst delay by a kill: stock", worst[Lane.STOCK], "seconds", AIM, note)
    yield Figure("worst delay by a kill: products", worst[Lane.CATALOGUE], "seconds", AIM)
