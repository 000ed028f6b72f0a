"""Read listings back as they are."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import unescape

from tillbridge.domain.planning import as_text
from tillbridge.domain.product import ListingRef, Visibility
from tillbridge.systems.common.pieces import in_pieces
from tillbridge.systems.common.texts import amount_text
from tillbridge.systems.common.wire import MOST_UNITS
from tillbridge.systems.shop import FoundListing, ObservedVariant
from tillbridge.systems.woocommerce.api.catalogue import Catalogue, ref_of
from tillbridge.systems.woocommerce.api.client import PAGE
from tillbridge.systems.woocommerce.api.wire import ListingRow


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


def observe(
    catalogue: Catalogue, refs: Sequence[ListingRef], skus: Mapping[ListingRef, str]
) -> Mapping[ListingRef, ObservedVariant]:
    """Read products by id and variations by SKU, a hundred per call each (facts/woocommerce.md, "Products").

    Variations that are not found so (without a SKU, or with another one by now) are asked for below their parents.
    """
    whole = [ref for ref in refs if not ref.variant_id]
    rows = catalogue.by_ids(ref.product_id for ref in whole)
    found = {ref: _observed(ref, rows[ref.product_id]) for ref in whole if ref.product_id in rows}
    lost = {ref.product_id for ref in whole if ref not in found}
    variations = [ref for ref in refs if ref.variant_id and ref.product_id not in lost]
    found |= _by_sku(catalogue, variations, skus)
    for product_id, variant_ids in _by_parent(ref for ref in variations if ref not in found).items():
        for row in _variations(catalogue, product_id, variant_ids):
            ref = ListingRef(product_id, str(row.id))
            found[ref] = _observed(ref, row)
    return found


def _by_sku(
    catalogue: Catalogue, refs: Sequence[ListingRef], skus: Mapping[ListingRef, str]
) -> dict[ListingRef, ObservedVariant]:
    """Find variations by their SKUs; a row counts only if it is the very variation."""
    wanted = {ref: skus[ref] for ref in refs if skus.get(ref)}
    found = catalogue.by_skus(wanted.values())
    rows = {ref_of(row): row for group in found.values() for row in group}
    return {ref: _observed(ref, rows[ref]) for ref in wanted if ref in rows}


def _by_parent(refs: Iterable[ListingRef]) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for ref in refs:
        if ref.variant_id:
            grouped.setdefault(ref.product_id, []).append(ref.variant_id)
    return grouped


def _variations(catalogue: Catalogue, product_id: str, variant_ids: Sequence[str]) -> Iterator[ListingRow]:
    for piece in in_pieces(variant_ids, PAGE):
        yield from catalogue.variations_of(product_id, piece)


def _observed(ref: ListingRef, row: ListingRow) -> ObservedVariant:
    units = row.stock_quantity
    counted = row.manage_stock is True and units is not None and -MOST_UNITS <= units <= MOST_UNITS
    return ObservedVariant(
        ref=ref,
        sku=unescape(row.sku),
        quantity=int(units or 0) if counted else None,
        fields={**_sellable_texts(row), **(_variation_texts(row) if ref.variant_id else _product_texts(row))},
    )


def _sellable_texts(row: ListingRow) -> dict[str, str]:
    """Give what variations and simple products have; a tax class that is the parent's says nothing of its own."""
    texts = {
        "sku": unescape(row.sku),
        "regular_price": amount_text(row.regular_price),
        "sale_price": amount_text(row.sale_price),
        "weight": amount_text(row.weight),
        "visibility": str(Visibility.PUBLISHED if row.status == "publish" else Visibility.DRAFT),
    }
    if row.global_unique_id is not None:
        texts["gtin"] = row.global_unique_id
    if row.tax_status == "none" or row.tax_class != "parent":
        texts["tax_class"] = "none" if row.tax_status == "none" else row.tax_class
    return texts


def _variation_texts(row: ListingRow) -> dict[str, str]:
    return {"options": as_text([unescape(chosen.option) for chosen in row.attributes])}


def _product_texts(row: ListingRow) -> dict[str, str]:
    """Give what products have; a shop without brands says nothing of them."""
    used = [[unescape(use.name), [unescape(value) for value in use.options]] for use in row.attributes if use.variation]
    texts = {
        "name": unescape(row.name),
        "description": row.description.strip(),
        "short_description": row.short_description.strip(),
        "category": as_text([unescape(term.name) for term in row.categories]),
        "options": as_text(used),
    }
    return texts if row.brands is None else texts | {"brand": as_text([unescape(term.name) for term in row.brands])}
