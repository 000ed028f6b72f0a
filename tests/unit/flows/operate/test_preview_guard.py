"""The guard as a preview shows it: what would be held, what is, what may pass, and what is read again."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.world import SHOP, World
from tests.unit.domain.test_ahead import AHEADS
from tests.unit.flows.guarded import archive, decide, full_shop, holds, reprice, round_trip, zero
from tests.unit.flows.operate.foresight import (
    asked_in,
    changes_in,
    compare,
    desk_of,
    foretold,
    held_in,
    preview,
    sync,
)
from tillbridge.domain.ahead import Ahead
from tillbridge.domain.errors import InputError
from tillbridge.domain.guard import Kind
from tillbridge.domain.merchant import Lane
from tillbridge.domain.work import HoldState, Mark
from tillbridge.flows.operate.preview import Question
from tillbridge.flows.operate.preview_answers import ChangeKind, PlannedChange
from tillbridge.flows.operate.preview_place import Place

MANY = range(1, 21)
CAUSE = "20 of 40 listings would be zeroed within an hour; at most 20 % may."


def poll(world: World) -> World:
    world.clock.advance(seconds=30)
    world.poll()
    return world


def the_kind(world: World, **changes: str) -> ChangeKind:
    (kind,) = {change.kind for change in changes_in(preview(world, changes))}
    return kind


def only(world: World) -> PlannedChange:
    (change,) = changes_in(preview(world))
    return change


def test_zeros_that_nobody_expects_are_read_again_first() -> None:  # invariant 1
    world = full_shop()
    zero(world, *MANY)
    poll(world)
    rounds = compare(world)
    assert asked_in(rounds) == {str(number) for number in MANY}
    (why,) = {change.why for change in changes_in(rounds)}
    assert why.startswith("The till is read a second time before the shop is set to zero.")
    assert changes_in(rounds)[0].fields[0].new == "0"
    assert sum(one.calls for one in rounds) == 1  # the orders


def test_what_a_second_reading_confirmed_is_held_with_its_cause() -> None:  # invariant 1
    world = full_shop()
    zero(world, *MANY)
    poll(world)
    world.push()
    world.recheck()
    told = held_in(compare(world))
    assert told.keys() == {(Lane.STOCK, str(number)) for number in MANY}
    assert {(one.held_for, one.hold, one.why) for one in told.values()} == {(Kind.ZEROED, "", CAUSE)}


def test_what_is_held_already_names_its_hold_until_somebody_decides() -> None:
    world = full_shop()
    zero(world, *MANY)
    round_trip(world)
    (hold,) = holds(world)
    told = held_in(compare(world))
    assert {(one.held_for, one.hold, one.why) for one in told.values()} == {(Kind.ZEROED, hold.hold_id, CAUSE)}

    decide(world, HoldState.RELEASED)
    rows = changes_in(preview(world))
    assert {(one.kind, one.why) for one in rows} == {(ChangeKind.STOCK, f"Hold {hold.hold_id} was released.")}
    assert len(foretold(compare(world))) == len(MANY)


def test_what_was_dropped_is_shown_as_that() -> None:
    world = full_shop()
    archive(world, *MANY)
    round_trip(world)
    (hold,) = holds(world)
    decide(world, HoldState.DROPPED)
    for _ in range(2):  # before the lane has carried it out, and after that
        rows = changes_in(compare(world))
        assert {(one.kind, one.hold) for one in rows} == {(ChangeKind.DROPPED, hold.hold_id)}
        assert len(rows) == len(MANY)


def test_what_has_expired_is_judged_afresh() -> None:
    world = full_shop()
    archive(world, *MANY)
    round_trip(world)
    world.clock.advance(hours=25)
    told = held_in(compare(world))
    assert len(told) == len(MANY)
    assert {(one.held_for, one.hold) for one in told.values()} == {(Kind.UNPUBLISHED, "")}


def test_a_bound_that_is_tried_out() -> None:
    world = full_shop(guard_price=75)
    reprice(world, "25", 1)
    poll(world)
    assert the_kind(world) is ChangeKind.HELD
    assert the_kind(world, guard_price="off") is ChangeKind.CHANGE
    assert the_kind(world, guard_price="200") is ChangeKind.CHANGE
    assert only(world).fields[0].new == "25"
    assert holds(world) == []


def test_a_hold_ends_by_a_bound_that_is_switched_off() -> None:
    world = full_shop()
    archive(world, *MANY)
    round_trip(world)
    assert the_kind(world) is ChangeKind.HELD
    assert the_kind(world, guard_unpublished="off") is ChangeKind.UNPUBLISH


def test_a_released_change_says_as_well_that_the_last_try_was_refused() -> None:
    world = full_shop(guard_price=75)
    reprice(world, "250", 1)
    round_trip(world)
    (hold,) = holds(world)
    decide(world, HoldState.RELEASED)
    world.shop.refuse = {"I1"}
    world.push()
    assert only(world).kind is ChangeKind.HELD  # its permission waits for the next try
    world.clock.advance(hours=7)
    assert only(world).why == f"The last try was refused: The shop does not like it. Hold {hold.hold_id} was released."


@pytest.mark.parametrize(("shown", "kind"), [(7, ChangeKind.HELD), (0, ChangeKind.STOCK)])
def test_of_zeros_of_which_nothing_is_known_the_shop_is_asked_as_the_push_asks(  # invariant 1
    shown: int, kind: ChangeKind
) -> None:
    world = full_shop(safety_stock=3)
    world.change_settings(safety_stock=0)
    sync(world)
    world.clock.advance(hours=2)
    now = world.clock.now()
    for number in MANY:
        world.shop.products[str(number)].quantities[""] = shown
    doubts = [Mark(str(number), since=now, due_at=now, doubt=True, shown=shown) for number in MANY]
    world.keeper().marks.add(SHOP, Lane.STOCK, doubts)
    world.change_settings(guard_zeroed=60)
    rounds = compare(world, {"safety_stock": "3"}, may_ask=True)
    found = {change.fields[0].item: change for change in changes_in(rounds)}
    assert {found[str(number)].fields[0].old for number in MANY} == {None}
    assert {found[str(number)].kind for number in MANY} == {kind}
    assert "observe" in world.shop.calls


def test_an_answer_that_breaks_off_within_a_round_goes_on_with_the_same_judgement(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = full_shop()
    archive(world, *MANY)
    reprice(world, "13", *range(21, 31))
    zero(world, *range(35, 41))
    poll(world)
    whole, calls = changes_in(preview(world)), sum(one.calls for one in preview(world))
    for module in ("foresee", "preview"):
        monkeypatch.setattr(f"tillbridge.flows.operate.{module}.ANSWER_BYTES", 500)
    parts = preview(world)
    assert len(parts) > 10
    assert changes_in(parts) == whole
    assert sum(one.calls for one in parts) == calls
    assert [sum(one.products for one in parts), sum(one.items for one in parts)] == [40, 40]


def test_a_round_is_told_again_when_the_place_within_it_is_gone() -> None:
    world = full_shop()
    archive(world, *MANY)
    poll(world)
    portion = desk_of(world).show(Question(merchant="m1", changes={}, after=f"m1:{SHOP}:>I999"), world.deadline)
    assert changes_in(portion.rows) == changes_in(preview(world))


@given(after=st.sampled_from(("", "M7", "I42", "S", "S42")), shown=st.sampled_from(("", "I9")), ahead=AHEADS)
def test_a_place_is_read_as_it_was_written(after: str, shown: str, ahead: Ahead) -> None:
    place = replace(Place(after), shown=shown, ahead=ahead)
    assert Place.of(str(place)) == place


@pytest.mark.parametrize("place", ["I1~", "I1~x9", "I1>", "I1>I2>I3", "~u1~u2"])
def test_a_place_that_is_none_is_refused(place: str) -> None:  # invariant 7
    world = full_shop(number=1)
    with pytest.raises(InputError, match="has no place") as caught:
        desk_of(world).show(Question(merchant="m1", changes={}, after=f"m1:{SHOP}:{place}"), world.deadline)
    assert caught.value.field == "after"
