"""What people see of web orders on their way into the till, and what they decide about them."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.fakes.clock import NOON
from tests.fakes.order_records import FakeOrderRecords
from tests.fakes.people import order_record
from tests.fakes.stores import FakeMarks
from tests.fakes.world import SHOP, TILL
from tests.unit.flows.operate.office import Office
from tillbridge.domain.errors import InputError, NotFoundError
from tillbridge.domain.merchant import Lane
from tillbridge.domain.orders.listing import RETURNED
from tillbridge.domain.orders.record import BookedLine, Booking, BookingState, OrderRecord, OrderState, TillReturn
from tillbridge.flows.operate.orders import OrdersDesk

pytestmark = pytest.mark.unit

SALE = Booking(
    key="sale/1",
    reference="1001",
    location_id="1",
    state=BookingState.COMPLETED,
    expected=Decimal(10),
    total=Decimal("9.99"),
    sale_id="90",
    ticket="220090",
    lines=(BookedLine(till_line_id="11", units=Decimal(2), unit_price=Decimal(5), line_id="1", item_id="42"),),
)
PARKED = order_record(SHOP, "1001", state=OrderState.PARKED, code="UnlinkedLine", reason="No link.", remedy="Link it.")


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def desk(office: Office) -> OrdersDesk:
    return office.desks().orders


def put(office: Office, record: OrderRecord) -> OrderRecord:
    stored = FakeOrderRecords(office.world.memory).put(record, None)
    assert stored is not None
    return stored


def now(office: Office, order_id: str = "1001") -> OrderRecord:
    return office.world.memory.records[SHOP][order_id]


def marked(office: Office) -> list[str]:
    return [mark.key for mark in FakeMarks(office.world.memory).waiting(TILL, Lane.ORDERS)]


def test_what_waits_for_a_person_is_listed_first_and_what_is_over_not_at_all(office: Office, desk: OrdersDesk) -> None:
    put(office, order_record(SHOP, "1000", state=OrderState.DONE))
    put(office, order_record(SHOP, "1002", state=OrderState.DUE))
    put(office, PARKED)
    listed = desk.list("m1", None, None, office.deadline).rows
    assert [(one.order, one.reason) for one in listed] == [("shop/1001", "No link."), ("shop/1002", "")]
    done = desk.list("m1", "done", None, office.deadline).rows
    assert [one.order for one in done] == ["shop/1000"]


def test_a_return_at_the_till_is_listed_as_a_task(office: Office, desk: OrdersDesk) -> None:
    back = TillReturn(sale_id="95", ticket="220095", total=Decimal(5), returned_at=NOON)
    put(office, order_record(SHOP, "1001", state=OrderState.DONE, returns=(back,)))
    [one] = desk.list("m1", RETURNED, None, office.deadline).rows
    assert one.tasks == 1
    assert [task.ticket for task in desk.show("m1", "1001").returns] == ["220095"]


def test_an_order_is_shown_with_every_line_and_difference(office: Office, desk: OrdersDesk) -> None:
    put(office, order_record(SHOP, "1001", state=OrderState.DONE, bookings=(SALE,)).noting("Seen.", NOON, "req-1"))
    office.world.memory.reserved[TILL] = {f"{SHOP}:1001": {"42": 2}}
    whole = desk.show("m1", "shop/1001")
    [booking] = whole.bookings
    assert (booking.ticket, booking.difference) == ("220090", Decimal("0.01"))
    assert [(line.item, int(line.units)) for line in booking.lines] == [("42", 2)]
    assert whole.reserved == {"42": 2}
    assert [(one.what, one.request_id) for one in whole.history] == [("Seen.", "req-1")]


@pytest.mark.parametrize("name", ["shop/1001", "1001", "A-7"])
def test_an_order_is_found_by_key_id_and_number(office: Office, desk: OrdersDesk, name: str) -> None:
    put(office, replace(PARKED, number="A-7"))
    assert desk.show("m1", name).about.order == "shop/1001"


def test_nobody_finds_another_merchant_s_order(office: Office, desk: OrdersDesk) -> None:  # invariant 5
    put(office, PARKED)
    with pytest.raises(NotFoundError):
        desk.show("m2", "shop/1001")
    with pytest.raises(NotFoundError):
        desk.show("m1", "4711")


def test_an_order_is_looked_at_afresh(office: Office, desk: OrdersDesk) -> None:
    put(office, replace(PARKED, digest="x", bookings=(SALE,)))
    for _ in range(2):  # safe to repeat
        desk.resend("m1", "1001")
    assert (now(office).state, now(office).code, now(office).digest) == (OrderState.DUE, "", "")
    assert now(office).bookings == (SALE,)
    assert set(marked(office)) == {"shop/1001"}
    assert (TILL, Lane.ORDERS, "work") in office.world.lanes.woken


def test_the_lane_looks_at_an_order_only_once_the_decision_is_written(office: Office, desk: OrdersDesk) -> None:
    """A worker that looks before finds nothing to do, and would take the mark with it. # invariant 4"""
    marks, seen = FakeMarks(office.world.memory), []

    class Watched(FakeOrderRecords):
        def put(self, record: OrderRecord, former: OrderRecord | None) -> OrderRecord | None:
            seen.append(([*marks.due(TILL, Lane.ORDERS, NOON, 10)], [*marked(office)]))
            return super().put(record, former)

    put(office, replace(PARKED, state=OrderState.IGNORED))
    replace(desk, records=Watched(office.world.memory)).resend("m1", "1001")
    assert seen == [([], ["shop/1001"])], "none is due yet, and one waits should we die"
    assert [mark.key for mark in marks.due(TILL, Lane.ORDERS, NOON, 10)] == ["shop/1001"]


def test_a_parked_order_is_let_pass_and_no_other(office: Office, desk: OrdersDesk) -> None:
    put(office, PARKED)
    for _ in range(2):
        desk.release("m1", "1001")
    assert (now(office).state, now(office).let_pass) == (OrderState.DUE, True)
    assert [one.what for one in now(office).history] == ["A person decided: due."]
    put(office, order_record(SHOP, "1002", state=OrderState.WAITING))
    with pytest.raises(InputError) as refused:
        desk.release("m1", "1002")
    assert refused.value.code == "NotParked"


def test_an_order_is_ignored(office: Office, desk: OrdersDesk) -> None:
    put(office, PARKED)
    for _ in range(2):
        desk.ignore("m1", "1001")
    assert (now(office).state, now(office).reason) == (OrderState.IGNORED, "")
    assert now(office).version == 2


def test_a_buyer_whom_we_made_is_taken_off_the_till_once(office: Office, desk: OrdersDesk) -> None:
    first = put(office, order_record(SHOP, "1001", state=OrderState.DONE, customer_id="50", customer_ours=True))
    FakeOrderRecords(office.world.memory).point(TILL, ["customer 50"], first)
    put(office, order_record(SHOP, "1002", state=OrderState.DONE, customer_id="50"))
    desk.forget("m1", "1002", office.deadline)
    desk.forget("m1", "1001", office.deadline)
    desk.forget("m1", "1001", office.deadline)
    assert office.counter.anonymous == ["50", "50"]
    assert (now(office).customer_id, now(office, "1002").customer_id) == ("", "")


def test_a_buyer_whom_nobody_has_made_a_customer_never_becomes_one(office: Office, desk: OrdersDesk) -> None:
    put(office, order_record(SHOP, "1001", state=OrderState.WAITING))
    for _ in range(2):
        desk.forget("m1", "1001", office.deadline)
    assert (now(office).customer_forgotten, now(office).state, now(office).version) == (True, OrderState.WAITING, 2)
    assert office.counter.faults.calls == []
    assert [one.what for one in now(office).history] == ["A person decided: forget the buyer."]


def test_a_buyer_who_is_being_made_a_customer_is_forgotten_in_a_minute(office: Office, desk: OrdersDesk) -> None:
    put(office, order_record(SHOP, "1001", state=OrderState.DUE, customer_sought=True))
    with pytest.raises(InputError) as refused:
        desk.forget("m1", "1001", office.deadline)
    assert (refused.value.code, now(office).customer_forgotten) == ("Busy", False)


def test_a_customer_of_the_merchant_s_own_is_left_alone(office: Office, desk: OrdersDesk) -> None:  # invariant 6
    put(office, order_record(SHOP, "1001", state=OrderState.DONE, customer_id="8"))
    with pytest.raises(InputError) as refused:
        desk.forget("m1", "1001", office.deadline)
    assert (refused.value.code, office.counter.anonymous) == ("NotOurs", [])
