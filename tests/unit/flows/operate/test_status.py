from dataclasses import replace
from datetime import timedelta

import pytest

from tests.fakes.clock import NOON
from tests.fakes.order_records import FakeOrderRecords
from tests.fakes.people import order_record
from tests.fakes.stores import FakeMarks
from tests.fakes.world import SHOP, TILL
from tests.unit.flows.operate.office import Office
from tillbridge.domain.merchant import SHOP_LANES, ConnectionState, Lane
from tillbridge.domain.orders.record import OrderState
from tillbridge.domain.work import Mark, Run
from tillbridge.flows.operate.answers import ConnectionStatus
from tillbridge.flows.operate.status import read_answer, waiting_answer


def of(office: Office, name: str) -> ConnectionStatus:
    (merchant,) = office.desks().status.show("m1", None, office.deadline).rows
    return next(one for one in merchant.connections if one.connection.connection == name)


def mark(key: str, since: int, due: int, tries: int = 0) -> Mark:
    return Mark(key, NOON + timedelta(seconds=since), NOON + timedelta(seconds=due), tries)


def test_a_fresh_merchant_has_read_nothing(office: Office) -> None:
    till = of(office, TILL)
    assert (till.read, till.polled_to, till.answered, till.lanes) == (None, {}, {}, None)


def test_only_a_broken_till_tells_what_shows_the_cause(office: Office) -> None:
    desk = replace(office.desks().status, evidence=lambda name: f"seen of {name}")

    def shown() -> dict[str, str]:
        (merchant,) = desk.show("m1", None, office.deadline).rows
        return {one.connection.connection: one.evidence for one in merchant.connections}

    assert shown() == {TILL: "", SHOP: ""}
    for name in (TILL, SHOP):
        office.put_state(name, ConnectionState.BROKEN, "It was revoked.")
    assert shown() == {TILL: f"seen of {TILL}", SHOP: ""}


def test_in_step_nothing_waits_and_the_read_is_finished(stocked: Office) -> None:
    till, shop = of(stocked, TILL), of(stocked, SHOP)
    assert till.read is not None
    assert (till.read.share, till.read.phase, till.read.rows) == (1.0, "done", 4)
    assert set(till.polled_to) == {"stock", "items", "matrices"}
    assert shop.lanes is not None
    assert all(lane.waiting == 0 and lane.oldest is None for lane in shop.lanes.values())


def test_what_waits_is_counted_with_its_age(stocked: Office) -> None:
    stocked.world.till.sell("1", "1")
    stocked.world.poll()
    lanes = of(stocked, SHOP).lanes
    assert lanes is not None
    assert (lanes[Lane.STOCK].waiting, lanes[Lane.STOCK].due) == (1, 1)
    assert lanes[Lane.STOCK].oldest == stocked.world.clock.now()


def test_a_till_that_sells_tells_what_waits_for_it_and_for_a_person(office: Office) -> None:
    assert of(office, TILL).orders is None
    office.desks().merchants.settings("m1", {"orders_since": "2026-03-02T12:00:00+00:00"}, office.deadline)
    records, memory = FakeOrderRecords(office.world.memory), office.world.memory
    for order_id, state in (("1001", OrderState.PARKED), ("1002", OrderState.DUE), ("1003", OrderState.DONE)):
        records.put(order_record(SHOP, order_id, state=state), None)
    FakeMarks(memory).add(TILL, Lane.ORDERS, [mark("shop/1001", -60, 600, tries=1), mark("shop/1002", 0, 0)])
    orders = of(office, TILL).orders
    assert orders is not None
    assert (orders.imported, orders.parked) == (True, 1)
    assert (orders.lane.waiting, orders.lane.due, orders.lane.failing) == (2, 1, 1)
    assert orders.lane.oldest == NOON - timedelta(seconds=60)
    assert of(office, SHOP).orders is None
    office.desks().merchants.settings("m1", {"orders_since": ""}, office.deadline)
    left = of(office, TILL).orders
    assert left is not None, "what is under way is not hidden when the import ends"
    assert (left.imported, left.lane.waiting) == (False, 2)


def test_marks_are_counted_by_what_they_point_at() -> None:
    answer = waiting_answer([mark("1", 0, 0), mark("1", 5, 5), mark("2", -60, 200, tries=4)], NOON)
    assert (answer.waiting, answer.due, answer.failing, answer.more) == (2, 1, 1, False)
    assert (answer.oldest, answer.next_at) == (NOON - timedelta(seconds=60), NOON)


@pytest.mark.parametrize(("due", "tries", "expected"), [(0, 0, 1), (1, 0, 0), (0, 1, 0), (-60, 3, 0)])
def test_only_what_has_not_failed_yet_counts_as_under_way(due: int, tries: int, expected: int) -> None:
    assert waiting_answer([mark("1", 0, due, tries)], NOON).due == expected


@pytest.mark.parametrize(
    ("phase", "after", "last", "share"),
    [
        ("lists", "0", "9", 0.0),
        ("matrices", "7", "9", 0.0),
        ("items", "0", "0", 0.0),
        ("items", "333", "1000", 0.333),
        ("items", "1001", "1000", 1.0),
        ("hand over", "0", "1000", 1.0),
        ("done", "0", "1000", 1.0),
    ],
)
def test_the_share_of_a_read(phase: str, after: str, last: str, share: float) -> None:
    run = Run(kind="full-read", started_at=NOON, phase=phase, after=after, last=last)
    assert read_answer(run).share == share


def test_a_served_note_tells_whoever_waits(stocked: Office) -> None:
    asked = stocked.desks().sync.start("m1", None, full=False)
    assert of(stocked, TILL).answered == {}
    stocked.world.clock.advance(seconds=3)
    stocked.work()
    for name in (TILL, SHOP):
        assert {lane: at > asked.asked_at for lane, at in of(stocked, name).answered.items()} == dict.fromkeys(
            SHOP_LANES, True
        )


def test_a_shop_never_read_back_says_nothing_of_it(stocked: Office) -> None:
    assert (of(stocked, SHOP).reconcile, of(stocked, SHOP).verified_share) == (None, None)
    assert (of(stocked, TILL).reconcile, of(stocked, TILL).verified_share) == (None, None)


def test_a_reading_back_is_shown_with_what_it_found(stocked: Office) -> None:
    stocked.shop.products["1"].quantities[""] = 99
    del stocked.shop.products["2"].variants["4"]
    stocked.world.reconcile_and_push()
    shop = of(stocked, SHOP)
    assert shop.reconcile is not None
    assert (shop.reconcile.phase, shop.reconcile.listings, shop.reconcile.verified) == ("done", 3, 1)
    assert (shop.reconcile.drift, shop.reconcile.repaired) == (
        {Lane.STOCK: 1, Lane.CATALOGUE: 0},
        {Lane.STOCK: 1, Lane.CATALOGUE: 0},
    )
    assert (shop.reconcile.gone, shop.verified_share) == (1, 0.333)


def test_an_old_reading_back_speaks_for_nothing(stocked: Office) -> None:
    stocked.world.reconcile_and_push()
    stocked.world.clock.advance(hours=26)
    assert of(stocked, SHOP).verified_share == 0.0
