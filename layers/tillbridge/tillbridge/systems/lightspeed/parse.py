"""From the wire to the domain. Pure; what cannot be understood raises ``UnreadableError`` and is never guessed."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, TypeVar
from urllib.parse import quote

from pydantic import ValidationError

from tillbridge.domain.catalogue import CustomField, Image, Item, Matrix, WebContent
from tillbridge.domain.stock import StockLevel
from tillbridge.systems.http.answer import Json
from tillbridge.systems.lightspeed.wire import (
    Wire,
    WireImage,
    WireItem,
    WireMatrix,
    WirePrice,
    WireSellable,
    WireStock,
    WireWebContent,
)
from tillbridge.systems.till import StockedItem

JsonObject = dict[str, Json]
Model = TypeVar("Model", bound=Wire)

DEFAULT_LEVEL = "1"
MOST_CHARACTERS = 90_000
"""In all texts of one item. Of four bytes each they still fit a row of our table, which takes 400 KB."""
_LONGEST = 40


class UnreadableError(ValueError):
    """A record that is not as the till's contract says. The text names the field and what is wrong with it."""

    def __init__(self, field: str, wrong: str) -> None:
        super().__init__(f"{field} {wrong}")
        self.field = field


def read(model: type[Model], row: JsonObject) -> Model:
    """Check a record; the first field that is wrong is named."""
    try:
        return model.model_validate(row)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
    raise UnreadableError(_path(first["loc"]), _wrong(dict(first)))


def read_private(model: type[Model], row: JsonObject) -> Model:
    """Check a record that holds personal data; of what is wrong only the field is told (invariant 5)."""
    try:
        return read(model, row)
    except UnreadableError as error:
        field = error.field
    raise UnreadableError(field, "is not understood")


def read_item(row: JsonObject) -> Item:
    """Read the record Item."""
    return _item(read(WireItem, row))


def read_stocked_item(row: JsonObject) -> StockedItem:
    """Read the record Item with its ItemShops; the sum of all locations is left out."""
    wire = read(WireItem, row)
    foreign = [level.row_id for level in wire.stock if level.item_id != wire.item_id]
    if foreign:
        raise UnreadableError("ItemShops", f"holds row {foreign[0]} of another item")
    levels = (_level(level) for level in wire.stock)
    return StockedItem(_item(wire), tuple(level for level in levels if level))


def read_matrix(row: JsonObject) -> Matrix:
    """Read the record ItemMatrix."""
    wire = read(WireMatrix, row)
    return Matrix(matrix_id=wire.matrix_id, attribute_set_id=wire.attribute_set_id, **_common(wire))


def read_level(row: JsonObject) -> StockLevel | None:
    """Read the record ItemShop; ``None`` when it is the sum of all locations."""
    return _level(read(WireStock, row))


def _item(wire: WireItem) -> Item:
    attributes = wire.attributes
    return Item(
        item_id=wire.item_id,
        system_sku=wire.system_sku,
        custom_sku=wire.custom_sku,
        manufacturer_sku=wire.manufacturer_sku,
        upc=wire.upc,
        ean=wire.ean,
        item_type=wire.item_type,
        publish_to_web=wire.publish_to_web,
        matrix_id=wire.matrix_id,
        attribute_set_id=attributes.attribute_set_id if attributes else None,
        attributes=(attributes.attribute1, attributes.attribute2, attributes.attribute3)
        if attributes
        else ("", "", ""),
        **_common(wire),
    )


def _common(wire: WireSellable) -> dict[str, Any]:
    """Translate what items and matrices share. Rows are put in a fixed order, so that equal content compares equal."""
    _check_size(wire)
    return {
        "description": wire.description,
        "archived": wire.archived,
        "category_id": wire.category_id,
        "manufacturer_id": wire.manufacturer_id,
        "tax_class_id": wire.tax_class_id,
        "taxable": wire.tax,
        "prices": _prices(wire.prices),
        "images": tuple(sorted(map(_image, wire.images), key=lambda image: (image.position, int(image.image_id)))),
        "tags": tuple(sorted({relation.tag.name for relation in wire.tag_relations})),
        "custom_fields": _custom_fields(wire),
        "web": _web(wire.web),
        "updated_at": wire.updated_at,
    }


def _check_size(wire: WireSellable) -> None:
    """Refuse an item that could not be kept, so that the others of its page can; the longest field is named."""
    web = wire.web or WireWebContent()
    lengths = {
        "description": len(wire.description),
        "ItemECommerce.longDescription": len(web.long_description),
        "ItemECommerce.shortDescription": len(web.short_description),
        "Images": sum(len(image.base_url) + len(image.public_id) + len(image.description) for image in wire.images),
        "TagRelations": sum(len(relation.tag.name) for relation in wire.tag_relations),
        "CustomFieldValues": sum(len(row.name) + len(row.value) for row in wire.custom_values),
    }
    if sum(lengths.values()) > MOST_CHARACTERS:
        longest = max(lengths, key=lambda name: lengths[name])
        raise UnreadableError(
            longest, f"holds {lengths[longest]} characters, and an item may hold {MOST_CHARACTERS} in all"
        )


def _prices(rows: Sequence[WirePrice]) -> dict[str, Decimal]:
    """Key amounts by price level; "0" on any level but the default means that it is not set."""
    prices: dict[str, Decimal] = {}
    for row in rows:
        if prices.setdefault(row.level_id, row.amount) != row.amount:
            raise UnreadableError("Prices", f"holds two amounts for price level {row.level_id}")
    return {level: amount for level, amount in prices.items() if amount or level == DEFAULT_LEVEL}


def _image(wire: WireImage) -> Image:
    """Build the public address (facts/lightspeed.md, "Image")."""
    address = f"{wire.base_url.rstrip('/')}/{quote(wire.public_id, safe='/')}.jpg"
    return Image(wire.image_id, address, int(wire.ordering), wire.description)


def _custom_fields(wire: WireSellable) -> tuple[CustomField, ...]:
    """Keep the custom fields that have a value."""
    rows = sorted(wire.custom_values, key=lambda row: int(row.field_id))
    return tuple(CustomField(row.field_id, row.name, row.value) for row in rows if row.value)


def _web(wire: WireWebContent | None) -> WebContent:
    if wire is None:
        return WebContent()
    return WebContent(wire.long_description, wire.short_description, wire.weight, wire.width, wire.height, wire.length)


def _level(wire: WireStock) -> StockLevel | None:
    """Take what may be published: ``sellable``, or where old answers lack it what is on hand; never below zero."""
    if wire.location_id is None:
        return None
    sellable = wire.on_hand if wire.sellable is None else wire.sellable
    return StockLevel(
        item_id=wire.item_id,
        location_id=wire.location_id,
        on_hand=wire.on_hand,
        sellable=max(Decimal(0), sellable),
        updated_at=wire.updated_at,
    )


def _path(location: tuple[int | str, ...]) -> str:
    """Write ``("Prices", 0, "amount")`` as ``Prices[0].amount``."""
    parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in location)
    return "".join(parts).lstrip(".")


def _wrong(error: dict[str, Any]) -> str:
    if error["type"] == "missing":
        return "is missing"
    value = repr(error["input"])
    shown = value if len(value) <= _LONGEST else f"{value[:_LONGEST]}..."
    if error["type"] == "value_error":
        return f"is {shown}, but {error['ctx']['error']}"
    return f"is {shown}, which is not understood"
