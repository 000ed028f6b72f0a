"""Turn the till's products into Magento's JSON (facts/magento.md, section 3). Pure functions."""

from collections.abc import Collection, Sequence
from typing import TypeAlias

from tillbridge.domain.agreement import folded
from tillbridge.domain.catalogue import simple_key
from tillbridge.domain.product import Product, Variant, Visibility
from tillbridge.domain.stock import Quantity
from tillbridge.systems.magento.api.catalogue import MARK
from tillbridge.systems.magento.api.wire import CONFIGURABLE, OFF, ON
from tillbridge.systems.magento.products.attributes import MSRP_CODE
from tillbridge.systems.magento.products.names import amount, parent_sku
from tillbridge.systems.magento.products.places import Places

JsonBody: TypeAlias = dict[str, object]

STATUS = {Visibility.PUBLISHED: ON, Visibility.DRAFT: OFF}
NOT_VISIBLE, EVERYWHERE = 1, 4

CONTENT_TEXTS = ("name", "description", "short_description", "brand", "visibility")
"""Fields of a product that are one value each; categories are merged with the merchant's own."""

VARIANT_TEXTS = ("sku", "gtin", "regular_price", "sale_price", "msrp", "tax_class", "weight")


def new_simple(product: Product, places: Places, set_id: int, *, stock: bool) -> JsonBody:
    """Make the body of a simple product with its stock. Pictures follow in calls of their own."""
    variant = product.variants[0]
    return merged(
        {"type_id": "simple", "attribute_set_id": set_id, "visibility": EVERYWHERE},
        content_body(product, CONTENT_TEXTS, places),
        variant_body(variant, VARIANT_TEXTS, places, new=True),
        _categories(places),
        stock_body(variant.quantity) if stock else {},
        custom(MARK, product.key),
    )


def new_child(variant: Variant, product: Product, places: Places, set_id: int, *, stock: bool) -> JsonBody:
    """Make the body of a child of a configurable product: seen by nobody but through its parent."""
    chosen = " ".join(variant.options)
    return merged(
        {"type_id": "simple", "attribute_set_id": set_id, "visibility": NOT_VISIBLE},
        {"name": f"{product.name} {chosen}"[:LONGEST_NAME], "status": STATUS[variant.visibility]},
        variant_body(variant, VARIANT_TEXTS, places, new=True),
        choices_body(variant, product, places),
        stock_body(variant.quantity) if stock else {},
        custom(MARK, simple_key(variant.item_id)),
    )


def new_parent(product: Product, places: Places, set_id: int, children: Sequence[int]) -> JsonBody:
    """Make the body of a configurable product with its children. Without ``is_in_stock`` nothing of it is for sale."""
    tax = {} if not places.tax_class_id else custom("tax_class_id", places.tax_class_id)
    options = [
        {
            "attribute_id": axis.attribute_id,
            "label": option.name,
            "position": place,
            "values": [{"value_index": int(value)} for value in axis.choices.values()],
        }
        for place, (axis, option) in enumerate(zip(places.axes, product.options, strict=True))
    ]
    links = {"configurable_product_options": options, "configurable_product_links": list(children)}
    return merged(
        {"sku": parent_sku(product), "type_id": CONFIGURABLE, "attribute_set_id": set_id, "visibility": EVERYWHERE},
        content_body(product, CONTENT_TEXTS, places),
        tax,
        _categories(places),
        {"extension_attributes": {"stock_item": {"is_in_stock": True}, **links}},
        custom(MARK, product.key),
    )


LONGEST_NAME = 255


def content_body(product: Product, names: Collection[str], places: Places) -> JsonBody:
    """Give the JSON of the product's texts that ``names`` lists."""
    bodies: dict[str, JsonBody] = {
        "name": {"name": product.name},
        "description": custom("description", product.description),
        "short_description": custom("short_description", product.short_description),
        "brand": custom("manufacturer", places.brand_id) if places.brand_id else {},
        "visibility": {"status": STATUS[product.visibility]},
    }
    return merged(*(bodies[name] for name in CONTENT_TEXTS if name in names))


def variant_body(variant: Variant, names: Collection[str], places: Places, *, new: bool = False) -> JsonBody:
    """Give the JSON of a variant's texts that ``names`` lists; "" clears what is not set, which nothing new needs."""
    sale = "" if variant.sale_price is None else str(variant.sale_price)
    msrp = "" if variant.msrp is None else str(variant.msrp)
    bodies: dict[str, JsonBody] = {
        "sku": {"sku": variant.sku},
        "gtin": custom(places.gtin_code, variant.gtin) if places.gtin_code and (variant.gtin or not new) else {},
        "regular_price": {"price": amount(variant.regular_price)},
        "sale_price": custom("special_price", sale) if sale or not new else {},
        "msrp": custom(MSRP_CODE, msrp) if places.msrp and (msrp or not new) else {},
        "tax_class": custom("tax_class_id", places.tax_class_id) if places.tax_class_id else {},
        "weight": {"weight": amount(variant.weight)} if variant.weight is not None else {},
    }
    return merged(*(bodies[name] for name in VARIANT_TEXTS if name in names))


def choices_body(variant: Variant, product: Product, places: Places) -> JsonBody:
    """Give the values in which a child differs."""
    pairs = zip(places.axes, product.options, variant.options, strict=True)
    return merged(*(custom(axis.code, axis.choices[folded(value)]) for axis, _, value in pairs))


def stock_body(quantity: Quantity | None) -> JsonBody:
    """Give a stock figure for the default source; what the till does not count is always for sale."""
    if quantity is None:
        item: JsonBody = {"manage_stock": False, "use_config_manage_stock": False, "is_in_stock": True}
    else:
        item = {"qty": float(quantity), "is_in_stock": quantity > 0}
    return {"extension_attributes": {"stock_item": item}}


def category_body(links: Sequence[str]) -> JsonBody:
    """Put a product into these categories and no others."""
    return {"extension_attributes": {"category_links": [{"category_id": one, "position": 0} for one in links]}}


def custom(code: str, value: str) -> JsonBody:
    """Give the value of one attribute."""
    return {"custom_attributes": [{"attribute_code": code, "value": value}]}


def merged(*bodies: JsonBody) -> JsonBody:
    """Put bodies together, with their lists of attributes and their extensions joined."""
    whole: JsonBody = {}
    for body in bodies:
        for key, value in body.items():
            known = whole.get(key)
            if isinstance(known, list) and isinstance(value, list):
                whole[key] = [*known, *value]
            elif isinstance(known, dict) and isinstance(value, dict):
                whole[key] = {**known, **value}
            else:
                whole[key] = value
    return whole


def _categories(places: Places) -> JsonBody:
    return category_body([places.category_id]) if places.category_id else {}
