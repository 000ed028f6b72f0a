"""Items that the till no longer has: found after a whole read, looked up a second time, taken off sale, not deleted."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial

import pytest

from tests.fakes.till import FakeTill
from tests.fakes.world import SHOP, TILL, World
from tests.unit.domain.samples import item, matrix, variant
from tillbridge.domain.catalogue import Item
from tillbridge.domain.errors import SystemDownError
from tillbridge.domain.merchant import ConnectionState, Lane
from tillbridge.flows.full_read import resume
from tillbridge.systems.till import Page, StockedItem

pytestmark = pytest.mark.unit

EVERYTHING = {"CUP": 10, "JUG": 10, "RED": 10, "BLUE": 10, "POT": 10}


@dataclass
class OddTill(FakeTill):
    """A till whose lists may end too early, and whose look by id may leave out what is there."""

    ends_after: int | None = None
    hides: set[str] = field(default_factory=set)
    unclear: set[str] = field(default_factory=set)

    def items_after(self, item_id: str) -> Iterator[Page[StockedItem]]:
        for number, page in enumerate(super().items_after(item_id), start=1):
            cut = number == self.ends_after
            yield replace(page, last=True) if cut else page
            if cut:
                return

    def items_by_id(self, item_ids: Sequence[str]) -> Mapping[str, Item | None]:
        found = super().items_by_id(item_ids)
        clear = {item_id: None if item_id in self.unclear else row for item_id, row in found.items()}
        return {item_id: row for item_id, row in clear.items() if item_id not in self.hides}


def settled() -> World:
    world = World()
    world.till = OddTill(world.clock, world.crash, world.till.reference_lists)
    world.till.put(item("1", custom_sku="CUP"), item("2", custom_sku="JUG"), matrix())
    world.till.put(variant("4", "Red", custom_sku="RED"), variant("5", "Blue", custom_sku="BLUE"))
    world.till.put(item("12", custom_sku="POT"))
    for item_id in ("1", "2", "4", "5", "12"):
        world.stock(item_id, 5, 5)
    world.settle()
    return world


@pytest.fixture
def world() -> World:
    return settled()


def odd(world: World) -> OddTill:
    assert isinstance(world.till, OddTill)
    return world.till


def read_and_settle(world: World) -> None:
    world.read_all()
    world.settle()


def gone(world: World) -> set[str]:
    return {row.item_id for row in world.memory.items[TILL].values() if row.gone}


@pytest.mark.parametrize("item_id", ["1", "2", "12"])
def test_what_the_till_no_longer_has_goes_off_sale(world: World, item_id: str) -> None:  # invariant 6
    sku = world.till.items[item_id].custom_sku
    world.till.delete(item_id)
    read_and_settle(world)
    assert gone(world) == {item_id}
    assert world.shop.shown() == {name: units for name, units in EVERYTHING.items() if name != sku}
    assert len(world.shop.products) == 4, "nothing is deleted"
    assert world.memory.links[SHOP][f"I{item_id}"].unpublished_by_us
    assert world.memory.unmet.get(TILL, set()) == set()


def test_a_variant_that_is_gone_becomes_a_draft_under_its_product(world: World) -> None:
    world.till.delete("5")
    read_and_settle(world)
    (shirt,) = (listing for listing in world.shop.products.values() if listing.key == "M7")
    assert {name: fields["visibility"] for name, fields in shirt.variants.items()} == {"4": "published", "5": "draft"}
    assert shirt.published


def test_a_product_whose_variants_are_all_gone_goes_off_sale(world: World) -> None:
    world.till.delete("4")
    world.till.delete("5")
    read_and_settle(world)
    assert world.memory.links[SHOP]["M7"].unpublished_by_us


def test_what_comes_back_is_on_sale_again(world: World) -> None:
    row = world.till.items["1"]
    world.till.delete("1")
    read_and_settle(world)
    world.till.put(row)
    world.stock("1", 5, 5)
    read_and_settle(world)
    assert gone(world) == set()
    assert world.shop.shown() == EVERYTHING
    world.till.delete("1")
    read_and_settle(world)
    assert gone(world) == {"1"}


def test_a_quiet_read_looks_nothing_up_and_writes_no_note(world: World) -> None:
    world.till.calls.clear()
    world.crash.steps.clear()
    world.read_all()
    assert "items by id" not in world.till.calls
    assert not any("unmet" in step for step in world.crash.steps)


def test_what_is_gone_is_looked_up_once(world: World) -> None:
    world.till.delete("2")
    read_and_settle(world)
    world.till.calls.clear()
    world.read_all()
    assert "items by id" not in world.till.calls


def test_a_read_that_was_cut_short_proves_nothing(world: World) -> None:  # invariant 1
    world.till.delete("2")
    odd(world).ends_after = 1
    read_and_settle(world)
    assert gone(world) == set()
    assert world.memory.unmet.get(TILL, set()) == set()
    assert "items by id" not in world.till.calls


def test_a_till_that_says_it_has_no_items_proves_nothing(world: World) -> None:  # invariant 1
    for item_id in list(world.till.items):
        world.till.delete(item_id)
    read_and_settle(world)
    assert gone(world) == set()
    assert world.shop.shown() == EVERYTHING


def test_an_answer_without_what_was_met_a_moment_ago_is_not_believed(world: World) -> None:  # invariant 1
    world.till.delete("2")
    odd(world).hides = {"12"}
    read_and_settle(world)
    assert gone(world) == set()
    assert "items by id" in world.till.calls


def test_what_is_there_but_cannot_be_read_is_not_gone(world: World) -> None:  # invariant 1
    world.memory.items[TILL]["3"] = item("3", custom_sku="ODD")
    world.till.items["3"] = item("3", custom_sku="ODD")
    odd(world).unclear = {"3"}
    hidden = world.till.items.pop("3")
    page_without = world.read_all
    looked = odd(world).items_by_id

    def with_it(item_ids: Sequence[str]) -> Mapping[str, Item | None]:
        world.till.items["3"] = hidden
        return looked(item_ids)

    world.till.items_by_id = with_it  # type: ignore[method-assign]
    page_without()
    assert gone(world) == set()


def test_what_a_list_left_out_is_taken_as_it_is_found(world: World) -> None:
    row = world.till.items.pop("2")
    looked = world.till.items_by_id

    def found(item_ids: Sequence[str]) -> Mapping[str, Item | None]:
        world.till.put(replace(row, description="New name"))
        return looked(item_ids)

    world.till.items_by_id = found  # type: ignore[method-assign]
    world.read_all()
    assert gone(world) == set()
    assert world.memory.items[TILL]["2"].description == "New name"
    assert world.waiting(Lane.CATALOGUE) == ["I2"]


def test_a_till_in_trouble_is_asked_again_later(world: World) -> None:
    world.till.delete("2")
    looked = world.till.items_by_id

    def down(item_ids: Sequence[str]) -> Mapping[str, Item | None]:
        raise SystemDownError("No answer.")

    world.till.items_by_id = down  # type: ignore[method-assign]
    with pytest.raises(SystemDownError):
        world.read_all()
    world.till.items_by_id = looked  # type: ignore[method-assign]
    resume(world.reader())
    assert gone(world) == {"2"}


def test_notes_of_a_read_that_never_ended_are_dropped(world: World) -> None:
    world.memory.unmet[TILL] = {"1", "2"}
    world.read_all()
    assert gone(world) == set()
    assert world.memory.unmet[TILL] == set()


@pytest.mark.simulation
def test_killed_at_any_step_it_is_noted_and_told_all_the_same() -> None:  # invariant 4
    def nightly(world: World) -> None:
        world.read_all()
        world.push()

    def changed() -> World:
        world = settled()
        for item_id in ("2", "5", "12"):
            world.till.delete(item_id)
        return world

    world = changed()
    world.crash.steps.clear()
    nightly(world)
    steps = len(world.crash.steps)
    for at in range(steps):
        world = changed()
        assert world.survive(partial(nightly, world), at)
        read_and_settle(world)
        assert gone(world) == {"2", "5", "12"}, at
        assert world.shop.shown() == {"CUP": 10, "RED": 10, "BLUE": 10}, at
        assert world.waiting(Lane.CATALOGUE) == []


def test_at_the_deadline_the_second_look_is_left_for_later(world: World) -> None:
    world.till.delete("2")
    world.deadline.cost = timedelta(seconds=10)
    world.deadline.remaining = timedelta(seconds=35)
    report = world.read_all()
    while not report.finished:
        world.deadline.remaining = timedelta(seconds=35)
        report = resume(world.reader())
    assert gone(world) == {"2"}


def test_a_shop_that_is_paused_is_not_woken_to_be_read_back(world: World) -> None:
    kept = world.memory.connections
    kept[SHOP] = replace(kept[SHOP], state=ConnectionState.BROKEN)
    world.lanes.woken.clear()
    world.read_all()
    assert world.lanes.woken == []
