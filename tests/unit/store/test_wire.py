"""Values on their way to the table."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.noise import noise
from tests.unit.store.strategies import AMOUNTS
from tillbridge.store.errors import ROW_LIMIT, RowTooLargeError, TooManyDigitsError, UnreadableRowError
from tillbridge.store.wire import PACK_FROM, from_wire, row_to_wire

KEY = {"pk": "T#c1#STOCK", "sk": "42#1"}


@given(AMOUNTS | st.decimals(places=30, allow_nan=False, allow_infinity=False))
def test_a_number_is_kept_exactly_or_refused(number: Decimal) -> None:
    try:
        wire = row_to_wire({**KEY, "on_hand": number})
    except TooManyDigitsError:
        digits = len(number.as_tuple().digits)
        assert digits > 38 or not -130 <= number.adjusted() <= 125
    else:
        assert from_wire(wire)["on_hand"] == number


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1" * 39, "1E+126", "1E-131", "0." + "1" * 39])
def test_a_number_that_the_table_cannot_keep_names_its_field(number: str) -> None:
    with pytest.raises(TooManyDigitsError, match=r"on_hand of the row T#c1#STOCK \| 42#1"):
        row_to_wire({**KEY, "on_hand": Decimal(number)})


@pytest.mark.parametrize("letter", ["x", "ü", "🏕"])
def test_the_size_of_a_row_counts_in_bytes(letter: str) -> None:
    names = sum(len(name) for name in ("pk", "sk", "text")) + sum(map(len, KEY.values()))
    fitting = (ROW_LIMIT - names) // len(letter.encode())
    row_to_wire({**KEY, "text": letter * fitting})
    with pytest.raises(RowTooLargeError, match=r"T#c1#STOCK \| 42#1"):
        row_to_wire({**KEY, "text": letter * (fitting + 1)})


def test_what_a_row_may_hold() -> None:
    row = {**KEY, "a": "x", "b": True, "c": 5, "d": {"e": "f"}, "g": {"h", "i"}}
    assert from_wire(row_to_wire(row)) == row


LONG = "Ein Zelt für zwei. " * 1000


@pytest.mark.parametrize("text", [LONG, "x" * PACK_FROM, "x" * (PACK_FROM - 1), "\ud83c" * PACK_FROM, ""], ids=len)
def test_a_content_comes_back_as_it_was(text: str) -> None:
    assert from_wire(row_to_wire({**KEY, "content": text}))["content"] == text


def test_a_long_content_is_packed_and_a_short_one_stays_readable() -> None:
    packed = row_to_wire({**KEY, "content": LONG})["content"]
    assert len(packed["B"]) < len(LONG) // 20
    assert row_to_wire({**KEY, "content": "short"})["content"] == {"S": "short"}


def test_what_does_not_unpack_names_its_row() -> None:
    with pytest.raises(UnreadableRowError, match=r"T#c1#STOCK \| 42#1 cannot be read: content cannot be unpacked"):
        from_wire({"pk": {"S": "T#c1#STOCK"}, "sk": {"S": "42#1"}, "content": {"B": b"no zlib"}})


def test_what_no_packing_makes_small_enough_is_refused() -> None:
    with pytest.raises(RowTooLargeError) as refused:
        row_to_wire({"pk": "T#c1#ITEM", "sk": "42", "content": noise(2 * ROW_LIMIT)})
    assert refused.value.subject.thing == "item 42"
