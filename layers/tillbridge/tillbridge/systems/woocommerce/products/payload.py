"""Turn the till's products into WooCommerce's JSON (facts/woocommerce.md, "Products"). Pure functions."""

from collections.abc import Collection
from decimal import Decimal
from typing import TypeAlias

from tillbridge.domain.catalogue import simple_key
from tillbridge.domain.planning import decimal_text
from tillbridge.domain.product import Product, Variant, Visibility
from tillbridge.domain.stock import Quantity
from tillbridge.systems.woocommerce.api.catalogue import MARK
from tillbridge.systems.woocommerce.products.places import Places

JsonBody: TypeAlias = dict[str, object]

STATUS = {Visibility.PUBLISHED: "publish", Visibility.DRAFT: "draft"}
VARIATION_STATUS = {Visibility.PUBLISHED: "publish", Visibility.DRAFT: "private"}
"""A variation taken off sale is "private": so WooCommerce's own "Enabled" tick shows it and can bring it back."""


def new_simple(product: Product, places: Places) -> JsonBody:
    """Make the body of a simple product with its stock. Pictures follow in a call of their own."""
    variant = product.variants[0]
    body = {"type": "simple", **_new_content(product, places), **variant_body(variant, product, VARIANT_TEXTS)}
    return _without_empty({**body, **stock_body(variant.quantity)})


def new_parent(product: Product, places: Places) -> JsonBody:
    """Make the body of a variable product, which has no SKU, price or stock of its own."""
    body = {"type": "variable", **_new_content(product, places), **tax_body(product)}
    return _without_empty({**body, "attributes": attribute_uses(product, places)})


def new_variation(variant: Variant, product: Product, places: Places) -> JsonBody:
    """Make the body of a variation with its stock."""
    body = variant_body(variant, product, VARIANT_TEXTS)
    return {
        **_without_empty(body),
        **stock_body(variant.quantity),
        "status": VARIATION_STATUS[variant.visibility],
        "attributes": choices(variant, product, places),
        "meta_data": [{"key": MARK, "value": simple_key(variant.item_id)}],
    }


CONTENT_TEXTS = ("name", "description", "short_description", "visibility")
"""Fields of a product that are one value each; the others are lists that must be merged with the merchant's own."""

VARIANT_TEXTS = ("sku", "gtin", "regular_price", "sale_price", "tax_class", "weight")


def content_body(product: Product, names: Collection[str]) -> JsonBody:
    """Give the JSON of the product's texts that ``names`` lists."""
    body: JsonBody = {
        "name": product.name,
        "description": product.description,
        "short_description": product.short_description,
        "visibility": STATUS[product.visibility],
    }
    renamed = {"visibility": "status"}
    return {renamed.get(name, name): body[name] for name in CONTENT_TEXTS if name in names}


def variant_body(variant: Variant, product: Product, names: Collection[str]) -> JsonBody:
    """Give the JSON of a variant's texts that ``names`` lists; what is not set is sent as "", which clears it."""
    wire: dict[str, JsonBody] = {
        "sku": {"sku": variant.sku},
        "gtin": {"global_unique_id": variant.gtin},
        "regular_price": {"regular_price": price(variant.regular_price)},
        "sale_price": {"sale_price": price(variant.sale_price)},
        "tax_class": tax_body(product),
        "weight": {"weight": decimal_text(variant.weight)},
    }
    return {key: value for name in VARIANT_TEXTS if name in names for key, value in wire[name].items()}


def tax_body(product: Product) -> JsonBody:
    """Give the tax status and class; variations take the status from their parent, whatever is sent for them."""
    if not product.taxable:
        return {"tax_status": "none", "tax_class": ""}
    return {"tax_status": "taxable", "tax_class": product.tax_class}


def stock_body(quantity: Quantity | None) -> JsonBody:
    """Give a stock figure; without ``manage_stock`` WooCommerce ignores it silently."""
    return {} if quantity is None else {"manage_stock": True, "stock_quantity": quantity}


def attribute_uses(product: Product, places: Places) -> list[JsonBody]:
    """List the attributes in which the variations differ, with all their options."""
    return [
        {
            **_attribute(attribute_id, option.name),
            "position": place,
            "visible": True,
            "variation": True,
            "options": list(option.values),
        }
        for place, (attribute_id, option) in enumerate(zip(places.attribute_ids, product.options, strict=True))
    ]


def choices(variant: Variant, product: Product, places: Places) -> list[JsonBody]:
    """List the options of one variation. One left out would mean "any"."""
    return [
        {**_attribute(attribute_id, option.name), "option": value}
        for attribute_id, option, value in zip(places.attribute_ids, product.options, variant.options, strict=True)
    ]


def price(amount: Decimal | None) -> str:
    """Write a price as WooCommerce wants it: a string, "" when there is none."""
    return decimal_text(amount)


def _attribute(attribute_id: int, name: str) -> JsonBody:
    """Name a global attribute by its id, and one that a merchant made for a single product by its name."""
    return {"id": attribute_id} if attribute_id else {"name": name}


def _new_content(product: Product, places: Places) -> JsonBody:
    return {
        **content_body(product, CONTENT_TEXTS),
        "categories": [{"id": places.category_id}] if places.category_id else [],
        "brands": [{"id": places.brand_id}] if places.brand_id else [],
        "meta_data": [{"key": MARK, "value": product.key}],
    }


def _without_empty(body: JsonBody) -> JsonBody:
    """Leave out what a new product has by itself."""
    return {key: value for key, value in body.items() if value not in ("", [])}
