"""The resources Item, ItemMatrix, ItemShop and Image."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

from sandbox.lightspeed.api import rights
from sandbox.lightspeed.api.resource import Nested, Relation, Resource
from sandbox.lightspeed.data.images import ITEM_ROOM, MATRIX_ROOM, image_ids
from sandbox.lightspeed.data.layout import Place, position
from sandbox.lightspeed.data.levels import ROWS_PER_ITEM, level_id
from sandbox.lightspeed.data.places import CHOICES, PRICE_LEVELS, SEASON_FIELD
from sandbox.lightspeed.data.rows import Item, Level, Matrix, Product, Row
from sandbox.lightspeed.retailer import Retailer
from sandbox.lightspeed.stock import full_columns, short_columns
from sandbox.lightspeed.table import Table
from sandbox.lightspeed.wire import Json, one_or_many, to_many

_CODES = ("customSku", "upc", "ean", "systemSku")
_OLD_RESERVATIONS = {"layaways": "0", "specialorders": "0", "workorders": "0"}


def item_resource(retailer: Retailer, image_base: Callable[[], str]) -> Resource[Item]:
    """Build Item."""
    return Resource(
        name="Item",
        id_field="itemID",
        table=retailer.catalogue.items,
        show=lambda item: dict(item.columns),
        sortable=("itemID", "timeStamp", "description"),
        relations=_item_relations(retailer, image_base),
        tail=prices,
        read_rights=rights.ITEM_READ,
        write_rights=rights.ITEM_WRITE,
        special={"tag": lambda item, name: _has_tag(retailer, item, name), "itemCode": _has_code},
        lookups={
            **{name: partial(retailer.catalogue.items.lookup, name) for name in _CODES},
            "itemMatrixID": lambda matrix_id: _variant_ids(retailer, matrix_id),
        },
    )


def matrix_resource(retailer: Retailer, image_base: Callable[[], str]) -> Resource[Matrix]:
    """Build ItemMatrix."""
    return Resource(
        name="ItemMatrix",
        id_field="itemMatrixID",
        table=retailer.catalogue.matrices,
        show=lambda matrix: dict(matrix.columns),
        sortable=("itemMatrixID", "timeStamp", "description"),
        relations={
            "Category": _to_one(retailer.categories, "categoryID"),
            "ItemAttributeSet": _to_one(retailer.attribute_sets, "itemAttributeSetID"),
            "TaxClass": _to_one(retailer.tax_classes, "taxClassID"),
            "Manufacturer": _to_one(retailer.manufacturers, "manufacturerID"),
            "Images": Relation(lambda matrix, _: images(retailer, matrix, image_base)),
            "Items": Relation(lambda matrix, _: _variants(retailer, matrix)),
            "ItemECommerce": Relation(lambda matrix, _: _ecommerce(matrix), many=False),
            **_tag_and_custom_relations(retailer),
        },
        tail=lambda matrix: {**prices(matrix), **_attribute_values(retailer, matrix)},
        read_rights=rights.MATRIX_READ,
        special={"tag": lambda matrix, name: _has_tag(retailer, matrix, name)},
    )


def item_shop_resource(retailer: Retailer) -> Resource[Level]:
    """Build ItemShop, the list of stock rows."""
    return Resource(
        name="ItemShop",
        id_field="itemShopID",
        table=retailer.stock.table,
        show=lambda level: dict(full_columns(level, retailer.catalogue.cost(level.item_id))),
        sortable=("itemShopID", "timeStamp"),
        read_rights=rights.STOCK_READ,
        write_rights=rights.ITEM_WRITE,
        lookups={"itemID": _stock_row_ids},
        archives=False,
    )


def image_resource(retailer: Retailer, image_base: Callable[[], str]) -> Resource[Row]:
    """Build Image."""
    return Resource(
        name="Image",
        id_field="imageID",
        table=retailer.catalogue.images,
        show=lambda image: {**image.columns, "baseImageURL": image_base()},
        sortable=("imageID", "timeStamp", "itemID"),
        read_rights=rights.ANY_AREA,
        lookups={
            "itemID": lambda owner: image_ids(int(owner), 0, ITEM_ROOM) if owner.isdecimal() and owner != "0" else (),
            "itemMatrixID": lambda owner: (
                image_ids(0, int(owner), MATRIX_ROOM) if owner.isdecimal() and owner != "0" else ()
            ),
        },
        archives=False,
    )


def prices(product: Product) -> dict[str, Json]:
    """Show a product's prices."""
    levels = enumerate(zip(product.prices, PRICE_LEVELS, strict=True), start=1)
    rows = [{"amount": amount, "useTypeID": str(number), "useType": name} for number, (amount, name) in levels]
    return {"Prices": {"ItemPrice": rows}}


def short_item_shops(retailer: Retailer, item: Item) -> dict[str, Json]:
    """Show the stock rows in the short form that answers to writes have."""
    return {"ItemShops": {"ItemShop": [short_columns(level) for level in retailer.stock.rows(item.id)]}}


def images(retailer: Retailer, product: Product, image_base: Callable[[], str]) -> Json | None:
    """Show a product's pictures."""
    base = image_base()
    rows = [{**image.columns, "baseImageURL": base} for image in retailer.catalogue.images_of(product)]
    return to_many("Image", rows, product.id)


def _item_relations(retailer: Retailer, image_base: Callable[[], str]) -> dict[str, Relation[Item]]:
    """List the relations in wire order."""
    return {
        "Category": _to_one(retailer.categories, "categoryID"),
        "TaxClass": _to_one(retailer.tax_classes, "taxClassID"),
        "ItemAttributes": Relation(
            lambda item, nested: _item_attributes(retailer, item, nested),
            many=False,
            nested={"ItemAttributeSet": False},
        ),
        "Manufacturer": _to_one(retailer.manufacturers, "manufacturerID"),
        "Note": Relation(lambda item, _: _note(item), many=False),
        "Images": Relation(lambda item, _: images(retailer, item, image_base)),
        "ItemShops": Relation(lambda item, _: _item_shops(retailer, item)),
        "ItemComponents": Relation(lambda item, _: _components(item)),
        "ItemVendorNums": Relation(lambda item, _: _vendor_numbers(item)),
        "ItemECommerce": Relation(lambda item, _: _ecommerce(item), many=False),
        **_tag_and_custom_relations(retailer),
        "ItemPrices": Relation(lambda item, _: prices(item)["Prices"]),
    }


def _tag_and_custom_relations(retailer: Retailer) -> dict[str, Relation[Product]]:
    return {
        "TagRelations": Relation(
            lambda product, nested: _tag_relations(retailer, product, nested), nested={"Tag": False}
        ),
        "CustomFieldValues": Relation(
            lambda product, nested: _custom_values(retailer, product, nested), nested={"value": False}, in_all=False
        ),
    }


def _to_one(table: Table[Row], key: str) -> Relation[Product]:
    def load(product: Product, _: Nested) -> Json | None:
        row = table.get(int(product.columns[key]))
        return None if row is None else row.columns

    return Relation(load, many=False)


def _item_attributes(retailer: Retailer, item: Item, nested: Nested) -> Json | None:
    if item.attributes is None:
        return None
    first, second, third = item.attributes.values
    shown: dict[str, Json] = {
        "attribute1": first,
        "attribute2": second,
        "attribute3": third,
        "itemAttributeSetID": str(item.attributes.set_id),
    }
    found = retailer.attribute_sets.get(item.attributes.set_id)
    if "ItemAttributeSet" in nested and found is not None:
        shown["ItemAttributeSet"] = found.columns
    return shown


def _note(item: Item) -> Json | None:
    if item.note is None:
        return None
    return {"note": item.note, "isPublic": "false", "timeStamp": item.columns["createTime"]}


def _item_shops(retailer: Retailer, item: Item) -> Json:
    """Show the stock rows; here ``onWorkOrder`` is spelled as documented, in the list as in the vendor's sample."""
    cost = float(item.columns["defaultCost"])
    rows: list[Json] = [full_columns(level, cost, work_order="onWorkOrder") for level in retailer.stock.rows(item.id)]
    if position(item.id).place == Place.BOX:  # recorded with boxes only
        rows = [{**row, "m": _OLD_RESERVATIONS} for row in rows if isinstance(row, Mapping)]
    return {"ItemShop": one_or_many(rows)}


def _components(item: Item) -> Json | None:
    rows = [
        {
            "itemComponentID": str(item.id * 2 + number),
            "quantity": str(quantity),
            "componentGroup": str(number + 1),
            "assemblyItemID": str(item.id),
            "componentItemID": str(single),
        }
        for number, (single, quantity) in enumerate(item.components)
    ]
    return to_many("ItemComponent", rows, item.id)


def _vendor_numbers(item: Item) -> Json | None:
    if item.vendor_number is None:
        return to_many("ItemVendorNum", [], item.id)
    row = {
        "itemVendorNumID": str(item.id),
        "value": item.vendor_number,
        "timeStamp": item.columns["createTime"],
        "itemID": str(item.id),
        "vendorID": item.columns["defaultVendorID"],
    }
    return to_many("ItemVendorNum", [row], item.id)


def _ecommerce(product: Product) -> Json | None:
    if product.weight is None:
        return None
    name = product.columns["description"].strip()
    return {
        "itemECommerceID": str(product.id),
        "longDescription": f"<p>{name}: made to last.</p>",
        "shortDescription": "Made to last.",
        "weight": product.weight,
        "width": "0",
        "height": "0",
        "length": "0",
        "listOnStore": "true",
    }


def _tag_relations(retailer: Retailer, product: Product, nested: Nested) -> Json | None:
    owner = next(iter(product.columns))
    rows: list[dict[str, Json]] = []
    for tag_id in product.tag_ids:
        row: dict[str, Json] = {
            "tagRelationID": str(product.id * 8 + tag_id),
            owner: str(product.id),
            "tagID": str(tag_id),
        }
        tag = retailer.tags.get(tag_id)
        if "Tag" in nested and tag is not None:
            row["Tag"] = tag.columns
        rows.append(row)
    return to_many("TagRelation", rows, product.id)


def _custom_values(retailer: Retailer, product: Product, nested: Nested) -> Json | None:
    rows: list[Json] = []
    for field_id, value in product.custom_values:
        definition = retailer.custom_fields.get(field_id)
        if definition is not None:
            shown = _choice(value, nested) if field_id == SEASON_FIELD else value
            rows.append(
                {
                    "customFieldValueID": str(product.id * 4 + field_id),
                    "customFieldID": str(field_id),
                    "name": definition.columns["name"],
                    "type": definition.columns["type"],
                    "value": shown,
                }
            )
    return to_many("CustomFieldValue", rows, product.id)


def _choice(choice_id: str, nested: Nested) -> Json:
    """Show the value of a choice field: an object, but only when its own relation was asked for."""
    if "value" not in nested:
        return ""
    return {
        "customFieldChoiceID": choice_id,
        "value": "",
        "name": CHOICES[int(choice_id) - 1],
        "canBeDeleted": "false",
        "customFieldID": str(SEASON_FIELD),
    }


def _variants(retailer: Retailer, matrix: Matrix) -> Json | None:
    rows = [{**variant.columns, **prices(variant)} for variant in retailer.catalogue.variants(matrix.id)]
    return to_many("Item", rows, matrix.id)


def _variant_ids(retailer: Retailer, matrix_id: str) -> Iterable[int]:
    """Find a matrix's variants; plain items (matrix 0) are searched for like anything else."""
    if matrix_id == "0" or not matrix_id.isdecimal():
        return retailer.catalogue.items.lookup("itemMatrixID", matrix_id)
    return [variant.id for variant in retailer.catalogue.variants(int(matrix_id))]


def _stock_row_ids(item_id: str) -> Iterable[int]:
    first = level_id(int(item_id), 0) if item_id.isdecimal() else 0
    return range(first, first + ROWS_PER_ITEM)


def _attribute_values(retailer: Retailer, matrix: Matrix) -> dict[str, Json]:
    """Show the values in use: a list, a string for a single one, and for none an empty string or no key at all."""
    shown: dict[str, Json] = {}
    for number, values in enumerate(retailer.catalogue.attribute_values(matrix.id), start=1):
        if values or matrix.id % 2:
            shown[f"attribute{number}Values"] = one_or_many(values) if values else ""
    return shown


def _has_tag(retailer: Retailer, product: Product, name: str) -> bool:
    tags: Sequence[Row | None] = [retailer.tags.get(tag_id) for tag_id in product.tag_ids]
    return any(tag is not None and tag.columns["name"] == name for tag in tags)


def _has_code(item: Item, code: str) -> bool:
    return code in {item.columns["itemID"], item.columns["upc"], item.columns["ean"]} and code != ""
