"""Brands (facts/bigcommerce.md, "Catalog v3")."""

from sandbox.bigcommerce.catalogue import forms
from sandbox.bigcommerce.catalogue.model import Brand
from sandbox.bigcommerce.shop import Shop
from sandbox.bigcommerce.web.errors import conflict, invalid, not_found
from sandbox.bigcommerce.web.fields import check
from sandbox.bigcommerce.web.paging import by_ids, by_number, by_text, cut, known_filters, page
from sandbox.bigcommerce.web.wire import NOTHING, Answer, Call, data
from sandbox.common.json_types import JsonObject

_FILTERS = {"id", "id:in", "id:not_in", "id:min", "id:max", "id:greater", "id:less", "name", "name:like"}
_DEFAULTS: JsonObject = {
    "page_title": "",
    "meta_keywords": [],
    "meta_description": "",
    "search_keywords": "",
    "image_url": "",
}


def list_all(shop: Shop, call: Call) -> Answer:
    """Answer a page of brands."""
    known_filters(call, _FILTERS)
    with shop.lock:
        rows = by_text(call, by_ids(call, shop.brands.values(), "id", lambda brand: brand.id), "name", _name)
        rows = by_number(call, rows, "id", lambda brand: brand.id)
        if call.query.get("sort") == "name":
            rows.sort(key=_name, reverse=call.query.get("direction") == "desc")
        return page(call, rows, lambda brand: cut(call, as_json(brand)))


def _name(brand: Brand) -> str:
    return brand.name


def read(shop: Shop, call: Call) -> Answer:
    """Answer one brand."""
    with shop.lock:
        return data(cut(call, as_json(_found(shop, call))))


def create(shop: Shop, call: Call) -> Answer:
    """Create a brand; its name has to be new."""
    values = check(forms.BRAND, call.record(), ("name",))
    with shop.lock:
        return data(as_json(_make(shop, str(values.pop("name")), values)))


def _make(shop: Shop, name: str, values: JsonObject) -> Brand:
    if with_name(shop, name) is not None:
        raise conflict("name", f"There is a brand named {name!r} already.")
    brand = Brand(shop.next_id(), name, {**_DEFAULTS, **values})
    shop.brands[brand.id] = brand
    shop.changes += 1
    return brand


def with_name(shop: Shop, name: str) -> Brand | None:
    """Find a brand by name, without case."""
    return next((brand for brand in shop.brands.values() if brand.name.casefold() == name.casefold()), None)


def named(shop: Shop, name: str) -> int:
    """Give the id of the brand with a name, made if it is not there; an empty name is no brand."""
    if not name:
        return 0
    return (with_name(shop, name) or _make(shop, name, {})).id


def known(shop: Shop, brand_id: int) -> int:
    """Give a brand's id back; raises ApiError for one that is unknown."""
    if brand_id and brand_id not in shop.brands:
        raise conflict("brand_id", f"There is no brand {brand_id}.")
    return brand_id


def update(shop: Shop, call: Call) -> Answer:
    """Change a brand."""
    values = check(forms.BRAND, call.record())
    with shop.lock:
        brand = _found(shop, call)
        other = with_name(shop, str(values.get("name", "")))
        if other is not None and other is not brand:
            raise conflict("name", f"There is a brand named {other.name!r} already.")
        brand.name = str(values.pop("name", brand.name))
        brand.values |= values
        shop.changes += 1
        return data(as_json(brand))


def delete(shop: Shop, call: Call) -> Answer:
    """Delete a brand; its products have none then."""
    with shop.lock:
        _remove(shop, _found(shop, call))
        return NOTHING


def delete_some(shop: Shop, call: Call) -> Answer:
    """Delete the brands with a name."""
    if "name" not in call.query:
        raise invalid("name", "is missing")
    with shop.lock:
        brand = with_name(shop, call.query["name"])
        if brand is not None:
            _remove(shop, brand)
        return NOTHING


def _remove(shop: Shop, brand: Brand) -> None:
    del shop.brands[brand.id]
    shop.changes += 1
    for product in shop.products:
        if product.brand_id == brand.id:
            product.brand_id = 0


def _found(shop: Shop, call: Call) -> Brand:
    brand = shop.brands.get(call.path["brand_id"])
    if brand is None:
        raise not_found("brand")
    return brand


def as_json(brand: Brand) -> JsonObject:
    """Write a brand as the API does."""
    url: JsonObject = {"url": f"/brands/{brand.id}/", "is_customized": False}
    return {"id": brand.id, "name": brand.name, "custom_url": url, **brand.values}
