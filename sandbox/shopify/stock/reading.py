"""The fields of items, levels and locations."""

from collections.abc import Sequence

from sandbox.shopify import rows
from sandbox.shopify.catalogue.model import ProductVariant
from sandbox.shopify.changing import index_of
from sandbox.shopify.ids import gid
from sandbox.shopify.stock.ledger import levels_of
from sandbox.shopify.stock.model import (
    STATES,
    InventoryAdjustmentGroup,
    InventoryChange,
    InventoryItem,
    InventoryLevel,
    Location,
)
from sandbox.shopify.web.connections import connect, in_order
from sandbox.shopify.web.context import Context
from sandbox.shopify.web.errors import TopLevelError
from sandbox.shopify.web.index import search
from sandbox.shopify.web.resolving import query, resolver

NAMES = (*STATES, "on_hand")
item_field, level_field, place_field = resolver("InventoryItem"), resolver("InventoryLevel"), resolver("Location")


@query
def inventory_items(_root: object, context: Context, query: str | None = None, **page: object) -> object:
    found = search(context, index_of(context.shop, "InventoryItem"), list(context.shop.items.values()), query)
    return connect(context, found, lambda row: (0, row.id), page)


@item_field
def variant(item: InventoryItem, context: Context) -> ProductVariant:
    return context.shop.variants[item.variant_id]


@item_field
def variants(item: InventoryItem, context: Context, **page: object) -> object:
    found = [context.shop.variants[item.variant_id]]
    return connect(context, found, in_order(found), page)


@item_field
def unit_cost(item: InventoryItem, context: Context) -> object:
    return None if item.cost is None else {"amount": item.cost, "currencyCode": context.shop.settings.currency}


@item_field
def measurement(item: InventoryItem, _context: Context) -> object:
    value, unit = item.weight
    return {"id": gid("InventoryItemMeasurement", item.id), "weight": {"value": value, "unit": unit}}


@item_field
def tracked_editable(_item: InventoryItem, _context: Context) -> object:
    return {"locked": False, "reason": None}


@item_field
def duplicate_sku_count(item: InventoryItem, context: Context) -> int:
    return sum(1 for row in context.shop.items.values() if item.sku and row.sku == item.sku and row is not item)


@item_field
def locations_count(item: InventoryItem, context: Context) -> object:
    active = [level for level in levels_of(context.shop, item.id) if level.is_active]
    return {"count": len(active), "precision": "EXACT"}


@resolver("InventoryItem", name="inventoryLevel")
def level_at(
    item: InventoryItem, context: Context, location_id: str, *, include_inactive: bool = False
) -> InventoryLevel | None:
    place = rows.location(context.shop, location_id)
    return _shown(context.shop.levels.get((item.id, place.id if place else 0)), inactive=include_inactive)


@resolver("Location", name="inventoryLevel")
def level_of(
    place: Location, context: Context, inventory_item_id: str, *, include_inactive: bool = False
) -> InventoryLevel | None:
    item = rows.item(context.shop, inventory_item_id)
    return _shown(context.shop.levels.get((item.id if item else 0, place.id)), inactive=include_inactive)


def _shown(level: InventoryLevel | None, *, inactive: bool) -> InventoryLevel | None:
    return level if level is not None and (level.is_active or inactive) else None


@resolver("InventoryItem", name="inventoryLevels")
def levels_of_item(item: InventoryItem, context: Context, *, include_inactive: bool = False, **page: object) -> object:
    found = [level for level in levels_of(context.shop, item.id) if level.is_active or include_inactive]
    return connect(context, found, lambda level: (0, level.id), page)


@resolver("Location", name="inventoryLevels")
def levels_at_place(place: Location, context: Context, *, include_inactive: bool = False, **page: object) -> object:
    found = [
        level
        for level in context.shop.levels.values()
        if level.location_id == place.id and (level.is_active or include_inactive)
    ]
    return connect(context, found, lambda level: (0, level.id), page)


@level_field
def item(level: InventoryLevel, context: Context) -> InventoryItem:
    return context.shop.items[level.item_id]


@level_field
def location(level: InventoryLevel, context: Context) -> Location:
    return context.shop.locations[level.location_id]


@level_field
def quantities(level: InventoryLevel, _context: Context, names: Sequence[str]) -> list[object]:
    unknown = [name for name in names if name not in NAMES]
    if unknown:
        raise TopLevelError(f"The quantity name '{unknown[0]}' is invalid.", "INVALID_FIELD_ARGUMENTS")
    return [
        {
            "id": f"gid://shopify/InventoryQuantity/{level.id}?inventory_item_id={level.item_id}&name={name}",
            "name": name,
            "quantity": level.quantity(name),
            "updatedAt": level.changed.get(name),
        }
        for name in names
    ]


@level_field
def can_deactivate(level: InventoryLevel, _context: Context) -> bool:
    return not level.states["committed"]


@level_field
def deactivation_alert(_level: InventoryLevel, _context: Context) -> None:
    return None


# --- history ----------------------------------------------------------------------------------------------------------


@resolver("InventoryAdjustmentGroup")
def changes(
    group: InventoryAdjustmentGroup,
    _context: Context,
    inventory_item_ids: Sequence[str] | None = None,
    location_ids: Sequence[str] | None = None,
    quantity_names: Sequence[str] | None = None,
) -> list[InventoryChange]:
    return [
        entry
        for entry in group.entries
        if (inventory_item_ids is None or gid("InventoryItem", entry.item_id) in inventory_item_ids)
        and (location_ids is None or gid("Location", entry.location_id) in location_ids)
        and (quantity_names is None or entry.name in quantity_names)
    ]


@resolver("InventoryAdjustmentGroup")
def app(_group: InventoryAdjustmentGroup, context: Context) -> object:
    return {"id": gid("App", 1), "title": context.app.name, "handle": None, "apiKey": context.app.client_id}


@resolver("InventoryChange", name="item")
def changed_item(entry: InventoryChange, context: Context) -> InventoryItem | None:
    return context.shop.items.get(entry.item_id)


@resolver("InventoryChange", name="location")
def changed_place(entry: InventoryChange, context: Context) -> Location | None:
    return context.shop.locations.get(entry.location_id)


@resolver("InventoryChange")
def quantity_after_change(_entry: InventoryChange, _context: Context) -> None:
    """Always null in recorded answers (facts/shopify.md, section 6)."""
    return


# --- locations --------------------------------------------------------------------------------------------------------


@query
def locations(
    _root: object,
    context: Context,
    query: str | None = None,
    sort_key: str = "NAME",
    *,
    include_inactive: bool = False,
    include_legacy: bool = False,
    **page: object,
) -> object:
    """List locations; those of fulfilment services only when asked for as legacy ones."""
    found = [
        place
        for place in context.shop.locations.values()
        if (place.is_active or include_inactive) and (not place.is_fulfillment_service or include_legacy)
        if query is None or query.removeprefix("name:").strip("\"'").casefold() in place.name.casefold()
    ]
    return connect(context, found, lambda place: (place.name.casefold() if sort_key == "NAME" else 0, place.id), page)


@resolver("QueryRoot", name="location")
def one_location(_root: object, context: Context, id: str | None = None) -> Location | None:
    if id is None:
        return next(iter(context.shop.locations.values()))
    return rows.location(context.shop, id)


@place_field
def address(_place: Location, _context: Context) -> object:
    return {
        "address1": "1 Main Street", "address2": None, "city": "New York", "country": "United States",
        "countryCode": "US", "phone": "", "province": "New York", "provinceCode": "NY", "zip": "10001",
    }  # fmt: skip


@place_field
def ships_inventory(place: Location, _context: Context) -> bool:
    return place.is_active


@place_field
def activatable(place: Location, _context: Context) -> bool:
    return not place.is_active


@place_field
def deactivatable(place: Location, context: Context) -> bool:
    return place.is_active and not has_active_inventory(place, context)


@place_field
def deletable(place: Location, _context: Context) -> bool:
    return not place.is_active


@place_field
def has_active_inventory(place: Location, context: Context) -> bool:
    return any(level.location_id == place.id and level.is_active for level in context.shop.levels.values())


@place_field
def is_primary(place: Location, context: Context) -> bool:
    return next(iter(context.shop.locations)) == place.id


@place_field
def fulfillment_service(place: Location, _context: Context) -> object:
    if not place.is_fulfillment_service:
        return None
    service = gid("FulfillmentService", place.id)
    return {"id": service, "handle": "service", "serviceName": place.name, "type": "THIRD_PARTY"}
