"""Products as the API writes them."""

from typing import Any

from sandbox.magento.catalogue.model import ROLES, Axis, Picture, Product, StockItem, TierPrice
from sandbox.magento.dates import written
from sandbox.magento.shop import Shop

TOP = ("name", "price", "status", "visibility", "weight")
"""Attributes that stand at the top of a product and not among its ``custom_attributes``."""
_STOCK_DEFAULTS: dict[str, Any] = {
    "is_qty_decimal": False, "show_default_notification_message": False, "use_config_min_qty": True, "min_qty": 0,
    "use_config_min_sale_qty": 1, "min_sale_qty": 1, "use_config_max_sale_qty": True, "max_sale_qty": 10000,
    "use_config_backorders": True, "backorders": 0, "use_config_notify_stock_qty": True, "notify_stock_qty": 1,
    "use_config_qty_increments": True, "qty_increments": 0, "use_config_enable_qty_inc": True,
    "enable_qty_increments": False, "use_config_manage_stock": True, "low_stock_date": None,
    "is_decimal_divided": False, "stock_status_changed_auto": 0,
}  # fmt: skip


def product_as_json(shop: Shop, product: Product, store_id: int, *, whole: bool = True) -> dict[str, Any]:
    """Write a product as a store view sees it; rows of lists are not `whole`, they leave the stock item out."""
    body: dict[str, Any] = {
        "id": product.id,
        "sku": product.sku,
        "name": product.value("name", store_id),
        "attribute_set_id": product.set_id,
        "price": number(product.value("price", store_id) or 0),
        "status": product.value("status", store_id),
        "visibility": product.value("visibility", store_id),
        "type_id": product.type_id,
        "created_at": written(product.created),
        "updated_at": written(product.updated),
    }
    if product.value("weight") is not None:
        body["weight"] = number(product.value("weight"))
    return body | {
        "extension_attributes": _extension(product, whole=whole),
        "product_links": [],
        "options": [],
        "media_gallery_entries": [picture_as_json(product, picture) for picture in product.pictures],
        "tier_prices": [_tier(price) for price in product.tier_prices],
        "custom_attributes": _custom(shop, product, store_id),
    }


def number(value: float) -> float:
    """Write whole numbers as PHP does, without a fraction."""
    return int(value) if float(value).is_integer() else value


def _extension(product: Product, *, whole: bool) -> dict[str, Any]:
    body: dict[str, Any] = {"website_ids": list(product.website_ids)}
    if product.category_positions:
        body["category_links"] = [
            {"position": position, "category_id": str(category_id)}
            for category_id, position in product.category_positions.items()
        ]
    if whole:
        body["stock_item"] = stock_item_as_json(product, product.stock_item)
    if product.configurable:
        body["configurable_product_options"] = [axis_as_json(product, axis) for axis in product.axes]
        body["configurable_product_links"] = list(product.child_ids)
    return body


def axis_as_json(product: Product, axis: Axis) -> dict[str, Any]:
    return {
        "id": axis.id,
        "attribute_id": str(axis.attribute_id),
        "label": axis.label,
        "position": axis.position,
        "values": [{"value_index": value} for value in axis.value_ids],
        "product_id": product.id,
    }


def stock_item_as_json(product: Product, item: StockItem) -> dict[str, Any]:
    """Write the old single figure with all of its settings."""
    return {
        "item_id": item.id,
        "product_id": product.id,
        "stock_id": 1,
        "qty": number(item.qty),
        "is_in_stock": item.is_in_stock,
        **_STOCK_DEFAULTS,
        **item.more,
        "manage_stock": item.manage_stock,
    }


def picture_as_json(product: Product, picture: Picture) -> dict[str, Any]:
    return {
        "id": picture.id,
        "media_type": picture.media_type,
        "label": picture.label,
        "position": picture.position,
        "disabled": picture.disabled,
        "types": [role for role in ROLES if product.value(role) == picture.file],
        "file": picture.file,
    }


def _tier(price: TierPrice) -> dict[str, Any]:
    more: dict[str, Any] = {"website_id": price.website_id}
    if price.percent:
        more["percentage_value"] = number(price.value)
    return {
        "customer_group_id": price.group_id,
        "qty": number(price.quantity),
        "value": number(price.value),
        "extension_attributes": more,
    }


def _custom(shop: Shop, product: Product, store_id: int) -> list[dict[str, Any]]:
    codes = [code for code in shop.attributes if code not in TOP]
    rows = [
        {"attribute_code": code, "value": value}
        for code in codes
        if (value := product.value(code, store_id)) is not None
    ]
    categories = [str(category_id) for category_id in product.category_positions]
    return [*rows, {"attribute_code": "category_ids", "value": categories}]
