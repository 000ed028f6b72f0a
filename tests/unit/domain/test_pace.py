"""How fast an item sells."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.clock import NOON
from tillbridge.domain.pace import FAST, HALF_LIFE, Pace

DAY = timedelta(days=1)


def after(units: list[int]) -> Pace:
    """Sell so many units each day."""
    pace = Pace()
    for day, sold in enumerate(units):
        pace = pace.sold(sold, NOON + day * DAY)
    return pace


@pytest.mark.parametrize(
    ("units", "fast"),
    [([10], True), ([9], False), ([1] * 60, True), ([1, 0] * 60, False), ([2, 0] * 30, True), ([], False)],
)
def test_a_unit_a_day_or_ten_at_once_is_fast(units: list[int], *, fast: bool) -> None:
    assert after(units).fast(NOON + max(0, len(units) - 1) * DAY) is fast


def test_what_sold_a_week_ago_counts_half() -> None:
    pace = Pace().sold(20, NOON)
    assert pace.fast(NOON + HALF_LIFE)
    assert not pace.fast(NOON + HALF_LIFE + DAY)
    assert pace.sold(1, NOON + HALF_LIFE).units == Decimal(11)


def test_goods_that_come_in_are_no_sale() -> None:
    assert Pace().sold(0, NOON) == Pace().sold(-5, NOON) == Pace()


@given(st.lists(st.integers(0, 50), max_size=50))
def test_the_pace_is_never_more_than_what_was_sold(units: list[int]) -> None:
    assert 0 <= after(units).units <= sum(units)


def test_seldom_sold_is_never_fast() -> None:
    assert Pace().sold(1, NOON).sold(1, NOON + 7 * DAY).units < FAST
