"""Creates, changes and archives items, and changes stock rows (facts/lightspeed.md, A4)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from sandbox.lightspeed.api.body import Body, decimal_number, rows_in, text_of, whole_number
from sandbox.lightspeed.api.errors import bad_request
from sandbox.lightspeed.catalogue import NO_PRICES
from sandbox.lightspeed.data.levels import owner_of
from sandbox.lightspeed.data.numbers import plain
from sandbox.lightspeed.data.places import PRICE_LEVELS, SHOP_IDS
from sandbox.lightspeed.data.rows import Attributes, Item
from sandbox.lightspeed.retailer import Retailer

_READ_ONLY = frozenset({"itemID", "systemSku", "avgCost", "createTime", "timeStamp", "archived"})
_BARCODE = re.compile(r"\d{11,14}")
_ITEM_TYPES = ("default", "non_inventory", "serialized", "box", "serialized_assembly", "assembly")


def create_item(retailer: Retailer, body: Body) -> Item:
    """Create an item, with one stock row for each shop and one for their sum. Raises ApiError."""
    columns = _columns(retailer, body, "created")
    attributes = _attributes(retailer, body, columns)
    named_by_matrix = attributes is not None and columns.get("itemMatrixID", "0") != "0"
    if not columns.get("description") and not named_by_matrix:
        raise bad_request("Item not created. An Item must have a description.")
    quantities = _quantities(body, None)
    item = retailer.add_item(columns, _prices(NO_PRICES, body), attributes)
    for shop_id, units in quantities.items():
        retailer.stock.set(item.id, shop_id, units)
    return item


def update_item(retailer: Retailer, item: Item, body: Body) -> Item:
    """Change what the body names and leave the rest. Raises ApiError; then nothing was changed."""
    columns = _columns(retailer, body, "updated")
    if columns.get("description") == "":
        raise bad_request("Item not updated. An Item must have a description.")
    if (
        item.attributes is not None
        and columns.get("itemMatrixID", item.columns["itemMatrixID"]) != item.columns["itemMatrixID"]
    ):
        raise bad_request("Item not updated. A variant cannot leave its matrix.")
    columns |= _unarchived(item, body)
    quantities = _quantities(body, item.id)
    prices = _prices(item.prices, body)
    if columns or prices != item.prices:
        item = retailer.catalogue.change_item(replace(item, prices=prices), columns)
    for shop_id, units in quantities.items():
        retailer.stock.set(item.id, shop_id, units)
    return item


def update_item_shop(retailer: Retailer, row_id: int, body: Body) -> None:
    """Change a stock row's reorder figures, the only ones that can be changed here."""
    point = whole_number(body, "reorderPoint") if "reorderPoint" in body else None
    level = whole_number(body, "reorderLevel") if "reorderLevel" in body else None
    retailer.stock.reorder(row_id, point=point, level=level)


def _columns(retailer: Retailer, body: Body, done: str) -> dict[str, str]:
    """Take the columns a client may write; unknown fields are ignored in silence, as the API does."""
    known = retailer.catalogue.columns
    columns = {name: text_of(value) for name, value in body.items() if name in known and name not in _READ_ONLY}
    for name in ("upc", "ean"):
        if columns.get(name) and not _BARCODE.fullmatch(columns[name]):
            raise bad_request(f"Item not {done}. {name} must have 11 to 14 digits, got '{columns[name]}'.")
    if columns.get("itemType", "default") not in _ITEM_TYPES:
        raise bad_request(f"Item not {done}. itemType must be one of {', '.join(_ITEM_TYPES)}.")
    for name, find in _references(retailer).items():
        value = columns.get(name) or "0"
        if not value.isdecimal() or (value != "0" and find(int(value)) is None):
            raise bad_request(f"Item not {done}. {name} '{value}' does not exist.")
    return columns


def _references(retailer: Retailer) -> Mapping[str, Callable[[int], object | None]]:
    return {
        "categoryID": retailer.categories.get,
        "manufacturerID": retailer.manufacturers.get,
        "taxClassID": retailer.tax_classes.get,
        "itemMatrixID": retailer.catalogue.matrices.get,
    }


def _attributes(retailer: Retailer, body: Body, columns: Mapping[str, str]) -> Attributes | None:
    given = body.get("ItemAttributes")
    if not isinstance(given, Mapping):
        return None
    matrix_id = int(columns.get("itemMatrixID") or "0")
    set_id = retailer.catalogue.matrix(matrix_id).set_id if matrix_id else whole_number(given, "itemAttributeSetID")
    first, second, third = (text_of(given.get(f"attribute{number}")) for number in (1, 2, 3))
    return Attributes(set_id, (first, second, third))


def _unarchived(item: Item, body: Body) -> dict[str, str]:
    """Un-archive where asked to. Only DELETE archives; a PUT that tries to is refused (the docs forbid it, no more)."""
    if "archived" not in body:
        return {}
    if text_of(body["archived"]) == "true" and item.columns["archived"] == "false":
        raise bad_request("Item not updated. To archive an Item use DELETE.")
    return {"archived": "false"} if text_of(body["archived"]) == "false" else {}


def _prices(prices: tuple[str, ...], body: Body) -> tuple[str, ...]:
    """Set the price levels that the body names by useTypeID or by name."""
    changed = list(prices)
    for row in rows_in(body, "Prices", "ItemPrice"):
        amount = decimal_number(row, "amount")
        name = text_of(row.get("useType"))
        number = whole_number(row, "useTypeID") or (PRICE_LEVELS.index(name) + 1 if name in PRICE_LEVELS else 0)
        if amount is None or not 1 <= number <= len(PRICE_LEVELS):
            raise bad_request("ItemPrice needs amount and a useTypeID that exists.")
        changed[number - 1] = plain(amount)
    return tuple(changed)


def _quantities(body: Body, item_id: int | None) -> dict[int, int]:
    """Read what is to be on hand in which shop, by shopID or (existing items) by itemShopID. Raises ApiError."""
    found: dict[int, int] = {}
    for row in rows_in(body, "ItemShops", "ItemShop"):
        shop_id = _shop_of(row, item_id)
        if shop_id not in SHOP_IDS:
            raise bad_request("ItemShop needs the itemShopID or shopID of one shop of this Item.")
        if shop_id in found:
            raise bad_request(f"ItemShop of shop {shop_id} is there twice.")
        if "qoh" in row:
            found[shop_id] = whole_number(row, "qoh")
            if found[shop_id] < 0:
                raise bad_request("qoh cannot be set to a negative number.")
    return found


def _shop_of(row: Body, item_id: int | None) -> int:
    if "itemShopID" in row and item_id is not None:
        owner, shop_id = owner_of(whole_number(row, "itemShopID"))
        return shop_id if owner == item_id else 0
    return whole_number(row, "shopID")
