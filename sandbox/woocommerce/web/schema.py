"""How WordPress checks and converts arguments, and the small vocabulary in which the argument tables are written.

The rules are those of WordPress' ``rest_validate_value_from_schema``: a query's strings count as numbers and booleans
where they look like them, and a plain value counts as a list, split at commas and spaces.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from sandbox.common.json_types import JsonObject, JsonValue
from sandbox.woocommerce.web.errors import invalid_params, missing_params

_DATE_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}(:?\d{2})?)?")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*")
_TRUE, _FALSE = ("true", "1"), ("false", "0")
ANYTHING: Final = ("null", "object", "string", "number", "boolean", "integer", "array")


class _Absent:
    """Marks an argument without a default, which differs from one whose default is null."""


ABSENT: Final = _Absent()


@dataclass(frozen=True, slots=True, kw_only=True)
class Arg:
    """What one argument may be."""

    type: str | tuple[str, ...]
    enum: tuple[str, ...] = ()
    default: JsonValue | _Absent = ABSENT
    required: bool = False
    minimum: int | None = None
    maximum: int | None = None
    format: str | None = None
    items: "Arg | None" = None
    properties: "Mapping[str, Arg]" = field(default_factory=dict)


Args = Mapping[str, Arg]


def prepare(args: Args, params: Mapping[str, JsonValue]) -> JsonObject:
    """Check `params` and convert them, with defaults filled in; arguments outside the table pass as they are.

    Raises RestError ``rest_missing_callback_param`` or ``rest_invalid_param`` naming every argument in trouble.
    """
    missing = [name for name, arg in args.items() if arg.required and params.get(name) is None]
    if missing:
        raise missing_params(missing)
    reasons = {
        name: reason
        for name, arg in args.items()
        if params.get(name) is not None and (reason := next(_troubles(arg, params[name], name), None))
    }
    if reasons:
        raise invalid_params(reasons)
    defaults: JsonObject = {name: arg.default for name, arg in args.items() if not isinstance(arg.default, _Absent)}
    converted = {name: _convert(args[name], value) if name in args else value for name, value in params.items()}
    return {**defaults, **converted}


def _troubles(arg: Arg, value: JsonValue, name: str) -> Iterator[tuple[str, str]]:
    """Give the code and text of everything that is wrong with `value`, deepest parts included."""
    kind = _kind_for(arg, value)
    if kind is None:
        wanted = arg.type if isinstance(arg.type, str) else " or ".join(arg.type)
        yield "rest_invalid_type", f"{name} has to be of type {wanted}."
        return
    if arg.enum and str(_as_kind(kind, value)) not in arg.enum:
        yield "rest_not_in_enum", f"{name} has to be one of {', '.join(arg.enum)}."
    if arg.format is not None and isinstance(value, str) and not _well_formed(arg.format, value):
        yield f"rest_invalid_{arg.format.replace('-', '_')}", f"{name} is not a well-formed {arg.format}."
    yield from _out_of_bounds(arg, kind, value, name)
    yield from _troubles_inside(arg, kind, value, name)


def _out_of_bounds(arg: Arg, kind: str, value: JsonValue, name: str) -> Iterator[tuple[str, str]]:
    if kind not in {"integer", "number"}:
        return
    number = float(str(value))
    if (arg.minimum is not None and number < arg.minimum) or (arg.maximum is not None and number > arg.maximum):
        yield "rest_out_of_bounds", f"{name} has to lie between {arg.minimum} and {arg.maximum or 'any number'}."


def _troubles_inside(arg: Arg, kind: str, value: JsonValue, name: str) -> Iterator[tuple[str, str]]:
    if kind == "array" and arg.items is not None:
        for position, item in enumerate(_as_list(value)):
            yield from _troubles(arg.items, item, f"{name}[{position}]")
    if kind == "object" and isinstance(value, Mapping):
        for key, inner in arg.properties.items():
            if value.get(key) is not None:
                yield from _troubles(inner, value[key], f"{name}[{key}]")


def _kind_for(arg: Arg, value: JsonValue) -> str | None:
    """Find the first of the argument's types that `value` can be read as."""
    kinds = (arg.type,) if isinstance(arg.type, str) else arg.type
    if value == "" and "string" in kinds:
        return "string"
    return next((kind for kind in kinds if _READERS[kind](value)), None)


def _is_number(value: JsonValue) -> bool:
    if isinstance(value, str):
        return _NUMBER.fullmatch(value) is not None
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_whole(value: JsonValue) -> bool:
    return _is_number(value) and float(str(value)).is_integer()


def _is_boolean(value: JsonValue) -> bool:
    return isinstance(value, bool) or str(value).lower() in (*_TRUE, *_FALSE)


_READERS: Mapping[str, Callable[[JsonValue], bool]] = {
    "string": lambda value: isinstance(value, str),
    "number": _is_number,
    "integer": _is_whole,
    "boolean": _is_boolean,
    "array": lambda value: isinstance(value, list | str | int | float),
    "object": lambda value: isinstance(value, Mapping | list) or value == "",
    "null": lambda value: value is None,
}


def _well_formed(name: str, value: str) -> bool:
    match name:
        case "date-time":
            return _DATE_TIME.fullmatch(value) is not None
        case "email":
            return value == "" or _EMAIL.fullmatch(value) is not None
        case _:
            return True


def _convert(arg: Arg, value: JsonValue) -> JsonValue:
    """Bring a checked value into the argument's type; null becomes the type's empty value, as in PHP."""
    kind = _kind_for(arg, value)
    if kind is None:
        return _EMPTY.get(arg.type) if isinstance(arg.type, str) else None
    if kind == "array":
        items = _as_list(value)
        return items if arg.items is None else [_convert(arg.items, item) for item in items]
    if kind == "object" and isinstance(value, Mapping):
        return {
            key: _convert(arg.properties[key], inner) if key in arg.properties else inner
            for key, inner in value.items()
        }
    return _as_kind(kind, value)


_EMPTY: Mapping[str, JsonValue] = {"string": "", "integer": 0, "number": 0.0, "boolean": False}


def _as_kind(kind: str, value: JsonValue) -> JsonValue:
    match kind:
        case "integer":
            return int(float(str(value)))
        case "number":
            return float(str(value))
        case "boolean":
            return value if isinstance(value, bool) else str(value).lower() in _TRUE
        case _:
            return value


def _as_list(value: JsonValue) -> list[JsonValue]:
    if isinstance(value, list):
        return value
    return [part for part in re.split(r"[\s,]+", str(value)) if part]


def text(*, default: str | _Absent = ABSENT, required: bool = False, form: str | None = None) -> Arg:
    """Any string."""
    return Arg(type="string", default=default, required=required, format=form)


def choice(*values: str, default: str | _Absent = ABSENT) -> Arg:
    """One of a few strings."""
    return Arg(type="string", enum=values, default=default)


def whole(*, default: int | _Absent | None = ABSENT, minimum: int | None = None, maximum: int | None = None) -> Arg:
    """A whole number."""
    return Arg(type="integer", default=default, minimum=minimum, maximum=maximum)


def flag(*, default: bool | _Absent = ABSENT) -> Arg:
    """True or false."""
    return Arg(type="boolean", default=default)


def moment() -> Arg:
    """A date with time in a list's filter."""
    return text(form="date-time")


def date() -> Arg:
    """A date in a body, or null."""
    return Arg(type=("null", "string"))


def anything() -> Arg:
    """Any value at all."""
    return Arg(type=ANYTHING)


def listing(items: Arg, *, default: list[JsonValue] | _Absent = ABSENT) -> Arg:
    """A list; in a query it may be comma-separated."""
    return Arg(type="array", items=items, default=default)


def record(**properties: Arg) -> Arg:
    """An object."""
    return Arg(type="object", properties=properties)
