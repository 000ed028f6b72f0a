"""Lists of products and of variants (facts/bigcommerce.md, "Paging, filters")."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sandbox.bigcommerce import dates
from sandbox.bigcommerce.catalogue.model import Product, Variant
from sandbox.bigcommerce.catalogue.product_json import product_as_json, product_level, variant_as_json
from sandbox.bigcommerce.shop import Shop
from sandbox.bigcommerce.web.errors import invalid, not_found
from sandbox.bigcommerce.web.paging import by_ids, by_number, by_text, cut, known_filters, page
from sandbox.bigcommerce.web.wire import Answer, Call
from sandbox.common.json_types import JsonObject

Writer = Callable[[Shop, Product, Variant], JsonObject]
_CROWDED = 10
"""Products on a page that shows their options or modifiers."""
_NOT_LISTED = {"calculated_weight", "gtin", "mpn", "image_url"}
_PLAIN = ("mpn", "upc", "price", "weight", "condition", "is_visible", "type", "availability")
_FILTERS = {
    *_PLAIN, "id", "id:in", "id:not_in", "id:min", "id:max", "id:greater", "id:less", "name", "keyword",
    "sku", "sku:in", "categories", "categories:in", "brand_id", "channel_id:in", "date_modified:min",
    "date_modified:max", "inventory_level", "inventory_level:in", "inventory_level:not_in", "inventory_level:min",
    "inventory_level:max", "inventory_level:greater", "inventory_level:less",
}  # fmt: skip
_KEYS: dict[str, Callable[[Shop, Product], Any]] = {
    "id": lambda _, product: product.id,
    "name": lambda _, product: product.name.casefold(),
    "sku": lambda _, product: product.base.sku.casefold(),
    "price": lambda _, product: product.values["price"],
    "date_modified": lambda _, product: product.modified,
    "is_visible": lambda _, product: product.values["is_visible"],
    "inventory_level": product_level,
}


def list_products(shop: Shop, call: Call) -> Answer:
    """Answer a page of products; ten of them at most where it shows options or modifiers."""
    known_filters(call, _FILTERS)
    include = call.words("include") or []
    with shop.lock:
        rows = chosen(shop, call)
        most = {"most": _CROWDED} if {"options", "modifiers"} & set(include) else {}
        return page(call, rows, lambda product: cut(call, product_as_json(shop, product, include)), **most)


def chosen(shop: Shop, call: Call) -> list[Product]:
    """Give the products that the filters let through, in the order that was asked for."""
    rows = by_ids(call, shop.products, "id", lambda product: product.id)
    rows = by_number(call, rows, "id", lambda product: product.id)
    rows = by_text(call, rows, "name", lambda product: product.name)
    rows = by_text(call, rows, "sku", lambda product: product.base.sku)
    rows = by_ids(call, rows, "brand_id", lambda product: product.brand_id)
    rows = by_ids(call, rows, "inventory_level", lambda product: product_level(shop, product))
    rows = by_number(call, rows, "inventory_level", lambda product: product_level(shop, product))
    for name in _PLAIN:
        if name in call.query:
            rows = [row for row in rows if str(row.values[name]).casefold() == call.query[name].casefold()]
    return _sorted(shop, call, _by_words(call, _by_dates(shop, call, rows)))


def _by_dates(shop: Shop, call: Call, rows: list[Product]) -> list[Product]:
    first, last = _bound(shop, call, "date_modified:min"), _bound(shop, call, "date_modified:max")
    rows = [row for row in rows if first is None or row.modified >= first]
    return [row for row in rows if last is None or row.modified <= last]


def _bound(shop: Shop, call: Call, name: str) -> datetime | None:
    if name not in call.query:
        return None
    moment = dates.parse(call.query[name], shop.now())
    if moment is None:
        raise invalid(name, f"{call.query[name]!r} is no date")
    return moment


def _by_words(call: Call, rows: list[Product]) -> list[Product]:
    wanted = {number for name in ("categories", "categories:in") for number in call.numbers(name) or ()}
    if wanted:
        rows = [row for row in rows if wanted & set(row.categories)]
    channels = call.numbers("channel_id:in")
    if channels is not None:
        rows = [row for row in rows if set(channels) & set(row.channels)]
    keyword = call.query.get("keyword", "").casefold()
    return [row for row in rows if keyword in row.name.casefold() or keyword in row.base.sku.casefold()]


def _sorted(shop: Shop, call: Call, rows: list[Product]) -> list[Product]:
    name = call.query.get("sort", "id")
    if name not in _KEYS:
        raise invalid("sort", f"has to be one of {', '.join(_KEYS)}")
    key = _KEYS[name]
    rows.sort(key=lambda product: (key(shop, product), product.id), reverse=call.query.get("direction") == "desc")
    return rows


def list_variants(shop: Shop, call: Call) -> Answer:
    """Answer a page of the variants of all products, base variants of products without options included.

    ``sku`` finds no base variants: those are found by the list of products, as both specs say of it.
    """
    known_filters(call, {"id", "sku", "upc", "product_id:in"})
    with shop.lock:
        pairs = [(product, variant) for product in shop.products for variant in product.variants]
        if "sku" in call.query:
            pairs = [pair for pair in pairs if pair[1] is not pair[0].base]
        return _variants(shop, call, pairs, listed_variant)


def listed_variant(shop: Shop, product: Product, variant: Variant) -> JsonObject:
    """Write a variant as the list and the batch of variants of all products do, which know fewer fields."""
    shown = variant_as_json(shop, product, variant)
    return {name: value for name, value in shown.items() if name not in _NOT_LISTED}


def list_own_variants(shop: Shop, call: Call) -> Answer:
    """Answer a page of one product's variants."""
    known_filters(call, ())
    with shop.lock:
        product = shop.products.get(call.path["product_id"])
        if product is None:
            raise not_found("product")
        return _variants(shop, call, [(product, variant) for variant in product.variants], variant_as_json)


def _variants(shop: Shop, call: Call, pairs: list[tuple[Product, Variant]], write: Writer) -> Answer:
    pairs = by_ids(call, pairs, "id", lambda pair: pair[1].id)
    pairs = by_ids(call, pairs, "product_id", lambda pair: pair[0].id)
    pairs = by_text(call, pairs, "sku", lambda pair: pair[1].sku)
    if "upc" in call.query:
        pairs = [pair for pair in pairs if pair[1].values["upc"] == call.query["upc"]]
    return page(call, pairs, lambda pair: cut(call, write(shop, *pair)))
