"""A survey meets a shop page by page; only what the shop itself says is gone is gone."""

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from tests.fakes.world import SHOP, World
from tests.unit.domain.samples import item, variant
from tests.unit.flows.market import add, link, linked, own, own_shirt, problem, selling
from tillbridge.domain.errors import GarbledAnswerError
from tillbridge.domain.merchant import Lane
from tillbridge.flows import survey as surveys
from tillbridge.flows.push_catalogue import push_catalogue
from tillbridge.flows.shopkeeper import STOP_MARGIN
from tillbridge.flows.survey import (
    DONE,
    EVERY,
    FORGET,
    LINKS,
    LISTINGS,
    SURVEY,
    due,
    survey,
    surveyed,
    under_way,
    unseen,
)

pytestmark = pytest.mark.unit


@pytest.fixture
def world() -> World:
    return selling()


@dataclass
class TimeFor:
    """Time that is up after it was asked for so often."""

    looks: int

    def left(self) -> timedelta:
        self.looks -= 1
        return timedelta(hours=1) if self.looks >= 0 else timedelta(0)


def seen(world: World) -> set[str]:
    return set(world.memory.sightings.get(SHOP, {}))


def test_everything_that_the_shop_lists_is_met(world: World) -> None:
    assert surveyed(world.keeper()) is None
    assert survey(world.keeper())
    assert seen(world) == {"11", "12", "13", "14"}
    known = surveyed(world.keeper())
    assert known is not None
    assert not known.empty
    run = world.memory.runs[SHOP, SURVEY]
    assert (run.done, run.phase, run.finished_at) == (4, DONE, world.clock.now())


def test_an_empty_shop_costs_one_call_and_is_known_as_empty() -> None:
    world = World()
    assert survey(world.keeper())
    assert world.shop.calls == ["listings"]
    known = surveyed(world.keeper())
    assert known is not None
    assert known.empty


def test_a_shop_is_surveyed_once_before_the_first_product_is_created(world: World) -> None:
    world.settle()
    assert world.shop.calls.index("listings") < world.shop.calls.index("write products")
    assert world.shop.calls.count("listings") == 2
    add(world, item("9", custom_sku="LATER"))
    world.settle()
    assert world.shop.calls.count("listings") == 2


def test_a_shop_in_which_nothing_is_to_be_created_is_not_surveyed() -> None:
    world = World()
    world.push()
    assert world.shop.calls == []


def test_without_time_a_survey_stops_at_a_page_and_nothing_is_created(world: World) -> None:  # invariant 8
    world.read_all()
    world.deadline.remaining = STOP_MARGIN - timedelta(seconds=1)
    assert not survey(world.keeper())
    assert world.shop.calls == []
    world.deadline.remaining = timedelta(hours=1)
    assert not push_catalogue(replace(world.keeper(), deadline=TimeFor(2))).finished
    assert under_way(world.keeper())
    assert surveyed(world.keeper()) is None, "half a survey counts for nothing"
    assert world.shop.calls == ["listings"]


def test_a_survey_cut_off_by_the_shop_counts_for_nothing_and_goes_on(world: World) -> None:  # invariant 1
    world.read_all()
    world.shop.fail = GarbledAnswerError("Half a page.")
    with pytest.raises(GarbledAnswerError):
        world.push()
    assert world.memory.links.get(SHOP, {}) == {}
    assert surveyed(world.keeper()) is None
    world.shop.fail = None
    world.settle()
    assert linked(world)["1"] == "11"


def test_every_phase_stops_when_time_is_up_and_goes_on(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(surveys, "FORGET_CHUNK", 2)
    monkeypatch.setattr(surveys, "LINKS_CHUNK", 2)
    world.settle()
    world.clock.advance(hours=24)
    del world.shop.products["13"], world.shop.products["11"]
    stops = 0
    while not survey(replace(world.keeper(), deadline=TimeFor(2))):
        stops += 1
    assert stops > 3
    assert seen(world) == {"12", "14", "15"}
    assert problem(world, "I1").code == "listing_gone"


@pytest.mark.parametrize("phase", [LISTINGS, FORGET, LINKS])
def test_while_a_later_survey_is_under_way_the_earlier_one_serves(world: World, phase: str) -> None:
    survey(world.keeper())
    run = world.memory.runs[SHOP, SURVEY]
    world.memory.runs[SHOP, SURVEY] = replace(run, phase=phase, first=False, done=0)
    known = surveyed(world.keeper())
    assert known is not None
    assert not known.empty
    assert under_way(world.keeper())


def test_a_listing_that_is_met_no_more_is_forgotten(world: World) -> None:
    survey(world.keeper())
    world.clock.advance(hours=24)
    del world.shop.products["13"]
    own(world, "15", "FRESH")
    assert survey(world.keeper())
    assert seen(world) == {"11", "12", "14", "15"}


def test_a_listing_that_a_survey_missed_is_not_taken_for_deleted(  # invariant 1
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.settle()
    before = dict(world.memory.links[SHOP])
    world.clock.advance(hours=24)
    page = next(iter(world.shop.listings()))
    monkeypatch.setattr(world.shop, "listings", lambda after="": iter([replace(page, products=(), last=True)]))
    world.shop.calls.clear()
    world.survey()
    assert seen(world) == set()
    assert set(world.shop.calls) == {"observe"}
    assert world.memory.links[SHOP] == before
    assert world.waiting(Lane.CATALOGUE) == []


def test_a_deleted_listing_is_found_and_never_made_again_unasked(world: World) -> None:  # invariant 6  # invariant 8
    world.settle()
    del world.shop.products["11"]
    world.clock.advance(hours=24)
    world.survey()
    told = problem(world, "I1")
    assert told.code == "listing_gone"
    assert "--load" in told.remedy
    for _ in range(3):
        world.clock.advance(hours=7)
        world.settle()
        world.survey()
    assert link(world, "I1").product_id == "11"
    assert "CUP" not in world.shop.shown()
    assert problem(world, "I1").since == told.since


def test_a_variation_that_was_deleted_is_found(world: World) -> None:
    world.settle()
    del world.shop.products["14"].variants["141"]
    world.clock.advance(hours=24)
    world.survey()
    assert problem(world, "M7").code == "listing_gone"
    assert linked(world)["5"] == "14/141"


def test_what_is_archived_in_the_till_may_be_deleted_in_the_shop(world: World) -> None:
    world.settle()
    world.till.put(variant("5", "Blue", custom_sku="BLUE", archived=True))
    world.settle()
    del world.shop.products["14"].variants["141"]
    world.clock.advance(hours=24)
    world.survey()
    assert link(world, "M7").problem is None


def test_with_a_listing_go_its_variants_whatever_the_shop_says_of_them(world: World) -> None:
    world.settle()
    del world.shop.products["14"]
    assert {str(ref) for ref in unseen(world.keeper(), [link(world, "M7")])["M7"]} == {"14", "14/140", "14/141"}


def test_a_listing_that_comes_back_is_as_before(world: World) -> None:
    world.settle()
    thrown = world.shop.products.pop("11")
    world.clock.advance(hours=24)
    world.survey()
    world.shop.products["11"] = thrown
    world.clock.advance(hours=7)
    world.settle()
    assert link(world, "I1").problem is None
    assert world.shop.shown()["CUP"] == 10


def test_what_found_nothing_before_is_looked_at_again_after_a_survey(world: World) -> None:
    own(world, "16", "cup")
    world.settle()
    assert problem(world, "I1").code == "ambiguous"
    del world.shop.products["16"]
    world.clock.advance(hours=1)
    world.survey()
    assert linked(world)["1"] == "11"
    assert link(world, "I1").problem is None


def test_stock_of_a_deleted_listing_leads_to_its_successor(world: World) -> None:
    world.settle()
    del world.shop.products["14"]
    own_shirt(world, "24", {"Blue": "BLUE", "Red": "RED"})
    world.survey()
    world.till.sell("4", "1")
    world.settle()
    assert linked(world)["4"] == "24/241"
    assert world.shop.products["24"].quantities["241"] == 9


def test_a_survey_is_due_before_the_first_and_after_a_week(world: World) -> None:
    assert due(world.keeper())
    world.settle()
    surveyed_at = world.memory.runs[SHOP, SURVEY].finished_at
    assert surveyed_at is not None
    assert not due(world.keeper()), "nobody looks for anything"
    world.clock.time = surveyed_at + EVERY - timedelta(seconds=1)
    assert not due(world.keeper())
    world.clock.time += timedelta(seconds=1)
    assert due(world.keeper())


def test_a_survey_is_due_the_next_night_while_a_product_looks_for_its_listing(world: World) -> None:
    world.settle()
    del world.shop.products["11"]
    world.clock.advance(hours=24)
    world.survey()
    assert problem(world, "I1").code == "listing_gone"
    assert due(world.keeper())


def test_what_no_survey_can_help_makes_none_due(world: World) -> None:
    world.till.put(item("6", custom_sku="LATE", prices={}))
    world.stock("6", 5, 5)
    world.settle()
    assert problem(world, "I6").code == "no_price"
    assert not due(world.keeper())
