"""What writing a product changes: what is named, in the scope that it is named for (facts/magento.md, section 3)."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sandbox.magento.catalogue import axes, pictures, tiers
from sandbox.magento.catalogue.model import Attribute, Product
from sandbox.magento.catalogue.standard import REQUIRED
from sandbox.magento.shop import Shop
from sandbox.magento.stock import legacy
from sandbox.magento.web.errors import RestError, no_entity
from sandbox.magento.web.wire import GLOBAL, as_whole

_TOP = ("name", "price", "status", "visibility", "weight")
_NOT_SLUG = re.compile(r"[^0-9a-z]+")
_AMOUNT = re.compile(r"\d+(\.\d+)?")
_NO_PRICE = {"configurable", "grouped", "bundle"}


def write(shop: Shop, product: Product, body: Mapping[str, Any], store_id: int, *, new: bool) -> None:
    """Apply a checked body to a product. Raises RestError, after which nothing may be kept."""
    values = _values(shop, product, body)
    if new:
        values = {**_defaults(product, values), **values}
        _require(product, values)
    _set_values(shop, product, values, GLOBAL if new else store_id)
    _check_url_keys(shop, product)
    if "media_gallery_entries" in body:
        pictures.replace(shop, product, body["media_gallery_entries"] or [])
    if "tier_prices" in body:
        product.tier_prices = [tiers.of_product(row) for row in body["tier_prices"] or []]
    _write_extension(shop, product, body.get("extension_attributes") or {})
    shop.products.claim_url_keys(product)


def _values(shop: Shop, product: Product, body: Mapping[str, Any]) -> dict[str, Any]:
    """Collect the attributes that a body names; those outside the product's set are left out without a word."""
    values = {name: body[name] for name in _TOP if name in body}
    known = set(shop.sets[product.set_id].codes)
    for row in body.get("custom_attributes") or ():
        code = str(row.get("attribute_code"))
        if code in known and code != "sku":
            values[code] = row.get("value")
    return values


def _defaults(product: Product, values: Mapping[str, Any]) -> dict[str, Any]:
    slug = slug_of(str(values.get("url_key") or values.get("name") or ""))
    return {"status": 1, "visibility": 4, "url_key": slug, "tax_class_id": "2", "options_container": "container2",
            "msrp_display_actual_price_type": "0", "required_options": "0",
            "has_options": str(int(product.configurable)), "gift_message_available": "0"}  # fmt: skip


def slug_of(name: str) -> str:
    """Make the part of an address that a name becomes."""
    return _NOT_SLUG.sub("-", name.lower()).strip("-")


def _require(product: Product, values: Mapping[str, Any]) -> None:
    for code in ("name", "price"):
        if values.get(code) in (None, "") and not (code == "price" and product.type_id in _NO_PRICE):
            text = 'The "%1" attribute value is empty. Set the attribute and try again.'
            raise RestError(text, [REQUIRED[code]])


def _set_values(shop: Shop, product: Product, values: Mapping[str, Any], store_id: int) -> None:
    for code, value in values.items():
        if code == "category_ids":
            kept = product.category_positions
            product.category_positions = {number: kept.get(number, 0) for number in _categories(shop, _listed(value))}
            continue
        attribute = shop.attributes.get(code)
        scope = GLOBAL if attribute is None or attribute.scope == "global" else store_id
        shown = value if code in _TOP else _stored(attribute, code, value)
        own = product.values.setdefault(scope, {})
        if shown is None and scope != GLOBAL:
            own.pop(code, None)
        else:
            own[code] = shown


def _stored(attribute: Attribute | None, code: str, value: Any) -> Any:  # noqa: ANN401 - attributes are of any type
    """Bring a custom attribute into the form that the shop keeps and shows: a text, amounts with six places."""
    if code == "url_key" and value:
        return slug_of(str(value))
    if isinstance(value, list):
        return ",".join(str(item) for item in value)
    if attribute is not None and attribute.input == "price" and _AMOUNT.fullmatch(str(value)):
        return f"{float(value):.6f}"
    if isinstance(value, bool | int | float):
        return str(int(value) if float(value).is_integer() else value)
    return value


def _categories(shop: Shop, given: Sequence[object]) -> list[int]:
    """Read ids of categories; raises RestError, status 404, for one that there is not."""
    numbers = [as_whole(value) for value in given]
    for number, value in zip(numbers, given, strict=True):
        if number not in shop.categories:
            raise no_entity("id", value)
    return numbers


def _listed(value: object) -> list[str]:
    if isinstance(value, list):
        return [str(item) for item in value]
    return [item for item in str(value or "").split(",") if item]


def _check_url_keys(shop: Shop, product: Product) -> None:
    for values in product.values.values():
        owner = shop.products.url_key_owner(str(values.get("url_key") or ""))
        if owner is not None and owner != product.id:
            raise RestError("URL key for specified store already exists.")


def _write_extension(shop: Shop, product: Product, extension: Mapping[str, Any]) -> None:
    if "website_ids" in extension:
        product.website_ids = [int(number) for number in extension["website_ids"] or []]
    if "category_links" in extension:
        links = extension["category_links"] or []
        numbers = _categories(shop, [link.get("category_id") for link in links])
        positions = [int(link.get("position") or 0) for link in links]
        product.category_positions = dict(zip(numbers, positions, strict=True))
    if product.configurable:
        if "configurable_product_options" in extension:
            axes.replace(shop, product, extension["configurable_product_options"] or [])
        if "configurable_product_links" in extension:
            axes.link(shop, product, [int(number) for number in extension["configurable_product_links"] or []])
    if extension.get("stock_item"):
        legacy.write(shop, product, extension["stock_item"])
