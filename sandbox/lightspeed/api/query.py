"""Reads the query string of a list or of one record (facts/lightspeed.md, "Paging", "Filters")."""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import parse_qsl, unquote_plus

from sandbox.lightspeed.api.errors import bad_request
from sandbox.lightspeed.api.filters import Condition, parse_condition
from sandbox.lightspeed.api.resource import Resource
from sandbox.lightspeed.table import Key, key_of

R = TypeVar("R")
MOST_ROWS = 100
_NOT_WITH_COUNT = ("limit", "sort", "after", "before")
_RESERVED = frozenset({*_NOT_WITH_COUNT, "count", "archived", "load_relations", "or"})
_RAW_JSON = frozenset('[]"')


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place between two pages: the key and id of the row next to it, and the direction from there."""

    key: Key
    row_id: int
    forward: bool


@dataclass(frozen=True, slots=True)
class Query:
    """What a client asks for."""

    given: Mapping[str, str]
    """All parameters as sent, decoded; the last of repeated ones counts."""
    relations: tuple[str, ...]
    sort: str
    descending: bool = False
    limit: int = MOST_ROWS
    cursor: Cursor | None = None
    count: bool = False
    archived: str = "false"
    conditions: tuple[Condition, ...] = ()
    """All of these must hold."""
    alternatives: tuple[Condition, ...] = ()
    """One of these must hold, if there are any."""
    special: tuple[tuple[str, str], ...] = ()


def parse_query(resource: Resource[R], raw: str) -> Query:
    """Read the raw query string of a list. Raises ApiError for what the API does not take."""
    given = dict(parse_qsl(raw, keep_blank_values=True))
    sort = given.get("sort", resource.id_field)
    column, descending = sort.removeprefix("-"), sort.startswith("-")
    if column not in resource.sortable:
        raise bad_request(f"Sorting by '{column}' is not supported. Sortable fields: {', '.join(resource.sortable)}.")
    relations = parse_relations(resource, raw, given)
    conditions, special = _conditions(resource, given)
    alternatives = _alternatives(raw)
    for condition in (*conditions, *alternatives):
        _check_field(resource, condition.field, relations)
    return Query(
        given=given,
        relations=relations,
        sort=column,
        descending=descending,
        limit=_limit(given),
        cursor=_cursor(resource, column, given),
        count=_count(given),
        archived=_archived(given),
        conditions=conditions,
        alternatives=alternatives,
        special=special,
    )


def parse_relations(resource: Resource[R], raw: str, given: Mapping[str, str]) -> tuple[str, ...]:
    """Read ``load_relations``: ``all`` or a JSON list. One that is not URL-encoded silently loads nothing."""
    text = given.get("load_relations", "")
    if text == "all":
        return tuple(resource.relation_names())
    if not text or _RAW_JSON & set(_raw_value(raw, "load_relations")):
        return ()
    try:
        names = json.loads(text)
    except ValueError:
        return ()
    if not isinstance(names, list):
        return ()
    for name in names:
        _check_relation(resource, str(name))
    return tuple(dict.fromkeys(str(name) for name in names))


def encode_cursor(values: list[str | int]) -> str:
    """Write a cursor: base64 of a small JSON list, meant to be opaque."""
    return base64.b64encode(json.dumps(values, separators=(",", ":")).encode()).decode("ascii")


def _raw_value(raw: str, name: str) -> str:
    for pair in raw.split("&"):
        key, _, value = pair.partition("=")
        if key == name:
            return value
    return ""


def _check_relation(resource: Resource[R], name: str) -> None:
    parent, _, inner = name.partition(".")
    relation = resource.relations.get(parent)
    if relation is None or (inner and inner not in relation.nested):
        raise bad_request(f"'{resource.name}' has no relation '{name}'.")


def _conditions(
    resource: Resource[R], given: Mapping[str, str]
) -> tuple[tuple[Condition, ...], tuple[tuple[str, str], ...]]:
    fields = {name: text for name, text in given.items() if name not in _RESERVED}
    special = tuple((name, text) for name, text in fields.items() if name in resource.special)
    return tuple(parse_condition(name, text) for name, text in fields.items() if name not in resource.special), special


def _alternatives(raw: str) -> tuple[Condition, ...]:
    """Read ``or=a%3D1|b%3D2``. Its inner ``=`` must be encoded, and its operators may be encoded once more."""
    text = _raw_value(raw, "or")
    if not text:
        return ()
    if "=" in text:
        raise bad_request("The = inside 'or' must be percent-encoded (%3D).")
    conditions = []
    for part in unquote_plus(text).split("|"):
        name, _, value = part.partition("=")
        conditions.append(parse_condition(name, unquote_plus(value)))
    return tuple(conditions)


def _check_field(resource: Resource[R], name: str, relations: tuple[str, ...]) -> None:
    parent, dot, inner = name.partition(".")
    if not dot:
        if name not in _known_columns(resource):
            raise bad_request(f"'{name}' is no field of '{resource.name}' that can be searched.")
    elif "." in inner or parent not in resource.relations:
        raise bad_request(f"'{name}' cannot be searched: only fields of one level of relations can.")
    elif resource.searches and name not in resource.searches:
        raise bad_request(f"'{name}' is no field that can be searched.")
    elif parent not in relations:
        raise bad_request(f"'{name}' cannot be searched unless load_relations names '{parent}'.")


def _known_columns(resource: Resource[R]) -> frozenset[str]:
    """A resource's own columns; where it has no rows yet, those that are named for it must do."""
    first = next(iter(resource.table.all()), None)
    named = (*resource.sortable, *resource.further_columns)
    return frozenset(named if first is None else (*resource.show(first), *named))


def _limit(given: Mapping[str, str]) -> int:
    text = given.get("limit", str(MOST_ROWS))
    if not text.isdecimal() or int(text) > MOST_ROWS:
        raise bad_request(f"limit must be a number from 0 to {MOST_ROWS}, got '{text}'.")
    return int(text)


def _count(given: Mapping[str, str]) -> bool:
    if given.get("count") != "1":
        return False
    clash = [name for name in _NOT_WITH_COUNT if name in given]
    if clash:
        raise bad_request(f"count cannot be combined with {', '.join(clash)}.")
    return True


def _archived(given: Mapping[str, str]) -> str:
    archived = given.get("archived", "false")
    if archived not in {"true", "false", "only"}:
        raise bad_request(f"archived is true, false or only, got '{archived}'.")
    return archived


def _cursor(resource: Resource[R], column: str, given: Mapping[str, str]) -> Cursor | None:
    for name in ("after", "before"):
        if name in given:
            key, row_id = _decode_cursor(resource, column, given[name])
            return Cursor(key, row_id, forward=name == "after")
    return None


def _decode_cursor(resource: Resource[R], column: str, text: str) -> tuple[Key, int]:
    try:
        values = json.loads(base64.b64decode(text, validate=True))
        if column == resource.id_field:
            (row_id,) = values
            return int(row_id), int(row_id)
        value, row_id = values
        return key_of(column, str(value)), int(row_id)
    except (binascii.Error, ValueError, TypeError) as error:
        raise bad_request("after/before is not a value that this API gave for this sort order.") from error
