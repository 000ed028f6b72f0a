from dataclasses import replace

import pytest

from tests.fakes.people import hold
from tests.fakes.stores import FakeHolds
from tests.fakes.world import SHOP, TILL
from tests.unit.flows.operate.office import FOREIGN, Office
from tillbridge.domain.errors import InputError, NotFoundError
from tillbridge.domain.guard import Change, Kind
from tillbridge.domain.merchant import ConnectionState, Lane
from tillbridge.domain.work import Held, HoldState, Mark
from tillbridge.flows.operate.holds import HoldDesk


@pytest.fixture
def desk(stocked: Office) -> HoldDesk:
    """Hold the mug's stock and a shirt's price."""
    now = stocked.world.clock.now()
    holds = FakeHolds(stocked.world.memory)
    zeroed = hold("aaaa0001", sample=(Change("1", Kind.ZEROED, field="stock", old="11", new="0"),))
    leap = Change("M7", Kind.PRICE, "RED", "regular_price", "12.5", "1250")
    holds.put(SHOP, zeroed, None)
    holds.put(SHOP, hold("aaaa0002", lane=Lane.CATALOGUE, kind=Kind.PRICE, sample=(leap,)), None)
    holds.keep(SHOP, Lane.STOCK, [Held("aaaa0001", Mark("1", now, now), now)])
    holds.keep(SHOP, Lane.CATALOGUE, [Held("aaaa0002", Mark("M7", now, now), now)])
    return stocked.desks().holds


def test_holds_tell_cause_number_and_a_named_sample(stocked: Office, desk: HoldDesk) -> None:
    first, second = desk.list("m1", None, stocked.deadline).rows
    assert (first.hold, first.connection, first.lane, first.kind, first.count) == (
        "aaaa0001",
        SHOP,
        Lane.STOCK,
        Kind.ZEROED,
        1,
    )
    assert first.cause.startswith("620 of 1,000")
    assert (first.sample[0].name, first.sample[0].old, first.sample[0].new) == ("Mug Blue", "11", "0")
    assert (second.sample[0].name, second.state) == ("RED", HoldState.OPEN)


@pytest.mark.parametrize("state", [HoldState.RELEASED, HoldState.DROPPED])
def test_a_decision_wakes_the_lane_and_can_be_repeated(stocked: Office, desk: HoldDesk, state: HoldState) -> None:
    decide = desk.release if state is HoldState.RELEASED else desk.drop
    for _ in range(2):
        answer = decide("m1", "aaaa0001")
        assert (answer.state, answer.count, answer.paused) == (state, 1, False)
    assert stocked.world.lanes.woken == [(SHOP, Lane.STOCK, "work")] * 2
    stocked.world.push()
    assert [row.hold for row in desk.list("m1", None, stocked.deadline).rows] == ["aaaa0002"]
    assert decide("m1", "aaaa0001").count == 0


def test_of_two_decisions_the_first_counts(stocked: Office, desk: HoldDesk) -> None:
    desk.release("m1", "aaaa0001")
    with pytest.raises(InputError, match="released already") as refused:
        desk.drop("m1", "aaaa0001")
    assert refused.value.field == "hold"


def test_who_comes_a_moment_late_is_told(stocked: Office, desk: HoldDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    found = iter([FakeHolds(stocked.world.memory).get(SHOP, "aaaa0001")])
    desk.drop("m1", "aaaa0001")
    real = FakeHolds.get
    monkeypatch.setattr(FakeHolds, "get", lambda self, shop, name: next(found, None) or real(self, shop, name))
    with pytest.raises(InputError, match="dropped already"):
        desk.release("m1", "aaaa0001")


def test_an_expired_hold_cannot_be_released(stocked: Office, desk: HoldDesk) -> None:
    stocked.world.clock.advance(hours=25)
    stocked.world.push()
    with pytest.raises(InputError, match="expired already"):
        desk.release("m1", "aaaa0001")


@pytest.mark.parametrize("name", ["aaaa0001", "00000000"])
def test_another_merchants_hold_does_not_exist(desk: HoldDesk, name: str) -> None:  # invariant 5
    with pytest.raises(NotFoundError):
        desk.release("m2", name)
    if name == "00000000":
        with pytest.raises(NotFoundError):
            desk.drop("m1", name)


def test_a_broken_shop_carries_it_out_later(stocked: Office, desk: HoldDesk) -> None:
    stocked.put_state(SHOP, ConnectionState.BROKEN)
    assert desk.release("m1", "aaaa0001").paused
    assert stocked.world.lanes.woken == []


def test_holds_of_a_merchant_without_till(stocked: Office) -> None:
    FakeHolds(stocked.world.memory).put(FOREIGN, hold("bbbb0001"), None)
    (row,) = stocked.desks().holds.list("m2", None, stocked.deadline).rows
    assert (row.merchant, row.sample[0].name) == ("m2", "")


def test_item_and_status_tell_what_is_held_and_read_again(stocked: Office, desk: HoldDesk) -> None:
    stocked.world.memory.asked[TILL] = {"1": None}
    (answer,) = stocked.desks().explain.explain("m1", "MUG", stocked.deadline)
    told = {reason.code: (reason.happened, reason.remedy) for reason in answer.shops[0].reasons}
    assert told["held"][0].startswith("Its stock is held since 2026-03-02 ")
    assert told["held"][1] == "tillbridge release aaaa0001, or tillbridge drop aaaa0001."
    assert "second reading" in told["second_reading"][0]
    (status,) = stocked.desks().status.show("m1", None, stocked.deadline).rows
    counted = {one.connection.connection: (one.holds, one.second_readings) for one in status.connections}
    assert counted == {TILL: (0, 1), SHOP: (2, 0)}


def test_a_retry_keeps_a_permission(stocked: Office) -> None:
    now = stocked.world.clock.now()
    stocked.problems.marks.add(SHOP, Lane.STOCK, [Mark("1", now, now, tries=2, allowed="aaaa0001")])
    stocked.desks().retry.retry_named("m1", ["1"])
    (mark,) = stocked.problems.marks.waiting(SHOP, Lane.STOCK)
    assert mark.allowed == "aaaa0001"
    assert replace(mark, allowed="") != mark
