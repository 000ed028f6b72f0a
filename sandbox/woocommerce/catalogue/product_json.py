"""Products and variations as the API writes them."""

from datetime import datetime
from decimal import Decimal

from sandbox.common.json_types import JsonObject, JsonValue
from sandbox.woocommerce import meta
from sandbox.woocommerce.catalogue import images
from sandbox.woocommerce.catalogue.attributes import write_attributes, write_choices
from sandbox.woocommerce.catalogue.model import Product, amount
from sandbox.woocommerce.catalogue.stock import keeper, visible_children
from sandbox.woocommerce.catalogue.terms_store import BRANDS, CATEGORIES, TAGS
from sandbox.woocommerce.dates import both, gmt, local
from sandbox.woocommerce.shop import Shop
from sandbox.woocommerce.texts import paragraphs

_API = "wp-json/wc/v3"


def product_as_json(shop: Shop, product: Product, *, reading: bool = True) -> JsonObject:
    """Write a product, or a variation read as one; when `reading`, descriptions come wrapped into paragraphs."""
    parent = (shop.products.get(product.parent_id) if product.is_variation else None) or product
    body = {
        **_shared(shop, product, parent),
        "name": product.name,
        "slug": product.slug,
        "type": product.type,
        "featured": product.plain["featured"],
        "catalog_visibility": product.plain["catalog_visibility"],
        "description": paragraphs(product.description) if reading else product.description,
        "short_description": paragraphs(product.short_description) if reading else product.short_description,
        "price": str(price_of(shop, product)),
        "price_html": _price_html(shop, product),
        "total_sales": product.total_sales,
        "external_url": product.plain["external_url"],
        "button_text": product.plain["button_text"],
        "sold_individually": product.plain["sold_individually"],
        "shipping_required": not product.plain["virtual"],
        "shipping_taxable": not product.plain["virtual"] and product.tax_status == "taxable",
        "reviews_allowed": product.plain["reviews_allowed"],
        "average_rating": "0.00",
        "rating_count": 0,
        "related_ids": [],
        "upsell_ids": product.plain["upsell_ids"],
        "cross_sell_ids": product.plain["cross_sell_ids"],
        "parent_id": product.parent_id,
        "purchase_note": product.plain["purchase_note"],
        "categories": _terms(shop, CATEGORIES, parent.category_ids),
        "brands": _terms(shop, BRANDS, parent.brand_ids),
        "tags": _terms(shop, TAGS, parent.tag_ids),
        "images": _images(shop, product.image_ids or parent.image_ids[:1]),
        "attributes": _attributes(shop, product, parent),
        "default_attributes": write_choices(shop, product, product.default_options.items()),
        "variations": [child.id for child in visible_children(shop, product)] if product.type == "variable" else [],
        "grouped_products": product.plain["grouped_products"],
        "has_options": product.type in {"variable", "external"},
        "post_password": product.plain["post_password"],
        "_links": _links(shop, f"products/{product.id}", "products"),
    }
    if not shop.switches.brands:
        del body["brands"]
    return body


def variation_as_json(shop: Shop, product: Product, parent: Product) -> JsonObject:
    """Write a variation; what it lacks (SKU, weight, picture) shows its parent's."""
    image = next(iter(_images(shop, (product.image_ids or parent.image_ids)[:1])), None)
    here = f"products/{parent.id}/variations"
    return {
        **_shared(shop, product, parent),
        "type": "variation",
        "description": paragraphs(product.description),
        "price": product.price(shop.now()),
        "image": image,
        "attributes": _attributes(shop, product, parent),
        "name": _choices_text(shop, product, parent),
        "parent_id": parent.id,
        "_links": {**_links(shop, f"{here}/{product.id}", here), "up": [_link(shop, f"products/{parent.id}")]},
    }


def _shared(shop: Shop, product: Product, parent: Product) -> JsonObject:
    now, zone = shop.now(), shop.settings.time_zone
    plain = product.plain
    return {
        "id": product.id,
        "permalink": f"{shop.home_url}/product/{parent.slug or parent.id}/",
        "date_created": local(product.created, zone),
        "date_created_gmt": gmt(product.created),
        "date_modified": local(product.modified, zone),
        "date_modified_gmt": gmt(product.modified),
        "status": product.status,
        "sku": product.sku or parent.sku,
        "global_unique_id": product.gtin,
        "regular_price": product.regular_price,
        "sale_price": product.sale_price,
        **both("date_on_sale_from", product.sale_from, zone),
        **both("date_on_sale_to", product.sale_to, zone),
        "on_sale": _on_sale(shop, product, now),
        "purchasable": product.status == "publish" and price_of(shop, product) != "",
        "virtual": plain["virtual"],
        "downloadable": plain["downloadable"],
        "downloads": plain["downloads"],
        "download_limit": plain["download_limit"],
        "download_expiry": plain["download_expiry"],
        "tax_status": product.tax_status,
        "tax_class": product.tax_class,
        **_stock(shop, product),
        "weight": product.weight or parent.weight,
        "dimensions": _dimensions(product, parent),
        "shipping_class": plain["shipping_class"],
        "shipping_class_id": 0,
        "menu_order": product.menu_order,
        "meta_data": meta.as_json(product.meta),
    }


def _stock(shop: Shop, product: Product) -> JsonObject:
    kept_by = keeper(shop, product)
    by_parent = kept_by is not None and kept_by.id != product.id
    shown = kept_by or product
    return {
        "manage_stock": "parent" if by_parent else product.manage_stock,
        "stock_quantity": shown.stock_quantity,
        "stock_status": shown.stock_status,
        "backorders": shown.backorders,
        "backorders_allowed": shown.backorders != "no",
        "backordered": shown.stock_status == "onbackorder",
        "low_stock_amount": product.low_stock_amount,
    }


def _dimensions(product: Product, parent: Product) -> JsonObject:
    sizes = (own or inherited for own, inherited in zip(product.dimensions, parent.dimensions, strict=True))
    return dict(zip(("length", "width", "height"), sizes, strict=True))


def price_of(shop: Shop, product: Product) -> str:
    """Give the price shown: a variable product's is the lowest of its variations'."""
    now = shop.now()
    if product.type != "variable":
        return product.price(now)
    prices = [child.price(now) for child in visible_children(shop, product)]
    return min((price for price in prices if price), key=lambda price: amount(price) or Decimal(0), default="")


def _on_sale(shop: Shop, product: Product, now: datetime) -> bool:
    if product.type != "variable":
        return product.on_sale(now)
    return any(child.on_sale(now) for child in visible_children(shop, product))


def _price_html(shop: Shop, product: Product) -> str:
    price = price_of(shop, product)
    return f'<span class="amount">{price} {shop.settings.currency}</span>' if price else ""


def _terms(shop: Shop, taxonomy: str, term_ids: tuple[int, ...]) -> list[JsonValue]:
    terms = (shop.terms.get(taxonomy, term_id) for term_id in term_ids)
    return [{"id": term.id, "name": term.name, "slug": term.slug} for term in terms if term is not None]


def _images(shop: Shop, image_ids: tuple[int, ...]) -> list[JsonObject]:
    found = (shop.images.get(image_id) for image_id in image_ids)
    return [images.as_json(shop, image) for image in found if image is not None]


def _attributes(shop: Shop, product: Product, parent: Product) -> list[JsonValue]:
    if product.is_variation:
        return write_choices(shop, parent, product.options.items())
    return write_attributes(shop, product)


def _choices_text(shop: Shop, product: Product, parent: Product) -> str:
    choices = write_choices(shop, parent, product.options.items())
    return ", ".join(str(choice["option"]) for choice in choices if isinstance(choice, dict))


def _links(shop: Shop, own: str, collection: str) -> JsonObject:
    return {"self": [_link(shop, own)], "collection": [_link(shop, collection)]}


def _link(shop: Shop, path: str) -> JsonObject:
    return {"href": f"{shop.home_url}/{_API}/{path}"}
