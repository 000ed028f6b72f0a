"""What a merchant decides about stock, on its way from settings to shelf."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tests.fakes.world import PLACES, SHOP, TILL, World
from tests.unit.domain.samples import item, level, matrix, variant
from tillbridge.domain.catalogue import Item, ItemType
from tillbridge.domain.merchant import Lane
from tillbridge.domain.product import ListingRef, OrderLine, WebOrder
from tillbridge.domain.stock import StockForm, StockMode
from tillbridge.flows.plan_stock import plan_stock
from tillbridge.flows.reconcile import RECONCILE, drift_of, repaired_of
from tillbridge.flows.resync import mark_everything

pytestmark = pytest.mark.unit


@pytest.fixture
def world() -> World:
    """A cup and a jug of one category, and a shirt in two colours."""
    world = World()
    world.till.put(
        item("1", custom_sku="CUP", category_id="6"),
        item("2", custom_sku="JUG", category_id="6"),
        matrix(),
        variant("4", "Red", custom_sku="RED"),
        variant("5", "Blue", custom_sku="BLUE"),
    )
    for item_id in ("1", "2", "4", "5"):
        world.stock(item_id, int(item_id), 10)
    world.settle()
    return world


def choose(world: World, **changes: Any) -> dict[str, Any]:
    """Change settings, as the operator's desk does, and tell what is shown once all has settled."""
    world.change_settings(**changes)
    mark_everything(world.keeper())
    world.settle()
    return world.shop.shown()


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({}, (11, 12, 14, 15)),
        ({"stock_mode": StockMode.PICK}, (10, 10, 10, 10)),
        ({"stock_mode": StockMode.MAP, "stock_places": {"shop/1": "651"}}, (11, 12, 14, 15)),
        ({"stock_mode": StockMode.PICK, "mode_by_shop": {SHOP: StockMode.SUM}}, (11, 12, 14, 15)),
        ({"locations_by_shop": {SHOP: ("1",)}}, (1, 2, 4, 5)),
        ({"locations_by_shop": {"another": ("1",)}}, (11, 12, 14, 15)),
        ({"safety_by_location": {"1": Decimal(2), "2": Decimal(1)}}, (9, 9, 11, 12)),
        ({"safety_stock": Decimal(1), "safety_by_category": {"5": Decimal(3)}}, (8, 9, 13, 14)),
        ({"safety_by_category": {"5": Decimal(3)}, "safety_by_item": {"JUG": Decimal(0)}}, (8, 12, 14, 15)),
        ({"safety_by_item": {"M7": Decimal(2), "I5": Decimal(5)}}, (11, 12, 12, 10)),
        ({"safety_stock": Decimal(1), "safety_by_shop": {SHOP: Decimal(4)}}, (7, 8, 10, 11)),
    ],
)
def test_a_rule_decides_what_is_shown(world: World, changes: dict[str, Any], shown: tuple[int, ...]) -> None:
    assert choose(world, **changes) == dict(zip(("CUP", "JUG", "RED", "BLUE"), shown, strict=True))


@pytest.mark.parametrize(("backorders", "shown"), [(False, 0), (True, -2)])
def test_what_is_owed_is_shown_only_with_backorders(world: World, *, backorders: bool, shown: int) -> None:
    for place in PLACES:
        world.till.put(level("1", place, "0", on_hand=Decimal(-1)))
    assert choose(world, backorders=backorders)["CUP"] == shown


def test_a_shop_that_takes_fractions_gets_them_and_the_next_round_is_in_step(world: World) -> None:
    world.shop.stock_form = StockForm(step=Decimal("0.01"))
    world.till.put(level("1", "1", "0.755"))
    assert str(choose(world)["CUP"]) == "10.75"
    world.shop.stock_writes.clear()
    assert str(choose(world)["CUP"]) == "10.75"
    assert world.shop.stock_writes == []


def test_a_part_of_a_unit_in_a_web_order_is_kept_off_sale_as_it_is(world: World) -> None:
    world.shop.stock_form = StockForm(step=Decimal("0.01"))
    order = WebOrder(
        order_id="1001",
        number="1001",
        status="processing",
        lines=(OrderLine(ListingRef("1"), Decimal("1.5")),),
        holds_stock=True,
        taken_in_shop=True,
        changed_at=world.clock.now(),
    )
    world.shop.orders.append(order)
    world.book().look(world.keeper())
    world.settle()
    assert world.shop.shown()["CUP"] == Decimal("9.5")


def test_items_are_read_for_stock_only_when_a_rule_asks_for_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    keeper = world.keeper()
    read = keeper.mirror.items

    def items(till: str, item_ids: Iterable[str]) -> Mapping[str, Item]:
        asked.append(till)
        return read(till, item_ids)

    monkeypatch.setattr(keeper.mirror, "items", items)
    keeper.figures(["1"])
    assert asked == []
    kept = Decimal(3)
    by_category = replace(world.settings, safety_by_category={"5": kept})
    for settings in (by_category, replace(world.settings, safety_by_item={"CUP": kept})):
        merchant = replace(keeper.merchant, settings=settings)
        assert replace(keeper, merchant=merchant).figures(["1"])["1"].quantity == 8
    assert asked == [TILL, TILL]


def test_an_item_that_moves_to_another_category_has_its_safety_stock(world: World) -> None:  # invariant 4
    assert choose(world, safety_by_category={"6": Decimal(3)})["CUP"] == 8
    world.till.put(replace(world.till.items["1"], category_id="5"))
    world.settle()
    assert world.shop.shown()["CUP"] == 11


@pytest.mark.parametrize("kind", [kind for kind in ItemType if kind is not ItemType.NON_INVENTORY])
def test_every_kind_of_item_but_one_is_tracked(kind: ItemType) -> None:
    world = World()
    world.till.put(item("1", custom_sku="CUP", item_type=kind))
    world.stock("1", 3, 0)
    world.settle()
    assert world.shop.shown() == {"CUP": 3}


def test_a_service_is_listed_without_stock_and_never_gets_any() -> None:
    world = World()
    world.till.put(item("1", custom_sku="HOUR", item_type=ItemType.NON_INVENTORY))
    world.stock("1", 3, 0)
    world.settle()
    assert (len(world.shop.products), world.shop.shown()) == (1, {})
    world.stock("1", 4, 0)
    world.settle()
    assert (world.shop.stock_writes, world.waiting(Lane.STOCK)) == ([], [])


def test_an_item_that_the_till_begins_to_track_gets_its_figure(world: World) -> None:  # invariant 4
    world.till.put(replace(world.till.items["1"], item_type=ItemType.NON_INVENTORY))
    world.settle()
    assert not world.memory.shelves[SHOP]["1"].tracked
    world.till.sell("1", "1")
    world.settle()
    assert world.shop.shown()["CUP"] == 11
    world.till.put(replace(world.till.items["1"], item_type=ItemType.DEFAULT))
    world.settle()
    assert world.shop.shown()["CUP"] == 10


def test_each_place_of_a_shop_gets_its_share(world: World) -> None:
    world.shop.stock_form = StockForm(places=True)
    choose(world, stock_mode=StockMode.MAP, stock_places={"shop/1": "651", "shop/2": "652"})
    assert world.memory.shelves[SHOP]["1"].known_places == {"651": 1, "652": 10}
    world.shop.stock_writes.clear()
    world.stock("1", 2, 9)
    world.settle()
    assert world.shop.stock_writes == [("1", 11)]
    assert world.memory.shelves[SHOP]["1"].known_places == {"651": 2, "652": 9}


@pytest.mark.parametrize("shown", [{"651": 5}, {"652": 0}, {"651": 10, "652": 1}, {"651": 0, "652": 11}])
def test_drift_at_any_place_is_repaired(world: World, shown: Mapping[str, int]) -> None:  # invariant 4
    world.shop.stock_form = StockForm(places=True)
    choose(world, stock_mode=StockMode.MAP, stock_places={"shop/1": "651", "shop/2": "652"})
    (listing,) = (one for one in world.shop.products.values() if one.key == "I1")
    listing.places[""] |= shown
    world.clock.advance(hours=24)
    world.shop.stock_writes.clear()

    world.reconcile_and_push()

    assert world.shop.stock_writes == [("1", 11)]
    assert listing.places[""] == {"651": 1, "652": 10}
    run = world.memory.runs[SHOP, RECONCILE]
    assert (drift_of(run, Lane.STOCK), repaired_of(run, Lane.STOCK)) == (1, 1)


def test_what_places_show_is_forgotten_with_the_figure(world: World) -> None:
    """A shop that compares before it sets is never told of figures that are in doubt."""
    world.shop.stock_form = StockForm(places=True)
    choose(world, stock_mode=StockMode.MAP, stock_places={"shop/1": "651", "shop/2": "652"})
    keeper = world.keeper()
    shelf = world.memory.shelves[SHOP]["1"]

    (write,) = plan_stock(keeper, {"1": replace(shelf, known=None)}).writes

    assert (write.places, write.known_places) == ({"651": 1, "652": 10}, {})


@pytest.mark.parametrize("kind", [ItemType.NON_INVENTORY, ItemType.DEFAULT])
def test_killed_anywhere_an_item_ends_as_tracked_as_the_till_has_it(kind: ItemType) -> None:  # invariant 4
    at, reached = 0, True
    while reached:
        world = World()
        world.till.put(item("1", custom_sku="CUP"))
        world.stock("1", 3, 0)
        world.settle()
        if kind is ItemType.DEFAULT:
            world.till.put(item("1", custom_sku="CUP", item_type=ItemType.NON_INVENTORY))
            world.settle()
            world.till.sell("1", "1")
        world.till.put(item("1", custom_sku="CUP", item_type=kind))
        reached = world.survive(lambda: (world.poll(), world.push()), at)  # noqa: B023  it is called at once
        world.settle()
        shelf = world.memory.shelves[SHOP]["1"]
        assert shelf.tracked is (kind is ItemType.DEFAULT)
        assert world.shop.shown()["CUP"] == (2 if shelf.tracked else 3)
        at += 1
    assert at > 5
