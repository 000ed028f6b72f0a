"""Cursors, runs, rejected rows, budgets and marks."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.fakes.clock import NOON, FakeClock
from tests.fakes.repositories import Repositories
from tillbridge.domain.merchant import Lane
from tillbridge.domain.work import Cursor, Mark, Reject, Run

SECOND = timedelta(seconds=1)


def mark(key: str = "I42", seconds: float = 0) -> Mark:
    return Mark(key, since=NOON, due_at=NOON + seconds * SECOND)


def test_cursors_are_kept_by_name(stores: Repositories) -> None:
    assert stores.cursors.get("c1", "stock") is None
    stores.cursors.put("c1", "stock", Cursor(NOON, open=True))
    stores.cursors.put("c1", "items", Cursor(NOON + 0.000001 * SECOND))
    assert stores.cursors.get("c1", "stock") == Cursor(NOON, open=True)
    assert stores.cursors.get("c1", "items") == Cursor(NOON + 0.000001 * SECOND)


def test_runs_are_kept_by_name(stores: Repositories) -> None:
    run = Run(kind="full read", started_at=NOON, phase="items", after="17", done=100, last="900", marked=3, first=True)
    assert stores.runs.get("c1", "full-read") is None
    stores.runs.put("c1", "full-read", run)
    assert stores.runs.get("c1", "full-read") == run
    ended = replace(run, open=True, finished_at=NOON + SECOND, stock_from=NOON, phase="done")
    stores.runs.put("c1", "full-read", ended)
    assert stores.runs.get("c1", "full-read") == ended


def test_rejected_rows_are_replaced_by_thing(stores: Repositories) -> None:
    first, other = Reject("item 42", "No price.", "Give it one.", NOON), Reject("item #7", "No id.", "", NOON)
    again = replace(first, happened="Still no price.", seen_at=NOON + SECOND)
    stores.rejects.put("till", [first, other])
    stores.rejects.put("till", [again])
    assert sorted(stores.rejects.list("till"), key=lambda one: one.thing) == [other, again]


def test_rejected_rows_are_forgotten_after_two_days(stored: Repositories, clock: FakeClock) -> None:
    stored.rejects.put("till", [Reject("item 42", "No price.", "Give it one.", NOON)])
    clock.advance(hours=48)
    assert len(stored.rejects.list("till")) == 1
    clock.advance(seconds=1)
    assert list(stored.rejects.list("till")) == []


def test_the_last_budget_counts(stores: Repositories) -> None:
    assert stores.budgets.load("c1") is None
    stores.budgets.save("c1", {"level": "12.5", "size": "180"})
    stores.budgets.save("c1", {"level": "3"})
    assert stores.budgets.load("c1") == {"level": "3"}


def test_marks_come_when_they_are_due_earliest_first(stores: Repositories) -> None:
    marks = [mark("late", 60), mark("second", -1), mark("now", 0), mark("first", -60)]
    stores.marks.add("s1", Lane.STOCK, marks)
    assert [one.key for one in stores.marks.due("s1", Lane.STOCK, NOON, 10)] == ["first", "second", "now"]
    assert [one.key for one in stores.marks.due("s1", Lane.STOCK, NOON, 2)] == ["first", "second"]
    assert [one.key for one in stores.marks.waiting("s1", Lane.STOCK)] == ["first", "second", "now", "late"]
    assert [one.key for one in stores.marks.waiting("s1", Lane.STOCK, 1)] == ["first"]


def test_a_mark_is_read_as_it_was_added(stores: Repositories) -> None:
    wanted = Mark("I#4%2 🏕️", since=NOON - SECOND, due_at=NOON + 0.000001 * SECOND, tries=3, doubt=True)
    stores.marks.add("s1", Lane.CATALOGUE, [wanted])
    (read,) = stores.marks.waiting("s1", Lane.CATALOGUE)
    assert read == wanted
    assert read.row


def test_lanes_do_not_see_each_others_marks(stores: Repositories) -> None:
    stores.marks.add("s1", Lane.STOCK, [mark("42")])
    assert list(stores.marks.waiting("s1", Lane.CATALOGUE)) == []


def test_a_mark_made_during_a_push_is_not_lost(stores: Repositories) -> None:
    """# invariant 4: even when it says the same, at the same microsecond, as the one that was read"""
    stores.marks.add("s1", Lane.STOCK, [mark("42")])
    read = stores.marks.due("s1", Lane.STOCK, NOON, 10)
    stores.marks.add("s1", Lane.STOCK, [mark("42")])
    stores.marks.remove("s1", Lane.STOCK, read)
    (left,) = stores.marks.waiting("s1", Lane.STOCK)
    assert left == mark("42")
    assert left.row != read[0].row


def test_removing_twice_does_no_harm(stores: Repositories) -> None:
    stores.marks.add("s1", Lane.STOCK, [mark("42")])
    read = stores.marks.waiting("s1", Lane.STOCK)
    stores.marks.remove("s1", Lane.STOCK, [*read, *read])
    stores.marks.remove("s1", Lane.STOCK, read)
    assert list(stores.marks.waiting("s1", Lane.STOCK)) == []


def test_a_mark_is_taken_back_by_what_its_adding_gave(stores: Repositories) -> None:
    added = stores.marks.add("s1", Lane.STOCK, [mark("42"), mark("43")])
    assert list(added) == [mark("42"), mark("43")]
    stores.marks.add("s1", Lane.STOCK, [mark("42")])
    stores.marks.remove("s1", Lane.STOCK, added)
    assert [one.key for one in stores.marks.waiting("s1", Lane.STOCK)] == ["42"]


def test_a_mark_that_was_not_read_cannot_be_removed(stored: Repositories) -> None:
    with pytest.raises(ValueError, match="only marks that were read"):
        stored.marks.remove("s1", Lane.STOCK, [mark("42")])


def test_more_marks_than_a_page_holds(stores: Repositories) -> None:
    keys = [f"I{number:05}" for number in range(130)]
    stores.marks.add("s1", Lane.CATALOGUE, [mark(key) for key in keys])
    assert [one.key for one in stores.marks.due("s1", Lane.CATALOGUE, NOON, 1000)] == keys
    stores.marks.remove("s1", Lane.CATALOGUE, stores.marks.due("s1", Lane.CATALOGUE, NOON, 30))
    assert [one.key for one in stores.marks.due("s1", Lane.CATALOGUE, NOON, 1000)] == keys[30:]
