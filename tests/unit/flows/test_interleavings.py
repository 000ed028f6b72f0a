"""Till, merchant, shoppers, people and our workers in any order and in the middle of each other: it converges.

What it is held against: every figure written was justified by an answer of the till (invariant 1), every change is in
the shop in the end (invariant 4), what the merchant owns or deleted is left alone (invariant 6), and nothing is made
twice (invariant 8). ``make proof`` plays thousands more.
"""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.proof.interleaved import story
from tests.proof.lively import BY_DAY, HAPPENINGS, POST, TO_ITEMS, UNRECORDED, WORKS, Event, LivelyWorld
from tests.proof.lively_end import come_to_rest, complaints

pytestmark = pytest.mark.simulation

small = st.integers(0, 119)


def stories(things: Sequence[str]) -> st.SearchStrategy[list[Event]]:
    """Half of all is work of ours, which may be struck."""
    happenings = st.sampled_from([one for one in things if one not in WORKS])
    works = st.sampled_from([one for one in things if one in WORKS])
    inside = st.builds(Event, st.one_of(works, happenings.filter(lambda one: one != "expire")), small, small)
    meanwhile = st.lists(inside, max_size=3).map(tuple)
    struck = st.builds(Event, works | st.sampled_from(POST), small, small, st.integers(0, 60), st.booleans(), meanwhile)
    bought = st.builds(Event, st.just("order"), small, small.map(lambda number: number | 1))
    before = st.tuples(bought, st.sampled_from([Event("push orders"), Event("wait")]), inside)
    made = st.builds(
        Event, st.just("push products"), small, small, st.just(0), st.booleans(), before, st.just(UNRECORDED)
    )
    return st.lists(struck | made | st.builds(Event, works | happenings, small, small), max_size=25)


@settings(max_examples=150)
@given(stories(HAPPENINGS), st.booleans())
def test_anything_at_any_moment_converges(events: list[Event], filled: bool) -> None:  # noqa: FBT001
    # invariant 1  # invariant 4  # invariant 6  # invariant 8
    assert complaints(story(LivelyWorld(), events, filled=filled)) == []


@settings(max_examples=150)
@given(stories(BY_DAY), st.booleans())
def test_polls_and_pushes_alone_bring_every_change(events: list[Event], filled: bool) -> None:  # noqa: FBT001
    # invariant 1  # invariant 4
    assert complaints(story(LivelyWorld(nights=False), events, filled=filled)) == []


def by_day(*events: Event, filled: bool = True) -> list[str]:
    return complaints(story(LivelyWorld(nights=False), events, filled=filled))


LENGTH = 70
"""Steps of a first read of a lively world, at least."""


@pytest.mark.parametrize("then", ["sell", "zero", "price", "archive", "new sku"])
def test_what_a_killed_first_read_left_to_be_pushed_hears_of_later_changes(then: str) -> None:  # invariant 4
    for at in range(LENGTH):
        begun = (Event("read all", at=at, fatal=True), Event("push products"), Event("push stock"))
        changes = [Event(then, whom, 7) for whom in range(4)]
        assert by_day(*begun, *changes, filled=False) == [], at


def test_a_variant_whose_place_another_one_took_goes_off_sale() -> None:  # invariant 4
    made_anew = (Event("archive", 5), Event("new variant"))
    assert by_day(*made_anew) == []
    assert complaints(story(LivelyWorld(), [Event("delete", 5), Event("new variant")], filled=True)) == []


def test_a_variant_archived_while_a_creation_was_in_doubt_goes_off_sale() -> None:  # invariant 8
    for at in range(60):
        doubt = Event("push products", at=at, fatal=True)
        assert by_day(Event("read all"), doubt, Event("archive", 5), filled=False) == [], at


@pytest.mark.parametrize("end", ["cancel", "complete", "wait"])
def test_what_is_sold_before_it_is_recorded_is_not_sold_again(end: str) -> None:  # invariant 1  # invariant 4
    bought = (Event("order", 1, 1), Event("order", 2, 3), Event("push orders"))
    for fatal in (True, False):
        lost = Event("push products", at=0, fatal=fatal, meanwhile=bought, during=UNRECORDED)
        then = (Event(end), Event("push orders"), Event("restock", 1, 9), Event("push products"), Event("push stock"))
        assert by_day(Event("read all"), lost, *then, filled=False) == []


def test_an_item_that_is_gone_is_not_read_again_and_again() -> None:
    world = LivelyWorld()
    come_to_rest(world)
    world.stock("1", 20, 0)
    come_to_rest(world)
    world.happen(Event("zero", 0, 8))
    world.work("poll stock")
    world.till.delete("1")
    come_to_rest(world)
    assert complaints(world) == []


def test_the_witness_is_not_blind() -> None:
    """Hold it against stories with an end that is not right."""
    assert {what for what in TO_ITEMS if what in BY_DAY} >= {"sell", "price", "archive"}
    world = LivelyWorld()
    come_to_rest(world)
    listing = next(iter(world.market.all.values()))
    listing.quantities[""] = 77
    listing.fields["name"] = "Not the merchant's"
    world.market.wrong.append("stock of 1: 77")
    assert [told.partition(" ")[0] for told in complaints(world)] == ["unjustified", "not", f"{listing.key}:"]
