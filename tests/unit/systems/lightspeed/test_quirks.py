"""The till's peculiar JSON."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any

import pytest
from pydantic import TypeAdapter, ValidationError

from tillbridge.systems.lightspeed.quirks import (
    CustomValue,
    Flag,
    ForeignId,
    Id,
    Measure,
    Moment,
    Number,
    Text,
    ToMap,
    ToOne,
    as_list,
    related,
)


def read(kind: Any, value: Any) -> Any:
    return TypeAdapter(kind).validate_python(value)


@pytest.mark.parametrize(
    ("value", "rows"),
    [
        (None, []),
        ("", []),
        ([], []),
        ({"a": "1"}, [{"a": "1"}]),
        ([{"a": "1"}], [{"a": "1"}]),
        ([{"a": "1"}, {"a": "2"}], [{"a": "1"}, {"a": "2"}]),
    ],
)
def test_rows_come_in_many_forms(value: Any, rows: list[dict[str, str]]) -> None:
    assert as_list(value) == rows


@pytest.mark.parametrize("value", ["none", 0, True, ["a"], [{"a": "1"}, "b"], [[]]])
def test_what_is_no_row_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="no objects"):
        as_list(value)


@pytest.mark.parametrize(
    ("value", "rows"),
    [
        (None, []),
        ("", []),
        ([], []),
        ({}, []),
        ({"Image": ""}, []),
        ({"Image": {"a": "1"}}, [{"a": "1"}]),
        ({"Image": [{"a": "1"}, {"a": "2"}]}, [{"a": "1"}, {"a": "2"}]),
        ({"@attributes": {"count": "1"}, "Image": {"a": "1"}}, [{"a": "1"}]),
    ],
)
def test_relations_are_unwrapped(value: Any, rows: list[dict[str, str]]) -> None:
    assert read(Annotated[list[dict[str, str]], related("Image")], value) == rows


@pytest.mark.parametrize("value", ["none", 0, ["a"], {"Tag": {}}, {"Image": "x"}, [{"Image": {}}]])
def test_what_is_no_relation_is_refused(value: Any) -> None:
    with pytest.raises(ValidationError):
        read(Annotated[list[dict[str, str]], related("Image")], value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("  Mug ", "Mug"),
        (None, ""),
        (17, "17"),
        (Decimal("1.50"), "1.50"),
        ("Zoë's 茶 ☕", "Zoë's 茶 ☕"),
        ("👨‍👩‍👧 family\u200b", "👨‍👩‍👧 family\u200b"),
        ("one\ttwo\nthree", "one\ttwo\nthree"),
        ("soft\x0bbreak\x00\x9f", "soft break"),
        ('3/4" <b>&', '3/4" <b>&'),
    ],
)
def test_texts_are_kept_but_for_what_nobody_can_see(value: Any, text: str) -> None:
    assert read(Text, value) == text


@pytest.mark.parametrize("value", [True, [], {}, "half \ud83d"])
def test_what_is_no_text_is_refused(value: Any) -> None:
    with pytest.raises(ValidationError):
        read(Text, value)


@pytest.mark.parametrize(
    ("value", "flag"), [("true", True), ("false", False), ("True", True), (True, True), (False, False)]
)
def test_flags_are_words(value: Any, flag: bool) -> None:  # noqa: FBT001
    assert read(Flag, value) is flag


@pytest.mark.parametrize("value", ["", "yes", "1", 0, 1, None, []])
def test_no_other_word_is_a_flag(value: Any) -> None:
    with pytest.raises(ValidationError):
        read(Flag, value)


@pytest.mark.parametrize(("value", "own"), [("1", "1"), (42, "42"), ("9000000000000000000", "9000000000000000000")])
def test_ids_are_whole_numbers(value: Any, own: str) -> None:
    assert read(Id, value) == own
    assert read(ForeignId, value) == own


@pytest.mark.parametrize("value", ["-1", "007", "1.0", " 1", "x", True, [], "10000000000000000000"])
def test_what_is_no_id_is_refused(value: Any) -> None:
    for kind in (Id, ForeignId):
        with pytest.raises(ValidationError):
            read(kind, value)


@pytest.mark.parametrize("value", ["0", 0, "", None])
def test_zero_refers_to_nothing(value: Any) -> None:
    assert read(ForeignId, value) is None
    with pytest.raises(ValidationError):
        read(Id, value)


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("9.99", "9.99"),
        ("20", "20"),
        ("11.4860025", "11.4860025"),
        ("-3", "-3"),
        (" 4 ", "4"),
        (7, "7"),
        (Decimal("1.10"), "1.10"),
        ("4.0E-7", "4.0E-7"),
        ("0", "0"),
    ],
)
def test_numbers_are_exact(value: Any, number: str) -> None:
    assert str(read(Number, value)) == number


@pytest.mark.parametrize(
    "value",
    ["", "1,5", "1_000", "NaN", "Infinity", "1e999", "0x1", ".5", None, True, [], "1" * 16, "9e50", "-1e15"],
)
def test_what_is_no_number_is_refused(value: Any) -> None:
    with pytest.raises(ValidationError):
        read(Number, value)


@pytest.mark.parametrize(
    ("value", "measure"), [("0", None), ("", None), (None, None), ("0.00", None), ("1.25", "1.25")]
)
def test_a_measure_of_zero_was_not_taken(value: Any, measure: str | None) -> None:
    assert read(Measure, value) == (Decimal(measure) if measure else None)


@pytest.mark.parametrize(
    "value",
    ["2026-01-05T10:00:00+00:00", "2026-01-05T10:00:00Z", "2026-01-05T05:00:00-05:00", "2026-01-05T10:00:00-0000"],
)
def test_moments_become_utc(value: str) -> None:
    assert read(Moment, value) == datetime(2026, 1, 5, 10, tzinfo=UTC)
    assert read(Moment, value).tzinfo is UTC


@pytest.mark.parametrize(
    "value",
    [
        "",
        "2026-01-05T10:00:00",
        "2026-01-05",
        "1767607200",
        1767607200,
        None,
        "0000-00-00T00:00:00+00:00",
        "0001-01-01T00:00:00+05:00",
        "9999-12-31T23:59:59-05:00",
    ],
)
def test_what_is_no_moment_is_refused(value: Any) -> None:
    with pytest.raises(ValidationError):
        read(Moment, value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Wool", "Wool"),
        ("", ""),
        (None, ""),
        (3, "3"),
        (True, "true"),
        ({"customFieldChoiceID": "2", "value": "", "name": "Winter ❄", "canBeDeleted": "false"}, "Winter ❄"),
        ({"CustomFieldChoice": {"name": "Spring"}}, "Spring"),
        ({"CustomFieldChoice": [{"name": "Spring"}, {"name": "Autumn"}]}, "Spring, Autumn"),
        ([{"name": "Spring"}, {"name": "Autumn"}], "Spring, Autumn"),
        ({}, ""),
    ],
)
def test_custom_values_are_texts_or_choices(value: Any, text: str) -> None:
    assert read(CustomValue, value) == text


@pytest.mark.parametrize("value", [{"id": "3"}, {"id": "3", "inner": {"name": "x"}}, [{"id": "3"}]])
def test_other_custom_values_are_refused(value: Any) -> None:
    with pytest.raises(ValidationError):
        read(CustomValue, value)


def test_an_empty_record_is_none_and_an_empty_map_is_empty() -> None:
    forms: list[Any] = ["", [], None, {"a": "b"}]
    assert [read(Annotated[dict[str, str] | None, ToOne], form) for form in forms] == [None, None, None, {"a": "b"}]
    assert [read(Annotated[dict[str, str], ToMap], form) for form in forms] == [{}, {}, {}, {"a": "b"}]
