from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.domain.samples import NOON
from tillbridge.domain.cursor import OVERLAP, next_since

pytestmark = pytest.mark.unit
seconds = st.integers(-5000, 5000).map(lambda count: NOON + timedelta(seconds=count))


def test_after_the_last_page_the_next_poll_begins_an_overlap_before_the_answer() -> None:
    served = NOON + timedelta(hours=1)
    assert next_since(NOON, [NOON], served, last=True) == served - OVERLAP


def test_in_the_middle_of_a_list_it_goes_no_further_than_the_rows() -> None:
    served = NOON + timedelta(hours=1)
    row = NOON + timedelta(minutes=5)
    assert next_since(NOON, [NOON, row], served, last=False) == row


def test_a_page_in_the_middle_without_rows_moves_nothing() -> None:
    assert next_since(NOON, [], NOON + timedelta(hours=1), last=False) == NOON


@given(seconds, st.lists(seconds), seconds, st.booleans())
def test_it_never_goes_back_and_never_passes_what_may_still_appear(
    since: datetime,
    rows: list[datetime],
    served: datetime,
    last: bool,  # noqa: FBT001
) -> None:  # invariant 4
    moved = next_since(since, rows, served, last=last)
    assert moved >= since
    assert moved <= max(since, served - OVERLAP)
    if not last:
        assert moved <= max([since, *rows])
