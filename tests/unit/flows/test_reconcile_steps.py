"""Reading back a whole shop goes on in steps, survives failures, and passes over what cannot be judged."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.fakes.world import SHOP, World
from tests.unit.domain.samples import NOON, item
from tests.unit.flows.test_reconcile import ITEMS, NONE, found, last, listing, settled, verified
from tillbridge.domain.errors import SystemDownError
from tillbridge.domain.merchant import Lane
from tillbridge.flows import reconcile as module
from tillbridge.flows.full_read import DONE
from tillbridge.flows.reconcile import AGAIN


@pytest.fixture
def world() -> World:
    return settled()


def test_a_failed_reading_moves_nothing(world: World) -> None:  # invariant 1
    world.shop.products[listing(world, "I1")].quantities[""] = 99
    world.read_all()
    world.shop.fail = SystemDownError("No answer.")
    with pytest.raises(SystemDownError):
        world.reconcile()
    world.shop.fail = None
    assert (last(world).after, last(world).open) == ("", True)
    assert (verified(world), world.waiting(Lane.STOCK)) == (set(), [])


def test_after_a_failure_small_steps_are_taken(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FEW_ROWS", 2)
    world.read_all()
    world.shop.fail = SystemDownError("No answer.")
    with pytest.raises(SystemDownError):
        world.reconcile()
    world.shop.fail = None
    world.shop.calls.clear()
    assert world.reconcile().finished
    assert world.shop.calls == ["observe"] * 3, "one product after the other"
    assert verified(world) == ITEMS


def test_large_shops_are_gone_through_in_chunks(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ROWS", 2)
    world.reconcile_and_push()
    assert world.shop.calls == ["observe"] * 3
    assert verified(world) == ITEMS


def test_it_stops_at_the_deadline_and_goes_on_where_it_was(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PRODUCTS", 1)
    world.read_all()
    world.deadline.remaining, world.deadline.cost = timedelta(seconds=250), timedelta(seconds=100)
    report = world.reconcile()
    assert (report.finished, last(world).after) == (False, "I2")
    world.deadline.remaining, world.deadline.cost = timedelta(minutes=10), timedelta()
    report = world.reconcile()
    assert (report.finished, report.verified, last(world).done) == (True, 2, 4)


def test_the_second_look_waits_for_the_stock_lane_and_not_for_ever(world: World) -> None:
    world.shop.products[listing(world, "I1")].quantities[""] = 99
    world.read_all()
    world.push()
    world.clock.advance(seconds=5)
    before = world.clock.now()
    assert world.reconcile().finished
    assert last(world).phase == AGAIN
    assert world.clock.now() - before == timedelta(seconds=16)
    world.push()
    assert world.reconcile().repaired[Lane.STOCK] == 1
    assert last(world).phase == DONE


def test_drift_that_cannot_be_repaired_is_not_called_so(world: World) -> None:
    world.shop.products[listing(world, "I1")].quantities[""] = 99
    world.shop.refuse = {"1"}
    world.reconcile_and_push()
    assert found(world)[Lane.STOCK] == (1, 0)
    assert verified(world) == ITEMS - {"1"}


def test_links_without_a_listing_are_passed_over(world: World) -> None:
    world.till.put(item("9", custom_sku="NEW", prices={}))
    world.stock("9", 1, 1)
    world.settle()
    world.reconcile_and_push()
    assert (last(world).done, last(world).phase) == (4, DONE)


def test_a_product_that_became_impossible_is_looked_at_and_no_drift(world: World) -> None:
    world.till.put(item("1", custom_sku="CUP", prices={}))
    world.poll()
    world.memory.marks.clear()
    world.reconcile_and_push()
    assert found(world) == NONE
    problem = world.memory.links[SHOP]["I1"].problem
    assert problem is not None
    assert problem.code == "no_price"


def test_a_service_without_stock_is_verified_by_its_fields(world: World) -> None:
    shelves = world.memory.shelves[SHOP]
    shelves["1"] = replace(shelves["1"], tracked=False)
    world.shop.products[listing(world, "I1")].quantities[""] = 3
    world.reconcile_and_push()
    assert verified(world) == ITEMS
    assert world.shop.shown()["CUP"] == 3


def test_a_right_figure_that_counts_as_unknown_is_settled(world: World) -> None:
    shelves = world.memory.shelves[SHOP]
    shelves["1"] = replace(shelves["1"], known=None, acknowledged_at=NOON, sent_at=None)
    world.reconcile_and_push()
    world.push()
    assert found(world) == NONE
    assert world.memory.shelves[SHOP]["1"].known == 10
    assert verified(world) == ITEMS
