"""What happens to our sales in the till: parcels reach the shop, and what comes back is a task for it."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.fakes.order_records import FakeOrderRecords
from tests.fakes.world import SHOP
from tests.unit.domain.order_samples import placed, product_charge, refund
from tests.unit.flows.import_orders.counter_world import NORTH, CounterWorld
from tillbridge.domain.errors import ItemRejectedError, RetryLaterError
from tillbridge.domain.orders.listing import RETURNED
from tillbridge.domain.orders.record import OrderState
from tillbridge.domain.orders.sale import TillSaleLine
from tillbridge.flows.import_orders.till_news import look_for_parcels, look_for_returns
from tillbridge.systems.counter import ShippedSale

pytestmark = pytest.mark.unit


@pytest.fixture
def world() -> CounterWorld:
    world = CounterWorld()
    world.place(placed())
    world.work()
    world.clock.advance(minutes=5)
    return world


def look(world: CounterWorld) -> tuple[int, int]:
    """Poll the till for both kinds of news and deal with what they mark."""
    fence = world.order_fence()
    importer = world.importer(fence)
    news = look_for_parcels(importer), look_for_returns(importer)
    fence.release()
    world.work()
    world.clock.advance(minutes=5)
    return news


def ship(world: CounterWorld, sale_id: str, note: str = "") -> None:
    world.counter.shipped.append(ShippedSale(sale_id=sale_id, note=note, changed_at=world.clock.now()))


def bring_back(world: CounterWorld, units: int = 1) -> None:
    """Take goods back over the counter, as the till's people do."""
    [sold, *_] = world.completed()
    line = TillSaleLine(
        line_id="777",
        item_id="1",
        units=Decimal(-units),
        unit_price=Decimal(5),
        taxed=False,
        returns=sold.lines[0].line_id,
    )
    now = world.clock.now()
    world.counter.sales["977"] = replace(
        sold,
        sale_id="977",
        ticket="2200977",
        reference="",
        source="",
        total=Decimal(-5 * units),
        lines=(line,),
        changed_at=now,
        completed_at=now,
    )
    world.till.sell("1", "1", -units)


def test_what_has_left_the_house_is_shipped_in_the_shop_once(world: CounterWorld) -> None:
    ship(world, world.completed()[0].sale_id, "1Z999AA10123456784")
    assert look(world) == (1, 0)
    assert [(parcel.tracking, parcel.units) for parcel in world.desk.parcels.values()] == [("1Z999AA10123456784", {})]
    assert look(world) == (0, 0)
    assert world.desk.faults.calls.count("ship") == 1


def test_the_parcel_s_number_may_come_until_the_shop_was_told(world: CounterWorld) -> None:
    world.desk.faults.always = RetryLaterError("The shop is down.")
    ship(world, world.completed()[0].sale_id)
    assert look(world) == (1, 0)
    ship(world, world.completed()[0].sale_id, "1Z999AA10123456784")
    assert look(world) == (1, 0)
    world.desk.faults.always = None
    world.work_until_quiet()
    assert [parcel.tracking for parcel in world.desk.parcels.values()] == ["1Z999AA10123456784"]
    ship(world, world.completed()[0].sale_id, "1Z999AA10123456785")
    assert look(world) == (0, 0), "the shop takes a parcel once"


def test_of_two_sales_each_ships_its_own_lines() -> None:
    world = CounterWorld()
    world.place(placed(charges=(product_charge(), product_charge("2", "18", units=1, places=NORTH))))
    world.work()
    ship(world, world.completed()[1].sale_id)
    look(world)
    [parcel] = world.desk.parcels.values()
    assert parcel.units == {"2": 1}


def test_a_sale_ships_its_own_units_of_a_line_that_two_places_send(world: CounterWorld) -> None:
    leaves = {"here": Decimal(2), "north": Decimal(1)}
    world.place(placed("1002", charges=(product_charge(units=3, places=leaves),)))
    world.work()
    first, second = (booking.sale_id for booking in world.known("1002").completed)
    ship(world, second)
    ship(world, first)
    look(world)
    sent = {key: (dict(one.units), one.places, one.source) for (_, key), one in world.desk.parcels.items()}
    assert sent == {
        first: ({"1": Decimal(2)}, ("here",), "A"),
        second: ({"1": Decimal(1)}, ("north",), "B"),
    }


def test_a_sale_ships_from_where_its_goods_are_by_now(world: CounterWorld) -> None:
    order = placed("1002", charges=(product_charge(units=3, places={"here": Decimal(2), "north": Decimal(1)}),))
    world.place(order)
    world.work()
    moved = product_charge(units=3, places={"north": Decimal(1), "there": Decimal(2)})  # to one that is not mapped, too
    world.place(replace(order, charges=(moved,)))
    world.work()
    ship(world, world.known("1002").completed[0].sale_id)
    look(world)
    assert [(dict(one.units), one.places) for one in world.desk.parcels.values()] == [({"1": Decimal(2)}, ("there",))]


def test_what_came_back_is_not_shipped_with_its_sale(world: CounterWorld) -> None:
    leaves = {"here": Decimal(2), "north": Decimal(1)}
    order = placed("1002", charges=(product_charge(units=3, places=leaves),))
    world.place(order)
    world.work()
    world.place(replace(order, refunds=(refund(units=1),)))
    world.work()
    ship(world, world.known("1002").completed[0].sale_id)
    look(world)
    assert [dict(one.units) for one in world.desk.parcels.values()] == [{"1": 1}]


def test_goods_that_no_item_is_linked_with_are_shipped_as_well(world: CounterWorld) -> None:
    own = product_charge("2", "99", units=1, places=NORTH)
    world.place(placed("1002", charges=(product_charge(), own)))
    world.work()
    ship(world, world.known("1002").completed[1].sale_id)
    look(world)
    assert [dict(one.units) for one in world.desk.parcels.values()] == [{"2": 1}]


def test_a_correction_ships_what_it_has_sold_and_no_more(world: CounterWorld) -> None:
    world.place(placed("1002", charges=(product_charge(units=3),)))
    world.work()
    world.place(placed("1002", charges=(product_charge(units=4, places=NORTH),)))
    world.work()
    sold = [booking for booking in world.known("1002").completed if booking.kind == "correction"]
    ship(world, sold[0].sale_id)
    look(world)
    assert [dict(one.units) for one in world.desk.parcels.values()] == [{"1": 1}]


@pytest.mark.parametrize("note", ["Left with the neighbour, Mr Bell", "thank you", "12345", ""])
def test_a_note_that_is_no_number_of_a_parcel_is_kept_nowhere(world: CounterWorld, note: str) -> None:  # invariant 5
    ship(world, world.completed()[0].sale_id, note)
    look(world)
    assert [parcel.tracking for parcel in world.desk.parcels.values()] == [""]
    assert not note or note not in repr(world.memory.records)


def test_a_parcel_that_the_shop_refuses_is_told_and_not_sent_again(world: CounterWorld) -> None:
    world.desk.refuses_parcels = ItemRejectedError("Nothing is left to ship.", remedy="Look at it.", code="TooMany")
    ship(world, world.completed()[0].sale_id)
    look(world)
    assert (world.state(), world.known().code) == (OrderState.DONE, "TooMany")
    assert world.order_marks() == []


def test_sales_of_somebody_else_are_nobody_s_news(world: CounterWorld) -> None:
    ship(world, "4711")
    assert look(world) == (0, 0)


def test_our_own_refunds_are_no_task(world: CounterWorld) -> None:
    world.place(placed(refunds=(refund(),)))
    world.work()
    assert look(world) == (0, 0)
    assert world.known().returns == ()


def test_goods_that_come_back_at_the_till_are_a_task_until_the_shop_has_refunded_them(world: CounterWorld) -> None:
    bring_back(world)
    assert look(world) == (0, 1)
    assert [(task.ticket, int(task.total)) for task in world.known().tasks] == [("2200977", 5)]
    assert [record.order_id for record in FakeOrderRecords(world.memory).listed(SHOP, RETURNED)] == ["1001"]
    world.place(placed(refunds=(refund(),)))
    world.work()
    assert world.known().tasks == ()
    assert world.known().returns[0].refund_id == "r1"
    assert len(world.completed()) == 2  # the till's own return, and no refund of ours beside it


def test_money_is_given_back_through_the_shop_only_where_that_is_wanted(world: CounterWorld) -> None:
    bring_back(world)
    look(world)
    assert world.desk.paid_back == {}
    world.return_money = True
    world.mark_order("1001")
    world.work()
    assert world.desk.paid_back == {("1001", "return-977"): Decimal(5)}
    world.mark_order("1001")
    world.work()
    assert len(world.desk.paid_back) == 1


def test_news_that_is_met_again_after_a_crash_is_noted_once(world: CounterWorld) -> None:  # invariant 8
    bring_back(world)
    ship(world, world.completed()[0].sale_id)
    for at in range(40):
        world.survive(lambda: look(world), at)
        world.clock.advance(minutes=2)
    look(world)
    assert (len(world.known().returns), len(world.desk.parcels)) == (1, 1)
    assert world.clock.now() - world.known().seen_at > timedelta(hours=1)
