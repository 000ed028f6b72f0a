"""Wakes that can wait for a moment: of many for the same worker, one is sent."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tillbridge.domain.merchant import Connection, Lane
from tillbridge.flows.ports import Clock, Lanes

LONGEST_WAIT = timedelta(seconds=10)


@dataclass(slots=True)
class GatheredWakes:
    """Implements ``Lanes``. What it holds back goes out with the first wake that comes ``LONGEST_WAIT`` later.

    Whoever dies meanwhile leaves marks without a wake: the sweep meets them.
    """

    lanes: Lanes
    clock: Clock
    _asked: dict[tuple[str, Lane, str], Connection] = field(default_factory=dict, init=False)
    _since: datetime | None = field(default=None, init=False)

    def wake(self, connection: Connection, lane: Lane, task: str = "work") -> None:
        """Ask the worker of this connection and lane to look at what waits."""
        now = self.clock.now()
        self._asked[connection.connection_id, lane, task] = connection
        self._since = self._since or now
        if now - self._since >= LONGEST_WAIT:
            self.send()

    def send(self) -> None:
        """Send what is held back."""
        asked, self._asked, self._since = self._asked, {}, None
        for (_, lane, task), connection in asked.items():
            self.lanes.wake(connection, lane, task)


@contextmanager
def gathered(lanes: Lanes, clock: Clock) -> Iterator[GatheredWakes]:
    """Gather the wakes of a piece of work; they are sent at its end, however it ends."""
    wakes = GatheredWakes(lanes, clock)
    try:
        yield wakes
    finally:
        wakes.send()
