"""What each wake of a lane does, and what it counts."""

from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from tests.fakes.stores import FakeLanes, FakeRechecks
from tests.fakes.world import SHOP, TILL, World
from tests.unit.flows.guarded import full_shop, zero
from tillbridge.domain.merchant import Lane
from tillbridge.flows.fanout import Fanout
from tillbridge.flows.lane_fence import NoFence
from tillbridge.flows.web_orders import OrderBook
from tillbridge.runtime import observe, pull, push
from tillbridge.runtime.messages import Task, WakeMessage

pytestmark = pytest.mark.unit


@dataclass
class Parts:
    """As much of the container as the lanes ask for."""

    world: World
    lanes: FakeLanes = field(default_factory=FakeLanes)

    @property
    def fanout(self) -> Fanout:
        return self.world.fanout()

    @property
    def rechecks(self) -> FakeRechecks:
        return FakeRechecks(self.world.memory)

    def reader(self, *_: Any) -> Any:
        return self.world.reader()

    def fenced(self, *_: Any) -> Any:
        return nullcontext(NoFence())

    def keeper(self, *_: Any) -> Any:
        return self.world.keeper()

    def order_book(self) -> OrderBook:
        return self.world.book()


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> dict[str, float]:
    counts: dict[str, float] = {}
    monkeypatch.setattr(observe, "count", lambda name, value=1, unit=None: counts.update({name: value}))
    return counts


def serve(world: World, name: str, task: Task) -> bool:
    message = WakeMessage(merchant="m1", connection=name, lane=Lane.STOCK, task=task)
    work: Any = pull.work if name == TILL else push.work
    done: bool = work(Parts(world), world.memory.connections[name], message, world.deadline)
    return done


@pytest.mark.parametrize("task", ["recheck", "poll"])
def test_a_second_reading_is_served_by_its_own_wake_and_by_every_poll(counted: dict[str, float], task: Task) -> None:
    world = full_shop(units=10)
    zero(world, 1)
    world.clock.advance(seconds=30)
    world.poll()
    assert serve(world, SHOP, "work")
    assert counted["SecondReadings"] == 1
    world.till.calls.clear()
    assert serve(world, TILL, task)
    assert world.till.calls == (["stock of"] if task == "recheck" else ["stock since", "stock of"])
    assert serve(world, SHOP, "work")
    assert world.shop.shown()["SKU-1"] == 0


def test_what_is_held_is_counted_and_how_long_it_has_been(counted: dict[str, float]) -> None:
    world = full_shop()
    zero(world, *range(1, 21))
    world.clock.advance(seconds=30)
    world.poll()
    serve(world, SHOP, "work")
    serve(world, TILL, "recheck")
    serve(world, SHOP, "work")
    assert counted["HeldPlans"] == 20
    assert "OldestHold" not in counted
    world.clock.advance(hours=5)
    serve(world, SHOP, "orders")
    assert counted["OldestHold"] == timedelta(hours=5).total_seconds()
