"""A web order becomes one sale: what is written, where it is told, and what happens to it afterwards."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.fakes.counter import LISTS
from tests.fakes.stores import FakeMarks
from tests.fakes.world import SHOP, TILL
from tests.unit.domain.order_samples import placed, product_charge, refund
from tests.unit.domain.samples import NOON
from tests.unit.flows.import_orders.counter_world import NORTH, OTHER_SHOP, CounterWorld
from tillbridge.domain.merchant import Lane
from tillbridge.domain.orders.order import Charge, ChargeKind, Standing
from tillbridge.domain.orders.record import OrderState
from tillbridge.domain.orders.rules import UnlinkedRule

pytestmark = pytest.mark.unit


@pytest.fixture
def world() -> CounterWorld:
    return CounterWorld()


def test_a_paid_order_becomes_one_sale_and_each_knows_the_other(world: CounterWorld) -> None:  # invariant 2
    world.place(placed())
    assert world.reserved() == {"1": 2}
    world.work()
    [sale] = world.counter.counting()
    assert (sale.completed, sale.reference, sale.source) == (True, "1001", "woocommerce:shop")
    assert sale.total == 10
    assert (world.state(), world.known().tickets) == (OrderState.DONE, (sale.ticket,))
    assert world.desk.orders["1001"].noted_sale == sale.ticket
    assert world.order_marks() == []


def test_units_are_let_go_when_the_mirror_has_the_sale(world: CounterWorld) -> None:
    world.place(placed())
    world.work()
    assert (world.on_hand(), world.mirrored(), world.reserved()) == (8, 8, {})
    assert set(world.waiting(Lane.STOCK)) == {"1"}


def test_a_clean_sale_costs_no_more_calls_than_it_must(world: CounterWorld) -> None:
    world.place(placed())
    world.till.calls.clear()
    world.work()
    assert world.counter.faults.calls == ["lists", "sales of", "draft", "complete"]
    assert world.desk.faults.calls == ["order", "note sale"]
    assert world.till.calls == ["stock of"]


def test_no_order_is_parked_by_what_the_till_had_some_hours_ago(world: CounterWorld) -> None:
    world.old_lists = replace(LISTS, registers=())
    world.place(placed())
    world.work()
    assert [sale.reference for sale in world.completed()] == ["1001"]
    assert world.counter.faults.calls.count("lists") == 1


def test_lists_are_read_once_for_an_order_that_is_parked_all_the_same(world: CounterWorld) -> None:
    world.old_lists = LISTS
    world.place(replace(placed(), total=Decimal(1)))
    world.work()
    assert world.state() is OrderState.PARKED
    assert world.counter.faults.calls == ["lists"]


def test_looking_again_changes_nothing_and_costs_one_look(world: CounterWorld) -> None:  # invariant 8
    world.place(placed())
    world.work()
    before = world.known()
    world.counter.faults.calls.clear()
    world.look("1001")
    world.work()
    assert (world.known(), world.counter.faults.calls, world.reserved()) == (before, [], {})


def test_units_reserved_once_more_at_the_last_moment_are_let_go(world: CounterWorld) -> None:
    world.place(placed())
    world.work()
    world.memory.reserved[TILL][f"{SHOP}:1001"] = {"1": 2}  # by a look that began before the sale
    world.mark_order("1001")
    world.work()
    assert world.reserved() == {}


def test_an_order_over_two_places_becomes_a_sale_at_each(world: CounterWorld) -> None:
    world.place(placed(charges=(product_charge(), product_charge("2", "18", units=1, places=NORTH))))
    world.work()
    assert world.totals() == [("1", 10), ("2", 5)]
    assert world.desk.orders["1001"].noted_sale == ", ".join(world.known().tickets)
    assert (world.on_hand("1", "1"), world.on_hand("2", "2")) == (8, 9)


def split(south: int) -> tuple[Charge, ...]:
    """Give three units for 15, so many of which leave the place of location 2."""
    leaves = {"north": Decimal(south)} if south else {}
    rest = {"elsewhere": Decimal(3 - south)} if south < 3 else {}
    return (product_charge(units=3, places={**leaves, **rest}),)


def test_one_line_that_leaves_two_places_becomes_a_sale_at_each(world: CounterWorld) -> None:
    world.place(placed(charges=split(1)))
    world.work()
    assert world.totals() == [("1", 10), ("2", 5)]
    assert (world.on_hand("1", "1"), world.on_hand("1", "2"), world.reserved()) == (8, 9, {})


def test_goods_that_are_moved_after_the_sale_are_moved_in_the_till(world: CounterWorld) -> None:
    world.place(placed(charges=split(0)))
    world.work()
    world.place(placed(charges=split(2)))
    world.work()
    assert (world.state(), world.totals()) == (OrderState.DONE, [("1", 15), ("1", -10), ("2", 10)])
    assert (world.on_hand("1", "1"), world.on_hand("1", "2"), world.reserved()) == (9, 8, {})
    world.look("1001")
    world.work()
    assert len(world.completed()) == 3


def test_an_order_waits_a_moment_until_its_shop_says_where_it_leaves(world: CounterWorld) -> None:
    world.place(placed(charges=split(1), routed=False, placed_at=world.clock.now()))
    world.work()
    assert (world.completed(), world.order_marks(), world.reserved()) == ([], ["shop/1001"], {"1": 3})
    world.desk.put(placed(charges=split(1), placed_at=world.clock.now()))
    world.clock.advance(seconds=30)
    world.work()
    assert (world.totals(), world.order_marks()) == ([("1", 10), ("2", 5)], [])


def test_an_order_of_which_nobody_says_where_it_leaves_is_sold_at_the_shops_own_location(world: CounterWorld) -> None:
    world.place(placed(charges=split(0), routed=False, placed_at=world.clock.now()))
    world.work_until_quiet()
    assert world.totals() == [("1", 15)]


@pytest.mark.parametrize("standing", [Standing.AWAITING, Standing.DRAFT])
def test_what_is_not_ready_waits_with_its_units(world: CounterWorld, standing: Standing) -> None:
    world.place(placed(standing=standing))
    world.work()
    assert (world.state(), world.counter.sales, world.order_marks()) == (OrderState.WAITING, {}, [])
    assert world.reserved() == {"1": 2}
    world.place(placed(standing=Standing.PAID))
    world.work()
    assert (world.state(), len(world.completed())) == (OrderState.DONE, 1)


def test_a_merchant_decides_what_a_status_means(world: CounterWorld) -> None:
    world.change_rules(statuses={"on-hold": Standing.PAID})
    world.place(placed(status="on-hold", standing=Standing.AWAITING))
    world.work()
    assert world.state() is OrderState.DONE


def test_an_order_cancelled_before_its_sale_has_none(world: CounterWorld) -> None:
    world.place(placed(standing=Standing.AWAITING))
    world.work()
    world.place(placed(standing=Standing.CANCELLED))
    world.work()
    assert (world.state(), world.counter.sales, world.reserved()) == (OrderState.CANCELLED, {}, {})


def test_an_order_that_is_gone_before_its_sale_has_none(world: CounterWorld) -> None:
    world.place(placed(standing=Standing.AWAITING))
    world.work()
    del world.desk.orders["1001"]
    world.mark_order("1001")
    world.work()
    assert (world.state(), world.reserved()) == (OrderState.CANCELLED, {})


def test_orders_from_before_the_import_are_left_alone(world: CounterWorld) -> None:
    world.place(placed(placed_at=NOON - timedelta(days=2)))
    world.work()
    assert (world.record(), world.counter.sales, world.order_marks()) == (None, {}, [])
    assert world.reserved() == {"1": 2}


def test_a_test_order_never_becomes_a_sale(world: CounterWorld) -> None:
    world.place(placed(test=True))
    world.work()
    assert (world.state(), world.counter.sales) == (OrderState.CANCELLED, {})


def test_a_refund_puts_units_back_and_money(world: CounterWorld) -> None:
    world.place(placed())
    world.work()
    world.place(placed(refunds=(refund(),)))
    world.work()
    assert world.totals() == [("1", 10), ("1", -5)]
    assert world.completed()[1].reference == "1001/Rr1"
    assert (world.state(), world.on_hand(), world.mirrored(), world.reserved()) == (OrderState.DONE, 9, 9, {})


def test_every_shop_looks_at_what_a_refund_has_put_back(world: CounterWorld) -> None:
    world.place(placed())
    world.work()
    world.memory.marks.clear()
    world.place(placed(refunds=(refund(),)))
    world.work()
    for shop in (SHOP, OTHER_SHOP):
        assert {mark.key for mark in FakeMarks(world.memory).waiting(shop, Lane.STOCK)} == {"1"}


def test_a_refund_without_restocking_gives_back_money_only(world: CounterWorld) -> None:
    world.place(placed(refunds=(refund(restocked=False),)))
    world.work()
    assert sum(sale.total for sale in world.completed()) == 5
    assert world.on_hand() == 8


def test_an_edited_order_is_corrected_and_its_new_units_are_reserved_until_then(world: CounterWorld) -> None:
    world.place(placed())
    world.work()
    world.place(placed(charges=(product_charge(units=3),)))
    assert world.reserved() == {"1": 1}
    world.work()
    assert [sale.total for sale in world.completed()] == [10, 5]
    assert (world.on_hand(), world.reserved(), world.state()) == (7, {}, OrderState.DONE)


def test_an_order_cancelled_after_its_sale_is_given_back(world: CounterWorld) -> None:
    world.place(placed())
    world.work()
    world.place(placed(standing=Standing.CANCELLED))
    world.work()
    assert [sale.total for sale in world.completed()] == [10, -10]
    assert (world.on_hand(), world.state()) == (10, OrderState.DONE)


def test_a_difference_of_cents_becomes_a_line_that_everybody_sees(world: CounterWorld) -> None:
    world.counter.off = Decimal("-0.01")
    world.place(placed())
    world.work()
    [sale] = world.completed()
    assert sale.total == 10
    assert [(line.note, line.unit_price) for line in sale.lines if not line.item_id] == [
        ("Rounding of the till", Decimal("0.01"))
    ]
    assert world.known().bookings[0].rounding == Decimal("0.01")


def test_a_larger_difference_parks_the_order_and_leaves_nothing_open(world: CounterWorld) -> None:  # invariant 2
    world.counter.off = Decimal("0.50")
    world.place(placed())
    world.work()
    assert (world.state(), world.counter.counting()) == (OrderState.PARKED, [])
    assert (world.known().code, world.reserved()) == ("TillDiffers", {"1": 2})
    assert "10.50" in world.known().reason


def test_a_parked_order_is_told_once_and_goes_on_when_what_it_lacked_is_there(world: CounterWorld) -> None:
    world.change_rules(unlinked=UnlinkedRule.PARK)
    world.place(placed(charges=(product_charge(ref="99"),)))
    world.work()
    assert (world.state(), world.known().code) == (OrderState.PARKED, "UnlinkedLine")
    assert len(world.memory.mails) == 1
    world.clock.advance(hours=1)
    world.work()
    assert (len(world.memory.mails), world.counter.sales) == (1, {})
    world.change_rules(unlinked=UnlinkedRule.LINE)
    world.clock.advance(hours=7)
    world.work()
    assert world.state() is OrderState.DONE


def test_two_orders_parked_for_one_reason_are_one_mail(world: CounterWorld) -> None:
    world.change_rules(unlinked=UnlinkedRule.PARK)
    for number in ("1001", "1002"):
        world.place(placed(number, charges=(product_charge(ref="99"),)))
    world.work()
    assert len(world.memory.mails) == 1
    assert {world.state("1001"), world.state("1002")} == {OrderState.PARKED}


def test_what_is_linked_with_nothing_is_a_line_with_its_name(world: CounterWorld) -> None:
    world.place(placed(charges=(product_charge(ref="99", sku="BEAR"),)))
    world.work()
    [sale] = world.completed()
    assert [(line.item_id, line.note) for line in sale.lines] == [("", "Mug Blue (BEAR)")]


def test_a_sale_that_the_till_refuses_parks_the_order(world: CounterWorld) -> None:
    world.counter.refuses = "1001"
    world.place(placed())
    world.place(placed("1002"))
    world.work()
    assert (world.state("1001"), world.state("1002")) == (OrderState.PARKED, OrderState.DONE)
    assert world.known().reason == "The till refuses it."


def test_a_sale_that_does_not_balance_is_put_away(world: CounterWorld) -> None:  # invariant 2
    world.place(placed())
    world.counter.loses_payments = True
    world.work()
    assert (world.state(), world.known().code) == (OrderState.PARKED, "Unbalanced")
    assert world.counter.counting() == []


def test_a_sale_that_somebody_has_made_already_is_taken_over(world: CounterWorld) -> None:  # invariant 8
    world.place(placed())
    world.work()
    world.memory.records.clear()
    world.look("1001")
    world.work()
    assert (len(world.completed()), world.state()) == (1, OrderState.DONE)


def test_two_completed_sales_of_one_order_are_a_person_s_matter(world: CounterWorld) -> None:
    world.place(placed())
    world.work()
    [sale] = world.completed()
    world.counter.sales["999"] = replace(sale, sale_id="999", ticket="2200999")
    world.memory.records.clear()
    world.look("1001")
    world.work()
    assert (world.state(), world.known().code) == (OrderState.PARKED, "TwoSales")


def test_the_same_number_in_two_shops_is_two_orders(world: CounterWorld) -> None:
    world.place(placed(), SHOP)
    world.place(placed(), OTHER_SHOP)
    world.work()
    assert {sale.source for sale in world.completed("1001")} == {"woocommerce:shop", "magento:other"}


def test_shipping_is_sold_with_the_goods(world: CounterWorld) -> None:
    parcel = Charge(line_id="s", kind=ChargeKind.SHIPPING, name="Parcel", net=Decimal(4))
    world.place(placed(charges=(product_charge(), parcel)))
    world.work()
    [sale] = world.completed()
    assert (int(sale.total), [line.note for line in sale.lines]) == (14, ["", "Parcel"])
