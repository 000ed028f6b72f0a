"""A shop that moves its own figure with an order shows ours again, also where ours has not changed by it."""

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.fakes.stores import FakeMarks
from tests.fakes.systems import Listing
from tests.unit.domain.order_samples import placed
from tests.unit.domain.samples import NOON
from tests.unit.flows.import_orders.counter_world import OTHER_SHOP, CounterWorld
from tillbridge.domain.merchant import Lane
from tillbridge.domain.orders.record import OrderState
from tillbridge.domain.orders.settings import OrderSettings
from tillbridge.flows.push_stock import push_stock

pytestmark = pytest.mark.unit


def opened() -> CounterWorld:
    """Have the shop list item 1, and its orders looked at for the first time."""
    world = CounterWorld()
    world.change_settings(orders=OrderSettings(since=NOON - timedelta(days=1)), guard_zeroed=Decimal(0))
    world.shop.products["17"] = Listing("17", "I1", {}, {"": {"sku": "CUP"}}, {"": 20})
    world.book().look(world.keeper())
    return world


@pytest.fixture
def world() -> CounterWorld:
    return opened()


def push(world: CounterWorld) -> int:
    world.serve(Lane.STOCK, lambda keeper: push_stock(keeper, world.book()))
    return int(world.shop.products["17"].quantities[""])


def move(world: CounterWorld, units: int) -> None:
    """Have the shop move its own figure."""
    world.shop.products["17"].quantities[""] += units


def sold(world: CounterWorld) -> None:
    """Have the order rung up: the till's figures contain it, and nothing is reserved."""
    world.place(placed())
    world.poll()
    world.work()
    assert (world.state(), world.reserved()) == (OrderState.DONE, {})
    world.poll()


def test_a_shop_that_counts_when_it_ships_counts_an_order_once(world: CounterWorld) -> None:  # invariant 4
    world.meet("paid", 2, held=False, taken=False)
    sold(world)
    assert push(world) == 18
    FakeMarks(world.memory).remove(OTHER_SHOP, Lane.STOCK, FakeMarks(world.memory).waiting(OTHER_SHOP, Lane.STOCK))
    move(world, -2)
    world.meet("shipped", 2, held=False, taken=True)
    assert push(world) == 18
    assert FakeMarks(world.memory).waiting(OTHER_SHOP, Lane.STOCK) == [], "nothing has changed for the other shop"


def test_a_state_in_which_the_shop_moves_nothing_writes_nothing_again(world: CounterWorld) -> None:
    world.meet("paid", 2, held=False, taken=True)
    sold(world)
    push(world)
    writes = len(world.shop.stock_writes)
    world.meet("shipped", 2, held=False, taken=True)
    push(world)
    assert len(world.shop.stock_writes) == writes


@pytest.mark.parametrize("rung_up", [True, False])
@pytest.mark.parametrize("units", [2, 0])
def test_what_a_shop_puts_back_by_itself_is_not_sold_twice(
    world: CounterWorld, units: int, *, rung_up: bool
) -> None:  # invariant 1
    """The till has none, and the order is cancelled: units that the shop adds are nobody's until the till says so.

    Some shops list the units of a cancelled order still, others do not.
    """
    world.stock("1", 0, 0)
    world.poll()
    world.meet("paid", 2, held=False, taken=True)
    if rung_up:
        world.place(placed())
        world.work()
    assert push(world) == 0
    move(world, 2)
    world.meet("cancelled", units, held=False, taken=False)
    assert push(world) == 0


def test_whoever_dies_over_a_cancelled_order_leaves_no_unit_on_sale() -> None:  # invariant 1
    died = [dies_over_a_cancelled_order(at) for at in range(40)]
    assert (died[0], died[-1]) == (True, False), "every step has been tried"


def dies_over_a_cancelled_order(at: int) -> bool:
    """Have a worker die at a step while the shop puts units back, and the next one go on; tells whether it died."""
    world = opened()
    world.stock("1", 0, 0)
    world.poll()
    world.meet("paid", 2, held=False, taken=True)
    assert push(world) == 0
    move(world, 2)
    died = world.survive(lambda: world.meet("cancelled", 0, held=False, taken=False), at)
    world.clock.advance(minutes=2)
    world.book().look(world.keeper())
    assert push(world) == 0, at
    return died
