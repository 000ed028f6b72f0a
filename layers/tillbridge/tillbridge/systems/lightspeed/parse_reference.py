"""The account's lists, from the wire to the domain. Pure."""

from tillbridge.domain.catalogue import AttributeSet, Category, Location, Manufacturer, PriceLevel
from tillbridge.systems.lightspeed.parse import JsonObject, read
from tillbridge.systems.lightspeed.wire import (
    WireAttributeSet,
    WireCategory,
    WireLocation,
    WireManufacturer,
    WirePriceLevel,
)


def read_location(row: JsonObject) -> Location:
    """Read the record Shop."""
    wire = read(WireLocation, row)
    return Location(wire.location_id, wire.name, wire.time_zone or "UTC", wire.archived)


def read_category(row: JsonObject) -> Category:
    """Read the record Category; ``fullPathName`` is not used, because a name may itself contain "/"."""
    wire = read(WireCategory, row)
    return Category(wire.category_id, wire.name, wire.parent_id)


def read_manufacturer(row: JsonObject) -> Manufacturer:
    """Read the record Manufacturer."""
    wire = read(WireManufacturer, row)
    return Manufacturer(wire.manufacturer_id, wire.name)


def read_price_level(row: JsonObject) -> PriceLevel:
    """Read the record PriceLevel."""
    wire = read(WirePriceLevel, row)
    return PriceLevel(wire.price_level_id, wire.name, wire.archived)


def read_attribute_set(row: JsonObject) -> AttributeSet:
    """Read the record ItemAttributeSet."""
    wire = read(WireAttributeSet, row)
    return AttributeSet(wire.attribute_set_id, wire.name, (wire.name1, wire.name2, wire.name3))
