"""Whatever form a record takes, it reads the same; whatever garbage it holds, the field is named."""

import string
from collections.abc import Callable
from typing import Any, TypeVar

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.systems.lightspeed.samples import custom_row, image_row, item_row, price_row, stock_row, tag_row
from tillbridge.systems.lightspeed.parse import UnreadableError, read_level, read_stocked_item

Row = TypeVar("Row")

FULL = item_row(
    ItemAttributes={"attribute1": "Black", "attribute2": "", "attribute3": "", "itemAttributeSetID": "1"},
    Images={"Image": [image_row()]},
    TagRelations={"TagRelation": [tag_row("webstore")]},
    CustomFieldValues={"CustomFieldValue": [custom_row("Wool")]},
    ItemShops={"ItemShop": [stock_row()]},
    ItemECommerce={"longDescription": "Long", "weight": "2"},
)
RELATIONS = {
    "Prices": ("ItemPrice", [price_row("5"), price_row("6", "2"), price_row("7", "3")]),
    "Images": ("Image", [image_row("1"), image_row("2"), image_row("3")]),
    "TagRelations": ("TagRelation", [tag_row("a"), tag_row("b"), tag_row("c")]),
    "CustomFieldValues": ("CustomFieldValue", [custom_row("x", "1"), custom_row("y", "2"), custom_row("z", "3")]),
    "ItemShops": ("ItemShop", [stock_row("1", "1"), stock_row("2", "2"), stock_row("3", "0")]),
}
NONE_AT_ALL: list[Any] = ["", None, [], {}]
TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=20)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS | st.text(string.digits, max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)


def _as_other_scalar(value: str) -> Any:
    """Show a string of the till as the JSON scalar it stands for."""
    if value in {"true", "false"}:
        return value == "true"
    return int(value) if value.isdecimal() and str(int(value)) == value else value


def _loosen(value: Any, draw: st.DrawFn) -> Any:
    """Show scalars as strings or as what they stand for, at random."""
    if isinstance(value, dict):
        return {key: _loosen(inner, draw) for key, inner in value.items()}
    if isinstance(value, list):
        return [_loosen(inner, draw) for inner in value]
    return _as_other_scalar(value) if draw(st.booleans()) else value


@st.composite
def loosened(draw: st.DrawFn) -> Any:
    return _loosen(FULL, draw)


@given(loosened())
def test_any_scalar_may_be_a_string_or_not(row: Any) -> None:
    assert read_stocked_item(row) == read_stocked_item(FULL)


@given(st.sampled_from(sorted(RELATIONS)), st.sampled_from([*NONE_AT_ALL, "absent"]))
def test_no_related_rows_come_in_many_forms(relation: str, form: Any) -> None:
    row = item_row(**{relation: form})
    if form == "absent":
        del row[relation]
    assert read_stocked_item(row) == read_stocked_item(item_row(**{relation: {RELATIONS[relation][0]: []}}))


@given(st.sampled_from(sorted(RELATIONS)), st.integers(0, 2))
def test_one_related_row_is_an_object_or_an_array(relation: str, place: int) -> None:
    name, rows = RELATIONS[relation]
    alone = item_row(**{relation: {name: rows[place]}})
    assert read_stocked_item(alone) == read_stocked_item(item_row(**{relation: {name: [rows[place]]}}))


@given(st.sampled_from(sorted(RELATIONS)), st.permutations([0, 1, 2]))
def test_related_rows_may_come_in_any_order(relation: str, order: list[int]) -> None:
    name, rows = RELATIONS[relation]
    shuffled = read_stocked_item(item_row(**{relation: {name: [rows[place] for place in order]}}))
    plain = read_stocked_item(item_row(**{relation: {name: rows}}))
    assert shuffled.item == plain.item
    assert set(shuffled.levels) == set(plain.levels)


def _outcome(read: Callable[[Any], Row], row: Any) -> Row | UnreadableError:
    try:
        return read(row)
    except UnreadableError as error:
        return error


@given(st.sampled_from(sorted(FULL)), JSON)
def test_garbage_in_a_field_is_understood_or_named(field: str, garbage: Any) -> None:  # invariant 7
    outcome = _outcome(read_stocked_item, {**FULL, field: garbage})
    if isinstance(outcome, UnreadableError):
        assert outcome.field.startswith((field, "ItemShops"))  # another itemID makes the stock another item's
    else:
        assert outcome.item.item_id.isdecimal()
        assert outcome.item.updated_at.tzinfo is not None


@given(st.sampled_from(sorted(stock_row())), JSON)
def test_garbage_in_stock_is_never_a_figure(field: str, garbage: Any) -> None:  # invariant 1
    outcome = _outcome(read_level, {**stock_row(), field: garbage})
    if isinstance(outcome, UnreadableError):
        assert outcome.field.startswith(field)
    else:
        assert outcome is None or outcome.sellable >= 0


@given(st.dictionaries(st.sampled_from(sorted(FULL)) | TEXTS, JSON, max_size=6))
def test_any_object_is_read_or_refused(row: dict[str, Any]) -> None:
    outcome = _outcome(read_stocked_item, row)
    assert not isinstance(outcome, UnreadableError) or outcome.field
