"""A preview of a shop that sells already: what would be linked is shown by what would be changed of it."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.fakes.clock import FakeDeadline
from tests.fakes.world import SHOP, World
from tests.unit.domain.samples import item
from tests.unit.flows.market import add, decide, own, selling
from tests.unit.flows.operate.foresight import changes_in, compare, preview, sync
from tillbridge.domain.catalogue import ItemType
from tillbridge.domain.choice import Action
from tillbridge.domain.merchant import Lane
from tillbridge.domain.work import Mark
from tillbridge.flows.operate.foresee import MET_FIRST
from tillbridge.flows.operate.preview_answers import ChangeKind

pytestmark = pytest.mark.unit


@pytest.fixture
def world() -> World:
    made = selling()
    made.read_all()
    return made


def test_what_would_be_linked_is_changed_and_not_created(world: World) -> None:  # invariant 6  # invariant 8
    world.survey_only()
    rows = changes_in(preview(world, may_ask=True))
    changes = {change.key: change for change in rows if change.kind is not ChangeKind.STOCK}
    assert {key: change.kind for key, change in changes.items()} == {
        "I1": ChangeKind.CHANGE,
        "I2": ChangeKind.CHANGE,
        "I3": ChangeKind.CREATE,
        "M7": ChangeKind.CHANGE,
    }
    assert [changes[key].listing for key in ("I1", "I2", "I3", "M7")] == ["11", "12", "", "14"]
    prices = [field for field in changes["I1"].fields if field.field == "regular_price"]
    assert [(field.item, field.old, field.new) for field in prices] == [("1", "5", "12.5")]
    assert all(MET_FIRST not in change.why for change in changes.values())
    assert SHOP not in world.memory.links


def test_the_stock_of_what_would_be_linked_is_foretold_too(world: World) -> None:  # invariant 6
    world.survey_only()
    stock = [change for change in changes_in(preview(world, may_ask=True)) if change.kind is ChangeKind.STOCK]
    assert [
        (change.fields[0].item, change.listing, change.fields[0].old, change.fields[0].new) for change in stock
    ] == [
        ("1", "11", None, "10"),
        ("2", "12", None, "10"),
        ("4", "14/140", None, "10"),
        ("5", "14/141", None, "10"),
    ]


def test_linking_writing_and_stock_are_just_what_was_foretold(world: World) -> None:  # invariant 8
    world.survey_only()
    assert sum(one.calls for one in compare(world, may_ask=True)) == 2 + 2 + 1 + 2  # links, products, orders, stock


def test_before_a_survey_what_is_created_says_so(world: World) -> None:
    changes = {change.key: change for change in changes_in(preview(world))}
    assert {(change.kind, change.why) for change in changes.values()} == {(ChangeKind.CREATE, MET_FIRST)}


def test_a_listing_whose_item_has_a_successor_is_counted_with_that(world: World) -> None:  # invariant 8
    world.settle()
    world.till.put(replace(world.till.items["1"], archived=True))
    add(world, item("9", custom_sku="CUP"))
    world.stock("1", 1, 1)
    world.clock.advance(minutes=1)
    world.poll()
    rounds = compare(world, may_ask=True)
    assert [change.listing for change in changes_in(rounds) if change.fields[0].item == "9"] == ["11"]


def test_a_person_who_names_another_listing_moves_the_stock_there(world: World) -> None:
    world.settle()
    decide(world, "I1", Action.LINK, "13")
    rounds = compare(world, may_ask=True)
    assert {change.listing for change in changes_in(rounds) if change.key == "I1"} == {"13"}


@pytest.mark.parametrize("action", [Action.IGNORE, Action.CREATE])
def test_what_is_left_alone_or_made_anew_has_no_stock_to_be_written(world: World, action: Action) -> None:
    world.survey_only()
    decide(world, "I1", action)
    compare(world, may_ask=True)


def test_a_listing_that_was_deleted_is_asked_for_and_gets_no_stock(world: World) -> None:
    world.settle()
    del world.shop.products["11"]
    now = world.clock.now()
    world.keeper().marks.add(SHOP, Lane.CATALOGUE, [Mark("I1", since=now, due_at=now, doubt=True)])
    (change,) = changes_in(compare(world, may_ask=True))
    assert (change.key, change.kind) == ("I1", ChangeKind.BLOCKED)


def test_an_item_that_is_counted_from_now_on_gets_a_figure(world: World) -> None:
    world.till.put(replace(world.till.items["1"], item_type=ItemType.NON_INVENTORY))
    world.settle()
    world.till.put(replace(world.till.items["1"], item_type=ItemType.DEFAULT))
    world.clock.advance(minutes=1)
    world.poll()
    (change,) = changes_in(preview(world))
    assert (change.kind, change.fields[0].new) == (ChangeKind.STOCK, "10")
    compare(world)


@given(
    seed=st.integers(0, 10_000),
    meanwhile=st.sampled_from(("nothing", "asked", "read again")),
    floor=st.integers(0, 8),
    size=st.sampled_from((2, 5, 1000)),
    answers=st.sampled_from(("one", "many")),
)
@example(seed=8192, meanwhile="read again", floor=3, size=1000, answers="one")  # of many zeros the last is unconfirmed
def test_whatever_is_linked_on_the_way_is_foretold(  # invariant 1  # invariant 8
    seed: int, meanwhile: str, floor: int, size: int, answers: str
) -> None:
    world = _market(random.Random(seed))
    world.read_all()
    world.survey_only()
    world.change_settings(guard_floor=floor)
    with pytest.MonkeyPatch.context() as patch:
        for name in (
            "operate.foresee.ROUND",
            "operate.foresee.STOCK_ROUND",
            "push_catalogue.ROUND",
            "push_stock.ROUND",
        ):
            patch.setattr(f"tillbridge.flows.{name}", size)
        if meanwhile != "nothing":
            sync(world)
            _more(world, random.Random(seed + 1), given_up=4 if size == 1000 else 0)
            world.clock.advance(minutes=1)
            world.poll()
        if meanwhile == "read again":
            world.recheck()
        if answers == "many":
            patch.setattr("tillbridge.flows.operate.preview.STOP_MARGIN", FakeDeadline().left() + timedelta(days=1))
        compare(world, may_ask=True, counting=size == 1000)


def _market(dice: random.Random) -> World:
    """Make a till of simple items; of most the shop sells a thing with the same SKU, some of them twice."""
    world = World()
    world.shop.batch = 3
    for number in range(1, 21):
        world.till.put(item(str(number), custom_sku=f"S{number}"))
        world.stock(str(number), dice.choice((0, 0, 3, 20)), 0)
        for copy in range(dice.choice((0, 1, 1, 1, 2))):
            listing = own(world, f"{100 * (copy + 1) + number}", f"S{number}")
            listing.quantities[""] = dice.choice((0, 5))
    return world


def _more(world: World, dice: random.Random, given_up: int) -> None:
    """Let things appear that the shop sold when it was surveyed, others be given up, and stock move.

    An item and the successor that takes its listing are foreseen as one where one round looks at both.
    """
    own_skus = [one.variants[""]["sku"] for one in world.shop.products.values() if not one.key]
    for number in range(21, 27):
        add(world, item(str(number), custom_sku=dice.choice((*own_skus, f"S{number}"))))
    for one in dice.sample(sorted(world.till.items), given_up):
        world.till.put(replace(world.till.items[one], archived=True))
    for one in dice.sample(sorted(world.till.items), 8):
        world.stock(one, dice.choice((0, 7)), 0)
