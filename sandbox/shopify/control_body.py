"""The body of a control action."""

from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.common.control import ControlError, json_body
from sandbox.common.json_types import JsonObject, JsonValue


@dataclass(frozen=True, slots=True)
class Body:
    """An object of a control action's body; reading the wrong type raises ControlError."""

    values: JsonObject

    def text(self, name: str) -> str:
        value = self.values.get(name)
        if isinstance(value, bool) or not isinstance(value, str | int | float | None):
            raise ControlError(f"{name}: has to be a text")
        return "" if value is None else str(value)

    def whole(self, name: str) -> int:
        value = self.values.get(name, 0)
        if isinstance(value, bool) or not isinstance(value, int):
            raise ControlError(f"{name}: has to be a whole number")
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        value = self.values.get(name, default)
        if not isinstance(value, bool):
            raise ControlError(f"{name}: has to be true or false")
        return value

    def words(self, name: str) -> list[str]:
        return [str(value) for value in self._list(name)]

    def records(self, name: str) -> "list[Body]":
        rows = self._list(name)
        if any(not isinstance(row, Mapping) for row in rows):
            raise ControlError(f"{name}: has to be a list of objects")
        return [Body(dict(row)) for row in rows if isinstance(row, Mapping)]

    def record(self, name: str) -> "Body":
        value = self.values.get(name)
        if value is not None and not isinstance(value, Mapping):
            raise ControlError(f"{name}: has to be an object")
        return Body(dict(value or {}))

    def _list(self, name: str) -> list[JsonValue]:
        value = self.values.get(name)
        if value is not None and not isinstance(value, list):
            raise ControlError(f"{name}: has to be a list")
        return list(value or ())


def control_object(*known: str) -> JsonObject:
    """Read the body, an object; where fields are `known`, no others may be in it. Raises ControlError."""
    body = json_body()
    if not isinstance(body, Mapping):
        raise ControlError("body: has to be an object")
    unknown = [name for name in body if known and name not in known]
    if unknown:
        raise ControlError(f"{unknown[0]}: no such field; there are {', '.join(known)}")
    return dict(body)
