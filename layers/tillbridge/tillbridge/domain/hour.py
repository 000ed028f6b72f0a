"""What was counted within the last hour, in steps of five minutes. Pure functions."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from tillbridge.domain.guard import Kind

HOUR = timedelta(hours=1)
STEP = timedelta(minutes=5)

Counts = tuple[tuple[datetime, int], ...]
"""When a step began and how many were counted in it, oldest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardLog:
    """What the guard of one lane of one shop remembers.

    ``listings`` was counted at ``counted_at``. ``filled`` tells that the first filling of the shop is over: from then
    on creations count.
    """

    seen: Mapping[Kind, Counts] = field(default_factory=dict)
    listings: int = 0
    counted_at: datetime | None = None
    filled: bool = False

    def within_hour(self, now: datetime) -> dict[Kind, int]:
        """Count what was seen within the last hour."""
        return {kind: sum(number for _, number in _recent(steps, now)) for kind, steps in self.seen.items()}

    def noting(self, counts: Mapping[Kind, int], now: datetime) -> "GuardLog":
        """Add counts, and forget what is older than an hour."""
        seen = {kind: _recent(steps, now) for kind, steps in self.seen.items()}
        for kind, number in counts.items():
            seen[kind] = _added(seen.get(kind, ()), number, now)
        return replace(self, seen={kind: steps for kind, steps in seen.items() if steps})


def _recent(steps: Counts, now: datetime) -> Counts:
    return tuple((at, number) for at, number in steps if at > now - HOUR)


def _added(steps: Counts, number: int, now: datetime) -> Counts:
    if steps and now - steps[-1][0] < STEP:
        began, there = steps[-1]
        return (*steps[:-1], (began, there + number))
    return (*steps, (now, number))
