"""What each wake of a shop's catalogue lane means."""

from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import pytest

from tests.fakes.stores import FakeRuns
from tests.fakes.world import SHOP, World
from tests.unit.flows.market import linked, selling
from tillbridge.domain.merchant import Lane
from tillbridge.flows.lane_fence import NoFence
from tillbridge.flows.survey import SURVEY, under_way
from tillbridge.flows.web_orders import OrderBook
from tillbridge.runtime import push
from tillbridge.runtime.messages import Task, WakeMessage

if TYPE_CHECKING:
    from tillbridge.runtime.container import Container


@dataclass
class Parts:
    """As much of a deployment as the catalogue lane needs for surveys."""

    world: World

    @property
    def lanes(self) -> Any:
        return self.world.lanes

    @property
    def runs(self) -> FakeRuns:
        return FakeRuns(self.world.memory, self.world.crash)

    def fenced(self, *_: object) -> Any:
        return nullcontext(NoFence())

    def keeper(self, *_: object) -> Any:
        return self.world.keeper()

    def order_book(self) -> OrderBook:
        return self.world.book()


pytestmark = pytest.mark.unit


@pytest.fixture
def world() -> World:
    world = selling()
    world.read_all()
    world.lanes.woken.clear()
    return world


def wake(world: World, task: Task) -> bool:
    message = WakeMessage(merchant="m1", connection=SHOP, lane=Lane.CATALOGUE, task=task)
    parts = cast("Container", Parts(world))
    return push.work(parts, world.memory.connections[SHOP], message, world.deadline)


def test_what_a_survey_marks_is_looked_at_next(world: World) -> None:
    assert wake(world, "work")
    assert world.lanes.woken == [(SHOP, Lane.STOCK, "work")]
    del world.shop.products["11"]
    world.clock.advance(hours=24)
    world.lanes.woken.clear()
    assert wake(world, "survey")
    assert world.lanes.woken == [
        (SHOP, Lane.CATALOGUE, "work"),
        (SHOP, Lane.CATALOGUE, "reconcile"),  # which lets what waits go first
    ]
    assert world.waiting(Lane.CATALOGUE) == ["I1"]
    assert linked(world)["2"] == "12"


def test_a_night_surveys_a_shop_only_when_it_is_time(world: World) -> None:
    assert wake(world, "work")
    world.shop.calls.clear()
    world.clock.advance(hours=24)
    assert wake(world, "night")
    assert "listings" not in world.shop.calls
    world.clock.advance(hours=7 * 24)
    assert wake(world, "night")
    assert "listings" in world.shop.calls


def test_a_survey_that_was_cut_off_goes_on_with_any_wake(world: World) -> None:
    wake(world, "work")
    assert world.survive(lambda: wake(world, "survey"), 3)
    assert under_way(world.keeper())
    assert wake(world, "work")
    assert world.memory.runs[SHOP, SURVEY].finished_at == world.clock.now()
    assert not under_way(world.keeper())
