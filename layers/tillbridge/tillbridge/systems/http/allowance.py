"""How full a connection's bucket is, as a system's answers say, and how long a request has to wait. Pure.

The bucket leaks ``drip`` units a second; a request that fits into what is free goes through at once. Besides, only so
many requests fit into one second (facts/lightspeed.md, A2).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tillbridge.domain.merchant import Lane

STOCK_RESERVE = 0.3
"""The share of the bucket that only the stock lane may use."""
BURST_WINDOW = 1.0
DEFAULT_DRIP = 1.0


@dataclass(frozen=True, slots=True)
class Allowance:
    """A bucket as it was ``at`` some moment. ``burst_limit`` 0 means that no such limit was told."""

    at: datetime
    level: float = 0.0
    size: float = 0.0
    drip: float = DEFAULT_DRIP
    burst: float = 0.0
    burst_limit: float = 0.0
    blocked_until: datetime | None = None

    def wait(self, cost: float, lane: Lane, now: datetime) -> float:
        """Tell the seconds, to the millisecond, until a request of ``cost`` may be sent."""
        return round(max(self._refused(now), self._full(cost, lane, now), self._bursting(now), 0.0), 3)

    def filled(self, now: datetime) -> float:
        """Tell the share of the bucket that is full now; 0 when its size is not known."""
        return self.level_at(now) / self.size if self.size else 0.0

    def level_at(self, now: datetime) -> float:
        """Tell how full the bucket is now, as far as is known."""
        return max(0.0, self.level - self.drip * self._age(now))

    def _age(self, now: datetime) -> float:
        return max(0.0, (now - self.at).total_seconds())

    def _refused(self, now: datetime) -> float:
        return (self.blocked_until - now).total_seconds() if self.blocked_until else 0.0

    def _full(self, cost: float, lane: Lane, now: datetime) -> float:
        if not self.size:
            return 0.0
        usable = self.size if lane is Lane.STOCK else self.size * (1 - STOCK_RESERVE)
        level = self.level_at(now)
        return (level - max(0.0, usable - cost)) / self.drip

    def _bursting(self, now: datetime) -> float:
        """Wait a whole second from the last answer: where the till's windows begin is not known."""
        if not self.burst_limit or self.burst < self.burst_limit:
            return 0.0
        return BURST_WINDOW - self._age(now)


def refuse(known: Allowance, seconds: float, now: datetime) -> Allowance:
    """Remember that the till refused a request, and for how long nothing should be sent."""
    return replace(known, blocked_until=now + timedelta(seconds=seconds))


def to_text(allowance: Allowance) -> dict[str, str]:
    """Write an allowance as plain texts, to be shared between workers."""
    blocked = allowance.blocked_until
    return {
        "at": allowance.at.isoformat(),
        "level": repr(allowance.level),
        "size": repr(allowance.size),
        "drip": repr(allowance.drip),
        "blocked_until": blocked.isoformat() if blocked else "",
    }


def from_text(texts: Mapping[str, str]) -> Allowance | None:
    """Read what ``to_text`` wrote; ``None`` when it is anything else, since the next answer tells it anew."""
    try:
        at, blocked = datetime.fromisoformat(texts["at"]), texts.get("blocked_until", "")
        read = Allowance(
            at=at,
            level=float(texts["level"]),
            size=float(texts["size"]),
            drip=float(texts["drip"]),
            blocked_until=datetime.fromisoformat(blocked) if blocked else None,
        )
    except (KeyError, ValueError):
        return None
    aware = at.tzinfo is not None and (read.blocked_until is None or read.blocked_until.tzinfo is not None)
    return read if aware and read.drip > 0 and read.level >= 0 and read.size >= 0 else None
