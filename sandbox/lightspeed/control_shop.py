"""Control actions at the till and in the back office."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, jsonify, request

from sandbox.common.control import ControlError
from sandbox.lightspeed.data.levels import SUM
from sandbox.lightspeed.data.numbers import plain
from sandbox.lightspeed.data.people import ADMIN
from sandbox.lightspeed.data.places import CASH, MATERIAL_FIELD, PRICE_LEVELS, SHOP_IDS
from sandbox.lightspeed.data.rows import Item, Matrix
from sandbox.lightspeed.fields import Fields, column_texts
from sandbox.lightspeed.retailer import Retailer
from sandbox.lightspeed.sales import LineDraft, PaymentDraft, Sale
from sandbox.lightspeed.state import Lightspeed

_SHOWN = 100


def add_shop_controls(blueprint: Blueprint, state: Lightspeed) -> None:
    """Add the actions that change items, stock, prices and sales."""
    _add_till_controls(blueprint, state)
    _add_office_controls(blueprint, state)


def _add_till_controls(blueprint: Blueprint, state: Lightspeed) -> None:
    retailer = state.retailer

    @blueprint.get("/items")
    def list_items() -> Response:
        limit = request.args.get("limit", default=_SHOWN, type=int)
        with state.lock:
            ids = range(1, min(limit, retailer.catalogue.items.size) + 1)
            return jsonify([item_summary(retailer, retailer.catalogue.item(item_id)) for item_id in ids])

    @blueprint.post("/sell")
    def sell() -> Response:
        fields = Fields("item", "shop", "quantity")
        with state.lock:
            item = retailer.catalogue.item(fields.number("item"))
            sale = sell_at_till(retailer, item.id, _shop(fields), fields.number("quantity", 1))
            return jsonify({**item_summary(retailer, item), "sale": sale.id})

    @blueprint.post("/receive")
    def receive() -> Response:
        fields = Fields("item", "shop", "quantity")
        with state.lock:
            item = retailer.catalogue.item(fields.number("item"))
            retailer.receive(item.id, _shop(fields), fields.number("quantity", 1))
            return jsonify(item_summary(retailer, item))


def _add_office_controls(blueprint: Blueprint, state: Lightspeed) -> None:
    retailer = state.retailer

    @blueprint.post("/edit")
    def edit() -> Response:
        fields = Fields("item", "matrix", "tags", "images", "material", others=True)
        with state.lock:
            product: Item | Matrix
            if "matrix" in fields:
                product = retailer.catalogue.matrix(fields.number("matrix"))
            else:
                product = retailer.catalogue.item(fields.number("item"))
            return jsonify(_edit(retailer, product, fields))

    @blueprint.post("/archive")
    def archive() -> Response:
        fields = Fields("item")
        with state.lock:
            return jsonify(item_summary(retailer, retailer.archive(fields.number("item"))))

    @blueprint.post("/prices")
    def set_price() -> Response:
        fields = Fields("item", "level", "amount", "silent")
        with state.lock:
            item = retailer.price(
                fields.number("item"),
                _price_level(fields),
                plain(fields.amount("amount")),
                silent=fields.flag("silent"),
            )
            return jsonify(item_summary(retailer, item))

    @blueprint.post("/add-item")
    def add_item() -> Response:
        fields = Fields("price", "stock", "tags", others=True)
        with state.lock:
            columns = column_texts(fields.others, retailer.catalogue.item(1).columns)
            if not columns.get("description"):
                raise ControlError("description: an item must have one")
            price = plain(fields.amount("price")) if "price" in fields else "0"
            item = retailer.add_item(columns, (price, *("0" for _ in PRICE_LEVELS[1:])))
            if "tags" in fields:
                retailer.relate(item, tag_ids=_tag_ids(retailer, fields), image_count=0)
            retailer.stock.move(item.id, SHOP_IDS[0], fields.number("stock", 0))
            return jsonify(item_summary(retailer, retailer.catalogue.item(item.id)))


def sell_at_till(retailer: Retailer, item_id: int, shop_id: int, quantity: int) -> Sale:
    """Sell for cash in a shop: one completed sale."""
    sale = retailer.sales.open(Sale(0, ADMIN, shop_id, shop_id, 0, 0, tax_category_id=1))
    sale = retailer.sales.add_lines(sale.id, [LineDraft(item_id, quantity)])
    sale = retailer.sales.pay(sale.id, PaymentDraft(CASH))
    return retailer.sales.complete(sale.id)


def item_summary(retailer: Retailer, item: Item) -> dict[str, Any]:
    """Show the gist of an item: names, codes, prices and stock per shop."""
    stock = {str(shop_id): retailer.stock.of(item.id, shop_id).qoh for shop_id in SHOP_IDS}
    return {
        "itemID": str(item.id),
        "itemMatrixID": item.columns["itemMatrixID"],
        "description": item.columns["description"],
        "customSku": item.columns["customSku"],
        "systemSku": item.columns["systemSku"],
        "archived": item.columns["archived"] == "true",
        "prices": dict(zip(PRICE_LEVELS, item.prices, strict=True)),
        "stock": stock,
        "total": retailer.stock.of(item.id, SUM).qoh,
        "timeStamp": item.columns["timeStamp"],
    }


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
    if "material" in fields:  # the custom field of that name
        item = replace(item, custom_values=((MATERIAL_FIELD, fields.text("material")),))
        retailer.catalogue.change_item(item, {}, silent=True)
    return item_summary(retailer, retailer.catalogue.change_item(item, columns) if columns else item)


def _shop(fields: Fields) -> int:
    shop_id = fields.number("shop", SHOP_IDS[0])
    if shop_id not in SHOP_IDS:
        raise ControlError(f"shop: there is no shop {shop_id}; shops are {', '.join(map(str, SHOP_IDS))}")
    return shop_id


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
