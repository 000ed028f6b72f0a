"""What waits for a person, and second readings."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.fakes.clock import NOON, FakeClock
from tests.fakes.people import hold
from tests.fakes.repositories import Repositories
from tillbridge.domain.guard import Kind
from tillbridge.domain.hour import GuardLog
from tillbridge.domain.merchant import Lane
from tillbridge.domain.product import ListingRef
from tillbridge.domain.work import Held, HoldState, Mark, Shelf
from tillbridge.store import holds as holds_module
from tillbridge.store.keys import Key
from tillbridge.store.table import Table

SHOP, TILL = "s1", "till"
MINUTE = timedelta(minutes=1)


def held(key: str, hold_id: str = "h1") -> Held:
    return Held(hold_id, Mark(key, NOON, NOON + MINUTE, tries=2, doubt=True, shown=3), NOON)


def test_holds_are_listed_until_they_are_settled_oldest_first(stores: Repositories) -> None:
    first, second = hold("h2"), hold("h1", created_at=NOON + MINUTE)
    assert stores.holds.put(SHOP, second, None)
    assert stores.holds.put(SHOP, first, None)
    assert stores.holds.unsettled(SHOP) == [first, second]
    assert stores.holds.get(SHOP, "h1") == second
    assert stores.holds.get(SHOP, "h3") is None
    released = replace(first, state=HoldState.RELEASED, decided_at=NOON)
    assert stores.holds.put(SHOP, released, first)
    assert stores.holds.unsettled(SHOP) == [released, second]
    settled = replace(released, settled=True)
    assert stores.holds.put(SHOP, settled, released)
    assert stores.holds.unsettled(SHOP) == [second]
    assert stores.holds.get(SHOP, "h2") == settled


def test_of_two_decisions_the_first_counts(stores: Repositories) -> None:
    stores.holds.put(SHOP, hold(), None)
    released = replace(hold(), state=HoldState.RELEASED, decided_at=NOON)
    assert stores.holds.put(SHOP, released, hold())
    assert not stores.holds.put(SHOP, replace(hold(), state=HoldState.DROPPED), hold())
    assert not stores.holds.put(SHOP, replace(hold(), cause="More."), hold())
    assert not stores.holds.put(SHOP, hold(cause="Another one."), None)
    assert stores.holds.get(SHOP, "h1") == released


def test_the_same_decision_twice_is_no_error(stores: Repositories) -> None:  # invariant 8
    stores.holds.put(SHOP, hold(), None)
    assert stores.holds.put(SHOP, hold(), None)
    released = replace(hold(), state=HoldState.RELEASED)
    assert stores.holds.put(SHOP, released, hold())
    assert stores.holds.put(SHOP, released, hold())


def test_a_settled_hold_is_forgotten_after_two_weeks(stored: Repositories, table: Table) -> None:
    stored.holds.put(SHOP, hold(settled=True), None)
    row = table.get(Key("S#s1#HOLD", "h1"))
    assert row is not None
    assert row["expires_at"] == int((NOON + holds_module.KEPT).timestamp())


def test_held_keys_are_found_by_key_and_by_hold(stores: Repositories) -> None:
    rows = [held("42"), held("43", "h2"), held("#4 2", "h1")]
    stores.holds.keep(SHOP, Lane.STOCK, rows)
    stores.holds.keep(SHOP, Lane.CATALOGUE, [held("I42")])
    assert stores.holds.find(SHOP, Lane.STOCK, ["42", "43", "44", "I42"]) == {"42": rows[0], "43": rows[1]}
    assert {one.mark.key for one in stores.holds.held(SHOP, Lane.STOCK, "h1")} == {"42", "#4 2"}
    stores.holds.keep(SHOP, Lane.STOCK, [held("42", "h2")])
    assert {one.mark.key for one in stores.holds.held(SHOP, Lane.STOCK, "h2")} == {"42", "43"}
    stores.holds.let_go(SHOP, Lane.STOCK, ["42", "43", "never held"])
    assert stores.holds.find(SHOP, Lane.STOCK, ["42", "43"]) == {}
    assert list(stores.holds.find(SHOP, Lane.CATALOGUE, ["I42"])) == ["I42"]


def test_more_held_keys_than_a_request_takes_can_go_while_they_are_read(stores: Repositories) -> None:
    keys = [str(number) for number in range(130)]
    stores.holds.keep(SHOP, Lane.STOCK, [held(key) for key in keys])
    seen = []
    for one in stores.holds.held(SHOP, Lane.STOCK, "h1"):
        seen.append(one.mark.key)
        stores.holds.let_go(SHOP, Lane.STOCK, [one.mark.key])
    assert sorted(seen) == sorted(keys)


def test_each_lane_remembers_for_itself(stores: Repositories) -> None:
    log = GuardLog(seen={Kind.ZEROED: ((NOON, 3),)}, listings=900, counted_at=NOON, filled=True)
    assert stores.holds.log(SHOP, Lane.STOCK) == GuardLog()
    stores.holds.put_log(SHOP, Lane.STOCK, log)
    assert stores.holds.log(SHOP, Lane.STOCK) == log
    assert stores.holds.log(SHOP, Lane.CATALOGUE) == GuardLog()


def test_shelves_are_counted(stores: Repositories) -> None:
    assert stores.shelves.count(SHOP) == 0
    stores.shelves.put(SHOP, [Shelf(item_id=str(number), ref=ListingRef(str(number))) for number in range(30)])
    assert stores.shelves.count(SHOP) == 30


def test_second_readings_are_asked_for_until_they_are_closed(stores: Repositories) -> None:
    stores.rechecks.ask(TILL, ["42", "43"])
    stores.rechecks.ask(TILL, ["42", "44"])
    assert sorted(stores.rechecks.asked(TILL)) == ["42", "43", "44"]
    assert len(stores.rechecks.asked(TILL, 2)) == 2
    stores.rechecks.answer(TILL, ["42"], NOON)
    stores.rechecks.close(TILL, ["42", "43"])
    assert stores.rechecks.asked(TILL) == ["44"]
    assert stores.rechecks.answers(TILL, ["42", "43"]) == {"42": NOON}
    stores.rechecks.answer(TILL, ["42"], NOON + MINUTE)
    assert stores.rechecks.answers(TILL, ["42"]) == {"42": NOON + MINUTE}


@pytest.mark.parametrize(("minutes", "known"), [(60, True), (61, False)])
def test_an_answer_is_forgotten_after_an_hour(
    stored: Repositories, clock: FakeClock, minutes: int, *, known: bool
) -> None:
    stored.rechecks.answer(TILL, ["42"], NOON)
    clock.advance(minutes=minutes)
    assert bool(stored.rechecks.answers(TILL, ["42"])) is known
