"""What every answer tells of a limit, shared between the workers of one connection."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from tillbridge.systems.http.clock import Clock

Snapshot = Mapping[str, str]


def nothing_shared() -> Snapshot | None:
    """Find nothing from others."""
    return None


def keep_to_oneself(_: Snapshot) -> None:
    """Tell nobody."""


class Snapshots:
    """Loads once, since afterwards every answer tells the truth, and saves when others had better know.

    That is after a refusal, and not oftener than ``every`` while little is left; a quiet connection saves nothing.
    """

    def __init__(
        self, clock: Clock, load: Callable[[], Snapshot | None], save: Callable[[Snapshot], None], every: timedelta
    ) -> None:
        self._clock, self._load, self._save, self._every = clock, load, save, every
        self._loaded = False
        self._saved_at: datetime | None = None

    def first(self) -> Snapshot | None:
        """Give what others shared, the first time only."""
        if self._loaded:
            return None
        self._loaded = True
        return self._load()

    def share(self, snapshot: Callable[[], Snapshot], *, refused: bool, scarce: bool) -> None:
        """Tell others, where they had better know."""
        now = self._clock.now()
        lately = self._saved_at is not None and now - self._saved_at < self._every
        if refused or (scarce and not lately):
            self._saved_at = now
            self._save(snapshot())
