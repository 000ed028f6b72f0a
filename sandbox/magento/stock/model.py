"""Places, what is in them, and what is promised, as the shop keeps them (facts/magento.md, section 4)."""

from dataclasses import dataclass, field
from typing import Any

DEFAULT_SOURCE = "default"
DEFAULT_STOCK = 1
WEBSITE = "base"


@dataclass(slots=True)
class Source:
    """A place that goods are in."""

    code: str
    name: str
    enabled: bool = True
    more: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Stock:
    """What a website sells from: the sources linked to it, by priority."""

    id: int
    name: str
    channels: list[str] = field(default_factory=list)
    sources: dict[str, int] = field(default_factory=dict)
    """Priority by source code."""


@dataclass(slots=True)
class SourceItem:
    """How many of a SKU are in a source; `status` 1 says that they may be sold, whatever the quantity."""

    sku: str
    source_code: str
    quantity: float
    status: int


@dataclass(frozen=True, slots=True)
class Reservation:
    """Units promised (negative) or freed again (positive) without having moved."""

    stock_id: int
    sku: str
    quantity: float


@dataclass(slots=True)
class Inventory:
    """All of it."""

    sources: dict[str, Source] = field(
        default_factory=lambda: {
            DEFAULT_SOURCE: Source(DEFAULT_SOURCE, "Default Source", more={"country_id": "US", "postcode": "00000"})
        }
    )
    stocks: dict[int, Stock] = field(
        default_factory=lambda: {DEFAULT_STOCK: Stock(DEFAULT_STOCK, "Default Stock", [WEBSITE], {DEFAULT_SOURCE: 1})}
    )
    items: dict[tuple[str, str], SourceItem] = field(default_factory=dict)
    """By SKU, without case, and source code."""
    reservations: list[Reservation] = field(default_factory=list)
