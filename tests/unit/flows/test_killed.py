"""Kill the process at every step of the road, begin anew, and compare: nothing lost, nothing made twice."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes.world import SHOP, World
from tests.unit.domain.samples import item, matrix, variant
from tillbridge.domain.merchant import Lane
from tillbridge.domain.planning import decimal_text

pytestmark = pytest.mark.simulation


def fresh() -> World:
    world = World()
    world.till.put(item("1", custom_sku="CUP"), item("2", custom_sku="JUG"), matrix())
    world.till.put(variant("4", "Red", custom_sku="RED"), variant("5", "Blue", custom_sku="BLUE"))
    for item_id in ("1", "2", "4", "5"):
        world.stock(item_id, 5, 5)
    return world


def settled() -> World:
    world = fresh()
    world.settle()
    return world


def changed() -> World:
    """Make a world in step, and then a change of every kind in the till."""
    world = settled()
    world.clock.advance(seconds=40)
    world.till.sell("1", "1", 3)
    world.till.put(item("2", custom_sku="JUG", prices={"1": Decimal(44)}))
    world.till.put(variant("6", "Green", custom_sku="GREEN"), item("9", custom_sku="NEW"))
    world.stock("6", 1, 1)
    world.stock("9", 2, 2)
    return world


def take_back(world: World) -> None:
    """Undo in the till what ``changed`` did to things that were in the shop already."""
    world.till.sell("1", "1", -3)
    world.till.put(item("2", custom_sku="JUG"))


def leave(_: World) -> None:
    """Leave the till as it is."""


def first_sync(world: World) -> None:
    world.read_all()
    world.push()


def round_of_polls(world: World) -> None:
    world.poll()
    world.push()


def nightly(world: World) -> None:
    world.read_all()
    world.push()


def steps_of(make: Callable[[], World], work: Callable[[World], None]) -> int:
    world = make()
    world.crash.steps.clear()
    work(world)
    return len(world.crash.steps)


def assert_in_step(world: World) -> None:
    """Compare the shop with the till, listing by listing."""
    expected = {
        row.custom_sku: sum(int(level.sellable) for key, level in world.till.levels.items() if key[0] == row.item_id)
        for row in world.till.items.values()
    }
    assert world.shop.shown() == expected
    keys = [listing.key for listing in world.shop.products.values()]
    assert len(keys) == len(set(keys)), "a product was made twice"
    prices = {
        fields["sku"]: fields["regular_price"]
        for listing in world.shop.products.values()
        for fields in listing.variants.values()
    }
    assert prices == {row.custom_sku: decimal_text(row.prices["1"]) for row in world.till.items.values()}
    assert world.waiting(Lane.CATALOGUE) == []
    assert world.waiting(Lane.STOCK) == []
    assert all(link.attempted_at is None for link in world.memory.links[SHOP].values())


@pytest.mark.parametrize("then", [leave, take_back])
@pytest.mark.parametrize(("make", "work"), [(fresh, first_sync), (changed, round_of_polls), (changed, nightly)])
def test_killed_at_any_step(
    make: Callable[[], World], work: Callable[[World], None], then: Callable[[World], None]
) -> None:  # invariant 4  # invariant 8
    steps = steps_of(make, work)
    assert steps > 50
    for at in range(steps):
        world = make()
        assert world.survive(partial(work, world), at), at
        then(world)
        world.settle()
        assert_in_step(world)


def relisted() -> World:
    """Make a world in step, and then archive a location in the till: no row of an item or its stock changes."""
    world = settled()
    lists = world.till.reference_lists
    closed = {**lists.locations, "2": replace(lists.locations["2"], archived=True)}
    world.till.reference_lists = replace(lists, locations=closed)
    return world


def test_killed_while_the_lists_of_an_account_change() -> None:  # invariant 4
    steps = steps_of(relisted, nightly)
    assert steps > 50
    for at in range(steps):
        world = relisted()
        assert world.survive(partial(nightly, world), at), at
        world.settle()
        if at > 1:  # before, the read had not begun, and would the next night
            assert set(world.shop.shown().values()) == {5}, at


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 150), min_size=1, max_size=6))
def test_killed_again_and_again(deaths: list[int]) -> None:  # invariant 4  # invariant 8
    world = changed()
    for at in deaths:
        world.survive(lambda: round_of_polls(world), at)
        world.clock.advance(seconds=20)
        world.till.sell("5", "2")
    world.settle()
    assert_in_step(world)


events = st.lists(
    st.tuples(
        st.sampled_from(["sell", "price", "poll", "push", "read", "wait", "stock", "archive", "back"]),
        st.sampled_from(["1", "2", "4", "5"]),
        st.integers(0, 120),
    ),
    max_size=25,
)


@settings(max_examples=80, deadline=None)
@given(events)
def test_any_order_of_events_ends_in_step(story: list[tuple[str, str, int]]) -> None:  # invariant 1  # invariant 4
    world = settled()
    for what, item_id, number in story:
        tell(world, what, item_id, number)
    for row in list(world.till.items.values()):
        tell(world, "back", row.item_id, 0)
    world.settle()
    assert_in_step(world)


def tell(world: World, what: str, item_id: str, number: int) -> None:
    """Let one thing happen; work on our side may be killed at a step."""
    row = world.till.items[item_id]
    happenings: dict[str, Callable[[], object]] = {
        "sell": lambda: world.till.sell(item_id, "1", number % 4),
        "stock": lambda: world.stock(item_id, number, 1),
        "price": lambda: world.till.put(replace(row, prices={"1": Decimal(number + 1)})),
        "archive": lambda: world.till.put(replace(row, archived=True)),
        "back": lambda: world.till.put(replace(row, archived=False)),
        "wait": lambda: world.clock.advance(seconds=number),
        "read": lambda: world.survive(world.read_all, number),
        "poll": lambda: world.survive(world.poll, number),
        "push": lambda: world.survive(world.push, number),
    }
    happenings[what]()
