"""Orders for listings that are not linked yet: their units are off sale from the first figure written after linking."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.fakes.stores import FakeShelves, FakeUnlinkedOrders
from tests.fakes.world import SHOP, TILL, World
from tests.unit.domain.samples import item
from tests.unit.flows.market import decide, linked, own
from tillbridge.domain.choice import Action
from tillbridge.domain.merchant import Lane
from tillbridge.domain.product import ListingRef, OrderLine, UnlinkedOrder, WebOrder
from tillbridge.domain.work import Shelf
from tillbridge.flows.push_catalogue import push_catalogue

pytestmark = pytest.mark.unit

CUP, ELSE = ListingRef("11"), ListingRef("13")
LONG_AGO = timedelta(days=400)


@dataclass
class Market(World):
    """A till with a cup and a jug, and a shop that sells both, and something else, and takes orders."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.till.put(item("1", custom_sku="CUP"), item("2", custom_sku="JUG"))
        for item_id in ("1", "2"):
            self.stock(item_id, 5, 5)
        for listing, sku in (("11", "CUP"), ("12", "JUG"), ("13", "ELSE")):
            own(self, listing, sku)

    def order(
        self,
        units: int,
        *refs: ListingRef,
        number: str = "1001",
        status: str = "processing",
        age: timedelta = timedelta(),
    ) -> None:
        """Place an order, or put another in the place of one."""
        self.clock.advance(seconds=5)
        placed = WebOrder(
            order_id=number,
            number=number,
            status=status,
            lines=tuple(OrderLine(ref, Decimal(units), "CUP") for ref in refs),
            holds_stock=status in {"processing", "on-hold"},
            taken_in_shop=True,
            changed_at=self.clock.now() - age,
        )
        self.shop.orders[:] = [one for one in self.shop.orders if one.order_id != number] + [placed]

    def look(self) -> int:
        return self.book().look(self.keeper())

    def link(self) -> None:
        """Read the till and survey the shop: what has a common SKU is linked."""
        self.read_all()
        self.survey_only()
        self.serve(Lane.CATALOGUE, push_catalogue)

    @property
    def figures(self) -> list[int]:
        """List the figures written for the cup."""
        return [int(quantity) for item_id, quantity in self.shop.stock_writes if item_id == "1"]

    @property
    def kept(self) -> list[str]:
        return sorted(self.memory.unlinked.get(SHOP, {}))

    @property
    def reserved(self) -> dict[str, dict[str, int]]:
        held = self.memory.reserved.get(TILL, {})
        return {order: {key: int(units) for key, units in mine.items()} for order, mine in held.items() if mine}


@pytest.fixture
def world() -> Market:
    return Market()


def test_units_are_off_sale_from_the_first_figure_after_linking(world: Market) -> None:  # invariant 4
    world.order(3, CUP)
    assert world.look() == 1
    assert (world.kept, world.reserved) == (["1001"], {})
    world.link()
    world.settle()
    assert world.figures == [7]
    assert (world.kept, world.reserved) == ([], {"shop:1001": {"1": 3}})


def test_the_first_look_finds_open_orders_however_old(world: Market) -> None:  # invariant 4
    world.order(3, CUP, age=LONG_AGO)
    world.order(4, CUP, number="1002", status="completed", age=LONG_AGO)
    world.link()
    world.settle()
    assert world.figures == [7]
    assert world.memory.orders[SHOP].keys() == {"1001"}, "what has ended is not even noted"


def test_later_looks_ask_for_changes_only(world: Market) -> None:
    world.look()
    world.clock.advance(hours=1)
    world.order(3, CUP, age=LONG_AGO)
    assert world.look() == 0


@pytest.mark.parametrize(
    "road",
    [
        pytest.param(lambda world: decide(world, "I1", Action.LINK, "13"), id="a person links"),
        pytest.param(lambda world: world.shop.products["13"].variants[""].update(sku="CUP"), id="the shop is surveyed"),
    ],
)
def test_it_does_not_matter_how_the_link_is_made(world: Market, road: Callable[[Market], None]) -> None:
    # invariant 4
    del world.shop.products["11"]
    world.order(3, ELSE, CUP)
    world.look()
    road(world)
    world.link()
    world.settle()
    assert linked(world)["1"] == "13"
    assert world.figures == [7]
    assert world.kept == ["1001"], "the other listing is still nobody's"


def test_relinking_brings_the_orders_of_the_new_listing(world: Market) -> None:  # invariant 4
    world.link()
    world.settle()
    world.order(3, ELSE)
    world.look()
    decide(world, "I1", Action.LINK, "13")
    world.settle()
    assert (linked(world)["1"], world.figures[-1]) == ("13", 7)
    assert world.shop.products["13"].quantities[""] == 7


def test_figures_of_other_listings_do_not_wait_for_it(world: Market) -> None:
    world.order(3, ELSE)
    world.link()
    world.settle()
    assert (world.figures, world.kept) == ([10], ["1001"])


def test_a_creation_that_nobody_recorded_is_sold_and_then_found(world: Market) -> None:  # invariant 1  # invariant 4
    at = 0
    while True:
        world = Market()
        world.shop.products.clear()
        world.read_all()
        died = world.survive(lambda w=world: w.serve(Lane.CATALOGUE, push_catalogue), at)  # type: ignore[misc]
        mine = [one for one in world.shop.products.values() if one.key == "I1"]
        for listing in mine:
            world.order(3, ListingRef(listing.product_id))
            listing.quantities[""] -= 3
        world.look()
        world.till.sell("1", "1", 1)
        world.clock.advance(hours=1)
        world.settle()
        shown = [one.quantities[""] for one in world.shop.products.values() if one.key == "I1"]
        assert shown == [6 if mine else 9], at
        assert set(world.figures) <= {6 if mine else 9}, at
        if not died:
            assert at > 20
            return
        at += 1


def test_killed_at_every_step_of_settling(world: Market) -> None:  # invariant 1  # invariant 4
    at = 0
    while True:
        world = Market()
        world.order(3, CUP, ELSE)
        world.order(2, CUP, number="1002")
        world.look()
        world.link()
        died = world.survive(world.push, at)
        world.clock.advance(minutes=1)
        world.settle()
        assert set(world.figures) == {5}, at
        assert world.reserved == {"shop:1001": {"1": 3}, "shop:1002": {"1": 2}}, at
        assert world.kept == ["1001"], at
        if not died:
            assert at > 20
            return
        at += 1


def test_killed_at_every_step_of_the_first_look(world: Market) -> None:  # invariant 4
    """An order that ends before the next try was perhaps reserved already: its end must be met all the same."""
    at = 0
    while True:
        world = Market()
        world.link()
        world.order(3, CUP, age=LONG_AGO)
        world.order(2, ELSE, number="1002", age=LONG_AGO)
        world.order(1, CUP, number="1003", age=LONG_AGO)
        died = world.survive(world.look, at)
        for number in ("1001", "1002"):
            world.order(1, CUP, number=number, status="completed")
        world.settle()
        assert (world.reserved, world.kept, world.figures[-1]) == ({"shop:1003": {"1": 1}}, [], 9), at
        if not died:
            assert at > 20
            return
        at += 1


@pytest.mark.parametrize(("status", "left"), [("completed", 10), ("cancelled", 10), ("on-hold", 7)])
def test_what_becomes_of_the_order_meanwhile_counts(world: Market, status: str, left: int) -> None:  # invariant 4
    world.order(3, CUP)
    world.look()
    world.order(3, CUP, status=status)
    world.look()
    assert world.kept == (["1001"] if left == 7 else [])
    world.link()
    world.settle()
    assert world.figures == [left]


def test_what_is_edited_out_of_an_order_is_not_reserved(world: Market) -> None:  # invariant 4
    world.order(3, CUP, ELSE)
    world.look()
    world.order(2, ELSE)
    world.look()
    world.link()
    world.settle()
    assert (world.figures, world.reserved, world.kept) == ([10], {}, ["1001"])


def test_an_order_cancelled_at_the_very_moment_of_linking_is_released(world: Market) -> None:  # invariant 4
    world.order(3, CUP)
    world.look()
    world.order(3, CUP, status="cancelled")
    world.link()
    world.settle()
    assert (world.figures, world.reserved, world.kept) == ([10], {}, [])


def test_news_that_is_repeated_changes_nothing(world: Market) -> None:  # invariant 8
    world.order(3, CUP)
    world.look()
    world.crash.steps.clear()
    assert world.look() == 0
    assert not [step for step in world.crash.steps if step.startswith(("before", "after"))]


def test_an_order_of_linked_listings_writes_nothing_more_than_ever(world: Market) -> None:
    world.link()
    world.settle()
    world.crash.steps.clear()
    world.order(3, CUP)
    world.order(3, CUP, status="completed")
    world.look()
    world.settle()
    assert not [step for step in world.crash.steps if "linked order" in step]


def test_a_listing_that_is_linked_while_its_order_is_looked_at_is_not_missed(world: Market) -> None:
    # invariant 1  # invariant 4
    """Another worker may even have sent to it by then, if it took the lane; after that nobody looks for its orders."""
    world.read_all()
    world.order(3, CUP)
    step = world.crash.step

    def link_now(name: str) -> None:
        step(name)
        if name == "before unlinked order":
            shelf = Shelf(item_id="1", ref=CUP, known=10, sent_at=world.clock.now())
            FakeShelves(world.memory).put(SHOP, [shelf])

    world.crash.step = link_now  # type: ignore[method-assign]
    world.look()
    assert (world.kept, world.reserved) == ([], {"shop:1001": {"1": 3}})
    assert world.memory.shelves[SHOP]["1"].known is None


def test_a_listing_linked_during_a_round_is_not_written_before_its_orders(world: Market) -> None:  # invariant 4
    """The mark of its item was there before, because the till has changed it."""
    world.order(3, CUP)
    world.link()
    world.memory.shelves[SHOP].pop("1")
    ordered = world.shop.orders_since

    def linked_meanwhile(since: object) -> object:
        page = ordered(since)  # type: ignore[arg-type]
        FakeShelves(world.memory).put(SHOP, [Shelf(item_id="1", ref=CUP, known=10)])
        return page

    world.shop.orders_since = linked_meanwhile  # type: ignore[method-assign,assignment]
    world.settle()
    assert set(world.figures) <= {7}


def test_an_order_that_is_linked_in_part_counts_in_part(world: Market) -> None:  # invariant 4
    world.link()
    world.settle()
    world.order(2, CUP, ELSE)
    world.look()
    world.settle()
    assert (world.figures[-1], world.reserved, world.kept) == (8, {"shop:1001": {"1": 2}}, ["1001"])
    world.order(2, CUP, ELSE, status="completed")
    world.look()
    assert (world.reserved, world.kept) == ({}, [])


def test_orders_are_read_only_for_listings_to_which_nothing_was_sent(
    world: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    awaiting = FakeUnlinkedOrders.awaiting

    def counted(self: FakeUnlinkedOrders, shop: str, refs: list[ListingRef]) -> object:
        asked.append(len(refs))
        return awaiting(self, shop, refs)

    monkeypatch.setattr(FakeUnlinkedOrders, "awaiting", counted)
    world.order(1, ELSE)
    world.link()
    world.settle()
    assert asked
    asked.clear()
    world.till.sell("1", "1", 1)
    world.settle()
    assert (asked, world.figures[-1]) == ([], 9)


def test_a_change_of_an_open_order_keeps_what_it_is_now(world: Market) -> None:
    world.order(3, ELSE)
    world.look()
    world.order(1, ELSE, status="on-hold")
    world.look()
    (kept,) = FakeUnlinkedOrders(world.memory).every(SHOP)
    assert kept == UnlinkedOrder(world.shop.orders[0], frozenset({ELSE}))


def test_a_figure_that_was_acknowledged_before_the_order_is_written_again(world: Market) -> None:  # invariant 4
    """The shop has taken three off what it was given; that the till got as many since makes the figures look alike."""
    world.link()
    world.settle()
    world.memory.shelves[SHOP].pop("1")
    world.shop.products["11"].quantities[""] = 7
    world.order(3, CUP)
    world.look()
    FakeShelves(world.memory).put(SHOP, [Shelf(item_id="1", ref=CUP, known=10)])
    world.stock("1", 8, 5)
    world.settle()
    assert (world.shop.shown()["CUP"], world.figures[-1]) == (10, 10)


def test_a_figure_that_may_not_be_written_is_not_worked_at_again_and_again(world: Market) -> None:
    """The order stays for the sake of another listing, while the first one's figure waits for a person."""
    world.order(10, CUP, ELSE)
    world.look()
    world.change_settings(guard_floor=0, guard_zeroed=Decimal(1))
    world.link()
    world.settle()
    assert (world.reserved, world.kept, world.figures) == ({"shop:1001": {"1": 10}}, ["1001"], [])
    assert world.memory.shelves[SHOP]["1"].sent_at is None
    world.crash.steps.clear()
    world.settle()
    assert not [step for step in world.crash.steps if "reservation" in step]
