"""A listing that was deleted in the shop by hand: told by the next reading back, relinked or made anew as decided."""

from dataclasses import replace

import pytest

from tests.fakes.world import SHOP, World
from tests.unit.flows.market import own
from tests.unit.flows.operate.office import Office
from tests.unit.flows.test_reconcile import last, listing, settled
from tillbridge.domain.judging import LinkState
from tillbridge.domain.merchant import Lane
from tillbridge.flows.reconcile import drift_of, repaired_of
from tillbridge.flows.survey import GONE_REMEDY

pytestmark = pytest.mark.unit


@pytest.fixture
def world() -> World:
    return settled()


def test_a_listing_that_is_gone_is_told_at_once_and_its_product_looks_for_another(  # invariant 4  # invariant 6
    world: World,
) -> None:
    del world.shop.products[listing(world, "I1")]
    world.read_all()
    world.push()
    world.reconcile()
    problem = world.memory.links[SHOP]["I1"].problem
    assert problem is not None
    assert (problem.code, problem.remedy) == ("listing_gone", GONE_REMEDY)
    assert world.waiting(Lane.CATALOGUE) == ["I1"]
    world.push()
    again = world.memory.links[SHOP]["I1"].problem
    assert again is not None
    assert (again.code, again.since) == ("listing_gone", problem.since)
    assert all(one.key != "I1" for one in world.shop.products.values())


def test_a_listing_that_took_the_place_of_a_deleted_one_is_linked_after_reading_back(world: World) -> None:
    del world.shop.products[listing(world, "I1")]
    own(world, "99", world.till.items["1"].custom_sku)
    world.survey_only()
    world.memory.links[SHOP]["I1"] = replace(world.memory.links[SHOP]["I1"], problem=None)
    world.memory.marks.clear()
    world.reconcile_and_push()
    assert listing(world, "I1") == "99"


def test_what_is_gone_does_not_hide_what_was_repaired(world: World) -> None:
    del world.shop.products[listing(world, "I1")]
    world.shop.products[listing(world, "M7")].variants["4"]["regular_price"] = "1"
    world.reconcile_and_push()
    assert repaired_of(last(world), Lane.CATALOGUE) == drift_of(last(world), Lane.CATALOGUE) == 1


def test_links_and_errors_say_so_right_after_the_reading_back(world: World) -> None:  # invariant 4
    del world.shop.products[listing(world, "I1")]
    world.read_all()
    world.push()
    world.reconcile()
    office = Office(world)
    row = next(one for one in office.desks().links.list("m1", None, None, office.deadline).rows if one.product == "I1")
    assert (row.state, row.remedy) == (LinkState.DELETED_IN_SHOP, GONE_REMEDY)
    errors = office.desks().problems.everything("m1", None, office.deadline).rows
    assert [one.remedy for one in errors] == [GONE_REMEDY]
