"""Reading a shop back: what is right is noted, what is the till's is repaired, what is the merchant's is left alone."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from tests.fakes.world import SHOP, World
from tests.unit.domain.samples import item, matrix, variant
from tillbridge.domain.merchant import SHOP_LANES, Lane
from tillbridge.domain.product import ListingRef, OrderLine, WebOrder
from tillbridge.domain.settings import Owner
from tillbridge.domain.work import Run
from tillbridge.flows.full_read import DONE
from tillbridge.flows.reconcile import AGAIN, RECONCILE, RECONCILED, drift_of, repaired_of
from tillbridge.systems.shop import ObservedVariant

pytestmark = pytest.mark.unit

ITEMS = {"1", "2", "4", "5"}
EVERYTHING = {"CUP": 10, "JUG": 10, "RED": 10, "BLUE": 10}


def settled() -> World:
    world = World()
    world.till.put(item("1", custom_sku="CUP"), item("2", custom_sku="JUG"), matrix())
    world.till.put(variant("4", "Red", custom_sku="RED"), variant("5", "Blue", custom_sku="BLUE"))
    for item_id in sorted(ITEMS):
        world.stock(item_id, 5, 5)
    world.settle()
    world.shop.calls.clear()
    return world


@pytest.fixture
def world() -> World:
    return settled()


def last(world: World) -> Run:
    return world.memory.runs[SHOP, RECONCILE]


def found(world: World) -> dict[Lane, tuple[int, int]]:
    """Tell per lane what differed and how much of it was seen repaired."""
    return {lane: (drift_of(last(world), lane), repaired_of(last(world), lane)) for lane in SHOP_LANES}


def verified(world: World) -> set[str]:
    return {item_id for item_id, at in world.memory.seen.get(SHOP, {}).items() if at >= last(world).started_at}


def listing(world: World, key: str) -> str:
    return world.memory.links[SHOP][key].product_id


NONE = {Lane.STOCK: (0, 0), Lane.CATALOGUE: (0, 0)}


def test_a_shop_in_step_is_noted_so_and_nothing_is_written(world: World) -> None:
    world.reconcile_and_push()
    assert world.shop.calls == ["observe"]
    assert verified(world) == ITEMS
    run = last(world)
    assert (run.phase, run.done, run.counts) == (DONE, 4, {"verified": 4})
    assert world.memory.runs[SHOP, RECONCILED] == run
    assert world.waiting(Lane.STOCK) == world.waiting(Lane.CATALOGUE) == []


def test_it_runs_once_per_whole_read_of_the_till(world: World) -> None:
    world.reconcile_and_push()
    world.shop.calls.clear()
    assert world.reconcile().finished
    assert world.shop.calls == []
    world.clock.advance(hours=24)
    world.reconcile_and_push()
    assert world.shop.calls == ["observe"]


def test_a_till_that_is_being_read_is_waited_for() -> None:
    world = World()
    world.till.put(item("1"))
    assert world.reconcile().finished
    assert (SHOP, RECONCILE) not in world.memory.runs


def test_the_shops_are_woken_when_the_till_has_been_read(world: World) -> None:
    world.lanes.woken.clear()
    world.read_all()
    assert world.lanes.woken == [(SHOP, Lane.CATALOGUE, "reconcile")]


def test_what_waits_goes_first(world: World) -> None:
    world.read_all()
    world.till.put(item("1", custom_sku="CUP", prices={"1": Decimal(3)}))
    world.poll()
    assert not world.reconcile().finished
    assert world.shop.calls == []


@pytest.mark.parametrize(("shown", "doubted"), [(99, 99), (0, 0), (None, None)])
def test_a_figure_that_was_changed_in_the_shop_is_repaired(
    world: World, shown: int | None, doubted: int | None
) -> None:
    quantities = world.shop.products[listing(world, "I1")].quantities
    if shown is None:
        del quantities[""]
    else:
        quantities[""] = shown
    world.reconcile_and_push()
    assert world.shop.shown() == EVERYTHING
    assert found(world) == {**NONE, Lane.STOCK: (1, 1)}
    assert verified(world) == ITEMS


@pytest.mark.parametrize("field", ["regular_price", "sku", "sale_price", "gtin"])
@pytest.mark.parametrize(("key", "variant_id"), [("I1", ""), ("M7", "4")])
def test_a_field_of_the_tills_is_repaired(world: World, key: str, variant_id: str, field: str) -> None:
    fields = world.shop.products[listing(world, key)].variants[variant_id]
    before = dict(fields)
    fields[field] = "77"
    world.reconcile_and_push()
    assert fields == before
    assert found(world) == {**NONE, Lane.CATALOGUE: (1, 1)}
    assert verified(world) == ITEMS


def test_what_the_merchant_owns_is_neither_drift_nor_touched(world: World) -> None:  # invariant 6
    mine = world.shop.products[listing(world, "I1")]
    mine.fields |= {"name": "My name", "description": "Mine", "category": '["My shelf"]'}
    mine.variants[""]["weight"] = "9"
    mine.published = False
    world.reconcile_and_push()
    assert (mine.fields["name"], mine.fields["description"], mine.published) == ("My name", "Mine", False)
    assert found(world) == NONE
    assert verified(world) == ITEMS


def test_what_the_till_owns_by_setting_is_repaired(world: World) -> None:
    world.change_settings(owners={"name": Owner.TILL})
    mine = world.shop.products[listing(world, "I1")]
    mine.fields |= {"name": "My name", "description": "Mine"}
    world.reconcile_and_push()
    assert (mine.fields["name"], mine.fields["description"]) == ("Mug Blue", "Mine")


def test_what_is_archived_and_was_put_on_sale_again_goes_off_sale(world: World) -> None:
    world.till.put(item("1", custom_sku="CUP", archived=True))
    world.settle()
    world.shop.products[listing(world, "I1")].published = True
    world.reconcile_and_push()
    assert not world.shop.products[listing(world, "I1")].published
    assert found(world)[Lane.CATALOGUE] == (1, 1)


def test_a_variant_that_the_merchant_took_off_sale_stays_so(world: World) -> None:  # invariant 6
    shirt = world.shop.products[listing(world, "M7")]
    shirt.variants["4"]["visibility"] = "draft"
    world.reconcile_and_push()
    assert shirt.variants["4"]["visibility"] == "draft"
    assert found(world) == NONE


def test_an_archived_variant_that_was_put_on_sale_goes_off_again(world: World) -> None:
    world.till.put(variant("5", "Blue", custom_sku="BLUE", archived=True))
    world.settle()
    shirt = world.shop.products[listing(world, "M7")]
    shirt.variants["5"]["visibility"] = "published"
    world.reconcile_and_push()
    assert shirt.variants["5"]["visibility"] == "draft"


def test_a_change_that_nobody_was_told_of_is_found(world: World) -> None:  # invariant 4
    world.till.sell("1", "1", 2)
    world.poll()
    world.memory.marks.clear()
    world.reconcile_and_push()
    assert world.shop.shown()["CUP"] == 8
    assert found(world)[Lane.STOCK] == (1, 1)


def test_a_listing_that_was_deleted_is_shown_and_not_made_again(world: World) -> None:
    gone = world.shop.products.pop(listing(world, "I1"))
    world.reconcile_and_push()
    problem = world.memory.links[SHOP]["I1"].problem
    assert problem is not None
    assert (problem.code, last(world).counts["gone"]) == ("listing_gone", 1)
    assert verified(world) == ITEMS - {"1"}
    assert found(world) == NONE
    world.clock.advance(hours=24)
    world.reconcile_and_push()
    still = world.memory.links[SHOP]["I1"].problem
    assert still is not None
    assert (still.code, still.since, last(world).counts["gone"]) == ("listing_gone", problem.since, 1)
    assert len(world.shop.products) == 2
    world.shop.products[gone.product_id] = gone
    world.clock.advance(hours=24)
    world.reconcile_and_push()
    assert world.memory.links[SHOP]["I1"].problem is None
    assert verified(world) == ITEMS


def test_looking_at_a_product_does_not_heal_that_its_listing_is_gone(world: World) -> None:
    del world.shop.products[listing(world, "I1")]
    world.reconcile_and_push()
    world.till.put(item("1", custom_sku="CUP", description="Another name"))
    world.settle()
    problem = world.memory.links[SHOP]["I1"].problem
    assert problem is not None
    assert problem.code == "listing_gone"


def test_a_variant_that_was_deleted_is_named(world: World) -> None:
    del world.shop.products[listing(world, "M7")].variants["4"]
    world.reconcile_and_push()
    problem = world.memory.links[SHOP]["M7"].problem
    assert problem is not None
    assert f"{listing(world, 'M7')}/4" in problem.happened
    assert verified(world) == {"1", "2"}


def test_what_is_archived_may_be_deleted_by_the_merchant(world: World) -> None:
    world.till.put(item("1", custom_sku="CUP", archived=True))
    world.till.put(variant("5", "Blue", custom_sku="BLUE", archived=True))
    world.settle()
    del world.shop.products[listing(world, "I1")]
    del world.shop.products[listing(world, "M7")].variants["5"]
    world.reconcile_and_push()
    assert all(link.problem is None for link in world.memory.links[SHOP].values())
    assert last(world).counts == {"verified": 3}


def order(world: World, units: int) -> WebOrder:
    return WebOrder(
        order_id="1001",
        number="1001",
        status="processing",
        lines=(OrderLine(ListingRef(listing(world, "I1")), Decimal(units)),),
        holds_stock=True,
        taken_in_shop=True,
        changed_at=world.clock.now(),
    )


def test_units_of_an_order_nobody_has_looked_at_are_no_drift(world: World) -> None:  # invariant 1
    world.read_all()
    world.push()
    world.shop.products[listing(world, "I1")].quantities[""] -= 2
    world.shop.orders.append(order(world, 2))
    world.clock.advance(seconds=5)
    world.reconcile()
    assert drift_of(last(world), Lane.STOCK) == 0
    assert (SHOP, Lane.STOCK, "orders") in world.lanes.woken
    assert last(world).phase == AGAIN, "it waits for the stock lane"
    world.book().look(world.keeper())
    world.clock.advance(seconds=15)
    world.push()
    world.reconcile()
    assert (last(world).phase, world.shop.shown()["CUP"]) == (DONE, 8)
    assert verified(world) == ITEMS


def test_a_figure_that_is_written_meanwhile_is_left_out(world: World) -> None:
    """The stock lane writes between our reading back and our judging."""
    looked = world.shop.observe

    def observe(
        refs: Sequence[ListingRef], skus: Mapping[ListingRef, str] | None = None, places: Sequence[str] = ()
    ) -> Mapping[ListingRef, ObservedVariant]:
        seen = looked(refs, skus, places)
        world.shop.observe = looked  # type: ignore[method-assign]
        world.clock.advance(seconds=3)
        world.till.sell("1", "1", 3)
        world.poll()
        world.push()
        return seen

    world.read_all()
    world.clock.advance(seconds=5)
    world.shop.observe = observe  # type: ignore[method-assign]
    world.reconcile()
    assert drift_of(last(world), Lane.STOCK) == 0
    assert verified(world) == ITEMS, "the second look has seen it"


def test_what_is_being_worked_at_is_left_out(world: World) -> None:
    world.shop.refuse = {"1", "I2"}
    world.till.sell("1", "1", 1)
    world.till.put(item("2", custom_sku="JUG", prices={"1": Decimal(4)}))
    world.settle()
    world.reconcile_and_push()
    assert found(world) == NONE
    assert verified(world) == {"4", "5"}


def test_a_stock_that_was_never_read_is_never_judged(world: World) -> None:  # invariant 1
    world.till.reference_lists = replace(
        world.till.reference_lists,
        locations={
            **world.till.reference_lists.locations,
            "3": replace(world.till.reference_lists.locations["1"], location_id="3"),
        },
    )
    world.shop.products[listing(world, "I1")].quantities[""] = 99
    world.reconcile_and_push()
    assert (found(world), verified(world)) == (NONE, set())
    assert world.shop.shown()["CUP"] == 99
