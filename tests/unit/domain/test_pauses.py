from datetime import timedelta

import pytest

from tillbridge.domain.pauses import LONGEST, pause_after

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(("tries", "seconds"), [(0, 30), (1, 30), (2, 60), (3, 120), (8, 3840)])
def test_pauses_double(tries: int, seconds: int) -> None:
    assert pause_after(tries) == timedelta(seconds=seconds)


@pytest.mark.parametrize("tries", [11, 1000, 10**9])
def test_pauses_end_at_six_hours(tries: int) -> None:
    assert pause_after(tries) == LONGEST == timedelta(hours=6)
