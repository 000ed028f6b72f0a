"""The fields of the catalogue: what they take, and what they are until they are written (catalog specs of v3)."""

from sandbox.bigcommerce.web.fields import Field, Fields, amount, any_of, choice, count, flag, text
from sandbox.common.json_types import JsonObject

TRACKING = ("none", "product", "variant")
OPTION_TYPES = ("radio_buttons", "rectangles", "dropdown", "product_list", "product_list_with_images", "swatch")

_PRODUCT: dict[str, tuple[Field, object]] = {
    "name": (text(250, 1), ""),
    "type": (choice("physical", "digital"), "physical"),
    "sku": (text(255), ""),
    "description": (text(), ""),
    "weight": (amount(), 0),
    "width": (amount(), 0),
    "depth": (amount(), 0),
    "height": (amount(), 0),
    "price": (amount(), 0),
    "cost_price": (amount(), 0),
    "retail_price": (amount(), 0),
    "sale_price": (amount(), 0),
    "map_price": (amount(), 0),
    "tax_class_id": (Field("integer", 0, 255), 0),
    "product_tax_code": (text(255), ""),
    "inventory_warning_level": (count(), 0),
    "inventory_tracking": (choice(*TRACKING), "none"),
    "fixed_cost_shipping_price": (amount(), 0),
    "is_free_shipping": (flag(), False),
    "is_visible": (flag(), False),
    "is_featured": (flag(), False),
    "related_products": (any_of("array"), [-1]),
    "warranty": (text(), ""),
    "bin_picking_number": (text(255), ""),
    "layout_file": (text(500), ""),
    "upc": (text(14), ""),
    "mpn": (text(), ""),
    "gtin": (text(14), ""),
    "search_keywords": (text(), ""),
    "availability": (choice("available", "disabled", "preorder"), "available"),
    "availability_description": (text(255), ""),
    "sort_order": (Field("integer"), 0),
    "condition": (choice("New", "Used", "Refurbished"), "New"),
    "is_condition_shown": (flag(), False),
    "order_quantity_minimum": (count(), 0),
    "order_quantity_maximum": (count(), 0),
    "page_title": (text(255), ""),
    "meta_keywords": (any_of("array"), []),
    "meta_description": (text(), ""),
    "is_preorder_only": (flag(), False),
    "is_price_hidden": (flag(), False),
    "price_hidden_label": (text(200), ""),
    "custom_url": (any_of("object"), {}),
    "open_graph_type": (text(20), "product"),
    "open_graph_title": (text(), ""),
    "open_graph_description": (text(), ""),
}
"""Field and default; the default of a custom URL is made of the name."""

PRODUCT: Fields = {name: field for name, (field, _) in _PRODUCT.items()}
PRODUCT_DEFAULTS: JsonObject = {name: default for name, (_, default) in _PRODUCT.items()}  # type: ignore[misc]
PRODUCT_PARTS: Fields = {
    "inventory_level": count(),
    "categories": any_of("array"),
    "brand_id": count(),
    "brand_name": text(255),
    "custom_fields": any_of("array"),
    "images": any_of("array"),
    "variants": any_of("array"),
}
"""What is kept elsewhere than among a product's plain values."""

_VARIANT: dict[str, tuple[Field, object]] = {
    "cost_price": (amount(nullable=True), None),
    "price": (amount(nullable=True), None),
    "sale_price": (amount(nullable=True), None),
    "retail_price": (amount(nullable=True), None),
    "weight": (amount(nullable=True), None),
    "width": (amount(nullable=True), None),
    "height": (amount(nullable=True), None),
    "depth": (amount(nullable=True), None),
    "is_free_shipping": (flag(), False),
    "fixed_cost_shipping_price": (amount(nullable=True), None),
    "purchasing_disabled": (flag(), False),
    "purchasing_disabled_message": (text(255), ""),
    "upc": (text(14, nullable=True), ""),
    "inventory_warning_level": (count(nullable=True), 0),
    "bin_picking_number": (text(255, nullable=True), ""),
    "mpn": (text(nullable=True), ""),
    "gtin": (text(14, nullable=True), ""),
}
VARIANT: Fields = {name: field for name, (field, _) in _VARIANT.items()}
VARIANT_DEFAULTS: JsonObject = {name: default for name, (_, default) in _VARIANT.items()}  # type: ignore[misc]
VARIANT_PARTS: Fields = {
    "sku": text(255),
    "inventory_level": count(nullable=True),
    "option_values": any_of("array"),
    "image_url": text(),
}
CHOICE: Fields = {
    "id": count(),
    "option_id": count(),
    "label": text(255, 1),
    "option_display_name": text(255, 1),
}

OPTION: Fields = {
    "display_name": text(255, 1),
    "type": choice(*OPTION_TYPES),
    "sort_order": Field("integer"),
    "config": any_of("object"),
    "option_values": any_of("array"),
}
OPTION_VALUE: Fields = {
    "label": text(255, 1),
    "sort_order": Field("integer"),
    "is_default": flag(),
    "value_data": Field("object", nullable=True),
}
CUSTOM_FIELD: Fields = {"name": text(250, 1), "value": text(250, 1)}
IMAGE: Fields = {
    "is_thumbnail": flag(),
    "sort_order": Field("integer"),
    "description": text(),
    "image_url": text(255),
}
METAFIELD: Fields = {
    "permission_set": choice("app_only", "read", "write", "read_and_sf_access", "write_and_sf_access"),
    "namespace": text(64, 1),
    "key": text(64, 1),
    "value": text(65_535, 1),
    "description": text(255),
}
CATEGORY: Fields = {
    "name": text(50, 1),
    "parent_id": count(),
    "tree_id": count(),
    "description": text(),
    "sort_order": Field("integer"),
    "page_title": text(),
    "meta_keywords": any_of("array"),
    "meta_description": text(),
    "layout_file": text(50),
    "image_url": text(),
    "is_visible": flag(),
    "search_keywords": text(255),
    "default_product_sort": text(30),
    "url": any_of("object"),
}
BRAND: Fields = {
    "name": text(255, 1),
    "page_title": text(255),
    "meta_keywords": any_of("array"),
    "meta_description": text(),
    "search_keywords": text(),
    "image_url": text(),
    "custom_url": any_of("object"),
}
