"""Kill the process at every step of a survey and of linking, begin anew, and compare: one to one, and nothing lost."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes.world import SHOP, World
from tests.unit.domain.samples import item
from tests.unit.flows.market import add, decide, link, linked, own, own_shirt, selling
from tests.unit.flows.test_killed import steps_of
from tillbridge.domain.choice import Action
from tillbridge.domain.merchant import Lane

pytestmark = pytest.mark.simulation

AS_EXPECTED = {"1": "11", "2": "12", "3": "15", "4": "14/140", "5": "14/141"}


def fresh() -> World:
    """Make a till that was read, and a shop of which nobody knows anything."""
    world = selling()
    world.read_all()
    return world


def settled() -> World:
    world = selling()
    world.settle()
    return world


def moved() -> World:
    """Make a world in step in which listings were deleted and made anew, and items were archived and made anew."""
    world = settled()
    world.clock.advance(hours=24)
    del world.shop.products["12"], world.shop.products["14"]
    own(world, "22", "JUG", gtin="4006381333931")
    own_shirt(world, "24", {"Red": "RED", "Blue": "BLUE"})
    world.till.put(item("1", custom_sku="CUP", archived=True))
    world.settle()
    add(world, item("9", custom_sku="CUP"))
    return world


AFTER_THE_MOVE = {"9": "11", "2": "22", "3": "15", "4": "24/240", "5": "24/241"}


def decided() -> World:
    """Make a world in which a person has decided something about three products."""
    world = fresh()
    world.survey_only()
    decide(world, "I1", Action.IGNORE)
    decide(world, "I3", Action.LINK, "13")
    decide(world, "M7", Action.LINK, "14", **{"4": "141", "5": "140"})
    return world


AS_DECIDED = {"2": "12", "3": "13", "4": "14/141", "5": "14/140"}


def push(world: World) -> None:
    world.push()


def night(world: World) -> None:
    world.poll()
    world.survey()
    world.push()


def assert_linked(world: World, expected: dict[str, str]) -> None:
    """Compare links, shelves and what the shop shows; no listing of the merchant's has a double."""
    assert linked(world) == expected
    skus = [
        fields["sku"].strip().casefold()
        for listing in world.shop.products.values()
        for fields in listing.variants.values()
    ]
    assert len(skus) == len(set(skus)), "a listing was made twice"
    shelves = {item_id: str(shelf.ref) for item_id, shelf in world.memory.shelves[SHOP].items()}
    assert shelves == expected
    for item_id, ref in expected.items():
        product_id, _, variant_id = ref.partition("/")
        listing = world.shop.products[product_id]
        assert listing.published
        assert listing.quantities[variant_id] == 10, item_id
        assert listing.variants[variant_id]["regular_price"] == "12.5"
        assert listing.fields["name"] == ("Mug Blue" if link(world, f"I{item_id}").created_by_us else listing_name(ref))
    assert world.waiting(Lane.CATALOGUE) == []
    assert world.waiting(Lane.STOCK) == []


def listing_name(ref: str) -> str:
    return "Own shirt" if "/" in ref else f"Own {ref}"


CASES = [
    (fresh, push, AS_EXPECTED),
    (settled, night, AS_EXPECTED),
    (moved, night, AFTER_THE_MOVE),
    (decided, push, AS_DECIDED),
]


@pytest.mark.parametrize(("make", "work", "expected"), CASES)
def test_killed_at_any_step(  # invariant 4  # invariant 6  # invariant 8
    make: Callable[[], World], work: Callable[[World], None], expected: dict[str, str]
) -> None:
    steps = steps_of(make, work)
    assert steps > 20
    for at in range(steps):
        world = make()
        assert world.survive(partial(work, world), at), at
        world.settle()
        finish(world)
        assert_linked(world, expected)


def finish(world: World) -> None:
    """Let the night's survey come to its end and its marks be looked at, as the schedule would have it."""
    world.clock.advance(hours=24)
    world.survey()
    world.settle()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 120), min_size=1, max_size=5))
def test_killed_again_and_again(deaths: list[int]) -> None:  # invariant 4  # invariant 8
    world = moved()
    for at in deaths:
        world.survive(lambda: night(world), at)
        world.clock.advance(minutes=2)
    world.settle()
    finish(world)
    assert_linked(world, AFTER_THE_MOVE)


events = st.lists(
    st.tuples(
        st.sampled_from(["delete", "make", "rename", "archive", "back", "survey", "push", "poll", "wait", "night"]),
        st.sampled_from(["CUP", "RED", "BLUE", "NEW", "JUG"]),
        st.integers(0, 100),
    ),
    max_size=20,
)


@settings(max_examples=80, deadline=None)
@given(events)
def test_whatever_happens_no_listing_is_shared(story: list[tuple[str, str, int]]) -> None:  # invariant 6  # invariant 8
    world = settled()
    for number, (what, sku, at) in enumerate(story):
        tell(world, what, sku, at, str(100 + number))
        refs = list(linked(world).values())
        assert len(refs) == len(set(refs)), (what, sku, refs)
    world.clock.advance(hours=24)
    world.poll()
    world.settle()
    finish(world)
    refs = list(linked(world).values())
    assert len(refs) == len(set(refs))
    assert {listing.fields["name"] for listing in world.shop.products.values()} <= {
        "Mug Blue",
        "T-Shirt",
        "Own shirt",
        *(f"Own {product_id}" for product_id in world.shop.products),
    }, "nothing of the merchant's was renamed"


def tell(world: World, what: str, sku: str, at: int, fresh_id: str) -> None:
    """Let one thing happen; work on our side may be killed at a step."""
    mine = [one for one in world.till.items.values() if one.custom_sku == sku]
    shown = [
        one.product_id
        for one in world.shop.products.values()
        if any(fields["sku"].strip().casefold() == sku.casefold() for fields in one.variants.values())
    ]
    if what == "delete" and shown:
        del world.shop.products[shown[at % len(shown)]]
    if what == "make" and not shown:
        own(world, fresh_id, sku)
    if what == "rename" and shown:
        next(iter(world.shop.products[shown[0]].variants.values()))["sku"] = f"{sku}-{at}"
    if what in {"archive", "back"} and mine:
        world.till.put(replace(mine[0], archived=what == "archive"))
    if what == "wait":
        world.clock.advance(minutes=at)
    work = {"survey": world.survey, "push": world.push, "poll": world.poll, "night": lambda: night(world)}
    if what in work:
        world.survive(work[what], at)
