"""``orders`` and ``order ...`` as a person types them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.fakes.clock import NOON
from tests.fakes.order_records import FakeOrderRecords
from tests.fakes.people import order_record
from tests.fakes.stores import FakeMarks
from tests.fakes.world import SHOP, TILL
from tests.functional.cli.terminal import Terminal
from tests.unit.flows.operate.test_orders import PARKED, SALE
from tillbridge.domain.merchant import ConnectionState, Lane
from tillbridge.domain.orders.record import OrderState
from tillbridge.domain.orders.settings import OrderSettings
from tillbridge.domain.settings import MerchantSettings
from tillbridge.domain.work import Mark


@pytest.fixture
def counter(terminal: Terminal) -> Terminal:
    """A merchant with one order that is parked and one that is done."""
    records = FakeOrderRecords(terminal.office.world.memory)
    records.put(PARKED, None)
    done = order_record(SHOP, "1002", number="1002", state=OrderState.DONE, bookings=(SALE,))
    records.put(done.noting("Seen in the shop as processing.", done.seen_at), None)
    return terminal


def words(text: str) -> str:
    return " ".join(text.split())


def test_a_person_sees_what_waits_and_why(counter: Terminal) -> None:
    shown = counter.run("orders", "--merchant", "m1")
    assert shown.exit_code == 0
    assert "shop/1001" in shown.stdout
    assert "No link." in words(shown.stdout)
    assert "shop/1002" not in shown.stdout


def test_a_state_that_nobody_is_in_is_said_so(counter: Terminal) -> None:
    assert "No order is sold." in counter.run("orders", "--merchant", "m1", "--state", "sold").stdout


def test_an_order_is_shown_with_its_sale_line_by_line(counter: Terminal) -> None:
    shown = counter.run("order", "show", "1002", "--merchant", "m1")
    assert shown.exit_code == 0
    assert "220090" in shown.stdout
    assert "THE TILL DIFFERS BY 0.01" in words(shown.stdout)
    assert "Seen in the shop as processing." in words(shown.stdout)
    told = counter.json("order", "show", "1002", "--merchant", "m1")
    assert (told["about"]["state"], told["bookings"][0]["difference"]) == ("done", "0.01")


@pytest.mark.parametrize(
    ("decision", "said", "state"),
    [
        ("resend", "Order 1007 is looked at afresh.", "due"),
        ("release", "Order 1007 is rung up with its difference.", "due"),
        ("ignore", "Order 1007 is ignored; its units are let go.", "ignored"),
        ("forget", "Nothing of the buyer of order 1007 is left in the till.", "parked"),
    ],
)
def test_a_decision_is_taken_and_may_be_repeated(counter: Terminal, decision: str, said: str, state: str) -> None:
    for _ in range(2):
        done = counter.run("order", decision, "shop/1001", "--merchant", "m1")
        assert (done.exit_code, words(done.stdout)) == (0, said)
    assert counter.json("order", "show", "shop/1001", "--merchant", "m1")["about"]["state"] == state


def test_a_parked_order_tells_when_it_is_tried_again(counter: Terminal) -> None:
    now = counter.office.world.clock.now()
    later = Mark("shop/1001", since=now, due_at=now + timedelta(hours=3), tries=4)
    FakeMarks(counter.office.world.memory).add(TILL, Lane.ORDERS, [later])
    assert "is looked at again in 3 h" in words(counter.run("order", "show", "shop/1001", "-m", "m1").stdout)
    counter.run("order", "resend", "shop/1001", "-m", "m1")
    assert "is about to be looked at" in words(counter.run("order", "show", "shop/1001", "-m", "m1").stdout)


def test_while_the_till_cannot_sell_a_decision_says_when_it_is_carried_out(counter: Terminal) -> None:
    counter.office.put_state(TILL, ConnectionState.BROKEN, "It was revoked.")
    done = counter.run("order", "release", "shop/1001", "--merchant", "m1")
    mended = "when the till's connection has been mended: `tillbridge connections`"
    assert words(done.stdout) == f"Order 1007 is rung up with its difference {mended}."
    shown = words(counter.run("order", "show", "shop/1001", "--merchant", "m1").stdout)
    assert f"is about to be looked at {mended}" in shown
    assert counter.json("order", "show", "1002", "--merchant", "m1")["paused"] is True


def test_status_tells_how_many_wait_and_for_whom(counter: Terminal) -> None:
    def told() -> str:
        return words(counter.run("status", "-m", "m1").stdout)

    marks, now = FakeMarks(counter.office.world.memory), counter.office.world.clock.now()
    later = now + timedelta(minutes=3)
    assert "orders: " not in told()
    marks.add(TILL, Lane.ORDERS, [Mark("shop/1001", since=now, due_at=later, tries=1)])
    assert "orders: 1 wait, the oldest since 0 s ago, next look in 3 min; 1 failing" in told()
    assert "1 order(s) are parked and wait for a person: tillbridge orders --state parked" in told()
    assert "no order becomes a sale until orders_since is set again" in told()
    counter.office.world.memory.merchants["m1"] = replace(
        counter.office.world.memory.merchants["m1"], settings=MerchantSettings(orders=OrderSettings(since=NOON))
    )
    assert "orders_since" not in told()
    marks.add(TILL, Lane.ORDERS, [Mark("shop/1002", since=now, due_at=now)])
    assert "orders: 2 wait, the oldest since 0 s ago, next look now, or with the sweep within 5 min" in told()
    counter.office.put_state(TILL, ConnectionState.BROKEN, "It was revoked.")
    assert "orders: 2 wait, the oldest since 0 s ago, looked at when the connection works again" in told()


def test_an_unknown_order_and_a_wrong_decision_say_what_to_do(counter: Terminal) -> None:
    unknown = counter.run("order", "show", "4711", "--merchant", "m1")
    assert unknown.exit_code == 3
    assert "tillbridge orders" in words(unknown.stderr)
    refused = counter.run("order", "release", "1002", "--merchant", "m1")
    assert refused.exit_code == 2
    assert "not parked" in words(refused.stderr)
