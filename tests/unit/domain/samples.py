"""Small makers of domain values, so that a test names only what it is about."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from tillbridge.domain.catalogue import AttributeSet, Category, Item, Location, Manufacturer, Matrix, Reference
from tillbridge.domain.settings import MerchantSettings
from tillbridge.domain.stock import ItemStock, StockFigure, StockLevel

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
PRICES = {"1": Decimal("12.50"), "2": Decimal("15.00")}

REFERENCE = Reference(
    locations={
        "1": Location("1", "High Street"),
        "2": Location("2", "Harbour"),
        "9": Location("9", "Old", archived=True),
    },
    categories={"5": Category("5", "Tents"), "6": Category("6", "2/3 person", "5"), "7": Category("7", "Loop", "7")},
    manufacturers={"3": Manufacturer("3", "Northfell")},
    attribute_sets={
        "1": AttributeSet("1", "Color/Size", ("Color", "Size", "")),
        "2": AttributeSet("2", "Size", ("", "Size", "")),
    },
)


def item(item_id: str = "42", **changes: Any) -> Item:
    values: dict[str, Any] = {
        "item_id": item_id,
        "system_sku": f"2100000000{item_id}",
        "description": "Mug Blue",
        "custom_sku": f"MUG-{item_id}",
        "prices": PRICES,
        "updated_at": NOON,
    }
    return Item(**{**values, **changes})


def variant(item_id: str, color: str, size: str = "", **changes: Any) -> Item:
    values: dict[str, Any] = {"matrix_id": "7", "attribute_set_id": "1", "attributes": (color, size, "")}
    return item(item_id, **{**values, **changes})


def matrix(**changes: Any) -> Matrix:
    values: dict[str, Any] = {
        "matrix_id": "7",
        "attribute_set_id": "1",
        "description": "T-Shirt",
        "prices": PRICES,
        "updated_at": NOON,
    }
    return Matrix(**{**values, **changes})


def level(item_id: str = "42", location_id: str = "1", sellable: str = "5", **changes: Any) -> StockLevel:
    values: dict[str, Any] = {
        "item_id": item_id,
        "location_id": location_id,
        "on_hand": Decimal(sellable),
        "sellable": Decimal(sellable),
        "updated_at": NOON,
    }
    return StockLevel(**{**values, **changes})


def stock(*levels: StockLevel, item_id: str = "42") -> ItemStock:
    return ItemStock(item_id, {row.location_id: row for row in levels})


def figures(*item_ids: str, quantity: int = 5) -> Mapping[str, StockFigure]:
    return {item_id: StockFigure(item_id, quantity, ()) for item_id in item_ids}


def settings(**changes: Any) -> MerchantSettings:
    return MerchantSettings(**changes)
