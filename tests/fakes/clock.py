"""Time that only tests move."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@dataclass
class FakeClock:
    """A clock that stands still until somebody sleeps or moves it."""

    time: datetime = NOON

    def now(self) -> datetime:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.advance(seconds=seconds)

    def advance(self, *, seconds: float = 0, minutes: float = 0, hours: float = 0) -> None:
        self.time += timedelta(seconds=seconds, minutes=minutes, hours=hours)


@dataclass
class FakeDeadline:
    """Time left, used up by ``cost`` at every look."""

    remaining: timedelta = timedelta(minutes=10)
    cost: timedelta = timedelta()

    def left(self) -> timedelta:
        now, self.remaining = self.remaining, self.remaining - self.cost
        return now
