"""Time as the stand-ins see it: passed in, never read from the machine, so that tests decide when it is."""

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Where a stand-in gets its time from."""

    def now(self) -> datetime:
        """Give the present moment, aware, in UTC."""

    def sleep(self, seconds: float) -> None:
        """Let `seconds` pass."""


class SystemClock:
    """The machine's own time."""

    def now(self) -> datetime:
        """Give the present moment, aware, in UTC."""
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        """Wait for `seconds`."""
        time.sleep(seconds)


class ManualClock:
    """A time that moves only when told to; sleeping moves it at once."""

    def __init__(self, start: datetime) -> None:
        """Begin at `start`, which must be aware."""
        if start.tzinfo is None:
            raise ValueError(f"ManualClock needs an aware start, got {start.isoformat()} without a time zone")
        self._now = start.astimezone(UTC)
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """Give the moment the clock was last moved to."""
        with self._lock:
            return self._now

    def sleep(self, seconds: float) -> None:
        """Move the clock forward by `seconds` without waiting."""
        with self._lock:
            self._now += timedelta(seconds=seconds)
