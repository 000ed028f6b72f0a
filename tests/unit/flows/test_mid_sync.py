"""Something is decided while a shop is being filled: it is paused, disconnected, or shown other things from now on."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from tests.fakes.stores import FakeConnections, FakeOutbox
from tests.fakes.systems import FakeShop
from tests.fakes.world import SHOP, World
from tests.unit.domain.samples import item
from tillbridge.domain.merchant import ConnectionState, Lane
from tillbridge.domain.settings import Selection
from tillbridge.flows.lane_work import Register, in_state
from tillbridge.flows.push_catalogue import push_catalogue
from tillbridge.flows.resync import mark_everything

pytestmark = pytest.mark.unit

ITEMS = [str(number) for number in range(1, 8)]


@dataclass
class Interrupted(FakeShop):
    """A shop in whose second call of a kind something happens elsewhere."""

    what: str = ""
    then: Callable[[], object] = lambda: None

    def _call(self, name: str) -> None:
        super()._call(name)
        if name == self.what and self.calls.count(name) == 2:
            self.then()


def filling(what: str) -> World:
    """Make a world with a till that was read, and a shop that waits for seven products (or their stock)."""
    world = World()
    for item_id in ITEMS:
        world.till.put(item(item_id, custom_sku=f"SKU{item_id}"))
        world.stock(item_id, 5, 5)
    world.read_all()
    if what == "write stock":
        world.settle()
        for item_id in ITEMS:
            world.till.sell(item_id, "1")
        world.clock.advance(minutes=1)
        world.poll()
    world.shop = Interrupted(world.clock, world.crash, world.shop.products, batch=world.shop.batch, what=what)
    return world


def interrupt(world: World, then: Callable[[], object]) -> None:
    assert isinstance(world.shop, Interrupted)
    world.shop.then = then


def put_state(world: World, state: ConnectionState) -> None:
    known = world.memory.connections[SHOP]
    world.memory.connections[SHOP] = replace(known, state=state, changed_at=known.changed_at + timedelta(seconds=1))


def expected(world: World) -> dict[str, int]:
    shown: dict[str, int] = {}
    for level in world.till.levels.values():
        sku = world.till.items[level.item_id].custom_sku
        shown[sku] = shown.get(sku, 0) + int(level.sellable)
    return shown


@pytest.mark.parametrize("state", [ConnectionState.PAUSED, ConnectionState.DISCONNECTED])
@pytest.mark.parametrize(("what", "lane"), [("write products", Lane.CATALOGUE), ("write stock", Lane.STOCK)])
def test_it_stops_before_the_next_batch_and_what_was_done_is_kept(
    what: str, lane: Lane, state: ConnectionState
) -> None:
    world = filling(what)
    interrupt(world, lambda: put_state(world, state))
    world.push()
    assert world.shop.calls.count(what) == 2
    assert len(world.waiting(lane)) == len(ITEMS) - 2 * world.shop.batch
    assert world.memory.leases[SHOP, lane].until is None, "whoever goes on does not have to wait"


@pytest.mark.parametrize("what", ["write products", "write stock"])
def test_what_was_paused_goes_on_where_it_stopped(what: str) -> None:  # invariant 4  # invariant 8
    world = filling(what)
    interrupt(world, lambda: put_state(world, ConnectionState.PAUSED))
    world.push()
    world.till.sell("7", "1")
    put_state(world, ConnectionState.ACTIVE)
    world.settle()
    assert world.shop.shown() == expected(world)
    keys = [listing.key for listing in world.shop.products.values()]
    assert len(keys) == len(set(keys))


def test_a_pause_uses_the_wake_up_and_is_no_trouble_of_the_shop() -> None:
    world = filling("write products")
    interrupt(world, lambda: put_state(world, ConnectionState.PAUSED))
    fence = world.fence(Lane.CATALOGUE)
    keeper = replace(world.keeper(), fence=fence, shop=world.shop.fenced(fence.may_send))
    register = Register(FakeConnections(world.memory), FakeOutbox(world.memory), world.clock)
    assert in_state(register, keeper.connection, lambda: push_catalogue(keeper).finished)
    assert world.memory.connections[SHOP].state is ConnectionState.PAUSED


@pytest.mark.parametrize("changes", [{"stock_locations": ("1",)}, {"selection": Selection.TAG}], ids=str)
@pytest.mark.parametrize("what", ["write products", "write stock"])
def test_settings_that_change_meanwhile_are_met_in_the_end(what: str, changes: dict[str, Any]) -> None:
    """The worker under way goes on with what it has read; the wake behind it looks at everything again."""
    world, other = filling(what), filling(what)
    interrupt(world, lambda: world.change_settings(**changes))
    other.change_settings(**changes)
    for one in (world, other):
        one.push()
        mark_everything(one.keeper())
        one.settle()
    assert world.shop.shown() == other.shop.shown() != expected(world)
