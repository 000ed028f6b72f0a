"""What Magento sends, checked before anything is believed (contracts/magento, facts/magento.md)."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict

from tillbridge.systems.common.wire import Units

if TYPE_CHECKING:
    from collections.abc import Iterator

ON, OFF = 1, 2
"""The status of what is for sale, and of what is not."""

SIMPLE = frozenset({"simple", "virtual"})
CONFIGURABLE = "configurable"


def _utc(value: object) -> object:
    """Read a time, which is in UTC and carries no zone (facts/magento.md, section 7)."""
    if not isinstance(value, str) or not value or value.startswith("0000"):
        return None
    read = datetime.fromisoformat(value)
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)


def listed(value: object) -> object:
    """Read PHP's null, or its empty object, as an empty list."""
    return [] if value in (None, {}, "") else value


def _object(value: object) -> object:
    """Read PHP's null, or its empty list, as an empty object."""
    return value or {}


Time = Annotated[datetime | None, BeforeValidator(_utc)]


class Row(BaseModel):
    """What all rows have in common: unknown fields are left out, numbers may stand for texts."""

    model_config = ConfigDict(extra="ignore", frozen=True, coerce_numbers_to_str=True)


class CustomRow(Row):
    """A value of an attribute; a list where it holds several."""

    attribute_code: str
    value: object = None


class EntryRow(Row):
    """A picture of a product. ``types`` are its roles, ``file`` its path below the media folder."""

    id: int
    media_type: str = "image"
    label: str | None = None
    position: int | None = 0
    disabled: bool = False
    types: Annotated[tuple[str, ...], BeforeValidator(listed)] = ()
    file: str = ""


class CategoryLinkRow(Row):
    """That a product is in a category."""

    category_id: str
    position: int | None = 0


class ValueRow(Row):
    """One value of an option of a configurable product."""

    value_index: int


class OptionUseRow(Row):
    """An attribute that tells the children of a configurable product apart."""

    attribute_id: str
    label: str | None = ""
    position: int | None = 0
    values: Annotated[tuple[ValueRow, ...], BeforeValidator(listed)] = ()


class StockItemRow(Row):
    """The old single figure."""

    item_id: int | None = None
    qty: Units | None = None
    is_in_stock: bool = False
    manage_stock: bool = True


class ExtensionRow(Row):
    """What modules add to a product; ``stock_item`` comes with single products only, not in lists."""

    stock_item: StockItemRow | None = None
    category_links: Annotated[tuple[CategoryLinkRow, ...], BeforeValidator(listed)] = ()
    configurable_product_options: Annotated[tuple[OptionUseRow, ...], BeforeValidator(listed)] = ()
    configurable_product_links: Annotated[tuple[int, ...], BeforeValidator(listed)] = ()


class ProductRow(Row):
    """A product of any kind; the children of configurables are products of their own."""

    id: int
    sku: str
    name: str | None = ""
    attribute_set_id: int = 0
    price: Decimal | None = None
    status: int = ON
    visibility: int = 0
    type_id: str = ""
    weight: Decimal | None = None
    custom_attributes: Annotated[tuple[CustomRow, ...], BeforeValidator(listed)] = ()
    media_gallery_entries: Annotated[tuple[EntryRow, ...], BeforeValidator(listed)] = ()
    extension_attributes: ExtensionRow = ExtensionRow()

    @property
    def key(self) -> str:
        """Its id, as refs hold it."""
        return str(self.id)

    @property
    def variable(self) -> bool:
        """Tell whether it has children to choose from."""
        return self.type_id == CONFIGURABLE

    @property
    def axes(self) -> tuple[OptionUseRow, ...]:
        """The options of a configurable product, in their order."""
        return tuple(sorted(self.extension_attributes.configurable_product_options, key=lambda one: one.position or 0))

    @property
    def children(self) -> tuple[str, ...]:
        """The ids of a configurable's children."""
        return tuple(str(child) for child in self.extension_attributes.configurable_product_links)

    @property
    def category_ids(self) -> tuple[str, ...]:
        """The ids of its categories."""
        return tuple(link.category_id for link in self.extension_attributes.category_links)

    @property
    def pictures(self) -> tuple[EntryRow, ...]:
        """Its pictures in their order."""
        return tuple(sorted(self.media_gallery_entries, key=lambda one: (one.position or 0, one.id)))

    def text(self, code: str) -> str:
        """Give the value of an attribute as a text, "" when it has none."""
        found = next((row.value for row in self.custom_attributes if row.attribute_code == code), None)
        return "" if found is None or isinstance(found, list | dict) else str(found)


class CategoryRow(Row):
    """A category with those below it."""

    id: int
    parent_id: int | None = 0
    name: str | None = ""
    level: int | None = 0
    children_data: "Annotated[tuple[CategoryRow, ...], BeforeValidator(listed)]" = ()

    def walk(self) -> "Iterator[CategoryRow]":
        """Go through it and all below it."""
        yield self
        for child in self.children_data:
            yield from child.walk()


class ChoiceRow(Row):
    """A choice of an attribute; the first one of most lists is empty."""

    label: str | None = ""
    value: str = ""


class AttributeRow(Row):
    """An attribute of products, with its choices."""

    attribute_id: int
    attribute_code: str
    frontend_input: str | None = ""
    scope: str | None = ""
    is_user_defined: bool | None = False
    default_frontend_label: str | None = ""
    options: Annotated[tuple[ChoiceRow, ...], BeforeValidator(listed)] = ()


class SetRow(Row):
    """An attribute set."""

    attribute_set_id: int
    attribute_set_name: str = ""


class GroupRow(Row):
    """A group within an attribute set."""

    attribute_group_id: str


class TaxClassRow(Row):
    """A tax class; ``PRODUCT`` or ``CUSTOMER``."""

    class_id: int
    class_name: str = ""
    class_type: str = ""


class PriceErrorRow(Row):
    """Why one price of a call was not taken."""

    message: str = ""
    parameters: object = None


class SourceRow(Row):
    """A place that goods are in."""

    source_code: str
    name: str | None = ""
    enabled: bool = True


class SourceItemRow(Row):
    """How many of an SKU are at a place."""

    sku: str
    source_code: str
    quantity: Units = Decimal(0)
    status: int = ON


class OrderItemRow(Row):
    """A row of an order. The child of a configurable repeats its parent's units."""

    item_id: int
    parent_item_id: int | None = None
    product_id: int | None = None
    product_type: str | None = ""
    sku: str | None = ""
    qty_ordered: Units = Decimal(0)
    qty_shipped: Units | None = Decimal(0)
    qty_refunded: Units | None = Decimal(0)
    qty_canceled: Units | None = Decimal(0)


class PickupRow(Row):
    """Where an order is picked up; nothing is told where it is sent, or without the module for it."""

    pickup_location_code: str | None = None


class OrderRow(Row):
    """As much of an order as stock needs, and what tells one state of it from another."""

    entity_id: int
    increment_id: str = ""
    state: str = ""
    status: str | None = ""
    created_at: Time = None
    updated_at: Time = None
    grand_total: object = None
    total_due: object = None
    total_canceled: object = None
    total_refunded: object = None
    items: Annotated[tuple[OrderItemRow, ...], BeforeValidator(listed)] = ()
    extension_attributes: Annotated[PickupRow, BeforeValidator(_object)] = PickupRow()


class IdRow(Row):
    """Something that has a number."""

    entity_id: int


class DocumentRow(IdRow):
    """A shipment or a credit memo."""

    order_id: int


class StoreConfigRow(Row):
    """How a store view is set up."""

    id: int
    code: str
    base_currency_code: str
    timezone: str = ""
    weight_unit: str = ""
    base_url: str = ""


class WebsiteRow(Row):
    """A website of the shop; the one called admin is none."""

    id: int
    code: str
    name: str = ""


class BulkRow(Row):
    """A bulk that was taken."""

    bulk_uuid: str


class OperationRow(Row):
    """What became of one row of a bulk; ``result_serialized_data`` is the call's answer as JSON."""

    id: int
    status: int
    result_serialized_data: str | None = None


class BulkStatusRow(Row):
    """What became of a bulk."""

    operations_list: Annotated[tuple[OperationRow, ...], BeforeValidator(listed)] = ()
