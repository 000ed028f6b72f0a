"""What vendors ask by law is settled by itself where that can be done, and waits visibly where it cannot."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from tests.fakes.clock import NOON, FakeClock, FakeDeadline
from tests.fakes.crash import Crash, KilledError
from tests.fakes.notices import FakeNotices
from tests.fakes.people import connection
from tests.fakes.stores import FakeConnections, FakeOutbox, Memory
from tests.unit.flows.lobby import Lobby
from tillbridge.domain.connecting import BY_APP, GRANT
from tillbridge.domain.errors import SystemDownError
from tillbridge.domain.merchant import Connection, ConnectionState, System
from tillbridge.domain.notice import BY_ITSELF, SHOP_REDACT, Notice
from tillbridge.flows.app_gone import AppGone
from tillbridge.flows.comply import NOTHING_LEFT, NOTHING_OF_CUSTOMERS, Compliance, ComplianceReport
from tillbridge.flows.disconnect import Ending
from tillbridge.flows.lane_work import Register

SHOPIFY, NAME = System.SHOPIFY, "anns.myshopify.com"
SHOP = connection("c1", system=SHOPIFY, account_id=NAME, traits={GRANT: BY_APP})
WORKS, GONE = ConnectionState.ACTIVE, ConnectionState.DISCONNECTED


@dataclass
class Bureau:
    """One process, and what it deleted."""

    clock: FakeClock = field(default_factory=FakeClock)
    memory: Memory = field(default_factory=Memory)
    crash: Crash = field(default_factory=Crash)
    deleted: list[str] = field(default_factory=list)
    lasts: Callable[[Connection], bool | None] = lambda _: None
    trouble: bool = False
    selling: bool = False

    @property
    def compliance(self) -> Compliance:
        connections = FakeConnections(self.memory, self.crash)
        grants = Lobby(self.clock).process().grants
        register = Register(connections, FakeOutbox(self.memory, self.crash, self.clock), self.clock)
        gone = AppGone(register, grants, Ending(connections, grants, self.clock), self._forget, self.lasts)
        return Compliance(FakeNotices(self.memory, self.crash), gone, self.clock, lambda _: self.selling)

    @property
    def notices(self) -> list[Notice]:
        return list(self.memory.notices.values())

    def put(self, state: ConnectionState, changed_at: datetime = NOON) -> None:
        self.memory.connections["c1"] = replace(SHOP, state=state, changed_at=changed_at)

    def ask(self, topic: str = SHOP_REDACT) -> Notice:
        return self.compliance.take(SHOPIFY, "3f9a", topic, NAME)

    def look(self, deadline: FakeDeadline | None = None) -> ComplianceReport:
        return self.compliance.look_again(deadline or FakeDeadline())

    def _forget(self, gone: Connection) -> None:
        if self.trouble:
            raise SystemDownError("The table is busy.")
        self.crash.step("before forget")
        self.deleted.append(gone.connection_id)
        self.memory.connections["c1"] = replace(gone, state=GONE, traits={})


@pytest.fixture
def bureau() -> Bureau:
    return Bureau()


@pytest.mark.parametrize("topic", ["customers/data_request", "customers/redact"])
@pytest.mark.parametrize("state", [WORKS, GONE])
def test_a_request_about_a_customer_is_answered_when_it_comes(
    bureau: Bureau, topic: str, state: ConnectionState
) -> None:
    bureau.put(state)
    taken = bureau.ask(topic)
    assert (taken.done_by, taken.done, taken.done_at) == (BY_ITSELF, NOTHING_OF_CUSTOMERS, NOON)
    assert bureau.notices == [taken]
    assert bureau.deleted == []


def test_a_shop_that_was_left_is_deleted_when_that_is_asked(bureau: Bureau) -> None:
    bureau.put(ConnectionState.BROKEN)
    taken = bureau.ask()
    assert bureau.deleted == ["c1"]
    assert (taken.done_by, "c1" in taken.done) == (BY_ITSELF, True)


def test_a_shop_of_which_nothing_is_left_is_answered_at_once(bureau: Bureau) -> None:
    assert bureau.ask().done == NOTHING_LEFT


def test_a_shop_that_works_is_kept_and_the_request_waits(bureau: Bureau) -> None:
    bureau.put(WORKS)
    assert bureau.ask().open
    assert bureau.look() == ComplianceReport(oldest=NOON)
    assert bureau.deleted == []
    assert bureau.notices[0].open


def test_it_is_deleted_once_it_has_been_disconnected_for_48_hours(bureau: Bureau) -> None:
    bureau.put(WORKS)
    bureau.ask()
    bureau.clock.advance(hours=24)
    bureau.put(GONE, bureau.clock.now())
    bureau.clock.advance(hours=47, minutes=59)
    assert bureau.look() == ComplianceReport(oldest=NOON)
    assert bureau.deleted == []
    bureau.clock.advance(minutes=1)
    assert bureau.look() == ComplianceReport(settled=1)
    assert bureau.deleted == ["c1"]
    assert bureau.notices[0].done_at == NOON + timedelta(hours=72)
    assert bureau.look() == ComplianceReport()


def test_nobody_has_to_ask_for_a_disconnected_shop_to_be_kept(bureau: Bureau) -> None:
    """Without a request nothing is deleted: connecting again brings links and settings back."""
    bureau.put(GONE)
    bureau.clock.advance(hours=1000)
    assert bureau.look() == ComplianceReport()
    assert bureau.deleted == []


def test_a_shop_in_which_the_app_still_is_is_not_deleted(bureau: Bureau) -> None:  # invariant 3
    bureau.lasts = lambda _: True
    bureau.put(ConnectionState.BROKEN)
    assert bureau.ask().open
    bureau.clock.advance(hours=1000)
    bureau.look()
    assert bureau.deleted == []


def test_the_legal_time_is_that_of_the_first_delivery(bureau: Bureau) -> None:
    bureau.put(WORKS)
    first = bureau.ask()
    bureau.clock.advance(hours=4)
    assert bureau.ask() == first
    assert first.due_at == NOON + timedelta(days=30)


def test_what_goes_wrong_is_told_and_tried_again(bureau: Bureau) -> None:
    bureau.put(WORKS)
    bureau.ask()
    bureau.put(GONE)
    bureau.clock.advance(hours=48)
    bureau.trouble = True
    report = bureau.look()
    assert (report.settled, report.oldest, [error.code for error in report.later]) == (0, NOON, ["SystemDown"])
    bureau.trouble = False
    assert bureau.look().settled == 1


def test_without_time_nothing_begins_and_what_waits_is_still_told(bureau: Bureau) -> None:
    bureau.put(WORKS)
    bureau.ask()
    bureau.put(GONE)
    bureau.clock.advance(hours=48)
    assert bureau.look(FakeDeadline(timedelta(seconds=14))) == ComplianceReport(oldest=NOON)
    assert bureau.deleted == []


def test_killed_anywhere_a_repetition_ends_the_same() -> None:
    """Shopify delivers again what it got no answer to."""
    for at in range(100):
        bureau = Bureau(crash=Crash(at))
        bureau.put(ConnectionState.BROKEN)
        try:
            bureau.ask()
            break
        except KilledError:
            bureau.crash.at = None
        taken = bureau.ask()
        assert not taken.open
        assert bureau.deleted == ["c1"]
        assert bureau.notices == [taken]
    assert at > 4


@pytest.mark.parametrize("topic", ["customers/data_request", "customers/redact"])
def test_a_customer_who_may_stand_in_the_till_is_looked_for_by_a_person(topic: str) -> None:
    bureau = Bureau(selling=True)
    bureau.put(ConnectionState.ACTIVE)
    assert bureau.ask(topic).open
    assert bureau.look().oldest == NOON
    bureau.selling = False
    assert bureau.look().settled == 1
