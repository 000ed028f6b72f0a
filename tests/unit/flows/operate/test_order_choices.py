"""Choices about web orders are filled in from the till, and held against it, when they are saved."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.fakes.clock import NOON, FakeDeadline
from tests.fakes.order_records import FakeOrderRecords
from tests.fakes.people import order_record
from tests.fakes.stores import FakeMarks
from tests.fakes.world import SHOP, TILL
from tests.unit.flows.operate.office import Office
from tillbridge.domain.errors import ItemRejectedError, MissingRightError, SystemDownError, TillbridgeError
from tillbridge.domain.merchant import ConnectionState, Lane
from tillbridge.domain.orders.record import OrderState
from tillbridge.domain.work import Mark
from tillbridge.flows.operate.order_choices import TIME_FOR_A_SHOP
from tillbridge.systems.till import TillAccount

pytestmark = pytest.mark.unit

SINCE = {"orders_since": "2026-03-02T12:00:00+00:00"}


@pytest.fixture(autouse=True)
def taxed(office: Office) -> None:
    """Give each location a sales tax, as tills have."""
    lists = office.counter.what_it_has
    office.counter.what_it_has = replace(lists, location_taxes={"1": "1", "2": "1"})


def chosen(office: Office, changes: dict[str, str]) -> tuple[dict[str, str], tuple[str, ...], tuple[str, ...]]:
    """Change settings; gives the values about orders, what has changed, and what is missing."""
    answer = office.desks().merchants.settings("m1", changes, office.deadline)
    values = {one.name: one.value for one in answer.settings if one.name.startswith("orders_")}
    return values, answer.changed, answer.missing


def test_what_fits_the_till_is_filled_in_when_orders_are_imported(office: Office) -> None:
    values, changed, missing = chosen(office, SINCE)
    assert (values["orders_locations"], values["orders_registers"]) == ("*:1", "1:5,2:6")
    assert (values["orders_payment_types"], values["orders_employee"]) == ("*:9", "2")
    assert set(changed) >= {"orders_since", "orders_locations", "orders_registers", "orders_payment_types"}
    assert missing == ()
    assert office.world.memory.merchants["m1"].settings.orders.registers == {"1": "5", "2": "6"}
    assert office.world.lanes.woken == [], "no shop shows anything else because of it"


def test_locations_whose_stock_counts_sell(office: Office) -> None:
    values, _, _ = chosen(office, {**SINCE, "stock_locations": "2"})
    assert (values["orders_locations"], values["orders_registers"]) == ("*:2", "2:6")


def test_the_till_is_not_asked_while_no_orders_are_imported(office: Office) -> None:
    assert chosen(office, {"orders_employee": "77"})[1:] == (("orders_employee",), ())
    chosen(office, SINCE)
    office.counter.faults.calls.clear()
    chosen(office, {"safety_stock": "2"})
    assert office.counter.faults.calls == []


def test_what_does_not_fit_is_saved_and_told_once(office: Office) -> None:
    values, _, missing = chosen(office, {**SINCE, "orders_employee": "77"})
    assert values["orders_employee"] == "77"
    assert missing == ("The employee 77 does not work in the till (orders_employee).",)


def test_a_missing_right_is_told_with_the_way_to_it(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    account = TillAccount("1", "Shop", missing_to_sell=("register: without it nothing is sold",))
    monkeypatch.setattr(office.world.till, "account", lambda: account)
    _, _, [missing] = chosen(office, SINCE)
    assert "register: without it nothing is sold" in missing
    assert missing.endswith("tillbridge connect lightspeed --merchant m1")


def test_a_right_that_a_shop_does_not_give_is_told_with_what_to_do(office: Office) -> None:
    office.desk.missing = ("write_orders: without it no number is noted",)
    _, changed, [missing] = chosen(office, SINCE)
    assert "orders_since" in changed
    assert missing == (
        "The shop shop (woocommerce): The keys lack rights: write_orders: without it no number is noted. Make others."
    )
    office.desk.missing = ()
    assert chosen(office, {"orders_employee": "2"})[2] == ()


@pytest.mark.parametrize("error", [SystemDownError("The shop is down."), ItemRejectedError("The shop is down.")])
def test_a_shop_that_cannot_be_asked_for_its_rights_is_no_reason_to_refuse(
    office: Office, monkeypatch: pytest.MonkeyPatch, error: TillbridgeError
) -> None:
    def down() -> None:
        assert office.world.memory.merchants["m1"].settings.orders.imported, "the choice is saved before"
        raise error

    monkeypatch.setattr(office.desk, "check_selling", down)
    _, changed, [missing] = chosen(office, SINCE)
    assert ("orders_since" in changed, "could not be asked for its rights: The shop is down." in missing) == (
        True,
        True,
    )


def test_shops_are_asked_for_their_rights_only_while_orders_are_imported_and_they_work(office: Office) -> None:
    office.desk.missing = ("write_orders: without it no number is noted",)
    assert chosen(office, {"orders_employee": "2"})[2] == ()
    connections = office.world.memory.connections
    connections[SHOP] = replace(connections[SHOP], state=ConnectionState.BROKEN)
    assert chosen(office, SINCE)[2] == ()


def test_without_time_a_shop_is_not_asked_and_that_is_told(office: Office) -> None:
    deadline = FakeDeadline(TIME_FOR_A_SHOP - timedelta(seconds=1))
    answer = office.desks().merchants.settings("m1", SINCE, deadline)
    assert [("for want of time" in told) for told in answer.missing] == [True]


def test_a_till_that_lets_us_read_no_lists_is_no_reason_to_refuse(office: Office) -> None:
    office.counter.faults.always = MissingRightError("The till does not let us read its registers.")
    values, changed, [missing] = chosen(office, SINCE)
    assert (changed, values["orders_registers"]) == (("orders_since",), "")
    assert missing.startswith("The till does not let us read its registers. Connect the till")


def waiting_orders(office: Office) -> FakeMarks:
    """Have an order in each state, of which the parked one would be looked at in an hour."""
    for state in OrderState:
        FakeOrderRecords(office.world.memory).put(order_record(SHOP, state.value, state=state), None)
    marks = FakeMarks(office.world.memory)
    later = NOON + timedelta(hours=1)
    marks.add(TILL, Lane.ORDERS, [Mark(f"{SHOP}/parked", since=NOON, due_at=later, tries=3)])
    return marks


@pytest.mark.parametrize(
    ("change", "tried"),
    [
        ({"orders_employee": "2"}, [f"{SHOP}/parked"]),
        ({"orders_ready": "paid"}, [f"{SHOP}/parked", f"{SHOP}/waiting"]),
        ({"orders_statuses": f"{SHOP}/packed:paid"}, [f"{SHOP}/parked", f"{SHOP}/waiting"]),
        ({"safety_stock": "2"}, []),
    ],
)
def test_orders_that_a_choice_may_have_kept_waiting_are_tried_at_once(
    office: Office, change: dict[str, str], tried: list[str]
) -> None:
    chosen(office, SINCE)
    marks = waiting_orders(office)
    office.world.lanes.woken.clear()
    for _ in range(2):  # repeating it does no harm
        answer = office.desks().merchants.settings("m1", change, office.deadline)
        assert answer.orders == len(tried)
        assert sorted({mark.key for mark in marks.due(TILL, Lane.ORDERS, NOON, 10)}) == tried
        assert ((TILL, Lane.ORDERS, "work") in office.world.lanes.woken) == bool(tried)


def test_without_the_import_no_order_is_tried(office: Office) -> None:
    marks = waiting_orders(office)
    assert office.desks().merchants.settings("m1", {"orders_employee": "2"}, office.deadline).orders == 0
    assert marks.due(TILL, Lane.ORDERS, NOON, 10) == []
    assert office.world.lanes.woken == []


@pytest.mark.parametrize("state", [ConnectionState.BROKEN, ConnectionState.DISCONNECTED])
def test_without_a_till_that_works_nothing_is_filled_in(office: Office, state: ConnectionState) -> None:
    connections = office.world.memory.connections
    connections[TILL] = replace(connections[TILL], state=state)
    _, changed, [missing] = chosen(office, SINCE)
    assert (changed, missing.partition(".")[0]) == (("orders_since",), "No till is connected")
