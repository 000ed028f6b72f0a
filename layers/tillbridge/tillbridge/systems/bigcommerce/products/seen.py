"""Read a listing in the till's terms: for each field the text by which it is compared (``domain.planning``).

Where the shop says the same in its own way, the till's own text is given, so that equal things compare equal. Where it
says something else, that is given as it is. Pure functions.
"""

from decimal import Decimal

from tillbridge.domain.agreement import folded
from tillbridge.domain.planning import as_text, decimal_text, product_fields, variant_fields
from tillbridge.domain.product import Product, Variant, Visibility
from tillbridge.systems.bigcommerce.api.wire import ProductRow, VariantRow
from tillbridge.systems.bigcommerce.products.names import unique_name
from tillbridge.systems.bigcommerce.products.payload import NOT_TAXED
from tillbridge.systems.common.differences import as_wanted


def content_seen(product: Product, row: ProductRow, category_id: int | None, brand_id: str) -> dict[str, str]:
    """Give the text of each content field but pictures; ``brand_id`` is what the brand is known by, "" if unknown."""
    wanted = product_fields(product)
    seen = {
        "name": wanted["name"] if row.name == unique_name(product) else row.name,
        "description": row.description.strip(),
        "short_description": wanted["short_description"],  # the shop has no such field
        "category": _category_seen(wanted["category"], row, product, category_id),
        "brand": _brand_seen(product, row, brand_id),
        "visibility": str(Visibility.PUBLISHED if row.is_visible else Visibility.DRAFT),
        "options": _options_seen(product, row),
    }
    return {name: as_wanted(wanted[name], text) for name, text in seen.items()}


def variant_seen(variant: Variant, product: Product, row: ProductRow | None, own: VariantRow | None) -> dict[str, str]:
    """Give the text of each variant field but the picture.

    ``own`` is the variant's row, ``None`` for a simple product; ``row`` the product's, where it was read.
    """
    wanted = variant_fields(variant, product)
    seen = {
        **texts_of(row, own),
        "tax_class": tax_seen(row) if row else wanted["tax_class"],
        "options": _choices_seen(variant, product, own),
        "visibility": _variant_visibility(variant, own),
    }
    return {name: as_wanted(wanted[name], seen[name]) for name in wanted if name != "image"}


def texts_of(row: ProductRow | None, own: VariantRow | None) -> dict[str, str]:
    """Give what simple products and variants have alike; a variant's price that is not set is its product's."""
    first = own or row
    if first is None:
        return {}
    price = _inherited(first.price, row.price if row else None)
    sale = _inherited(first.sale_price, row.sale_price if row else None)
    msrp = _inherited(first.retail_price, row.retail_price if row else None)
    weight = _inherited(first.weight, row.weight if row else None)
    return {
        "sku": first.sku,
        "gtin": first.upc or first.gtin,
        "regular_price": decimal_text(price),
        "sale_price": _set(sale),
        "msrp": _set(msrp),
        "weight": _set(weight),
    }


def tax_seen(row: ProductRow) -> str:
    """Give the tax class of a product."""
    if row.tax_class_id == NOT_TAXED:
        return "none"
    return str(row.tax_class_id) if row.tax_class_id else ""


def choices_of(own: VariantRow) -> str:
    """Give the values that a variant stands for."""
    return as_text([choice.label for choice in own.option_values])


def _inherited(own: Decimal | None, products: Decimal | None) -> Decimal | None:
    return products if own is None else own


def _set(amount: Decimal | None) -> str:
    """Write an amount; 0 says that none is set (facts/bigcommerce.md, "Catalog v3")."""
    return decimal_text(amount) if amount else ""


def _category_seen(wanted: str, row: ProductRow, product: Product, category_id: int | None) -> str:
    """A product is where the till wants it when it is in that category, whatever others the merchant added."""
    if not product.category_path or category_id in row.categories:
        return wanted
    return as_text([f"shop category {one}" for one in row.categories])


def _brand_seen(product: Product, row: ProductRow, brand_id: str) -> str:
    if not product.brand or (row.brand_id and str(row.brand_id) == brand_id):
        return product.brand
    return f"shop brand {row.brand_id}" if row.brand_id else ""


def _options_seen(product: Product, row: ProductRow) -> str:
    """Options count as shown when the variants on sale find their values; the merchant may offer more."""
    offered: dict[str, set[str]] = {}
    told: dict[str, list[str]] = {}
    for variant in row.choices:
        for choice in variant.option_values:
            offered.setdefault(folded(choice.option_display_name), set()).add(folded(choice.label))
            told.setdefault(choice.option_display_name, []).append(choice.label)
    for place, option in enumerate(product.options):
        used = {folded(variant.options[place]) for variant in product.on_sale}
        if not used <= offered.get(folded(option.name), set()):
            return as_text([[name, list(dict.fromkeys(labels))] for name, labels in told.items()])
    return product_fields(product)["options"]


def _choices_seen(variant: Variant, product: Product, own: VariantRow | None) -> str:
    if not product.variable or own is None:
        return as_text(variant.options)
    chosen = {folded(choice.option_display_name): choice.label for choice in own.option_values}
    labels = [choice.label for choice in own.option_values]
    found: list[str] = []
    for place, (option, value) in enumerate(zip(product.options, variant.options, strict=True)):
        label = chosen.get(folded(option.name), labels[place] if place < len(labels) else "")
        found.append(value if folded(value) == folded(label) else label)
    return as_text(found)


def _variant_visibility(variant: Variant, own: VariantRow | None) -> str:
    """A simple product's own visibility is the product's, so that its variant never differs."""
    if own is None:
        return str(variant.visibility)
    return str(Visibility.DRAFT if own.purchasing_disabled else Visibility.PUBLISHED)
