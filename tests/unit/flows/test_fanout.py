"""Whoever changes something tells of it once it is done, and whatever becomes of the teller."""

import pytest

from tests.fakes.crash import KilledError
from tests.fakes.stores import FakeMarks
from tests.fakes.world import SHOP, TILL, World
from tillbridge.domain.merchant import Lane
from tillbridge.flows.fanout import IN_CASE_OF_DEATH

pytestmark = pytest.mark.unit


@pytest.fixture
def world() -> World:
    return World()


def due(world: World, where: str = SHOP, lane: Lane = Lane.STOCK) -> list[str]:
    return [mark.key for mark in FakeMarks(world.memory).due(where, lane, world.clock.now(), 10)]


def test_nobody_looks_before_the_change_and_nothing_is_left_over_afterwards(world: World) -> None:
    with world.fanout().telling("m1", Lane.STOCK, ["1", "2", "1"], world.clock):
        assert (due(world), world.lanes.woken) == ([], [])
    assert due(world) == ["1", "2"]
    assert world.lanes.woken == [(SHOP, Lane.STOCK, "work")]
    assert len(FakeMarks(world.memory).waiting(SHOP, Lane.STOCK)) == 2, "none waits for a sweep"


def test_the_lane_that_sells_is_the_till_s(world: World) -> None:
    with world.fanout().telling("m1", Lane.ORDERS, ["shop/1001"], world.clock):
        pass
    assert due(world, TILL, Lane.ORDERS) == ["shop/1001"]
    assert world.lanes.woken == [(TILL, Lane.ORDERS, "work")]
    assert due(world) == []


def test_where_nothing_changes_nobody_is_told(world: World) -> None:
    with world.fanout().telling("m1", Lane.STOCK, [], world.clock):
        pass
    assert (world.memory.marks, world.lanes.woken) == ({}, [])


def test_a_change_is_told_wherever_its_teller_dies(world: World) -> None:  # invariant 4
    killed = 0
    for step in range(100):
        world.memory.marks.clear()
        world.crash.steps.clear()
        world.crash.at = step
        changed = False
        try:
            with world.fanout().telling("m1", Lane.STOCK, ["1", "2"], world.clock):
                world.crash.step("before the change")
                changed = True
                world.crash.step("after the change")
        except KilledError:
            killed += 1
        else:
            break
        world.clock.advance(seconds=IN_CASE_OF_DEATH.total_seconds())
        if changed:
            assert set(due(world)) == {"1", "2"}, f"lost at step {step}"
    assert killed >= 10, "before, inside and after it"
