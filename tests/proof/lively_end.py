"""How a lively world ends: people and nights put everything in order, and the shop is held against the till."""

from collections.abc import Iterator
from decimal import Decimal

from tests.fakes.systems import Listing
from tests.fakes.world import PLACES, SHOP, TILL
from tests.proof.lively import LivelyWorld
from tillbridge.domain.catalogue import Item
from tillbridge.domain.merchant import SHOP_LANES, ConnectionState, Lane
from tillbridge.domain.planning import decimal_text
from tillbridge.domain.product import Visibility
from tillbridge.domain.work import HoldState
from tillbridge.flows.full_read import DONE
from tillbridge.flows.pull import STOCK
from tillbridge.flows.reconcile import RECONCILE

DAYS = 3
ROUNDS = 6
MOST_WAKES = 20


def come_to_rest(world: LivelyWorld) -> None:
    """Go on for some days in which nothing happens but that people let pass what is held or was dropped."""
    for name in (TILL, SHOP):
        world.set_state(name, ConnectionState.ACTIVE)
    if (TILL, STOCK) not in world.memory.cursors:
        world.work("read all")
    for _ in range(DAYS):
        world.clock.advance(hours=24)
        _some_minutes(world)
        if world.nights:
            _night(world)


def _some_minutes(world: LivelyWorld) -> None:
    for _ in range(ROUNDS):
        world.clock.advance(minutes=3)
        for work in ("poll stock", "poll items", "push orders", "push products", "push stock", "read again"):
            world.work(work)
        world.decide(HoldState.RELEASED)
        world.take_back()


def _night(world: LivelyWorld) -> None:
    world.work("read all")
    for _ in range(MOST_WAKES):
        world.clock.advance(seconds=20)
        world.work("push stock")
        world.work("reconcile")
        if world.memory.runs[SHOP, RECONCILE].phase == DONE:
            return


def complaints(world: LivelyWorld) -> list[str]:
    """Say all that is not as it must be."""
    shop = world.market
    wrong = [f"unjustified {told}" for told in shop.wrong]
    wrong += [f"twice in the shop: {name}" for name in shop.doubled()]
    wrong += [f"not ours to change: {name} of listing {product_id}" for product_id, name in shop.touched()]
    wrong += [f"made again although the merchant had deleted it: {key}" for key in shop.buried & _keys(world)]
    return [*wrong, *lost(world)]


def lost(world: LivelyWorld) -> list[str]:
    """Name what is not as the till has it, and work that never ends.

    What is in the merchant's bin is left out.
    """
    thrown = {listing.key for listing in world.market.bin.values()}
    found: list[str] = []
    known = {row.product_key for row in world.till.items.values()}
    for key in sorted((known | _keys(world)) - (thrown - _keys(world))):
        rows = [row for row in world.till.items.values() if row.product_key == key]
        found += [f"{key}: {told}" for told in _differing(world, world.market.find(key), rows)]
    return found + [f"{name} still waits" for name in _waiting(world, thrown)]


def orphans(world: LivelyWorld) -> list[str]:
    """Name what an unanswered creation left on sale although the till took it off; no link says where it is."""
    links = world.memory.links.get(SHOP, {})
    wanted = {row.product_key for row in world.till.items.values() if not row.archived}
    on_sale = {listing.key for listing in world.market.all.values() if listing.published}
    return [key for key in on_sale - wanted if key in links and not links[key].product_id]


def _keys(world: LivelyWorld) -> set[str]:
    return {listing.key for listing in world.market.all.values()}


def _differing(world: LivelyWorld, listing: Listing | None, rows: list[Item]) -> Iterator[str]:
    """Compare one product with its rows in the till."""
    live = [row for row in rows if not row.archived]
    if listing is None or not live:
        if (listing is not None and listing.published) or (live and listing is None):
            yield "it is on sale and must not be" if listing else "it is not there"
        return
    if not listing.published:
        yield "it is not on sale"
    variable = bool(live[0].matrix_id)
    for row in live:
        place = row.item_id if variable else ""
        shown = (listing.quantities.get(place), *_texts(listing, place))
        wanted = (_quantity(world, row), row.custom_sku, decimal_text(row.prices["1"]), "", "", "published")
        if shown != wanted:
            yield f"{shown} instead of {wanted}"
    for place in set(listing.variants) - {row.item_id for row in live} if variable else ():
        if listing.variants[place]["visibility"] != Visibility.DRAFT:
            yield f"variant {place} is on sale and must not be"


def _texts(listing: Listing, place: str) -> list[str]:
    fields = listing.variants.get(place, {})
    return [fields.get(name, "none") for name in ("sku", "regular_price", "sale_price", "gtin", "visibility")]


def _quantity(world: LivelyWorld, row: Item) -> int:
    there = sum((world.till.levels[row.item_id, place].sellable for place in PLACES), Decimal(0))
    return max(0, int(there - world.settings.safety_stock) - world.market.open_units(row.item_id))


def _waiting(world: LivelyWorld, thrown: set[str]) -> Iterator[str]:
    items = world.memory.items.get(TILL, {})
    yield from (key for key in world.waiting(Lane.CATALOGUE) if key not in thrown)
    yield from (key for key in world.waiting(Lane.STOCK) if key not in items or items[key].product_key not in thrown)
    yield from (key for lane in SHOP_LANES for key in world.memory.held.get((SHOP, lane), {}))
    yield from world.memory.asked.get(TILL, {})
