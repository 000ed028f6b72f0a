"""A dropped plan stays dropped: nobody is asked every night about the same, and about anything else they are."""

import pytest

from tests.fakes.world import SHOP, World
from tests.unit.flows.guarded import decide, full_shop, held, holds, reprice, restock, round_trip, sold_out, zero
from tests.unit.flows.operate.office import Office
from tillbridge.domain.merchant import Lane
from tillbridge.domain.work import HoldState
from tillbridge.flows.guard import DROP_LASTS

pytestmark = pytest.mark.unit

MANY = range(1, 21)


@pytest.fixture
def world() -> World:
    """Twenty of forty were sold out at once, and a person did not want that in the shop."""
    made = full_shop()
    zero(made, *MANY)
    round_trip(made)
    decide(made, HoldState.DROPPED)
    made.push()
    return made


def nights(world: World, number: int) -> None:
    for _ in range(number):
        world.clock.advance(hours=24)
        world.reconcile_and_push()
        round_trip(world)


def test_the_same_is_not_asked_about_every_night(world: World) -> None:
    nights(world, 3)
    assert holds(world) == []
    assert sold_out(world) == set()
    assert world.waiting(Lane.STOCK) == []


def test_it_does_not_count_against_others(world: World) -> None:
    nights(world, 1)
    zero(world, 33)
    round_trip(world)
    assert sold_out(world) == {33}


def test_another_figure_is_another_matter(world: World) -> None:  # invariant 4
    restock(world, 5, 1)
    round_trip(world)
    assert world.shop.shown()["SKU-1"] == 5
    world.clock.advance(hours=2)
    zero(world, 1)
    round_trip(world)
    assert sold_out(world) == {1}


def test_after_two_weeks_somebody_is_asked_again(world: World) -> None:
    world.clock.advance(seconds=DROP_LASTS.total_seconds())
    nights(world, 1)
    assert held(world) == {str(number) for number in MANY}


def test_another_change_of_a_dropped_product_is_asked_about() -> None:
    world = full_shop(guard_price=75)
    reprice(world, "250", 1)
    round_trip(world)
    decide(world, HoldState.DROPPED)
    world.push()
    nights(world, 1)
    assert held(world, Lane.CATALOGUE) == set()
    reprice(world, "300", 1)
    round_trip(world)
    assert held(world, Lane.CATALOGUE) == {"I1"}


def test_it_is_listed_explained_and_can_be_taken_back(world: World) -> None:  # invariant 4
    shop = world.shop
    office = Office(world)
    world.shop = shop  # not the empty one that an office opens
    desk = office.desks()
    (one,) = desk.holds.list("m1", None, office.deadline, dropped=True).rows
    assert (one.state, one.count, one.waits) == (HoldState.DROPPED, len(MANY), False)
    assert desk.holds.list("m1", None, office.deadline).rows == ()
    assert desk.holds.release("m1", one.hold).state is HoldState.RELEASED
    world.push()
    assert sold_out(world) == set(MANY)
    assert desk.holds.list("m1", None, office.deadline, dropped=True).rows == ()
    assert world.memory.held[SHOP, Lane.STOCK] == {}
