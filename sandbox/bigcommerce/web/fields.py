"""Checks of what is written: types, ranges and lengths, as the specs of v3 give them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sandbox.bigcommerce.web.errors import ApiError
from sandbox.common.json_types import JsonObject, JsonValue

_LARGEST = 2_147_483_647


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a body; `least` and `most` bound a number, or the length of a text."""

    type: str
    least: float | None = None
    most: float | None = None
    choices: tuple[str, ...] = ()
    nullable: bool = False

    def trouble(self, value: JsonValue) -> str:
        """Say what is wrong with a value; empty when nothing is."""
        if value is None:
            return "" if self.nullable else "must not be null"
        if not _FITS[self.type](value):
            return f"has to be of type {self.type}"
        if self.choices and value not in self.choices:
            return f"has to be one of {', '.join(self.choices)}"
        return self._out_of_bounds(value)

    def _out_of_bounds(self, value: JsonValue) -> str:
        size = len(value) if isinstance(value, str) else value
        if not isinstance(size, int | float):
            return ""
        unit = " characters" if isinstance(value, str) else ""
        if self.least is not None and size < self.least:
            return f"has to be at least {self.least:g}{unit}"
        if self.most is not None and size > self.most:
            return f"has to be at most {self.most:g}{unit}"
        return ""


def _is_number(value: JsonValue) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_FITS: Mapping[str, Callable[[JsonValue], bool]] = {
    "string": lambda value: isinstance(value, str),
    "number": _is_number,
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
}


def text(longest: int = 65_535, shortest: int = 0, *, nullable: bool = False) -> Field:
    return Field("string", shortest, longest, nullable=nullable)


def amount(*, nullable: bool = False) -> Field:
    """A price, weight or length: a JSON number, never a text."""
    return Field("number", 0, 9_999_999_999, nullable=nullable)


def count(*, nullable: bool = False, least: int = 0) -> Field:
    return Field("integer", least, _LARGEST, nullable=nullable)


def choice(*choices: str) -> Field:
    return Field("string", choices=choices)


def flag() -> Field:
    return Field("boolean")


def any_of(kind: str) -> Field:
    return Field(kind)


Fields = Mapping[str, Field]


def check(fields: Fields, body: JsonObject, needed: tuple[str, ...] = ()) -> JsonObject:
    """Give the known fields of `body`; unknown ones pass unseen. Raises ApiError naming all that is wrong."""
    errors = {name: "is missing" for name in needed if name not in body}
    for name, field in fields.items():
        if name in body and (trouble := field.trouble(body[name])):
            errors[name] = trouble
    if errors:
        told = "; ".join(f"{name} {why}" for name, why in errors.items())
        raise ApiError(422, f"JSON data is missing or invalid: {told}", errors)
    return {name: body[name] for name in fields if name in body}
