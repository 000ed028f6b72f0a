"""After the sale: what is given back, by us or by the shop's staff, and what has left the house."""

from datetime import timedelta
from decimal import Decimal

import pytest

from sandbox.common.faults import Fault
from sandbox.lightspeed.control_sales import refund_at_till
from sandbox.lightspeed.sale import LineDraft
from tests.functional.lightspeed.selling import CASH, ONE_TAX, SOURCE, draft, line, paid, sold
from tests.functional.lightspeed.shopfloor import START, Shopfloor
from tillbridge.domain.errors import GarbledAnswerError
from tillbridge.domain.orders.people import Address
from tillbridge.systems.counter import ShippedSale

OVERLAP = timedelta(seconds=30)
DELIVERY = Address(first_name="Ann", last_name="Ash", street="1 Quay", country="US", phone="+1 207 555 0100")


def test_units_are_given_back_to_the_stock(floor: Shopfloor) -> None:  # invariant 2
    before = floor.stock()
    done = sold(floor, line("3", "9.90", item_id="5"), tax_category_id=ONE_TAX)
    till = floor.counter()
    back = line("-2", "9.90", item_id="5", returns=done.lines[0].line_id)
    opened = till.draft(draft(back, reference="1001/R1", tax_category_id=ONE_TAX))
    assert (opened.total, opened.tax) == (Decimal("-21.43"), Decimal("-1.63"))
    assert floor.stock() == before - 3
    refund = till.complete(opened.sale_id, paid("-21.43"))
    assert (refund.paid, refund.lines[0].returns) == (Decimal("-21.43"), done.lines[0].line_id)
    assert floor.stock() == before - 1


def test_money_alone_is_given_back_by_a_line_without_item(floor: Shopfloor) -> None:
    before = floor.stock()
    done = sold(floor)
    till = floor.counter()
    opened = till.draft(draft(line("-1", "4", note="Refund of shipping"), reference="1001/R1"))
    refund = till.complete(opened.sale_id, paid("-4"))
    assert (refund.total, refund.lines[0].note) == (Decimal(-4), "Refund of shipping")
    assert floor.stock() == before - 1
    assert till.sale(done.sale_id) == done


def test_units_go_back_one_by_one_until_none_is_left(floor: Shopfloor) -> None:
    done, till = sold(floor, line("2", "5", item_id="5")), floor.counter()
    back = line("-1", "5", item_id="5", returns=done.lines[0].line_id)
    for number in (1, 2):
        opened = till.draft(draft(back, reference=f"1001/R{number}"))
        till.complete(opened.sale_id, paid("-5"))
    assert len(till.sales_of("1001/R2", SOURCE)) == 1


def test_what_the_staff_gives_back_is_seen(floor: Shopfloor) -> None:
    done = sold(floor, line("2", "5", item_id="5"))
    floor.clock.at += timedelta(minutes=5)
    since = floor.clock.at
    sold(floor, reference="1002")
    refund_at_till(floor.state.retailer, 1, [LineDraft(quantity=-1, parent_id=1)])
    (seen,), until = floor.counter().returns_since(since)
    assert (seen.total, seen.source, seen.completed) == (Decimal(-5), "", True)
    assert [(row.returns, row.units) for row in seen.lines] == [(done.lines[0].line_id, Decimal(-1))]
    assert until == max(since, floor.clock.at - OVERLAP)


def test_a_return_is_seen_until_its_time_is_past(floor: Shopfloor) -> None:
    sold(floor)
    refund_at_till(floor.state.retailer, 1, [])
    floor.clock.at += timedelta(minutes=1)
    found, until = floor.counter().returns_since(START)
    assert (len(found), until) == (1, floor.clock.at - OVERLAP)
    assert floor.counter().returns_since(until) == ([], floor.clock.at - OVERLAP)


def test_returns_that_are_open_or_voided_are_none(floor: Shopfloor) -> None:
    done, till = sold(floor), floor.counter()
    till.draft(draft(line("-1", "10", item_id="5", returns=done.lines[0].line_id), reference="1001/R1"))
    voided = refund_at_till(floor.state.retailer, 1, [])
    floor.state.retailer.sales.void(voided.id)
    assert till.returns_since(START)[0] == []
    (found,) = till.sales_of("1001", SOURCE)
    assert found.counts


def test_a_sale_that_the_staff_voids_counts_no_more(floor: Shopfloor) -> None:
    before = floor.stock()
    done = sold(floor)
    floor.state.retailer.sales.void(1)
    (found,) = floor.counter().sales_of("1001", SOURCE)
    assert (found.sale_id, found.voided, found.completed, found.counts) == (done.sale_id, True, True, False)
    assert floor.stock() == before


def test_more_returns_than_fit_a_page_are_all_seen(floor: Shopfloor) -> None:
    sold(floor, line("101", "1", item_id="5"))
    for _ in range(101):
        refund_at_till(floor.state.retailer, 1, [LineDraft(quantity=-1, parent_id=1)])
    found, until = floor.counter().returns_since(START)
    assert [sale.sale_id for sale in found] == [str(number) for number in range(2, 103)]
    assert until == START


def test_a_sale_is_shipped_when_the_retailer_says_so(floor: Shopfloor) -> None:
    sale = sold(floor, deliver_to=DELIVERY)
    sold(floor, reference="1002", deliver_to=DELIVERY)
    sold(floor, reference="1003")
    assert floor.counter().shipped_since(START) == ([], START)
    floor.clock.at += timedelta(minutes=5)
    floor.state.retailer.shipments.ship(1, "Parcel 00340434161094000000")
    left_at = floor.clock.at
    floor.clock.at += timedelta(seconds=1)
    shipped, until = floor.counter().shipped_since(START)
    note = "Parcel 00340434161094000000"
    assert shipped == [ShippedSale(sale_id=sale.sale_id, note=note, changed_at=left_at)]
    assert until == floor.clock.at - OVERLAP
    assert floor.counter().shipped_since(floor.clock.at + timedelta(seconds=1))[0] == []


def test_the_parcel_s_number_that_is_entered_within_the_second_of_shipping_is_seen(floor: Shopfloor) -> None:
    """The first look comes in the middle of the second; the time of the till is the same before and after."""
    sold(floor, deliver_to=DELIVERY)
    floor.clock.at += timedelta(minutes=5)
    shipped_at = floor.clock.at
    floor.state.retailer.shipments.ship(1, "")
    first, until = floor.counter().shipped_since(START)
    floor.state.retailer.shipments.ship(1, "00340434161094000000")
    floor.clock.at += timedelta(minutes=5)
    [second], _ = floor.counter().shipped_since(until)
    assert first == []
    assert (second.note, second.changed_at) == ("00340434161094000000", shipped_at)


def test_of_two_returns_in_one_second_the_later_is_seen_though_a_look_came_between(floor: Shopfloor) -> None:
    sold(floor, line("2", "5", item_id="5"))
    floor.clock.at += timedelta(minutes=5)
    refund_at_till(floor.state.retailer, 1, [LineDraft(quantity=-1, parent_id=1)])
    first, until = floor.counter().returns_since(START)
    refund_at_till(floor.state.retailer, 1, [LineDraft(quantity=-1, parent_id=1)])
    floor.clock.at += timedelta(minutes=5)
    second, _ = floor.counter().returns_since(until)
    assert [len(first), len({sale.sale_id for sale in (*first, *second)})] == [1, 2]


def test_a_sale_is_not_shipped_by_what_is_written(floor: Shopfloor) -> None:
    sold(floor, deliver_to=DELIVERY)
    assert not any(row.shipped for row in floor.state.retailer.shipments.table.all())


@pytest.mark.parametrize("changes", [{"shipped": "gone"}, {"saleID": "Ash"}, {"timeStamp": "today"}])
def test_a_shipping_that_is_not_understood_moves_nothing(floor: Shopfloor, changes: dict[str, str]) -> None:
    # invariant 1
    for reference in ("1001", "1002"):
        sold(floor, reference=reference, deliver_to=DELIVERY)
    for number in (1, 2):
        floor.state.retailer.shipments.ship(number, "for Ann Ash")
    floor.fault(Fault("alter_rows", path="ShipTo", changes=changes))
    with pytest.raises(GarbledAnswerError) as caught:
        floor.counter().shipped_since(START)
    assert "Ash" not in str(caught.value)


def test_a_return_by_cash_is_paid_out(floor: Shopfloor) -> None:
    done = sold(floor, kind=CASH)
    till = floor.counter()
    opened = till.draft(draft(line("-1", "10", item_id="5", returns=done.lines[0].line_id), reference="1001/R1"))
    assert till.complete(opened.sale_id, paid("-10", CASH)).paid == Decimal(-10)
