"""A shop large enough for shares to mean something, and what may go wrong with it."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from tests.fakes.stores import FakeHolds
from tests.fakes.world import SHOP, World
from tests.unit.domain.samples import item
from tillbridge.domain.merchant import Lane
from tillbridge.domain.work import Hold, HoldState

ITEMS = 40
BOUND = 10  # the floor: a fifth of forty would be less


def full_shop(number: int = ITEMS, units: int = 3, **settings: object) -> World:
    """Make a world in step: so many items, each with some units at one of the two places."""
    world = World()
    world.change_settings(**settings)
    world.till.page_size = 100
    world.shop.batch = 100
    for one in range(1, number + 1):
        world.till.put(item(str(one), custom_sku=f"SKU-{one}"))
        world.stock(str(one), units, 0)
    world.settle()
    world.clock.advance(hours=2)
    world.till.calls.clear()
    world.shop.calls.clear()
    world.shop.stock_writes.clear()
    return world


def zero(world: World, *numbers: int) -> None:
    """Let items be sold out in the till."""
    for one in numbers:
        world.stock(str(one), 0, 0)


def restock(world: World, units: int, *numbers: int) -> None:
    """Let goods come in."""
    for one in numbers:
        world.stock(str(one), units, 0)


def reprice(world: World, price: str, *numbers: int) -> None:
    """Change prices in the till."""
    for one in numbers:
        row = world.till.items[str(one)]
        world.till.put(replace(row, prices={**row.prices, "1": Decimal(price)}))


def archive(world: World, *numbers: int) -> None:
    for one in numbers:
        world.till.put(replace(world.till.items[str(one)], archived=True))


def round_trip(world: World) -> None:
    """Poll, push, read a second time what was asked for, and push again."""
    world.clock.advance(seconds=30)
    world.poll()
    world.push()
    world.recheck()
    world.push()


def holds(world: World) -> list[Hold]:
    """List the holds whose keys have not gone on yet."""
    return list(FakeHolds(world.memory).unsettled(SHOP))


def held(world: World, lane: Lane = Lane.STOCK) -> set[str]:
    """Name the keys that are held."""
    return {key for key, one in world.memory.held.get((SHOP, lane), {}).items() if one.until is None}


def decide(world: World, state: HoldState) -> None:
    """Let a person decide about every open hold."""
    for hold in holds(world):
        if hold.state is HoldState.OPEN:
            decided = replace(hold, state=state, decided_at=world.clock.now())
            assert FakeHolds(world.memory, world.crash).put(SHOP, decided, hold)


def sold_out(world: World) -> set[int]:
    """Number the items that the shop shows none of."""
    return {int(sku.removeprefix("SKU-")) for sku, units in world.shop.shown().items() if units == 0}


DAY = timedelta(days=1)
