"""Customers whom Tillbridge made are taken off the till when their shop is asked for that, and nobody else is."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.fakes.clock import NOON, FakeDeadline
from tests.fakes.crash import Crash, KilledError
from tests.fakes.people import connection, order_record
from tests.unit.flows.bureau import GONE, WORKS, Bureau
from tillbridge.domain.errors import MissingRightError, SystemDownError
from tillbridge.domain.merchant import ConnectionState, System
from tillbridge.domain.notice import BY_ITSELF, Notice
from tillbridge.domain.orders.record import KEPT, OrderRecord, OrderState
from tillbridge.flows.comply import HAND_OUT, NOTHING_OF_CUSTOMERS, PAUSE
from tillbridge.flows.forget_buyers import TIME_FOR_ONE
from tillbridge.flows.import_orders.ports import customer_name

REDACT, DATA = "customers/redact", "customers/data_request"
TILL = connection("t1", system=System.LIGHTSPEED, account_id="77")
MADE: dict[str, Any] = {"customer_id": "50", "customer_ours": True, "customer_sought": True}


def office(crash: Crash | None = None, *, selling: bool = True) -> Bureau:
    """Give a bureau whose merchant has a shop and a till."""
    bureau = Bureau(crash=crash or Crash(), selling=selling)
    bureau.memory.connections[TILL.connection_id] = TILL
    bureau.put(WORKS)
    return bureau


@pytest.fixture
def bureau() -> Bureau:
    return office()


def put(bureau: Bureau, order_id: str = "1001", till: str = "t1", **fields: Any) -> OrderRecord:
    """Have an order with its row, and the pointer of a customer whom we made."""
    record = order_record("c1", order_id, **{"number": f"#{order_id}", "state": OrderState.DONE, **fields})
    bureau.memory.records.setdefault("c1", {})[order_id] = replace(record, version=1)
    if record.customer_ours:
        bureau.memory.pointers[till, customer_name(record.customer_id)] = ("c1", order_id)
    return record


def row(bureau: Bureau, order_id: str = "1001") -> OrderRecord:
    return bureau.memory.records["c1"][order_id]


def kept(bureau: Bureau) -> Notice:
    (notice,) = bureau.notices
    return notice


def test_whom_we_have_made_is_made_anonymous_once_and_the_request_says_so(bureau: Bureau) -> None:
    put(bureau)
    put(bureau, "1002", **MADE)
    put(bureau, "1003", customer_id="50", customer_ours=True)
    asked = bureau.ask(REDACT, "1002", "1003")
    assert asked.open, "the till is not asked while the vendor waits"
    assert (bureau.counter.anonymous, asked.orders) == ([], ("1002", "1003"))

    assert bureau.look().settled == 1

    assert bureau.counter.anonymous == ["50"]
    assert kept(bureau).done_by == BY_ITSELF
    assert kept(bureau).done == (
        f"Made anonymous in the till: customer 50 (orders #1002, #1003). {NOTHING_OF_CUSTOMERS}"
    )
    for order_id in ("1002", "1003"):
        assert (row(bureau, order_id).customer_id, row(bureau, order_id).customer_forgotten) == ("", True)
        assert row(bureau, order_id).history[-1].what == (
            "The shop asked that its buyer be forgotten. Customer 50 of the till was made anonymous."
        )
    assert not row(bureau).customer_forgotten, "an order that nobody asked about stays as it was"


def test_asked_twice_and_told_of_what_is_over_nothing_is_done_again(bureau: Bureau) -> None:  # invariant 8
    put(bureau, **MADE)
    for _ in range(2):
        bureau.ask(REDACT, "1001")
    bureau.look()
    done = row(bureau)
    again = bureau.ask(REDACT, "1001")
    assert (again.open, again.done) == (
        False,
        f"Nothing of the buyer of order #1001 is left in the till. {NOTHING_OF_CUSTOMERS}",
    )
    assert (bureau.counter.anonymous, row(bureau)) == (["50"], done)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "No customer was made for order #1001."),
        ({"customer_id": "8"}, "Left alone: customer 8 (order #1001) stood in the till before"),
        ({"customer_forgotten": True}, "Nothing of the buyer of order #1001 is left in the till."),
    ],
)
@pytest.mark.parametrize("topic", [REDACT, DATA])
def test_where_nobody_of_ours_stands_in_the_till_it_is_answered_at_once(
    bureau: Bureau, topic: str, fields: dict[str, Any], said: str
) -> None:  # invariant 6
    put(bureau, **fields)
    asked = bureau.ask(topic, "1001")
    assert not asked.open
    assert said in asked.done
    assert bureau.counter.faults.calls == []
    assert row(bureau).customer_id == fields.get("customer_id", "")


def test_an_order_that_named_nobody_yet_never_will(bureau: Bureau) -> None:
    put(bureau, state=OrderState.WAITING)
    assert not bureau.ask(REDACT, "1001").open
    assert (row(bureau).customer_forgotten, row(bureau).state) == (True, OrderState.WAITING)


def test_of_orders_that_never_came_here_there_is_nothing_to_say(bureau: Bureau) -> None:
    for topic in (REDACT, DATA):
        assert bureau.ask(topic, "7").done == NOTHING_OF_CUSTOMERS
        assert bureau.ask(topic).done == NOTHING_OF_CUSTOMERS


def test_an_order_that_may_have_been_forgotten_with_time_waits_for_a_person(bureau: Bureau) -> None:
    put(bureau, **MADE)
    bureau.clock.time = NOON + KEPT
    assert bureau.ask(REDACT, "1001", "7").open
    bureau.look()
    assert bureau.counter.anonymous == ["50"], "what can be done is done"
    assert kept(bureau).waits.startswith("Nothing is known of order 7: ")
    bureau.selling = False  # nor did it before
    bureau.clock.advance(minutes=PAUSE.total_seconds() / 60)
    assert bureau.look().settled == 1


def test_a_customer_whose_making_nobody_knows_the_end_of_waits_for_the_lane(bureau: Bureau) -> None:
    put(bureau, state=OrderState.DUE, customer_sought=True)
    assert "order #1001: the till has not answered" in bureau.ask(REDACT, "1001").waits
    put(bureau, **MADE)  # the lane has found out
    assert bureau.look().settled == 0, "it is looked at again after a while"
    bureau.clock.advance(minutes=PAUSE.total_seconds() / 60)
    assert bureau.look().settled == 1
    assert bureau.counter.anonymous == ["50"]


def test_a_customer_of_a_former_till_is_never_looked_for_in_another_one(bureau: Bureau) -> None:  # invariant 6
    put(bureau, till="former", **MADE)
    asked = bureau.ask(REDACT, "1001")
    assert "a till that is not connected any more: customer 50 (order #1001)" in asked.waits
    del bureau.memory.connections["t1"]
    bureau.clock.advance(minutes=PAUSE.total_seconds() / 60)
    bureau.look()
    assert (kept(bureau).open, bureau.counter.anonymous) == (True, [])


def test_whoever_is_to_be_handed_out_is_named_to_a_person_and_stays(bureau: Bureau) -> None:
    put(bureau, **MADE)
    asked = bureau.ask(DATA, "1001")
    assert asked.waits == f"Made by Tillbridge in the till: customer 50 (order #1001). {HAND_OUT}"
    bureau.clock.advance(minutes=PAUSE.total_seconds() / 60)
    assert bureau.look().settled == 0
    assert (bureau.counter.anonymous, row(bureau).customer_id) == ([], "50")


@pytest.mark.parametrize("state", [ConnectionState.PAUSED, ConnectionState.BROKEN])
def test_a_till_that_does_not_work_is_not_asked_and_the_request_says_why(
    bureau: Bureau, state: ConnectionState
) -> None:
    put(bureau, **MADE)
    bureau.memory.connections["t1"] = replace(TILL, state=state)
    bureau.ask(REDACT, "1001")
    assert bureau.look().settled == 0
    assert (bureau.counter.anonymous, "connection does not work" in kept(bureau).waits) == ([], True)
    bureau.memory.connections["t1"] = TILL
    bureau.clock.advance(minutes=PAUSE.total_seconds() / 60)
    assert bureau.look().settled == 1


def test_what_the_till_refuses_waits_with_its_words_and_is_not_tried_every_minute(bureau: Bureau) -> None:
    put(bureau, **MADE)
    bureau.counter.faults.always = MissingRightError("The till does not let us.", remedy="Give us the right.")
    bureau.ask(REDACT, "1001")
    for _ in range(3):
        assert bureau.look().later == ()
        bureau.clock.advance(minutes=1)
    assert bureau.counter.faults.calls == ["anonymise"]
    assert kept(bureau).waits == "The till does not let us. Give us the right."


def test_trouble_that_passes_is_tried_again_with_the_next_round(bureau: Bureau) -> None:
    put(bureau, **MADE)
    bureau.ask(REDACT, "1001")
    bureau.counter.faults.always = SystemDownError("The till is down.")
    assert [error.happened for error in bureau.look().later] == ["The till is down."]
    assert not row(bureau).customer_forgotten
    bureau.counter.faults.always = None
    assert bureau.look().settled == 1


def test_without_time_for_a_slow_till_it_is_left_for_the_next_round(bureau: Bureau) -> None:
    put(bureau, **MADE)
    bureau.ask(REDACT, "1001")
    assert bureau.look(FakeDeadline(TIME_FOR_ONE - timedelta(seconds=1))).settled == 0
    assert (bureau.counter.anonymous, kept(bureau).waits) == ([], "")


def test_a_shop_that_the_app_has_left_is_served_as_well(bureau: Bureau) -> None:
    put(bureau, **MADE)
    bureau.put(GONE)
    bureau.ask(REDACT, "1001")
    bureau.look()
    assert bureau.counter.anonymous == ["50"]


def test_the_customers_of_a_shop_that_is_deleted_stay_in_the_merchants_till(bureau: Bureau) -> None:  # invariant 6
    put(bureau, **MADE)
    bureau.put(ConnectionState.BROKEN)
    assert not bureau.ask().open
    assert (bureau.deleted, bureau.counter.faults.calls) == (["c1"], [])


def test_somebody_who_changes_the_order_meanwhile_is_not_overwritten(bureau: Bureau) -> None:
    put(bureau, **MADE)
    bureau.ask(REDACT, "1001")

    def meanwhile() -> None:
        """Have the lane note something with the order at the moment the till is asked."""
        bureau.memory.records["c1"]["1001"] = replace(row(bureau), version=2, noted="2200")
        bureau.counter.may_send = lambda: None

    bureau.counter.may_send = meanwhile
    assert bureau.look().settled == 1
    assert (row(bureau).noted, row(bureau).customer_id, row(bureau).version) == ("2200", "", 3)


def test_an_order_that_names_somebody_else_meanwhile_keeps_them_until_the_next_look(bureau: Bureau) -> None:
    put(bureau, **MADE)
    bureau.ask(REDACT, "1001")

    def meanwhile() -> None:
        put(bureau, customer_id="51", customer_ours=True, version=2)
        bureau.memory.records["c1"]["1001"] = replace(row(bureau), version=2)
        bureau.counter.may_send = lambda: None

    bureau.counter.may_send = meanwhile
    assert bureau.look().settled == 0
    assert row(bureau).customer_id == "51"
    assert bureau.look().settled == 1
    assert bureau.counter.anonymous == ["50", "51"]


def killed_at(steps: Iterable[int]) -> Iterable[tuple[int, Bureau]]:
    for at in steps:
        crash = Crash(at)
        bureau = office(crash)
        for order_id in ("1001", "1002"):
            put(bureau, order_id, **MADE)
        put(bureau, "1003")
        yield at, bureau


def test_killed_anywhere_the_buyer_is_forgotten_and_the_request_settled_all_the_same() -> None:  # invariant 8
    """Shopify delivers again what it got no answer to, and the round looks every minute."""
    deaths = 0
    for at, bureau in killed_at(range(60)):
        try:
            bureau.ask(REDACT, "1001", "1002", "1003")
            bureau.look()
        except KilledError:
            deaths += 1
            bureau.crash.at = None
            bureau.ask(REDACT, "1001", "1002", "1003")
            bureau.look()
        assert set(bureau.counter.anonymous) == {"50"}, at
        assert len(bureau.counter.anonymous) <= 2, at
        assert all(row(bureau, one).customer_forgotten for one in ("1001", "1002", "1003")), at
        assert [not notice.open for notice in bureau.notices] == [True], at
    assert deaths > 10
