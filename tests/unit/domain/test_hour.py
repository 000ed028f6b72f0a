"""What was counted within the last hour."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.clock import NOON
from tillbridge.domain.guard import Kind
from tillbridge.domain.hour import HOUR, STEP, GuardLog

MINUTE = timedelta(minutes=1)


def test_counts_add_up_for_an_hour() -> None:
    log = GuardLog().noting({Kind.ZEROED: 3}, NOON).noting({Kind.ZEROED: 4, Kind.CREATED: 1}, NOON + 30 * MINUTE)
    assert log.within_hour(NOON + 59 * MINUTE) == {Kind.ZEROED: 7, Kind.CREATED: 1}
    assert log.within_hour(NOON + 60 * MINUTE) == {Kind.ZEROED: 4, Kind.CREATED: 1}
    assert log.noting({}, NOON + 3 * HOUR).seen == {}


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(1, 9)), max_size=40))
def test_never_too_little_is_remembered_and_never_much(events: list[tuple[int, int]]) -> None:
    log, now = GuardLog(), NOON
    happened = []
    for seconds, number in events:
        now += timedelta(seconds=seconds)
        happened.append((now, number))
        log = log.noting({Kind.ZEROED: number}, now)
    surely = sum(number for at, number in happened if at > now - HOUR + STEP)
    at_most = sum(number for at, number in happened if at > now - HOUR)
    assert surely <= log.within_hour(now).get(Kind.ZEROED, 0) <= at_most
    assert len(log.seen.get(Kind.ZEROED, ())) <= HOUR / STEP + 1
