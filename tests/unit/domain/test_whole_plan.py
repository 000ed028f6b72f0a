"""An order's sales, refunds and corrections in their order, each planned until it is completed."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.fakes.people import order_record
from tests.unit.domain.order_samples import placed, product_charge, refund
from tillbridge.domain.orders.order import PlacedOrder, Standing
from tillbridge.domain.orders.planned import Basis, PlannedSale, SoldItem
from tillbridge.domain.orders.record import BookedLine, Booking, BookingState, OrderRecord
from tillbridge.domain.orders.rules import OrderRules
from tillbridge.domain.orders.sale import CounterLists, Employee, PaymentType, Register
from tillbridge.domain.orders.whole_plan import announced, sold_lines, whole_plan
from tillbridge.domain.product import ListingRef

pytestmark = pytest.mark.unit

DESK = Basis(
    source="woocommerce:s1",
    rules=OrderRules(
        location="1", by_place={"north": "2"}, registers={"1": "5", "2": "6"}, employee="2", payment_types={"*": "9"}
    ),
    lists=CounterLists(
        registers=(
            Register(register_id="5", name="Front", location_id="1"),
            Register(register_id="6", name="Back", location_id="2"),
        ),
        employees=(Employee(employee_id="2", name="Web"),),
        payment_types=(PaymentType(type_id="9", name="Web"),),
        tax_categories=(),
    ),
    items={ListingRef("17"): SoldItem("42"), ListingRef("18"): SoldItem("43")},
)
TWO_PLACES = (product_charge("1"), product_charge("2", "18", places={"north": Decimal(2)}))


def carried_out(record: OrderRecord, one: PlannedSale) -> OrderRecord:
    """Book a planned sale as the till would have it."""
    lines = tuple(
        BookedLine(
            till_line_id=f"{one.key}:{number}",
            units=line.units,
            unit_price=line.unit_price,
            line_id=line.line_id,
            item_id=line.item_id,
            returns=line.returns,
        )
        for number, line in enumerate(one.draft.lines)
    )
    return record.with_booking(
        Booking(
            key=one.key,
            reference=one.draft.reference,
            location_id=one.draft.location_id,
            state=BookingState.COMPLETED,
            expected=one.draft.expected,
            lines=lines,
            charges=one.charges,
        )
    )


def to_the_end(order: PlacedOrder, record: OrderRecord | None = None) -> tuple[OrderRecord, list[PlannedSale]]:
    """Carry out what is planned, one sale at a time, until nothing is."""
    record = record or order_record()
    done: list[PlannedSale] = []
    for _ in range(20):
        plan = whole_plan(order, record, DESK)
        one = next((one for one in plan if not (known := record.booking(one.key)) or not known.completed), None)
        if one is None:
            return record, done
        record = carried_out(announced(record, plan), one)
        done.append(one)
    raise AssertionError("it never ends")


def total(sales: list[PlannedSale]) -> Decimal:
    return sum((one.draft.expected for one in sales), Decimal(0))


def test_an_order_over_two_places_is_two_sales() -> None:
    _, done = to_the_end(placed(charges=TWO_PLACES))
    assert [one.key for one in done] == ["sale/1", "sale/2"]
    assert total(done) == 20


def test_what_was_refunded_before_the_sale_follows_it() -> None:
    _, done = to_the_end(placed(refunds=(refund("r1"), refund("r2"))))
    assert [one.key for one in done] == ["sale/1", "refund/r1/1", "refund/r2/1"]
    assert total(done) == 0


def test_a_refund_gives_back_by_the_lines_that_sold() -> None:
    record, done = to_the_end(placed(refunds=(refund("r1"),)))
    assert [line.returns for line in done[1].draft.lines] == ["sale/1:0"]
    assert [line.units_left for line in sold_lines(record)] == [1]


def test_a_refund_over_two_places_goes_on_where_it_was_left() -> None:
    both = refund("r1", units=2)
    both = replace(both, total=Decimal(20), lines=(both.lines[0], replace(both.lines[0], line_id="2")))
    order = placed(charges=TWO_PLACES, refunds=(both,))
    _, done = to_the_end(order)
    assert [one.key for one in done] == ["sale/1", "sale/2", "refund/r1/1", "refund/r1/2"]
    assert total(done) == 0


def test_an_edited_order_is_corrected_by_the_difference_and_again_by_the_next() -> None:
    record, _ = to_the_end(placed())
    more = placed(charges=(product_charge(units=3),))
    record, done = to_the_end(more, record)
    assert [(one.key, one.draft.expected) for one in done] == [("correction/1/1", Decimal(5))]
    assert to_the_end(more, record)[1] == []
    record, done = to_the_end(placed(charges=(product_charge(units=1),)), record)
    assert [(one.key, one.draft.expected) for one in done] == [("correction/2/1", Decimal(-10))]


def test_what_is_left_of_an_order_that_is_cancelled_after_its_sale_is_given_back() -> None:
    record, _ = to_the_end(placed())
    ended = placed(standing=Standing.CANCELLED, refunds=(refund("r1"),))
    record, done = to_the_end(ended, record)
    assert [(one.key, one.draft.expected) for one in done] == [
        ("refund/r1/1", Decimal(-5)),
        ("correction/1/1", Decimal(-5)),
    ]
    assert to_the_end(ended, record)[1] == []


def test_a_line_that_costs_nothing_is_no_reason_for_a_correction() -> None:
    free = product_charge("2", "18", price="0")
    record, done = to_the_end(placed(charges=(product_charge(), free)))
    assert [one.key for one in done] == ["sale/1"]
    assert record.books.keys() == {"1", "2"}
