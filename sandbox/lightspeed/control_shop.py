"""Control actions at the till: what is there, what is sold and what comes in."""

from itertools import islice
from typing import Any

from flask import Blueprint, Response, jsonify, request

from sandbox.common.control import ControlError
from sandbox.lightspeed.data.levels import SUM
from sandbox.lightspeed.data.people import ADMIN
from sandbox.lightspeed.data.places import CASH, PRICE_LEVELS, SHOP_IDS
from sandbox.lightspeed.data.rows import Item
from sandbox.lightspeed.fields import Fields
from sandbox.lightspeed.retailer import Retailer
from sandbox.lightspeed.sale import LineDraft, PaymentDraft, Sale
from sandbox.lightspeed.state import Lightspeed

_SHOWN = 100


def add_till_controls(blueprint: Blueprint, state: Lightspeed) -> None:
    """Add the actions that list, sell and receive items."""
    retailer = state.retailer

    @blueprint.get("/items")
    def list_items() -> Response:
        limit = request.args.get("limit", default=_SHOWN, type=int)
        with state.lock:
            return jsonify([item_summary(retailer, item) for item in islice(retailer.catalogue.items.all(), limit)])

    @blueprint.post("/sell")
    def sell() -> Response:
        fields = Fields("item", "shop", "quantity")
        with state.lock:
            item = retailer.catalogue.item(fields.number("item"))
            sale = sell_at_till(retailer, item.id, shop_of(fields), fields.number("quantity", 1))
            return jsonify({**item_summary(retailer, item), "sale": sale.id})

    @blueprint.post("/receive")
    def receive() -> Response:
        fields = Fields("item", "shop", "quantity")
        with state.lock:
            item = retailer.catalogue.item(fields.number("item"))
            retailer.receive(item.id, shop_of(fields), fields.number("quantity", 1))
            return jsonify(item_summary(retailer, item))


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
        "upc": item.columns["upc"],
        "ean": item.columns["ean"],
        "itemType": item.columns["itemType"],
        "archived": item.columns["archived"] == "true",
        "prices": dict(zip(PRICE_LEVELS, item.prices, strict=True)),
        "stock": stock,
        "total": retailer.stock.of(item.id, SUM).qoh,
        "timeStamp": item.columns["timeStamp"],
    }


def shop_of(fields: Fields) -> int:
    """Take the shop that an action is about, the first one when none is named. Raises ControlError."""
    shop_id = fields.number("shop", SHOP_IDS[0])
    if shop_id not in SHOP_IDS:
        raise ControlError(f"shop: there is no shop {shop_id}; shops are {', '.join(map(str, SHOP_IDS))}")
    return shop_id
