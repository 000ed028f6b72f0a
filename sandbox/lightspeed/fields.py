"""Reads the fields of a control action's body; what is missing, wrong or unknown is named in the error."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation

from sandbox.common.control import ControlError, json_body


class Fields:
    """The body of the control action in hand."""

    def __init__(self, *known: str, others: bool = False) -> None:
        """Read the body, which may have the fields `known`, and any others only where that is allowed."""
        body = json_body()
        if not isinstance(body, dict):
            raise ControlError("body: must be a JSON object")
        self._body: dict[str, object] = body
        self.others = {name: value for name, value in self._body.items() if name not in known}
        if self.others and not others:
            raise ControlError(f"{next(iter(self.others))}: no such field; known fields are {', '.join(known)}")

    def __contains__(self, name: str) -> bool:
        return name in self._body

    def number(self, name: str, default: int | None = None) -> int:
        """Read a whole number, written as a number or as text."""
        value = self._body.get(name, default)
        if isinstance(value, str) and value.lstrip("-").isdecimal():
            return int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise ControlError(f"{name}: must be a whole number, got {value!r}")
        return value

    def measure(self, name: str, default: float | None = None, *, or_zero: bool = False) -> float:
        """Read a number above zero, or zero where that is allowed."""
        value = self._body.get(name, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or value < 0 or (value == 0 and not or_zero):
            raise ControlError(f"{name}: must be a number above 0, got {value!r}")
        return float(value)

    def amount(self, name: str) -> Decimal:
        """Read an amount of money."""
        try:
            return Decimal(str(self._body[name]))
        except (KeyError, InvalidOperation) as error:
            raise ControlError(f"{name}: must be an amount such as 9.99") from error

    def text(self, name: str, default: str | None = None) -> str:
        """Read a text."""
        value = self._body.get(name, default)
        if not isinstance(value, str):
            raise ControlError(f"{name}: must be a text, got {value!r}")
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Read a truth value."""
        value = self._body.get(name, default)
        if not isinstance(value, bool):
            raise ControlError(f"{name}: must be true or false, got {value!r}")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """Read a list of texts."""
        value = self._body.get(name)
        if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
            raise ControlError(f"{name}: must be a list of texts, got {value!r}")
        return tuple(value)

    def numbers(self, name: str) -> tuple[int, ...]:
        """Read a list of whole numbers."""
        value = self._body.get(name)
        if not isinstance(value, list) or not all(type(entry) is int for entry in value):
            raise ControlError(f"{name}: must be a list of whole numbers, got {value!r}")
        return tuple(value)

    def moment(self, name: str) -> datetime:
        """Read a moment with its offset."""
        try:
            moment = datetime.fromisoformat(self.text(name))
        except ValueError as error:
            raise ControlError(f"{name}: must be a time such as 2026-01-05T10:00:00+00:00") from error
        if moment.tzinfo is None:
            raise ControlError(f"{name}: must have an offset, such as +00:00")
        return moment


def column_texts(others: Mapping[str, object], known: Mapping[str, str]) -> dict[str, str]:
    """Take columns from the further fields of a body. Raises ControlError for one that the record does not have."""
    columns = {}
    for name, value in others.items():
        if name not in known:
            raise ControlError(f"{name}: no such column; there are {', '.join(known)}")
        columns[name] = str(value).lower() if isinstance(value, bool) else str(value)
    return columns
