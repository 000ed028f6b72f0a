"""Products and variants as the API writes them (catalog specs of v3)."""

from collections.abc import Callable, Collection, Mapping

from sandbox.bigcommerce import dates
from sandbox.bigcommerce.catalogue.model import Image, Option, OptionValue, Product, Variant
from sandbox.bigcommerce.inventory.levels import sellable
from sandbox.bigcommerce.shop import Shop
from sandbox.common.json_types import JsonObject, JsonValue

_SIZES = {"url_zoom": "1280.1280", "url_standard": "386.513", "url_thumbnail": "220.290", "url_tiny": "44.58"}


def product_as_json(shop: Shop, product: Product, include: Collection[str] = ()) -> JsonObject:
    """Write a product, with the parts that ``include`` names."""
    shown: JsonObject = {
        "id": product.id,
        **product.values,
        "sku": product.base.sku,
        "calculated_price": calculated_price(product, product.base),
        "categories": list(product.categories),
        "brand_id": product.brand_id,
        "option_set_display": "right",
        "inventory_level": product_level(shop, product),
        "reviews_rating_sum": 0,
        "reviews_count": 0,
        "total_sold": 0,
        "view_count": 0,
        "gift_wrapping_options_type": "any",
        "gift_wrapping_options_list": [],
        "preorder_release_date": None,
        "preorder_message": "",
        "open_graph_use_meta_description": True,
        "open_graph_use_product_name": True,
        "open_graph_use_image": True,
        "date_created": dates.iso(product.created),
        "date_modified": dates.iso(product.modified),
        "base_variant_id": 0 if product.choices else product.base.id,
    }
    parts = {name: _PARTS[name](shop, product) for name in include if name in _PARTS}
    return {**shown, **{name: part for name, part in parts.items() if part is not None}}


def variant_as_json(shop: Shop, product: Product, variant: Variant) -> JsonObject:
    """Write a variant; a null price or weight is the product's."""
    kept = product.tracked(variant)
    return {
        "id": variant.id,
        "product_id": product.id,
        "sku": variant.sku,
        "sku_id": sku_id(variant),
        **variant.values,
        "calculated_price": calculated_price(product, variant),
        "calculated_weight": _inherited(product, variant, "weight"),
        "inventory_level": sellable(shop, kept.id) if kept is not None else 0,
        "image_url": image_url(shop, product, variant.image, "url_standard") if variant.image else "",
        "option_values": [_choice(product, *choice) for choice in variant.choices.items()],
    }


def sku_id(variant: Variant) -> int | None:
    """Give the id that a variant's SKU had in v2; a base variant has none."""
    return variant.id + 1_000_000 if variant.choices else None


def _choice(product: Product, option_id: int, value_id: int) -> JsonObject:
    option = next(option for option in product.options if option.id == option_id)
    value = next(value for value in option.values if value.id == value_id)
    return {
        "id": value.id,
        "label": value.label,
        "option_id": option.id,
        "option_display_name": option.display_name,
    }


def product_level(shop: Shop, product: Product) -> int:
    """Give what of a product can be sold over all locations; of all its variants where they are tracked."""
    if product.tracking == "none":
        return 0
    counted = product.variants if product.tracking == "variant" else [product.base]
    return sum(sellable(shop, variant.id) for variant in counted)


def calculated_price(product: Product, variant: Variant) -> float:
    """Give the price in force: the sale price where there is one."""
    return _inherited(product, variant, "sale_price") or _inherited(product, variant, "price")


def _inherited(product: Product, variant: Variant, name: str) -> float:
    own, common = variant.values[name], product.values[name]
    value = common if own is None else own
    return value if isinstance(value, int | float) else 0


def option_as_json(product: Product, option: Option) -> JsonObject:
    """Write an option with its values."""
    return {
        "id": option.id,
        "product_id": product.id,
        "name": f"{option.display_name}{product.id}-{option.id}",
        "display_name": option.display_name,
        "type": option.type,
        "sort_order": option.sort_order,
        "option_values": [value_as_json(value) for value in option.values],
        "config": dict(option.config),
    }


def value_as_json(value: OptionValue) -> JsonObject:
    """Write one value of an option."""
    return {
        "id": value.id,
        "label": value.label,
        "sort_order": value.sort_order,
        "is_default": value.is_default,
        **({"value_data": value.value_data} if isinstance(value.value_data, dict) else {}),
    }


def image_as_json(shop: Shop, product: Product, image: Image) -> JsonObject:
    """Write a picture."""
    return {
        "id": image.id,
        "product_id": product.id,
        "is_thumbnail": image.is_thumbnail,
        "sort_order": image.sort_order,
        "description": image.description,
        "date_modified": dates.iso(image.modified),
        **{name: image_url(shop, product, image, name) for name in _SIZES},
    }


def image_url(shop: Shop, product: Product, image: Image, size: str) -> str:
    """Give the address at which a picture is served in one of its sizes."""
    stem, _, ending = image.name.rpartition(".")
    name = f"{stem}__{image.id:05d}.{int(image.modified.timestamp())}.{_SIZES[size]}.{ending}"
    return f"{shop.home_url}/s-{shop.settings.store_hash}/products/{product.id}/images/{image.id}/{name}"


def _variants(shop: Shop, product: Product) -> JsonValue:
    return [variant_as_json(shop, product, variant) for variant in product.variants]


def _images(shop: Shop, product: Product) -> JsonValue:
    return [image_as_json(shop, product, image) for image in product.images]


def _primary(shop: Shop, product: Product) -> JsonValue:
    image = next((image for image in product.images if image.is_thumbnail), None)
    return image_as_json(shop, product, image) if image is not None else None


_PARTS: Mapping[str, Callable[[Shop, Product], JsonValue]] = {
    "variants": _variants,
    "images": _images,
    "primary_image": _primary,
    "options": lambda _, product: [option_as_json(product, option) for option in product.options],
    "custom_fields": lambda _, product: list(product.custom_fields),
    "channels": lambda _, product: list(product.channels),
    "modifiers": lambda _shop, _product: [],
    "bulk_pricing_rules": lambda _shop, _product: [],
    "parent_relations": lambda _shop, _product: [],
    "videos": lambda _shop, _product: [],
}
