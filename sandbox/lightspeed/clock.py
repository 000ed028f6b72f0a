"""A clock that can be moved forward on command, over whichever clock it was given."""

import threading
from datetime import datetime, timedelta

from sandbox.common.clock import Clock


class ShiftedClock:
    """Another clock's time plus what it was advanced by."""

    def __init__(self, base: Clock) -> None:
        """Begin with the time of `base`."""
        self._base = base
        self._shift = timedelta()
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """Give the present moment, aware, in UTC."""
        with self._lock:
            return self._base.now() + self._shift

    def sleep(self, seconds: float) -> None:
        """Let `seconds` of the clock underneath pass."""
        self._base.sleep(seconds)

    def advance(self, seconds: float) -> None:
        """Jump forward."""
        with self._lock:
            self._shift += timedelta(seconds=seconds)
