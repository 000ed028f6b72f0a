"""What is held, and what is let through."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tillbridge.domain.guard import (
    SHARES,
    Change,
    GuardBounds,
    Kind,
    bounded,
    count,
    judge,
    leap,
    most,
    needs_listings,
    sample,
)
from tillbridge.domain.settings import MerchantSettings

DEFAULT = MerchantSettings().guard_bounds
OFF = GuardBounds(zeroed=Decimal(0), unpublished=Decimal(0), repriced=Decimal(0), price=Decimal(0), created=0, floor=0)


def changes(number: int, kind: Kind = Kind.ZEROED, leap_of: str = "0") -> list[Change]:
    return [Change(str(one), kind, leap=Decimal(leap_of)) for one in range(number)]


@pytest.mark.parametrize(
    ("kind", "number", "before", "listings", "cause"),
    [
        (Kind.ZEROED, 10, 0, 10, ""),  # never for ten or fewer, however small the shop
        (Kind.ZEROED, 11, 0, 10, "11 of 10 listings would be zeroed within an hour; at most 20 % may."),
        (Kind.ZEROED, 200, 0, 1000, ""),
        (Kind.ZEROED, 201, 0, 1000, "201 of 1,000 listings would be zeroed within an hour; at most 20 % may."),
        (Kind.ZEROED, 20, 180, 1000, ""),
        (Kind.ZEROED, 20, 600, 1000, "620 of 1,000 listings would be zeroed within an hour; at most 20 % may."),
        (Kind.UNPUBLISHED, 200, 0, 1000, ""),
        (
            Kind.UNPUBLISHED,
            201,
            0,
            1000,
            "201 of 1,000 listings would be unpublished within an hour; at most 20 % may.",
        ),
        (Kind.REPRICED, 500, 0, 1000, ""),
        (
            Kind.REPRICED,
            501,
            0,
            1000,
            "501 of 1,000 listings would have other prices within an hour; at most 50 % may.",
        ),
        (Kind.CREATED, 1000, 0, 0, ""),
        (Kind.CREATED, 1, 1000, 9000, "1,001 products would be created within an hour; at most 1,000 may."),
    ],
)
def test_bounds(kind: Kind, number: int, before: int, listings: int, cause: str) -> None:
    verdict = judge(changes(number, kind), {kind: before}, listings, DEFAULT)
    assert verdict.causes == ({kind: cause} if cause else {})
    assert set(verdict.held) == ({change.key for change in changes(number)} if cause else set())


def test_a_leap_holds_that_price_only_and_names_the_worst() -> None:
    mine = [
        Change("I1", Kind.PRICE, "CUP", "regular_price", "10", "100", Decimal(900)),
        Change("I2", Kind.PRICE, "JUG", "regular_price", "10", "2", Decimal(80)),
        Change("I3", Kind.PRICE, "POT", "regular_price", "10", "17.5", Decimal(75)),
    ]
    caught = bounded(mine, DEFAULT)
    assert [change.key for change in caught] == ["I1", "I2"]
    verdict = judge(caught, {}, 0, DEFAULT)
    assert verdict.held == {"I1": Kind.PRICE, "I2": Kind.PRICE}
    assert verdict.causes == {Kind.PRICE: "A price would change by more than 75 %: that of CUP from 10 to 100 (900 %)."}
    assert [change.key for change in sample(mine, {"I1", "I2"}, Kind.PRICE)] == ["I1", "I2"]


def test_a_key_is_held_once_for_the_first_of_its_kinds() -> None:
    both = [Change("I1", Kind.PRICE, leap=Decimal(99)), *changes(600, Kind.REPRICED), Change("I1", Kind.REPRICED)]
    verdict = judge(both, {}, 1000, DEFAULT)
    assert verdict.held["I1"] is Kind.PRICE
    assert verdict.held["5"] is Kind.REPRICED


@pytest.mark.parametrize("kind", Kind)
def test_a_bound_that_is_switched_off_holds_nothing(kind: Kind) -> None:
    assert bounded(changes(9999, kind, "9999"), OFF) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("10", "15", "50"),
        ("10", "5", "50"),
        ("10", "100", "900"),
        ("19.99", "1.99", "90.0"),
        ("0", "5", "0"),
        ("3", "0", "100"),
    ],
)
def test_leaps_are_per_cent_of_the_old_price(old: str, new: str, expected: str) -> None:
    assert leap(Decimal(old), Decimal(new)) == Decimal(expected)


def test_without_an_old_or_a_new_price_nothing_leaps() -> None:
    assert leap(None, Decimal(5)) == leap(Decimal(5), None) == 0


KINDS = st.sampled_from(Kind)
CHANGES = st.lists(
    st.builds(Change, key=st.text("abcdefgh", min_size=1, max_size=2), kind=KINDS, leap=st.decimals(0, 200, places=0)),
    max_size=60,
)
BOUNDS = st.builds(
    GuardBounds,
    **dict.fromkeys(("zeroed", "unpublished", "repriced", "price"), st.decimals(0, 100, places=0)),
    **dict.fromkeys(("created", "floor"), st.integers(0, 20)),
)
BEFORE = st.dictionaries(KINDS, st.integers(0, 30))


@given(CHANGES, BEFORE, st.integers(0, 200), BOUNDS)
def test_no_bound_is_ever_exceeded_by_what_passes(  # invariant 1
    mine: list[Change], before: dict[Kind, int], listings: int, bounds: GuardBounds
) -> None:
    caught = bounded(mine, bounds)
    verdict = judge(caught, before, listings, bounds)
    passing = [change for change in mine if change.key not in verdict.held]
    counted = count(passing)
    for kind in SHARES:
        if bounds.bounds(kind) and counted.get(kind):
            assert counted[kind] + before.get(kind, 0) <= most(bounds.share(kind), listings, bounds.floor)
    if bounds.bounds(Kind.CREATED) and counted.get(Kind.CREATED):
        assert counted[Kind.CREATED] + before.get(Kind.CREATED, 0) <= bounds.created
    if bounds.bounds(Kind.PRICE):
        assert all(change.leap <= bounds.price for change in passing if change.kind is Kind.PRICE)


@given(CHANGES, BEFORE, st.integers(0, 200), BOUNDS)
def test_nothing_is_held_without_a_cause_and_a_change(
    mine: list[Change], before: dict[Kind, int], listings: int, bounds: GuardBounds
) -> None:
    verdict = judge(bounded(mine, bounds), before, listings, bounds)
    assert set(verdict.held.values()) <= set(verdict.causes)
    for key, kind in verdict.held.items():
        assert any(change.key == key and change.kind is kind for change in mine)
        assert bounds.bounds(kind)


@given(CHANGES, BEFORE, st.integers(0, 200), BOUNDS)
def test_where_listings_need_not_be_counted_their_number_changes_nothing(
    mine: list[Change], before: dict[Kind, int], listings: int, bounds: GuardBounds
) -> None:
    caught = bounded(mine, bounds)
    if not needs_listings(caught, before, bounds):
        assert judge(caught, before, 0, bounds).held == judge(caught, before, listings, bounds).held
