"""Faults on command: what a stand-in should do wrong, to which requests, and how often."""

import re
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal, get_args

from sandbox.common.json_types import JsonValue

FaultKind = Literal[
    "status",  # any status with a body of your choice
    "delay",  # let `seconds` pass, then answer as usual
    "hang",  # answer nothing until the client gives up or `seconds` have passed
    "cut_before",  # close the connection before the handler runs: the request had no effect
    "cut_after",  # close the connection after the handler ran: the request had its effect
    "garbage",  # 200 with a body that is no JSON
    "truncate",  # the true answer's length is declared, half of it is sent, the connection closes
    "empty",  # 200 without a body
    "html",  # an HTML error page
    "lose_rows",  # the true page of a list, without `rows` of its rows
    "double_rows",  # the true page of a list, with `rows` of its rows twice
    "alter_rows",  # the true page of a list, with `changes` in `rows` of its rows, such as a stock of nought
    "end_list",  # the true page of a list, said to be the last one
]
KINDS: tuple[str, ...] = get_args(FaultKind)
_STATUSES = range(200, 600)


class FaultError(ValueError):
    """A fault was described wrongly; the text names the field and what it may be."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to do wrong. `path` and `query` are regular expressions, searched in the path and the raw query."""

    kind: FaultKind
    method: str | None = None
    path: str | None = None
    query: str | None = None
    after: int = 0
    """How many matching requests pass unharmed first."""
    times: int | None = 1
    """How many matching requests it then strikes; None means every one."""
    status: int | None = None
    seconds: float = 0
    rows: int = 1
    """How many rows of a page are meant: its first ones or, with a negative number, its last ones."""
    changes: Mapping[str, JsonValue] = field(default_factory=dict)
    """What those rows say instead, by field."""
    body: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse what could never be played."""
        if self.kind not in KINDS:
            raise FaultError(f"kind: {self.kind!r} is none of {', '.join(KINDS)}")
        for name in ("path", "query"):
            self._check_pattern(name, getattr(self, name))
        if self.after < 0 or self.seconds < 0 or (self.times is not None and self.times < 1):
            raise FaultError("after and seconds must be 0 or more, times 1 or more (or null for every request)")
        if self.rows == 0:
            raise FaultError("rows: must be a number of first rows, or a negative one of last rows")
        if (self.kind == "alter_rows") != bool(self.changes):
            raise FaultError("changes: needed by a fault of kind alter_rows, and by no other")
        if self.kind == "status" and self.status is None:
            raise FaultError("status: a fault of kind status needs the number to answer")
        if self.status is not None and self.status not in _STATUSES:
            raise FaultError(f"status: {self.status} is not between 200 and 599")

    @staticmethod
    def _check_pattern(name: str, pattern: str | None) -> None:
        try:
            re.compile(pattern or "")
        except re.error as error:
            raise FaultError(f"{name}: {pattern!r} is not a regular expression: {error}") from error

    def matches(self, method: str, path: str, query: str) -> bool:
        """Tell whether this fault is meant for such a request."""
        return (
            (self.method is None or self.method.upper() == method)
            and (self.path is None or re.search(self.path, path) is not None)
            and (self.query is None or re.search(self.query, query) is not None)
        )


_FIELD_TYPES: dict[str, tuple[type, ...]] = {
    "kind": (str,),
    "method": (str, type(None)),
    "path": (str, type(None)),
    "query": (str, type(None)),
    "after": (int,),
    "times": (int, type(None)),
    "status": (int, type(None)),
    "seconds": (int, float),
    "rows": (int,),
    "changes": (dict,),
    "body": (str, type(None)),
    "headers": (dict,),
}


def fault_from_json(data: object) -> Fault:
    """Build a fault from a decoded JSON object; raises FaultError naming the field that is wrong."""
    if not isinstance(data, dict):
        raise FaultError("a fault is an object with at least the field kind")
    unknown = sorted(set(data) - {entry.name for entry in fields(Fault)})
    if unknown:
        raise FaultError(f"{unknown[0]}: no such field; a fault has {', '.join(_FIELD_TYPES)}")
    if "kind" not in data:
        raise FaultError(f"kind: missing; it is one of {', '.join(KINDS)}")
    for name, value in data.items():
        if not isinstance(value, _FIELD_TYPES[name]) or isinstance(value, bool):
            raise FaultError(f"{name}: {value!r} has the wrong type")
    return Fault(**data)


@dataclass(slots=True)
class _Planned:
    fault: Fault
    seen: int = 0
    played: int = 0

    @property
    def spent(self) -> bool:
        return self.fault.times is not None and self.played >= self.fault.times


class FaultPlan:
    """The faults in force, asked in the order in which they were added. Safe across threads."""

    def __init__(self) -> None:
        """Begin with no faults."""
        self._lock = threading.Lock()
        self._planned: list[_Planned] = []

    def add(self, fault: Fault) -> None:
        """Put one more fault in force."""
        with self._lock:
            self._planned.append(_Planned(fault))

    def clear(self) -> None:
        """Put no fault in force any more."""
        with self._lock:
            self._planned.clear()

    def next_for(self, method: str, path: str, query: str = "") -> Fault | None:
        """Give the fault that strikes this request, counting it as played; a spent fault leaves the plan."""
        with self._lock:
            for planned in self._planned:
                if planned.fault.matches(method, path, query) and self._strikes(planned):
                    self._planned = [entry for entry in self._planned if not entry.spent]
                    return planned.fault
            return None

    @staticmethod
    def _strikes(planned: _Planned) -> bool:
        planned.seen += 1
        if planned.seen <= planned.fault.after:
            return False
        planned.played += 1
        return True

    def describe(self) -> list[dict[str, Any]]:
        """List the faults in force as plain values, each with how many requests it saw and struck."""
        with self._lock:
            return [{**asdict(entry.fault), "seen": entry.seen, "played": entry.played} for entry in self._planned]
