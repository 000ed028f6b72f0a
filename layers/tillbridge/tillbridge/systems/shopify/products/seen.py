"""Read a listing in the till's terms: for each field the text by which it is compared (``domain.planning``).

Where the shop says the same in its own way, the till's own text is given, so that equal things compare equal. What
Shopify has no counterpart for (short descriptions, names of tax classes) counts as shown. Pure functions.
"""

from decimal import Decimal

from tillbridge.domain.agreement import folded
from tillbridge.domain.planning import as_text, decimal_text, product_fields, variant_fields
from tillbridge.domain.product import Product, Variant, Visibility
from tillbridge.systems.common.differences import as_wanted
from tillbridge.systems.shopify.api.wire import ProductRow, VariantRow

GRAMS = {
    "GRAMS": Decimal(1),
    "KILOGRAMS": Decimal(1000),
    "OUNCES": Decimal("28.349523125"),
    "POUNDS": Decimal("453.59237"),
}
_FINE = Decimal("0.0001")


def content_seen(product: Product, row: ProductRow) -> dict[str, str]:
    """Give the text of each content field that answers tell of; the rest is known once it was taken without a word."""
    wanted = product_fields(product)
    path = product.category_path
    there = not path or folded(row.product_type) == folded(path[-1])
    seen = {
        "name": row.title,
        "description": row.description_html,
        "short_description": wanted["short_description"],
        "category": wanted["category"] if there else as_text([row.product_type] if row.product_type else []),
        "brand": wanted["brand"] if not product.brand or folded(row.vendor) == folded(product.brand) else row.vendor,
    }
    return {name: as_wanted(wanted[name], text) for name, text in seen.items()}


def options_seen(product: Product, row: ProductRow) -> str:
    """Options count as shown when each is among the listing's; the merchant may offer more, in another order."""
    if not product.variable:
        return as_text([])
    offered = {folded(option.name): {folded(value.name) for value in option.option_values} for option in row.options}
    for option in product.options:
        if not {folded(value) for value in option.values} <= offered.get(folded(option.name), set()):
            return as_text([[other.name, [value.name for value in other.option_values]] for other in row.options])
    return product_fields(product)["options"]


def variant_seen(variant: Variant, product: Product, row: VariantRow) -> dict[str, str]:
    """Give the text of each variant field that answers tell of; the rest is known likewise."""
    wanted = variant_fields(variant, product)
    regular, sale = prices_seen(row)
    taxed = "none" if not row.taxable else "" if wanted["tax_class"] == "none" else wanted["tax_class"]
    seen = {"sku": row.sku, "gtin": row.barcode, "regular_price": regular, "sale_price": sale, "tax_class": taxed}
    return {name: as_wanted(wanted[name], text) for name, text in seen.items()}


def prices_seen(row: VariantRow) -> tuple[str, str]:
    """Tell the regular price and the sale price, "" when there is no sale."""
    price, shown = row.price, row.compare_at_price
    if price is not None and shown is not None and shown > price:
        return decimal_text(shown), decimal_text(price)
    return decimal_text(price), ""


def choices_seen(variant: Variant, product: Product, row: VariantRow) -> str:
    """Give a variant's values in the till's order of the options."""
    if not product.variable:
        return as_text(variant.options)
    chosen = {folded(choice.name): choice.value for choice in row.selected_options}
    values = [chosen.get(folded(option.name), "") for option in product.options]
    same = len(values) == len(variant.options) and all(
        folded(value) == folded(wanted) for value, wanted in zip(values, variant.options, strict=True)
    )
    return as_text(variant.options if same else values)


def weight_seen(row: VariantRow, unit: str) -> str:
    """Give a weight in the shop's own unit, "" when there is none."""
    weight = row.inventory_item.measurement.weight if row.inventory_item and row.inventory_item.measurement else None
    if weight is None or not weight.value:
        return ""
    if weight.unit == unit or weight.unit not in GRAMS or unit not in GRAMS:
        return decimal_text(weight.value)
    return decimal_text((weight.value * GRAMS[weight.unit] / GRAMS[unit]).quantize(_FINE))


def visibility_seen(row: ProductRow) -> str:
    """Tell whether shoppers see a product."""
    return str(Visibility.PUBLISHED if row.on_sale else Visibility.DRAFT)
