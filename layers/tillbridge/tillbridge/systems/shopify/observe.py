"""Read listings back as they are, products and variants by their ids."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from tillbridge.domain.merchant import Lane
from tillbridge.domain.planning import as_text
from tillbridge.domain.product import ListingRef, Visibility
from tillbridge.systems.shop import FoundListing, ObservedVariant
from tillbridge.systems.shopify.api.wire import ProductRow, VariantRow
from tillbridge.systems.shopify.catalogue import Catalogue, ref_of
from tillbridge.systems.shopify.levels import at_places, read_items
from tillbridge.systems.shopify.products.seen import prices_seen, visibility_seen, weight_seen
from tillbridge.systems.shopify.tools import Tools


def find_by_sku(catalogue: Catalogue, skus: Sequence[str]) -> Mapping[str, tuple[FoundListing, ...]]:
    """Find the listings that carry these SKUs, drafts included; every SKU has an entry."""
    return {
        sku: tuple(FoundListing(ref_of(row), row.sku, row.product.title if row.product else "") for row in rows)
        for sku, rows in catalogue.by_skus(skus).items()
    }


def observe(
    catalogue: Catalogue, refs: Sequence[ListingRef], places: Sequence[str] = ()
) -> Mapping[ListingRef, ObservedVariant]:
    """Read whole products a hundred per call and variants 250 per call; one that is gone is absent.

    Where ``places`` are named, the stock of those that are counted is read at all of them, 250 items per call.
    """
    products = catalogue.simple(ref.product_id for ref in refs if not ref.variant_id)
    variants = catalogue.variants(ref.variant_id for ref in refs if ref.variant_id)
    unit = catalogue.tools.traits.weight_unit
    found: dict[ListingRef, ObservedVariant] = {}
    sold: dict[ListingRef, VariantRow] = {}
    for ref in refs:
        if ref.variant_id:
            variant = variants.get(ref.variant_id)
            if variant is not None and variant.product is not None and variant.product.id == ref.product_id:
                found[ref], sold[ref] = _variant(ref, variant, unit), variant
        elif product := products.get(ref.product_id):
            found[ref] = _product(ref, product, unit)
            if product.has_only_default_variant and product.rows:
                sold[ref] = product.rows[0]
    return found | _at_places(catalogue.tools, found, sold, places) if places else found


def _at_places(
    tools: Tools,
    found: Mapping[ListingRef, ObservedVariant],
    sold: Mapping[ListingRef, VariantRow],
    places: Sequence[str],
) -> dict[ListingRef, ObservedVariant]:
    """Give what is counted with its figure at each of these places, 0 where it is not stocked."""
    counted = {
        ref: row.inventory_item.id for ref, row in sold.items() if row.inventory_item and row.inventory_item.tracked
    }
    items = read_items(tools.client, counted.values(), Lane.CATALOGUE) if counted else {}
    levels = {item_id: at_places(item) for item_id, item in items.items()}
    shares = {
        ref: {place: levels[item_id].get(place) or 0 for place in places}
        for ref, item_id in counted.items()
        if item_id in levels
    }
    return {ref: replace(found[ref], quantity=sum(at.values()), places=at) for ref, at in shares.items()}


def _product(ref: ListingRef, row: ProductRow, unit: str) -> ObservedVariant:
    """Give a product's own texts, and what its only variant shows where it has no options."""
    alone = row.rows[0] if row.has_only_default_variant and row.rows else None
    texts = {
        **(_sellable(alone, unit) if alone else {}),
        "name": row.title,
        "description": row.description_html,
        "category": as_text([row.product_type] if row.product_type else []),
        "brand": as_text([row.vendor] if row.vendor else []),
        "visibility": visibility_seen(row),
        "options": as_text(
            []
            if row.has_only_default_variant
            else [[option.name, [value.name for value in option.option_values]] for option in row.options]
        ),
    }
    return ObservedVariant(ref, alone.sku if alone else "", _quantity(alone) if alone else None, texts)


def _variant(ref: ListingRef, row: VariantRow, unit: str) -> ObservedVariant:
    """Give a variant's texts; below a product that is not published it says nothing of whether it is on sale."""
    texts = _sellable(row, unit) | {"options": as_text([choice.value for choice in row.selected_options])}
    if row.product is not None and row.product.published:
        texts["visibility"] = str(Visibility.PUBLISHED if row.published else Visibility.DRAFT)
    return ObservedVariant(ref, row.sku, _quantity(row), texts)


def _sellable(row: VariantRow, unit: str) -> dict[str, str]:
    regular, sale = prices_seen(row)
    texts = {
        "sku": row.sku,
        "gtin": row.barcode,
        "regular_price": regular,
        "sale_price": sale,
        "weight": weight_seen(row, unit),
    }
    return texts if row.taxable else texts | {"tax_class": "none"}


def _quantity(row: VariantRow) -> int | None:
    """Read what can be sold at the place that we write to; ``None`` where the shop does not count."""
    item = row.inventory_item
    if item is None or not item.tracked or item.inventory_level is None:
        return None
    return item.inventory_level.available
