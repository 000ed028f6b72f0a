"""Read listings back as they are."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from tillbridge.domain.agreement import folded
from tillbridge.domain.product import ListingRef
from tillbridge.domain.stock import Quantity
from tillbridge.systems.magento.api.wire import ProductRow
from tillbridge.systems.magento.orders import Orders
from tillbridge.systems.magento.stock import legacy_figure, places_written, read_figures
from tillbridge.systems.magento.tools import Tools
from tillbridge.systems.shop import FoundListing, ObservedVariant


def find_by_sku(tools: Tools, skus: Sequence[str]) -> Mapping[str, tuple[FoundListing, ...]]:
    """Find the listings that carry these SKUs, drafts included; every SKU has an entry."""
    rows = tools.catalogue.by_skus(skus)
    return {sku: (_found(tools, rows[sku]),) if sku in rows else () for sku in skus}


def _found(tools: Tools, row: ProductRow) -> FoundListing:
    return FoundListing(tools.catalogue.ref_of(row), row.sku, row.name or "", parent=row.variable)


def observe(tools: Tools, orders: Orders, refs: Sequence[ListingRef]) -> Mapping[ListingRef, ObservedVariant]:
    """Read products and children by their ids, and their stock by their SKUs.

    Ids stay when somebody gives a product another SKU; a child that was taken from its product is gone. The quantity is
    what can be bought of the sources we write to: less what open orders hold, as it was written (``stock``).
    """
    rows = tools.catalogue.by_ids(one for ref in refs for one in (ref.product_id, ref.variant_id))
    there = [ref for ref in refs if _there(ref, rows)]
    counted = [_row(ref, rows) for ref in there if not _row(ref, rows).variable]
    quantities = _quantities(tools, orders, counted)
    return {ref: _observed(tools, ref, rows, quantities) for ref in there}


def _there(ref: ListingRef, rows: Mapping[str, ProductRow]) -> bool:
    parent = rows.get(ref.product_id)
    if parent is None or not ref.variant_id:
        return parent is not None
    return ref.variant_id in rows and ref.variant_id in parent.children


def _row(ref: ListingRef, rows: Mapping[str, ProductRow]) -> ProductRow:
    return rows[ref.variant_id or ref.product_id]


def _quantities(tools: Tools, orders: Orders, rows: Sequence[ProductRow]) -> dict[str, Quantity]:
    if not rows:
        return {}
    if not tools.traits.multi_source:
        shown = {row.key: legacy_figure(tools, row) for row in rows}
        return {key: _whole(figure) for key, figure in shown.items() if figure is not None}
    figures, reserved = read_figures(tools, [row.sku for row in rows]), orders.unshipped()
    found: dict[str, Quantity] = {}
    for row in rows:
        at = [figures[folded(row.sku), place] for place in places_written(tools) if (folded(row.sku), place) in figures]
        if at:
            found[row.key] = _whole(sum(at, Decimal(0)) - reserved.get(row.key, Decimal(0)))
    return found


def _whole(figure: Decimal) -> Quantity:
    return int(figure) if figure == figure.to_integral_value() else figure


def _observed(
    tools: Tools, ref: ListingRef, rows: Mapping[str, ProductRow], quantities: Mapping[str, Quantity]
) -> ObservedVariant:
    row = _row(ref, rows)
    gtin = tools.terms.attributes.gtin_code()
    if ref.variant_id:
        fields = tools.reader.variant(row, rows[ref.product_id], gtin)
    elif row.variable:
        fields = tools.reader.content(row)
    else:
        fields = tools.reader.variant(row, None, gtin) | tools.reader.content(row)
    return ObservedVariant(ref=ref, sku=row.sku, quantity=quantities.get(row.key), fields=fields)
