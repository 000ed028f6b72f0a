"""Checks and converts request bodies as Magento's input processor does (facts/magento.md, section 2)."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from sandbox.magento.web.arguments import goods, trade
from sandbox.magento.web.errors import RestError, invalid

TYPES = {**goods.TYPES, **trade.TYPES}
Args = Mapping[str, str]
"""An endpoint's arguments by name, each with its type; a ``?`` after the type makes it optional."""
_CAMEL = re.compile(r"(?<!^)(?<!_)(?=[A-Z])")
_NUMBER = re.compile(r"\s*[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?\s*")
_PHP_NAMES = {"str": "string", "bool": "bool", "int": "int", "float": "float"}


@cache
def fields_of(name: str) -> Mapping[str, str]:
    """Give the fields of a type; one without fields is an object that takes none."""
    pairs = (entry.partition(":") for entry in TYPES.get(name, "").split())
    return {field: kind or "any" for field, _, kind in pairs}


def prepare(args: Args, body: Mapping[str, Any]) -> dict[str, Any]:
    """Take the arguments of a call out of its body; what the call does not know at the top is ignored."""
    given = {snake(name): value for name, value in body.items()}
    names = {snake(name): (name, kind) for name, kind in args.items()}
    _require([name for short, (name, kind) in names.items() if not kind.endswith("?") and given.get(short) is None])
    return {short: convert(given[short], kind.rstrip("?")) for short, (_, kind) in names.items() if short in given}


def _require(missing: list[str]) -> None:
    text = '"%fieldName" is required. Enter and try again.'
    if len(missing) == 1:
        raise RestError(text, {"fieldName": missing[0]})
    if missing:
        error = invalid(*((text, {"fieldName": name}) for name in missing))
        raise RestError("One or more input exceptions have occurred.", errors=error.errors)


def convert(value: Any, kind: str) -> Any:  # noqa: ANN401 - any JSON value
    """Bring a value to its type; raises RestError naming what does not fit."""
    if value is None or kind == "any":
        return value
    if kind.startswith("["):
        return _rows(value, kind[1:-1])
    if kind in _PHP_NAMES:
        return _simple(value, kind)
    return _record(value, kind)


def _rows(value: Any, kind: str) -> list[Any]:  # noqa: ANN401 - any JSON value
    if isinstance(value, Mapping):
        value = list(value.values())
    if not isinstance(value, list):
        raise _wrong(value, f"{_PHP_NAMES.get(kind, kind)}[]")
    if None in value:
        raise _wrong("null", kind)
    return [convert(row, kind) for row in value]


def _record(value: Any, kind: str) -> dict[str, Any]:  # noqa: ANN401 - any JSON value
    if value == []:
        return {}
    if not isinstance(value, Mapping):
        raise _wrong(value, kind)
    fields, record = fields_of(kind), {}
    for name, inner in value.items():
        if snake(name) not in fields:
            shown = "".join(part[:1].upper() + part[1:] for part in name.split("_"))
            raise RestError(
                '"%fieldName" is not supported. Correct the field name and try again.', {"fieldName": shown}
            )
        record[snake(name)] = convert(inner, fields[snake(name)])
    return record


def _simple(value: Any, kind: str) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, list | Mapping):
        raise _wrong("array", kind)
    if kind == "str":
        return ("1" if value else "") if isinstance(value, bool) else str(value)
    if kind == "bool":
        return value not in {"", "0", "false"} if isinstance(value, str) else bool(value)
    if isinstance(value, bool) or not (isinstance(value, int | float) or _NUMBER.fullmatch(value)):
        raise _wrong(value, kind)
    return int(float(value)) if kind == "int" else float(value)


def _wrong(value: object, kind: str) -> RestError:
    text = 'The "%value" value\'s type is invalid. The "%type" type was expected. Verify and try again.'
    return RestError(text, {"value": str(value), "type": _PHP_NAMES.get(kind, kind)})


def snake(name: str) -> str:
    """Write a camel-case name in snake case; both are taken."""
    return _CAMEL.sub("_", name).lower() if any(char.isupper() for char in name) else name
