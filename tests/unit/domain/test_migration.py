"""Every stage with every move, what is due when, and that no way through loses a credential."""

from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tillbridge.domain.errors import InputError
from tillbridge.domain.migration import (
    COMPARE_AGAIN,
    FOLLOWS,
    HISTORY,
    LOOK_EVERY,
    REMIND_DAYS,
    TAKE_OVER_AGAIN,
    Due,
    Entry,
    Migration,
    Move,
    Stage,
    due,
    look_at,
    moved,
    reminded,
    reminder,
    troubled,
)
from tillbridge.domain.vendor_events import LIGHTSPEED_KEYS, SHOPIFY_TOKENS, VendorEvent

assert LIGHTSPEED_KEYS.ends_at
END = LIGHTSPEED_KEYS.ends_at
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
EARLY = END - 100 * DAY


def migration(stage: Stage = Stage.KEY_ONLY, **changes: Any) -> Migration:
    values = {"connection_id": "c1", "merchant_id": "m1", "event": LIGHTSPEED_KEYS.name, "since": EARLY}
    return Migration(stage=stage, **{**values, **changes})


WAYS = {
    Stage.KEY_ONLY: {Move.INVITE: Stage.INVITED, Move.AUTHORISE: Stage.AUTHORISED},
    Stage.INVITED: {Move.INVITE: Stage.INVITED, Move.AUTHORISE: Stage.AUTHORISED},
    Stage.AUTHORISED: {
        Move.AUTHORISE: Stage.AUTHORISED,
        Move.VERIFY: Stage.VERIFIED,
        Move.DIFFER: Stage.AUTHORISED,
        Move.LOSE: Stage.KEY_ONLY,
    },
    Stage.VERIFIED: {
        Move.AUTHORISE: Stage.AUTHORISED,
        Move.VERIFY: Stage.VERIFIED,
        Move.DIFFER: Stage.AUTHORISED,
        Move.LOSE: Stage.KEY_ONLY,
        Move.SWITCH: Stage.SWITCHED,
    },
    Stage.SWITCHED: {
        Move.AUTHORISE: Stage.SWITCHED,
        Move.GO_BACK: Stage.AUTHORISED,
        Move.RETIRE: Stage.RETIRED,
    },
    Stage.RETIRED: {Move.AUTHORISE: Stage.RETIRED},
}


@pytest.mark.parametrize(("stage", "move"), list(product(Stage, Move)))
def test_what_may_follow_what(stage: Stage, move: Move) -> None:
    wanted = WAYS[stage].get(move)
    if wanted is not None:
        after = moved(migration(stage), move, END, "why")
        assert after.stage is wanted
        assert (after.history[-1].move, after.history[-1].stage, after.history[-1].note) == (move, wanted, "why")
        assert after.since == (EARLY if wanted is stage else END)
        return
    with pytest.raises(InputError) as refused:
        moved(migration(stage), move, END)
    assert (refused.value.code, bool(refused.value.remedy)) == ("MigrationOrder", True)


def test_only_a_verified_one_is_switched_and_only_a_switched_one_retired() -> None:  # invariant 3
    assert {stage for stage, move in FOLLOWS if move is Move.SWITCH} == {Stage.VERIFIED}
    assert {stage for stage, move in FOLLOWS if move is Move.RETIRE} == {Stage.SWITCHED}
    assert {stage for stage, move in FOLLOWS if move is Move.VERIFY} == {Stage.AUTHORISED, Stage.VERIFIED}


@given(st.lists(st.sampled_from(Move), max_size=60))
def test_no_way_through_loses_a_credential(moves: list[Move]) -> None:  # invariant 3
    """Play the vault along: whichever credential serves is there at every moment, and none is destroyed too early."""
    current, old, new, verified = migration(), True, False, False
    for move in moves:
        if (current.stage, move) not in FOLLOWS:
            continue
        current = moved(current, move, END)
        new = (new or move is Move.AUTHORISE) and move is not Move.LOSE
        verified = move in {Move.VERIFY, Move.SWITCH} or (verified and move in {Move.AUTHORISE, Move.RETIRE})
        old = old and current.stage is not Stage.RETIRED  # destroyed as soon as it may be
        assert old if current.served_by_old else new
        assert current.served_by_old or verified
    assert len(current.history) <= HISTORY


def test_a_step_ends_the_problem_but_a_setback_does_not() -> None:
    stuck = troubled(migration(Stage.AUTHORISED), "They differ.", "Look.", END)
    assert (moved(stuck, Move.VERIFY, END).problem, moved(stuck, Move.DIFFER, END).problem) == ("", "They differ.")


BACK = (Entry(EARLY, Move.GO_BACK, Stage.AUTHORISED),)
COMPARED_LATELY: dict[str, Any] = {"problem": "x", "problem_at": EARLY - HOUR + timedelta(seconds=1)}
TABLE: list[tuple[str, Migration, VendorEvent, timedelta, bool, Due]] = [
    ("on its way", migration(), LIGHTSPEED_KEYS, 100 * DAY, False, Due.NOTHING),
    ("sixty days before", migration(), LIGHTSPEED_KEYS, 60 * DAY, False, Due.REMIND),
    ("reminded of it", migration(reminded=(60,)), LIGHTSPEED_KEYS, 59 * DAY, False, Due.NOTHING),
    ("the next day for reminding", migration(reminded=(60,)), LIGHTSPEED_KEYS, 30 * DAY, False, Due.REMIND),
    ("invited is not done", migration(Stage.INVITED), LIGHTSPEED_KEYS, DAY, False, Due.REMIND),
    ("authorised", migration(Stage.AUTHORISED), LIGHTSPEED_KEYS, 100 * DAY, False, Due.COMPARE),
    ("compared lately", migration(Stage.AUTHORISED, **COMPARED_LATELY), LIGHTSPEED_KEYS, 100 * DAY, False, Due.NOTHING),
    ("verified is not reminded", migration(Stage.VERIFIED), LIGHTSPEED_KEYS, DAY, False, Due.NOTHING),
    ("switched is not reminded", migration(Stage.SWITCHED), LIGHTSPEED_KEYS, DAY, False, Due.NOTHING),
    ("the day has come", migration(), LIGHTSPEED_KEYS, timedelta(), False, Due.STOP),
    ("the day has come, invited", migration(Stage.INVITED), LIGHTSPEED_KEYS, -DAY, False, Due.STOP),
    ("stopped already", migration(stopped_at=END), LIGHTSPEED_KEYS, -DAY, True, Due.NOTHING),
    ("verified when the day comes", migration(Stage.VERIFIED), LIGHTSPEED_KEYS, timedelta(), False, Due.TAKE_OVER),
    ("authorised when the day comes", migration(Stage.AUTHORISED), LIGHTSPEED_KEYS, -DAY, False, Due.TAKE_OVER),
    ("the key was refused early", migration(Stage.AUTHORISED), LIGHTSPEED_KEYS, 50 * DAY, True, Due.TAKE_OVER),
    ("refused early, nothing new", migration(), LIGHTSPEED_KEYS, 90 * DAY, True, Due.NOTHING),
    ("stopped, then postponed", migration(stopped_at=END), LIGHTSPEED_KEYS, DAY, True, Due.RESUME),
    ("switched, still paused", migration(Stage.SWITCHED, stopped_at=END), LIGHTSPEED_KEYS, -DAY, True, Due.RESUME),
    ("retired", migration(Stage.RETIRED), LIGHTSPEED_KEYS, -DAY, False, Due.DESTROY),
    ("all done", migration(Stage.RETIRED, destroyed=True), LIGHTSPEED_KEYS, -DAY, False, Due.NOTHING),
    ("to be exchanged", migration(), SHOPIFY_TOKENS, 100 * DAY, False, Due.OBTAIN),
    ("exchange failed lately", migration(**COMPARED_LATELY), SHOPIFY_TOKENS, 100 * DAY, False, Due.NOTHING),
    ("exchanged", migration(Stage.AUTHORISED), SHOPIFY_TOKENS, 100 * DAY, False, Due.TAKE_OVER),
    ("exchanged and compared", migration(Stage.VERIFIED), SHOPIFY_TOKENS, 100 * DAY, False, Due.TAKE_OVER),
    ("exchanged, somebody went back", migration(Stage.VERIFIED, history=BACK), SHOPIFY_TOKENS, DAY, False, Due.NOTHING),
    ("nobody is reminded of an exchange", migration(**COMPARED_LATELY), SHOPIFY_TOKENS, 1 * DAY, False, Due.OBTAIN),
]


@pytest.mark.parametrize("line", TABLE, ids=[line[0] for line in TABLE])
def test_what_is_due(line: tuple[str, Migration, VendorEvent, timedelta, bool, Due]) -> None:
    _, given_migration, event, before, paused, expected = line
    assert event.ends_at
    now = event.ends_at - before
    if event is SHOPIFY_TOKENS and given_migration.problem_at and expected is Due.NOTHING:
        given_migration = replace(given_migration, problem_at=now - HOUR + timedelta(seconds=1))
    assert due(given_migration, event, now, paused=paused) is expected


def test_each_day_is_reminded_of_once() -> None:
    current, told = migration(), []
    for hours in range(70 * 24, -24, -1):
        now = END - hours * HOUR
        if (day := reminder(current, LIGHTSPEED_KEYS, now)) is not None:
            told.append((day, LIGHTSPEED_KEYS.days_left(now)))
            current = reminded(current, day)
    assert told == [(day, day) for day in REMIND_DAYS]


def test_whoever_joins_late_is_reminded_once_at_first() -> None:
    now = END - 5 * DAY
    assert reminder(migration(), LIGHTSPEED_KEYS, now) == 7
    assert reminder(reminded(migration(), 7), LIGHTSPEED_KEYS, now) is None
    assert reminded(migration(), 7).reminded == (7, 14, 30, 60)


def test_the_next_look_is_when_something_can_become_due() -> None:
    assert look_at(migration(), LIGHTSPEED_KEYS, EARLY) == EARLY + LOOK_EVERY
    assert look_at(migration(), LIGHTSPEED_KEYS, END - 2 * HOUR) == END
    assert look_at(migration(), LIGHTSPEED_KEYS, END - 30 * DAY - HOUR) == END - 30 * DAY
    stuck = troubled(migration(Stage.AUTHORISED), "x", "y", EARLY)
    assert look_at(stuck, LIGHTSPEED_KEYS, EARLY) == EARLY + COMPARE_AGAIN
    after = END + DAY
    urgent = troubled(migration(Stage.AUTHORISED), "x", "y", after)
    assert look_at(urgent, LIGHTSPEED_KEYS, after) == after + TAKE_OVER_AGAIN  # the old one serves no longer
    assert look_at(migration(Stage.RETIRED), LIGHTSPEED_KEYS, END) == END + LOOK_EVERY
    assert look_at(migration(Stage.RETIRED, destroyed=True), LIGHTSPEED_KEYS, END) is None


@pytest.mark.parametrize(
    ("one", "before", "risky"),
    [
        (migration(), 15 * DAY, False),
        (migration(), 14 * DAY, True),
        (migration(problem="x"), 90 * DAY, True),
        (migration(stopped_at=END), timedelta(), True),
        (migration(Stage.SWITCHED, problem="x"), DAY, False),
        (migration(Stage.VERIFIED), DAY, True),
    ],
)
def test_who_is_at_risk(one: Migration, before: timedelta, risky: bool) -> None:  # noqa: FBT001
    assert one.at_risk(LIGHTSPEED_KEYS, END - before) is risky
