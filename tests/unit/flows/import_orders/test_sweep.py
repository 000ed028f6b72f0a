"""Whoever looks at a shop's orders wakes the lane that sells: for news now and then, and for whatever is due."""

from datetime import timedelta

import pytest

from tests.fakes.stores import FakeCursors
from tests.fakes.world import TILL
from tests.unit.domain.samples import NOON
from tests.unit.flows.import_orders.counter_world import CounterWorld
from tillbridge.domain.merchant import Lane
from tillbridge.domain.orders.settings import OrderSettings
from tillbridge.flows.import_orders.sweep import NEWS, note_asked, wake_if_due

pytestmark = pytest.mark.unit


@pytest.fixture
def world() -> CounterWorld:
    world = CounterWorld()
    world.change_settings(orders=OrderSettings(since=NOON))
    world.lanes.woken.clear()
    return world


def sweep(world: CounterWorld, seen: int = 0) -> list[str]:
    world.lanes.woken.clear()
    wake_if_due(world.keeper(), world.fanout(), seen)
    assert {(name, lane) for name, lane, _ in world.lanes.woken} <= {(TILL, Lane.ORDERS)}
    return [task for _, _, task in world.lanes.woken]


def test_nobody_is_woken_for_a_merchant_who_imports_nothing(world: CounterWorld) -> None:
    world.change_settings(orders=OrderSettings())
    world.mark_order("1001")
    assert sweep(world) == []


def test_the_till_is_asked_for_news_every_few_minutes(world: CounterWorld) -> None:
    assert sweep(world) == [NEWS]
    note_asked(FakeCursors(world.memory), TILL, world.clock)
    assert sweep(world) == []
    world.clock.advance(minutes=5)
    assert sweep(world) == [NEWS]


def test_what_is_due_is_not_forgotten(world: CounterWorld) -> None:  # invariant 4
    note_asked(FakeCursors(world.memory), TILL, world.clock)
    world.mark_order("1001")
    assert sweep(world) == ["work"]
    world.clock.time -= timedelta(seconds=1)
    assert sweep(world) == []


def test_a_look_that_has_woken_the_lane_does_not_wake_it_twice(world: CounterWorld) -> None:
    world.mark_order("1001")
    assert sweep(world, seen=1) == [NEWS], "of the till's news nobody has told"
    note_asked(FakeCursors(world.memory), TILL, world.clock)
    assert (sweep(world, seen=1), sweep(world)) == ([], ["work"])
