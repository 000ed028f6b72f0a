"""The clocks."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from sandbox.common.clock import ManualClock, SystemClock


def test_sleeping_moves_a_manual_clock() -> None:
    clock = ManualClock(datetime(2026, 3, 1, 13, tzinfo=timezone(timedelta(hours=1))))
    clock.sleep(90)
    assert clock.now() == datetime(2026, 3, 1, 12, 1, 30, tzinfo=UTC)


def test_a_start_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="aware start"):
        ManualClock(datetime(2026, 3, 1))  # noqa: DTZ001 - the naive value is the point


def test_the_system_clock_is_aware() -> None:
    assert SystemClock().now().utcoffset() == timedelta(0)
