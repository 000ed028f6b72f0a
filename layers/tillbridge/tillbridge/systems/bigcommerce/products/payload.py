"""Turn the till's products into BigCommerce's JSON (facts/bigcommerce.md, "Catalog v3"). Pure functions.

Amounts stay ``Decimal`` and are written as numbers by the client. What is not set is written as 0 or "".
"""

from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import TypeAlias

from tillbridge.domain.product import Product, Variant, Visibility

JsonBody: TypeAlias = dict[str, object]

NOT_TAXED = 1
"""The class that every store has for goods without tax; not confirmed by the vendor's documents."""

CONTENT_FIELDS_SENT = ("name", "description", "brand", "visibility")
VARIANT_FIELDS_SENT = ("sku", "gtin", "regular_price", "sale_price", "msrp", "weight")
NO_SUCH_FIELD = "short_description"


def new_product(product: Product, name: str, category_id: int | None) -> JsonBody:
    """Make the body of a product with its variants and stock; pictures follow in calls of their own."""
    first, *_ = on_sale = product.on_sale
    body: JsonBody = {
        "type": "physical",
        "weight": first.weight or Decimal(0),
        "price": first.regular_price,
        **content_body(product, CONTENT_FIELDS_SENT, name),
        "categories": [category_id] if category_id else [],
        "tax_class_id": tax_class_id(product),
        "inventory_tracking": tracking(product, on_sale),
    }
    if product.variable:
        return {**_without_empty(body), "variants": [_new_inline(variant, product) for variant in on_sale]}
    return _without_empty({**body, **variant_body(first, VARIANT_FIELDS_SENT), **_stock(first)})


def new_variant(variant: Variant, product_id: str, choices: Sequence[tuple[int, int]]) -> JsonBody:
    """Make the body of a variant of a product that is there; ``choices`` has an option's and a value's id each."""
    chosen = [{"option_id": option_id, "id": value_id} for option_id, value_id in choices]
    body = _without_empty(variant_body(variant, VARIANT_FIELDS_SENT))
    return {"product_id": int(product_id), **body, "option_values": chosen}


def content_body(product: Product, names: Collection[str], name: str = "") -> JsonBody:
    """Give the JSON of the product's fields that ``names`` lists."""
    wire: dict[str, JsonBody] = {
        "name": {"name": name or product.name},
        "description": {"description": product.description},
        "brand": {"brand_name": product.brand} if product.brand else {"brand_id": 0},
        "visibility": {"is_visible": product.visibility is Visibility.PUBLISHED},
    }
    return {key: value for field in CONTENT_FIELDS_SENT if field in names for key, value in wire[field].items()}


def variant_body(variant: Variant, names: Collection[str]) -> JsonBody:
    """Give the JSON of a variant's fields that ``names`` lists; they are called the same at a simple product."""
    wire: JsonBody = {
        "sku": variant.sku,
        "gtin": variant.gtin,
        "regular_price": variant.regular_price,
        "sale_price": variant.sale_price or Decimal(0),
        "msrp": variant.msrp or Decimal(0),
        "weight": variant.weight or Decimal(0),
    }
    keys = {"gtin": "upc", "regular_price": "price", "msrp": "retail_price"}
    return {keys.get(name, name): wire[name] for name in VARIANT_FIELDS_SENT if name in names}


def tax_class_id(product: Product) -> int:
    """Give the id of the tax class; 0 is the store's usual one."""
    if not product.taxable:
        return NOT_TAXED
    return int(product.tax_class) if product.tax_class.isdecimal() else 0


def tracking(product: Product, variants: Sequence[Variant]) -> str:
    """Say by what stock is counted; not at all where the till counts nothing."""
    if all(variant.quantity is None for variant in variants):
        return "none"
    return "variant" if product.variable else "product"


def _new_inline(variant: Variant, product: Product) -> JsonBody:
    chosen = zip(product.options, variant.options, strict=True)
    body = _without_empty(variant_body(variant, VARIANT_FIELDS_SENT))
    values = [{"option_display_name": option.name, "label": value} for option, value in chosen]
    return {**body, **_stock(variant), "option_values": values}


def _stock(variant: Variant) -> JsonBody:
    return {} if variant.quantity is None else {"inventory_level": int(variant.quantity)}


def _without_empty(body: JsonBody) -> JsonBody:
    """Leave out what a new product has by itself; it has to be told its price and weight."""
    kept = {"price", "weight", "categories", "is_visible"}
    return {key: value for key, value in body.items() if key in kept or value not in ("", 0)}
