"""Read listings back as they are."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import unescape

from tillbridge.domain.planning import as_text
from tillbridge.domain.product import ListingRef, Visibility
from tillbridge.systems.shop import FoundListing, ObservedVariant
from tillbridge.systems.woocommerce.api.batches import in_pieces
from tillbridge.systems.woocommerce.api.catalogue import Catalogue, ref_of
from tillbridge.systems.woocommerce.api.names import amount_text
from tillbridge.systems.woocommerce.api.wire import MOST_UNITS, ListingRow


def find_by_sku(catalogue: Catalogue, skus: Sequence[str]) -> Mapping[str, tuple[FoundListing, ...]]:
    """Find the listings that carry these SKUs, drafts included; every SKU has an entry."""
    found = catalogue.by_skus(skus)
    return {
        sku: tuple(
            FoundListing(ref_of(row), unescape(row.sku), unescape(row.name), parent=row.type == "variable")
            for row in found.get(sku, ())
        )
        for sku in skus
    }


def observe(catalogue: Catalogue, refs: Sequence[ListingRef]) -> Mapping[ListingRef, ObservedVariant]:
    """Read simple products by id, and variations below their parents; what is gone is absent."""
    simple = [ref for ref in refs if not ref.variant_id]
    rows = catalogue.by_ids(ref.product_id for ref in simple)
    found = {ref: _observed(ref, rows[ref.product_id]) for ref in simple if ref.product_id in rows}
    for product_id, variant_ids in _by_parent(refs).items():
        for row in _variations(catalogue, product_id, variant_ids):
            ref = ListingRef(product_id, str(row.id))
            found[ref] = _observed(ref, row)
    return found


def _by_parent(refs: Iterable[ListingRef]) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for ref in refs:
        if ref.variant_id:
            grouped.setdefault(ref.product_id, []).append(ref.variant_id)
    return grouped


def _variations(catalogue: Catalogue, product_id: str, variant_ids: Sequence[str]) -> Iterator[ListingRow]:
    for piece in in_pieces(variant_ids):
        yield from catalogue.variations_of(product_id, piece)


def _observed(ref: ListingRef, row: ListingRow) -> ObservedVariant:
    """Give the texts that need no knowledge of the till to be written."""
    units = row.stock_quantity
    counted = row.manage_stock is True and units is not None and -MOST_UNITS <= units <= MOST_UNITS
    return ObservedVariant(
        ref=ref,
        sku=unescape(row.sku),
        quantity=int(units or 0) if counted else None,
        fields={
            "name": unescape(row.name),
            "sku": unescape(row.sku),
            "gtin": row.global_unique_id or "",
            "regular_price": amount_text(row.regular_price),
            "sale_price": amount_text(row.sale_price),
            "tax_class": "none" if row.tax_status == "none" else row.tax_class,
            "weight": amount_text(row.weight),
            "visibility": str(Visibility.PUBLISHED if row.status == "publish" else Visibility.DRAFT),
            "category": as_text([unescape(term.name) for term in row.categories]),
        },
    )
