"""A WooCommerce shop that sells already, between both stand-ins: what is linked is foretold, calls included."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.functional.preview.between import preview_asking, sync
from tests.proof.wires import SHOP, Wires, wires
from tillbridge.domain.product import ListingRef
from tillbridge.flows.operate.preview_answers import ChangeKind, PlannedChange
from tillbridge.flows.survey import survey
from tillbridge.systems.common.texts import amount_text

ITEMS = 60
OTHER_PRICE, OTHER_STOCK = "9.99", 77

Shown = dict[tuple[str, str], str]
"""Listing and field -> text."""


@pytest.fixture
def run() -> Iterator[Wires]:
    """Open a till and a shop that sold all of it before Tillbridge came: filled by us, and then forgotten."""
    with wires(ITEMS, patience=30) as opened:
        opened.first_read()
        sync(opened)
        memory = opened.memory
        for rows in (memory.links, memory.shelves, memory.listings, memory.vocabulary):
            rows.clear()
        memory.runs = {key: run for key, run in memory.runs.items() if key[0] != SHOP}
        for product in list(opened.shop.products):
            stock = OTHER_STOCK if product.manage_stock else None
            other = replace(product, meta=(), regular_price=OTHER_PRICE, stock_quantity=stock)
            opened.shop.products.save(replace(product, meta=()) if product.type == "variable" else other)
        assert survey(opened.keeper())
        yield opened


@pytest.mark.parametrize(("bound", "names"), [("off", {"regular_price", "stock"}), ("20", {"stock"})])
def test_what_is_linked_is_foretold_with_price_stock_and_calls(  # invariant 6  # invariant 8
    run: Wires, bound: str, names: set[str]
) -> None:
    before = _shown(run)
    rounds = preview_asking(run, guard_repriced=bound)
    told = _told([change for one in rounds for change in one.changes])
    assert not run.memory.links

    assert sync(run, guard_repriced=bound) == sum(one.calls for one in rounds)

    wrote = {key: text for key, text in _shown(run).items() if before.get(key) != text}
    assert {name for _, name in wrote} == names
    assert wrote == {key: text for key, text in _by_listing(run, told).items() if before.get(key) != text}


def _told(changes: list[PlannedChange]) -> Shown:
    """What would be written of price and stock, by item."""
    assert ChangeKind.CREATE not in {change.kind for change in changes}
    written = [change for change in changes if change.kind in {ChangeKind.CHANGE, ChangeKind.STOCK}]
    return {
        (field.item, field.field): field.new
        for change in written
        for field in change.fields
        if field.field in {"regular_price", "stock"}
    }


def _by_listing(run: Wires, told: Shown) -> Shown:
    links = run.memory.links[SHOP].values()
    refs = {known.item_id: known.ref for link in links for known in link.variants}
    return {(str(refs[item]), name): text for (item, name), text in told.items()}


def _shown(run: Wires) -> Shown:
    """All that the shop shows, by listing."""
    found: Shown = {}
    for row in run.shop.products:
        ref = str(ListingRef(str(row.parent_id), str(row.id)) if row.is_variation else ListingRef(str(row.id)))
        found |= {(ref, "name"): row.name, (ref, "status"): row.status, (ref, "sku"): row.sku}
        if row.type != "variable":
            found[ref, "regular_price"] = amount_text(row.regular_price)
            found[ref, "stock"] = str(row.stock_quantity)
    return found
