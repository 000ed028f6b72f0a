"""Reconcile killed at every step, and among edits of every kind: what is the till's converges, the rest is left."""

from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes.world import SHOP, World
from tests.unit.domain.samples import item, matrix, variant
from tillbridge.domain.merchant import Lane
from tillbridge.domain.planning import decimal_text
from tillbridge.flows.reconcile import RECONCILE

pytestmark = pytest.mark.simulation

ITEMS = ("1", "2", "4", "5")
OWNED = ("regular_price", "sale_price", "sku", "gtin")
FOREIGN = ("name", "description", "short_description", "category", "brand")


def settled() -> World:
    world = World()
    world.till.put(item("1", custom_sku="CUP"), item("2", custom_sku="JUG"), matrix())
    world.till.put(variant("4", "Red", custom_sku="RED"), variant("5", "Blue", custom_sku="BLUE"))
    for item_id in ITEMS:
        world.stock(item_id, 5, 5)
    world.settle()
    return world


def place(world: World, item_id: str) -> tuple[str, str]:
    ref = world.memory.shelves[SHOP][item_id].ref
    return ref.product_id, ref.variant_id


def drifted() -> World:
    """Make a world in step, then an edit of every kind in the shop."""
    world = settled()
    edit(world, "quantity", "1", 77)
    edit(world, "price", "2", 77)
    edit(world, "price", "4", 77)
    edit(world, "name", "1", 77)
    world.till.sell("5", "1", 2)
    world.clock.advance(seconds=40)
    return world


def edit(world: World, what: str, item_id: str, number: int) -> None:
    """Change something in the shop as a merchant would."""
    product_id, variant_id = place(world, item_id)
    listing = world.shop.products[product_id]
    match what:
        case "quantity":
            listing.quantities[variant_id] = number
        case "untracked":
            listing.quantities.pop(variant_id, None)
        case "price":
            listing.variants[variant_id][OWNED[number % len(OWNED)]] = f"8{number}"
        case _:
            listing.fields[FOREIGN[number % len(FOREIGN)]] = f"My text {number}"


def night(world: World) -> None:
    """Read the till, push, reconcile to the end."""
    world.reconcile_and_push()


def assert_in_step(world: World, foreign: dict[str, dict[str, str]]) -> None:
    for item_id in ITEMS:
        product_id, variant_id = place(world, item_id)
        listing, row = world.shop.products[product_id], world.till.items[item_id]
        sellable = sum(int(level.sellable) for key, level in world.till.levels.items() if key[0] == item_id)
        assert listing.quantities[variant_id] == sellable
        fields = listing.variants[variant_id]
        assert (fields["sku"], fields["regular_price"]) == (row.custom_sku, decimal_text(row.prices["1"]))
        assert (fields["sale_price"], fields["gtin"]) == ("", "")
    assert foreign == texts(world), "what the merchant owns was touched"
    assert len(world.shop.products) == 3
    assert world.waiting(Lane.CATALOGUE) == world.waiting(Lane.STOCK) == []
    run = world.memory.runs[SHOP, RECONCILE]
    assert {item_id for item_id, at in world.memory.seen[SHOP].items() if at >= run.started_at} == set(ITEMS)


def texts(world: World) -> dict[str, dict[str, str]]:
    return {
        product_id: {name: listing.fields[name] for name in FOREIGN}
        for product_id, listing in world.shop.products.items()
    }


def next_night(world: World) -> None:
    world.clock.advance(hours=24)
    world.settle()
    night(world)


def test_killed_at_any_step() -> None:  # invariant 4  # invariant 6
    world = drifted()
    world.crash.steps.clear()
    night(world)
    assert_in_step(world, texts(drifted()))
    steps = len(world.crash.steps)
    assert steps > 50
    for at in range(steps):
        world = drifted()
        foreign = texts(world)
        assert world.survive(partial(night, world), at), at
        next_night(world)
        assert_in_step(world, foreign)


events = st.lists(
    st.tuples(
        st.sampled_from(
            ["quantity", "untracked", "price", "name", "sell", "night", "reconcile", "push", "wait", "poll"]
        ),
        st.sampled_from(ITEMS),
        st.integers(0, 120),
    ),
    max_size=20,
)


@settings(max_examples=80, deadline=None)
@given(events)
def test_any_edits_converge_to_the_till(story: list[tuple[str, str, int]]) -> None:  # invariant 1  # invariant 4
    world = settled()
    for what, item_id, number in story:
        happenings: dict[str, partial[Any]] = {
            "sell": partial(world.till.sell, item_id, "1", number % 4),
            "night": partial(world.survive, partial(night, world), number),
            "reconcile": partial(world.survive, world.reconcile, number),
            "push": partial(world.survive, world.push, number),
            "poll": partial(world.survive, world.poll, number),
            "wait": partial(world.clock.advance, seconds=number),
        }
        happenings.get(what, partial(edit, world, what, item_id, number))()
    foreign = texts(world)
    next_night(world)
    next_night(world)
    assert_in_step(world, foreign)
