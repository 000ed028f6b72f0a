"""Zeros on their way to a shop: ordinary ones pass, surprising ones are doubted, many wait for a person."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.fakes.systems import Listing
from tests.fakes.world import TILL, World
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
from tillbridge.domain.errors import SystemDownError
from tillbridge.domain.guard import Kind
from tillbridge.domain.merchant import Lane
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
