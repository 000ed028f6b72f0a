"""What is left of the store's quota, as its answers say, and how long a request has to wait. Pure.

All apps of a store share so many requests in each window of 30 seconds (facts/bigcommerce.md, "Limits").
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tillbridge.domain.merchant import Lane

STOCK_RESERVE = 0.2
"""The share of the quota that only the stock lane may use. It shrinks with the window: at its end nobody needs it."""

WINDOW = 30.0
"""Seconds of a window, where a store does not say."""

_MILLISECONDS = 1000.0


@dataclass(frozen=True, slots=True)
class Quota:
    """The quota as it was at some moment. ``size`` 0 means that no answer told it yet."""

    resets_at: datetime
    left: int = 0
    size: int = 0
    blocked_until: datetime | None = None
    window: float = WINDOW

    def wait(self, lane: Lane, now: datetime) -> float:
        """Tell the seconds, to the millisecond, until a request may be sent."""
        blocked = (self.blocked_until - now).total_seconds() if self.blocked_until else 0.0
        return round(max(blocked, self._spent(lane, now), 0.0), 3)

    def _spent(self, lane: Lane, now: datetime) -> float:
        """Tell the seconds until the window ends, or its rest needs no more for stock than is left."""
        reset = (self.resets_at - now).total_seconds()
        if self.size <= 0 or reset <= 0 or self.left > self.size * STOCK_RESERVE:
            return 0.0
        if lane is Lane.STOCK:
            return 0.0 if self.left else reset
        return reset - self.window * self.left / (self.size * STOCK_RESERVE)

    @property
    def scarce(self) -> bool:
        """Tell whether others had better know: little more is left than what the stock lane has for itself."""
        return self.size > 0 and self.left <= 2 * int(self.size * STOCK_RESERVE)


def read_headers(headers: Mapping[str, str], now: datetime) -> Quota | None:
    """Read what an answer says; ``None`` when it says nothing, as when the platform is overloaded."""
    reset = _number(headers, "X-Rate-Limit-Time-Reset-Ms")
    window = _number(headers, "X-Rate-Limit-Time-Window-Ms")
    size = _number(headers, "X-Rate-Limit-Requests-Quota")
    left = _number(headers, "X-Rate-Limit-Requests-Left")
    if reset is None or size is None or left is None:
        return None
    seconds = window / _MILLISECONDS if window else WINDOW
    return Quota(now + timedelta(milliseconds=reset), left, size, window=seconds)


def refused(known: Quota, seconds: float, now: datetime) -> Quota:
    """Remember for how long nothing should be sent."""
    return replace(known, blocked_until=now + timedelta(seconds=seconds))


def reset_seconds(headers: Mapping[str, str]) -> float | None:
    """Tell when the window ends, in seconds; ``None`` when the answer does not say."""
    reset = _number(headers, "X-Rate-Limit-Time-Reset-Ms")
    return None if reset is None else reset / _MILLISECONDS


def to_text(quota: Quota) -> dict[str, str]:
    """Write a quota as plain texts, to be shared between workers."""
    return {
        "resets_at": quota.resets_at.isoformat(),
        "left": str(quota.left),
        "size": str(quota.size),
        "blocked_until": quota.blocked_until.isoformat() if quota.blocked_until else "",
        "window": repr(quota.window),
    }


def from_text(texts: Mapping[str, str]) -> Quota | None:
    """Read what ``to_text`` wrote; ``None`` when it is anything else, since the next answer tells it anew."""
    try:
        resets_at, blocked = datetime.fromisoformat(texts["resets_at"]), texts.get("blocked_until", "")
        blocked_until = datetime.fromisoformat(blocked) if blocked else None
        window = float(texts.get("window", WINDOW))
        quota = Quota(resets_at, int(texts["left"]), int(texts["size"]), blocked_until, window)
    except (KeyError, ValueError):
        return None
    aware = resets_at.tzinfo is not None and (blocked_until is None or blocked_until.tzinfo is not None)
    return quota if aware and quota.left >= 0 and quota.size >= 0 and quota.window > 0 else None


def _number(headers: Mapping[str, str], name: str) -> int | None:
    text = headers.get(name, "")
    return int(text) if text.isdecimal() else None
