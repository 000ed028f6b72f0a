"""What a preview carries from round to round and from call to call."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.domain.samples import NOON
from tillbridge.domain.ahead import Ahead
from tillbridge.domain.guard import Kind
from tillbridge.domain.hour import GuardLog

NUMBERS = st.integers(1, 999_999_999)
AHEADS = st.builds(
    Ahead,
    counts=st.dictionaries(st.sampled_from(Kind), NUMBERS),
    listings=st.none() | st.integers(0, 999_999),
    made=st.integers(0, 999_999),
    shelves=st.integers(0, 999_999),
    asked=st.integers(0, 10_000),
)


@given(AHEADS)
def test_it_is_read_as_it_was_written(ahead: Ahead) -> None:
    assert Ahead.of_text(ahead.as_text()) == ahead


def test_nothing_is_written_of_nothing() -> None:
    assert Ahead().as_text() == ""
    assert Ahead(counts={Kind.ZEROED: 0}, listings=0).as_text() == "l0"


@pytest.mark.parametrize("text", ["z", "7", "z-1", "z1 ", "x1", "z1234567890", "z٣"])
def test_anything_else_is_refused(text: str) -> None:  # invariant 7
    assert Ahead.of_text(text) is None


def test_it_counts_on_top_of_what_is_remembered() -> None:
    log = GuardLog().noting({Kind.ZEROED: 3, Kind.PRICE: 1}, NOON - timedelta(minutes=10))
    ahead = Ahead().adding({Kind.ZEROED: 4}).adding({Kind.ZEROED: 1, Kind.CREATED: 2})
    by_then = ahead.on(log, NOON)
    assert by_then.within_hour(NOON) == {Kind.ZEROED: 8, Kind.PRICE: 1, Kind.CREATED: 2}
    assert (by_then.listings, by_then.counted_at) == (0, None)


def test_listings_that_were_counted_on_the_way_are_not_counted_again() -> None:
    by_then = Ahead(listings=40).on(GuardLog(listings=7, counted_at=NOON - timedelta(days=3)), NOON)
    assert (by_then.listings, by_then.counted_at) == (40, NOON)


def test_the_stock_lane_begins_with_nothing_but_its_new_listings() -> None:
    ahead = Ahead(counts={Kind.CREATED: 2}, listings=40, made=2, shelves=5, asked=1)
    assert ahead.for_stock() == Ahead(made=5)
