"""The calendar: the letter's days, moved days, and how many are left."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tillbridge.domain.errors import InputError, NotFoundError
from tillbridge.domain.vendor_events import (
    EVENTS,
    LIGHTSPEED_KEYS,
    SHOPIFY_TOKENS,
    Calendar,
    PhaseKind,
    Strategy,
    VendorEvent,
    read_days,
)

END = datetime(2016, 12, 31, 10, tzinfo=UTC)  # when New Year's Day of 2017 begins in the first time zone


def test_the_three_days_of_the_letter() -> None:
    assert [(phase.kind, phase.on) for phase in LIGHTSPEED_KEYS.phases] == [
        (PhaseKind.NO_NEW, date(2016, 10, 1)),
        (PhaseKind.REFUSED, date(2017, 1, 1)),
        (PhaseKind.REQUIRED, date(2017, 2, 1)),
    ]
    assert LIGHTSPEED_KEYS.strategy is Strategy.ANEW


def test_the_next_event_is_data_with_the_other_strategy() -> None:
    assert (SHOPIFY_TOKENS.system, SHOPIFY_TOKENS.strategy) == ("shopify", Strategy.EXCHANGE)
    refused = SHOPIFY_TOKENS.phase(PhaseKind.REFUSED)
    assert refused
    assert refused.on == date(2027, 1, 1)


@pytest.mark.parametrize(
    ("now", "kind"),
    [
        (datetime(2016, 9, 1, tzinfo=UTC), None),
        (datetime(2016, 9, 30, 10, tzinfo=UTC), PhaseKind.NO_NEW),
        (END, PhaseKind.REFUSED),
        (datetime(2026, 1, 1, tzinfo=UTC), PhaseKind.REQUIRED),
    ],
)
def test_the_phase_of_a_moment(now: datetime, kind: PhaseKind | None) -> None:
    phase = LIGHTSPEED_KEYS.phase_at(now)
    assert (phase and phase.kind) == kind


def test_a_key_is_left_alone_before_the_vendor_can_have_begun_to_refuse_it() -> None:
    assert LIGHTSPEED_KEYS.ends_at == END
    assert LIGHTSPEED_KEYS.usable(END - timedelta(microseconds=1))
    assert not LIGHTSPEED_KEYS.usable(END)


@pytest.mark.parametrize(
    ("before", "left"),
    [
        (timedelta(days=60), 60),
        (timedelta(days=59, seconds=1), 60),
        (timedelta(seconds=1), 1),
        (timedelta(), 0),
        (timedelta(days=-9), 0),
    ],
)
def test_days_that_are_left(before: timedelta, left: int) -> None:
    assert LIGHTSPEED_KEYS.days_left(END - before) == left


def test_an_event_without_an_end_lasts() -> None:
    open_ended = VendorEvent(
        name="a", system="b", old="c", new="d", strategy=Strategy.ANEW, phases=(), source="nowhere"
    )
    assert (open_ended.days_left(END), open_ended.usable(END), open_ended.phase_at(END)) == (None, True, None)


def test_a_vendor_that_postpones() -> None:
    calendar = Calendar().with_days(read_days("lightspeed-api-keys.refused=2017-03-01, "))
    phase = calendar.event("lightspeed-api-keys").phase(PhaseKind.REFUSED)
    assert phase
    assert phase.on == date(2017, 3, 1)
    assert calendar.event("shopify-offline-tokens") == SHOPIFY_TOKENS


@pytest.mark.parametrize(
    "text", ["lightspeed-api-keys", "lightspeed-api-keys.refused=soon", "x.never=2017-01-01", "=,="]
)
def test_days_that_cannot_be_read(text: str) -> None:
    with pytest.raises(InputError) as refused:
        read_days(text)
    assert refused.value.remedy


def test_days_of_nothing_that_was_announced() -> None:
    with pytest.raises(NotFoundError):
        Calendar().with_days(read_days("fax-machines.refused=2017-01-01"))
    with pytest.raises(InputError):
        Calendar().with_days(read_days("shopify-offline-tokens.required=2017-01-01"))
    with pytest.raises(NotFoundError):
        Calendar().event("fax-machines")


def test_every_event_says_where_it_was_announced() -> None:
    assert all(event.source and all(phase.meaning for phase in event.phases) for event in EVENTS)
    assert len({event.name for event in EVENTS}) == len(EVENTS)
