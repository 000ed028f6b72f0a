"""What Shopify sends, checked before anything is believed (contracts/shopify, facts/shopify.md)."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

from tillbridge.systems.shopify.api.ids import number_of

Anything = TypeVar("Anything")
MOST_UNITS = 10**9
"""The largest figure that Shopify keeps (facts/shopify.md, section 6)."""


def _number(value: object) -> object:
    return number_of(value) if isinstance(value, str) else value


def _utc(value: object) -> object:
    return datetime.fromisoformat(value).astimezone(UTC) if isinstance(value, str) else value


def _empty(value: object) -> object:
    return "" if value is None else value


Id = Annotated[str, BeforeValidator(_number)]
Text = Annotated[str, BeforeValidator(_empty)]
Time = Annotated[datetime, BeforeValidator(_utc)]
Units = Annotated[int, Field(ge=-MOST_UNITS, le=MOST_UNITS)]


class Row(BaseModel):
    """What all rows have in common: names as in Python, unknown fields left out."""

    model_config = ConfigDict(extra="ignore", frozen=True, alias_generator=to_camel, populate_by_name=True)


class PageInfo(Row):
    """Whether a list goes on, and where."""

    has_next_page: bool
    end_cursor: str | None = None


class Nodes(Row, Generic[Anything]):
    """A page of a list."""

    nodes: tuple[Anything, ...]
    page_info: PageInfo | None = None

    @property
    def next_cursor(self) -> str:
        """Where the list goes on, "" at its end."""
        return (self.page_info.end_cursor or "") if self.page_info and self.page_info.has_next_page else ""


# --- every answer -----------------------------------------------------------------------------------------------------


class ThrottleRow(Row):
    """The points of the bucket (facts/shopify.md, section 5)."""

    maximum_available: float
    currently_available: float
    restore_rate: float


class CostRow(Row):
    """What a request cost."""

    requested: float = Field(0.0, alias="requestedQueryCost")
    throttle_status: ThrottleRow | None = None


class ExtensionsRow(Row):
    """What comes beside the data: the cost, and warnings about search texts."""

    cost: CostRow | None = None
    search: tuple[dict[str, Any], ...] = ()


class UserErrorRow(Row):
    """What a mutation refuses, with the place in its input; places in lists are texts."""

    code: Text = ""
    field: tuple[str, ...] | None = None
    message: str = ""

    def place_in(self, *names: str) -> int | None:
        """Find the place in a list of the input, e.g. in ``variants``; ``None`` when it is about none of them."""
        found = zip(self.field or (), (self.field or ())[1:], strict=False)
        return next((int(place) for name, place in found if name in names and place.isdecimal()), None)


# --- products ---------------------------------------------------------------------------------------------------------


class NamedRow(Row):
    """Something with an id and a name: an option value, a location."""

    id: Id
    name: str = ""


class OptionRow(Row):
    """One thing in which the variants differ."""

    id: Id
    name: str
    option_values: tuple[NamedRow, ...] = ()


class ChosenRow(Row):
    """One variant's value of an option."""

    name: str
    value: str


class MarkRow(Row):
    """Our own product key."""

    value: str


class MediaErrorRow(Row):
    """Why a picture failed."""

    code: Text = ""
    message: Text = ""


class UrlRow(Row):
    """Where a picture is served."""

    url: str


class MediaRow(Row):
    """A picture, a film or a model of a product."""

    id: str
    status: str = ""
    media_errors: tuple[MediaErrorRow, ...] = ()
    image: UrlRow | None = None

    @property
    def number(self) -> str:
        """Its number, whatever its kind."""
        return number_of(self.id)

    @property
    def settled(self) -> bool:
        """Tell whether the shop has done with it, well or not."""
        return self.status in {"READY", "FAILED"}


class WeightRow(Row):
    """A weight with its unit."""

    unit: str
    value: Decimal


class MeasurementRow(Row):
    """The measures of an item."""

    weight: WeightRow | None = None


class QuantityRow(Row):
    """One state's figure."""

    name: str
    quantity: Units


class PlaceRow(Row):
    """A location's id."""

    id: Id


class LevelRow(Row):
    """The stock of an item at a location."""

    quantities: tuple[QuantityRow, ...]
    location: PlaceRow | None = None

    @property
    def available(self) -> int | None:
        """What can be sold."""
        return next((row.quantity for row in self.quantities if row.name == "available"), None)


class CountRow(Row):
    """How many there are."""

    count: int


class ItemRow(Row):
    """What lies on the shelf."""

    id: Id
    tracked: bool = False
    measurement: MeasurementRow | None = None
    inventory_level: LevelRow | None = None
    inventory_levels: Nodes[LevelRow] | None = None


class ListedIn(Row):
    """The product of a variant."""

    id: Id
    title: str = ""
    has_only_default_variant: bool = False
    published: bool = True
    mark: MarkRow | None = None


class VariantRow(Row):
    """A variant, as much of it as was asked for."""

    id: Id
    created_at: Time | None = None
    sku: Text = ""
    barcode: Text = ""
    price: Decimal | None = None
    compare_at_price: Decimal | None = None
    taxable: bool = True
    inventory_quantity: int | None = None
    selected_options: tuple[ChosenRow, ...] = ()
    inventory_item: ItemRow | None = None
    media: Nodes[MediaRow] | None = None
    published: bool = True
    mark: MarkRow | None = None
    product: ListedIn | None = None

    @property
    def key(self) -> str:
        """The key of the item that we made it for, "" on what we did not make."""
        return self.mark.value if self.mark else ""

    @property
    def picture(self) -> str:
        """The number of its own picture, "" when it shows none."""
        return self.media.nodes[0].number if self.media and self.media.nodes else ""


class ProductRow(Row):
    """A product, as much of it as was asked for."""

    id: Id
    created_at: Time | None = None
    title: str = ""
    description_html: Text = ""
    vendor: Text = ""
    product_type: Text = ""
    status: str = ""
    published: bool = True
    has_only_default_variant: bool = False
    is_gift_card: bool = False
    options: tuple[OptionRow, ...] = ()
    variants: Nodes[VariantRow] | None = None
    media: Nodes[MediaRow] | None = None
    mark: MarkRow | None = None
    media_count: CountRow | None = None

    @property
    def key(self) -> str:
        """Our product key, "" on what we did not make."""
        return self.mark.value if self.mark else ""

    @property
    def on_sale(self) -> bool:
        """Tell whether shoppers see it."""
        return self.status == "ACTIVE" and self.published

    @property
    def rows(self) -> tuple[VariantRow, ...]:
        """Its variants that came with it."""
        return self.variants.nodes if self.variants else ()

    @property
    def pictures(self) -> tuple[MediaRow, ...]:
        """Its media that came with it."""
        return self.media.nodes if self.media else ()


# --- the shop, its orders, its hooks ----------------------------------------------------------------------------------


class LimitsRow(Row):
    """What the shop's plan allows."""

    max_product_options: int = 3
    max_product_variants: int = 2048


class ShopRow(Row):
    """How the shop is set up."""

    name: str
    myshopify_domain: str
    currency_code: str
    taxes_included: bool
    iana_timezone: str
    weight_unit: str = "KILOGRAMS"
    resource_limits: LimitsRow = LimitsRow()


class ScopeRow(Row):
    """A right of the grant."""

    handle: str


class InstallationRow(Row):
    """Our app in this shop."""

    access_scopes: tuple[ScopeRow, ...]


class LocationRow(Row):
    """Where stock lies."""

    id: Id
    name: str
    is_active: bool = True
    is_fulfillment_service: bool = False
    fulfills_online_orders: bool = True
    has_active_inventory: bool = False


class CatalogRow(Row):
    """What a publication calls itself."""

    title: str


class PublicationRow(Row):
    """A channel that products are published to."""

    id: Id
    catalog: CatalogRow | None = None


class LineRow(Row):
    """Units of one thing in an order; ``variant`` is none for what was deleted, tips and the like."""

    current_quantity: int
    sku: Text = ""
    variant: VariantRow | None = None


class OrderRow(Row):
    """As much of an order as stock needs, and what tells one state of it from another."""

    id: Id
    name: str
    created_at: Time | None = None
    updated_at: Time
    cancelled_at: Time | None = None
    test: bool = False
    display_financial_status: Text = ""
    display_fulfillment_status: Text = ""
    confirmed: object = None
    edited: object = None
    current_total_price_set: object = None
    net_payment_set: object = None
    line_items: Nodes[LineRow]


class HookRow(Row):
    """A web hook of ours."""

    id: str
    topic: str
    uri: str
