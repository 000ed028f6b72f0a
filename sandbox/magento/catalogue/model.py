"""Products, their attributes and what sorts them, as the shop keeps them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

ROLES = ("image", "small_image", "thumbnail", "swatch_image")
CONFIGURABLE = "configurable"
ON, NOT_VISIBLE, BOTH = 1, 1, 4
"""The status of what is for sale; visible nowhere by itself; visible in the catalogue and in the search."""


@dataclass(slots=True)
class Option:
    """One choice of an attribute; its id is written as text."""

    id: int
    label: str
    sort_order: int = 0


@dataclass(slots=True)
class Attribute:
    """An attribute of products; `scope` is ``global``, ``website`` or ``store``."""

    id: int
    code: str
    label: str
    input: str = "text"
    scope: str = "store"
    user_defined: bool = False
    required: bool = False
    options: dict[int, Option] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)
    """Fields without behaviour of their own."""


@dataclass(slots=True)
class AttributeSet:
    id: int
    name: str
    groups: dict[int, str]
    codes: list[str]


@dataclass(slots=True)
class Picture:
    """One entry of a product's gallery; `file` is its path below ``/media/catalog/product``."""

    id: int
    file: str
    label: str | None
    position: int
    disabled: bool
    media_type: str = "image"


@dataclass(slots=True)
class Axis:
    """An attribute that tells the children of a configurable product apart."""

    id: int
    attribute_id: int
    label: str
    position: int
    value_ids: list[int]


@dataclass(frozen=True, slots=True)
class TierPrice:
    """A price for a customer group from a quantity on; `group_id` 32000 is all of them."""

    group_id: int
    quantity: float
    value: float
    percent: bool = False
    website_id: int = 0


@dataclass(slots=True)
class StockItem:
    """The single figure of old; with sources it mirrors the one called ``default``."""

    id: int
    qty: float = 0
    is_in_stock: bool = False
    manage_stock: bool = True
    more: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Product:
    """A product of any type; `values` holds its attributes by store id and code, 0 being the global ones."""

    id: int
    sku: str
    type_id: str
    set_id: int
    created: datetime
    updated: datetime
    stock_item: StockItem
    values: dict[int, dict[str, Any]] = field(default_factory=lambda: {0: {}})
    website_ids: list[int] = field(default_factory=list)
    category_positions: dict[int, int] = field(default_factory=dict)
    pictures: list[Picture] = field(default_factory=list)
    axes: list[Axis] = field(default_factory=list)
    child_ids: list[int] = field(default_factory=list)
    tier_prices: list[TierPrice] = field(default_factory=list)

    def value(self, code: str, store_id: int = 0) -> Any:  # noqa: ANN401 - attributes are of any type
        """Give an attribute as a store view sees it."""
        own = self.values.get(store_id, {})
        return own[code] if code in own else self.values[0].get(code)

    @property
    def name(self) -> str:
        return str(self.values[0].get("name") or "")

    @property
    def configurable(self) -> bool:
        return self.type_id == CONFIGURABLE

    @property
    def on(self) -> bool:
        return bool(self.value("status") == ON)


@dataclass(slots=True)
class Category:
    id: int
    parent_id: int
    name: str
    created: datetime
    updated: datetime
    active: bool = True
    in_menu: bool = True
    position: int = 1
    values: dict[str, Any] = field(default_factory=dict)
