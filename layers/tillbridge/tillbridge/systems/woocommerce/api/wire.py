"""What WooCommerce sends, checked before anything is believed (contracts/woocommerce, facts/woocommerce.md)."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict

from tillbridge.systems.common.wire import Units


def _none_when_empty(value: object) -> object:
    """Read PHP's empty array as "nothing": PHP writes an object without entries as ``[]``."""
    return None if value in ([], "", False) else value


def _utc(value: object) -> object:
    """Read a ``*_gmt`` field, which carries no zone (facts/woocommerce.md, "Lists"); an empty one is no time."""
    if not isinstance(value, str) or not value or value.startswith("0000"):
        return None
    return datetime.fromisoformat(value).replace(tzinfo=UTC)


GmtTime = Annotated[datetime | None, BeforeValidator(_utc)]


class Row(BaseModel):
    """What all rows have in common: unknown fields are left out, numbers may stand for texts."""

    model_config = ConfigDict(extra="ignore", frozen=True, coerce_numbers_to_str=True)


class ImageRow(Row):
    """A picture in the shop's media library."""

    id: int
    src: str = ""


class TermRow(Row):
    """A category, a brand, a tag, an attribute or one of its terms."""

    id: int
    name: str = ""
    slug: str = ""
    parent: int = 0


class AttributeRow(Row):
    """An attribute as a product uses it (``options``), or as a variation does (``option``)."""

    id: int = 0
    name: str = ""
    position: int = 0
    visible: bool = False
    variation: bool = False
    options: tuple[str, ...] = ()
    option: str = ""


class MetaRow(Row):
    """A value that a plugin, or we, keep with a product."""

    key: str
    value: object = None


class ListingRow(Row):
    """A product or a variation. A variation has ``parent_id`` (in lists of products only) and one ``image``."""

    id: int
    parent_id: int = 0
    type: str = ""
    status: str = ""
    name: str = ""
    sku: str = ""
    global_unique_id: str | None = None  # absent before 9.2
    description: str = ""
    short_description: str = ""
    regular_price: str = ""
    sale_price: str = ""
    tax_status: str = ""
    tax_class: str = ""
    manage_stock: bool | str = False
    stock_quantity: Decimal | None = None
    weight: str = ""
    categories: tuple[TermRow, ...] = ()
    brands: tuple[TermRow, ...] | None = None
    images: tuple[ImageRow, ...] = ()
    image: Annotated[ImageRow | None, BeforeValidator(_none_when_empty)] = None
    attributes: tuple[AttributeRow, ...] = ()
    variations: tuple[int, ...] = ()
    meta_data: tuple[MetaRow, ...] = ()
    date_created_gmt: GmtTime = None

    @property
    def picture(self) -> ImageRow | None:
        """The one picture of a variation, which lists of products show as a list."""
        return self.image or (self.images[0] if self.images else None)

    @property
    def in_trash(self) -> bool:
        """Tell whether the merchant threw it away."""
        return self.status == "trash"

    def meta(self, key: str) -> str:
        """Find a value kept with the product, "" when there is none."""
        return next((str(meta.value) for meta in self.meta_data if meta.key == key), "")


class OrderLineRow(Row):
    """Units of one product in an order; ``product_id`` is 0 when the product was deleted."""

    product_id: int = 0
    variation_id: int = 0
    sku: str | None = ""
    quantity: Units = Decimal(0)


class ListedLineRow(OrderLineRow):
    """A line as the list of orders tells it; its money is only held against what it was before."""

    total: object = None
    total_tax: object = None


class OrderRow(Row):
    """As much of an order as stock needs, and what tells one state of it from another."""

    id: int
    number: str = ""
    status: str
    date_created_gmt: GmtTime = None
    date_modified_gmt: GmtTime = None
    line_items: tuple[ListedLineRow, ...] = ()
    date_paid_gmt: object = None
    payment_method: object = None
    total: object = None
    shipping_lines: object = None
    fee_lines: object = None
    refunds: object = None


class HookRow(Row):
    """A web hook as the shop lists it; its secret is never shown."""

    id: int
    topic: str
    status: str
    delivery_url: str


class DeliveryRow(Row):
    """As much of a web hook's body as is used: what it is about, when that changed, and a product's stock."""

    id: int
    parent_id: int = 0
    date_modified_gmt: GmtTime = None
    manage_stock: bool | str = False
    stock_quantity: Decimal | None = None


class IndexRow(Row):
    """The public page of a WordPress's API."""

    name: str = ""
    url: str = ""
    home: str = ""
    namespaces: tuple[str, ...] = ()
    timezone_string: str = ""
    gmt_offset: str = "0"


class EnvironmentRow(Row):
    """Part of the status page."""

    version: str


class SettingsRow(Row):
    """Part of the status page."""

    currency: str
    number_of_decimals: int = 2


class StatusPageRow(Row):
    """The shop's report about itself."""

    environment: EnvironmentRow
    settings: SettingsRow


class SettingRow(Row):
    """One setting of the shop."""

    id: str
    value: str = ""


class SlugRow(Row):
    """A tax class or an order status."""

    slug: str
