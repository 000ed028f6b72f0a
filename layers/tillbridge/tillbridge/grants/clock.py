"""Time as grants need it; the runtime's clock fits."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Time, passed in so that tests own it."""

    def now(self) -> datetime:
        """Tell the time, aware, in UTC."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait."""
        ...
