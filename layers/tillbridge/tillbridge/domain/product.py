"""What a shop should show of one product, in no shop's own words, and what a shop said it shows.

A product is either *simple* (one variant, no options) or *variable* (options, and one variant per item).
Ids of the shop are strings. Prices are in the shop's currency and carry the tax treatment the shop keeps.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from tillbridge.domain.errors import TillbridgeError
from tillbridge.domain.stock import Quantity


class Visibility(StrEnum):
    """Whether shoppers can see a product."""

    PUBLISHED = "published"
    DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class ProductImage:
    """A picture to show; ``source_id`` is the till's image id, by which the shop's copy is found again."""

    source_id: str
    url: str
    alt: str = ""


@dataclass(frozen=True, slots=True)
class ProductOption:
    """One thing in which variants differ, e.g. ``("Color", ("Black", "White"))``, values in the order to show."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One sellable thing. ``options`` has one value per option of the product, in the same order.

    ``quantity`` is the stock to create it with (``None``: stock is not tracked); later stock takes the stock lane.
    """

    item_id: str
    sku: str
    gtin: str = ""
    options: tuple[str, ...] = ()
    regular_price: Decimal
    sale_price: Decimal | None = None
    msrp: Decimal | None = None  # what the maker recommends; never what is charged
    weight: Decimal | None = None
    image: ProductImage | None = None
    quantity: Quantity | None = None
    visibility: Visibility = Visibility.PUBLISHED  # DRAFT: archived in the till, taken off sale without being deleted
    departed: bool = False  # its item belongs to another product by now: it goes off sale, and nothing else is changed


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """What one listing of a shop should show."""

    key: str  # product key: I42 or M7
    name: str
    variants: tuple[Variant, ...]
    options: tuple[ProductOption, ...] = ()
    description: str = ""
    short_description: str = ""
    category_path: tuple[str, ...] = ()  # names from the top
    brand: str = ""
    tax_class: str = ""
    taxable: bool = True
    images: tuple[ProductImage, ...] = ()
    visibility: Visibility = Visibility.DRAFT

    @property
    def variable(self) -> bool:
        """Tell whether it has variants to choose from."""
        return bool(self.options)

    @property
    def on_sale(self) -> tuple[Variant, ...]:
        """The variants that a listing should have; what is archived in the till is not created."""
        return tuple(variant for variant in self.variants if variant.visibility is Visibility.PUBLISHED)


# The fields by which a listing is compared and written; names are shared by planner, adapters, links and explanations.
CONTENT_FIELDS = ("name", "description", "short_description", "category", "brand", "images", "visibility", "options")
VARIANT_FIELDS = (
    "sku",
    "gtin",
    "regular_price",
    "sale_price",
    "msrp",
    "tax_class",
    "weight",
    "image",
    "options",
    "visibility",
)


@dataclass(frozen=True, slots=True)
class ListingRef:
    """Where an item is in a shop; ``variant_id`` is "" for a simple product."""

    product_id: str
    variant_id: str = ""

    def __str__(self) -> str:
        """Render as ``17`` or ``17/18``; also the key by which a listing is found again."""
        return f"{self.product_id}/{self.variant_id}" if self.variant_id else self.product_id


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownVariant:
    """What the shop last acknowledged of one variant: field name -> text form (see ``domain.planning.fields_of``)."""

    item_id: str
    ref: ListingRef
    fields: Mapping[str, str] = field(default_factory=dict)
    image_id: str = ""  # the shop's id of its picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """The pair of a product of the till and its listing in one shop, with what the shop last acknowledged.

    ``product_id`` is "" while nothing exists in the shop. ``attempted_at`` is set before anything is sent and cleared
    by the acknowledgement. A link that still carries it may have a listing that nobody recorded (invariant 8), or one
    that shows something else than was acknowledged: then the till's fields are written again (invariant 4).
    ``sought_at`` is when what may have been made was first looked for in vain, since the last attempt. ``traces`` holds
    the texts of fields that writes may have left in the shop's lists without an answer (``domain.traces``).
    """

    product_key: str
    product_id: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    variants: tuple[KnownVariant, ...] = ()
    image_ids: Mapping[str, str] = field(default_factory=dict)  # till image id -> the shop's image id
    created_by_us: bool = False
    unpublished_by_us: bool = False
    attempted_at: datetime | None = None
    sought_at: datetime | None = None
    acknowledged_at: datetime | None = None
    problem: "Problem | None" = None
    traces: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def put(self, name: str) -> tuple[str, ...]:
        """List all that we may have put there of a field (category, brand): what was acknowledged, and what was not."""
        known = self.fields.get(name)
        return tuple(dict.fromkeys([*([known] if known else []), *self.traces.get(name, ())]))

    @property
    def unread(self) -> bool:
        """Tell whether it is to a listing that we made and never saw: its answer was lost, it was found by our key."""
        return bool(self.product_id) and self.created_by_us and not any(known.fields for known in self.variants)

    def variant(self, item_id: str) -> KnownVariant | None:
        """Find the listing of one item."""
        return next((known for known in self.variants if known.item_id == item_id), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why a product is not in step, since when, and when it will be tried again."""

    code: str
    happened: str
    remedy: str
    since: datetime
    tries: int = 1
    retry_at: datetime | None = None


LISTING_GONE = "listing_gone"
"""The code of an error, and of a ``Problem``: the shop has the listing, or one of its variants, no longer.

Only seeing it again ends the problem.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductWrite:
    """One product to bring into step.

    With ``link.product_id`` empty it is created; with ``link.unread`` it is read first, and completed. Otherwise
    ``changes`` names the product's fields to write and ``variant_changes`` the fields per item id; an item id that the
    link does not know is created as a new variant, or, when that is a draft, looked for and taken off sale.
    ``owned`` names the fields that the till owns for good: of a listing that turns out to be there already, nothing
    else may be changed (invariant 6).
    """

    product: Product
    link: Link
    changes: frozenset[str] = frozenset()
    variant_changes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    owned: frozenset[str] = frozenset()

    @property
    def creates(self) -> bool:
        """Tell whether the listing is new to the shop, as far as we know."""
        return not self.link.product_id


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductOutcome:
    """What came of one ``ProductWrite``.

    ``link`` is the link to keep: everything that the shop acknowledged, also when ``error`` says that a part failed.
    ``quantities`` holds the stock that a created variant was acknowledged with, by item id.
    """

    write: ProductWrite
    link: Link
    quantities: Mapping[str, Quantity] = field(default_factory=dict)
    error: TillbridgeError | None = None


@dataclass(frozen=True, slots=True)
class StockWrite:
    """An absolute stock figure for one listing; ``known`` is what the shop last acknowledged, if anything.

    For a shop with places of its own ``places`` shares the figure out, place -> quantity, and ``known_places`` is what
    it acknowledged of them. The adapter writes all of them or answers with an error.
    """

    item_id: str
    ref: ListingRef
    quantity: Quantity
    known: Quantity | None = None
    places: Mapping[str, Quantity] = field(default_factory=dict)
    known_places: Mapping[str, Quantity] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StockOutcome:
    """What came of one ``StockWrite``: the quantity the shop acknowledged, or the error."""

    write: StockWrite
    acknowledged: Quantity | None = None
    error: TillbridgeError | None = None


@dataclass(frozen=True, slots=True)
class OrderLine:
    """Units of one listing in a web order; ``sku`` is what the shop calls it, "" when it does not say.

    ``places`` tells how many leave which of the shop's places, as far as it says so.
    """

    ref: ListingRef
    units: Decimal
    sku: str = ""
    places: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class WebOrder:
    """As much of a web order as stock needs; no personal data.

    ``holds_stock`` is true while its units must stay off sale although the till does not know them,
    ``taken_in_shop`` while the shop itself has already counted them off its own figure. ``placed_at`` is ``None`` where
    the shop does not say. ``content`` names all that the shop's list tells of the order, money included: shops count
    whole seconds, and of two changes within one only the content tells that there were two.
    ``routed`` is false while the shop has yet to say from which places its goods leave.
    """

    order_id: str
    number: str
    status: str
    lines: tuple[OrderLine, ...]
    holds_stock: bool
    taken_in_shop: bool
    changed_at: datetime
    placed_at: datetime | None = None
    content: str = ""
    routed: bool = True


@dataclass(frozen=True, slots=True)
class UnlinkedOrder:
    """An open order, and those of its listings with which no item was linked when it was last dealt with."""

    order: WebOrder
    awaited: frozenset[ListingRef]
