"""Products, variants and what sorts and adorns them, as the store keeps them."""

from dataclasses import dataclass, field
from datetime import datetime

from sandbox.common.json_types import JsonObject


@dataclass(slots=True)
class OptionValue:
    """One value of an option."""

    id: int
    label: str
    sort_order: int = 0
    is_default: bool = False
    value_data: object = None


@dataclass(slots=True)
class Option:
    """One option of a product, such as its sizes."""

    id: int
    display_name: str
    type: str
    sort_order: int = 0
    values: list[OptionValue] = field(default_factory=list)
    config: JsonObject = field(default_factory=dict)


@dataclass(slots=True)
class Image:
    """A picture of a product."""

    id: int
    name: str
    content_type: str
    content: bytes
    modified: datetime
    is_thumbnail: bool = False
    sort_order: int = 0
    description: str = ""


@dataclass(slots=True)
class Variant:
    """One sellable thing: a choice of option values, or a product's base variant, which has none.

    ``values`` holds the plain fields as the API names them; a null price or weight is the product's.
    """

    id: int
    product_id: int
    sku: str = ""
    choices: dict[int, int] = field(default_factory=dict)
    """Option id to value id."""
    values: JsonObject = field(default_factory=dict)
    image: Image | None = None


@dataclass(slots=True)
class Product:
    """A product; ``values`` holds the plain fields as the API names them, ``sku`` being its base variant's."""

    id: int
    created: datetime
    modified: datetime
    base: Variant
    values: JsonObject = field(default_factory=dict)
    categories: list[int] = field(default_factory=list)
    brand_id: int = 0
    custom_fields: list[JsonObject] = field(default_factory=list)
    options: list[Option] = field(default_factory=list)
    choices: list[Variant] = field(default_factory=list)
    """Its variants other than the base one."""
    images: list[Image] = field(default_factory=list)
    channels: list[int] = field(default_factory=lambda: [1])

    @property
    def name(self) -> str:
        return str(self.values["name"])

    @property
    def tracking(self) -> str:
        """``none``, ``product`` or ``variant``."""
        return str(self.values["inventory_tracking"])

    @property
    def variants(self) -> list[Variant]:
        """Its sellable things: the base variant alone until it has others."""
        return self.choices or [self.base]

    def tracked(self, variant: Variant) -> Variant | None:
        """Give the variant whose stock counts for `variant`; None when no stock is kept."""
        return {"none": None, "product": self.base}.get(self.tracking, variant)


@dataclass(slots=True)
class Category:
    """A category of the store's one tree."""

    id: int
    name: str
    parent_id: int = 0
    values: JsonObject = field(default_factory=dict)
    uuid: str = ""


@dataclass(slots=True)
class Brand:
    """A brand."""

    id: int
    name: str
    values: JsonObject = field(default_factory=dict)


@dataclass(slots=True)
class Metafield:
    """A value that an API account keeps with something of the store."""

    id: int
    resource_type: str
    resource_id: int
    owner: str
    """Client id of the account that made it."""
    namespace: str
    key: str
    value: str
    permission_set: str
    created: datetime
    modified: datetime
    description: str = ""

    def shown_to(self, client_id: str) -> bool:
        return self.owner == client_id or self.permission_set != "app_only"

    def written_by(self, client_id: str) -> bool:
        return self.owner == client_id or self.permission_set in {"write", "write_and_sf_access"}
