"""Two workers look at a shop's orders by mistake: what the later one has read is what stays."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.fakes.stores import FakeReservations
from tests.fakes.world import SHOP, TILL, World
from tests.unit.domain.samples import NOON
from tests.unit.flows.import_orders.counter_world import CounterWorld
from tillbridge.domain.merchant import Lane
from tillbridge.domain.orders.settings import OrderSettings
from tillbridge.domain.product import ListingRef, OrderLine, WebOrder
from tillbridge.flows.lane_fence import LEASE, SKEW, LaneTakenError
from tillbridge.systems.shop import OrderPage

pytestmark = pytest.mark.unit


@pytest.fixture
def world() -> CounterWorld:
    world = CounterWorld()
    world.change_settings(orders=OrderSettings(since=NOON - timedelta(days=1)))
    world.book().look(world.keeper())
    return world


def order(world: World, units: int) -> WebOrder:
    return WebOrder(
        order_id="1001",
        number="1001",
        status="processing",
        lines=(OrderLine(ListingRef("17"), Decimal(units)),),
        holds_stock=True,
        taken_in_shop=True,
        changed_at=world.clock.now(),
        placed_at=NOON,
    )


def look(world: World) -> None:
    """Look as a worker of its own, to the end."""
    fence = world.fence(Lane.STOCK)
    world.book().look(replace(world.keeper(), fence=fence))
    fence.release()


def reserved(world: World) -> int:
    return int(FakeReservations(world.memory).held(TILL, f"{SHOP}:1001").get("1", 0))


def newer(world: World, after: timedelta) -> None:
    """Let time pass, the order change, and another worker see it."""
    world.clock.time += after
    world.shop.orders = [order(world, 5)]
    look(world)


class Sleeper:
    """A shop whose answer takes so long that others do all their work meanwhile."""

    def __init__(self, world: World, meanwhile: Callable[[], None]) -> None:
        self.world, self.meanwhile, self.asked = world, meanwhile, 0

    def __getattr__(self, name: str) -> object:
        return getattr(self.world.shop, name)

    def orders_since(self, since: object) -> OrderPage:
        self.asked += 1
        page = self.world.shop.orders_since(since)  # type: ignore[arg-type]
        if self.asked == 1:
            self.meanwhile()
        return page


def test_an_answer_that_came_late_is_not_believed(world: CounterWorld) -> None:  # invariant 1
    """Worker A reads two units and falls asleep before it holds the lane; B reads five and is done with it."""
    world.clock.advance(minutes=1)
    world.shop.orders = [order(world, 2)]
    shop = Sleeper(world, lambda: newer(world, timedelta(minutes=3)))
    world.book().look(replace(world.keeper(), fence=world.fence(Lane.STOCK), shop=shop))  # type: ignore[arg-type]
    assert (shop.asked, reserved(world)) == (2, 5)


@pytest.mark.parametrize("asleep_at", ["before mark", "before reservation", "after reservation", "before order note"])
def test_who_has_lost_the_lane_while_recording_has_the_order_read_again(
    world: CounterWorld, asleep_at: str
) -> None:  # invariant 1
    world.clock.advance(minutes=1)
    world.shop.orders = [order(world, 2)]
    sleeper, slept = world.keeper(), False
    step = world.crash.step

    def sleeping(name: str) -> None:
        nonlocal slept
        if name == asleep_at and not slept:
            slept = True
            newer(world, LEASE + SKEW + timedelta(minutes=10))
        step(name)

    world.crash.step = sleeping  # type: ignore[method-assign]
    late = replace(sleeper, fence=world.fence(Lane.STOCK))
    with pytest.raises(LaneTakenError):
        world.book().look(late)
    world.clock.advance(minutes=5)
    look(world)
    assert (slept, reserved(world)) == (True, 5)
