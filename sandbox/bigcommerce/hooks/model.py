"""Web hooks and what they have yet to send, as the store keeps them (facts/bigcommerce.md, "Web hooks v3")."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sandbox.common.json_types import JsonObject

RETRY_AFTER_SECONDS = (60, 180, 300, 600, 900, 1_800, 3_600, 7_200, 21_600, 50_400, 86_400)
_WINDOW, _BLOCKED_FOR = timedelta(minutes=2), timedelta(minutes=3)
_COUNTED_FROM, _NEEDED_SHARE = 100, 0.9


@dataclass(slots=True)
class Webhook:
    """A web hook; only the account that made it can see it."""

    id: int
    client_id: str
    scope: str
    destination: str
    created: datetime
    updated: datetime
    last_event: datetime
    active: bool = True
    headers: Mapping[str, str] = field(default_factory=dict)

    def listens_to(self, scope: str) -> bool:
        """Tell whether an event is meant for it; a scope may end in ``*``."""
        return scope == self.scope or (self.scope.endswith("/*") and scope.startswith(self.scope[:-1]))

    @property
    def address(self) -> tuple[str, str]:
        """Whose hook it is and which host it goes to: what is blocked together."""
        return self.client_id, urlsplit(self.destination).netloc


@dataclass(slots=True)
class Reception:
    """How well one host takes an account's deliveries; too many failures within two minutes block it for three."""

    blocked_until: datetime | None = None
    results: deque[tuple[datetime, bool]] = field(default_factory=deque)
    """Whether the deliveries of the last two minutes arrived."""

    def open_from(self, now: datetime) -> datetime:
        """Give the moment from which it may be sent to."""
        return max(now, self.blocked_until or now)

    def count(self, now: datetime, *, arrived: bool) -> None:
        """Count a delivery."""
        self.results.append((now, arrived))
        while self.results[0][0] < now - _WINDOW:
            self.results.popleft()
        good = sum(arrived for _, arrived in self.results)
        if len(self.results) >= _COUNTED_FROM and good < _NEEDED_SHARE * len(self.results):
            self.blocked_until = now + _BLOCKED_FOR
            self.results.clear()


@dataclass(frozen=True, slots=True)
class Event:
    """Something that a hook tells; `tries` counts the times that it did not arrive."""

    webhook_id: int
    scope: str
    data: JsonObject
    at: datetime
    tries: int = 0


class DeliveryQueue:
    """Events with the moment from which they may be sent."""

    def __init__(self) -> None:
        self._waiting: list[tuple[datetime, Event]] = []

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, event: Event, due: datetime) -> None:
        self._waiting.append((due, event))

    def take(self, now: datetime | None = None) -> list[Event]:
        """Take out what is due, in the order in which it came; everything without `now`."""
        taken = [event for due, event in self._waiting if now is None or due <= now]
        self._waiting = [(due, event) for due, event in self._waiting if now is not None and due > now]
        return taken
