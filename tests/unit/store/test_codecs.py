"""Every entity is read as it was written, and a row that is not ours is refused by name."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.store import strategies as some
from tillbridge.domain.catalogue import Reference
from tillbridge.domain.work import Mark, Shelf
from tillbridge.store.codecs.catalogue import item_content, matrix_content, read_item, read_matrix
from tillbridge.store.codecs.holds import (
    held_attributes,
    hold_content,
    log_content,
    read_held,
    read_hold,
    read_log,
)
from tillbridge.store.codecs.links import link_content, read_link, read_shelf, shelf_content
from tillbridge.store.codecs.listings import choice_content, listing_content, read_choice, read_listing
from tillbridge.store.codecs.migrations import migration_content, read_migration
from tillbridge.store.codecs.order_records import read_record, record_content
from tillbridge.store.codecs.people import connection_content, merchant_content, read_connection, read_merchant
from tillbridge.store.codecs.reference import read_reference, reference_contents
from tillbridge.store.codecs.work import (
    cursor_attributes,
    level_attributes,
    mark_attributes,
    read_cursor,
    read_level,
    read_mark,
    read_reject,
    read_run,
    reject_attributes,
    run_content,
)
from tillbridge.store.errors import UnreadableRowError
from tillbridge.store.fields import Fields
from tillbridge.store.keys import Key, sort_key
from tillbridge.store.moments import moment_text
from tillbridge.store.wire import from_wire, row_to_wire

KEY = {"pk": "T#c1#ITEM", "sk": "42"}


@dataclass(frozen=True)
class Codec:
    """``write`` gives the attributes of a row, ``read`` the entity of a row."""

    name: str
    values: st.SearchStrategy[Any]
    write: Callable[[Any], Mapping[str, object]]
    read: Callable[[Mapping[str, object]], Any]


def content(
    name: str, values: st.SearchStrategy[Any], write: Callable[[Any], str], read: Callable[[Fields], Any]
) -> Codec:
    return Codec(name, values, lambda value: {"content": write(value)}, lambda row: read(Fields.of_content(row)))


def attributes(
    name: str, values: st.SearchStrategy[Any], write: Callable[[Any], dict[str, object]], read: Callable[[Fields], Any]
) -> Codec:
    return Codec(name, values, write, lambda row: read(Fields.of_row(row)))


IN_CONTENT = [
    content("item", some.ITEMS, item_content, read_item),
    content("matrix", some.MATRICES, matrix_content, read_matrix),
    content("link", some.LINKS, link_content, read_link),
    content("shelf", some.SHELVES, shelf_content, read_shelf),
    content("sighting", some.SIGHTINGS, listing_content, read_listing),
    content("choice", some.CHOICES, choice_content, read_choice),
    content("merchant", some.MERCHANTS, merchant_content, read_merchant),
    content("connection", some.CONNECTIONS, connection_content, read_connection),
    content("run", some.RUNS, run_content, read_run),
    content("hold", some.HOLDS, hold_content, read_hold),
    content("guard log", some.GUARD_LOGS, log_content, read_log),
    content("order record", some.ORDER_RECORDS, record_content, read_record),
    content("migration", some.MIGRATIONS, migration_content, read_migration),
]
IN_ATTRIBUTES = [
    attributes("level", some.LEVELS, level_attributes, read_level),
    attributes("cursor", some.CURSORS, cursor_attributes, read_cursor),
    attributes("held", some.HELD, held_attributes, read_held),
    attributes("reject", some.REJECTS, reject_attributes, read_reject),
    Codec(
        "mark",
        some.MARKS,
        lambda mark: {**mark_attributes(mark), "sk": f"{moment_text(mark.due_at)}#key#token"},
        lambda row: replace(read_mark(str(row["sk"]), Fields.of_row(row)), row=""),
    ),
]
EVERY = pytest.mark.parametrize("codec", [*IN_CONTENT, *IN_ATTRIBUTES], ids=lambda codec: codec.name)
WITH_CONTENT = pytest.mark.parametrize("codec", IN_CONTENT, ids=lambda codec: codec.name)
UNHURRIED = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])


def stored(codec: Codec, value: object) -> dict[str, object]:
    """Send a row to the table and back."""
    return from_wire(row_to_wire({**KEY, **codec.write(value)}))


@EVERY
@UNHURRIED
@given(data=st.data())
def test_what_was_written_is_read(codec: Codec, data: st.DataObject) -> None:
    value = data.draw(codec.values)
    read = codec.read(stored(codec, value))
    assert read == value


@UNHURRIED
@given(item=some.ITEMS)
def test_prices_keep_their_very_digits(item: Any) -> None:
    read = read_item(Fields.of_content({**KEY, "content": item_content(item)}))
    assert {level: str(amount) for level, amount in read.prices.items()} == {
        level: str(amount) for level, amount in item.prices.items()
    }


@UNHURRIED
@given(shelf=some.SHELVES, mark=some.MARKS)
def test_quantities_stay_whole_or_keep_their_very_digits(shelf: Shelf, mark: Mark) -> None:
    read = read_shelf(Fields.of_content({**KEY, "content": shelf_content(shelf)}))
    assert repr((read.known, read.known_places)) == repr((shelf.known, shelf.known_places))
    row = from_wire(row_to_wire({**KEY, **mark_attributes(mark)}))
    assert repr(read_mark(f"{moment_text(mark.due_at)}#k#t", Fields.of_row(row)).shown) == repr(mark.shown)


@UNHURRIED
@given(reference=some.REFERENCES)
def test_lists_are_read_as_they_were_written(reference: Reference) -> None:
    rows = [
        from_wire(row_to_wire({"pk": "T#c1#REF", "sk": sort_key(kind, entry_id), "content": text}))
        for kind, entry_id, text in reference_contents(reference)
    ]
    assert len({row["sk"] for row in rows}) == len(rows)
    assert read_reference(rows) == reference


def refusal(codec: Codec, row: Mapping[str, object]) -> UnreadableRowError:
    with pytest.raises(UnreadableRowError) as refused:
        codec.read({**KEY, **row})
    assert (refused.value.pk, refused.value.sk) == (KEY["pk"], row.get("sk", KEY["sk"]))
    assert refused.value.field in str(refused.value)
    return refused.value


@EVERY
@settings(max_examples=1, deadline=None)
@given(data=st.data())
def test_an_attribute_that_nobody_knows_is_refused(codec: Codec, data: st.DataObject) -> None:
    row = stored(codec, data.draw(codec.values))
    if "content" in row:
        row["content"] = json.dumps({**json.loads(str(row["content"])), "brand_new": "secret value"})
    else:
        row["brand_new"] = "secret value"
    refused = refusal(codec, row)
    assert refused.field == "brand_new"
    assert "secret value" not in str(refused)


@WITH_CONTENT
@pytest.mark.parametrize("text", ["", "{", "[]", "7", "null"])
def test_content_that_is_no_object_is_refused(codec: Codec, text: str) -> None:
    assert refusal(codec, {"content": text}).field == "content"


@EVERY
@settings(max_examples=3, deadline=None)
@given(data=st.data())
def test_a_field_of_another_type_is_refused_without_its_value(codec: Codec, data: st.DataObject) -> None:
    row = stored(codec, data.draw(codec.values))
    values = json.loads(str(row["content"])) if "content" in row else {k: v for k, v in row.items() if k not in KEY}
    for name in values:
        broken = {**values, name: [{"personal": "data"}] if not isinstance(values[name], list) else "personal"}
        refused = refusal(codec, {"content": json.dumps(broken)} if "content" in row else {**row, **broken})
        assert refused.field.startswith(name)
        assert "personal" not in str(refused)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"item_id": None}, "item_id"),
        ({"updated_at": None}, "updated_at"),
        ({"updated_at": "yesterday"}, "updated_at"),
        ({"item_type": "toy"}, "item_type"),
        ({"prices": {"1": "cheap"}}, "prices"),
        ({"prices": {"1": "NaN"}}, "prices"),
        ({"prices": {"1": 5}}, "prices"),
        ({"attributes": ["red"]}, "attributes"),
        ({"tags": ["a", 5]}, "tags"),
        ({"taxable": "yes"}, "taxable"),
        ({"images": ["8"]}, "images"),
        ({"images": [{"image_id": "8", "position": 1.5}]}, "images[0].position"),
        ({"images": [{"image_id": "8", "position": True}]}, "images[0].position"),
        ({"images": [{"image_id": "8", "size": 1}]}, "images[0].size"),
        ({"web": {"weight": "heavy"}}, "web.weight"),
        ({"custom_fields": [{"name": 5}]}, "custom_fields[0].name"),
    ],
)
def test_what_is_wrong_with_an_item_is_named(change: dict[str, object], field: str) -> None:
    good = {"item_id": "42", "system_sku": "21", "item_type": "default", "updated_at": "2026-03-02T12:00:00.000000Z"}
    values = {name: value for name, value in {**good, **change}.items() if value is not None}
    assert refusal(IN_CONTENT[0], {"content": json.dumps(values)}).field == field


def test_a_mark_must_say_when_it_is_due() -> None:
    row = {"pk": "S#s1#stock", "sk": "soon#42#1", "key": "42", "since": "2026-03-02T12:00:00.000000Z"}
    with pytest.raises(UnreadableRowError) as refused:
        read_mark("soon#42#1", Fields.of_row(row))
    assert refused.value.field == "sk"


def test_a_list_that_nobody_knows_is_refused() -> None:
    with pytest.raises(UnreadableRowError):
        read_reference([{"pk": "T#c1#REF", "sk": "planet#1", "content": '{"id":"1","name":"Mars"}'}])


def test_settings_of_another_version_are_refused() -> None:
    text = '{"merchant_id":"m1","name":"N","created_at":"2026-03-02T12:00:00.000000Z","settings":{"speed":"9"}}'
    with pytest.raises(UnreadableRowError) as refused:
        read_merchant(Fields.of_content({**KEY, "content": text}))
    assert refused.value.field == "settings.speed"


def test_a_key_is_no_field() -> None:
    fields = Fields.of_row({**Key("a", "b")._asdict(), "gsi1pk": "x", "expires_at": 5})
    fields.end()
