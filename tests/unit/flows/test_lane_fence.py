"""Two workers serve one lane by mistake: in any order of their steps, asleep at the worst moment, with wrong clocks."""

from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.fakes.stores import FakeConnections, FakeLaneLeases
from tests.fakes.world import SHOP, World
from tests.unit.domain.samples import item
from tests.unit.flows.engines import SENDING, Engine
from tillbridge.domain.merchant import Lane
from tillbridge.domain.work import LaneLease
from tillbridge.flows.lane_fence import BEAT, LEASE, SKEW, LaneFence, LaneTakenError
from tillbridge.store.errors import ServiceBusyError

pytestmark = pytest.mark.unit

SECOND = timedelta(seconds=1)
STEPS = ("before shelf", SENDING, "answer write stock", "the end")
ITEMS = ("1", "2", "3")


def sold() -> World:
    """Make a world in step, and then sell one of each item, so that two batches of stock wait."""
    world = World()
    for item_id in ITEMS:
        world.till.put(item(item_id, custom_sku=f"SKU{item_id}"))
        world.stock(item_id, 500, 500)
    world.settle()
    for item_id in ITEMS:
        sell(world, item_id)
    return world


def sell(world: World, item_id: str) -> None:
    """Sell one and hear of it, as the till's own worker does."""
    world.clock.advance(seconds=1)
    world.till.sell(item_id, "1")
    world.poll()


def assert_in_step(world: World) -> None:
    world.settle()
    for item_id in ITEMS:
        in_till = sum(int(level.sellable) for (one, _), level in world.till.levels.items() if one == item_id)
        assert world.shop.shown()[f"SKU{item_id}"] == in_till


# --- one by one ---


def test_the_second_of_two_plans_nothing() -> None:  # invariant 8
    world = sold()
    first, second = Engine(world), Engine(world)
    first.go_until(SENDING)
    second.finish()
    assert isinstance(second.trouble, LaneTakenError)
    assert world.shop.stock_writes == []
    first.finish()
    assert first.trouble is None
    assert len(world.shop.stock_writes) == len(ITEMS)


def test_a_look_that_finds_nothing_takes_nothing() -> None:
    world = World()
    Engine(world).finish()
    assert world.memory.leases == {}


def test_one_that_is_killed_makes_the_next_wait_no_longer_than_its_lease() -> None:  # invariant 4
    world = sold()
    dead = Engine(world)
    dead.go_until(SENDING)
    dead.kill()
    early = Engine(world)
    early.finish()
    assert isinstance(early.trouble, LaneTakenError)
    assert early.trouble.after == (LEASE + SKEW).total_seconds()
    world.clock.time += LEASE + SKEW
    late = Engine(world)
    late.finish()
    assert late.trouble is None
    assert_in_step(world)


def test_a_slow_answer_keeps_the_lane_while_the_heart_beats() -> None:
    world = sold()
    slow = Engine(world)
    slow.go_until("answer write stock")
    for _ in range(10):
        world.clock.time += BEAT
        slow.beat()
    other = Engine(world)
    other.finish()
    assert isinstance(other.trouble, LaneTakenError)
    slow.finish()
    assert slow.trouble is None


def test_one_that_slept_through_its_lease_sends_and_records_nothing_more() -> None:  # invariant 8
    world = sold()
    sleeper = Engine(world)
    sleeper.go_until("answer write stock")
    world.clock.time += LEASE + SKEW
    sell(world, "1")
    Engine(world).finish()
    written = list(world.shop.stock_writes)
    sleeper.finish()
    assert isinstance(sleeper.trouble, LaneTakenError)
    assert world.shop.stock_writes == written
    assert_in_step(world)


def test_one_whose_request_arrives_late_is_written_over() -> None:  # invariant 4
    """It had leave, and went to sleep before the request was sent: nobody can call it back."""
    world = sold()
    sleeper = Engine(world)
    sleeper.go_until(SENDING)
    world.clock.time += LEASE + SKEW
    Engine(world).finish()
    sell(world, "1")
    Engine(world).finish()
    sleeper.finish()
    assert sleeper.strayed == 1
    assert_in_step(world)


def test_one_whose_clock_is_wrong_takes_the_lane_from_one_that_records() -> None:  # invariant 4
    world = sold()
    honest, wrong = Engine(world), Engine(world, timedelta(hours=1))
    honest.go_until("answer write stock")
    honest.go_until("before shelf")
    sell(world, "1")
    wrong.finish()
    assert wrong.trouble is None
    honest.finish()
    assert isinstance(honest.trouble, LaneTakenError)
    assert world.memory.shelves[SHOP]["1"].known == 999, "for a moment the older record stands"
    world.clock.advance(minutes=1)
    world.push()
    sell(world, "1")
    world.till.sell("1", "1", -2)
    assert_in_step(world)


# --- the fence by itself ---


class Late(FakeLaneLeases):
    """Shows what was there before anybody came."""

    def get(self, shop: str, lane: Lane) -> LaneLease:
        return LaneLease()


class Busy(FakeLaneLeases):
    """Takes nothing once it holds a lease."""

    def swap(self, shop: str, lane: Lane, old: LaneLease, new: LaneLease) -> bool:
        if old != LaneLease():
            raise ServiceBusyError("The table is busy.")
        return super().swap(shop, lane, old, new)


def fence(world: World, holder: str = "a", leases: type[FakeLaneLeases] = FakeLaneLeases) -> LaneFence:
    return LaneFence(
        leases=leases(world.memory),
        connections=FakeConnections(world.memory),
        clock=world.clock,
        connection=world.memory.connections[SHOP],
        lane=Lane.STOCK,
        holder=holder,
    )


def test_it_writes_only_when_it_is_time_to_extend() -> None:
    world = World()
    mine = fence(world)
    mine.hold()
    taken = world.memory.leases[SHOP, Lane.STOCK]
    world.clock.time += BEAT - SECOND
    mine.may_send()
    assert world.memory.leases[SHOP, Lane.STOCK] is taken
    world.clock.time += SECOND
    mine.may_send()
    assert world.memory.leases[SHOP, Lane.STOCK].until == world.clock.now() + LEASE


def test_what_was_lost_is_not_taken_again() -> None:
    """What was planned before may no longer be true; the next worker plans anew."""
    world = World()
    mine, other = fence(world), fence(world, "b")
    mine.hold()
    world.clock.time += LEASE + SKEW
    other.hold()
    other.release()
    mine.beat()
    for ask in (mine.prove, mine.may_send):
        with pytest.raises(LaneTakenError):
            ask()
    mine.release()
    assert world.memory.leases[SHOP, Lane.STOCK].fence == 2


def test_a_first_write_takes_the_lane_by_itself() -> None:
    world = World()
    fence(world).may_send()
    with pytest.raises(LaneTakenError):
        fence(world, "b").hold()


def test_two_that_take_it_at_once() -> None:
    world = World()
    fence(world).hold()
    with pytest.raises(LaneTakenError):
        fence(world, "b", Late).hold()


def test_a_busy_table_keeps_nobody_from_ending() -> None:
    world = World()
    mine = fence(world, leases=Busy)
    mine.hold()
    mine.release()
    assert world.memory.leases[SHOP, Lane.STOCK].until is not None, "it ends by itself"


# --- in any order ---


class Interleavings(RuleBasedStateMachine):
    """Clocks may be wrong by hours, and an engine may sleep for as long as it likes, even inside a request."""

    wrong = st.sampled_from([0, 5, -5, 3600, -3600])
    bounded = False

    @initialize(data=st.data(), until=st.sampled_from(STEPS))
    def begin(self, data: st.DataObject, until: str) -> None:
        """Begin with one that has come somewhere, and one that has just been woken."""
        self.world = sold()
        self.engines = [Engine(self.world, data.draw(self.wrong) * SECOND) for _ in range(2)]
        self.engines[0].go_until(until)
        self._collect()

    @rule(data=st.data())
    def start(self, data: st.DataObject) -> None:
        if len(self.engines) < 3:
            self.engines.append(Engine(self.world, data.draw(self.wrong) * SECOND))

    @precondition(lambda self: self.engines)
    @rule(which=st.integers(0, 2), until=st.sampled_from(STEPS))
    def go_on(self, which: int, until: str) -> None:
        self._one(which).go_until(until)
        self._collect()

    @precondition(lambda self: self.engines)
    @rule(which=st.integers(0, 2), steps=st.integers(1, 6))
    def go_a_little(self, which: int, steps: int) -> None:
        engine = self._one(which)
        for _ in range(steps):
            if not engine.done:
                engine.go_on()
        self._collect()

    @precondition(lambda self: self.engines)
    @rule(which=st.integers(0, 2))
    def kill(self, which: int) -> None:
        self._one(which).kill()
        self._collect()

    @rule(item_id=st.sampled_from(ITEMS))
    def sell(self, item_id: str) -> None:
        self._pass(SECOND)
        self.world.till.sell(item_id, "1")
        self.world.poll()

    @rule(seconds=st.sampled_from([1, 40, 60, 3600]))
    def wait(self, seconds: int) -> None:
        self._pass(seconds * SECOND)

    def _pass(self, time: timedelta) -> None:
        """Let time pass; where hearts beat as they should, they do so meanwhile."""
        while self.bounded and time > BEAT:
            time -= BEAT
            self.world.clock.time += BEAT
            for engine in self.engines:
                engine.beat()
        self.world.clock.time += time

    @invariant()
    def the_older_of_two_sends_one_more_at_most(self) -> None:  # invariant 8
        for engine in getattr(self, "engines", ()):
            assert engine.strayed <= (0 if self.bounded else 1)

    def teardown(self) -> None:
        if not hasattr(self, "engines"):
            return
        for engine in self.engines:
            engine.finish()
            assert engine.strayed <= (0 if self.bounded else 1)  # invariant 8
        self.world.clock.advance(hours=3)
        assert_in_step(self.world)  # invariant 4

    def _one(self, which: int) -> Engine:
        return self.engines[which % len(self.engines)]

    def _collect(self) -> None:
        self.engines = [engine for engine in self.engines if not engine.done]


class HonestClocks(Interleavings):
    """Clocks differ by no more than is allowed for, and hearts beat."""

    wrong = st.sampled_from([0, 5, -5])
    bounded = True


SETTINGS = settings(max_examples=300, stateful_step_count=20, deadline=None, derandomize=True)
TestInterleavings = Interleavings.TestCase
TestInterleavings.settings = SETTINGS
TestHonestClocks = HonestClocks.TestCase
TestHonestClocks.settings = SETTINGS
