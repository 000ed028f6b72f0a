"""The row that says who serves a lane, in memory and in the table."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from unittest.mock import patch

import pytest

from tests.fakes.clock import NOON
from tests.fakes.repositories import Repositories
from tillbridge.domain.merchant import Lane
from tillbridge.domain.work import LaneLease
from tillbridge.store.errors import ConditionFailedError
from tillbridge.store.leases import StoredLaneLeases
from tillbridge.store.table import Table

FIRST = LaneLease(fence=1, holder="a", until=NOON)
NOBODY = LaneLease(fence=1)
OTHERS = [
    LaneLease(),
    NOBODY,
    replace(FIRST, fence=2),
    replace(FIRST, holder="b"),
    replace(FIRST, until=NOON + timedelta(microseconds=1)),
]


def test_a_lane_that_was_never_taken(stores: Repositories) -> None:
    assert stores.leases.get("s", Lane.STOCK) == LaneLease()


def test_a_lease_is_taken_extended_given_back_and_taken_again(stores: Repositories) -> None:
    longer = replace(FIRST, until=NOON + timedelta(seconds=45))
    second = LaneLease(fence=2, holder="b", until=NOON)
    story = [LaneLease(), FIRST, longer, NOBODY, second]
    for old, new in pairwise(story):
        assert stores.leases.swap("s", Lane.STOCK, old, new)
        assert stores.leases.get("s", Lane.STOCK) == new
    assert stores.leases.get("s", Lane.CATALOGUE) == LaneLease()


@pytest.mark.parametrize("seen", OTHERS, ids=str)
def test_whoever_has_seen_something_else_changes_nothing(stores: Repositories, seen: LaneLease) -> None:
    stores.leases.swap("s", Lane.STOCK, LaneLease(), FIRST)
    assert not stores.leases.swap("s", Lane.STOCK, seen, LaneLease(fence=9, holder="z", until=NOON))
    assert stores.leases.get("s", Lane.STOCK) == FIRST


def test_a_try_whose_answer_was_lost_counts(table: Table) -> None:
    """The client asks again by itself, and then the condition no longer holds: because of ourselves."""
    leases = StoredLaneLeases(table)
    leases.swap("s", Lane.STOCK, LaneLease(), FIRST)
    with patch.object(Table, "put", side_effect=ConditionFailedError):
        assert leases.swap("s", Lane.STOCK, LaneLease(), FIRST)
        assert not leases.swap("s", Lane.STOCK, LaneLease(), replace(FIRST, holder="b"))
