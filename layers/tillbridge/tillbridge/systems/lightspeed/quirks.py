"""The till's peculiar JSON: every scalar a string, one row an object, no rows "" or nothing (facts/lightspeed.md, A3).

Each helper takes every form that was recorded or documented and raises ``ValueError`` for everything else: nothing is
guessed.
"""

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator

from tillbridge.systems.http.answer import Json

_FLAGS = {"true": True, "false": False, True: True, False: False}
_ID = re.compile(r"[1-9][0-9]{0,18}")
_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,2})?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_LARGEST = Decimal(10) ** 15
_KEPT = frozenset("\n\t")
_BROKEN = re.compile(r"[\ud800-\udfff]")


def as_list(value: Json) -> list[dict[str, Json]]:
    """Read rows: an object is one row; "", nothing and null are none."""
    if value is None or value == "":
        return []
    if isinstance(value, dict):
        return [value]
    if isinstance(value, list):
        rows = [row for row in value if isinstance(row, dict)]
        if len(rows) == len(value):
            return rows
    raise ValueError("its rows are no objects")


def related(name: str) -> BeforeValidator:
    """Unwrap a relation such as ``{"ItemShop": [...]}``."""

    def unwrap(value: Json) -> list[dict[str, Json]]:
        if isinstance(value, dict):
            if set(value) - {name, "@attributes"}:
                raise ValueError(f"must hold {name}")
            return as_list(value.get(name))
        if value is None or value in ("", []):
            return []
        raise ValueError(f'must hold {name} or be ""')

    return BeforeValidator(unwrap)


def _to_one(value: Json) -> Json:
    return None if value in ("", []) else value


def _to_map(value: Json) -> Json:
    return {} if value is None or value in ("", []) else value


def _text(value: Json) -> str:
    """Read a text without blanks around it; control characters, which nobody can see, become blanks."""
    if value is None:
        return ""
    text = str(value) if isinstance(value, (int, Decimal)) and not isinstance(value, bool) else value
    if not isinstance(text, str):
        raise ValueError("must be a text")  # noqa: TRY004  pydantic takes ValueError only
    if text.isprintable():
        return text.strip()
    if _BROKEN.search(text):
        raise ValueError("holds half a character")
    return _CONTROL.sub(lambda found: found[0] if found[0] in _KEPT else " ", text).strip()


def _flag(value: Json) -> bool:
    key = value.lower() if isinstance(value, str) else value
    if isinstance(key, (str, bool)) and key in _FLAGS:
        return _FLAGS[key]
    raise ValueError("must be true or false")


def _id(value: Json) -> str:
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if isinstance(text, str) and _ID.fullmatch(text):
        return text
    raise ValueError("must be an id")


def _foreign_id(value: Json) -> str | None:
    """Read a reference to another record; "0" means none."""
    return None if value is None or value in ("", "0", 0) else _id(value)


def _number(value: Json) -> Decimal:
    """Read a number exactly, of whatever precision, also in the exponent form of very small ones.

    One of sixteen digits and more is no price and no stock, and more than sums and roundings keep exactly.
    """
    text = str(value) if isinstance(value, (int, Decimal)) and not isinstance(value, bool) else value
    if isinstance(text, str) and _NUMBER.fullmatch(text.strip()):
        number = Decimal(text.strip())
        if abs(number) < _LARGEST:
            return number
    raise ValueError("must be a number")


def _measure(value: Json) -> Decimal | None:
    """Read a weight or size; 0 means that it was not measured."""
    return None if value is None or value == "" else _number(value) or None


def read_moment(value: Json) -> datetime:
    """Read ``2026-01-05T10:00:00+00:00`` as UTC; a time without an offset could be any."""
    if not isinstance(value, str):
        raise ValueError("must be a date and time")  # noqa: TRY004  pydantic takes ValueError only
    try:
        read = datetime.fromisoformat(value)
        moment = read.astimezone(UTC)
    except (ValueError, OverflowError):  # the first and the last day of the calendar have no UTC everywhere
        raise ValueError("must be a date and time") from None
    if read.tzinfo is None:
        raise ValueError("must be a date and time with its offset")
    return moment


def _perhaps_moment(value: Json) -> datetime | None:
    """Read a time that need not be there."""
    return None if value is None or value == "" else read_moment(value)


def read_id(value: Json) -> str:
    """Read a record's own id."""
    return _id(value)


def _custom_value(value: Json) -> str:
    """Read the value of a custom field: a scalar, a choice by its name, or several choices."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return ", ".join(map(_custom_value, value))
    if isinstance(value, dict):
        if "name" in value:
            return _text(value["name"])
        inner = [entry for entry in value.values() if isinstance(entry, (dict, list))]
        if len(inner) != len(value):
            raise ValueError("must be a text or a choice")
        return ", ".join(map(_custom_value, inner))
    return _text(value)


Text = Annotated[str, BeforeValidator(_text)]
Flag = Annotated[bool, BeforeValidator(_flag)]
Id = Annotated[str, BeforeValidator(_id)]
ForeignId = Annotated[str | None, BeforeValidator(_foreign_id)]
Number = Annotated[Decimal, BeforeValidator(_number)]
Measure = Annotated[Decimal | None, BeforeValidator(_measure)]
Moment = Annotated[datetime, BeforeValidator(read_moment)]
PerhapsMoment = Annotated[datetime | None, BeforeValidator(_perhaps_moment)]
CustomValue = Annotated[str, BeforeValidator(_custom_value)]
ToOne = BeforeValidator(_to_one)
ToMap = BeforeValidator(_to_map)
