"""The mutations that stock items at locations, and those on the items themselves (facts/shopify.md, section 6)."""

from collections.abc import Mapping, Sequence

from sandbox.shopify import rows
from sandbox.shopify.catalogue.building import apply_item
from sandbox.shopify.catalogue.checks import variant_problems
from sandbox.shopify.changing import item_changed, level_changed
from sandbox.shopify.stock.ledger import connect, levels_of, move, stocked
from sandbox.shopify.stock.model import InventoryItem, InventoryLevel, Location
from sandbox.shopify.web.context import Context
from sandbox.shopify.web.errors import UserError, UserErrors, refuse
from sandbox.shopify.web.idempotency import keyed
from sandbox.shopify.web.resolving import Input, mutation


def _pair(context: Context, item_id: str, location_id: str) -> tuple[InventoryItem, Location]:
    item, location = rows.item(context.shop, item_id), rows.location(context.shop, location_id)
    if item is None:
        raise refuse("The product couldn't be found.", "inventoryItemId")
    if location is None or not location.is_active:
        raise refuse("The location couldn't be found.", "locationId")
    return item, location


@mutation
@keyed
def inventory_activate(
    _root: object,
    context: Context,
    inventory_item_id: str,
    location_id: str,
    available: int | None = None,
    on_hand: int | None = None,
    *,
    stock_at_legacy_location: bool = False,
) -> Mapping[str, object]:
    """Stock an item at a location. A level that was active before keeps its quantities, and refuses new ones."""
    del stock_at_legacy_location
    shop = context.shop
    item, location = _pair(context, inventory_item_id, location_id)
    active = stocked(shop, item.id, location.id)
    if active is not None:
        if available is not None or on_hand is not None:
            message = "Not allowed to set available quantity when the item is already active at the location."
            raise refuse(message, "available" if available is not None else "onHand")
        return {"inventoryLevel": active, "userErrors": []}
    level = connect(shop, item, location)
    # `available` was ignored on a new level in the one recording there is, `onHand` was not
    if on_hand is not None:
        move(shop, level, available=on_hand - level.quantity("on_hand"))
    return {"inventoryLevel": level, "userErrors": []}


@mutation
def inventory_deactivate(_root: object, context: Context, inventory_level_id: str) -> Mapping[str, object]:
    shop = context.shop
    level = rows.find(shop, inventory_level_id)
    if not isinstance(level, InventoryLevel):
        raise refuse("The inventory level couldn't be found.", "inventoryLevelId")
    _deactivate(context, level)
    return {"userErrors": []}


def _deactivate(context: Context, level: InventoryLevel) -> None:
    shop = context.shop
    if len([one for one in levels_of(shop, level.item_id) if one.is_active]) == 1 and level.is_active:
        raise refuse("The product couldn't be unstocked because it is stocked at no other location.")
    if level.states["committed"]:
        raise refuse("The product couldn't be unstocked because it has committed inventory.")
    level.is_active = False
    level_changed(shop, level, "INVENTORY_LEVELS_DISCONNECT")


@mutation
def inventory_bulk_toggle_activation(
    _root: object, context: Context, inventory_item_id: str, inventory_item_updates: Sequence[Input]
) -> Mapping[str, object]:
    """Stock one item at many locations, or stop to."""
    shop = context.shop
    levels: list[InventoryLevel] = []
    for entry in inventory_item_updates:
        item, location = _pair(context, inventory_item_id, entry["locationId"])
        if entry["activate"]:
            levels.append(connect(shop, item, location))
        elif (level := stocked(shop, item.id, location.id)) is not None:
            _deactivate(context, level)
    return {"inventoryItem": rows.item(shop, inventory_item_id), "inventoryLevels": levels, "userErrors": []}


@mutation
def inventory_item_update(_root: object, context: Context, id: str, input: Input) -> Mapping[str, object]:
    item = rows.item(context.shop, id)
    if item is None:
        raise refuse("The product couldn't be updated because it does not exist.", "id")
    errors = list(variant_problems(context.shop, {"inventoryItem": input}))
    if errors:
        raise UserErrors(UserError(error.message, ("input", *(error.field or ())[1:])) for error in errors)
    apply_item(item, input)
    item_changed(context.shop, item)
    return {"inventoryItem": item, "userErrors": []}
