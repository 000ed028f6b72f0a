"""What a verified hook leads to, and what the stock lane makes of it."""

from dataclasses import replace

import pytest

from tests.fakes.stores import FakeMarks, FakeShelves
from tests.fakes.world import SHOP, World
from tests.unit.domain.samples import item
from tillbridge.domain.merchant import Lane
from tillbridge.domain.product import ListingRef
from tillbridge.domain.work import Mark, Shelf
from tillbridge.flows.take_hook import Effect, Hook, HookDesk, HookKind

pytestmark = pytest.mark.unit
MUG, SHIRT = ListingRef("17"), ListingRef("20", "21")


@pytest.fixture
def world() -> World:
    world = World()
    shelves = [Shelf(item_id="1", ref=MUG, known=10), Shelf(item_id="2", ref=SHIRT, known=10)]
    FakeShelves(world.memory).put(SHOP, shelves)
    return world


def take(world: World, hook: Hook) -> Effect:
    desk = HookDesk(FakeShelves(world.memory), FakeMarks(world.memory), world.lanes, world.clock)
    return desk.take(world.memory.connections[SHOP], hook)


def product(ref: ListingRef | None = MUG, quantity: int | None = 10) -> Hook:
    return Hook(HookKind.PRODUCT, ref, quantity)


def marks(world: World) -> list[Mark]:
    return list(FakeMarks(world.memory).waiting(SHOP, Lane.STOCK))


def change_shelf(world: World, **changes: object) -> None:
    shelf = world.memory.shelves[SHOP]["1"]
    FakeShelves(world.memory).put(SHOP, [replace(shelf, **changes)])  # type: ignore[arg-type]


def test_an_order_wakes_the_stock_lane_and_marks_nothing(world: World) -> None:
    assert take(world, Hook(HookKind.ORDER)) is Effect.LOOK_AT_ORDERS
    assert (world.lanes.woken, marks(world)) == ([(SHOP, Lane.STOCK, "orders")], [])


@pytest.mark.parametrize("ref", [MUG, SHIRT])
def test_what_the_shop_acknowledged_is_an_echo(world: World, ref: ListingRef) -> None:
    assert take(world, product(ref)) is Effect.ECHO
    assert (world.lanes.woken, marks(world)) == ([], [])


@pytest.mark.parametrize("shown", [9, 11, 0, -3, None])
@pytest.mark.parametrize(("ref", "item_id"), [(MUG, "1"), (SHIRT, "2")])
def test_anything_else_is_marked_as_doubt_and_looked_at(
    world: World, ref: ListingRef, item_id: str, shown: int | None
) -> None:
    assert take(world, product(ref, shown)) is Effect.LOOK_AT_STOCK
    [mark] = marks(world)
    assert (mark.key, mark.doubt, mark.shown, mark.due_at) == (item_id, True, shown, world.clock.now())
    assert world.lanes.woken == [(SHOP, Lane.STOCK, "work")]


@pytest.mark.parametrize(
    "hook", [product(None), product(ListingRef("99")), product(ListingRef("20")), Hook(HookKind.OTHER)]
)
def test_what_is_not_ours_is_ignored(world: World, hook: Hook) -> None:
    assert take(world, hook) is Effect.IGNORED
    assert (world.lanes.woken, marks(world)) == ([], [])


@pytest.mark.parametrize("changes", [{"tracked": False}, {"problem_code": "listing_gone"}])
def test_what_the_till_does_not_count_or_waits_for_its_next_try_is_ignored(
    world: World, changes: dict[str, object]
) -> None:
    change_shelf(world, **changes)
    assert take(world, product(quantity=3)) is Effect.IGNORED
    assert (world.lanes.woken, marks(world)) == ([], [])


def test_a_listing_that_shows_nothing_yet_known_is_looked_at(world: World) -> None:
    change_shelf(world, known=None)
    assert take(world, product(quantity=None)) is Effect.LOOK_AT_STOCK
    assert take(world, product(quantity=10)) is Effect.LOOK_AT_STOCK


class TestTheStockLane:
    """A till with ten of item 1, and a shop that shows them."""

    @pytest.fixture
    def world(self) -> World:
        world = World()
        world.till.put(item("1", custom_sku="CUP"))
        world.stock("1", 5, 5)
        world.settle()
        world.shop.stock_writes.clear()
        return world

    @pytest.fixture
    def cup(self, world: World) -> ListingRef:
        return world.memory.shelves[SHOP]["1"].ref

    def test_a_contradiction_is_written_again(self, world: World, cup: ListingRef) -> None:
        take(world, product(cup, 3))
        world.push()
        assert world.shop.stock_writes == [("1", 10)]
        assert marks(world) == []

    def test_an_echo_that_is_faster_than_our_record_costs_no_write(self, world: World, cup: ListingRef) -> None:
        change_shelf(world, known=12)  # 10 was sent, and its answer is not recorded yet
        assert take(world, product(cup, 10)) is Effect.LOOK_AT_STOCK
        change_shelf(world, known=10)
        world.push()
        assert world.shop.stock_writes == []
        assert marks(world) == []

    def test_one_lasting_contradiction_among_echoes_is_enough(self, world: World, cup: ListingRef) -> None:
        change_shelf(world, known=12)
        for shown in (10, 4):
            take(world, product(cup, shown))
        change_shelf(world, known=10)
        world.push()
        assert world.shop.stock_writes == [("1", 10)]

    @pytest.mark.parametrize(("shown", "written"), [([10], []), ([4], [("1", 10)]), ([10, 4], [("1", 10)])])
    def test_a_doubt_outlives_a_failed_try(
        self, world: World, cup: ListingRef, shown: list[int], written: list[tuple[str, int]]
    ) -> None:  # invariant 4
        change_shelf(world, known=12)
        for quantity in shown:
            take(world, product(cup, quantity))
        world.keeper().try_again(Lane.STOCK, marks(world))
        change_shelf(world, known=10)
        world.clock.advance(minutes=1)
        world.push()
        assert world.shop.stock_writes == written
