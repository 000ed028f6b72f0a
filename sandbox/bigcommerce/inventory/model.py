"""Stock, its adjustments and the store's locations, as the store keeps them."""

from dataclasses import dataclass, field
from datetime import datetime

from sandbox.common.json_types import JsonObject


@dataclass(slots=True)
class Location:
    """A place that has stock."""

    id: int
    code: str
    label: str
    created: datetime
    enabled: bool = True
    values: JsonObject = field(default_factory=dict)


@dataclass(slots=True)
class Level:
    """The stock of one variant at one location; there is none before a first absolute figure was written."""

    on_hand: int = 0
    safety_stock: int = 0
    warning_level: int = 0
    bin_picking_number: str = ""
    in_stock: bool = True

    @property
    def available(self) -> int:
        """What can be sold."""
        return max(self.on_hand - self.safety_stock, 0)


@dataclass(frozen=True, slots=True)
class Move:
    """One item of an adjustment."""

    variant_id: int
    location_id: int
    quantity: int
    named: str
    """The id it was named by: ``variant_id``, ``product_id`` or ``sku``."""


@dataclass(frozen=True, slots=True)
class Adjustment:
    """An accepted adjustment that shows from `due` on."""

    transaction_id: str
    absolute: bool
    moves: tuple[Move, ...]
    due: datetime
