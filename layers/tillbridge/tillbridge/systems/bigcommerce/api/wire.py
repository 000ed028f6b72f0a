"""What BigCommerce sends, checked before anything is believed (contracts/bigcommerce, facts/bigcommerce.md)."""

from datetime import UTC, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from tillbridge.systems.common.wire import MOST_UNITS, Units


def _moment(value: object) -> object:
    """Read a date in RFC 2822, as v2 writes it, or in ISO 8601, as v3 does; an empty one is no time."""
    if not isinstance(value, str) or not value:
        return None
    try:
        read = parsedate_to_datetime(value)
    except ValueError:
        read = datetime.fromisoformat(value)
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)


def _nothing_is_empty(value: object) -> object:
    return "" if value is None else value


Moment = Annotated[datetime | None, BeforeValidator(_moment)]
Text = Annotated[str, BeforeValidator(_nothing_is_empty)]
Count = Annotated[int, Field(ge=-MOST_UNITS, le=MOST_UNITS)]


class Row(BaseModel):
    """What all rows have in common: unknown fields are left out, numbers may stand for texts."""

    model_config = ConfigDict(extra="ignore", frozen=True, coerce_numbers_to_str=True)


class PaginationRow(Row):
    """How a page of v3 says where it is in its list."""

    total: int
    count: int
    total_pages: int = 1


class ChoiceRow(Row):
    """The value of one option that a variant stands for."""

    id: int
    option_id: int = 0
    label: Text = ""
    option_display_name: Text = ""


class ImageRow(Row):
    """A picture of a product."""

    id: int
    is_thumbnail: bool = False
    sort_order: int = 0
    image_file: Text = ""
    image_url: Text = ""
    url_standard: Text = ""
    url_zoom: Text = ""

    @property
    def file(self) -> str:
        """Give what holds the file's name."""
        return self.image_file or self.url_zoom or self.url_standard or self.image_url


class VariantRow(Row):
    """A variant, or the base variant of a product that has no others. Prices that are null are the product's."""

    id: int
    product_id: int = 0
    sku: Text = ""
    price: Decimal | None = None
    sale_price: Decimal | None = None
    retail_price: Decimal | None = None
    weight: Decimal | None = None
    upc: Text = ""
    gtin: Text = ""
    purchasing_disabled: bool = False
    image_url: Text = ""
    inventory_level: Count | None = None
    option_values: tuple[ChoiceRow, ...] = ()


class ProductRow(Row):
    """A product, with its variants and pictures where they were asked for."""

    id: int
    name: Text = ""
    sku: Text = ""
    description: Text = ""
    price: Decimal | None = None
    sale_price: Decimal | None = None
    retail_price: Decimal | None = None
    weight: Decimal | None = None
    upc: Text = ""
    gtin: Text = ""
    tax_class_id: int = 0
    categories: tuple[int, ...] = ()
    brand_id: int | None = None
    is_visible: bool = False
    inventory_tracking: Text = ""
    inventory_level: Count | None = None
    base_variant_id: int | None = None
    date_created: Moment = None
    variants: tuple[VariantRow, ...] = ()
    images: tuple[ImageRow, ...] = ()

    @property
    def choices(self) -> tuple[VariantRow, ...]:
        """List the variants that shoppers choose from; none of a simple product."""
        return tuple(variant for variant in self.variants if variant.option_values)

    @property
    def variable(self) -> bool:
        """Tell whether it has variants to choose from."""
        return bool(self.choices)

    @property
    def base_id(self) -> int:
        """Give the id of the variant that stands for a simple product, 0 when it is not told."""
        return self.base_variant_id or next((variant.id for variant in self.variants if not variant.option_values), 0)


class OptionValueRow(Row):
    """One value of an option."""

    id: int
    label: Text = ""
    sort_order: int = 0


class OptionRow(Row):
    """An option of a product, with its values."""

    id: int
    display_name: Text = ""
    sort_order: int = 0
    option_values: tuple[OptionValueRow, ...] = ()


class MetafieldRow(Row):
    """A value that we keep with a product."""

    id: int = 0
    resource_id: int
    key: str
    value: str = ""


class CategoryRow(Row):
    """A category of a tree."""

    category_id: int
    parent_id: int = 0
    name: Text = ""


class NamedRow(Row):
    """A brand or a tree."""

    id: int
    name: Text = ""


class LevelRow(Row):
    """The stock of one item at one location."""

    location_id: int
    available_to_sell: Count = 0
    total_inventory_onhand: Count | None = None

    @property
    def figure(self) -> int:
        """Give the figure that an absolute adjustment sets."""
        return self.available_to_sell if self.total_inventory_onhand is None else self.total_inventory_onhand


class IdentityRow(Row):
    """Which item a stock figure is about."""

    variant_id: int = 0
    product_id: int = 0


class StockRow(Row):
    """The stock of one item at all locations that were asked about."""

    identity: IdentityRow
    locations: tuple[LevelRow, ...] = ()


class LocationRow(Row):
    """A place of the store that keeps stock."""

    id: int
    label: Text = ""
    enabled: bool = True


class OrderLineRow(Row):
    """Units of one product in an order; ``product_id`` is 0 for things that are no product.

    Where the lines are not written out, as when they are only named by an address, nothing fits.
    """

    product_id: int | None
    variant_id: int | None = None
    quantity: Units
    quantity_refunded: Units = Decimal(0)


class ListedLineRow(OrderLineRow):
    """A line as the list of orders tells it; its money is only held against what it was before."""

    total_inc_tax: object = None


class ConsignmentRow(Row):
    """What goes to one place."""

    line_items: tuple[ListedLineRow, ...]


class PickupLocationRow(Row):
    """Where goods are fetched; 0 where the answer does not say."""

    id: int = 0


class PickupRow(ConsignmentRow):
    """What is fetched at one place (contracts/bigcommerce, ``pickupConsignment_Get``)."""

    location: PickupLocationRow = PickupLocationRow()


def as_list(value: object) -> object:
    """Read one consignment as a list of one."""
    return [value] if isinstance(value, dict) else value


class ConsignmentsRow(Row):
    """The lines of an order by how they reach the shopper; gift certificates are left out: they are no goods."""

    shipping: Annotated[tuple[ConsignmentRow, ...], BeforeValidator(as_list)]
    pickups: Annotated[tuple[PickupRow, ...], BeforeValidator(as_list)] = ()
    downloads: Annotated[tuple[ConsignmentRow, ...], BeforeValidator(as_list)] = ()

    @property
    def lines(self) -> tuple[OrderLineRow, ...]:
        """List them all."""
        groups = (*self.shipping, *self.pickups, *self.downloads)
        return tuple(line for group in groups for line in group.line_items)


class OrderRow(Row):
    """As much of an order as stock needs, and what tells one state of it from another."""

    id: int
    status_id: int
    is_deleted: bool = False
    date_modified: Moment = None
    date_created: Moment = None
    payment_status: object = None
    payment_method: object = None
    total_inc_tax: object = None
    shipping_cost_inc_tax: object = None
    store_credit_amount: object = None
    gift_certificate_amount: object = None
    consignments: ConsignmentsRow


class HookRow(Row):
    """A web hook as the store lists it."""

    id: int
    scope: str
    destination: str
    is_active: bool = True
    headers: dict[str, str] | None = None


class TimeZoneRow(Row):
    """Part of what a store says of itself."""

    name: Text = ""


class StoreRow(Row):
    """What a store says of itself."""

    name: Text = ""
    domain: Text = ""
    secure_url: Text = ""
    currency: str
    decimal_places: int = 2
    weight_units: Text = ""
    plan_level: Text = ""
    plan_name: Text = ""
    is_price_entered_with_tax: bool = False
    timezone: TimeZoneRow = TimeZoneRow()


class InventorySettingsRow(Row):
    """What the store does to stock by itself."""

    update_stock_behavior: Text = ""
    refund_order_stock_adjustment: bool | None = None


class DeliveryRow(Row):
    """As much of a web hook's body as is used."""

    scope: str
    hash: str = ""
    created_at: int = 0
    data: dict[str, object] = {}
