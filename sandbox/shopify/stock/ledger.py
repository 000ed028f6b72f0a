"""How quantities change: every change of one state is noted, and on_hand follows by itself."""

from sandbox.shopify.changing import level_changed
from sandbox.shopify.shop import Shop
from sandbox.shopify.stock.model import InventoryItem, InventoryLevel, Location


def connect(shop: Shop, item: InventoryItem, location: Location) -> InventoryLevel:
    """Stock an item at a location; one that was stocked there before keeps its quantities."""
    level = shop.levels.get((item.id, location.id))
    if level is None:
        now = shop.now()
        level = InventoryLevel(shop.numbers.next("InventoryLevel"), item.id, location.id, now, now)
        shop.levels[item.id, location.id] = level
        level_changed(shop, level, "INVENTORY_LEVELS_CONNECT")
    elif not level.is_active:
        level.is_active = True
        level_changed(shop, level, "INVENTORY_LEVELS_CONNECT")
    return level


def move(shop: Shop, level: InventoryLevel, **deltas: int) -> None:
    """Change states by `deltas`; on_hand is their sum."""
    for state, delta in deltas.items():
        level.states[state] += delta
        level.changed[state] = shop.now()
    level.changed["on_hand"] = shop.now()
    if any(deltas.values()):
        level_changed(shop, level)


def stocked(shop: Shop, item_id: int, location_id: int) -> InventoryLevel | None:
    """Give the active level of an item at a location."""
    level = shop.levels.get((item_id, location_id))
    return level if level is not None and level.is_active else None


def levels_of(shop: Shop, item_id: int) -> list[InventoryLevel]:
    """List the levels of an item, one per location in the locations' order."""
    return [level for number in shop.locations if (level := shop.levels.get((item_id, number))) is not None]


def available(shop: Shop, item_id: int) -> int:
    """Sum what can be sold, over all active levels."""
    return sum(level.states["available"] for level in levels_of(shop, item_id) if level.is_active)
