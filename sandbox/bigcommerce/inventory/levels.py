"""How stock moves and shows (facts/bigcommerce.md, "Inventory v3")."""

from sandbox.bigcommerce.catalogue.model import Product, Variant
from sandbox.bigcommerce.inventory.model import Adjustment, Level
from sandbox.bigcommerce.shop import DEFAULT_LOCATION, Shop
from sandbox.common.json_types import JsonObject


def sellable(shop: Shop, variant_id: int) -> int:
    """Give what can be sold of a variant, over all locations in use."""
    settle(shop)
    return sum(
        level.available
        for location in shop.locations.values()
        if location.enabled and (level := shop.levels.get((variant_id, location.id))) is not None
    )


def level_of(shop: Shop, variant_id: int, location_id: int) -> Level:
    """Give the stock of a variant at a location, to be changed in place."""
    return shop.levels.setdefault((variant_id, location_id), Level())


def settle(shop: Shop, *, everything: bool = False) -> int:
    """Let the accepted adjustments show that are due; gives how many. The lock must be held."""
    if not shop.adjustments:
        return 0
    now = shop.instruments.clock.now()
    due = [entry for entry in shop.adjustments if everything or entry.due <= now]
    shop.adjustments = [entry for entry in shop.adjustments if entry not in due]
    for adjustment in due:
        _apply(shop, adjustment)
    return len(due)


def _apply(shop: Shop, adjustment: Adjustment) -> None:
    for move in adjustment.moves:
        found = shop.products.with_variant(move.variant_id)
        if found is None or move.location_id not in shop.locations:
            continue  # deleted while the adjustment was on its way
        level = level_of(shop, move.variant_id, move.location_id)
        level.on_hand = move.quantity if adjustment.absolute else level.on_hand + move.quantity
        told: JsonObject = {"method": "absolute" if adjustment.absolute else "relative", "value": move.quantity}
        announce(shop, *found, told, move.location_id)


def set_level(shop: Shop, product: Product, variant: Variant, quantity: int) -> None:
    """Write a figure by way of the catalogue: it becomes the stock at the default location."""
    level_of(shop, variant.id, DEFAULT_LOCATION).on_hand = quantity
    announce(shop, product, variant, {"method": "absolute", "value": quantity}, DEFAULT_LOCATION)


def announce(shop: Shop, product: Product, variant: Variant, told: JsonObject, location_id: int) -> None:
    """Tell web hooks that stock moved; which scope depends on how the product is tracked."""
    change: JsonObject = {**told, "product_id": product.id}
    if product.tracking == "variant":
        sku: JsonObject = {"type": "sku", "id": variant.id + 1_000_000}
        shop.emit("store/sku/inventory/updated", {**sku, "inventory": {**change, "variant_id": variant.id}})
    else:
        shop.emit("store/product/inventory/updated", {"type": "product", "id": product.id, "inventory": change})
    place: JsonObject = {"variant_id": variant.id, "product_id": product.id, "location_id": location_id}
    for channel_id in product.channels:
        shop.emit(f"store/channel/{channel_id}/inventory/product/stock_changed", {"type": "inventory", **place})


def forget(shop: Shop, variant_id: int) -> None:
    """Drop the stock of a variant that is gone."""
    for location_id in shop.locations:
        shop.levels.pop((variant_id, location_id), None)
