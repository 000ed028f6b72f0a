"""The till's records as they come over the wire, as far as we read them (facts/lightspeed.md, A4)."""

from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from tillbridge.domain.catalogue import ItemType
from tillbridge.systems.lightspeed.quirks import (
    CustomValue,
    Flag,
    ForeignId,
    Id,
    Measure,
    Moment,
    Number,
    Text,
    ToMap,
    ToOne,
    related,
)


class Wire(BaseModel):
    """A record. What we do not read is not looked at."""

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)


class WirePrice(Wire):
    """One row of Prices."""

    amount: Number
    level_id: Id = Field(alias="useTypeID")


class WireImage(Wire):
    """One row of Images."""

    image_id: Id = Field(alias="imageID")
    public_id: Text = Field(alias="publicID", min_length=1)
    base_url: Text = Field(alias="baseImageURL", pattern=r"^https?://[^/?#@\s]+(/[^?#\s]*)?$")
    ordering: Number = Decimal(0)
    description: Text = ""


class WireTag(Wire):
    """The tag that a tag relation leads to."""

    name: Text


class WireTagRelation(Wire):
    """One row of TagRelations; without its tag the answer is not the one we asked for."""

    tag: WireTag = Field(alias="Tag")


class WireCustomValue(Wire):
    """One row of CustomFieldValues."""

    field_id: Id = Field(alias="customFieldID")
    name: Text
    value: CustomValue = ""


class WireWebContent(Wire):
    """The record ItemECommerce."""

    long_description: Text = Field(default="", alias="longDescription")
    short_description: Text = Field(default="", alias="shortDescription")
    weight: Measure = None
    width: Measure = None
    height: Measure = None
    length: Measure = None


class WireAttributes(Wire):
    """The record ItemAttributes of a variant."""

    attribute_set_id: ForeignId = Field(default=None, alias="itemAttributeSetID")
    attribute1: Text = ""
    attribute2: Text = ""
    attribute3: Text = ""


class WireStock(Wire):
    """One row of ItemShop. No location means that it is the sum of all (``shopID`` "0")."""

    row_id: Id = Field(alias="itemShopID")
    item_id: Id = Field(alias="itemID")
    location_id: ForeignId = Field(alias="shopID")
    on_hand: Number = Field(alias="qoh")
    sellable: Number | None = None
    updated_at: Moment = Field(alias="timeStamp")


class WireSellable(Wire):
    """What items and matrices have in common."""

    description: Text
    archived: Flag
    tax: Flag = True
    category_id: ForeignId = Field(default=None, alias="categoryID")
    manufacturer_id: ForeignId = Field(default=None, alias="manufacturerID")
    tax_class_id: ForeignId = Field(default=None, alias="taxClassID")
    prices: Annotated[tuple[WirePrice, ...], related("ItemPrice")] = Field(default=(), alias="Prices")
    images: Annotated[tuple[WireImage, ...], related("Image")] = Field(default=(), alias="Images")
    tag_relations: Annotated[tuple[WireTagRelation, ...], related("TagRelation")] = Field(
        default=(), alias="TagRelations"
    )
    custom_values: Annotated[tuple[WireCustomValue, ...], related("CustomFieldValue")] = Field(
        default=(), alias="CustomFieldValues"
    )
    web: Annotated[WireWebContent | None, ToOne] = Field(default=None, alias="ItemECommerce")
    updated_at: Moment = Field(alias="timeStamp")


class WireItem(WireSellable):
    """The record Item. ``publishToEcom`` is missing in old answers, which means that nobody ever switched it off."""

    item_id: Id = Field(alias="itemID")
    system_sku: Text = Field(default="", alias="systemSku")
    custom_sku: Text = Field(default="", alias="customSku")
    manufacturer_sku: Text = Field(default="", alias="manufacturerSku")
    upc: Text = ""
    ean: Text = ""
    item_type: ItemType = Field(alias="itemType")
    publish_to_web: Flag = Field(default=True, alias="publishToEcom")
    matrix_id: ForeignId = Field(default=None, alias="itemMatrixID")
    attributes: Annotated[WireAttributes | None, ToOne] = Field(default=None, alias="ItemAttributes")
    stock: Annotated[tuple[WireStock, ...], related("ItemShop")] = Field(default=(), alias="ItemShops")


class WireMatrix(WireSellable):
    """The record ItemMatrix."""

    matrix_id: Id = Field(alias="itemMatrixID")
    attribute_set_id: ForeignId = Field(default=None, alias="itemAttributeSetID")


class WireLocation(Wire):
    """The record Shop."""

    location_id: Id = Field(alias="shopID")
    name: Text
    time_zone: Text = Field(default="", alias="timeZone")
    archived: Flag = False


class WireCategory(Wire):
    """The record Category."""

    category_id: Id = Field(alias="categoryID")
    name: Text
    parent_id: ForeignId = Field(default=None, alias="parentID")


class WireManufacturer(Wire):
    """The record Manufacturer."""

    manufacturer_id: Id = Field(alias="manufacturerID")
    name: Text


class WirePriceLevel(Wire):
    """The record PriceLevel."""

    price_level_id: Id = Field(alias="priceLevelID")
    name: Text
    archived: Flag = False


class WireAttributeSet(Wire):
    """The record ItemAttributeSet."""

    attribute_set_id: Id = Field(alias="itemAttributeSetID")
    name: Text
    name1: Text = Field(default="", alias="attributeName1")
    name2: Text = Field(default="", alias="attributeName2")
    name3: Text = Field(default="", alias="attributeName3")


class WireAccount(Wire):
    """The record Account."""

    account_id: Id = Field(alias="accountID")
    name: Text


class WireSession(Wire):
    """The record Session: who the grant acts for, and the rights that are on."""

    account_id: Id = Field(alias="systemCustomerID")
    rights: Annotated[dict[str, Flag], ToMap] = Field(alias="Rights")
