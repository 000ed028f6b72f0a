"""Answers that never came, tokens that ended and calls that were too many: no sale is written twice by it."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from sandbox.common.faults import Fault
from tests.functional.lightspeed.selling import REFERENCE, SOURCE, draft, paid, sold
from tests.functional.lightspeed.shopfloor import Shopfloor
from tillbridge.domain.errors import DoubtfulWriteError, GarbledAnswerError, RetryLaterError, ThrottledError
from tillbridge.domain.orders.people import Address, Buyer
from tillbridge.systems.http import NoJsonError

WITHOUT_LINES = (
    '{"@attributes":{"count":"1"},"Sale":{"saleID":"1","ticketNumber":"220000000001","referenceNumber":"1001",'
    '"referenceNumberSource":"shopify:c2","shopID":"1","completed":"true","archived":"false","voided":"false",'
    '"calcTotal":"10","calcPayments":"10","calcTax1":"0","calcTax2":"0","timeStamp":"2026-05-01T12:00:00+00:00"}}'
)
BUYER = Buyer(email="ann@example.com", address=Address(last_name="Ashworth"))


@pytest.mark.parametrize(
    ("fault", "committed"),
    [
        (Fault("cut_before", method="POST"), 0),
        (Fault("cut_after", method="POST"), 1),
        (Fault("truncate", method="POST"), 1),
        (Fault("hang", method="POST"), 0),
        (Fault("status", method="POST", status=500), 0),
        (Fault("status", method="POST", status=503), 0),
    ],
)
def test_a_draft_whose_answer_is_lost_is_sent_once_and_found(floor: Shopfloor, fault: Fault, committed: int) -> None:
    # invariant 8
    if fault.kind == "hang":
        floor.hurry()
    floor.fault(fault)
    with pytest.raises(DoubtfulWriteError):
        floor.counter().draft(draft())
    assert [call.method for call in floor.calls()] in (["POST"], [])  # one that hangs is noted when it is over
    assert len(floor.counter().sales_of(REFERENCE, SOURCE)) == committed


@pytest.mark.parametrize(
    ("fault", "family"),
    [(Fault("garbage", method="PUT"), NoJsonError), (Fault("empty", method="PUT"), NoJsonError)],
)
def test_an_answer_that_says_nothing_is_no_completion(
    floor: Shopfloor, fault: Fault, family: type[RetryLaterError]
) -> None:
    till = floor.counter()
    opened = till.draft(draft())
    floor.fault(fault)
    with pytest.raises(family):
        till.complete(opened.sale_id, paid("10"))


def test_a_completion_whose_answer_is_lost_is_found_done(floor: Shopfloor) -> None:  # invariant 2
    till, before = floor.counter(), floor.stock()
    opened = till.draft(draft())
    floor.fault(Fault("cut_after", method="PUT"))
    with pytest.raises(DoubtfulWriteError):
        till.complete(opened.sale_id, paid("10"))
    (found,) = till.sales_of(REFERENCE, SOURCE)
    assert (found.completed, found.paid, found.sale_id) == (True, Decimal(10), opened.sale_id)
    assert floor.stock() == before - 1


def test_putting_away_may_be_asked_again(floor: Shopfloor) -> None:
    till = floor.counter()
    opened = till.draft(draft())
    floor.fault(Fault("cut_after", method="DELETE"))
    with pytest.raises(RetryLaterError) as caught:
        till.archive(opened.sale_id)
    assert not isinstance(caught.value, DoubtfulWriteError)
    till.archive(opened.sale_id)


def test_a_customer_whose_answer_is_lost_is_found(floor: Shopfloor) -> None:  # invariant 8
    floor.fault(Fault("cut_after", method="POST"))
    with pytest.raises(DoubtfulWriteError) as caught:
        floor.counter().make_customer(BUYER)
    assert "Ashworth" not in str(caught.value)
    assert floor.counter().find_customers("ann@example.com", "") == ["1"]


def test_a_token_that_has_ended_is_renewed_and_the_sale_written_once(floor: Shopfloor) -> None:  # invariant 8
    till = floor.counter()
    floor.state.clock.advance(2 * 3600)
    till.draft(draft())
    assert [(call.method, call.status) for call in floor.calls()] == [("POST", 401), ("POST", 200)]
    assert len(till.sales_of(REFERENCE, SOURCE)) == 1


def test_a_refusal_for_calling_too_often_is_waited_out_and_the_sale_written_once(floor: Shopfloor) -> None:
    # invariant 8
    till = floor.counter()
    floor.fill_bucket(level=91, size=90)
    till.draft(draft())
    assert [call.status for call in floor.calls()] == [429, 200]
    assert floor.clock.slept
    assert len(till.sales_of(REFERENCE, SOURCE)) == 1


def test_a_long_wait_is_handed_back_and_nothing_written(floor: Shopfloor) -> None:
    till = floor.counter()
    floor.fill_bucket(level=140, size=90)
    with pytest.raises(ThrottledError) as caught:
        till.draft(draft())
    assert caught.value.after is not None
    assert caught.value.after > 5
    assert floor.state.retailer.sales.table.size == 0


def test_a_draft_shown_without_its_lines_is_read_again(floor: Shopfloor) -> None:
    sold(floor)
    floor.fault(Fault("garbage", method="PUT", body=WITHOUT_LINES))
    done = floor.counter().complete("1", paid("10"))
    assert (len(done.lines), floor.calls()[-1].method) == (1, "GET")


@pytest.mark.parametrize(
    "answer",
    [
        "{}",
        '{"Sale":[]}',
        '{"Sale":{"saleID":"1"}}',
    ],
)
@pytest.mark.parametrize(
    "ask",
    [lambda till: till.draft(draft()), lambda till: till.complete("1", paid("10")), lambda till: till.sale("1")],
)
def test_an_answer_without_its_sale_is_not_believed(
    floor: Shopfloor, answer: str, ask: Callable[[Any], Any]
) -> None:  # invariant 1
    floor.fault(Fault("garbage", body=answer))
    with pytest.raises(GarbledAnswerError):
        ask(floor.counter())


def test_an_answer_about_another_sale_is_not_believed(floor: Shopfloor) -> None:  # invariant 1
    floor.fault(Fault("garbage", body=WITHOUT_LINES, times=2))
    with pytest.raises(GarbledAnswerError, match="about sale 1, not 2"):
        floor.counter().sale("2")
    with pytest.raises(GarbledAnswerError, match="about sale 1, not 2"):
        floor.counter().complete("2", paid("10"))
