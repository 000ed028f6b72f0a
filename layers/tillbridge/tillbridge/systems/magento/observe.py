"""Read listings back as they are."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TypeAlias

from tillbridge.domain.agreement import folded
from tillbridge.domain.product import ListingRef
from tillbridge.domain.stock import Quantity
from tillbridge.systems.magento.api.wire import ProductRow
from tillbridge.systems.magento.orders import Orders
from tillbridge.systems.magento.stock import fullest, legacy_figure, read_figures
from tillbridge.systems.magento.tools import Tools
from tillbridge.systems.shop import FoundListing, ObservedVariant

Figures: TypeAlias = dict[str, Quantity]
"""What there is of one product, by source."""


def find_by_sku(tools: Tools, skus: Sequence[str]) -> Mapping[str, tuple[FoundListing, ...]]:
    """Find the listings that carry these SKUs, drafts included; every SKU has an entry."""
    rows = tools.catalogue.by_skus(skus)
    return {sku: (_found(tools, rows[sku]),) if sku in rows else () for sku in skus}


def _found(tools: Tools, row: ProductRow) -> FoundListing:
    return FoundListing(tools.catalogue.ref_of(row), row.sku, row.name or "", parent=row.variable)


def observe(
    tools: Tools, orders: Orders, refs: Sequence[ListingRef], places: Sequence[str] = ()
) -> Mapping[ListingRef, ObservedVariant]:
    """Read products and children by their ids, and their stock by their SKUs.

    Ids stay when somebody gives a product another SKU; a child that was taken from its product is gone. The quantity is
    what can be bought of the sources we write to: less what open orders hold, from where it was added (``stock``).
    """
    rows = tools.catalogue.by_ids(one for ref in refs for one in (ref.product_id, ref.variant_id))
    there = [ref for ref in refs if _there(ref, rows)]
    counted = [_row(ref, rows) for ref in there if not _row(ref, rows).variable]
    if not counted:
        figures: dict[str, Figures] = {}
    elif tools.traits.multi_source:
        figures = _by_source(tools, orders, counted, places or (tools.traits.source,))
    else:
        figures = _single(tools, counted)
    return {ref: _observed(tools, ref, rows, figures, named=bool(places)) for ref in there}


def _there(ref: ListingRef, rows: Mapping[str, ProductRow]) -> bool:
    parent = rows.get(ref.product_id)
    if parent is None or not ref.variant_id:
        return parent is not None
    return ref.variant_id in rows and ref.variant_id in parent.children


def _row(ref: ListingRef, rows: Mapping[str, ProductRow]) -> ProductRow:
    return rows[ref.variant_id or ref.product_id]


def _single(tools: Tools, rows: Sequence[ProductRow]) -> dict[str, Figures]:
    shown = {row.key: legacy_figure(tools, row) for row in rows}
    return {key: {"": _whole(figure)} for key, figure in shown.items() if figure is not None}


def _by_source(tools: Tools, orders: Orders, rows: Sequence[ProductRow], places: Sequence[str]) -> dict[str, Figures]:
    """Read what each product has at these sources; one that has no row at any of them is not counted there."""
    shown, reserved = read_figures(tools, [row.sku for row in rows]), orders.unshipped()
    found: dict[str, Figures] = {}
    for row in rows:
        sku = folded(row.sku)
        if any((sku, place) in shown for place in places):
            at = {place: _whole(shown.get((sku, place), Decimal(0))) for place in places}
            held_at = fullest(at, tools.traits.source)
            found[row.key] = at | {held_at: at[held_at] - _whole(reserved.get(row.key, Decimal(0)))}
    return found


def _whole(figure: Decimal) -> Quantity:
    return int(figure) if figure == figure.to_integral_value() else figure


def _observed(
    tools: Tools, ref: ListingRef, rows: Mapping[str, ProductRow], figures: Mapping[str, Figures], *, named: bool
) -> ObservedVariant:
    row = _row(ref, rows)
    gtin = tools.terms.attributes.gtin_code()
    if ref.variant_id:
        fields = tools.reader.variant(row, rows[ref.product_id], gtin)
    elif row.variable:
        fields = tools.reader.content(row)
    else:
        fields = tools.reader.variant(row, None, gtin) | tools.reader.content(row)
    at = figures.get(row.key)
    quantity = None if at is None else sum(at.values(), 0)
    return ObservedVariant(ref=ref, sku=row.sku, quantity=quantity, fields=fields, places=at or {} if named else {})
