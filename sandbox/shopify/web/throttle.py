"""The bucket of cost points per app and shop (facts/shopify.md, section 5)."""

from dataclasses import dataclass
from datetime import datetime

from sandbox.common.json_types import JsonObject
from sandbox.shopify.settings import Limits


@dataclass(slots=True)
class Bucket:
    """Points left, refilled as time goes by."""

    limits: Limits
    level: float
    filled: datetime

    @classmethod
    def full(cls, limits: Limits, now: datetime) -> "Bucket":
        return cls(limits, limits.bucket, now)

    def refill(self, now: datetime) -> None:
        gained = (now - self.filled).total_seconds() * self.limits.restore_rate
        self.level, self.filled = min(self.limits.bucket, self.level + gained), now

    def affords(self, points: int) -> bool:
        return self.limits.unlimited or points <= self.level

    def take(self, points: int) -> None:
        if not self.limits.unlimited:
            self.level = max(0, self.level - points)

    def settle(self, requested: int, actual: int) -> None:
        """Give back what was taken for more than came."""
        self.level = min(self.limits.bucket, self.level + requested - actual)

    def describe(self, requested: int, actual: int | None) -> JsonObject:
        """Write ``extensions.cost``."""
        return {
            "requestedQueryCost": requested,
            "actualQueryCost": actual,
            "throttleStatus": {
                "maximumAvailable": float(self.limits.bucket),
                "currentlyAvailable": int(self.level),
                "restoreRate": float(self.limits.restore_rate),
            },
        }
