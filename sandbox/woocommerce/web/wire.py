"""The arguments of a request and its answer, as handlers see them."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sandbox.common.json_types import JsonObject, JsonValue

_LEADING_NUMBER = re.compile(r"\s*[+-]?\d+(\.\d+)?")
_TRUE_WORDS = ("1", "yes", "true", "on")


@dataclass(frozen=True, slots=True)
class Params:
    """A request's arguments.

    Those of a single request were checked against a table. Those of a batch's items were not, for WooCommerce checks
    none of them (10.0.2 plugin code, ``WC_REST_Controller::batch_items``); so every getter reads as loosely as PHP.
    """

    values: JsonObject

    def given(self, name: str) -> bool:
        """Tell whether the argument is there and not null."""
        return self.values.get(name) is not None

    def sent(self, name: str) -> bool:
        """Tell whether the argument is there, be it null."""
        return name in self.values

    def get(self, name: str) -> JsonValue:
        """Give the argument as it is."""
        return self.values.get(name)

    def text(self, name: str) -> str:
        """Give the argument as text, empty when it is missing."""
        return as_text(self.values.get(name))

    def whole(self, name: str) -> int:
        """Give the argument as a whole number, zero when it is none."""
        return as_whole(self.values.get(name))

    def flag(self, name: str) -> bool:
        """Give the argument as a boolean, false when it is missing."""
        value = self.values.get(name)
        return value.lower() in _TRUE_WORDS if isinstance(value, str) else bool(value)

    def rows(self, name: str) -> list[JsonValue]:
        """Give the argument as a list, empty when it is none."""
        return as_list(self.values.get(name))

    def records(self, name: str) -> "list[Params]":
        """Give the objects in the argument's list."""
        return [Params(dict(row)) for row in self.rows(name) if isinstance(row, Mapping)]

    def record(self, name: str) -> "Params":
        """Give the argument's object, an empty one when it is none."""
        value = self.values.get(name)
        return Params(dict(value) if isinstance(value, Mapping) else {})

    def numbers(self, name: str) -> list[int]:
        """Give the argument as whole numbers; text is split at commas."""
        value = self.values.get(name)
        rows: Sequence[JsonValue] = value.split(",") if isinstance(value, str) else as_list(value)
        return [as_whole(row) for row in rows]

    def words(self, name: str) -> list[str]:
        """Give the argument as a list of texts."""
        return [as_text(row) for row in self.rows(name)]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a handler gives back; `after` runs once no lock is held, just before the answer leaves."""

    body: JsonValue
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    after: Callable[[], None] | None = None


def as_text(value: JsonValue) -> str:
    """Read a value as text, as PHP would."""
    if isinstance(value, bool):
        return "1" if value else ""
    return value if isinstance(value, str) else "" if value is None else str(value)


def as_whole(value: JsonValue) -> int:
    """Read a value as a whole number, as PHP would: text counts as far as it looks like a number."""
    if isinstance(value, int | float):
        return int(value)
    match = _LEADING_NUMBER.match(value) if isinstance(value, str) else None
    return int(float(match.group())) if match else 0


def as_list(value: JsonValue) -> list[JsonValue]:
    """Read a value as a list; whatever is none counts as empty."""
    return list(value) if isinstance(value, list | tuple) else []
