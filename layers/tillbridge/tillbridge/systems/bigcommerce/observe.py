"""Read listings back as they are."""

from collections.abc import Mapping, Sequence

from tillbridge.domain.product import ListingRef, Visibility
from tillbridge.domain.stock import Quantity
from tillbridge.systems.bigcommerce.api.catalogue import Catalogue
from tillbridge.systems.bigcommerce.api.wire import ProductRow, VariantRow
from tillbridge.systems.bigcommerce.levels import read_levels
from tillbridge.systems.bigcommerce.products.names import LONG_NAME, without_suffix
from tillbridge.systems.bigcommerce.products.seen import choices_of, tax_seen, texts_of
from tillbridge.systems.bigcommerce.tools import Tools
from tillbridge.systems.shop import FoundListing, ObservedVariant

Rows = Mapping[ListingRef, tuple[ProductRow, VariantRow | None]]


def find_by_sku(catalogue: Catalogue, skus: Sequence[str]) -> Mapping[str, tuple[FoundListing, ...]]:
    """Find the listings that carry these SKUs, hidden ones included; every SKU has an entry."""
    found = catalogue.by_skus(skus)
    return {
        sku: tuple(FoundListing(hit.ref, sku, hit.product.name, parent=hit.parent) for hit in found.get(sku, ()))
        for sku in skus
    }


def observe(
    tools: Tools, refs: Sequence[ListingRef], places: Sequence[str] = ()
) -> Mapping[ListingRef, ObservedVariant]:
    """Read products with their variants, 250 a call, and the stock of those that are tracked."""
    products = tools.catalogue.by_ids(ref.product_id for ref in refs)
    rows = {ref: found for ref in refs if (found := _row_of(ref, products)) is not None}
    figures = _figures(tools, rows, places or (tools.traits.place,))
    return {
        ref: ObservedVariant(
            ref=ref,
            sku=own.sku if own else row.sku,
            quantity=sum(figures[ref].values()) if ref in figures else None,
            fields=_fields(tools, row, own),
            places=figures.get(ref, {}) if places else {},
        )
        for ref, (row, own) in rows.items()
    }


def _row_of(ref: ListingRef, products: Mapping[str, ProductRow]) -> tuple[ProductRow, VariantRow | None] | None:
    row = products.get(ref.product_id)
    if row is None or not ref.variant_id:
        return None if row is None else (row, None)
    own = next((variant for variant in row.choices if str(variant.id) == ref.variant_id), None)
    return None if own is None else (row, own)


def _figures(tools: Tools, rows: Rows, places: Sequence[str]) -> Mapping[ListingRef, Mapping[str, Quantity]]:
    """Read what each listing has at these places; one that is not tracked is absent."""
    tracked: dict[ListingRef, str] = {}
    for ref, (row, own) in rows.items():
        if own is not None and row.inventory_tracking == "variant":
            tracked[ref] = str(own.id)
        elif own is None and not row.variable and row.inventory_tracking in {"product", "variant"} and row.base_id:
            tracked[ref] = str(row.base_id)
    levels = read_levels(tools.client, tracked.values(), places) if tracked else {}
    return {ref: {place: levels.get((variant_id, place), 0) for place in places} for ref, variant_id in tracked.items()}


def _fields(tools: Tools, row: ProductRow, own: VariantRow | None) -> dict[str, str]:
    """Give the texts that can be compared; categories and brands are known by ids here, and left out."""
    texts = {**texts_of(row, own), "tax_class": tax_seen(row)}
    if own is not None:
        hidden = own.purchasing_disabled
        return {
            **texts,
            "options": choices_of(own),
            "visibility": str(Visibility.DRAFT if hidden else Visibility.PUBLISHED),
        }
    longer = tools.vocabulary.get(LONG_NAME, str(row.id))
    return {
        **({} if row.variable else texts),
        "name": without_suffix(row.name) if longer else row.name,
        "description": row.description.strip(),
        "visibility": str(Visibility.PUBLISHED if row.is_visible else Visibility.DRAFT),
    }
