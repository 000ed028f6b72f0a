"""The API's two limiters: a leaky bucket per account and client, and a count per second (facts/lightspeed.md, A2)."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

BUCKET, BURST = "api-leaky-bucket", "api-burst-limiter"
_BURST_SHARE = (2, 9)
"""The burst limit is a fraction of the bucket size; the documented sample has 20 for 90."""


@dataclass(slots=True)
class Bucket:
    """How full one connection's bucket is."""

    size: float
    drip: float
    level: float = 0.0
    updated: datetime | None = None
    second: int = 0
    in_second: int = 0

    @property
    def burst_limit(self) -> int:
        """How many requests fit into one second."""
        return max(1, int(self.size * _BURST_SHARE[0] // _BURST_SHARE[1]))

    def leak(self, now: datetime) -> None:
        """Let run out what time allows."""
        if self.updated is not None:
            self.level = max(0.0, self.level - (now - self.updated).total_seconds() * self.drip)
        self.updated = now


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a request may pass, and the headers that say so."""

    refused_by: str | None
    headers: dict[str, str]


@dataclass(slots=True)
class Limiter:
    """All buckets. The request that overflows one passes; the next is refused until the level is below the size."""

    size: float
    drip: float
    now: Callable[[], datetime]
    burst: bool = True
    show_cost: bool = True
    buckets: dict[str, Bucket] = field(default_factory=dict)

    def admit(self, connection: str, cost: float) -> Verdict:
        """Count a request of `cost` drips."""
        now = self.now()
        bucket = self.bucket(connection)
        bucket.leak(now)
        refused = BURST if self._bursts(bucket, now) else BUCKET if bucket.level >= bucket.size else None
        if refused is None:
            bucket.level += cost
        return Verdict(refused, {**self._headers(bucket, cost), **_refusal(bucket, refused)})

    def bucket(self, connection: str) -> Bucket:
        """Give a connection's bucket."""
        return self.buckets.setdefault(connection, Bucket(self.size, self.drip))

    def resize(self, size: float, drip: float) -> None:
        """Change size and drip rate of all buckets, as the vendor may do without notice."""
        self.size, self.drip = size, drip
        for bucket in self.buckets.values():
            bucket.size, bucket.drip = size, drip

    def _bursts(self, bucket: Bucket, now: datetime) -> bool:
        second = int(now.timestamp())
        if bucket.second != second:
            bucket.second, bucket.in_second = second, 0
        bucket.in_second += 1
        return self.burst and bucket.in_second > bucket.burst_limit

    def _headers(self, bucket: Bucket, cost: float) -> dict[str, str]:
        headers = {
            "X-LS-API-Bucket-Level": f"{_number(bucket.level)}/{_number(bucket.size)}",
            "X-LS-API-Drip-Rate": _number(bucket.drip),
        }
        if self.burst:
            headers["X-LS-API-Burst-Level"] = f"{bucket.in_second}/{bucket.burst_limit}"
        if self.show_cost:
            headers["X-LS-API-Request-Cost"] = _number(cost)
        return headers


def _refusal(bucket: Bucket, refused: str | None) -> dict[str, str]:
    if refused is None:
        return {}
    over = (bucket.level - bucket.size) / bucket.drip if refused == BUCKET else 0
    return {"X-LS-API-RateLimit-Type": refused, "Retry-After": str(max(1, math.ceil(over)))}


def _number(value: float) -> str:
    return f"{value:.12f}".rstrip("0").rstrip(".")
