"""Web hook subscriptions and what they have yet to send."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

FAILURES_ALLOWED = 8
RETRY_AFTER = tuple(timedelta(minutes=minutes) for minutes in (1, 4, 10, 20, 35, 45, 55, 65))
"""Eight retries within four hours; Shopify says no more of their times (facts/shopify.md, section 4)."""


@dataclass(slots=True)
class WebhookSubscription:
    """A subscription of an app to a topic."""

    id: int
    client_id: str
    topic: str
    uri: str
    created_at: datetime
    updated_at: datetime
    format: str = "JSON"
    filter: str | None = None
    include_fields: tuple[str, ...] = ()
    metafield_namespaces: tuple[str, ...] = ()
    name: str | None = None
    failures: int = 0
    """Failed deliveries in a row."""
    by_api: bool = True
    """Whether it was made by the API; those of the app's configuration are never deleted."""


@dataclass(slots=True)
class Delivery:
    """A delivery that waits; its body is the one of the event, however late it is sent."""

    row: WebhookSubscription
    topic: str
    body: bytes
    webhook_id: str
    event_id: str
    triggered_at: datetime
    due: datetime
    tries: int = 0


@dataclass(slots=True)
class Subscriptions:
    """All subscriptions and waiting deliveries."""

    rows: dict[int, WebhookSubscription] = field(default_factory=dict)
    waiting: list[Delivery] = field(default_factory=list)

    def on(self, topic: str) -> list[WebhookSubscription]:
        return [row for row in self.rows.values() if row.topic == topic]
