"""Reading stock, and its settings by location (facts/bigcommerce.md, "Inventory v3")."""

import uuid

from sandbox.bigcommerce.catalogue.model import Product, Variant
from sandbox.bigcommerce.inventory import levels
from sandbox.bigcommerce.inventory.model import Level, Location
from sandbox.bigcommerce.shop import Shop
from sandbox.bigcommerce.web.errors import ApiError, not_found
from sandbox.bigcommerce.web.fields import Fields, check, count, flag, text
from sandbox.bigcommerce.web.paging import by_ids, by_text, known_filters, page
from sandbox.bigcommerce.web.wire import Answer, Call, rows_of, whole
from sandbox.common.json_types import JsonObject

_MOST = 1_000
_ITEM_FILTERS = {"sku:in", "variant_id:in", "product_id:in"}
_SETTINGS: Fields = {
    "safety_stock": count(),
    "is_in_stock": flag(),
    "warning_level": count(),
    "bin_picking_number": text(255),
}
Pair = tuple[Product, Variant]


def list_items(shop: Shop, call: Call) -> Answer:
    """Answer a page of what has stock, each with its figures at every location."""
    known_filters(call, _ITEM_FILTERS | {"location_id:in", "location_code:in"})
    with shop.lock:
        levels.settle(shop)
        places = by_ids(call, shop.locations.values(), "location_id", lambda place: place.id)
        places = by_text(call, places, "location_code", lambda place: place.code)
        return page(call, _kept(shop, call), lambda pair: _item(shop, pair, places), _MOST)


def _item(shop: Shop, pair: Pair, places: list[Location]) -> JsonObject:
    return {"identity": _identity(pair), "locations": [_at(shop, pair[1], place) for place in places]}


def _at(shop: Shop, variant: Variant, place: Location) -> JsonObject:
    shown = _figures(_level(shop, variant, place.id))
    return {
        "location_id": place.id,
        "location_code": place.code,
        "location_name": place.label,
        "location_enabled": place.enabled,
        **shown,
    }


def list_at_location(shop: Shop, call: Call) -> Answer:
    """Answer a page of what has stock, with its figures at one location."""
    known_filters(call, _ITEM_FILTERS)
    with shop.lock:
        levels.settle(shop)
        place = _location(shop, call)
        rows = _kept(shop, call)
        return page(
            call,
            rows,
            lambda pair: {"identity": _identity(pair), **_figures(_level(shop, pair[1], place.id))},
            _MOST,
        )


def _location(shop: Shop, call: Call) -> Location:
    place = shop.locations.get(call.path["location_id"])
    if place is None:
        raise not_found("location")
    return place


def _kept(shop: Shop, call: Call) -> list[Pair]:
    """Give what stock is kept of: variants, or the base variants of products that are tracked as a whole."""
    pairs = [
        (product, variant)
        for product in shop.products
        if product.tracking != "none"
        for variant in (product.variants if product.tracking == "variant" else [product.base])
    ]
    pairs = by_ids(call, pairs, "variant_id", lambda pair: pair[1].id)
    pairs = by_ids(call, pairs, "product_id", lambda pair: pair[0].id)
    return by_text(call, pairs, "sku", lambda pair: pair[1].sku)


def _level(shop: Shop, variant: Variant, location_id: int) -> Level:
    return shop.levels.get((variant.id, location_id), Level())


def _identity(pair: Pair) -> JsonObject:
    return {"sku": pair[1].sku, "variant_id": pair[1].id, "product_id": pair[0].id}


def _figures(level: Level) -> JsonObject:
    settings: JsonObject = {
        "safety_stock": level.safety_stock,
        "is_in_stock": level.in_stock,
        "warning_level": level.warning_level,
        "bin_picking_number": level.bin_picking_number,
    }
    return {"available_to_sell": level.available, "total_inventory_onhand": level.on_hand, "settings": settings}


def put_settings(shop: Shop, call: Call) -> Answer:
    """Change safety stock and the like at one location."""
    rows = rows_of(call.record().get("settings"))
    with shop.lock:
        place = _location(shop, call)
        checked = [(_identified(shop, row), check(_SETTINGS, row)) for row in rows]
        for variant, values in checked:
            level = levels.level_of(shop, variant.id, place.id)
            level.safety_stock = whole(values.get("safety_stock", level.safety_stock))
            level.warning_level = whole(values.get("warning_level", level.warning_level))
            level.in_stock = bool(values.get("is_in_stock", level.in_stock))
            level.bin_picking_number = str(values.get("bin_picking_number", level.bin_picking_number))
        shop.changes += 1
        return Answer({"transaction_id": uuid.UUID(int=shop.random.getrandbits(128)).hex})


def _identified(shop: Shop, row: JsonObject) -> Variant:
    identity = row.get("identity")
    named = identity if isinstance(identity, dict) else {}
    product = shop.products.get(whole(named.get("product_id")))
    found = shop.products.with_sku(str(named.get("sku", ""))) or shop.products.with_variant(
        whole(named.get("variant_id"))
    )
    if found is None and product is None:
        raise ApiError(422, "identity names nothing that has stock", {"identity": "unknown"})
    return found[1] if found is not None else product.base  # type: ignore[union-attr]
