"""The price endpoints: good rows are written, the bad ones come back in a 200 (facts/magento.md, section 3)."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sandbox.magento.catalogue import tiers
from sandbox.magento.catalogue.model import Product
from sandbox.magento.catalogue.product_json import number
from sandbox.magento.dates import parse
from sandbox.magento.shop import Shop
from sandbox.magento.web.errors import RestError
from sandbox.magento.web.wire import Request

Trouble = dict[str, Any]
Writer = Callable[[Shop, Product, Mapping[str, Any]], Trouble | None]
_WITHOUT_PRICE = {"configurable", "grouped"}


def _trouble(field: str, value: object) -> Trouble:
    return {"message": "Invalid attribute %fieldName = %fieldValue.", "parameters": [field, str(value)]}


def _each(request: Request, write: Writer) -> list[Trouble]:
    """Write every row that can be written; gives what was wrong with the others."""
    shop, troubles = request.shop, []
    for row in limited(request, "prices"):
        product = shop.products.find(str(row.get("sku") or ""))
        if product is None or product.type_id in _WITHOUT_PRICE:
            troubles.append(_trouble("SKU", row.get("sku")))
            continue
        trouble = write(shop, product, row)
        if trouble is not None:
            troubles.append(trouble)
            continue
        shop.owe(shop.settings.speed.rows_saved)
        if shop.switches.generation != "2.4.7":  # there, prices leave the date alone
            product.updated = shop.now()
    shop.changed()
    return troubles


def limited(request: Request, name: str) -> list[Any]:
    """Give a list of the body; raises RestError when it is longer than the input limits allow."""
    rows, limit = request.rows(name), request.shop.settings.list_limit
    if request.shop.switches.input_limits and limit is not None and len(rows) > limit:
        raise RestError('Maximum items of type "%type" is %max', {"type": name, "max": limit})
    return rows


def _bad_price_or_store(shop: Shop, row: Mapping[str, Any]) -> Trouble | None:
    if row.get("price") is None or row["price"] < 0:
        return _trouble("Price", row.get("price"))
    store_id = row.get("store_id") or 0
    if store_id not in {0, *(view.id for view in shop.settings.views)}:
        text = "Requested store is not found. Row ID: SKU = %SKU, Store ID: %storeId."
        return {"message": text, "parameters": [row.get("sku"), store_id]}
    return None


def _base(shop: Shop, product: Product, row: Mapping[str, Any]) -> Trouble | None:
    trouble = _bad_price_or_store(shop, row)
    if trouble is None:
        product.values[0]["price"] = row["price"]
    return trouble


def base_prices(request: Request) -> list[Trouble]:
    return _each(request, _base)


def base_prices_information(request: Request) -> list[dict[str, Any]]:
    return [
        {"price": number(product.value("price") or 0), "store_id": 0, "sku": product.sku} for product in _named(request)
    ]


def _named(request: Request) -> Iterator[Product]:
    products = [request.shop.products.find(str(sku)) for sku in request.rows("skus")]
    unknown = [str(sku) for sku, product in zip(request.rows("skus"), products, strict=True) if product is None]
    if unknown:
        raise RestError("Requested products don't exist: %sku", {"sku": ", ".join(unknown)})
    return (product for product in products if product is not None)


def _special(shop: Shop, product: Product, row: Mapping[str, Any]) -> Trouble | None:
    trouble = _bad_price_or_store(shop, row)
    if trouble is not None:
        return trouble
    dates = {"special_from_date": row.get("price_from"), "special_to_date": row.get("price_to")}
    for name, date in dates.items():
        if date and parse(str(date)) is None:
            return _trouble(name, date)
    product.values[0] |= {"special_price": f"{row['price']:.6f}", **dates}
    return None


def special_price(request: Request) -> list[Trouble]:
    return _each(request, _special)


def _no_special(_shop: Shop, product: Product, _row: Mapping[str, Any]) -> None:
    for code in ("special_price", "special_from_date", "special_to_date"):
        product.values[0].pop(code, None)


def special_price_delete(request: Request) -> list[Trouble]:
    return _each(request, _no_special)


def special_price_information(request: Request) -> list[dict[str, Any]]:
    return [
        {
            "price": number(float(product.value("special_price"))),
            "store_id": 0,
            "sku": product.sku,
            "price_from": product.value("special_from_date") or "",
            "price_to": product.value("special_to_date") or "",
        }
        for product in _named(request)
        if product.value("special_price") not in (None, "")
    ]


def _tier(_shop: Shop, product: Product, row: Mapping[str, Any]) -> Trouble | None:
    price = tiers.of_endpoint(row)
    if price is None:
        return _trouble("Customer Group", row.get("customer_group"))
    tiers.put(product, price)
    return None


def tier_prices(request: Request) -> list[Trouble]:
    """Add tier prices, or write over those of the same group, quantity and website."""
    return _each(request, _tier)


def tier_prices_replace(request: Request) -> list[Trouble]:
    """Put these tier prices in the place of all that the products have."""
    for sku in {str(row.get("sku")) for row in request.rows("prices")}:
        product = request.shop.products.find(sku)
        if product is not None:
            product.tier_prices = []
    return _each(request, _tier)


def _no_tier(_shop: Shop, product: Product, row: Mapping[str, Any]) -> Trouble | None:
    price = tiers.of_endpoint(row)
    if price is None:
        return _trouble("Customer Group", row.get("customer_group"))
    product.tier_prices = [other for other in product.tier_prices if not tiers.same(other, price)]
    return None


def tier_prices_delete(request: Request) -> list[Trouble]:
    return _each(request, _no_tier)


def tier_prices_information(request: Request) -> list[dict[str, Any]]:
    return [tiers.as_json(product, price) for product in _named(request) for price in product.tier_prices]
