"""Turn the till's products into Shopify's inputs (facts/shopify.md, section 7). Pure functions."""

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import TypeAlias

from tillbridge.domain.catalogue import simple_key
from tillbridge.domain.planning import decimal_text
from tillbridge.domain.product import Product, ProductImage, ProductWrite, Variant, Visibility
from tillbridge.systems.shopify.api.documents.reading import ITEM_KEY, KEY
from tillbridge.systems.shopify.api.ids import MEDIA, gid

JsonBody: TypeAlias = dict[str, object]

STATUS = {Visibility.PUBLISHED: "ACTIVE", Visibility.DRAFT: "DRAFT"}
OWN = "$app"
"""The namespace that belongs to our app alone."""
DEFAULT_OPTION, DEFAULT_VALUE = "Title", "Default Title"
"""What a product without options has for its only variant."""

MOST_AT_ONCE = 250
"""So many variants of a new product are read with it."""

CONTENT_TEXTS = ("name", "description", "category", "brand", "visibility")
VARIANT_TEXTS = ("sku", "gtin", "regular_price", "sale_price", "tax_class", "weight", "options")


def identifier(key: str) -> JsonBody:
    """Name a product by our own key, by which writing it twice makes one."""
    return {"customId": {"namespace": OWN, "key": KEY, "value": key}}


def creation(write: ProductWrite, place: str, unit: str, *, marked: bool) -> JsonBody:
    """Make all that is sent to create a product; in a bulk operation marks of its variants cost nothing."""
    return {
        "identifier": identifier(write.product.key),
        "input": new_product(write.product, write.product.on_sale, place, unit, marked=marked),
    }


def variants_shown(write: ProductWrite) -> int:
    """Say how many variants of a new product are read with it."""
    return max(1, min(MOST_AT_ONCE, len(write.product.on_sale)))


def new_product(
    product: Product, variants: Sequence[Variant], place: str, unit: str, *, marked: bool = True
) -> JsonBody:
    """Make the input of a new product with its variants, their stock and all pictures."""
    options = product.options or ()
    return {
        **{name: value for name, value in content_input(product, CONTENT_TEXTS).items() if value != ""},
        "productOptions": [
            {"name": option.name, "position": place, "values": [{"name": value} for value in option.values]}
            for place, option in enumerate(options, start=1)
        ]
        or [{"name": DEFAULT_OPTION, "position": 1, "values": [{"name": DEFAULT_VALUE}]}],
        "metafields": [{"namespace": OWN, "key": KEY, "type": "id", "value": product.key}],
        "files": [picture(image) for image in every_picture(product, variants)],
        "variants": [
            _new_variant(variant, product, place, unit) | (marks(variant) if marked and product.variable else {})
            for variant in variants
        ],
    }


def every_picture(product: Product, variants: Sequence[Variant]) -> list[ProductImage]:
    """List the product's pictures and then its variants' own, each once."""
    own = [*product.images, *(variant.image for variant in variants if variant.image)]
    return list({image.source_id: image for image in own}.values())


def picture(image: ProductImage) -> JsonBody:
    """Name a picture by its address, which uploads it."""
    return {"originalSource": image.url, "contentType": "IMAGE", **({"alt": image.alt} if image.alt else {})}


def _new_variant(variant: Variant, product: Product, place: str, unit: str) -> JsonBody:
    body = variant_input(variant, product, VARIANT_TEXTS, unit=unit, names=[option.name for option in product.options])
    item = dict(_mapping(body.get("inventoryItem")))
    sku = item.pop("sku", "")
    if variant.weight is None:
        item.pop("measurement", None)
    body |= {"sku": sku, "inventoryItem": {**item, "tracked": variant.quantity is not None}}
    if variant.quantity is not None:
        body["inventoryQuantities"] = [{"locationId": place, "name": "available", "quantity": int(variant.quantity)}]
    if variant.image and product.variable:
        body["file"] = picture(variant.image)
    return body


def added_variant(variant: Variant, product: Product, place: str, unit: str, names: Sequence[str]) -> JsonBody:
    """Make the input of a variant that joins a product; its picture follows."""
    body = variant_input(variant, product, VARIANT_TEXTS, unit=unit, names=names)
    item = _mapping(body.get("inventoryItem"))
    body["inventoryItem"] = {**item, "tracked": variant.quantity is not None}
    if variant.quantity is not None:
        body["inventoryQuantities"] = [{"locationId": place, "availableQuantity": int(variant.quantity)}]
    return body | marks(variant)


def marks(variant: Variant) -> JsonBody:
    """Mark a variant as made for an item."""
    value = simple_key(variant.item_id)
    return {"metafields": [{"namespace": OWN, "key": ITEM_KEY, "type": "single_line_text_field", "value": value}]}


def content_input(product: Product, names: Collection[str]) -> JsonBody:
    """Give the input of the product's texts that ``names`` lists."""
    wire: dict[str, tuple[str, object]] = {
        "name": ("title", product.name),
        "description": ("descriptionHtml", product.description),
        "category": ("productType", product.category_path[-1] if product.category_path else ""),
        "brand": ("vendor", product.brand),
        "visibility": ("status", STATUS[product.visibility]),
    }
    return dict(wire[name] for name in CONTENT_TEXTS if name in names)


def variant_input(
    variant: Variant, product: Product, changes: Collection[str], *, unit: str, names: Sequence[str], sale: str = ""
) -> JsonBody:
    """Give the input of a variant's texts that ``changes`` lists; ``names`` are the listing's names of the options.

    ``sale`` is a sale price of the shop's own, which stays as it is.
    """
    body: JsonBody = {}
    item: JsonBody = {}
    if "sku" in changes:
        item["sku"] = variant.sku
    if "gtin" in changes:
        body["barcode"] = variant.gtin
    if {"regular_price", "sale_price"} & set(changes):
        body |= prices(variant, sale)
    if "tax_class" in changes:
        body["taxable"] = product.taxable
    if "weight" in changes:
        item["measurement"] = {"weight": {"unit": unit, "value": float(variant.weight or 0)}}
    if "options" in changes:
        body["optionValues"] = option_values(variant, names, product)
    return {**body, **({"inventoryItem": item} if item else {})}


def prices(variant: Variant, shops_sale: str = "") -> JsonBody:
    """The price is what is paid; during a sale the regular one is shown beside it."""
    regular = decimal_text(variant.regular_price)
    if shops_sale and variant.sale_price is None:
        return {"compareAtPrice": regular} if Decimal(shops_sale) < variant.regular_price else {"price": regular}
    if variant.sale_price is None:
        return {"price": regular, "compareAtPrice": None}
    return {"price": decimal_text(variant.sale_price), "compareAtPrice": regular}


def option_values(variant: Variant, names: Sequence[str], product: Product) -> list[JsonBody]:
    """Name a variant's value of each option, under the listing's own names."""
    if not product.variable:
        return [{"optionName": DEFAULT_OPTION, "name": DEFAULT_VALUE}]
    return [{"optionName": name, "name": value} for name, value in zip(names, variant.options, strict=True)]


def media_gid(number: str) -> str:
    """Write the global id of a picture."""
    return gid(MEDIA, number)


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}
