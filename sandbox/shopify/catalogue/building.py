"""Makes and changes products' options and variants; whoever calls has checked the input."""

from collections.abc import Iterable, Mapping
from typing import Any

from sandbox.shopify.catalogue.model import (
    DEFAULT_OPTION,
    DEFAULT_VALUE,
    Product,
    ProductOption,
    ProductOptionValue,
    ProductVariant,
)
from sandbox.shopify.catalogue.naming import variants_of
from sandbox.shopify.shop import Shop
from sandbox.shopify.stock.ledger import connect
from sandbox.shopify.stock.model import InventoryItem
from sandbox.shopify.texts import free_handle, handle_of

Input = Mapping[str, Any]
_SIMPLE = {
    "price": "price",
    "compareAtPrice": "compare_at_price",
    "barcode": "barcode",
    "taxable": "taxable",
    "taxCode": "tax_code",
    "inventoryPolicy": "inventory_policy",
}
_ITEM = {
    "sku": "sku",
    "cost": "cost",
    "tracked": "tracked",
    "requiresShipping": "requires_shipping",
    "countryCodeOfOrigin": "country_code_of_origin",
    "provinceCodeOfOrigin": "province_code_of_origin",
    "harmonizedSystemCode": "harmonized_system_code",
}
_PRODUCT = {
    "title": "title",
    "descriptionHtml": "description_html",
    "vendor": "vendor",
    "productType": "product_type",
    "status": "status",
    "templateSuffix": "template_suffix",
    "giftCard": "is_gift_card",
    "requiresSellingPlan": "requires_selling_plan",
    "category": "category_id",
}


def new_option(shop: Shop, product: Product, name: str, values: Iterable[str]) -> ProductOption:
    """Make an option of a product with its values."""
    made = [new_value(shop, product, value) for value in values]
    return ProductOption(shop.numbers.next("ProductOption"), product.id, name, made)


def new_value(shop: Shop, product: Product, name: str) -> ProductOptionValue:
    return ProductOptionValue(shop.numbers.next("ProductOptionValue"), product.id, name)


def default_option(shop: Shop, product: Product) -> ProductOption:
    """Make the option of a product without options."""
    return new_option(shop, product, DEFAULT_OPTION, [DEFAULT_VALUE])


def new_variant(shop: Shop, product: Product, value_ids: tuple[int, ...], *, connected: bool = True) -> ProductVariant:
    """Make a variant with its untracked item, `connected` to the shop's first location."""
    now = shop.now()
    item = InventoryItem(shop.numbers.next("InventoryItem"), shop.numbers.next("ProductVariant"), now, now)
    variant = ProductVariant(item.variant_id, product.id, item.id, value_ids, now, now)
    shop.items[item.id], shop.variants[variant.id] = item, variant
    product.variant_ids.append(variant.id)
    if connected:
        first = next((place for place in shop.locations.values() if not place.is_fulfillment_service), None)
        if first is not None:
            connect(shop, item, first)
    return variant


def remove_variant(shop: Shop, product: Product, variant: ProductVariant) -> None:
    """Delete a variant with its item and levels."""
    product.variant_ids.remove(variant.id)
    del shop.variants[variant.id], shop.items[variant.item_id]
    for key in [key for key in shop.levels if key[0] == variant.item_id]:
        del shop.levels[key]


def new_product(shop: Shop, title: str, handle: str | None) -> Product:
    """Make a product under a free handle, without options and variants yet."""
    now = shop.now()
    product = Product(shop.numbers.next("Product"), title, "", now, now, vendor=shop.settings.name)
    give_handle(shop, product, handle or free_handle(handle_of(title), shop.handles))
    shop.products[product.id] = product
    return product


def give_handle(shop: Shop, product: Product, handle: str) -> None:
    shop.handles.pop(product.handle, None)
    product.handle = handle
    shop.handles[handle] = product.id


def apply_product(product: Product, data: Input) -> None:
    """Take a product's plain fields; those left out stay."""
    for key, name in _PRODUCT.items():
        if key in data:
            value = data[key]
            setattr(product, name, "" if value is None and name in {"vendor", "product_type"} else value)
    if "tags" in data:
        product.tags = tuple(sorted(dict.fromkeys(data["tags"] or ()), key=str.casefold))
    if data.get("seo") is not None:
        product.seo = {**product.seo, **data["seo"]}


def apply_variant(shop: Shop, variant: ProductVariant, data: Input) -> None:
    """Take a variant's plain fields and those of its item; those left out stay."""
    variant.updated_at = shop.now()
    for key, name in _SIMPLE.items():
        if key in data and not (data[key] is None and key in {"price", "taxable", "inventoryPolicy"}):
            setattr(variant, name, data[key])
    item = shop.items[variant.item_id]
    if "sku" in data:
        item.sku = data["sku"] or None
    if data.get("inventoryItem"):
        apply_item(item, data["inventoryItem"])


def apply_item(item: InventoryItem, data: Input) -> None:
    """Take an item's fields; those left out stay."""
    for key, name in _ITEM.items():
        if key in data and not (data[key] is None and key in {"tracked", "requiresShipping"}):
            setattr(item, name, data[key])
    weight = (data.get("measurement") or {}).get("weight")
    if weight:
        item.weight = (weight["value"], weight["unit"])
    item.sku = item.sku or None


def drop_unused_values(shop: Shop, product: Product) -> None:
    """Forget option values that no variant has any more."""
    used = {value_id for variant in variants_of(shop, product) for value_id in variant.value_ids}
    for option in product.options:
        option.option_values = [value for value in option.option_values if value.id in used]
