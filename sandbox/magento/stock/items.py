"""Quantities per source: absolute, in bulk, and taken without much checking (facts/magento.md, section 4)."""

from typing import Any

from sandbox.magento.catalogue.lookup import find
from sandbox.magento.catalogue.prices import limited
from sandbox.magento.catalogue.product_json import number, stock_item_as_json
from sandbox.magento.shop import Shop
from sandbox.magento.stock import legacy, salable
from sandbox.magento.stock.model import SourceItem, Stock
from sandbox.magento.web.criteria import search
from sandbox.magento.web.errors import RestError, internal, invalid, no_entity
from sandbox.magento.web.phpquery import listed
from sandbox.magento.web.wire import Request

_FIELDS = ("sku", "source_code", "quantity", "status")


def _as_json(row: SourceItem) -> dict[str, Any]:
    return {"sku": row.sku, "source_code": row.source_code, "quantity": number(row.quantity), "status": row.status}


def list_all(request: Request) -> dict[str, Any]:
    def check(field: str) -> None:
        if field not in _FIELDS:
            raise internal(request.shop.secret()[:13])

    return search(request, list(request.shop.inventory.items.values()), getattr, _as_json, check=check)


def write(request: Request) -> None:
    """Write absolute quantities: all rows or none.

    An unknown SKU, a negative quantity and the same row twice are taken, and no product's date moves.
    """
    shop, rows = request.shop, limited(request, "source_items")
    if not rows:
        raise RestError("Input data is empty")
    checked = [_checked(shop, row) for row in rows]
    for row in checked:
        shop.inventory.items[row.sku.casefold(), row.source_code] = row
        legacy.mirror(shop, row)
    shop.owe(shop.settings.speed.rows_saved * len(rows))
    shop.changed()


def _checked(shop: Shop, row: dict[str, Any]) -> SourceItem:
    sku, code = str(row.get("sku") or ""), str(row.get("source_code") or "")
    status = row.get("status")
    errors: list[tuple[str, dict[str, Any]]] = []
    if not sku.strip():
        errors.append(('"%field" can not be empty.', {"field": "sku"}))
    elif sku != sku.strip():
        errors.append(('"%field" can not contain leading or trailing spaces.', {"field": "sku"}))
    if not code:
        errors.append(('"%field" can not be empty.', {"field": "source_code"}))
    if row.get("quantity") is None:
        errors.append(('"%field" should be numeric.', {"field": "quantity"}))
    if status not in {0, 1}:
        errors.append(('"%field" should a known status.', {"field": "status"}))
    if errors:
        raise invalid(*errors)
    if code not in shop.inventory.sources:
        raise RestError("Could not save Source Item")
    product = shop.products.find(sku)
    return SourceItem(product.sku if product else sku, code, float(row["quantity"]), int(row["status"]))


def delete(request: Request) -> None:
    shop, rows = request.shop, limited(request, "source_items")
    if not rows:
        raise RestError("Input data is empty")
    for row in rows:
        shop.inventory.items.pop((str(row.get("sku")).casefold(), str(row.get("source_code"))), None)
    shop.changed()


# --- what may be sold ------------------------------------------------------------------------------------------------


def _stock(request: Request, number_text: object) -> Stock:
    text = str(number_text)
    found = request.shop.inventory.stocks.get(int(text) if text.isdecimal() else 0)
    if found is None:
        raise no_entity("stock_id", text)
    return found


def salable_quantity(request: Request) -> float:
    stock = _stock(request, request.path["stockId"])
    product = find(request.shop, request.path["sku"])
    if product.configurable:
        raise RestError("Can't check requested quantity for products without Source Items support.")
    return number(salable.quantity(request.shop, product, stock.id))


def is_salable(request: Request) -> bool:
    stock, product = _stock(request, request.path["stockId"]), request.shop.products.find(request.path["sku"])
    return product is not None and salable.salable(request.shop, product, stock.id)


def are_salable(request: Request) -> list[dict[str, Any]]:
    stock, rows = _stock(request, request.query.get("stockId")), []
    for sku in listed(request.query.get("skus")):
        product = request.shop.products.find(str(sku))
        able = product is not None and salable.salable(request.shop, product, stock.id)
        rows.append({"sku": str(sku), "stock_id": stock.id, "salable": able})
    return rows


def export_salable(request: Request) -> dict[str, Any]:
    """List what a website may sell; without any filter it comes back empty."""
    shop = request.shop
    stock = salable.stock_of(shop, request.path["salesChannelCode"])
    if stock is None:
        raise no_entity("code", request.path["salesChannelCode"])
    stock_id = stock.id
    criteria = request.query.get("searchCriteria")
    filtered = isinstance(criteria, dict) and any(key.lower().replace("_", "") == "filtergroups" for key in criteria)
    rows = [
        {"sku": product.sku, "qty": number(salable.quantity(shop, product, stock_id)),
         "is_salable": salable.salable(shop, product, stock_id)}
        for product in (shop.products if filtered else ())
    ]  # fmt: skip
    return search(request, rows, lambda row, field: row.get(field), lambda row: row)


def dump_index(request: Request) -> list[dict[str, Any]]:
    """List what the sources of a website hold; reservations are left out."""
    shop = request.shop
    stock = salable.stock_of(shop, request.path["salesChannelCode"])
    if stock is None:
        raise no_entity("code", request.path["salesChannelCode"])
    return [
        {"sku": product.sku, "qty": number(salable.in_sources(shop, product.sku, stock)),
         "is_salable": salable.in_sources(shop, product.sku, stock) > 0}
        for product in shop.products
        if not product.configurable
    ]  # fmt: skip


# --- the single figure -----------------------------------------------------------------------------------------------


def read_legacy(request: Request) -> dict[str, Any]:
    product = find(request.shop, request.path["productSku"])
    return stock_item_as_json(product, product.stock_item)


def write_legacy(request: Request) -> str:
    """Write the single figure; the product's date stays. Gives the id of the figure as text."""
    shop, product = request.shop, find(request.shop, request.path["productSku"])
    if request.whole("itemId") != product.stock_item.id:
        text = 'The "%1" stock item with product ID "%2" doesn\'t exist. Verify and try again.'
        raise RestError(text, [request.path["itemId"], product.id], 404)
    legacy.write(shop, product, request.record("stock_item"))
    shop.changed()
    return str(product.stock_item.id)
