"""The order in which a list is asked for, and whether its rows keep to it.

A list that repeats, leaves out or mixes rows would let a read end early or the cursor move too far, so every page is
held against what was asked. ``ValueError`` says what is wrong (invariant 1).
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Protocol

from tillbridge.systems.lightspeed.parse import JsonObject
from tillbridge.systems.lightspeed.quirks import read_id, read_moment


class Order(Protocol):
    """An order of rows; it remembers the pages it has seen."""

    def params(self) -> dict[str, str]:
        """Give the parameters that ask for this order."""
        ...

    def check(self, rows: Sequence[JsonObject]) -> None:
        """Hold the next page against the order."""
        ...


class ById:
    """Every row after a given id, lowest first."""

    def __init__(self, id_field: str, after: str = "0") -> None:
        self._field, self._after = id_field, after
        self._last = int(after)

    def params(self) -> dict[str, str]:
        """Ask for the rows after the id."""
        beyond = {self._field: f">,{self._after}"} if int(self._after) else {}
        return {"sort": self._field, **beyond}

    def check(self, rows: Sequence[JsonObject]) -> None:
        """Every id must be higher than the one before, across pages too."""
        for row in rows:
            number = int(_id_of(row, self._field))
            if number <= self._last:
                raise ValueError(f"id {number} comes after {self._last}")
            self._last = number


class ByTime:
    """Every row changed at or after a time, oldest change first. Many may share a second."""

    def __init__(self, id_field: str, since: datetime) -> None:
        self._field = id_field
        self._since = since.astimezone(UTC).replace(microsecond=0)
        self._last = self._since

    def params(self) -> dict[str, str]:
        """Ask for the rows since the time."""
        return {"sort": "timeStamp", "timeStamp": f">=,{self._since.strftime('%Y-%m-%dT%H:%M:%S+00:00')}"}

    def check(self, rows: Sequence[JsonObject]) -> None:
        """No time may be earlier than the one before, across pages too; no row may come twice in a page.

        Across pages a row may come again: it was changed while the list was read. A time that cannot be read is left
        to the reading of the row, which rejects it.
        """
        _distinct([_id_of(row, self._field) for row in rows])
        for row in rows:
            try:
                changed = read_moment(row.get("timeStamp"))
            except ValueError:
                continue
            if changed < self._last:
                raise ValueError(f"a row of {changed.isoformat()} comes after {self._last.isoformat()}")
            self._last = changed


class AnyOrder:
    """All rows of a short list, in whatever order; none may come twice."""

    def __init__(self, id_field: str) -> None:
        self._field = id_field
        self._seen: list[str] = []

    def params(self) -> dict[str, str]:
        """Ask for nothing special."""
        return {}

    def check(self, rows: Sequence[JsonObject]) -> None:
        """No row may come twice, across pages too."""
        self._seen += [_id_of(row, self._field) for row in rows]
        _distinct(self._seen)


def _id_of(row: JsonObject, field: str) -> str:
    try:
        return read_id(row.get(field))
    except ValueError:
        raise ValueError(f"a row has no {field}") from None


def _distinct(ids: Sequence[str]) -> None:
    if len(set(ids)) != len(ids):
        twice = next(entry for entry in ids if ids.count(entry) > 1)
        raise ValueError(f"id {twice} comes twice")
