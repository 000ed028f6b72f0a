"""Read a listing in the till's terms: for each field the text by which it is compared (``domain.planning``).

Where the shop says the same in its own way (``&amp;``, ``10.00``, options in another order), the till's own text is
given, so that equal things compare equal. Where it says something else, that is given as it is. Pure functions.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from html import unescape

from tillbridge.domain.agreement import folded, plain
from tillbridge.domain.planning import as_text, product_fields, variant_fields
from tillbridge.domain.product import Product, Variant, Visibility
from tillbridge.systems.woocommerce.api.names import amount_text, same_name
from tillbridge.systems.woocommerce.api.wire import AttributeRow, ListingRow
from tillbridge.systems.woocommerce.products.places import Places

CONTENT_SEEN = ("name", "description", "short_description", "category", "brand", "visibility", "options")
VARIANT_SEEN = (
    "sku",
    "gtin",
    "regular_price",
    "sale_price",
    "msrp",
    "tax_class",
    "weight",
    "options",
    "visibility",
)
"""All fields but pictures, which are known by the shop's ids (see ``images``)."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that the shop shows otherwise than it was told."""

    field: str
    sent: str
    got: str

    def __str__(self) -> str:
        """Render as ``name: sent "A", got "B"``, shortened."""
        return f'{self.field}: sent "{_short(self.sent)}", got "{_short(self.got)}"'


def content_seen(product: Product, row: ListingRow, places: Places) -> dict[str, str]:
    """Give the text of each of ``CONTENT_SEEN`` as the shop shows it."""
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
    return {name: _as_wanted(wanted[name], text) for name, text in seen.items()}


def variant_seen(variant: Variant, product: Product, row: ListingRow, places: Places) -> dict[str, str]:
    """Give the text of each of ``VARIANT_SEEN`` as the shop shows it."""
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
    return {name: _as_wanted(wanted[name], text) for name, text in seen.items()}


def differences(wanted: Mapping[str, str], seen: Mapping[str, str], sent: Collection[str]) -> list[Difference]:
    """List what the shop shows otherwise, among the fields that were sent."""
    return [
        Difference(name, wanted[name], text) for name, text in seen.items() if name in sent and text != wanted[name]
    ]


def _as_wanted(wanted: str, seen: str) -> str:
    return wanted if plain(wanted) == plain(seen) else seen


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


def _short(text: str, length: int = 60) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"
