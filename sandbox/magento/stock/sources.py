"""Sources, stocks, and which source is in which stock (facts/magento.md, section 4)."""

from typing import Any

from sandbox.magento.shop import Shop
from sandbox.magento.stock import salable
from sandbox.magento.stock.model import DEFAULT_STOCK, Source, Stock
from sandbox.magento.web.criteria import search
from sandbox.magento.web.errors import RestError, invalid
from sandbox.magento.web.wire import Request


def _source_as_json(source: Source) -> dict[str, Any]:
    return {
        "source_code": source.code,
        "name": source.name,
        "enabled": source.enabled,
        "use_default_carrier_config": True,
        "carrier_links": [],
        "extension_attributes": {"is_pickup_location_active": False, "frontend_name": source.name},
        **source.more,
    }


def list_sources(request: Request) -> dict[str, Any]:
    rows = list(request.shop.inventory.sources.values())
    return search(request, rows, lambda row, field: _source_as_json(row).get(field), _source_as_json)


def read_source(request: Request) -> dict[str, Any]:
    code = request.path["sourceCode"]
    found = request.shop.inventory.sources.get(code)
    if found is None:
        raise RestError('Source with source code "%value" does not exist.', {"value": code}, 404)
    return _source_as_json(found)


def create_source(request: Request) -> None:
    _save_source(request.shop, request.record("source"))


def change_source(request: Request) -> None:
    _save_source(request.shop, {**request.record("source"), "source_code": request.path["sourceCode"]})


def _save_source(shop: Shop, body: dict[str, Any]) -> None:
    code = str(body.get("source_code") or "")
    known = shop.inventory.sources.get(code)
    name = str(body.get("name") or (known.name if known else ""))
    more = {**(known.more if known else {}), **_plain(body)}
    errors: list[tuple[str, dict[str, Any]]] = []
    given = {"source_code": code, "name": name, "country_id": more.get("country_id"), "postcode": more.get("postcode")}
    errors += [
        ('"%field" can not be empty.', {"field": field}) for field, value in given.items() if value in (None, "")
    ]
    if " " in code:
        errors.append(('"%field" can not contain whitespaces.', {"field": "source_code"}))
    if errors:
        raise invalid(*errors)
    enabled = body.get("enabled")
    open_ = (known.enabled if known else True) if enabled is None else bool(enabled)
    shop.inventory.sources[code] = Source(code, name, open_, more)
    shop.changed()


def _plain(body: dict[str, Any]) -> dict[str, Any]:
    own = {"source_code", "name", "enabled", "carrier_links", "extension_attributes", "use_default_carrier_config"}
    return {name: value for name, value in body.items() if name not in own}


# --- stocks ----------------------------------------------------------------------------------------------------------


def _stock_as_json(stock: Stock) -> dict[str, Any]:
    channels = [{"type": "website", "code": code} for code in stock.channels]
    return {"stock_id": stock.id, "name": stock.name, "extension_attributes": {"sales_channels": channels}}


def _stock(shop: Shop, stock_id: int) -> Stock:
    found = shop.inventory.stocks.get(stock_id)
    if found is None:
        raise RestError('Stock with id "%value" does not exist.', {"value": stock_id}, 404)
    return found


def list_stocks(request: Request) -> dict[str, Any]:
    rows = list(request.shop.inventory.stocks.values())
    return search(request, rows, lambda row, field: _stock_as_json(row).get(field), _stock_as_json)


def read_stock(request: Request) -> dict[str, Any]:
    return _stock_as_json(_stock(request.shop, request.whole("stockId")))


def create_stock(request: Request) -> int:
    shop = request.shop
    stock = Stock(shop.next_stock_id(), "")
    _write_stock(shop, stock, request.record("stock"))
    return stock.id


def change_stock(request: Request) -> str:
    stock = _stock(request.shop, request.whole("stockId"))
    _write_stock(request.shop, stock, request.record("stock"))
    return str(stock.id)


def _write_stock(shop: Shop, stock: Stock, body: dict[str, Any]) -> None:
    name = str(body.get("name") or stock.name)
    if not name:
        raise invalid(('"%field" can not be empty.', {"field": "name"}))
    stock.name = name
    shop.inventory.stocks[stock.id] = stock
    channels = (body.get("extension_attributes") or {}).get("sales_channels")
    if channels is not None:
        _give_channels(shop, stock, [str(channel.get("code")) for channel in channels])
    shop.changed()


def _give_channels(shop: Shop, stock: Stock, codes: list[str]) -> None:
    """Let a stock serve these websites; whichever served one of them does so no longer."""
    for other in shop.inventory.stocks.values():
        other.channels = [code for code in other.channels if code not in codes]
    stock.channels = codes


def delete_stock(request: Request) -> None:
    stock = _stock(request.shop, request.whole("stockId"))
    if stock.id == DEFAULT_STOCK or stock.channels:
        raise RestError("Default Stock could not be deleted." if stock.id == DEFAULT_STOCK else
                        "Stock has at least one sales channel and could not be deleted.")  # fmt: skip
    del request.shop.inventory.stocks[stock.id]
    request.shop.changed()


def resolve(request: Request) -> dict[str, Any]:
    """Find the stock that a website sells from."""
    stock = salable.stock_of(request.shop, request.path["code"])
    if stock is None or request.path["type"] != "website":
        raise RestError("No linked stock found", status=404)
    return _stock_as_json(stock)


# --- links -----------------------------------------------------------------------------------------------------------


def _links(shop: Shop) -> list[dict[str, Any]]:
    return [
        {"stock_id": stock.id, "source_code": code, "priority": priority}
        for stock in shop.inventory.stocks.values()
        for code, priority in stock.sources.items()
    ]


def list_links(request: Request) -> dict[str, Any]:
    return search(request, _links(request.shop), lambda row, field: row.get(field), lambda row: row)


def add_links(request: Request) -> None:
    shop, rows = request.shop, request.rows("links")
    if not rows:
        raise RestError("Input data is empty")
    for row in rows:
        if row.get("source_code") not in shop.inventory.sources or row.get("stock_id") not in shop.inventory.stocks:
            raise RestError("Could not save StockSourceLinks")
    for row in rows:
        shop.inventory.stocks[row["stock_id"]].sources[row["source_code"]] = int(row.get("priority") or 1)
    shop.changed()


def delete_links(request: Request) -> None:
    for row in request.rows("links"):
        stock = request.shop.inventory.stocks.get(row.get("stock_id"))
        if stock is not None:
            stock.sources.pop(str(row.get("source_code")), None)
    request.shop.changed()


def assigned(request: Request) -> list[dict[str, Any]]:
    """List the sources of a stock, the first to be used first."""
    stock = _stock(request.shop, request.whole("stockId"))
    codes = sorted(stock.sources, key=lambda code: stock.sources[code])
    return [_source_as_json(request.shop.inventory.sources[code]) for code in codes]
