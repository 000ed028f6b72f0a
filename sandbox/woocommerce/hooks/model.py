"""Web hooks and what they have yet to send, as the shop keeps them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

_MERGED_WITHIN = timedelta(minutes=10)
TOPICS = frozenset(
    f"{resource}.{event}"
    for resource in ("order", "product", "customer", "coupon")
    for event in ("created", "updated", "deleted", "restored")
)


@dataclass(slots=True)
class Webhook:
    """A web hook; its secret is never shown again."""

    id: int
    name: str
    topic: str
    delivery_url: str
    secret: str
    created: datetime
    modified: datetime
    status: str = "active"
    failures: int = 0
    """Failed deliveries in a row."""

    @property
    def resource(self) -> str:
        return self.topic.partition(".")[0]

    @property
    def event(self) -> str:
        return self.topic.partition(".")[2]


@dataclass(frozen=True, slots=True)
class Pending:
    """A delivery that waits for the shop's cron to run."""

    webhook_id: int
    object_id: int


class DeliveryQueue:
    """What waits for cron; a repeat of what has waited for less than ten minutes is merged with it."""

    def __init__(self) -> None:
        self._entries: list[Pending] = []
        self._queued: dict[Pending, datetime] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def add(self, entry: Pending, now: datetime) -> None:
        queued = self._queued.get(entry)
        if queued is None or now - queued >= _MERGED_WITHIN:
            self._entries.append(entry)
            self._queued[entry] = now

    def take(self) -> list[Pending]:
        """Empty the queue."""
        entries, self._entries = self._entries, []
        self._queued.clear()
        return entries
