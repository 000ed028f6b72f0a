"""Products, variants, collections and metafields, as the shop keeps them. Class names are those of the schema."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

DEFAULT_OPTION, DEFAULT_VALUE = "Title", "Default Title"


@dataclass(slots=True)
class ProductOptionValue:
    """One value of an option, such as "Red"."""

    id: int
    product_id: int
    name: str


@dataclass(slots=True)
class ProductOption:
    """An option, such as "Colour", with its values in order."""

    id: int
    product_id: int
    name: str
    option_values: list[ProductOptionValue] = field(default_factory=list)

    def value_named(self, name: str) -> ProductOptionValue | None:
        return next((value for value in self.option_values if value.name == name), None)


@dataclass(slots=True)
class ProductVariant:
    """What is sold; its SKU lives on its inventory item."""

    id: int
    product_id: int
    item_id: int
    value_ids: tuple[int, ...]
    """One value per option of the product, in the options' order."""
    created_at: datetime
    updated_at: datetime
    price: Decimal = Decimal(0)
    compare_at_price: Decimal | None = None
    barcode: str | None = None
    taxable: bool = True
    tax_code: str | None = None
    inventory_policy: str = "DENY"
    media_ids: tuple[int, ...] = ()
    withheld: set[int] = field(default_factory=set)
    """The publications that its product may be on and it is not."""
    requires_components: bool = False


@dataclass(slots=True)
class Product:
    """A product; its variants stand in their order."""

    id: int
    title: str
    handle: str
    created_at: datetime
    updated_at: datetime
    description_html: str = ""
    vendor: str = ""
    product_type: str = ""
    status: str = "ACTIVE"
    tags: tuple[str, ...] = ()
    template_suffix: str | None = None
    is_gift_card: bool = False
    requires_selling_plan: bool = False
    category_id: str | None = None
    seo: Mapping[str, str | None] = field(default_factory=lambda: {"title": None, "description": None})
    options: list[ProductOption] = field(default_factory=list)
    variant_ids: list[int] = field(default_factory=list)
    media_ids: list[int] = field(default_factory=list)
    published: dict[int, datetime] = field(default_factory=dict)
    """When it was published, per publication."""

    @property
    def has_only_default_variant(self) -> bool:
        return [option.name for option in self.options] == [DEFAULT_OPTION] and len(self.variant_ids) == 1

    @property
    def total_variants(self) -> int:
        return len(self.variant_ids)


@dataclass(slots=True)
class Collection:
    """A hand-made collection."""

    id: int
    title: str
    handle: str
    updated_at: datetime
    description_html: str = ""
    sort_order: str = "BEST_SELLING"
    template_suffix: str | None = None
    seo: Mapping[str, str | None] = field(default_factory=lambda: {"title": None, "description": None})
    product_ids: list[int] = field(default_factory=list)
    published: dict[int, datetime] = field(default_factory=dict)
    rule_set: Mapping[str, object] | None = None
    """Of an automatic collection, which products cannot be put into by hand."""


@dataclass(slots=True)
class Publication:
    """A channel that products are published to."""

    id: int
    name: str
    auto_publish: bool = False
    supports_future_publishing: bool = False


@dataclass(slots=True)
class Metafield:
    """A further value of a row, under a namespace and key."""

    id: int
    owner: str
    """Global id of the row it belongs to."""
    namespace: str
    key: str
    type: str
    value: str
    created_at: datetime
    updated_at: datetime


@dataclass(slots=True)
class MetafieldDefinition:
    """What is agreed about all metafields of a name; those of type ``id`` are unique (facts/shopify.md, section 7)."""

    id: int
    owner_type: str
    namespace: str
    key: str
    name: str
    type_name: str
    description: str | None = None
    filterable: bool = False
    unique: bool = False
    access: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(slots=True)
class FileRow:
    """What files have in common."""

    id: int
    alt: str | None
    source: str
    filename: str
    created_at: datetime
    updated_at: datetime
    ready_at: datetime
    """When it is READY or FAILED; until halfway there it is UPLOADED, then PROCESSING."""
    fails: bool = False
    content: bytes | None = None
    mime_type: str | None = None
    width: int | None = None
    height: int | None = None
    fetched: bool = False


@dataclass(slots=True)
class MediaImage(FileRow):
    """A picture."""


@dataclass(slots=True)
class GenericFile(FileRow):
    """Any other file."""


@dataclass(slots=True)
class ProductSetOperation:
    """An asynchronous ``productSet``; its outcome is known at once and shown when `done_at` has come."""

    id: int
    created: datetime
    done_at: datetime
    product_id: int | None
    errors: tuple[object, ...] = ()


@dataclass(slots=True)
class ProductDeleteOperation:
    """An asynchronous ``productDelete``."""

    id: int
    created: datetime
    done_at: datetime
    deleted_product_id: str
