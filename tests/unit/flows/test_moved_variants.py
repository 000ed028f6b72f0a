"""An item that leaves a matrix: its variant there goes off sale, is not destroyed, and comes back with the item."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from tests.fakes.world import SHOP, World
from tests.unit.domain.samples import matrix, variant
from tillbridge.domain.product import Visibility
from tillbridge.flows.full_read import full_read

pytestmark = pytest.mark.unit

ANOTHER = "8"


def two_matrices() -> World:
    """Two matrices in the shop; item 5 is about to leave the first."""
    made = World()
    made.till.put(matrix(), variant("4", "Red", custom_sku="RED"), variant("5", "Blue", custom_sku="BLUE"))
    made.till.put(matrix(matrix_id=ANOTHER), variant("6", "Red", matrix_id=ANOTHER, custom_sku="OTHER-RED"))
    for item_id in ("4", "5", "6"):
        made.stock(item_id, 5, 5)
    made.settle()
    made.clock.advance(minutes=1)
    return made


@pytest.fixture
def world() -> World:
    return two_matrices()


def alone(world: World) -> None:
    row = world.till.items["5"]
    world.till.put(replace(row, matrix_id=None, custom_sku="ALONE", prices={"1": Decimal(99)}, attributes=("", "", "")))


def elsewhere(world: World) -> None:
    world.till.put(replace(world.till.items["5"], matrix_id=ANOTHER, custom_sku="OTHER-BLUE"))


def polled(world: World) -> None:
    world.poll()


def read_whole(world: World) -> None:
    full_read(world.reader())


def shown(world: World, key: str, item_id: str) -> str:
    known = world.memory.links[SHOP][key].variant(item_id)
    assert known is not None
    return world.shop.products[known.ref.product_id].variants[known.ref.variant_id]["visibility"]


def _fields(world: World) -> dict[str, str]:
    """All that the shop shows of the variant that item 5 was in the first matrix."""
    known = world.memory.links[SHOP]["M7"].variant("5")
    assert known is not None
    return world.shop.products[known.ref.product_id].variants[known.ref.variant_id]


@pytest.mark.parametrize(("moves", "to"), [(alone, "I5"), (elsewhere, f"M{ANOTHER}")])
@pytest.mark.parametrize("seen", [polled, read_whole])
def test_its_variant_goes_off_sale_and_is_not_destroyed(  # invariant 4  # invariant 6
    world: World, moves: Callable[[World], None], to: str, seen: Callable[[World], None]
) -> None:
    before = dict(_fields(world))
    moves(world)
    seen(world)
    world.clock.advance(minutes=1)
    world.push()
    assert shown(world, "M7", "5") == Visibility.DRAFT
    assert shown(world, "M7", "4") == Visibility.PUBLISHED
    assert {name: text for name, text in _fields(world).items() if before[name] != text} == {"visibility": "draft"}
    link = world.memory.links[SHOP][to].variant("5")
    assert link is not None
    assert world.memory.shelves[SHOP]["5"].ref == link.ref
    world.clock.advance(minutes=1)
    world.shop.calls.clear()
    world.mark("M7")
    world.push()
    assert world.shop.calls == []


def test_it_comes_back_with_its_item(world: World) -> None:  # invariant 4
    former = world.till.items["5"]
    alone(world)
    world.poll()
    world.clock.advance(minutes=1)
    world.push()
    world.till.put(former)
    world.clock.advance(minutes=1)
    world.poll()
    world.clock.advance(minutes=1)
    world.push()
    assert shown(world, "M7", "5") == Visibility.PUBLISHED


def test_a_matrix_that_all_have_left_goes_off_sale(world: World) -> None:  # invariant 6
    row = world.till.items["6"]
    world.till.put(replace(row, matrix_id=None, custom_sku="ALONE", attributes=("", "", "")))
    world.poll()
    world.clock.advance(minutes=1)
    world.push()
    assert world.memory.links[SHOP][f"M{ANOTHER}"].unpublished_by_us


def test_whoever_dies_while_an_item_moves_leaves_its_former_product_marked() -> None:  # invariant 4
    killed = True
    for step in range(1, 60):
        world = two_matrices()
        alone(world)
        killed = world.survive(world.poll, step)
        world.push()  # another worker, at once
        world.settle()
        assert shown(world, "M7", "5") == Visibility.DRAFT, step
        if not killed:
            break
    assert not killed


def test_a_reading_back_finds_one_that_was_left_on_sale(world: World) -> None:  # invariant 4
    alone(world)
    world.poll()
    world.memory.marks.clear()
    world.clock.advance(hours=1)
    world.reconcile_and_push()
    assert shown(world, "M7", "5") == Visibility.DRAFT
