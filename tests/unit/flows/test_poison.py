"""One thing that cannot be stored or that a shop refuses stops neither the others nor the reading of the till."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pytest

from tests.fakes.stores import FakeLinks, FakeMirror
from tests.fakes.world import SHOP, TILL, World
from tests.unit.domain.samples import item
from tillbridge.domain.catalogue import Item
from tillbridge.domain.errors import ItemRejectedError, SomeRejectedError, Subject
from tillbridge.domain.merchant import Lane
from tillbridge.domain.product import Link

pytestmark = pytest.mark.unit

ITEMS = [str(number) for number in range(1, 6)]
OTHERS = {f"SKU{item_id}": 10 for item_id in ITEMS if item_id != "3"}


def too_large(thing: str) -> ItemRejectedError:
    return ItemRejectedError("It is too large.", remedy="Shorten it.", code="RowTooLarge", subject=Subject(thing=thing))


class NarrowMirror(FakeMirror):
    """Cannot store item 3."""

    def put_items(self, till: str, items: Iterable[Item], previous: Mapping[str, Item] | None = None) -> None:
        rows = list(items)
        super().put_items(till, [row for row in rows if row.item_id != "3"], previous)
        if any(row.item_id == "3" for row in rows):
            raise SomeRejectedError([too_large("item 3")])


class NarrowLinks(FakeLinks):
    """Cannot store the link of product I3 once it has a listing."""

    def put(self, shop: str, links: Iterable[Link]) -> None:
        rows = list(links)
        large = [row for row in rows if row.product_key == "I3" and row.product_id]
        super().put(shop, [row for row in rows if row not in large])
        if large:
            raise SomeRejectedError([too_large("link I3")])


@dataclass
class NarrowWorld(World):
    """A world whose table is too narrow for something."""

    narrow: tuple[type, ...] = field(default=())

    def _of(self, kind: type) -> object:  # type: ignore[override]
        mine = next((one for one in self.narrow if issubclass(one, kind)), kind)
        return mine(self.memory, self.crash)


def stocked(*narrow: type) -> World:
    world = NarrowWorld(narrow=narrow)
    for item_id in ITEMS:
        world.till.put(item(item_id, custom_sku=f"SKU{item_id}"))
        world.stock(item_id, 5, 5)
    return world


@pytest.mark.parametrize("polled", [False, True])
def test_an_item_too_large_to_be_stored_is_told_and_the_others_arrive(*, polled: bool) -> None:  # invariant 4
    world = stocked(NarrowMirror)
    world.settle()
    if polled:
        world.clock.advance(minutes=1)
        world.till.put(item("3", custom_sku="SKU3", description="long"), item("6", custom_sku="SKU6"))
        world.stock("6", 5, 5)
        world.settle()
    assert world.shop.shown() == OTHERS | ({"SKU6": 10} if polled else {})
    (told,) = world.memory.rejects[TILL].values()
    assert (told.thing, told.happened, told.remedy) == ("item 3", "It is too large.", "Shorten it.")


def test_a_link_too_large_to_be_stored_is_told_and_the_others_are_kept() -> None:  # invariant 8
    world = stocked(NarrowLinks)
    world.settle()
    assert {key for key, link in world.memory.links[SHOP].items() if link.product_id} == {"I1", "I2", "I4", "I5"}
    link = world.memory.links[SHOP]["I3"]
    assert link.problem is not None
    assert (link.problem.code, link.problem.remedy) == ("RowTooLarge", "Shorten it.")
    assert link.attempted_at is not None, "its listing exists, and must not be made a second time"
    assert world.waiting(Lane.CATALOGUE) == ["I3"]
    assert len(world.shop.products) == len(ITEMS)


@pytest.mark.parametrize(("what", "lane"), [("I3", Lane.CATALOGUE), ("3", Lane.STOCK)])
def test_what_a_shop_refuses_waits_longer_each_time_and_alone(what: str, lane: Lane) -> None:  # invariant 4
    world = stocked()
    if lane is Lane.STOCK:
        world.settle()
        for item_id in ITEMS:
            world.till.sell(item_id, "1")
        world.clock.advance(minutes=1)
    world.shop.refuse = {what}
    world.settle()
    assert {sku: left for sku, left in world.shop.shown().items() if sku != "SKU3"} == {
        sku: left - (lane is Lane.STOCK) for sku, left in OTHERS.items()
    }
    assert world.waiting(lane) == [what]
    world.shop.refuse = set()
    world.clock.advance(hours=6)
    world.settle()
    assert len(world.shop.shown()) == len(ITEMS)
    assert world.waiting(lane) == []
