"""Read a listing in the till's terms: for each field the text by which it is compared (``domain.planning``).

Where the shop says the same in its own way (``&amp;``, ``10.00``, options in another order), the till's own text is
given, so that equal things compare equal. Where it says something else, that is given as it is. Pure functions.
"""

from collections.abc import Collection
from html import unescape

from tillbridge.domain.agreement import folded
from tillbridge.domain.planning import as_text, product_fields, variant_fields
from tillbridge.domain.product import Product, Variant, Visibility
from tillbridge.systems.common.differences import as_wanted
from tillbridge.systems.common.texts import amount_text, same_name
from tillbridge.systems.woocommerce.api.wire import AttributeRow, ListingRow
from tillbridge.systems.woocommerce.products.places import Places


def content_seen(product: Product, row: ListingRow, places: Places) -> dict[str, str]:
    """Give the text of each content field but pictures, which are known by the shop's ids, as the shop shows it."""
    wanted = product_fields(product)
    seen = {
        "name": unescape(row.name),
        "description": row.description.strip(),
        "short_description": row.short_description.strip(),
        "category": _category_seen(wanted["category"], row, product, places),
        "brand": _brand_seen(product, row, places),
        "visibility": str(Visibility.PUBLISHED if row.status == "publish" else Visibility.DRAFT),
        "options": _options_seen(product, row, places),
    }
    return {name: as_wanted(wanted[name], text) for name, text in seen.items()}


def variant_seen(variant: Variant, product: Product, row: ListingRow, places: Places) -> dict[str, str]:
    """Give the text of each variant field but the picture, as the shop shows it."""
    wanted = variant_fields(variant, product)
    seen = {
        "sku": unescape(row.sku),
        "gtin": wanted["gtin"] if row.global_unique_id is None else row.global_unique_id,
        "regular_price": amount_text(row.regular_price),
        "sale_price": amount_text(row.sale_price),
        "msrp": wanted["msrp"],  # the shop has no such field
        "tax_class": _tax_seen(wanted["tax_class"], row),
        "weight": amount_text(row.weight),
        "options": _choices_seen(variant, product, row, places),
        "visibility": _variation_visibility(variant, product, row),
    }
    return {name: as_wanted(wanted[name], text) for name, text in seen.items()}


def _category_seen(wanted: str, row: ListingRow, product: Product, places: Places) -> str:
    """A product is where the till wants it when it is in that category, whatever others the merchant added."""
    if not product.category_path or places.category_id in {term.id for term in row.categories}:
        return wanted
    return as_text([unescape(term.name) for term in row.categories])


def _brand_seen(product: Product, row: ListingRow, places: Places) -> str:
    brands = row.brands or ()
    if not product.brand or not places.brands or places.brand_id in {term.id for term in brands}:
        return product.brand
    return next((unescape(term.name) for term in brands), "")


def _options_seen(product: Product, row: ListingRow, places: Places) -> str:
    """Options count as shown when each is among the listing's; the merchant may offer more, in another order."""
    used = [attribute for attribute in row.attributes if attribute.variation]
    for place, option in enumerate(product.options):
        attribute = _attribute(used, option.name, _at(places.attribute_ids, place))
        offered = {folded(value) for value in attribute.options} if attribute else set()
        if not {folded(value) for value in option.values} <= offered:
            return as_text([[unescape(other.name), [unescape(value) for value in other.options]] for other in used])
    return product_fields(product)["options"]


def _tax_seen(wanted: str, row: ListingRow) -> str:
    """A variation may leave its class to the parent, which is told the same."""
    if row.tax_status == "none":
        return "none"
    return wanted if row.tax_class == "parent" else row.tax_class


def _choices_seen(variant: Variant, product: Product, row: ListingRow, places: Places) -> str:
    if not product.variable:
        return as_text(variant.options)
    found: list[str] = []
    for place, (option, value) in enumerate(zip(product.options, variant.options, strict=True)):
        attribute = _attribute(row.attributes, option.name, _at(places.attribute_ids, place))
        choice = unescape(attribute.option) if attribute else ""
        found.append(value if same_name(value, choice) else choice)
    return as_text(found)


def _variation_visibility(variant: Variant, product: Product, row: ListingRow) -> str:
    """A simple product's own visibility is the product's, so that its variant never differs."""
    if not product.variable:
        return str(variant.visibility)
    return str(Visibility.PUBLISHED if row.status == "publish" else Visibility.DRAFT)


def _attribute(uses: Collection[AttributeRow], name: str, attribute_id: int | None) -> AttributeRow | None:
    """Find an attribute by the shop's id, or by name where a merchant made it for one product only."""
    by_id = (use for use in uses if attribute_id and use.id == attribute_id)
    by_name = (use for use in uses if same_name(use.name, name))
    return next(by_id, None) or next(by_name, None)


def _at(ids: tuple[int, ...], place: int) -> int | None:
    return ids[place] if place < len(ids) else None
