"""The body of a control action."""

from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.common.control import ControlError
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
