"""Control actions in the back office: what items are, what they cost, how many there are, and whether they are."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, jsonify

from sandbox.common.control import ControlError
from sandbox.lightspeed.control_shop import item_summary, shop_of
from sandbox.lightspeed.data.numbers import plain
from sandbox.lightspeed.data.places import MATERIAL_FIELD, PRICE_LEVELS, SHOP_IDS
from sandbox.lightspeed.data.rows import Attributes, Item, Matrix
from sandbox.lightspeed.fields import Fields, column_texts
from sandbox.lightspeed.retailer import Retailer
from sandbox.lightspeed.state import Lightspeed

_CHOICE = ("item", "items", "all")
_ATTRIBUTES = 3


def add_office_controls(blueprint: Blueprint, state: Lightspeed) -> None:
    """Add the actions of the back office."""
    _add_item_controls(blueprint, state)
    _add_stock_controls(blueprint, state)
    _add_end_controls(blueprint, state)


def _add_item_controls(blueprint: Blueprint, state: Lightspeed) -> None:
    retailer = state.retailer

    @blueprint.post("/edit")
    def edit() -> Response:
        fields = Fields("item", "matrix", "tags", "images", "material", "attributes", others=True)
        with state.lock:
            product: Item | Matrix
            if "matrix" in fields:
                product = retailer.catalogue.matrix(fields.number("matrix"))
            else:
                product = retailer.catalogue.item(fields.number("item"))
            return jsonify(_edit(retailer, product, fields))

    @blueprint.post("/add-item")
    def add_item() -> Response:
        fields = Fields("price", "stock", "tags", "attributes", others=True)
        with state.lock:
            columns = column_texts(fields.others, retailer.catalogue.columns)
            matrix_id = int(columns.get("itemMatrixID", "0"))
            attributes = None
            if "attributes" in fields:
                attributes = _attributes(fields, retailer.catalogue.matrix(matrix_id).set_id)
            if not columns.get("description") and attributes is None:
                raise ControlError("description: an item must have one")
            price = plain(fields.amount("price")) if "price" in fields else "0"
            item = retailer.add_item(columns, (price, *("0" for _ in PRICE_LEVELS[1:])), attributes)
            if "tags" in fields:
                retailer.relate(item, tag_ids=_tag_ids(retailer, fields), image_count=0)
            retailer.stock.move(item.id, SHOP_IDS[0], fields.number("stock", 0))
            return jsonify(item_summary(retailer, retailer.catalogue.item(item.id)))


def _add_stock_controls(blueprint: Blueprint, state: Lightspeed) -> None:
    """Add what may be done to one item, to several or to all at once, as imports and bulk edits do."""
    retailer = state.retailer

    @blueprint.post("/prices")
    def set_price() -> Response:
        fields = Fields(*_CHOICE, "level", "amount", "silent")
        with state.lock:
            level, amount, silent = _price_level(fields), plain(fields.amount("amount")), fields.flag("silent")
            chosen = _chosen(retailer, fields)
            for item_id in chosen:
                retailer.price(item_id, level, amount, silent=silent)
            return _told(retailer, chosen)

    @blueprint.post("/stock")
    def set_stock() -> Response:
        fields = Fields(*_CHOICE, "shop", "quantity")
        with state.lock:
            shop_ids = (shop_of(fields),) if "shop" in fields else SHOP_IDS
            chosen, quantity = _chosen(retailer, fields), fields.number("quantity")
            for item_id in chosen:
                retailer.count_stock(item_id, quantity, shop_ids)
            return _told(retailer, chosen)


def _add_end_controls(blueprint: Blueprint, state: Lightspeed) -> None:
    retailer = state.retailer

    @blueprint.post("/archive")
    def archive() -> Response:
        fields = Fields(*_CHOICE)
        with state.lock:
            chosen = _chosen(retailer, fields)
            for item_id in chosen:
                retailer.archive(item_id)
            return _told(retailer, chosen)

    @blueprint.post("/restore")
    def restore() -> Response:
        fields = Fields("item")
        with state.lock:
            return jsonify(item_summary(retailer, retailer.restore(fields.number("item"))))

    @blueprint.post("/delete")
    def delete() -> Response:
        fields = Fields(*_CHOICE)
        with state.lock:
            chosen = _chosen(retailer, fields)
            for item_id in chosen:
                retailer.delete(item_id)
            return jsonify(items=len(chosen))

    @blueprint.post("/merge")
    def merge() -> Response:
        fields = Fields("item", "into")
        with state.lock:
            return jsonify(item_summary(retailer, retailer.merge(fields.number("item"), fields.number("into"))))


def _chosen(retailer: Retailer, fields: Fields) -> list[int]:
    """Take the items that an action is about: ``item``, the list ``items``, or ``all`` that are not archived.

    Raises ControlError and LookupError before anything is changed.
    """
    if fields.flag("all"):
        return [item.id for item in retailer.catalogue.items.all() if item.columns["archived"] == "false"]
    chosen = list(dict.fromkeys(fields.numbers("items"))) if "items" in fields else [fields.number("item")]
    for item_id in chosen:
        retailer.catalogue.item(item_id)
    return chosen


def _told(retailer: Retailer, chosen: list[int]) -> Response:
    """Show one item; of several only say how many they are."""
    if len(chosen) == 1:
        return jsonify(item_summary(retailer, retailer.catalogue.item(chosen[0])))
    return jsonify(items=len(chosen))


def _edit(retailer: Retailer, product: Item | Matrix, fields: Fields) -> dict[str, Any]:
    """Change any column, which moves the timeStamp; tags and pictures are related records, which do not move it."""
    if "tags" in fields or "images" in fields:
        tag_ids = _tag_ids(retailer, fields) if "tags" in fields else product.tag_ids
        retailer.relate(product, tag_ids=tag_ids, image_count=fields.number("images", product.image_count))
    columns = column_texts(fields.others, product.columns)
    if isinstance(product, Matrix):
        matrix = retailer.catalogue.matrix(product.id)
        return dict((retailer.catalogue.change_matrix(matrix, columns) if columns else matrix).columns)
    item = retailer.catalogue.item(product.id)
    if "attributes" in fields:
        if item.attributes is None:
            raise ControlError(f"attributes: item {item.id} is no variant")
        changed = replace(item, attributes=_attributes(fields, item.attributes.set_id))
        item = retailer.catalogue.change_item(changed, {})
    if "material" in fields:  # the custom field of that name
        item = replace(item, custom_values=((MATERIAL_FIELD, fields.text("material")),))
        retailer.catalogue.change_item(item, {}, silent=True)
    return item_summary(retailer, retailer.catalogue.change_item(item, columns) if columns else item)


def _price_level(fields: Fields) -> int:
    name = fields.text("level", PRICE_LEVELS[0])
    if name not in PRICE_LEVELS:
        raise ControlError(f"level: {name!r} is none of {', '.join(PRICE_LEVELS)}")
    return PRICE_LEVELS.index(name) + 1


def _tag_ids(retailer: Retailer, fields: Fields) -> tuple[int, ...]:
    ids = {row.columns["name"]: row.id for row in retailer.tags.all()}
    unknown = [name for name in fields.texts("tags") if name not in ids]
    if unknown:
        raise ControlError(f"tags: there is no tag {unknown[0]!r}; tags are {', '.join(ids)}")
    return tuple(ids[name] for name in fields.texts("tags"))


def _attributes(fields: Fields, set_id: int) -> Attributes:
    values = fields.texts("attributes")
    if len(values) != _ATTRIBUTES:
        raise ControlError(f"attributes: must be {_ATTRIBUTES} texts, empty where the set has no such attribute")
    first, second, third = values
    return Attributes(set_id, (first, second, third))
