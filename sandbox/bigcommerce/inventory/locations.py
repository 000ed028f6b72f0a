"""The store's locations (facts/bigcommerce.md, "Inventory v3")."""

import uuid

from sandbox.bigcommerce import dates
from sandbox.bigcommerce.inventory.model import Location
from sandbox.bigcommerce.shop import DEFAULT_LOCATION, Shop
from sandbox.bigcommerce.web.errors import ApiError, conflict, invalid
from sandbox.bigcommerce.web.fields import Fields, any_of, check, choice, flag, text
from sandbox.bigcommerce.web.paging import by_ids, by_text, known_filters, page
from sandbox.bigcommerce.web.wire import Answer, Call, whole
from sandbox.common.json_types import JsonObject

_MOST_ACTIVE = 100
_FIELDS: Fields = {
    "code": text(50, 1),
    "label": text(255, 1),
    "description": text(),
    "managed_by_external_source": flag(),
    "type_id": choice("PHYSICAL", "VIRTUAL"),
    "enabled": flag(),
    "time_zone": text(),
    "address": any_of("object"),
    "operating_hours": any_of("object"),
    "special_hours": any_of("array"),
    "storefront_visibility": flag(),
}
_DEFAULTS: JsonObject = {
    "description": "",
    "managed_by_external_source": False,
    "type_id": "PHYSICAL",
    "time_zone": "Etc/UTC",
    "storefront_visibility": True,
}
_FILTERS = {"location_id:in", "location_code:in", "is_default", "is_active", "type_id:in"}


def list_all(shop: Shop, call: Call) -> Answer:
    """Answer a page of locations."""
    known_filters(call, _FILTERS)
    with shop.lock:
        rows = by_ids(call, shop.locations.values(), "location_id", lambda place: place.id)
        rows = by_text(call, rows, "location_code", lambda place: place.code)
        rows = by_text(call, rows, "type_id", lambda place: str(as_json(place)["type_id"]))
        for name, value_of in (("is_active", _active), ("is_default", _default)):
            if name in call.query:
                rows = [row for row in rows if str(value_of(row)).lower() == call.query[name].lower()]
        return page(call, rows, as_json)


def _active(place: Location) -> bool:
    return place.enabled


def _default(place: Location) -> bool:
    return place.id == DEFAULT_LOCATION


def create(shop: Shop, call: Call) -> Answer:
    """Create locations, asynchronously in name; they are there at once."""
    with shop.lock:
        rows = [check(_FIELDS, row, ("code", "label")) for row in call.records()]
        for values in rows:
            _check_code(shop, str(values["code"]), 0)
        for values in rows:
            make(shop, str(values.pop("code")), str(values.pop("label")), values)
    return _accepted(shop)


def make(shop: Shop, code: str, label: str, values: JsonObject) -> Location:
    """Make a location. The lock must be held."""
    if sum(place.enabled for place in shop.locations.values()) >= _MOST_ACTIVE:
        raise invalid("enabled", f"a store has {_MOST_ACTIVE} active locations at most")
    enabled = bool(values.pop("enabled", True))
    place = Location(max(shop.locations) + 1, code, label, shop.now(), enabled, values)
    shop.locations[place.id] = place
    shop.emit("store/inventory/location/created", {"type": "inventory_location", "location_id": place.id})
    return place


def update(shop: Shop, call: Call) -> Answer:
    """Change locations, each named by ``id``."""
    with shop.lock:
        rows = []
        for row in call.records():
            place, values = _found(shop, row), check(_FIELDS, row)
            _check_code(shop, str(values.get("code", place.code)), place.id)
            rows.append((place, values))
        for place, values in rows:
            place.code, place.label = str(values.pop("code", place.code)), str(values.pop("label", place.label))
            place.enabled = bool(values.pop("enabled", place.enabled))
            place.values |= values
            shop.emit("store/inventory/location/updated", {"type": "inventory_location", "location_id": place.id})
    return _accepted(shop)


def delete(shop: Shop, call: Call) -> Answer:
    """Delete the locations that the filter names, and the stock there; the default one stays."""
    known_filters(call, _FILTERS)
    if not call.query:
        raise ApiError(422, "Deleting locations needs a filter.")
    with shop.lock:
        rows = by_ids(call, shop.locations.values(), "location_id", lambda place: place.id)
        rows = by_text(call, rows, "location_code", lambda place: place.code)
        if any(_default(place) for place in rows):
            raise invalid("location_id:in", "the default location cannot be deleted")
        for place in rows:
            del shop.locations[place.id]
            shop.levels = {key: level for key, level in shop.levels.items() if key[1] != place.id}
            shop.emit("store/inventory/location/deleted", {"type": "inventory_location", "location_id": place.id})
    return _accepted(shop)


def _accepted(shop: Shop) -> Answer:
    return Answer({"transaction_id": uuid.UUID(int=shop.random.getrandbits(128)).hex})


def _found(shop: Shop, row: JsonObject) -> Location:
    place = shop.locations.get(whole(row.get("id")))
    if place is None:
        raise invalid("id", f"there is no location {row.get('id')}")
    return place


def _check_code(shop: Shop, code: str, own_id: int) -> None:
    if any(place.code.casefold() == code.casefold() and place.id != own_id for place in shop.locations.values()):
        raise conflict("code", f"There is a location with the code {code!r} already.")


def as_json(place: Location) -> JsonObject:
    """Write a location as the API does."""
    written = dates.zulu(place.created)
    return {
        "id": place.id,
        "code": place.code,
        "label": place.label,
        "enabled": place.enabled,
        "created_at": written,
        "updated_at": written,
        **_DEFAULTS,
        **place.values,
    }
