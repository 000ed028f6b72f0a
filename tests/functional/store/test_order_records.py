"""The rows of web orders: each is written in the place of the one that was read, listed by what it waits for."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.fakes.clock import NOON, FakeClock
from tests.fakes.people import order_record
from tests.fakes.repositories import Repositories
from tillbridge.domain.orders.listing import RETURNED
from tillbridge.domain.orders.record import KEPT, OrderState, TillReturn
from tillbridge.store.keys import Key
from tillbridge.store.table import Table

SHOP, TILL = "s1", "till"


def test_an_order_is_found_as_it_was_stored(stores: Repositories) -> None:
    stored = stores.order_records.put(order_record(number="A-7"), None)
    assert stored is not None
    assert (stored.version, stored.number) == (1, "A-7")
    assert stores.order_records.get(SHOP, ["7", "8"]) == {"7": stored}


def test_of_two_who_read_the_same_the_second_comes_too_late(stores: Repositories) -> None:  # invariant 8
    first = stores.order_records.put(order_record(), None)
    assert first is not None
    drafted = stores.order_records.put(replace(first, state=OrderState.DRAFTED), first)
    assert drafted is not None
    assert stores.order_records.put(replace(first, state=OrderState.IGNORED), first) is None
    assert stores.order_records.put(order_record(state=OrderState.IGNORED), None) is None
    assert stores.order_records.get(SHOP, ["7"]) == {"7": drafted}


def test_whoever_asks_again_for_what_is_there_has_done_it(stores: Repositories) -> None:  # invariant 8
    first = stores.order_records.put(order_record(), None)
    assert first is not None
    assert stores.order_records.put(order_record(), None) == first
    second = stores.order_records.put(replace(first, state=OrderState.DONE), first)
    assert stores.order_records.put(replace(first, state=OrderState.DONE), first) == second


def test_orders_are_listed_by_what_they_wait_for(stores: Repositories) -> None:
    later = order_record(order_id="1", seen_at=NOON + timedelta(minutes=1), state=OrderState.PARKED)
    for record in (later, order_record(state=OrderState.PARKED), order_record(order_id="8")):
        stores.order_records.put(record, None)
    listed = [record.order_id for record in stores.order_records.listed(SHOP, OrderState.PARKED)]
    assert listed == ["7", "1"]
    assert [record.order_id for record in stores.order_records.listed(SHOP, OrderState.PARKED, 1)] == ["7"]
    assert list(stores.order_records.listed("s10", OrderState.PARKED)) == []


def test_what_came_back_at_the_till_is_listed_as_a_task_until_the_shop_has_refunded_it(stores: Repositories) -> None:
    back = TillReturn(sale_id="90", ticket="2200090", total=Decimal(5), returned_at=NOON)
    done = stores.order_records.put(order_record(state=OrderState.DONE, returns=(back,)), None)
    assert list(stores.order_records.listed(SHOP, RETURNED)) == [done]
    assert done is not None
    solved = stores.order_records.put(replace(done, returns=(replace(back, refund_id="r1"),)), done)
    assert list(stores.order_records.listed(SHOP, RETURNED)) == []
    assert list(stores.order_records.listed(SHOP, OrderState.DONE)) == [solved]


def test_sales_and_lines_of_the_till_lead_to_their_order(stores: Repositories) -> None:
    stores.order_records.point(TILL, ["sale 90", "line 11"], order_record())
    assert stores.order_records.pointed(TILL, ["sale 90", "line 11", "line 12"]) == {
        "sale 90": (SHOP, "7"),
        "line 11": (SHOP, "7"),
    }
    assert stores.order_records.pointed("till0", ["sale 90"]) == {}


@pytest.mark.parametrize(
    ("state", "forgotten"),
    [(OrderState.DONE, True), (OrderState.WAITING, True), (OrderState.PARKED, False), (OrderState.SOLD, False)],
)
def test_only_what_waits_for_nobody_is_forgotten(
    stored: Repositories, table: Table, clock: FakeClock, state: OrderState, *, forgotten: bool
) -> None:
    stored.order_records.put(order_record(state=state), None)
    row = table.get(Key(f"S#{SHOP}#SALE", "7"))
    assert row is not None
    expected = int((clock.now() + KEPT).timestamp()) if forgotten else None
    assert row.get("expires_at") == expected
