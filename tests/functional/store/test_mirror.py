"""The copy of a till."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.fakes.clock import NOON
from tests.fakes.noise import noise
from tests.fakes.repositories import Repositories
from tests.unit.domain.samples import REFERENCE, item, level, matrix, variant
from tillbridge.domain.catalogue import CustomField, Image, ItemType, Location, Reference, WebContent
from tillbridge.domain.errors import SomeRejectedError
from tillbridge.domain.matching import gtin_keys, sku_keys
from tillbridge.store.errors import ROW_LIMIT, UnreadableRowError
from tillbridge.store.table import Table

TILL = "till"

FULL_ITEM = item(
    "42",
    description="Zelt „Fjäll“ 🏕️ #3",
    item_type=ItemType.SERIALIZED,
    manufacturer_sku="A/B+C&D%E,F G",
    upc="012345678905",
    ean="4006381333931",
    publish_to_web=False,
    archived=True,
    category_id="5",
    manufacturer_id="3",
    tax_class_id="1",
    taxable=False,
    prices={"1": Decimal("12.3456789012345678901234567890"), "2": Decimal(0)},
    images=(Image("8", "https://images.example/8.jpg", 0, "Front"), Image("9", "https://images.example/9.jpg", 1)),
    tags=("webstore", "winter"),
    custom_fields=(CustomField("1", "Länge", "2 m"), CustomField("2", "leer", "")),
    web=WebContent("<p>Long</p>", "Short", Decimal("1.250"), None, Decimal(0), Decimal(3)),
)


def test_items_are_found_again(stores: Repositories) -> None:
    plain = item("43")
    stores.mirror.put_items(TILL, [FULL_ITEM, plain])
    assert stores.mirror.items(TILL, ["42", "43", "44"]) == {"42": FULL_ITEM, "43": plain}


def test_many_items_at_once(stores: Repositories) -> None:
    many = {str(number): item(str(number)) for number in range(1, 231)}
    stores.mirror.put_items(TILL, many.values())
    assert stores.mirror.items(TILL, [*many, *many]) == many
    assert {one.item_id: one for one in stores.mirror.every_item(TILL)} == many


def test_a_walk_goes_on_behind_an_id(stores: Repositories) -> None:
    stores.mirror.put_items(TILL, [item(str(number)) for number in range(1, 13)])
    stores.mirror.put_matrices(TILL, [matrix(matrix_id=number) for number in ("7", "8", "70")])
    assert [one.item_id for one in stores.mirror.every_item(TILL)] == sorted(map(str, range(1, 13)))
    assert [one.item_id for one in stores.mirror.every_item(TILL, "4")] == ["5", "6", "7", "8", "9"]
    assert [one.item_id for one in stores.mirror.every_item(TILL, "9")] == []
    assert [one.matrix_id for one in stores.mirror.every_matrix(TILL, "7")] == ["70", "8"]


def test_of_an_item_given_twice_the_last_counts(stores: Repositories) -> None:
    stores.mirror.put_items(TILL, [item("42", description="old"), item("42", description="new")])
    assert stores.mirror.items(TILL, ["42"])["42"].description == "new"


def test_matrices_are_found_again(stores: Repositories) -> None:
    wanted = matrix(tags=("a",), archived=True, category_id="5")
    stores.mirror.put_matrices(TILL, [wanted])
    assert stores.mirror.matrices(TILL, ["7", "8"]) == {"7": wanted}
    assert list(stores.mirror.every_matrix(TILL)) == [wanted]


def test_variants_come_in_the_order_of_ids(stores: Repositories) -> None:
    stores.mirror.put_items(TILL, [variant("10", "red"), variant("9", "blue"), item("8"), variant("100", "green")])
    found = stores.mirror.variants(TILL, ["7", "8"])
    assert [one.item_id for one in found["7"]] == ["9", "10", "100"]
    assert found["8"] == ()


def test_an_item_that_changes_its_matrix_is_found_there_only(stores: Repositories) -> None:
    stores.mirror.put_items(TILL, [variant("9", "red"), variant("10", "blue")])
    stores.mirror.put_items(TILL, [variant("9", "red", matrix_id="11"), item("10")])
    found = stores.mirror.variants(TILL, ["7", "11"])
    assert [one.item_id for one in found["7"]] == []
    assert [one.item_id for one in found["11"]] == ["9"]


@pytest.mark.parametrize("sku", ["210000000042", "MUG-42", "A/B+C&D%E,F G", "012345678905", "4006381333931"])
def test_an_item_is_found_by_each_of_its_skus(stores: Repositories, sku: str) -> None:
    stores.mirror.put_items(TILL, [FULL_ITEM, item("43")])
    assert list(stores.mirror.find_by_sku(TILL, sku)) == ["42"]


@pytest.mark.parametrize("sku", ["A", "A#", "A#B", "%23", "~x", "🏕️", "ß" * 300, "x" * 255])
def test_skus_that_begin_alike_are_told_apart(stores: Repositories, sku: str) -> None:
    others = ["A", "A#", "A#B", "A#B#C", "%23", "#", "~x", "🏕️", "ß" * 300, "ß" * 301, "x" * 255]
    items = [item(str(place), custom_sku=other) for place, other in enumerate(others, 1)]
    stores.mirror.put_items(TILL, items)
    assert list(stores.mirror.find_by_sku(TILL, sku)) == [str(others.index(sku) + 1)]


def test_a_sku_of_two_items_finds_both(stores: Repositories) -> None:
    stores.mirror.put_items(TILL, [item("10", custom_sku="X"), item("9", upc="X")])
    assert sorted(stores.mirror.find_by_sku(TILL, "X")) == ["10", "9"]
    assert list(stores.mirror.find_by_sku(TILL, "")) == []


def test_a_long_list_goes_on_behind_an_item_or_matrix(stores: Repositories) -> None:
    numbers = sorted(map(str, range(1, 31)))
    stores.mirror.put_items(TILL, map(item, numbers))
    stores.mirror.put_matrices(TILL, [matrix(matrix_id=number) for number in numbers])
    for after in ("", "1", "10", "28", "9", "X"):
        behind = [number for number in numbers if number > after]
        assert [one.item_id for one in stores.mirror.every_item(TILL, after)] == behind
        assert [one.matrix_id for one in stores.mirror.every_matrix(TILL, after)] == behind


def test_items_are_found_by_what_counts_as_the_same(stores: Repositories) -> None:
    carriers = [
        item("1", custom_sku="Mug  blue"),
        item("2", custom_sku="", manufacturer_sku=" MUG BLUE "),
        item("3", custom_sku="", upc="0 36000-29145 2", archived=True),
        item("4", custom_sku="", ean="0036000291452"),
        item("5", custom_sku="36000291452"),
    ]
    stores.mirror.put_items(TILL, carriers)
    mug, code, text, unknown = (
        *sku_keys("mug BLUE"),
        *gtin_keys("036000291452"),
        *sku_keys("36000291452"),
        *sku_keys("?"),
    )
    found = stores.mirror.carrying(TILL, [mug, code, text, unknown])
    ids = {key: [one.item_id for one in items] for key, items in found.items()}
    assert ids == {mug: ["1", "2"], code: ["3", "4"], text: ["3", "4", "5"], unknown: []}


def test_a_former_sku_finds_nothing(stores: Repositories) -> None:
    stores.mirror.put_items(TILL, [item("42", custom_sku="OLD")])
    stores.mirror.put_items(TILL, [item("42", custom_sku="NEW")])
    assert list(stores.mirror.find_by_sku(TILL, "OLD")) == []
    assert list(stores.mirror.find_by_sku(TILL, "NEW")) == ["42"]


def test_a_caller_may_say_what_there_was(stores: Repositories) -> None:
    old = item("42", custom_sku="OLD")
    stores.mirror.put_items(TILL, [old], previous={})
    stores.mirror.put_items(TILL, [item("42", custom_sku="NEW")], previous={"42": old})
    assert list(stores.mirror.find_by_sku(TILL, "OLD")) == []
    assert list(stores.mirror.find_by_sku(TILL, "NEW")) == ["42"]


def test_stock_is_told_by_location(stores: Repositories) -> None:
    rows = [level("42", "1", "5"), level("42", "2", "0.001"), level("43", "1", "-3")]
    stores.mirror.put_stock(TILL, rows, guarded=False)
    found = stores.mirror.stock(TILL, ["42", "43", "44"], ["1", "2"])
    assert found["42"].levels == {"1": rows[0], "2": rows[1]}
    assert found["43"].levels == {"1": rows[2]}
    assert found["44"].levels == {}
    assert stores.mirror.stock(TILL, ["42"], ["2"])["42"].levels == {"2": rows[1]}
    assert stores.mirror.stock(TILL, [], []) == {}


def test_guarded_stock_is_never_replaced_by_older_stock(stores: Repositories) -> None:
    """# invariant 1"""
    newer, older = NOON + timedelta(microseconds=1), NOON
    there = [level("1", "1", "5", updated_at=newer), level("3", "1", "5", updated_at=newer)]
    stores.mirror.put_stock(TILL, there, guarded=False)
    late = [level(str(number), "1", "9", updated_at=older) for number in range(1, 151)]
    stores.mirror.put_stock(TILL, late, guarded=True)
    found = stores.mirror.stock(TILL, [row.item_id for row in late], ["1"])
    assert {one for one, stock in found.items() if stock.levels["1"].sellable == 5} == {"1", "3"}


@pytest.mark.parametrize("number_of_rows", [1, 2])
def test_guarded_stock_of_the_same_time_is_replaced(stores: Repositories, number_of_rows: int) -> None:
    rows = [level(str(number), "1", "5") for number in range(number_of_rows)]
    stores.mirror.put_stock(TILL, rows, guarded=True)
    again = [replace(row, sellable=Decimal(4)) for row in rows]
    stores.mirror.put_stock(TILL, again, guarded=True)
    assert [stores.mirror.stock(TILL, [row.item_id], ["1"])[row.item_id].levels["1"] for row in again] == again


def test_of_stock_given_twice_the_newest_counts(stores: Repositories) -> None:
    newer = level("42", "1", "7", updated_at=NOON + timedelta(seconds=1))
    stores.mirror.put_stock(TILL, [newer, level("42", "1", "5")], guarded=True)
    assert stores.mirror.stock(TILL, ["42"], ["1"])["42"].levels["1"] == newer


def test_the_lists_of_an_account(stores: Repositories) -> None:
    assert stores.mirror.reference(TILL) is None
    assert stores.mirror.locations(TILL) == {}
    stores.mirror.put_reference(TILL, REFERENCE)
    assert stores.mirror.reference(TILL) == REFERENCE
    assert stores.mirror.locations(TILL) == REFERENCE.locations


def test_lists_are_replaced_as_a_whole(stores: Repositories) -> None:
    stores.mirror.put_reference(TILL, REFERENCE)
    smaller = replace(REFERENCE, categories={}, locations={"1": Location("1", "Moved")})
    stores.mirror.put_reference(TILL, smaller)
    assert stores.mirror.reference(TILL) == smaller


def test_empty_lists_have_been_read(stores: Repositories) -> None:
    stores.mirror.put_reference(TILL, Reference())
    assert stores.mirror.reference(TILL) == Reference()


def test_a_number_with_too_many_digits_names_row_and_field(stored: Repositories) -> None:
    with pytest.raises(SomeRejectedError, match=r"on_hand of the row T#till#STOCK \| 42#1 has more digits .*\(38\)"):
        stored.mirror.put_stock(TILL, [level("42", on_hand=Decimal("1" * 39))], guarded=True)


HUGE = item("42", web=WebContent(long_description=noise(600_000)))


def test_a_thing_too_large_for_a_row_is_named_and_the_others_are_stored(stored: Repositories) -> None:
    stored.mirror.put_items(TILL, [item("42")])
    with pytest.raises(SomeRejectedError, match=r"T#till#ITEM \| 42 would take 4.. KB") as refused:
        stored.mirror.put_items(TILL, [item("41"), HUGE, item("43")])
    assert "Shorten" in refused.value.remedy
    assert [error.subject.thing for error in refused.value.errors] == ["item 42"]
    assert stored.mirror.items(TILL, ["41", "42", "43"]) == {one: item(one) for one in ("41", "42", "43")}


@pytest.mark.parametrize("guarded", [True, False])
def test_a_figure_that_no_row_can_hold_stops_no_other(stored: Repositories, *, guarded: bool) -> None:
    rows = [level("41"), level("42", sellable="1." + "1" * 40), level("43")]
    with pytest.raises(SomeRejectedError) as refused:
        stored.mirror.put_stock(TILL, rows, guarded=guarded)
    assert [error.subject.thing for error in refused.value.errors] == ["stock 42#1"]
    kept = stored.mirror.stock(TILL, ["41", "42", "43"], ["1"])
    assert [len(one.levels) for one in kept.values()] == [1, 0, 1]


def test_a_book_for_a_description_fits(stores: Repositories) -> None:
    words = ("tent", "for", "two", "with", "a", "green", "roof", "and", "poles", "of", "aluminium")
    book = " ".join(words[ord(letter) % len(words)] for letter in noise(200_000))
    large = item("42", web=WebContent(long_description=book), tags=tuple(f"tag {n}" for n in range(500)))
    assert len(book) > ROW_LIMIT * 2
    stores.mirror.put_items(TILL, [large])
    assert stores.mirror.items(TILL, ["42"]) == {"42": large}
    assert list(stores.mirror.every_item(TILL)) == [large]


def test_text_that_is_no_unicode_is_kept(stores: Repositories) -> None:
    odd = item("42", description="half a pair \ud83d", custom_sku="\udc00")
    stores.mirror.put_items(TILL, [odd])
    assert stores.mirror.items(TILL, ["42"]) == {"42": odd}
    assert list(stores.mirror.find_by_sku(TILL, "\udc00")) == ["42"]


def test_pointers_that_cannot_be_read_are_named(stored: Repositories, table: Table) -> None:
    table.put({"pk": "T#till#CHILDREN", "sk": "7", "item_ids": "42"})
    with pytest.raises(UnreadableRowError, match=r"T#till#CHILDREN \| 7 cannot be read: item_ids"):
        stored.mirror.variants(TILL, ["7"])


def test_a_price_that_is_no_number_is_not_stored(stored: Repositories) -> None:
    """# invariant 1"""
    with pytest.raises(ValueError, match="finite"):
        stored.mirror.put_items(TILL, [item("42", prices={"1": Decimal("NaN")})])
    assert stored.mirror.items(TILL, ["42"]) == {}


def test_ids_are_listed_in_the_order_of_numbers_between_two_of_them(stores: Repositories) -> None:
    numbers = ["9", "10", "249", "250", "1000", "1001", "9" * 19]
    stores.mirror.put_items("t", [item(number) for number in numbers])
    stores.mirror.put_items("other", [item("500")])
    assert stores.mirror.ids_between("t", "0", "9" * 19) == numbers
    assert stores.mirror.ids_between("t", "9", "250") == ["10", "249", "250"]
    assert stores.mirror.ids_between("t", "1001", "1001") == []
    assert stores.mirror.ids_between("none", "0", "9") == []


def test_what_is_gone_is_not_listed_until_it_is_back(stores: Repositories) -> None:
    row = item("10")
    stores.mirror.put_items("t", [row, item("11")])
    stores.mirror.put_items("t", [replace(row, archived=True, gone=True)])
    assert stores.mirror.ids_between("t", "0", "99") == ["11"]
    stores.mirror.put_items("t", [replace(item("11"), archived=True, gone=True)])
    assert stores.mirror.ids_between("t", "0", "99") == []
    stores.mirror.put_items("t", [row])
    assert stores.mirror.ids_between("t", "0", "99") == ["10"]


def test_unmet_items_are_noted_until_they_are_forgotten(stores: Repositories) -> None:
    stores.mirror.note_unmet("t", ["1", "2", "3"])
    stores.mirror.note_unmet("t", ["3"])
    assert list(stores.mirror.unmet("t", 99)) == ["1", "2", "3"]
    assert len(stores.mirror.unmet("t", 2)) == 2
    stores.mirror.forget_unmet("t", ["1", "3", "7"])
    assert list(stores.mirror.unmet("t", 99)) == ["2"]
    assert list(stores.mirror.unmet("other", 99)) == []
