"""The ledger: what was asked of a stand-in, so that a test or bench can count calls and cost."""

import threading
from collections import Counter
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Call:
    """One API call as the stand-in saw it; only the names of query parameters are kept, never their values."""

    method: str
    route: str
    path: str
    query_keys: tuple[str, ...]
    status: int | None
    """The status that was answered; None when the connection was cut or left hanging."""
    cost: float
    """Cost units of the remote system, zero where it has none."""
    request_bytes: int
    response_bytes: int
    started: datetime
    seconds: float
    fault: str | None
    """The kind of fault that was played, if any."""


class Ledger:
    """All API calls since the last reset, in the order in which their handlers ended. Safe across threads."""

    def __init__(self) -> None:
        """Begin with no calls."""
        self._lock = threading.Lock()
        self._calls: list[Call] = []

    def add(self, call: Call) -> None:
        """Note one more call."""
        with self._lock:
            self._calls.append(call)

    def calls(self, *, route: str | None = None, method: str | None = None) -> list[Call]:
        """List the calls, all or those of one route (as flask writes it) and method."""
        with self._lock:
            return [
                call
                for call in self._calls
                if (route is None or call.route == route) and (method is None or call.method == method)
            ]

    def last(self, count: int) -> list[Call]:
        """List the `count` latest calls, the newest first."""
        with self._lock:
            return self._calls[: -count - 1 : -1]

    @property
    def total(self) -> int:
        """The number of calls."""
        with self._lock:
            return len(self._calls)

    @property
    def cost(self) -> float:
        """The sum of the calls' cost units."""
        with self._lock:
            return sum(call.cost for call in self._calls)

    def by_route(self) -> dict[str, int]:
        """Count the calls per ``METHOD route``."""
        with self._lock:
            return dict(Counter(f"{call.method} {call.route}" for call in self._calls))

    def reset(self) -> None:
        """Forget all calls."""
        with self._lock:
            self._calls.clear()
