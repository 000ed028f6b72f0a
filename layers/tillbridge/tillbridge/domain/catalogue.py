"""What the till sells, as Tillbridge keeps it: verified, typed, free of the vendor's spelling.

Identifiers are the till's own, as strings. Money is ``Decimal`` in the account's currency; ``None`` means
"not set", never zero. Times are aware and in UTC.
"""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum


class ItemType(StrEnum):
    """The till's kinds of item (facts/lightspeed.md, "Item")."""

    DEFAULT = "default"
    NON_INVENTORY = "non_inventory"
    SERIALIZED = "serialized"
    BOX = "box"
    SERIALIZED_ASSEMBLY = "serialized_assembly"
    ASSEMBLY = "assembly"


@dataclass(frozen=True, slots=True)
class Location:
    """One branch of the retailer (the vendor calls it a shop, which here means a web shop)."""

    location_id: str
    name: str
    time_zone: str = "UTC"
    archived: bool = False


@dataclass(frozen=True, slots=True)
class Category:
    """A node of the till's category tree; ``parent_id`` is ``None`` at the top. A name may contain "/"."""

    category_id: str
    name: str
    parent_id: str | None = None


@dataclass(frozen=True, slots=True)
class Manufacturer:
    """The brand of an item."""

    manufacturer_id: str
    name: str


@dataclass(frozen=True, slots=True)
class PriceLevel:
    """A named price list: "1" is the default price and "2" the MSRP, further ones are the account's own."""

    price_level_id: str
    name: str
    archived: bool = False


@dataclass(frozen=True, slots=True)
class AttributeSet:
    """Names of the up to three things in which the variants of a matrix differ; unused places are ""."""

    attribute_set_id: str
    name: str
    attribute_names: tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Image:
    """A picture in the till; the lowest ``position`` is the main one. ``url`` ends in an image extension."""

    image_id: str
    url: str
    position: int = 0
    description: str = ""


@dataclass(frozen=True, slots=True)
class CustomField:
    """A field the retailer added to its items."""

    field_id: str
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class WebContent:
    """Texts and measures kept for the web. Weight and sizes are in the till's own units."""

    long_description: str = ""
    short_description: str = ""
    weight: Decimal | None = None
    width: Decimal | None = None
    height: Decimal | None = None
    length: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sellable:
    """What an item and a matrix have in common."""

    description: str
    archived: bool = False
    category_id: str | None = None
    manufacturer_id: str | None = None
    tax_class_id: str | None = None
    taxable: bool = True
    prices: dict[str, Decimal] = field(
        default_factory=dict
    )  # price level id -> amount; a level that is not set is absent
    images: tuple[Image, ...] = ()
    tags: tuple[str, ...] = ()
    custom_fields: tuple[CustomField, ...] = ()
    web: WebContent = WebContent()
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Item(Sellable):
    """One thing with a stock of its own: a simple article, or one variant of a matrix.

    ``attributes`` holds the variant's values at the places of its attribute set, "" where the place is unused.
    """

    item_id: str
    system_sku: str
    custom_sku: str = ""
    manufacturer_sku: str = ""
    upc: str = ""
    ean: str = ""
    item_type: ItemType = ItemType.DEFAULT
    publish_to_web: bool = True
    matrix_id: str | None = None
    attribute_set_id: str | None = None
    attributes: tuple[str, str, str] = ("", "", "")
    gone: bool = False  # the till no longer has it: deleted, or merged into another item; then it is archived as well

    @property
    def product_key(self) -> str:
        """Name the product that shows this item in a shop: its matrix, or itself."""
        return matrix_key(self.matrix_id) if self.matrix_id else simple_key(self.item_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix(Sellable):
    """A product whose variants are items; it has no stock and no SKU of its own."""

    matrix_id: str
    attribute_set_id: str | None = None

    @property
    def product_key(self) -> str:
        """Name the product that shows this matrix in a shop."""
        return matrix_key(self.matrix_id)


@dataclass(frozen=True, slots=True)
class Reference:
    """The account's lists that items point into, keyed by id."""

    locations: dict[str, Location] = field(default_factory=dict)
    categories: dict[str, Category] = field(default_factory=dict)
    manufacturers: dict[str, Manufacturer] = field(default_factory=dict)
    price_levels: dict[str, PriceLevel] = field(default_factory=dict)
    attribute_sets: dict[str, AttributeSet] = field(default_factory=dict)

    def still_says(self, before: "Reference") -> bool:
        """Tell whether every entry of before is as it was, as far as products and stock are made of it.

        An entry that changes concerns items which themselves do not: a category renamed, a location archived.
        """
        return (
            before.locations.items() <= self.locations.items()
            and before.categories.items() <= self.categories.items()
            and before.manufacturers.items() <= self.manufacturers.items()
            and before.attribute_sets.items() <= self.attribute_sets.items()
        )

    def with_new(self, fresh: "Reference") -> "Reference":
        """Take over the entries that were not known; those that were stay as they are."""
        return Reference(
            locations=fresh.locations | self.locations,
            categories=fresh.categories | self.categories,
            manufacturers=fresh.manufacturers | self.manufacturers,
            price_levels=fresh.price_levels | self.price_levels,
            attribute_sets=fresh.attribute_sets | self.attribute_sets,
        )


def simple_key(item_id: str) -> str:
    """Key of the product made of one item, e.g. ``I42``."""
    return f"I{item_id}"


def matrix_key(matrix_id: str) -> str:
    """Key of the product made of a matrix and its variants, e.g. ``M7``."""
    return f"M{matrix_id}"
