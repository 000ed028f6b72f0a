"""Units are reserved or let go, and the process dies: every shop is told in the end, within the sweep."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.fakes.stores import FakeMarks
from tests.fakes.world import SHOP
from tests.unit.domain.order_samples import placed
from tests.unit.domain.samples import NOON
from tests.unit.flows.import_orders.counter_world import OTHER_SHOP, CounterWorld
from tillbridge.domain.merchant import Lane
from tillbridge.domain.orders.order import Standing
from tillbridge.domain.orders.settings import OrderSettings
from tillbridge.domain.product import ListingRef, OrderLine, WebOrder
from tillbridge.flows.schedule import SWEEP

pytestmark = pytest.mark.unit

ORDERS = ("1001", "1002", "1003")
REFS = ("17", "18", "17")
Held = Mapping[str, Mapping[str, Decimal | int]]


def web_order(number: str, ref: str, *, held: bool = True) -> WebOrder:
    return WebOrder(
        order_id=number,
        number=number,
        status="processing" if held else "cancelled",
        lines=(OrderLine(ListingRef(ref), Decimal(2)),),
        holds_stock=held,
        taken_in_shop=held,
        changed_at=NOON,
        placed_at=NOON,
    )


def fresh() -> CounterWorld:
    world = CounterWorld()
    world.change_settings(orders=OrderSettings(since=NOON - timedelta(days=1)))
    world.book().look(world.keeper())
    return world


def seen(world: CounterWorld) -> None:
    """Have the stock lane meet three orders at once."""
    world.shop.orders = [web_order(number, ref) for number, ref in zip(ORDERS, REFS, strict=True)]
    world.book().look(world.keeper())


def ended(world: CounterWorld) -> None:
    """Have it meet them once more: one is cancelled, one takes something else by now."""
    world.shop.orders = [web_order("1001", "17", held=False), web_order("1002", "17"), web_order("1003", "17")]
    world.book().look(world.keeper())


def sold(world: CounterWorld) -> None:
    world.desk.put(placed())
    world.work()


def called_off(world: CounterWorld) -> None:
    world.desk.put(replace(placed(), standing=Standing.CANCELLED))
    world.work()


STORIES: Mapping[str, tuple[Callable[[CounterWorld], None], ...]] = {
    "seen": (seen,),
    "ended": (seen, ended),
    "sold": (seen, sold),
    "called off": (seen, called_off),
}


def held(world: CounterWorld) -> Held:
    return {number: world.reserved(number) for number in ORDERS}


def moved(before: Held, after: Held) -> set[str]:
    """Name the items of which other units are reserved than before."""
    items = {item for units in (*before.values(), *after.values()) for item in units}
    return {
        item
        for item in items
        if sum(units.get(item, 0) for units in before.values()) != sum(units.get(item, 0) for units in after.values())
    }


@pytest.mark.parametrize("story", STORIES)
def test_whatever_moved_is_looked_at_by_every_shop_though_its_mover_died(story: str) -> None:  # invariant 4
    """Nobody goes on with what the dead one did, and no wake reaches anybody: only what is due by the sweep counts."""
    *before, last = STORIES[story]
    deaths = dead_with_units_moved = 0
    for step in range(400):
        world = fresh()
        for earlier in before:
            earlier(world)
        for shop in (SHOP, OTHER_SHOP):
            world.memory.marks.pop((shop, Lane.STOCK), None)
        reserved = held(world)
        if not world.survive(lambda world=world: last(world), step):  # type: ignore[misc]
            assert moved(reserved, held(world)) or story == "sold"
            break
        deaths += 1
        world.clock.advance(seconds=SWEEP.total_seconds())
        changed = moved(reserved, held(world))
        dead_with_units_moved += bool(changed)
        for shop in (SHOP, OTHER_SHOP):
            due = {mark.key for mark in FakeMarks(world.memory).due(shop, Lane.STOCK, world.clock.now(), 100)}
            assert changed <= due, f"{shop} never hears of it when one dies at step {step}"
    assert deaths > dead_with_units_moved > 3
