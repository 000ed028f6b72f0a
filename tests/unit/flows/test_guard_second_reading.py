"""A zero that is surprising is read again at the till before a shop is told of it; garbled readings confirm nothing."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.fakes.world import SHOP, TILL, World
from tests.unit.flows.guarded import (
    BOUND,
    full_shop,
    holds,
    round_trip,
    sold_out,
    zero,
)
from tests.unit.flows.test_guard_stock import MANY
from tillbridge.domain.errors import GarbledAnswerError, SystemDownError
from tillbridge.domain.merchant import Lane
from tillbridge.domain.pace import Pace
from tillbridge.domain.product import ListingRef, OrderLine, WebOrder
from tillbridge.domain.work import Mark


def with_a_zero_in_doubt() -> World:
    """Sell an item out at one blow, and look at it: the shop is not told before the till was read once more."""
    world = full_shop(units=10)
    zero(world, 1)
    world.clock.advance(seconds=30)
    world.poll()
    world.push()
    return world


@pytest.mark.parametrize("how", ["fast", "a lot"])
def test_a_fast_seller_and_a_full_shelf_are_read_again_before_they_go_to_zero(how: str) -> None:
    world = full_shop(units=3 if how == "fast" else 10)
    if how == "fast":
        shelves = world.memory.shelves[SHOP]
        shelves["1"] = replace(shelves["1"], pace=Pace(Decimal(12), world.clock.now()))
    zero(world, 1)
    world.clock.advance(seconds=30)
    world.poll()
    _, report = world.push()
    assert (report.asked_again, sold_out(world)) == (1, set())
    assert world.lanes.woken[-1] == (TILL, Lane.STOCK, "recheck")
    world.recheck()
    world.push()
    assert sold_out(world) == {1}
    assert world.till.calls.count("stock of") == 1


def test_sales_make_a_fast_seller() -> None:
    world = full_shop(units=30)
    for _ in range(12):
        world.till.sell("1", "1", 1)
        round_trip(world)
    assert world.memory.shelves[SHOP]["1"].pace.fast(world.clock.now())
    assert not world.memory.shelves[SHOP]["2"].pace.fast(world.clock.now())


def test_web_orders_make_a_fast_seller_and_count_once() -> None:
    world = full_shop(units=30)
    line = OrderLine(ListingRef("1"), Decimal(12))
    bought = WebOrder(
        order_id="1001",
        number="1001",
        status="processing",
        lines=(line,),
        holds_stock=True,
        taken_in_shop=True,
        changed_at=world.clock.now(),
    )
    world.shop.orders.append(bought)
    world.book().look(world.keeper())
    assert world.memory.shelves[SHOP]["1"].pace.units == 12
    world.shop.orders[0] = replace(bought, status="on-hold", changed_at=world.clock.now())
    world.book().look(world.keeper())
    assert world.memory.shelves[SHOP]["1"].pace.units == 12


def test_while_the_till_is_down_a_surprising_zero_waits() -> None:  # invariant 1
    world = with_a_zero_in_doubt()
    world.till.fail = SystemDownError("Down.")
    for _ in range(10):
        with pytest.raises(SystemDownError):
            world.recheck()
        world.clock.advance(minutes=10)
        world.push()
    assert world.waiting(Lane.STOCK) == []
    assert sold_out(world) == set()
    assert world.memory.asked[TILL] == {"1": None}
    world.till.fail = None
    world.recheck()
    world.push()
    assert sold_out(world) == {1}


def test_a_second_reading_that_is_too_old_or_older_than_the_change_is_none() -> None:
    world = with_a_zero_in_doubt()
    world.recheck()
    world.clock.advance(minutes=16)
    world.push()
    assert sold_out(world) == set()
    world.recheck()
    world.clock.advance(seconds=1)
    world.fanout().tell("m1", Lane.STOCK, ["1"], world.clock.now())
    world.push()
    assert sold_out(world) == set()
    world.recheck()
    world.push()
    assert sold_out(world) == {1}


def test_whatever_else_is_seen_of_it_a_zero_waits_until_its_second_reading_is_there() -> None:  # invariant 1
    world = with_a_zero_in_doubt()
    now = world.clock.now()
    world.keeper().marks.add(SHOP, Lane.STOCK, [Mark("1", since=now, due_at=now, doubt=True, shown=4)])
    world.push()  # what the listing shows is in doubt by now, so that it is not known to have shown a lot
    assert (sold_out(world), world.memory.asked[TILL]) == (set(), {"1": None})
    world.recheck()
    world.push()
    assert sold_out(world) == {1}


def test_a_reading_that_does_not_tell_of_every_place_confirms_nothing() -> None:  # invariant 1
    world = with_a_zero_in_doubt()
    gone = world.till.levels.pop(("1", "2"))
    report = world.recheck()
    assert (report.rows, report.changed) == (1, 1)
    world.push()
    assert sold_out(world) == set()
    world.till.levels["1", "2"] = gone
    world.clock.advance(minutes=10)
    world.push()
    world.recheck()
    world.push()
    assert sold_out(world) == {1}


def test_an_item_that_the_till_does_not_tell_of_is_not_asked_about_all_the_time() -> None:
    world = with_a_zero_in_doubt()
    del world.till.levels["1", "1"], world.till.levels["1", "2"]
    world.till.calls.clear()
    for _ in range(60):
        world.recheck()
        world.push()
        world.clock.advance(minutes=1)
    assert sold_out(world) == set()
    assert 3 <= world.till.calls.count("stock of") <= 10


def test_a_second_reading_goes_on_where_time_was_over() -> None:
    world = full_shop(number=250, units=10)
    zero(world, *range(1, 151))
    world.clock.advance(seconds=30)
    world.poll()
    world.push()
    world.deadline.remaining, world.deadline.cost = timedelta(seconds=40), timedelta(seconds=25)
    assert not world.recheck().finished
    world.deadline.remaining, world.deadline.cost = timedelta(minutes=10), timedelta()
    assert world.recheck().finished
    assert world.memory.asked[TILL] == {}


@pytest.mark.parametrize("lane", ["poll", "full"])
def test_a_garbled_page_writes_nothing_and_archives_nothing(lane: str) -> None:  # invariant 1
    world = full_shop()
    before = dict(world.memory.cursors), world.shop.shown()
    zero(world, *MANY)
    world.till.fail = GarbledAnswerError("Half a page.")
    with pytest.raises(GarbledAnswerError):
        world.poll() if lane == "poll" else world.read_all()
    world.push()
    assert (dict(world.memory.cursors), world.shop.shown()) == before
    assert (world.shop.stock_writes, holds(world), world.memory.asked[TILL]) == ([], [], {})


def test_a_garbled_second_reading_confirms_nothing() -> None:  # invariant 1
    world = with_a_zero_in_doubt()
    world.till.fail = GarbledAnswerError("Half a page.")
    with pytest.raises(GarbledAnswerError):
        world.recheck()
    world.clock.advance(minutes=1)
    world.push()
    assert world.shop.stock_writes == []
    assert world.memory.answered[TILL] == {}


def test_many_zeros_are_read_again_also_while_nothing_bounds_them() -> None:  # invariant 1
    """They trickle in: what was written within the hour counts, whether or not a person would be asked."""
    world = full_shop(guard_zeroed=0)
    for number in MANY:
        zero(world, number)
        world.clock.advance(seconds=30)
        world.poll()
        world.push()
    assert sold_out(world) == set(MANY[:BOUND])
    world.recheck()
    assert world.till.calls.count("stock of") == 1
    world.push()
    assert sold_out(world) == set(MANY)
    assert holds(world) == []
