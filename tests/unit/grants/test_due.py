"""Which grants have their turn in a minute: all of them while they are few, an even share when they are many."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from tests.fakes.clock import NOON
from tests.fakes.people import place
from tillbridge.domain.grant import DueGrant
from tillbridge.grants.due import AT_ONCE, LATE, LEAST, DueBook
from tillbridge.grants.record import SHARDS

SECOND = timedelta(seconds=1)


@dataclass
class OnePart:
    """Records of which all that is due stands in one part of the index."""

    grants: list[DueGrant]
    asked: list[int] = field(default_factory=list)

    def due(self, shard: int, now: datetime, limit: int) -> list[DueGrant]:
        self.asked.append(shard)
        return sorted(self.grants, key=lambda grant: grant.due_at)[:limit] if shard == 0 else []


def due_since(*ages: timedelta) -> list[DueGrant]:
    return [DueGrant(place(f"c{number}"), NOON - age, None) for number, age in enumerate(ages)]


def turns(grants: list[DueGrant]) -> list[DueGrant]:
    return list(DueBook(OnePart(grants)).due(NOON))  # type: ignore[arg-type]


def test_few_have_their_turn_at_once() -> None:
    grants = due_since(*[SECOND] * LEAST)
    assert len(turns(grants)) == LEAST


def test_of_many_the_half_that_is_due_longest_has_its_turn() -> None:
    grants = due_since(*(number * SECOND for number in range(40)))
    assert [grant.due_at for grant in turns(grants)] == [NOON - number * SECOND for number in range(39, 19, -1)]


@pytest.mark.parametrize(("late", "taken"), [(30, 30), (10, 20)])
def test_whatever_is_late_has_its_turn(late: int, taken: int) -> None:
    assert len(turns(due_since(*[LATE] * late, *[SECOND] * (40 - late)))) == taken


def test_after_an_outage_no_part_keeps_the_others_waiting() -> None:
    assert len(turns(due_since(*[LATE] * 1000))) == AT_ONCE


def test_every_part_is_asked_and_another_one_first_each_minute() -> None:
    records = OnePart([])
    book = DueBook(records)  # type: ignore[arg-type]
    list(book.due(NOON))
    first = records.asked[0]
    assert sorted(records.asked) == list(range(SHARDS))
    records.asked.clear()
    list(book.due(NOON + timedelta(minutes=1)))
    assert records.asked[0] == (first + 1) % SHARDS
