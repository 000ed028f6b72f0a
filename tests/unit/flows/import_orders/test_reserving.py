"""From when an order is seen until the till contains it, its units are off sale everywhere, and not once too often."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.fakes.order_records import FakeOrderRecords
from tests.fakes.people import order_record
from tests.fakes.stores import FakeMarks
from tests.fakes.world import SHOP, TILL
from tests.unit.domain.order_samples import placed, product_charge, refund
from tests.unit.domain.samples import NOON
from tests.unit.flows.import_orders.counter_world import CounterWorld
from tillbridge.domain.merchant import Lane
from tillbridge.domain.orders.order import Standing
from tillbridge.domain.orders.record import OrderState
from tillbridge.domain.orders.settings import OrderSettings
from tillbridge.domain.product import ListingRef, OrderLine, WebOrder
from tillbridge.domain.stock import StockForm, StockMode
from tillbridge.flows.orders_ahead import as_held

pytestmark = pytest.mark.unit

BEFORE = NOON - timedelta(days=1)


@pytest.fixture
def world() -> CounterWorld:
    world = CounterWorld()
    world.change_settings(orders=OrderSettings(since=BEFORE))
    world.book().look(world.keeper())  # the first look, at which only open orders are met
    world.lanes.woken.clear()
    return world


def test_an_order_is_marked_for_the_till_s_lane_after_it_is_reserved(world: CounterWorld) -> None:
    world.crash.steps.clear()
    world.meet()
    assert world.order_marks() == ["shop/1001"]
    assert (TILL, Lane.ORDERS, "work") in world.lanes.woken
    steps = world.crash.steps
    assert steps.index("after reservation") < max(n for n, step in enumerate(steps) if step == "before mark")


def test_a_change_that_stock_does_not_show_is_looked_at_once_all_the_same(world: CounterWorld) -> None:  # invariant 2
    """A payment, or a part of the money given back, changes neither a shop's status nor the units of the order."""
    world.place(placed(standing=Standing.AWAITING))
    world.meet()
    world.work_until_quiet()
    assert world.state() is OrderState.WAITING
    world.desk.put(placed())
    world.meet()
    assert world.order_marks() == ["shop/1001"]
    world.work_until_quiet()
    assert world.state() is OrderState.DONE
    world.desk.put(placed(refunds=(refund(restocked=False),)))
    world.meet()
    world.work_until_quiet()
    assert [booking.kind for booking in world.known().completed] == ["sale", "refund"]
    assert world.book().look(world.keeper()) == 0, "nothing has changed since"
    assert world.order_marks() == []


def test_two_changes_within_one_second_are_two(world: CounterWorld) -> None:  # invariant 2
    """The time is the same both times, as is all that concerns stock: only the content tells that there were two."""
    world.desk.put(placed())
    world.meet()
    world.work()
    world.desk.put(placed(refunds=(refund(restocked=False),)))
    [before] = world.shop.orders
    world.shop.orders = [replace(before, content="with a refund")]
    assert world.book().look(world.keeper()) == 1
    world.work_until_quiet()
    assert [booking.kind for booking in world.known().completed] == ["sale", "refund"]
    assert world.book().look(world.keeper()) == 0


def test_a_change_that_stock_does_not_show_writes_no_stock_again(world: CounterWorld) -> None:
    world.meet()
    FakeMarks(world.memory).remove(SHOP, Lane.STOCK, FakeMarks(world.memory).waiting(SHOP, Lane.STOCK))
    world.meet()
    assert world.waiting(Lane.STOCK) == []


def test_without_the_import_nothing_is_asked_or_marked(world: CounterWorld) -> None:
    world.change_settings(orders=OrderSettings())
    world.meet()
    assert (world.order_marks(), world.reserved()) == ([], {"1": 2})
    world.meet("completed", held=False)
    assert world.reserved() == {}


def test_an_older_order_behaves_as_ever(world: CounterWorld) -> None:
    world.change_settings(orders=OrderSettings(since=NOON + timedelta(days=1)))
    world.meet("completed", held=False)
    assert (world.order_marks(), world.reserved()) == ([], {})


def test_a_completed_order_stays_reserved_until_the_till_contains_it(world: CounterWorld) -> None:
    world.meet("completed", held=False)
    assert world.reserved() == {"1": 2}
    world.desk.put(placed())
    world.work()
    assert (world.state(), world.reserved()) == (OrderState.DONE, {})
    world.meet("shipped", held=True)
    assert world.reserved() == {}


@pytest.mark.parametrize(
    ("ref", "units", "left"),
    [(ListingRef("17"), 3, [1]), (ListingRef("17"), 1, []), (ListingRef("17", "9"), 3, [3])],
)
def test_only_what_the_till_does_not_show_yet_is_reserved(
    world: CounterWorld, ref: ListingRef, units: int, left: list[int]
) -> None:
    record = order_record(SHOP, "1001", state=OrderState.DONE, settled={"17": Decimal(2)})
    lines = (OrderLine(ref, Decimal(units)),)
    order = WebOrder(
        order_id="1001",
        number="1001",
        status="edited",
        lines=lines,
        holds_stock=True,
        taken_in_shop=True,
        changed_at=NOON,
    )
    assert [line.units for line in as_held(world.keeper(), order, record).lines] == left


def test_what_fails_to_be_paid_holds_nothing(world: CounterWorld) -> None:
    world.meet("failed", held=False, taken=False)
    assert world.reserved() == {}
    world.desk.put(placed(standing=Standing.AWAITING))
    world.work()
    assert (world.state(), world.reserved()) == (OrderState.WAITING, {})


def test_a_parked_order_keeps_its_units_whatever_its_shop_says(world: CounterWorld) -> None:
    parked = order_record(SHOP, "1001", state=OrderState.PARKED)
    FakeOrderRecords(world.memory).put(parked, None)
    world.meet("refunded", held=False, taken=False)
    assert world.reserved() == {"1": 2}


def test_an_ignored_order_keeps_nothing(world: CounterWorld) -> None:
    FakeOrderRecords(world.memory).put(order_record(SHOP, "1001", state=OrderState.IGNORED), None)
    world.meet()
    assert world.reserved() == {}


def test_only_what_is_added_to_a_done_order_is_reserved(world: CounterWorld) -> None:
    world.meet()
    world.desk.put(placed())
    world.work()
    world.meet(units=5)
    assert world.reserved() == {"1": 3}
    world.desk.put(placed(charges=(product_charge(units=5),)))
    world.work()
    assert (world.reserved(), world.on_hand()) == ({}, 5)


def test_a_listing_that_is_linked_after_the_sale_is_not_reserved(world: CounterWorld) -> None:
    world.meet(ref="99")
    world.desk.put(placed(charges=(product_charge(ref="99"),)))
    world.work()
    assert world.state() is OrderState.DONE
    shelf = replace(next(iter(world.memory.shelves[SHOP].values())), item_id="2", ref=ListingRef("99"))
    world.keeper().shelves.put(SHOP, [shelf])
    world.book().settle(world.keeper(), [shelf])
    assert world.reserved() == {}


def test_a_look_that_dies_anywhere_reserves_and_marks_all_the_same(world: CounterWorld) -> None:  # invariant 4
    for at in range(40):
        fresh = CounterWorld()
        fresh.change_settings(orders=OrderSettings(since=BEFORE))
        fresh.survive(lambda fresh=fresh: fresh.meet(), at)  # type: ignore[misc]
        fresh.book().look(fresh.keeper())
        assert (fresh.reserved(), set(fresh.order_marks())) == ({"1": 2}, {"shop/1001"})


def test_what_was_sold_where_none_were_stays_reserved_until_it_is_moved_there(world: CounterWorld) -> None:
    """Location 1 has one, location 2 ten, two are sold at location 1: the shops may show nine, not ten."""
    world.stock("1", 1, 10)
    world.meet()
    world.desk.put(placed())
    world.work()
    assert (world.on_hand("1", "1"), world.state(), world.reserved()) == (-1, OrderState.SOLD, {"1": 1})
    assert (world.known().code, world.desk.orders["1001"].noted_sale) == ("SoldWhereNoneWere", world.known().tickets[0])
    world.meet("shipped")
    assert world.reserved() == {"1": 1}
    world.till.sell("1", "2", 1)  # a transfer
    world.till.sell("1", "1", -1)
    world.clock.advance(hours=7)
    world.work()
    assert (world.state(), world.reserved(), world.known().reason) == (OrderState.DONE, {}, "")
    assert (len(world.completed()), world.order_marks()) == (1, [])


def test_where_shops_are_shown_what_is_owed_nothing_stays_reserved(world: CounterWorld) -> None:
    world.change_settings(backorders=True)
    world.stock("1", 1, 10)
    world.meet()
    world.desk.put(placed())
    world.work()
    assert (world.state(), world.reserved()) == (OrderState.DONE, {})


# --- where stock is shown place by place ------------------------------------------------------------------------------


NORTH_AND_SOUTH = {
    "stock_mode": StockMode.MAP,
    "stock_places": {f"{SHOP}/1": "north", f"{SHOP}/2": "south"},
}


@pytest.fixture
def mapped(world: CounterWorld) -> CounterWorld:
    """Ten of each item lie at both locations, and each is a place of the shop."""
    world.shop.stock_form = StockForm(places=True)
    orders = OrderSettings(since=BEFORE, locations={"*": "1"}, registers={"1": "5", "2": "6"})
    world.change_settings(orders=orders, **NORTH_AND_SOUTH)
    return world


def shown(world: CounterWorld, item_id: str = "1") -> dict[str, int]:
    figure = world.keeper().figures([item_id])[item_id]
    return {place: int(count) for place, count in figure.by_place.items()}


def test_units_are_taken_off_at_the_places_that_they_leave(mapped: CounterWorld) -> None:
    mapped.shop.leaves = {"1001": {ListingRef("17"): {"south": 3, "north": 1}}}
    mapped.meet(units=4)
    assert mapped.reserved() == {"1@1": 1, "1@2": 3}
    assert shown(mapped) == {"north": 9, "south": 7}


def test_units_of_which_no_place_is_told_are_taken_off_where_they_will_be_sold(mapped: CounterWorld) -> None:
    mapped.meet(units=4)
    assert shown(mapped) == {"north": 6, "south": 10}


def test_what_moves_is_taken_off_elsewhere_from_then_on(mapped: CounterWorld) -> None:
    mapped.shop.leaves = {"1001": {ListingRef("17"): {"south": 4}}}
    mapped.meet(units=4)
    assert mapped.book().look(mapped.keeper()) == 0, "nothing has changed since"
    mapped.shop.leaves = {"1001": {ListingRef("17"): {"north": 4}}}
    mapped.meet(units=4)
    assert shown(mapped) == {"north": 6, "south": 10}


def test_an_order_that_is_not_routed_yet_is_looked_at_until_it_is(mapped: CounterWorld) -> None:
    mapped.shop.leaves = {"1001": {ListingRef("17"): {"south": 4}}}
    mapped.shop.unrouted = {"1001"}
    mapped.meet(units=4)
    assert mapped.reserved() == {"1@1": 4}
    mapped.shop.unrouted = set()
    mapped.book().look(mapped.keeper())
    assert mapped.reserved() == {"1@2": 4}
    assert mapped.book().look(mapped.keeper()) == 0


def test_the_shop_is_not_asked_for_places_that_make_no_difference(world: CounterWorld) -> None:
    world.shop.calls.clear()
    world.meet()
    assert "places" not in world.shop.calls
    assert world.reserved() == {"1": 2}


def test_without_the_import_units_are_taken_off_at_the_places_that_are_mapped(mapped: CounterWorld) -> None:
    mapped.change_settings(orders=OrderSettings(), **NORTH_AND_SOUTH)
    mapped.shop.leaves = {"1001": {ListingRef("17"): {"south": 2, "elsewhere": 1}}}
    mapped.meet(units=3)
    assert mapped.reserved() == {"1@2": 2, "1": 1}


def test_the_sale_takes_over_just_what_was_taken_off(mapped: CounterWorld) -> None:
    mapped.change_rules(by_place={"north": "1", "south": "2"})
    mapped.shop.leaves = {"1001": {ListingRef("17"): {"south": 1, "north": 1}}}
    leaves = {"north": Decimal(1), "south": Decimal(1)}
    mapped.meet(units=2)
    before = shown(mapped)
    mapped.desk.put(placed(charges=(product_charge(places=leaves),)))
    mapped.work()
    assert (mapped.state(), mapped.reserved()) == (OrderState.DONE, {})
    assert mapped.totals() == [("1", 5), ("2", 5)]
    assert shown(mapped) == before == {"north": 9, "south": 9}
