"""The fields of products and variants."""

from datetime import datetime
from decimal import Decimal

from sandbox.shopify import rows
from sandbox.shopify.catalogue.model import Collection, Product, ProductOption, ProductOptionValue, ProductVariant
from sandbox.shopify.catalogue.naming import title_of, values_of, variants_of
from sandbox.shopify.stock.ledger import available
from sandbox.shopify.texts import plain
from sandbox.shopify.web.connections import connect, in_order
from sandbox.shopify.web.context import Context
from sandbox.shopify.web.resolving import resolver

Publishable = Product | ProductVariant | Collection
product_field, variant_field = resolver("Product"), resolver("ProductVariant")


def _money(context: Context, amount: Decimal) -> dict[str, object]:
    return {"amount": amount, "currencyCode": context.shop.settings.currency}


@product_field
def options(product: Product, _context: Context, first: int | None = None) -> list[ProductOption]:
    return product.options[:first]


@product_field
def variants(product: Product, context: Context, **page: object) -> object:
    found = variants_of(context.shop, product)
    if page.get("sort_key") in {None, "POSITION"}:
        return connect(context, found, in_order(found), page)
    return connect(context, found, lambda row: (row.id, row.id), page)


@product_field
def variants_count(product: Product, _context: Context) -> object:
    return {"count": len(product.variant_ids), "precision": "EXACT"}


@product_field
def total_inventory(product: Product, context: Context) -> int:
    return sum(available(context.shop, row.item_id) for row in variants_of(context.shop, product))


@product_field
def tracks_inventory(product: Product, context: Context) -> bool:
    return any(context.shop.items[row.item_id].tracked for row in variants_of(context.shop, product))


@product_field
def has_out_of_stock_variants(product: Product, context: Context) -> bool:
    return any(not available_for_sale(row, context) for row in variants_of(context.shop, product))


@resolver("Product", "Collection")
def description(row: Product, _context: Context, truncate_at: int | None = None) -> str:
    return plain(row.description_html)[:truncate_at]


@product_field
def body_html(product: Product, _context: Context) -> str:
    return product.description_html


@product_field
def published_at(product: Product, _context: Context) -> object:
    return min(product.published.values(), default=None)


@product_field
def online_store_url(product: Product, context: Context) -> str | None:
    channels = context.shop.publications.values()
    online = next((channel.id for channel in channels if channel.name == "Online Store"), None)
    shown = product.status == "ACTIVE" and online in product.published
    return f"https://{context.shop.settings.domain}/products/{product.handle}" if shown else None


@product_field
def online_store_preview_url(product: Product, context: Context) -> str:
    return f"https://{context.shop.settings.domain}/products_preview?preview_key={product.id:x}"


@product_field
def category(product: Product, _context: Context) -> object:
    if product.category_id is None:
        return None
    return {"id": product.category_id, "name": "Category", "fullName": "Category"}


@product_field
def price_range_v2(product: Product, context: Context) -> object:
    prices = [row.price for row in variants_of(context.shop, product)] or [Decimal(0)]
    return {
        "minVariantPrice": _money(context, min(prices)),
        "maxVariantPrice": _money(context, max(prices)),
    }


@product_field
def compare_at_price_range(product: Product, context: Context) -> object:
    prices = [row.compare_at_price for row in variants_of(context.shop, product) if row.compare_at_price is not None]
    if not prices:
        return None
    return {
        "minVariantCompareAtPrice": _money(context, min(prices)),
        "maxVariantCompareAtPrice": _money(context, max(prices)),
    }


@resolver("ProductOption")
def position(option: ProductOption, context: Context) -> int:
    options = context.shop.products[option.product_id].options
    return next(place for place, other in enumerate(options, 1) if other.id == option.id)


@resolver("ProductOption")
def values(option: ProductOption, _context: Context) -> list[str]:
    return [value.name for value in option.option_values]


@resolver("ProductOptionValue")
def has_variants(value: ProductOptionValue, context: Context) -> bool:
    product = context.shop.products[value.product_id]
    return any(value.id in variant.value_ids for variant in variants_of(context.shop, product))


# --- variants ---------------------------------------------------------------------------------------------------------


def _product(variant: ProductVariant, context: Context) -> Product:
    return context.shop.products[variant.product_id]


@variant_field
def product(variant: ProductVariant, context: Context) -> Product:
    return _product(variant, context)


@variant_field
def title(variant: ProductVariant, context: Context) -> str:
    return title_of(_product(variant, context), variant)


@variant_field
def display_name(variant: ProductVariant, context: Context) -> str:
    return f"{_product(variant, context).title} - {title(variant, context)}"


@variant_field
def sku(variant: ProductVariant, context: Context) -> str | None:
    return context.shop.items[variant.item_id].sku


@resolver("ProductVariant", name="position")
def variant_position(variant: ProductVariant, context: Context) -> int:
    return _product(variant, context).variant_ids.index(variant.id) + 1


@variant_field
def inventory_item(variant: ProductVariant, context: Context) -> object:
    return context.shop.items[variant.item_id]


@variant_field
def inventory_quantity(variant: ProductVariant, context: Context) -> int:
    return available(context.shop, variant.item_id)


@variant_field
def sellable_online_quantity(variant: ProductVariant, context: Context) -> int:
    shop = context.shop
    online = (place.id for place in shop.locations.values() if place.is_active and place.fulfills_online_orders)
    levels = (shop.levels.get((variant.item_id, number)) for number in online)
    return sum(level.states["available"] for level in levels if level is not None and level.is_active)


@variant_field
def available_for_sale(variant: ProductVariant, context: Context) -> bool:
    tracked = context.shop.items[variant.item_id].tracked
    return not tracked or variant.inventory_policy == "CONTINUE" or available(context.shop, variant.item_id) > 0


@variant_field
def selected_options(variant: ProductVariant, context: Context) -> list[object]:
    product = _product(variant, context)
    named = zip(product.options, variant.value_ids, values_of(product, variant), strict=False)
    return [
        {
            "name": option.name,
            "value": value,
            "optionValue": next((entry for entry in option.option_values if entry.id == value_id), None),
        }
        for option, value_id, value in named
    ]


@resolver("Product", "ProductVariant", "Collection", name="publishedOnPublication")
def published_on_publication(row: Publishable, context: Context, publication_id: str) -> bool:
    channel = rows.publication(context.shop, publication_id)
    return channel is not None and channel.id in _published(row, context)


@resolver("Product", "ProductVariant", "Collection", name="availablePublicationsCount")
def available_publications_count(row: Publishable, context: Context) -> object:
    return {"count": len(_published(row, context)), "precision": "EXACT"}


@resolver("Product", "ProductVariant", "Collection", name="resourcePublicationsV2")
def resource_publications(row: Publishable, context: Context, *, only_published: bool = True, **page: object) -> object:
    shown = _publications(row, context, only_published=only_published)
    return connect(context, shown, in_order(shown), page)


resolver("Product", name="resourcePublications")(resource_publications)


def _publications(row: Publishable, context: Context, *, only_published: bool) -> list[dict[str, object]]:
    entries: list[dict[str, object]] = [
        {
            "isPublished": when <= context.now,
            "publication": context.shop.publications[number],
            "publishDate": when,
            "publishable": row,
        }
        for number, when in _published(row, context).items()
    ]
    return [entry for entry in entries if entry["isPublished"] or not only_published]


def _published(row: Publishable, context: Context) -> dict[int, datetime]:
    """A variant is where its product is, unless it is withheld from there."""
    if isinstance(row, ProductVariant):
        return {key: when for key, when in _product(row, context).published.items() if key not in row.withheld}
    return row.published
