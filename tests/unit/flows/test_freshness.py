from dataclasses import replace
from datetime import timedelta

import pytest

from tests.fakes.clock import NOON
from tillbridge.domain.work import Mark, Run
from tillbridge.flows.freshness import VALID, oldest_change, verified_share

pytestmark = pytest.mark.unit

DONE = Run(kind="reconcile", started_at=NOON, phase="done", done=4, counts={"verified": 3}, finished_at=NOON)


def test_the_oldest_change_counts_unless_it_stands_among_the_errors() -> None:
    marks = [
        Mark("1", NOON - timedelta(seconds=30), NOON),
        Mark("2", NOON - timedelta(seconds=70), NOON + timedelta(hours=1)),
        Mark("3", NOON - timedelta(days=9), NOON, tries=4),
    ]
    assert oldest_change(marks, NOON) == timedelta(seconds=70)
    assert oldest_change([], NOON) == timedelta()


@pytest.mark.parametrize(
    ("run", "age", "share"),
    [
        (DONE, timedelta(), 0.75),
        (DONE, VALID, 0.75),
        (DONE, VALID + timedelta(seconds=1), 0.0),
        (replace(DONE, done=0, counts={}), timedelta(), 1.0),
        (replace(DONE, phase="listings"), timedelta(), 0.0),
        (None, timedelta(), 0.0),
    ],
)
def test_a_reconcile_speaks_for_its_shop_for_a_day(run: Run | None, age: timedelta, share: float) -> None:
    assert verified_share(run, NOON + age) == share
