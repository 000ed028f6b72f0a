"""Items, levels and locations, as the shop keeps them. Class names are those of the schema."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

ON_SITE = ("available", "committed", "damaged", "quality_control", "reserved", "safety_stock")
"""The states that make up ``on_hand`` (facts/shopify.md, section 6)."""
STATES = (*ON_SITE, "incoming")


@dataclass(slots=True)
class Location:
    """Where stock lies."""

    id: int
    name: str
    created_at: datetime
    updated_at: datetime
    is_active: bool = True
    is_fulfillment_service: bool = False
    fulfills_online_orders: bool = True
    deactivated_at: str | None = None


@dataclass(slots=True)
class InventoryItem:
    """The thing that lies on the shelf; one per variant."""

    id: int
    variant_id: int
    created_at: datetime
    updated_at: datetime
    sku: str | None = None
    tracked: bool = False
    requires_shipping: bool = True
    cost: Decimal | None = None
    country_code_of_origin: str | None = None
    province_code_of_origin: str | None = None
    harmonized_system_code: str | None = None
    weight: tuple[float, str] = (0.0, "KILOGRAMS")


@dataclass(slots=True)
class InventoryLevel:
    """How much of an item lies at a location, by state."""

    id: int
    item_id: int
    location_id: int
    created_at: datetime
    updated_at: datetime
    is_active: bool = True
    states: dict[str, int] = field(default_factory=lambda: dict.fromkeys(STATES, 0))
    changed: dict[str, datetime] = field(default_factory=dict)
    """When each state last changed."""

    def quantity(self, name: str) -> int:
        return sum(self.states[state] for state in ON_SITE) if name == "on_hand" else self.states[name]


@dataclass(frozen=True, slots=True)
class InventoryChange:
    """One entry of the stock history."""

    name: str
    delta: int
    item_id: int
    location_id: int
    ledger_document_uri: str | None = None


@dataclass(frozen=True, slots=True)
class InventoryAdjustmentGroup:
    """The entries that one write made."""

    id: int
    created_at: datetime
    reason: str
    reference_document_uri: str | None
    entries: tuple[InventoryChange, ...]
