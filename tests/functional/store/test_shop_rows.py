"""Everything of a shop is deleted when its vendor asks for that, and nothing of anybody else's."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes.clock import NOON
from tests.fakes.people import connection, hold, merchant, order_record, unlinked_order
from tests.fakes.repositories import Repositories
from tests.unit.domain.samples import item
from tillbridge.domain.choice import Action, Choice
from tillbridge.domain.hour import GuardLog
from tillbridge.domain.listing import ListedProduct, ListedVariant
from tillbridge.domain.merchant import ConnectionState, Lane
from tillbridge.domain.product import Link, ListingRef
from tillbridge.domain.work import Cursor, Held, LaneLease, Mark, Run, Shelf
from tillbridge.store.keys import partition
from tillbridge.store.shop_rows import KINDS, ShopRows
from tillbridge.store.table import Table
from tillbridge.store.vocabulary import StoredVocabulary

SHOP, OTHER, TILL = "c1", "c10", "t1"
REF = ListingRef("17")


def fill(stored: Repositories, table: Table, shop: str) -> None:
    """Write a row of every kind that a shop has."""
    mark = Mark("42", NOON, NOON)
    for lane in Lane:
        stored.marks.add(shop, lane, [mark])
        stored.leases.swap(shop, lane, LaneLease(), LaneLease(holder="worker"))
        stored.holds.keep(shop, lane, [Held("h1", mark, NOON)])
        stored.holds.put_log(shop, lane, GuardLog(listings=1))
    stored.links.put(shop, [Link(product_key="I42", product_id="17")])
    stored.shelves.put(shop, [Shelf(item_id="42", ref=REF)])
    stored.shelves.note_verified(shop, ["42"], NOON)
    variant = ListedVariant(ref=REF, sku="X")
    stored.sightings.keep(shop, [ListedProduct(product_id="17", name="Mug", variants=(variant,))], NOON)
    stored.choices.put(shop, [Choice(key="I42", action=Action.IGNORE, decided_at=NOON)])
    StoredVocabulary(table, shop).put("brand", {"Northfell": "3"})
    stored.order_notes.put(shop, {"1001": "completed"})
    stored.order_records.put(order_record(shop, "1001"), None)
    stored.unlinked_orders.keep(shop, unlinked_order(REF))
    stored.holds.put(shop, hold(), None)
    stored.cursors.put(shop, "orders", Cursor(NOON))
    stored.runs.put(shop, "reconcile", Run(kind="reconcile", started_at=NOON, phase="done"))


def partitions(table: Table, shop: str) -> set[str]:
    """Name the kinds of rows that a shop has."""
    kinds = {kind for kind in KINDS if any(table.query(partition("S", shop, kind)))}
    return kinds | ({"C"} if any(table.query(partition("C", shop))) else set())


@pytest.fixture
def filled(stored: Repositories, table: Table) -> Repositories:
    stored.merchants.add(merchant())
    for name in (SHOP, OTHER, TILL):
        stored.connections.add(connection(name, account_name=f"Shop {name}", traits={"grant": "app"}))
    for shop in (SHOP, OTHER):
        fill(stored, table, shop)
    stored.mirror.put_items(TILL, [item("42")])
    return stored


def test_a_row_of_every_kind_is_deleted_and_another_shop_keeps_its_own(filled: Repositories, table: Table) -> None:
    assert partitions(table, SHOP) == {*KINDS, "C"}  # what is not filled here would not be tried
    before = {pk: list(table.query(pk)) for pk in (partition("S", OTHER, kind) for kind in KINDS)}
    ShopRows(table).forget(filled.connections.get(SHOP))
    assert partitions(table, SHOP) == set()
    assert {pk: list(table.query(pk)) for pk in before} == before  # invariant 5
    assert partitions(table, OTHER) == {*KINDS, "C"}
    assert list(filled.mirror.items(TILL, ["42"])) == ["42"]


def test_of_the_connection_only_that_it_was_there_remains(filled: Repositories, table: Table) -> None:
    ShopRows(table).forget(replace(filled.connections.get(SHOP), cause="secret words", remedy="more of them"))
    left = filled.connections.get(SHOP)
    assert (left.state, left.account_name, dict(left.traits)) == (ConnectionState.DISCONNECTED, "", {})
    assert (left.cause, left.remedy) == ("Its data was deleted as the vendor asked.", "")
    assert [one.connection_id for one in filled.connections.of_merchant("m1")] == [OTHER, TILL]


def test_it_can_be_repeated_and_with_nothing_there(filled: Repositories, table: Table) -> None:
    known = filled.connections.get(SHOP)
    for _ in range(2):
        ShopRows(table).forget(known)
    assert partitions(table, SHOP) == set()


def test_more_rows_than_one_request_deletes(filled: Repositories, table: Table) -> None:
    links = [Link(product_key=f"I{number}", product_id=str(number)) for number in range(60)]
    filled.links.put(SHOP, links)
    ShopRows(table).forget(filled.connections.get(SHOP))
    assert filled.links.count(SHOP) == 0
    assert filled.links.count(OTHER) == 1


def test_every_kind_of_row_below_a_shop_is_named(project_root: Path) -> None:
    """The package's own list of rows is held against what is deleted."""
    text = (project_root / "layers/tillbridge/tillbridge/store/__init__.py").read_text(encoding="utf-8")
    named = {
        kind.strip().removeprefix("#")
        for line in text.splitlines()
        if line.strip().startswith("S#{shop}#") and " | " in line
        for kind in line.strip().removeprefix("S#{shop}").partition("|")[0].split(",")
    }
    assert named == set(KINDS)
