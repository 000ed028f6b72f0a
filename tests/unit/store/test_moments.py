"""Times as text."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tillbridge.store.moments import moment_text, read_moment

ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29), timezones=ZONES)  # noqa: DTZ001  hypothesis adds it


@given(MOMENTS)
def test_a_time_is_read_as_it_was(moment: datetime) -> None:
    assert read_moment(moment_text(moment)) == moment


@given(MOMENTS, MOMENTS)
def test_texts_sort_as_times_do(one: datetime, other: datetime) -> None:
    assert (moment_text(one) < moment_text(other)) == (one < other)


def test_the_form() -> None:
    assert moment_text(datetime(2026, 3, 2, 12, tzinfo=UTC)) == "2026-03-02T12:00:00.000000Z"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "noon",
        "2026-03-02",
        "2026-03-02T12:00:00Z",
        "2026-03-02T12:00:00.000000",
        "2026-03-02T12:00:00.000000+00:00",
        "2026-03-02T14:00:00.000000+02:00",
        "2026-13-02T12:00:00.000000Z",
    ],
)
def test_another_form_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_moment(text)


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without zone"):
        moment_text(datetime(2026, 3, 2, 12))  # noqa: DTZ001  that is the point
