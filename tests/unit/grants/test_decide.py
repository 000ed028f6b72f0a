"""The table of the decision, line by line."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.fakes.clock import NOON
from tests.fakes.people import place
from tillbridge.domain.grant import Grant, Secret, TokenPair
from tillbridge.grants.decide import Decision, Situation, Step, decide
from tillbridge.grants.record import Death, DeathCause, GrantRecord
from tillbridge.grants.timing import LEASE, LOOK, NEEDED

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
RECORD = GrantRecord(place=place("c1"), version=3, fence=7)
DEAD = Death(NOON, DeathCause.UNKNOWN, "")
LEASED = {"lease_until": NOON + LEASE}


def situation(life_left: timedelta = timedelta(), **changes: Any) -> Situation:
    """A token of one hour with so much life left; nobody refreshes, and there is time enough."""
    end = NOON + life_left
    pair = TokenPair(Secret("a"), Secret("r"), end - HOUR, end)
    version = changes.pop("vault", 3)
    asked = {name: changes.pop(name) for name in ("refused", "early", "time_left") if name in changes}
    base = Situation(
        now=NOON,
        grant=Grant(version, pair),
        record=replace(RECORD, **changes),
        refused=False,
        early=False,
        time_left=NEEDED,
    )
    return replace(base, **asked)


TABLE = [
    ("a newer pair in the vault", situation(HOUR, vault=4), Decision(Step.ADOPT)),
    ("a newer pair outlives an older one's death", situation(HOUR, vault=4, death=DEAD), Decision(Step.ADOPT)),
    ("a stale answer of the vault", situation(HOUR, vault=2), Decision(Step.WAIT, LOOK)),
    ("dead, though the token has life left", situation(HOUR, death=DEAD), Decision(Step.DEAD)),
    ("life enough", situation(61 * SECOND), Decision(Step.USE)),
    ("too little life", situation(60 * SECOND), Decision(Step.REFRESH)),
    ("ended", situation(-HOUR), Decision(Step.REFRESH)),
    ("refused by the till", situation(HOUR, refused=True), Decision(Step.REFRESH)),
    ("early, a third is left", situation(20 * MINUTE, early=True), Decision(Step.REFRESH)),
    ("early, more than a third is left", situation(20 * MINUTE + SECOND, early=True), Decision(Step.USE)),
    ("leased, token ended", situation(-SECOND, **LEASED), Decision(Step.WAIT, LOOK)),
    ("leased, token refused", situation(HOUR, refused=True, **LEASED), Decision(Step.WAIT, LOOK)),
    ("leased, but the token lasts", situation(30 * SECOND, **LEASED), Decision(Step.USE)),
    ("leased, but the token may end on the way", situation(5 * SECOND, **LEASED), Decision(Step.WAIT, LOOK)),
    ("the lease has run out", situation(-SECOND, lease_until=NOON), Decision(Step.REFRESH)),
    ("pausing", situation(-SECOND, retry_at=NOON + MINUTE), Decision(Step.RETRY_LATER, MINUTE)),
    ("pausing, but the token lasts", situation(30 * SECOND, retry_at=NOON + MINUTE), Decision(Step.USE)),
    ("the pause is over", situation(-SECOND, retry_at=NOON), Decision(Step.REFRESH)),
    (
        "four attempts within a minute",
        situation(-SECOND, attempts=tuple(NOON - seconds * SECOND for seconds in (50, 40, 30, 20))),
        Decision(Step.RETRY_LATER, 10 * SECOND),
    ),
    (
        "the first of four attempts is a minute ago",
        situation(-SECOND, attempts=tuple(NOON - seconds * SECOND for seconds in (60, 40, 30, 20))),
        Decision(Step.REFRESH),
    ),
    ("no time to store it", situation(-SECOND, time_left=NEEDED - SECOND), Decision(Step.RETRY_LATER)),
    ("no time, but the token lasts", situation(30 * SECOND, time_left=SECOND), Decision(Step.USE)),
]


@pytest.mark.parametrize(("given", "expected"), [line[1:] for line in TABLE], ids=[line[0] for line in TABLE])
def test_the_table(given: Situation, expected: Decision) -> None:  # invariant 3
    assert decide(given) == expected


def test_the_lease_outlives_what_it_protects() -> None:
    """A lock that ends before the call it protects protects nothing."""
    assert LEASE > NEEDED
