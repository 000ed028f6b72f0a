"""Kill at every step of holding, releasing, dropping and expiring: no key is lost, none is written that is held."""

from collections.abc import Callable
from decimal import Decimal
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes.world import SHOP, TILL, World
from tests.unit.flows.guarded import (
    archive,
    decide,
    full_shop,
    held,
    holds,
    reprice,
    restock,
    round_trip,
    sold_out,
    zero,
)
from tillbridge.domain.merchant import Lane
from tillbridge.domain.work import HoldState

pytestmark = pytest.mark.simulation

ZEROED = range(1, 13)
KEYS = {str(number) for number in ZEROED}


def zeroing() -> World:
    """Make a shop of which too many listings are about to go to zero."""
    world = full_shop(16)
    zero(world, *ZEROED)
    return world


def held_zeros() -> World:
    world = zeroing()
    round_trip(world)
    assert held(world) == KEYS
    return world


def assert_held(world: World) -> None:  # invariant 1
    assert sold_out(world) == set()
    assert held(world) == KEYS
    assert {one.hold_id for one in world.memory.held[SHOP, Lane.STOCK].values()} == {
        hold.hold_id for hold in holds(world) if hold.state is HoldState.OPEN
    }


def assert_written(world: World) -> None:  # invariant 4
    assert sold_out(world) == set(ZEROED)
    assert (holds(world), held(world)) == ([], set())
    assert len(world.shop.stock_writes) <= 2 * len(KEYS)


def assert_left_alone(world: World) -> None:  # invariant 1
    assert sold_out(world) == set()
    assert (holds(world), held(world)) == ([], set())


def decided(state: HoldState) -> Callable[[World], None]:
    def work(world: World) -> None:
        decide(world, state)
        world.push()

    return work


def expired(world: World) -> None:
    world.clock.advance(hours=24)
    world.push()


STORIES: list[tuple[Callable[[], World], Callable[[World], None], Callable[[World], None]]] = [
    (zeroing, round_trip, assert_held),
    (held_zeros, decided(HoldState.RELEASED), assert_written),
    (held_zeros, decided(HoldState.DROPPED), assert_left_alone),
    (held_zeros, expired, assert_held),
]


@pytest.mark.parametrize(("make", "work", "judge"), STORIES, ids=["hold", "release", "drop", "expire"])
def test_killed_at_any_step(  # invariant 1  # invariant 4
    make: Callable[[], World], work: Callable[[World], None], judge: Callable[[World], None]
) -> None:
    world = make()
    world.crash.steps.clear()
    work(world)
    steps = len(world.crash.steps)
    assert steps > 20
    for at in range(steps):
        world = make()
        assert world.survive(partial(work, world), at), at
        assert nothing_is_lost(world, judge), at
        work(world)
        world.settle()
        judge(world)
        assert world.waiting(Lane.STOCK) == []
        assert not world.memory.asked.get(TILL)


def nothing_is_lost(world: World, judge: Callable[[World], None]) -> bool:
    """Tell whether each key is written, held, marked or asked about; what no poll has met is still in the till."""
    if judge is assert_left_alone:
        return True
    mirror = world.memory.levels[TILL]
    met = {key for key in KEYS if mirror[key, "1"].sellable == 0}
    there = held(world) | set(world.waiting(Lane.STOCK)) | set(world.memory.asked.get(TILL, ()))
    written = {str(number) for number in sold_out(world)}
    open_cursor = world.memory.cursors[TILL, "stock"].open
    return open_cursor or met <= there | written


def test_a_decision_repeated_changes_nothing() -> None:  # invariant 8
    world = held_zeros()
    decided(HoldState.RELEASED)(world)
    writes = list(world.shop.stock_writes)
    for _ in range(3):
        decided(HoldState.RELEASED)(world)
        world.clock.advance(hours=25)
    assert world.shop.stock_writes == writes


def test_a_key_that_joins_after_the_decision_is_no_part_of_it() -> None:
    world = held_zeros()
    decide(world, HoldState.RELEASED)
    (hold,) = holds(world)
    late = world.memory.held[SHOP, Lane.STOCK]["1"]
    world.clock.advance(seconds=1)
    world.memory.held[SHOP, Lane.STOCK]["1"] = type(late)(hold.hold_id, late.mark, world.clock.now())
    world.push()
    assert 1 not in sold_out(world)
    assert "1" in set(world.memory.asked[TILL]) | set(world.waiting(Lane.STOCK)) | held(world)


def test_moving_keys_goes_on_where_time_was_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tillbridge.flows.settle_holds.CHUNK", 5)
    world = held_zeros()
    decide(world, HoldState.RELEASED)
    world.deadline.remaining = world.deadline.remaining * 0
    world.push()
    assert len(held(world)) == len(KEYS) - 5
    world.deadline.remaining = type(world.deadline)().remaining
    world.push()
    assert_written(world)


events = st.lists(
    st.tuples(
        st.sampled_from(["zero", "back", "archive", "price", "poll", "push", "read again", "release", "drop", "wait"]),
        st.integers(1, 16),
        st.integers(0, 80),
    ),
    max_size=25,
)


@settings(max_examples=60, deadline=None)
@given(events)
def test_any_story_ends_in_step_or_in_a_hold(story: list[tuple[str, int, int]]) -> None:  # invariant 1  # invariant 4
    world = full_shop(16)
    for what, number, at in story:
        happen(world, what, number, at)
    world.change_settings(guard_zeroed=Decimal(0), guard_repriced=Decimal(0), guard_unpublished=Decimal(0))
    for lane, keys in ((Lane.STOCK, map(str, range(1, 17))), (Lane.CATALOGUE, (f"I{one}" for one in range(1, 17)))):
        world.fanout().tell("m1", lane, keys, world.clock.now())
    world.settle()
    world.settle()
    assert (holds(world), held(world), held(world, Lane.CATALOGUE)) == ([], set(), set())
    for row in world.till.items.values():
        listing = world.shop.products[row.item_id]
        assert listing.published is not row.archived
        assert listing.quantities[""] == int(world.till.levels[row.item_id, "1"].sellable)
        assert Decimal(listing.variants[""]["regular_price"]) == row.prices["1"] or row.archived


def happen(world: World, what: str, number: int, at: int) -> None:
    """Let one thing happen; work on our side may be killed at a step."""
    many = [1 + (number + one) % 16 for one in range(at % 16)]
    happenings: dict[str, Callable[[], object]] = {
        "zero": lambda: zero(world, *many),
        "back": lambda: restock(world, number, *many),
        "archive": lambda: archive(world, *many),
        "price": lambda: reprice(world, str(number), *many),
        "poll": lambda: world.survive(world.poll, at),
        "push": lambda: world.survive(world.push, at),
        "read again": lambda: world.survive(world.recheck, at),
        "release": lambda: decide(world, HoldState.RELEASED),
        "drop": lambda: decide(world, HoldState.DROPPED),
        "wait": lambda: world.clock.advance(minutes=at),
    }
    happenings[what]()
