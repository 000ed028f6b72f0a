"""Links, shelves, order notes and vocabulary of a shop."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.fakes.clock import NOON, FakeClock
from tests.fakes.noise import noise
from tests.fakes.repositories import Repositories
from tests.fakes.stores import FakeVocabulary, Memory
from tillbridge.domain.errors import SomeRejectedError
from tillbridge.domain.product import KnownVariant, Link, ListingRef, OrderLine, Problem, UnlinkedOrder, WebOrder
from tillbridge.domain.work import Shelf
from tillbridge.store.errors import UnreadableRowError
from tillbridge.store.keys import Key
from tillbridge.store.order_notes import KEPT, StoredOrderNotes
from tillbridge.store.table import Table
from tillbridge.store.unlinked_orders import StoredUnlinkedOrders
from tillbridge.store.vocabulary import StoredVocabulary
from tillbridge.systems.shop import Vocabulary

SHOP = "s1"
LATER = NOON + timedelta(minutes=5)

LINK = Link(
    product_key="M7",
    product_id="17",
    fields={"name": "T-Shirt 🌲", "description": "", "category": '["A","B/C"]'},
    variants=(
        KnownVariant(item_id="42", ref=ListingRef("17", "18"), fields={"sku": "A#1"}, image_id="5"),
        KnownVariant(item_id="43", ref=ListingRef("17", "19")),
    ),
    image_ids={"8": "501"},
    created_by_us=True,
    unpublished_by_us=True,
    attempted_at=NOON,
    acknowledged_at=LATER,
    problem=Problem(code="no_price", happened="No price.", remedy="Set it.", since=NOON, tries=3, retry_at=LATER),
)


def test_links_are_found_again(stores: Repositories) -> None:
    plain = Link(product_key="I42")
    stores.links.put(SHOP, [LINK, plain])
    assert stores.links.get(SHOP, ["M7", "I42", "I43"]) == {"M7": LINK, "I42": plain}


def test_links_with_a_problem_are_listed_until_it_is_solved(stores: Repositories) -> None:
    stores.links.put(SHOP, [LINK, Link(product_key="I42")])
    assert list(stores.links.troubled(SHOP)) == [LINK]
    stores.links.put(SHOP, [replace(LINK, problem=None)])
    assert list(stores.links.troubled(SHOP)) == []


def test_links_that_have_a_listing_are_counted(stores: Repositories) -> None:
    links = [Link(product_key=f"I{number}", product_id=str(number) if number % 2 else "") for number in range(60)]
    assert stores.links.count(SHOP) == 0
    stores.links.put(SHOP, links)
    assert stores.links.count(SHOP) == 30


def test_every_link_is_gone_through_in_the_order_of_keys(stores: Repositories) -> None:
    keys = ["I1", "I10", "I2", "M1", "M10"]
    stores.links.put(SHOP, [Link(product_key=key) for key in reversed(keys)])
    stores.links.put("other", [Link(product_key="I5")])
    assert [link.product_key for link in stores.links.every(SHOP)] == keys
    assert [link.product_key for link in stores.links.every(SHOP, "I10")] == ["I2", "M1", "M10"]
    assert [link.product_key for link in stores.links.every(SHOP, "I1", 2)] == ["I10", "I2"]
    assert list(stores.links.every(SHOP, "M10")) == []


def test_it_is_noted_when_a_listing_was_seen_equal(stores: Repositories) -> None:
    assert stores.shelves.verified(SHOP, ["42"]) == {}
    stores.shelves.note_verified(SHOP, ["42", "43"], NOON)
    stores.shelves.note_verified(SHOP, ["43"], LATER)
    assert stores.shelves.verified(SHOP, ["42", "43", "44"]) == {"42": NOON, "43": LATER}
    assert stores.shelves.get(SHOP, ["42"]) == {}
    far = [str(number) for number in range(1, 2000, 100)]
    stores.shelves.note_verified(SHOP, far, LATER)
    assert stores.shelves.verified(SHOP, [*far, "42"]) == {**dict.fromkeys(far, LATER), "42": NOON}
    assert stores.shelves.verified("other", ["42"]) == {}


@pytest.mark.parametrize(
    "seen", ["", "no json", "[]", "3", '{"yesterday": ["42"]}', '{"2026-03-02T12:00:00.000000Z": 3}']
)
def test_a_note_that_somebody_wrote_by_hand_is_named(stored: Repositories, table: Table, seen: str) -> None:
    key = Key(f"S#{SHOP}#VERIFIED", f"{0:019}")
    table.write([{**key._asdict(), "seen": seen}])
    with pytest.raises(UnreadableRowError, match="seen"):
        stored.shelves.verified(SHOP, ["42"])


def test_a_link_too_large_for_a_row_is_named(stored: Repositories) -> None:
    small = replace(LINK, product_key="M8")
    with pytest.raises(SomeRejectedError, match=r"S#s1#LINK \| M7"):
        stored.links.put(SHOP, [replace(LINK, fields={"description": noise(600_000)}), small])
    assert stored.links.get(SHOP, ["M7", "M8"]) == {"M8": small}


def test_a_link_with_two_thousand_variants_fits(stores: Repositories) -> None:
    names = ("sku", "gtin", "regular_price", "sale_price", "weight", "option1", "option2", "option3", "image")
    variants = tuple(
        KnownVariant(
            item_id=str(number),
            ref=ListingRef("17", str(9_000_000 + number)),
            fields={name: f"{noise(12 + number % 7)}-{number}" for name in names},
        )
        for number in range(2000)
    )
    large = replace(LINK, variants=variants)
    stores.links.put(SHOP, [large])
    assert stores.links.get(SHOP, ["M7"]) == {"M7": large}


SHELF = Shelf(item_id="42", ref=ListingRef("17", "18"))

FULL_SHELF = replace(
    SHELF,
    known=0,
    tracked=False,
    sent_at=NOON,
    acknowledged_at=LATER,
    problem_code="gone",
    problem="It is gone.",
    remedy="Link it.",
)


def test_shelves_are_found_by_item_and_by_listing(stores: Repositories) -> None:
    simple = Shelf(item_id="43", ref=ListingRef("18"))
    stores.shelves.put(SHOP, [FULL_SHELF, simple])
    assert stores.shelves.get(SHOP, ["42", "43", "44"]) == {"42": FULL_SHELF, "43": simple}
    refs = [ListingRef("17", "18"), ListingRef("18"), ListingRef("17")]
    assert stores.shelves.at(SHOP, refs) == {refs[0]: "42", refs[1]: "43"}


def test_an_item_is_no_longer_found_at_a_listing_it_has_left(stores: Repositories) -> None:
    stores.shelves.put(SHOP, [SHELF])
    stores.shelves.put(SHOP, [replace(SHELF, ref=ListingRef("20"))])
    assert stores.shelves.at(SHOP, [ListingRef("17", "18"), ListingRef("20")]) == {ListingRef("20"): "42"}


def test_shelves_that_have_not_moved_are_still_found(stores: Repositories) -> None:
    stores.shelves.put(SHOP, [SHELF])
    stores.shelves.put(SHOP, [replace(SHELF, known=5)], moved=False)
    assert stores.shelves.get(SHOP, ["42"])["42"].known == 5
    assert stores.shelves.at(SHOP, [ListingRef("17", "18")]) == {ListingRef("17", "18"): "42"}


def test_links_go_on_behind_a_key(stores: Repositories) -> None:
    keys = [f"I{number}" for number in range(1, 31)] + ["M7"]
    stores.links.put(SHOP, [Link(product_key=key) for key in keys])
    for after in ("", "I10", "I9", "M7"):
        assert [link.product_key for link in stores.links.every(SHOP, after)] == sorted(
            key for key in keys if key > after
        )


def test_a_shelf_that_was_removed_leaves_its_listing_to_others(stores: Repositories) -> None:
    stores.shelves.put(SHOP, [SHELF, Shelf(item_id="43", ref=ListingRef("18"))])
    stores.shelves.remove(SHOP, ["42", "44"])
    assert list(stores.shelves.get(SHOP, ["42", "43"])) == ["43"]
    assert stores.shelves.at(SHOP, [SHELF.ref]) == {}
    stores.shelves.put(SHOP, [replace(SHELF, item_id="45")])
    assert stores.shelves.at(SHOP, [SHELF.ref]) == {SHELF.ref: "45"}


def test_order_states_are_remembered(stores: Repositories) -> None:
    stores.order_notes.put(SHOP, {"1001": "processing|True|17x2", "1002": "completed|False|"})
    stores.order_notes.put(SHOP, {"1001": "completed|False|17x2"})
    assert stores.order_notes.get(SHOP, ["1001", "1002", "1003"]) == {
        "1001": "completed|False|17x2",
        "1002": "completed|False|",
    }


def test_order_states_expire(table: Table, clock: FakeClock) -> None:
    StoredOrderNotes(table, clock).put(SHOP, {"1001": "processing"})
    row = table.get(Key("S#s1#ORDER", "1001"))
    assert row is not None
    assert row["expires_at"] == int((NOON + KEPT).timestamp())


MUG, SHIRT = ListingRef("17"), ListingRef("18", "19")
ORDER = WebOrder(
    order_id="1001",
    number="A-7",
    status="processing",
    lines=(OrderLine(MUG, Decimal("1.50"), "MUG"), OrderLine(SHIRT, Decimal(2))),
    holds_stock=True,
    taken_in_shop=True,
    changed_at=NOON,
)


def test_unlinked_orders_are_found_by_what_they_await(stores: Repositories) -> None:  # invariant 4
    orders = stores.unlinked_orders
    assert list(orders.awaiting(SHOP, [MUG])) == []
    both, other = UnlinkedOrder(ORDER, frozenset({MUG, SHIRT})), replace(ORDER, order_id="1002")
    orders.keep(SHOP, both)
    orders.keep(SHOP, UnlinkedOrder(other, frozenset({SHIRT})))
    assert list(orders.awaiting(SHOP, [MUG, ListingRef("20")])) == [both]
    assert [one.order.order_id for one in orders.awaiting(SHOP, [SHIRT])] == ["1001", "1002"]
    assert list(orders.awaiting(SHOP, [ListingRef("18"), ListingRef("20")])) == []
    assert list(orders.awaiting(SHOP, [])) == []
    orders.keep(SHOP, UnlinkedOrder(ORDER, frozenset({SHIRT})))
    assert list(orders.awaiting(SHOP, [MUG])) == []
    assert orders.kept(SHOP, ["1001", "1003"]) == {"1001"}
    orders.forget(SHOP, ["1001", "1003"])
    assert [one.order for one in orders.every(SHOP)] == [other]


def test_unlinked_orders_expire(table: Table, clock: FakeClock) -> None:
    StoredUnlinkedOrders(table, clock).keep(SHOP, UnlinkedOrder(ORDER, frozenset({MUG})))
    for key in (Key("S#s1#UNLINKED", "1001"), Key("S#s1#AWAITED", "17")):
        row = table.get(key)
        assert row is not None
        assert row["expires_at"] == int((NOON + KEPT).timestamp())


@pytest.fixture(params=["memory", "table"])
def vocabulary(request: pytest.FixtureRequest) -> Vocabulary:
    if request.param == "memory":
        return FakeVocabulary(Memory())
    return StoredVocabulary(request.getfixturevalue("table"), SHOP)


def test_names_are_remembered_by_kind(vocabulary: Vocabulary) -> None:
    vocabulary.put("category", {"A/B": "1", "A": "2"})
    vocabulary.put("term:7", {"A": "3", "Größe #1 🏕️": "4", "x" * 1200: "5"})
    assert vocabulary.get("category", "A/B") == "1"
    assert vocabulary.get("category", "A") == "2"
    assert vocabulary.get("term:7", "A") == "3"
    assert vocabulary.get("term:7", "Größe #1 🏕️") == "4"
    assert vocabulary.get("term:7", "x" * 1200) == "5"
    assert vocabulary.get("term:7", "x" * 1201) is None
    assert vocabulary.get("term", "A") is None


def test_a_kind_is_forgotten_as_a_whole(vocabulary: Vocabulary) -> None:
    vocabulary.put("category", {"A": "1"})
    vocabulary.put("brand", {"A": "2"})
    vocabulary.forget("category")
    assert vocabulary.get("category", "A") is None
    assert vocabulary.get("brand", "A") == "2"


def test_names_outlive_the_push_that_learnt_them(table: Table) -> None:
    first = StoredVocabulary(table, SHOP)
    first.put("brand", {"Northfell": "3"})
    assert first.get("brand", "Northfell") == "3"
    assert StoredVocabulary(table, SHOP).get("brand", "Northfell") == "3"
    StoredVocabulary(table, SHOP).forget("brand")
    assert StoredVocabulary(table, SHOP).get("brand", "Northfell") is None
