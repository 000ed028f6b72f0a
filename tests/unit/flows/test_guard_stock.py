"""Zeros on their way to a shop: ordinary ones pass, surprising ones are doubted, many wait for a person."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.fakes.systems import Listing
from tests.fakes.world import SHOP, TILL, World
from tests.unit.domain.samples import item
from tests.unit.flows.guarded import (
    BOUND,
    DAY,
    ITEMS,
    decide,
    full_shop,
    held,
    holds,
    reprice,
    round_trip,
    sold_out,
    zero,
)
from tillbridge.domain.errors import GarbledAnswerError, SystemDownError
from tillbridge.domain.guard import Kind
from tillbridge.domain.merchant import Lane
from tillbridge.domain.pace import Pace
from tillbridge.domain.product import ListingRef, OrderLine, WebOrder
from tillbridge.domain.work import HoldState
from tillbridge.flows.shopkeeper import ShopKeeper
from tillbridge.flows.web_orders import OrderBook

pytestmark = pytest.mark.unit

MANY = range(1, 21)


def test_ordinary_sales_to_zero_go_straight_through() -> None:
    world = full_shop(units=1)
    for number in range(1, 6):
        zero(world, number)
        world.clock.advance(seconds=30)
        world.poll()
        world.push()
        assert number in sold_out(world)
    assert "stock of" not in world.till.calls
    assert holds(world) == []


def test_many_zeros_are_read_again_and_then_held_with_cause_and_sample() -> None:  # invariant 1
    world = full_shop()
    zero(world, *MANY)
    round_trip(world)
    assert world.till.calls.count("stock of") == 1
    assert world.shop.stock_writes == []
    (hold,) = holds(world)
    assert (hold.kind, hold.lane, hold.state) == (Kind.ZEROED, Lane.STOCK, HoldState.OPEN)
    assert hold.cause == "20 of 40 listings would be zeroed within an hour; at most 20 % may."
    assert len(hold.sample) == 10
    assert (hold.sample[0].key, hold.sample[0].field, hold.sample[0].old, hold.sample[0].new) == (
        "1",
        "stock",
        "3",
        "0",
    )
    assert hold.expires_at - hold.created_at == DAY
    assert held(world) == {str(number) for number in MANY}
    assert world.waiting(Lane.STOCK) == []


def test_a_glitch_of_the_till_heals_by_the_second_reading() -> None:  # invariant 1
    world = full_shop()
    zero(world, *MANY)
    world.clock.advance(seconds=30)
    world.poll()
    for number in MANY:
        world.stock(str(number), 3, 0)
    world.push()
    world.recheck()
    world.push()
    assert world.shop.stock_writes == []
    assert holds(world) == []
    assert sold_out(world) == set()


def test_a_hold_does_not_stop_other_items() -> None:
    world = full_shop()
    zero(world, *MANY)
    world.stock("30", 7, 0)
    reprice(world, "13", 1, 2)
    round_trip(world)
    assert world.shop.stock_writes == [("30", 7)]
    assert world.shop.products["1"].variants[""]["regular_price"] == "13"


def test_pages_that_trickle_in_are_seen_as_a_whole() -> None:
    world = full_shop()
    for number in MANY:
        zero(world, number)
        round_trip(world)
    assert len(sold_out(world)) == BOUND
    assert held(world) == {str(number) for number in MANY[BOUND:]}
    (hold,) = holds(world)
    assert hold.cause.startswith("20 of 40 listings")


def test_readings_that_end_while_a_round_is_planned_are_seen_as_a_whole(  # invariant 1
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world, look = full_shop(), OrderBook.look
    zero(world, *MANY)
    world.clock.advance(seconds=30)
    world.poll()
    world.push()
    asked = world.memory.asked[TILL]
    later = {key: asked.pop(key) for key in map(str, MANY[BOUND:])}
    world.recheck()
    asked.update(later)

    def look_while_the_till_is_read(book: OrderBook, keeper: ShopKeeper) -> None:
        world.recheck()
        look(book, keeper)

    monkeypatch.setattr(OrderBook, "look", look_while_the_till_is_read)
    world.push()
    assert world.shop.stock_writes == []
    assert held(world) == {str(number) for number in MANY}


def test_an_hour_later_ordinary_zeros_pass_again() -> None:
    world = full_shop()
    zero(world, *MANY)
    round_trip(world)
    world.clock.advance(hours=1)
    zero(world, 33)
    round_trip(world)
    assert sold_out(world) == {33}
    assert len(held(world)) == len(MANY)


def test_what_is_back_in_stock_leaves_the_hold_and_passes() -> None:
    world = full_shop()
    zero(world, *MANY)
    round_trip(world)
    world.stock("1", 5, 0)
    world.stock("2", 3, 0)  # just what the shop shows
    round_trip(world)
    assert world.shop.shown()["SKU-1"] == 5
    assert world.shop.shown()["SKU-2"] == 3
    assert held(world) == {str(number) for number in MANY[2:]}


def test_a_hold_that_nothing_is_left_of_is_closed() -> None:
    world = full_shop()
    zero(world, *MANY)
    round_trip(world)
    for number in MANY:
        world.stock(str(number), 4, 0)
    round_trip(world)
    assert (holds(world), held(world)) == ([], set())


def test_a_new_mark_of_a_held_item_does_not_get_past() -> None:  # invariant 1
    world = full_shop()
    zero(world, *MANY)
    round_trip(world)
    for number in MANY:
        world.stock(str(number), 0, -1)
        world.stock(str(number), 0, 0)
    for _ in range(3):
        round_trip(world)
        world.clock.advance(hours=2)
    world.fanout().tell("m1", Lane.STOCK, map(str, MANY), world.clock.now())
    world.push()
    assert world.shop.stock_writes == []
    assert len(held(world)) == len(MANY)
    assert len(holds(world)) == 1
    assert world.waiting(Lane.STOCK) == []


def test_released_items_are_written_even_so_and_only_they() -> None:
    world = full_shop()
    zero(world, *MANY)
    round_trip(world)
    decide(world, HoldState.RELEASED)
    world.push()
    assert sold_out(world) == set(MANY)
    assert (holds(world), held(world), world.waiting(Lane.STOCK)) == ([], set(), [])
    zero(world, *range(21, 40))
    round_trip(world)
    assert sold_out(world) == set(MANY)
    assert len(held(world)) == 19


def test_permission_outlives_a_shop_in_trouble() -> None:
    world = full_shop()
    zero(world, *MANY)
    round_trip(world)
    decide(world, HoldState.RELEASED)
    world.shop.fail = SystemDownError("Down.")
    with pytest.raises(SystemDownError):
        world.push()
    world.shop.fail = None
    world.shop.refuse = {"1"}
    world.push()
    assert sold_out(world) == set(MANY) - {1}
    world.shop.refuse = set()
    world.clock.advance(hours=7)
    world.push()
    assert sold_out(world) == set(MANY)


def test_dropped_items_stay_as_they_are_until_the_till_changes_them() -> None:
    world = full_shop()
    zero(world, *MANY)
    round_trip(world)
    decide(world, HoldState.DROPPED)
    world.settle()
    assert world.shop.stock_writes == []
    assert (holds(world), held(world)) == ([], set())
    world.clock.advance(hours=2)
    world.stock("1", 2, 0)
    round_trip(world)
    assert world.shop.stock_writes == [("1", 2)]


def test_nobody_decides_and_the_plan_is_made_afresh() -> None:
    world = full_shop()
    zero(world, *MANY)
    round_trip(world)
    (before,) = holds(world)
    for number in range(1, 15):
        world.till.levels[str(number), "1"] = replace(
            world.till.levels[str(number), "1"], sellable=Decimal(9), on_hand=Decimal(9), updated_at=world.clock.now()
        )
    world.clock.advance(hours=24)
    round_trip(world)
    assert sold_out(world) == set(range(15, 21))
    assert holds(world) == []
    assert before.state is HoldState.OPEN


def test_a_mass_that_is_still_there_is_held_afresh() -> None:
    world = full_shop()
    zero(world, *MANY)
    round_trip(world)
    (before,) = holds(world)
    world.clock.advance(hours=25)
    round_trip(world)
    (after,) = holds(world)
    assert after.hold_id != before.hold_id
    assert len(held(world)) == len(MANY)
    assert world.shop.stock_writes == []


def test_a_bound_that_is_switched_off_lets_go_of_what_it_held() -> None:
    world = full_shop()
    zero(world, *MANY)
    round_trip(world)
    world.change_settings(guard_zeroed=Decimal(0))
    world.fanout().tell("m1", Lane.STOCK, map(str, MANY), world.clock.now())
    world.push()
    world.recheck()
    world.push()
    assert sold_out(world) == set(MANY)
    assert (holds(world), held(world)) == ([], set())


def test_safety_stock_that_takes_everything_is_held_without_asking_the_till() -> None:
    world = full_shop()
    world.change_settings(safety_stock=Decimal(3))
    world.fanout().tell("m1", Lane.STOCK, map(str, range(1, ITEMS + 1)), world.clock.now())
    world.push()
    assert world.till.calls == []
    assert len(held(world)) == ITEMS
    assert holds(world)[0].cause.startswith("40 of 40 listings")


# --- second readings of single items ---


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
    world = full_shop(units=10)
    zero(world, 1)
    world.clock.advance(seconds=30)
    world.poll()
    world.push()
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
    world = full_shop(units=10)
    zero(world, 1)
    world.clock.advance(seconds=30)
    world.poll()
    world.push()
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


def test_a_reading_that_does_not_tell_of_every_place_confirms_nothing() -> None:  # invariant 1
    world = full_shop(units=10)
    zero(world, 1)
    world.clock.advance(seconds=30)
    world.poll()
    world.push()
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
    world = full_shop(units=10)
    zero(world, 1)
    world.clock.advance(seconds=30)
    world.poll()
    world.push()
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


# --- listings of which nothing is known ---


def linked(shown: int) -> World:
    """Make a shop that had its products already, and a till that has none of them in stock."""
    world = World()
    world.till.page_size = world.shop.batch = 100
    for one in range(1, ITEMS + 1):
        world.till.put(item(str(one), custom_sku=f"SKU-{one}"))
        world.stock(str(one), 0, 0)
        own = {"sku": f"SKU-{one}", "regular_price": "12.5"}
        world.shop.products[str(one)] = Listing(str(one), "own", {}, {"": own}, {"": shown})
    world.settle()
    return world


def test_a_shop_that_is_linked_to_an_empty_till_is_not_emptied() -> None:  # invariant 1
    world = linked(shown=8)
    assert world.shop.stock_writes == []
    (hold,) = holds(world)
    assert hold.cause.startswith("40 of 40 listings")
    assert hold.sample[0].old == "8"
    assert "observe" in world.shop.calls


def test_a_shop_that_shows_none_either_is_nothing_to_hold() -> None:
    world = linked(shown=0)
    assert holds(world) == []
    assert world.waiting(Lane.STOCK) == []


# --- what a bad page may not do ---


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
    world = full_shop(units=10)
    zero(world, 1)
    world.clock.advance(seconds=30)
    world.poll()
    world.push()
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
