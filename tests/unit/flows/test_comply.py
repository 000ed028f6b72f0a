"""What vendors ask by law is settled by itself where that can be done, and waits visibly where it cannot."""

from datetime import timedelta

import pytest

from tests.fakes.clock import NOON, FakeDeadline
from tests.fakes.crash import Crash, KilledError
from tests.unit.flows.bureau import GONE, WORKS, Bureau
from tillbridge.domain.merchant import ConnectionState
from tillbridge.domain.notice import BY_ITSELF
from tillbridge.flows.comply import NOTHING_LEFT, NOTHING_OF_CUSTOMERS, ComplianceReport


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
