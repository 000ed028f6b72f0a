"""What the retailer's tables hold. Columns are kept as they go over the wire: every value a string, in wire order."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One record: its primary id and its columns."""

    id: int
    columns: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Attributes:
    """A variant's values of its attribute set, always three, empty where the set has no such attribute."""

    set_id: int
    values: tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Product(Row):
    """What items and matrices have in common beside their columns."""

    prices: tuple[str, ...]
    """Amounts in the order of the price levels; "0" means not set on every level but the first."""
    tag_ids: tuple[int, ...] = ()
    image_count: int = 0
    custom_values: tuple[tuple[int, str], ...] = ()
    """Custom field id and value; for a choice field the value is the choice's id."""
    weight: str | None = None


@dataclass(frozen=True, slots=True)
class Item(Product):
    """Something the till sells. `attributes` is there for variants only."""

    attributes: Attributes | None = None
    note: str | None = None
    vendor_number: str | None = None
    components: tuple[tuple[int, int], ...] = ()
    """Item id of each single inside this box, and how many of it."""


@dataclass(frozen=True, slots=True)
class Matrix(Product):
    """A group of variants."""

    set_id: int = 1


@dataclass(frozen=True, slots=True)
class Level:
    """The stock of one item in one shop; shop 0 is the sum of all shops."""

    id: int
    item_id: int
    shop_id: int
    qoh: int
    stamp: int
    """Epoch second of the last change."""
    component_qoh: int = 0
    reorder_point: int = 0
    reorder_level: int = 0
