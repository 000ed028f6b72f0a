"""Shops that sell already: what is linked, what is left alone, and what follows when till or shop change."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.fakes.world import SHOP, World
from tests.unit.domain.samples import item, matrix, variant
from tests.unit.flows.market import CODE, add, decide, link, linked, own, own_shirt, problem, selling
from tillbridge.domain.choice import Action
from tillbridge.domain.errors import ItemRejectedError
from tillbridge.domain.merchant import Lane
from tillbridge.domain.planning import Write
from tillbridge.domain.settings import MatchField
from tillbridge.flows.plan_catalogue import plan_products

pytestmark = pytest.mark.unit


@pytest.fixture
def world() -> World:
    return selling()


@pytest.fixture
def settled(world: World) -> World:
    world.settle()
    return world


def test_what_is_there_is_linked_and_the_rest_is_created(settled: World) -> None:  # invariant 8
    assert linked(settled) == {"1": "11", "2": "12", "3": "15", "4": "14/140", "5": "14/141"}
    assert len(settled.shop.products) == 5
    assert settled.waiting(Lane.CATALOGUE) == []


def test_only_what_the_till_owns_is_written_after_linking(settled: World) -> None:  # invariant 6
    cup = settled.shop.products["11"]
    assert (cup.fields["name"], cup.variants[""]["regular_price"], cup.variants[""]["sku"]) == ("Own 11", "12.5", "CUP")
    assert cup.quantities[""] == 10
    assert settled.shop.products["13"].variants[""] == {"sku": "ELSE", "regular_price": "5"}
    assert not link(settled, "I1").created_by_us


def test_a_plan_links_nothing_by_itself(world: World) -> None:
    """What a preview asks: it reads, and says field by field what would be written."""
    world.read_all()
    world.survey_only()
    world.crash.steps.clear()
    planned = plan_products(world.keeper(), ["I1", "I3"])
    assert [step for step in world.crash.steps if step.startswith("before")] == []
    assert planned.found["I1"].link.product_id == "11"
    write = planned.plans["I1"]
    assert isinstance(write, Write)
    assert (write.write.creates, "regular_price" in write.write.variant_changes["1"]) == (False, True)
    new = planned.plans["I3"]
    assert isinstance(new, Write)
    assert new.write.creates


def test_nothing_is_linked_before_the_till_has_been_read_whole(world: World) -> None:  # invariant 1  # invariant 8
    """The second item with a SKU may be on the last page."""
    add(world, item("99", custom_sku="CUP"))
    world.deadline.remaining = timedelta(seconds=31)
    world.deadline.cost = timedelta(seconds=2)
    assert not world.read_all().finished
    world.deadline.remaining, world.deadline.cost = timedelta(hours=1), timedelta()
    assert "I1" in world.waiting(Lane.CATALOGUE)
    world.push()
    assert world.memory.links.get(SHOP, {}) == {}
    assert "write products" not in world.shop.calls
    world.settle()
    assert problem(world, "I1").code == "duplicate-in-till"
    assert linked(world)["2"] == "12"


def test_the_merchants_order_counts(world: World) -> None:
    world.change_settings(match_by=(MatchField.SKU,))
    world.settle()
    assert linked(world)["2"] not in {"11", "12", "13"}


def test_two_items_with_one_sku_leave_the_listing_alone(world: World) -> None:  # invariant 8
    add(world, item("9", custom_sku="cup"))
    world.settle()
    for key in ("I1", "I9"):
        assert problem(world, key).code == "duplicate-in-till"
    assert world.shop.products["11"].variants[""]["regular_price"] == "5"
    assert world.shop.products["11"].quantities[""] == 99


def test_options_that_do_not_fit_leave_the_listing_alone(world: World) -> None:  # invariant 6
    own_shirt(world, "14", {"red": "RED", "blue": "BLUE"}, names=("Colour",))
    world.settle()
    told = problem(world, "M7")
    assert (told.code, "Color in the till and Colour" in told.happened) == ("options-differ", True)
    assert world.shop.products["14"].variants["140"]["regular_price"] == "5"


def test_what_is_blocked_heals_when_the_till_changes(world: World) -> None:
    add(world, item("9", custom_sku="cup"))
    world.settle()
    world.till.put(replace(world.till.items["9"], archived=True))
    world.clock.advance(hours=7)
    world.settle()
    assert linked(world)["1"] == "11"


def test_a_listing_that_vanished_since_the_survey_is_no_listing(world: World) -> None:
    world.read_all()
    world.survey_only()
    del world.shop.products["11"]
    world.settle()
    assert linked(world)["1"] not in {"11", ""}
    assert world.shop.shown()["CUP"] == 10


def test_a_listing_that_cannot_be_read_is_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    refusal = ItemRejectedError("It is a bundle.", remedy="Change it.", code="other_kind")
    take = world.shop._take_as_is
    monkeypatch.setattr(
        world.shop,
        "_take_as_is",
        lambda write: replace(take(write), error=refusal) if write.product.key == "I1" else take(write),
    )
    world.settle()
    assert problem(world, "I1").code == "other_kind"
    assert linked(world)["2"] == "12"


# --- changes in the till ---


def test_an_item_made_anew_in_the_till_inherits_the_listing(settled: World) -> None:  # invariant 4  # invariant 8
    settled.till.put(item("1", custom_sku="CUP", archived=True))
    add(settled, item("9", custom_sku="CUP"))
    settled.survey_only()
    settled.settle()
    assert linked(settled)["9"] == "11"
    assert "1" not in linked(settled)
    assert settled.shop.products["11"].published
    assert settled.shop.shown()["CUP"] == 10
    assert set(settled.memory.shelves[SHOP]) == {"2", "3", "4", "5", "9"}


def test_a_listing_that_went_off_sale_comes_back_with_the_new_item(settled: World) -> None:  # invariant 4
    settled.till.put(item("1", custom_sku="CUP", archived=True))
    settled.settle()
    assert "CUP" not in settled.shop.shown()
    add(settled, item("9", custom_sku="CUP"))
    settled.settle()
    assert linked(settled)["9"] == "11"
    assert settled.shop.products["11"].published
    assert link(settled, "I1").product_id == ""
    assert not link(settled, "I9").unpublished_by_us


def test_an_item_that_comes_back_takes_nothing_from_its_heir(settled: World) -> None:  # invariant 8
    settled.till.put(item("1", custom_sku="CUP", archived=True))
    add(settled, item("9", custom_sku="CUP"))
    settled.settle()
    settled.till.put(item("1", custom_sku="CUP"))
    settled.settle()
    assert linked(settled)["9"] == "11"
    assert problem(settled, "I1").code == "duplicate-in-till"


def test_a_matrix_made_anew_inherits_the_variants(settled: World) -> None:  # invariant 8
    settled.till.put(matrix(archived=True))
    for old, colour, sku in (("4", "Red", "RED"), ("5", "Blue", "BLUE")):
        settled.till.put(variant(old, colour, custom_sku=sku, archived=True))
    settled.till.put(matrix(matrix_id="8"))
    add(settled, *(variant(new, colour, custom_sku=sku, matrix_id="8") for new, colour, sku in NEW_SHIRT))
    settled.settle()
    assert {one: ref for one, ref in linked(settled).items() if one in "4567"} == {"6": "14/140", "7": "14/141"}
    assert link(settled, "M7").product_id == ""


NEW_SHIRT = (("6", "Red", "RED"), ("7", "Blue", "BLUE"))


def test_an_item_whose_sku_changes_stays_linked(settled: World) -> None:
    settled.till.put(item("1", custom_sku="MUG"))
    settled.settle()
    assert linked(settled)["1"] == "11"
    assert settled.shop.products["11"].variants[""]["sku"] == "MUG"


def test_an_item_that_joins_a_matrix_leaves_its_listing_off_sale(settled: World) -> None:
    settled.till.put(variant("1", "Green", custom_sku="CUP"))
    settled.settle()
    assert not settled.shop.products["11"].published
    assert linked(settled)["4"] == "14/140"


# --- changes in the shop ---


def test_a_listing_made_anew_by_hand_is_linked(settled: World) -> None:  # invariant 4
    del settled.shop.products["11"]
    own(settled, "21", "CUP")
    settled.clock.advance(hours=24)
    settled.survey()
    settled.settle()
    assert linked(settled)["1"] == "21"
    assert link(settled, "I1").problem is None
    assert settled.shop.shown()["CUP"] == 10


def test_a_deleted_listing_with_two_successors_is_said_so(settled: World) -> None:
    del settled.shop.products["11"]
    own(settled, "21", "CUP")
    own(settled, "22", "cup")
    settled.clock.advance(hours=24)
    settled.survey()
    told = problem(settled, "I1")
    assert (told.code, "2 listings" in told.happened) == ("listing_gone", True)
    settled.clock.advance(hours=7)
    settled.settle()
    assert problem(settled, "I1").code == "listing_gone"


def test_a_successor_that_lacks_a_variant_is_said_so(settled: World) -> None:  # invariant 8
    del settled.shop.products["14"]
    own_shirt(settled, "24", {"red": "RED"})
    settled.clock.advance(hours=24)
    settled.survey()
    assert "has nothing for item 5" in problem(settled, "M7").happened
    assert list(settled.shop.products["24"].variants) == ["240"]


def test_a_variation_made_anew_by_hand_is_linked(settled: World) -> None:
    shirt = settled.shop.products["14"]
    shirt.variants["149"] = shirt.variants.pop("141")
    settled.clock.advance(hours=24)
    settled.survey()
    settled.settle()
    assert linked(settled)["5"] == "14/149"
    assert linked(settled)["4"] == "14/140"
    assert shirt.quantities["149"] == 10


def test_a_listing_whose_sku_changes_in_the_shop_stays_linked(settled: World) -> None:
    settled.shop.products["11"].variants[""]["sku"] = "OTHER"
    settled.clock.advance(hours=24)
    settled.survey()
    assert linked(settled)["1"] == "11"


# --- decisions of people ---


def test_a_person_links_what_has_no_common_key(settled: World) -> None:
    decide(settled, "I3", Action.LINK, "13")
    settled.settle()
    assert linked(settled)["3"] == "13"
    assert settled.shop.products["13"].variants[""]["sku"] == "NEW"
    assert settled.shop.products["13"].quantities[""] == 10


def test_a_decision_is_carried_out_once(settled: World) -> None:
    decide(settled, "I3", Action.LINK, "13")
    settled.settle()
    del settled.shop.products["13"]
    own(settled, "31", "NEW")
    del settled.shop.products["15"]
    settled.clock.advance(hours=24)
    settled.survey()
    settled.settle()
    assert linked(settled)["3"] == "31"


def test_a_person_names_variants(world: World) -> None:
    own_shirt(world, "14", {"rot": "R", "blau": "B"})
    world.survey_only()
    world.read_all()
    decide(world, "M7", Action.LINK, "14", **{"4": "140", "5": "141"})
    world.settle()
    assert {one: ref for one, ref in linked(world).items() if one in "45"} == {"4": "14/140", "5": "14/141"}


@pytest.mark.parametrize(("product_id", "told"), [("99", "does not show"), ("11", "linked with item 1")])
def test_a_decision_that_cannot_be_followed_waits_with_its_reason(settled: World, product_id: str, told: str) -> None:
    decide(settled, "I3", Action.LINK, product_id)
    settled.settle()
    assert told in problem(settled, "I3").happened
    assert linked(settled)["3"] == "15", "it stays where it was"


@pytest.mark.parametrize("action", [Action.UNLINK, Action.IGNORE])
def test_what_is_left_alone_is_neither_written_nor_created(settled: World, action: Action) -> None:  # invariant 6
    decide(settled, "I1", action)
    settled.settle()
    assert "1" not in linked(settled)
    assert "1" not in settled.memory.shelves[SHOP]
    settled.shop.stock_writes.clear()
    settled.till.sell("1", "1")
    settled.till.put(item("1", custom_sku="CUP", prices={"1": Decimal(99)}))
    settled.mark("I1")
    settled.settle()
    assert settled.shop.stock_writes == []
    assert settled.shop.products["11"].variants[""]["regular_price"] == "12.5"
    assert len(settled.shop.products) == 5
    assert settled.waiting(Lane.CATALOGUE) == []


def test_a_decision_can_be_taken_back(settled: World) -> None:
    decide(settled, "I1", Action.UNLINK)
    settled.settle()
    del settled.memory.choices[SHOP]["I1"]
    settled.mark("I1")
    settled.settle()
    assert linked(settled)["1"] == "11"


def test_a_deleted_listing_is_made_anew_when_a_person_wants_it(settled: World) -> None:
    del settled.shop.products["11"]
    settled.clock.advance(hours=24)
    settled.survey()
    decide(settled, "I1", Action.CREATE)
    settled.settle()
    assert link(settled, "I1").created_by_us
    assert settled.shop.shown()["CUP"] == 10
    del settled.shop.products[link(settled, "I1").product_id]
    settled.clock.advance(hours=24)
    settled.survey()
    settled.settle()
    assert problem(settled, "I1").code == "listing_gone", "once wanted is not for ever"


def test_a_deleted_variation_is_made_anew_when_a_person_wants_it(settled: World) -> None:
    del settled.shop.products["14"].variants["141"]
    settled.clock.advance(hours=24)
    settled.survey()
    decide(settled, "M7", Action.CREATE)
    settled.settle()
    assert linked(settled)["4"] == "14/140"
    assert settled.shop.products["14"].variants[linked(settled)["5"].partition("/")[2]]["sku"] == "BLUE"


def test_an_ignored_listing_is_nobodys(world: World) -> None:
    world.read_all()
    decide(world, "L11", Action.IGNORE)
    world.memory.marks[SHOP, Lane.CATALOGUE] = [
        mark for mark in world.memory.marks[SHOP, Lane.CATALOGUE] if mark.key != "L11"
    ]
    add(world, item("8", custom_sku="Y", ean=CODE))
    world.settle()
    assert linked(world).get("1") != "11"
    assert problem(world, "I8").code == "duplicate-in-till"
