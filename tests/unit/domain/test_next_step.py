"""What comes next for an order, for every state that it can be in and everything that its shop can say."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.people import order_record
from tests.unit.domain.order_samples import draft, placed, product_charge, refund, till_sale
from tillbridge.domain.orders.digest import digest
from tillbridge.domain.orders.next_step import Booked, Move, as_planned, booking_step, next_step, number_to_note
from tillbridge.domain.orders.order import PlacedOrder, Standing
from tillbridge.domain.orders.people import Buyer
from tillbridge.domain.orders.planned import PlannedSale
from tillbridge.domain.orders.record import REMEMBERED, Booking, BookingState, OrderRecord, OrderState
from tillbridge.domain.orders.sale import SaleLine, TillSale

pytestmark = pytest.mark.unit

SALE = PlannedSale(key="sale/1", draft=draft())
OTHER = PlannedSale(key="sale/2", draft=draft(location_id="2"))
REFUND = PlannedSale(key="refund/r1/1", draft=draft(reference="1001/R1"))


def booked(key: str = "sale/1", state: BookingState = BookingState.COMPLETED, ticket: str = "220001") -> Booking:
    return Booking(key=key, reference="1001", location_id="1", state=state, expected=Decimal(10), ticket=ticket)


def ahead(
    record: OrderRecord,
    order: PlacedOrder | None,
    planned: Sequence[PlannedSale] | None = (SALE,),
    *,
    ready: bool = True,
) -> Move:
    return next_step(record, order, ready=ready, planned=planned).move


def test_a_paid_order_is_planned_booked_settled_and_left() -> None:
    record = order_record()
    assert ahead(record, placed(), None) is Move.PLAN
    assert next_step(record, placed(), ready=True, planned=[SALE]).planned == SALE
    sold = record.with_booking(booked())
    assert ahead(sold, placed()) is Move.SETTLE
    done = replace(sold, state=OrderState.DONE)
    assert ahead(done, placed(noted_sale="220001")) is Move.REST


def test_one_sale_follows_the_other() -> None:
    record = order_record().with_booking(booked("sale/1"))
    step = next_step(record, placed(), ready=True, planned=[SALE, OTHER])
    assert (step.move, step.planned) == (Move.BOOK, OTHER)


def test_a_refund_makes_a_done_order_due_again() -> None:
    done = replace(order_record().with_booking(booked()), state=OrderState.DONE)
    step = next_step(done, placed(refunds=(refund(),), noted_sale="220001"), ready=True, planned=[SALE, REFUND])
    assert (step.move, step.planned) == (Move.BOOK, REFUND)


def test_a_sale_that_is_no_longer_wanted_is_put_away_before_another_is_begun() -> None:
    record = order_record().with_booking(booked("sale/2", BookingState.DRAFTED))
    step = next_step(record, placed(), ready=True, planned=[SALE])
    assert (step.move, step.booking) == (Move.PUT_AWAY, record.booking("sale/2"))


@pytest.mark.parametrize("order", [None, placed(standing=Standing.CANCELLED), placed(test=True)])
def test_what_ended_before_it_was_sold_is_called_off(order: PlacedOrder | None) -> None:
    assert ahead(order_record(), order) is Move.CALL_OFF
    assert ahead(order_record().with_booking(booked(state=BookingState.DRAFTED)), order) is Move.CALL_OFF


def test_what_was_sold_stays_sold_when_its_order_is_gone() -> None:  # invariant 2
    sold = order_record().with_booking(booked())
    assert ahead(sold, None) is Move.SETTLE
    assert ahead(replace(sold, state=OrderState.DONE), None) is Move.REST


def test_a_cancelled_order_that_was_sold_is_planned_again() -> None:
    sold = order_record().with_booking(booked())
    assert ahead(sold, placed(standing=Standing.CANCELLED), None, ready=False) is Move.PLAN


def test_nobody_waits_for_what_a_person_ignores() -> None:
    assert ahead(order_record(state=OrderState.IGNORED), placed()) is Move.LET_GO


def test_the_shop_is_told_until_it_shows_the_number_and_knows_the_parcels() -> None:
    done = replace(order_record().with_booking(booked()), state=OrderState.DONE)
    assert ahead(done, placed(noted_sale="")) is Move.SETTLE
    shipped = replace(done, to_ship={"90": "1Z999"})
    assert ahead(shipped, placed(noted_sale="220001")) is Move.SETTLE
    assert ahead(replace(shipped, shipped=("90",)), placed(noted_sale="220001")) is Move.REST


def test_the_numbers_of_several_sales_are_noted_together() -> None:
    record = order_record().with_booking(booked()).with_booking(booked("sale/2", ticket="220002"))
    assert number_to_note(record.with_booking(booked("refund/r1/1", ticket="220003"))) == "220001, 220002"


STATES = st.sampled_from(OrderState)
BOOKINGS = st.dictionaries(
    st.sampled_from(["sale/1", "sale/2", "refund/r1/1", "correction/1/1"]), st.sampled_from(BookingState), max_size=4
)
PLANS = st.lists(st.sampled_from([SALE, OTHER, REFUND]), unique_by=lambda one: one.key, max_size=3)
ORDERS = st.none() | st.builds(placed, standing=st.sampled_from(Standing), test=st.booleans())


@given(state=STATES, bookings=BOOKINGS, order=ORDERS, ready=st.booleans(), planned=st.none() | PLANS)
def test_a_sale_is_only_begun_for_an_order_that_may_have_one(
    state: OrderState,
    bookings: dict[str, BookingState],
    order: PlacedOrder | None,
    planned: list[PlannedSale] | None,
    *,
    ready: bool,
) -> None:
    """# invariant 2"""
    record = order_record(state=state, bookings=tuple(booked(key, how) for key, how in bookings.items()))
    step = next_step(record, order, ready=ready, planned=planned)
    if step.move is Move.BOOK:
        assert order is not None
        assert state is not OrderState.IGNORED
        assert step.planned is not None
        assert bookings.get(step.planned.key) is not BookingState.COMPLETED
        if not record.completed:
            assert ready
            assert not order.test
            assert order.standing not in {Standing.CANCELLED, Standing.DRAFT}
    if step.move is Move.REST:
        assert not any(how is not BookingState.COMPLETED for how in bookings.values()) or order is None
    if step.move in {Move.CALL_OFF, Move.WAIT}:
        assert not record.completed
    if planned is not None:
        assert step.move is not Move.PLAN


def test_an_empty_till_gets_a_draft() -> None:
    assert booking_step(draft(), []).move is Booked.DRAFT
    assert booking_step(draft(), [till_sale(archived=True), till_sale(voided=True, completed=True)]).move is (
        Booked.DRAFT
    )


def test_a_completed_sale_is_taken_over_whatever_it_says() -> None:  # invariant 8
    step = booking_step(draft(), [till_sale("90", completed=True, lines=())])
    assert (step.move, step.sale and step.sale.sale_id) == (Booked.TAKE_OVER, "90")


def test_a_draft_that_is_just_what_is_wanted_is_completed() -> None:
    assert booking_step(draft(), [till_sale("90")]).move is Booked.COMPLETE


@pytest.mark.parametrize(
    "other",
    [
        till_sale(paid=Decimal(5)),
        till_sale(customer_id="8"),
        till_sale(lines=()),
        till_sale(lines=till_sale().lines * 2),
        till_sale(lines=(replace(till_sale().lines[0], unit_price=Decimal("5.01")),)),
        till_sale(lines=(replace(till_sale().lines[0], item_id=""),)),
        till_sale(lines=(replace(till_sale().lines[0], returns="3"),)),
    ],
)
def test_any_other_draft_is_put_away(other: TillSale) -> None:
    step = booking_step(draft(), [other])
    assert (step.move, step.sale) == (Booked.PUT_AWAY, other)


def test_two_sales_that_count_are_a_person_s_matter() -> None:  # invariant 2
    step = booking_step(draft(), [till_sale("90", completed=True), till_sale("91", completed=True)])
    assert (step.move, step.sale and step.sale.sale_id) == (Booked.SORT_OUT, "91")


SALES = st.lists(
    st.builds(
        till_sale,
        st.sampled_from(["90", "91", "92", "93"]),
        completed=st.booleans(),
        archived=st.booleans(),
        voided=st.booleans(),
        paid=st.sampled_from([Decimal(0), Decimal(3)]),
    ),
    unique_by=lambda sale: sale.sale_id,
    max_size=4,
)


@given(found=SALES)
def test_going_on_to_the_end_leaves_one_sale_that_counts(found: list[TillSale]) -> None:  # invariants 2 and 8
    till, step = {sale.sale_id: sale for sale in found}, booking_step(draft(), found)
    for _ in range(10):
        step = booking_step(draft(), list(till.values()))
        sale = step.sale
        if step.move is Booked.DRAFT:
            till["99"] = till_sale("99")
        elif step.move is Booked.PUT_AWAY and sale is not None:
            assert not sale.completed
            till[sale.sale_id] = replace(sale, archived=True)
        elif step.move is Booked.COMPLETE and sale is not None:
            till[sale.sale_id] = replace(sale, completed=True)
        else:
            break
    counting = [sale for sale in till.values() if sale.counts]
    assert all(sale.completed for sale in counting) or step.move is Booked.SORT_OUT
    assert len(counting) == 1 or step.move is Booked.SORT_OUT


def test_prices_are_compared_as_numbers_and_lines_in_any_order() -> None:
    lines = tuple(SaleLine(units=Decimal(1), unit_price=Decimal(price), item_id=price) for price in ("3", "4"))
    sold = tuple(
        replace(till_sale().lines[0], item_id=line.item_id, units=Decimal("1.00"), unit_price=line.unit_price)
        for line in reversed(lines)
    )
    assert as_planned(till_sale(lines=sold), draft(lines=lines))


def test_a_digest_changes_with_what_matters_and_with_nothing_else() -> None:  # invariant 5
    same = digest(placed())
    assert digest(placed(buyer=Buyer(email="a@b.example"), shipped={"1": Decimal(1)}, noted_sale="22")) == same
    for changed in (
        placed(charges=(product_charge(units=3),)),
        placed(standing=Standing.CANCELLED),
        placed(refunds=(refund(),)),
    ):
        assert digest(changed) != same


def test_a_history_keeps_its_beginning_and_what_is_new() -> None:
    record = order_record()
    for number in range(REMEMBERED + 20):
        record = record.noting(f"step {number}", record.seen_at)
    assert len(record.history) == REMEMBERED
    assert (record.history[0].what, record.history[-1].what) == ("step 0", f"step {REMEMBERED + 19}")
    assert record.noting(f"step {REMEMBERED + 19}", record.seen_at).history == record.history
