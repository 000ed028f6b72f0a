"""What each operation asks of the table. The figures stand in the docstring of ``tillbridge.store``."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.fakes.clock import NOON, FakeClock
from tests.fakes.dynamodb import Calls
from tests.fakes.people import connection, hold, merchant, order_record, unlinked_order
from tests.fakes.repositories import Repositories
from tests.unit.domain.samples import REFERENCE, item, level, variant
from tillbridge.domain.choice import Action, Choice
from tillbridge.domain.listing import ListedProduct, ListedVariant
from tillbridge.domain.matching import sku_keys
from tillbridge.domain.merchant import ConnectionState, Lane
from tillbridge.domain.product import Link, ListingRef
from tillbridge.domain.work import Cursor, Held, LaneLease, Mark, Shelf
from tillbridge.store.table import Table
from tillbridge.store.vocabulary import StoredVocabulary

GET, PUT, QUERY, UPDATE = "GetItem", "PutItem", "Query", "UpdateItem"
READ, WRITE, TRANSACT = "BatchGetItem", "BatchWriteItem", "TransactWriteItems"

HUNDRED = [str(number) for number in range(1, 101)]
ITEMS = [item(one, manufacturer_sku="", upc="", ean="") for one in HUNDRED]  # two SKUs each
VARIANTS = [variant(one, one, matrix_id=str(int(one) % 10)) for one in HUNDRED]
LEVELS = [level(one) for one in HUNDRED]
SHELVES = [Shelf(item_id=one, ref=ListingRef(one)) for one in HUNDRED]


def used(calls: Calls, operation: Callable[[], object]) -> dict[str, int]:
    calls.take()
    operation()
    return calls.take()


def test_the_mirror(stored: Repositories, calls: Calls) -> None:
    mirror = stored.mirror
    # 200 pointers from SKUs, then 100 items
    assert used(calls, lambda: mirror.put_items("t", ITEMS, previous={})) == {UPDATE: 1, WRITE: 8 + 4}
    known = dict(mirror.items("t", HUNDRED))
    assert used(calls, lambda: mirror.put_items("t", ITEMS, previous=known)) == {WRITE: 4}
    assert used(calls, lambda: mirror.put_items("t", ITEMS)) == {QUERY: 1, WRITE: 4}
    assert used(calls, lambda: mirror.put_items("v", VARIANTS, previous={})) == {UPDATE: 10 + 1, WRITE: 8 + 4}
    assert used(calls, lambda: mirror.items("t", HUNDRED)) == {QUERY: 1}
    assert used(calls, lambda: mirror.variants("v", HUNDRED)) == {QUERY: 2}
    assert used(calls, lambda: mirror.find_by_sku("t", "MUG-42")) == {QUERY: 1, READ: 1}
    assert used(calls, lambda: list(mirror.every_item("t"))) == {QUERY: 1}
    assert used(calls, lambda: mirror.ids_between("t", "0", "100")) == {QUERY: 1}
    assert used(calls, lambda: mirror.unmet("t", 99)) == {QUERY: 1}


def test_stock(stored: Repositories, calls: Calls) -> None:
    mirror = stored.mirror
    assert used(calls, lambda: mirror.put_stock("t", LEVELS, guarded=False)) == {WRITE: 4}
    assert used(calls, lambda: mirror.put_stock("t", LEVELS, guarded=True)) == {TRANSACT: 1}
    assert used(calls, lambda: mirror.put_stock("t", LEVELS[:1], guarded=True)) == {PUT: 1}
    assert used(calls, lambda: mirror.stock("t", HUNDRED, ["1", "2"])) == {QUERY: 1}
    late = [level(one, updated_at=NOON - timedelta(seconds=1)) for one in HUNDRED]
    assert used(calls, lambda: mirror.put_stock("t", late, guarded=True)) == {TRANSACT: 1}


def test_the_lists_of_an_account(stored: Repositories, calls: Calls) -> None:
    assert used(calls, lambda: stored.mirror.put_reference("t", REFERENCE)) == {QUERY: 1, WRITE: 1, PUT: 1}
    assert used(calls, lambda: stored.mirror.put_reference("t", REFERENCE)) == {QUERY: 1}
    assert used(calls, lambda: stored.mirror.reference("t")) == {QUERY: 1}
    assert used(calls, lambda: stored.mirror.locations("t")) == {QUERY: 1}


def test_marks(stored: Repositories, calls: Calls) -> None:
    marks = [Mark(one, NOON, NOON) for one in HUNDRED]
    assert used(calls, lambda: stored.marks.add("s", Lane.STOCK, marks)) == {WRITE: 4}
    assert used(calls, lambda: stored.marks.due("s", Lane.STOCK, NOON, 2000)) == {QUERY: 1}
    read = stored.marks.due("s", Lane.STOCK, NOON, 2000)
    assert used(calls, lambda: stored.marks.remove("s", Lane.STOCK, read)) == {WRITE: 4}


def test_links_and_shelves(stored: Repositories, calls: Calls) -> None:
    links = [Link(product_key=f"I{one}", product_id=one) for one in HUNDRED]
    assert used(calls, lambda: stored.links.put("s", links)) == {WRITE: 4}
    assert used(calls, lambda: stored.links.get("s", [link.product_key for link in links])) == {QUERY: 1}
    assert used(calls, lambda: list(stored.links.troubled("s"))) == {QUERY: 1}
    assert used(calls, lambda: stored.links.count("s")) == {QUERY: 1}
    assert used(calls, lambda: list(stored.links.every("s", "I5", 50))) == {QUERY: 1}
    assert used(calls, lambda: stored.shelves.note_verified("s", HUNDRED, NOON)) == {READ: 1, WRITE: 1}
    assert used(calls, lambda: stored.shelves.verified("s", HUNDRED)) == {READ: 1}
    assert used(calls, lambda: stored.shelves.put("s", SHELVES)) == {WRITE: 8}
    assert used(calls, lambda: stored.shelves.put("s", SHELVES, moved=False)) == {WRITE: 4}
    assert used(calls, lambda: stored.shelves.get("s", HUNDRED)) == {QUERY: 1}
    assert used(calls, lambda: stored.shelves.at("s", [shelf.ref for shelf in SHELVES])) == {QUERY: 1, READ: 1}


def test_what_waits_for_a_person(stored: Repositories, calls: Calls) -> None:
    holds, rechecks = stored.holds, stored.rechecks
    held = [Held("h1", Mark(one, NOON, NOON), NOON) for one in HUNDRED]
    assert used(calls, lambda: holds.unsettled("s")) == {QUERY: 1}
    assert used(calls, lambda: holds.put("s", hold(), None)) == {PUT: 1}
    assert used(calls, lambda: holds.keep("s", Lane.STOCK, held)) == {WRITE: 4}
    assert used(calls, lambda: holds.find("s", Lane.STOCK, HUNDRED)) == {READ: 1}
    assert used(calls, lambda: list(holds.held("s", Lane.STOCK, "h1"))) == {QUERY: 1}
    assert used(calls, lambda: holds.let_go("s", Lane.STOCK, HUNDRED)) == {WRITE: 4}
    assert used(calls, lambda: holds.put_log("s", Lane.STOCK, holds.log("s", Lane.STOCK))) == {GET: 1, PUT: 1}
    assert used(calls, lambda: stored.shelves.count("s")) == {QUERY: 1}
    assert used(calls, lambda: rechecks.ask("t", HUNDRED)) == {WRITE: 4}
    assert used(calls, lambda: rechecks.asked("t")) == {QUERY: 1}
    assert used(calls, lambda: rechecks.answers("t", HUNDRED)) == {READ: 1}


def test_sightings_and_choices(stored: Repositories, calls: Calls) -> None:
    listed = [
        ListedProduct(product_id=one, variants=(ListedVariant(ref=ListingRef(one), sku=f"S{one}"),)) for one in HUNDRED
    ]
    keys = [key for one in HUNDRED for key in sku_keys(f"S{one}")]
    assert used(calls, lambda: stored.sightings.keep("s", listed, NOON)) == {QUERY: 1, READ: 1, WRITE: 8}
    assert used(calls, lambda: stored.sightings.keep("s", listed, NOON)) == {QUERY: 1, READ: 1, WRITE: 4}
    assert used(calls, lambda: stored.sightings.showing("s", keys)) == {QUERY: 1, READ: 1}
    assert used(calls, lambda: list(stored.sightings.every("s"))) == {QUERY: 1}
    assert used(calls, lambda: stored.mirror.carrying("t", keys[:3])) == {QUERY: 3}
    choices = [Choice(key=f"I{one}", action=Action.IGNORE, decided_at=NOON) for one in HUNDRED]
    assert used(calls, lambda: stored.choices.put("s", choices)) == {WRITE: 4}
    assert used(calls, lambda: stored.choices.get("s", [choice.key for choice in choices])) == {READ: 1}
    assert used(calls, lambda: stored.shelves.remove("s", HUNDRED)) == {WRITE: 4}


def test_orders(stored: Repositories, calls: Calls) -> None:
    two = {"42": 1, "43": 2}
    assert used(calls, lambda: stored.reservations.set("t", "o", two)) == {GET: 1, TRANSACT: 1}
    assert used(calls, lambda: stored.reservations.set("t", "o", two)) == {GET: 1}
    assert used(calls, lambda: stored.reservations.of("t", HUNDRED)) == {QUERY: 1}
    assert used(calls, lambda: stored.order_notes.put("s", {"1": "x", "2": "y"})) == {WRITE: 1}
    assert used(calls, lambda: stored.order_notes.get("s", HUNDRED)) == {READ: 1}


def test_unlinked_orders(stored: Repositories, calls: Calls) -> None:
    orders, refs = stored.unlinked_orders, [ListingRef(one) for one in HUNDRED]
    assert used(calls, lambda: list(orders.awaiting("s", refs))) == {QUERY: 1}
    assert used(calls, lambda: orders.keep("s", unlinked_order(refs[0]))) == {WRITE: 1}
    assert used(calls, lambda: list(orders.awaiting("s", refs[1:]))) == {QUERY: 1, READ: 1}
    assert used(calls, lambda: list(orders.awaiting("s", refs))) == {QUERY: 2, READ: 1}
    assert used(calls, lambda: orders.kept("s", HUNDRED)) == {READ: 1}
    assert used(calls, lambda: orders.forget("s", HUNDRED)) == {WRITE: 4}


def test_order_records(stored: Repositories, calls: Calls) -> None:
    records = stored.order_records
    assert used(calls, lambda: records.put(order_record("s"), None)) == {PUT: 1}
    assert used(calls, lambda: records.get("s", HUNDRED)) == {READ: 1}
    assert used(calls, lambda: list(records.listed("s", "due"))) == {QUERY: 1}
    assert used(calls, lambda: records.point("t", HUNDRED, order_record("s"))) == {WRITE: 4}
    assert used(calls, lambda: records.pointed("t", HUNDRED)) == {READ: 1}


def test_people_and_progress(stored: Repositories, calls: Calls) -> None:
    assert used(calls, lambda: stored.merchants.add(merchant())) == {PUT: 1}
    assert used(calls, lambda: stored.merchants.get("m1")) == {GET: 1}
    assert used(calls, lambda: stored.connections.add(connection())) == {TRANSACT: 1}
    assert used(calls, lambda: stored.connections.get("c1")) == {QUERY: 1}
    assert used(calls, lambda: stored.connections.of_merchant("m1")) == {QUERY: 1}
    assert used(calls, lambda: list(stored.connections.list())) == {QUERY: 16}
    assert used(calls, lambda: stored.connections.save(connection())) == {PUT: 1}
    gone = connection(state=ConnectionState.DISCONNECTED)
    assert used(calls, lambda: stored.connections.save(gone)) == {TRANSACT: 1}
    assert used(calls, lambda: stored.cursors.put("c1", "stock", Cursor(NOON))) == {PUT: 1}
    assert used(calls, lambda: stored.cursors.get("c1", "stock")) == {GET: 1}
    lease = LaneLease(fence=1, holder="a", until=NOON)
    assert used(calls, lambda: stored.leases.swap("s", Lane.STOCK, LaneLease(), lease)) == {PUT: 1}
    assert used(calls, lambda: stored.leases.get("s", Lane.STOCK)) == {GET: 1}


def test_vocabulary(table: Table, calls: Calls) -> None:
    vocabulary = StoredVocabulary(table, "s")
    assert used(calls, lambda: vocabulary.put("brand", dict.fromkeys(HUNDRED, "1"))) == {WRITE: 4}
    assert used(calls, lambda: [vocabulary.get("brand", one) for one in HUNDRED]) == {QUERY: 1}
    assert used(calls, lambda: vocabulary.get("brand", "unknown")) == {}
    assert used(calls, lambda: vocabulary.forget("brand")) == {QUERY: 1, WRITE: 4}


@pytest.mark.parametrize(
    "nothing",
    [
        lambda stores: stores.mirror.put_items("t", []),
        lambda stores: stores.mirror.put_stock("t", [], guarded=True),
        lambda stores: stores.mirror.items("t", []),
        lambda stores: stores.marks.add("s", Lane.STOCK, []),
        lambda stores: stores.marks.remove("s", Lane.STOCK, []),
        lambda stores: stores.links.put("s", []),
        lambda stores: stores.shelves.at("s", []),
        lambda stores: stores.sightings.keep("s", [], NOON),
        lambda stores: stores.sightings.showing("s", []),
        lambda stores: stores.choices.get("s", []),
        lambda stores: stores.mirror.carrying("t", []),
        lambda stores: stores.order_notes.put("s", {}),
        lambda stores: stores.holds.find("s", Lane.STOCK, []),
        lambda stores: stores.holds.keep("s", Lane.STOCK, []),
        lambda stores: stores.holds.let_go("s", Lane.STOCK, []),
        lambda stores: stores.rechecks.answers("t", []),
    ],
)
def test_nothing_costs_nothing(
    stored: Repositories, calls: Calls, clock: FakeClock, nothing: Callable[[Repositories], object]
) -> None:
    assert used(calls, lambda: nothing(stored)) == {}
    assert clock.now() == NOON
