"""The composition root of ``sync_scheduler``: wake everybody whose turn it is, several times a minute if asked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Protocol

from tillbridge.flows.notify import Waiting, wake_waiting
from tillbridge.flows.ports import Clock, Connections, Deadline
from tillbridge.flows.schedule import Wake, wakes
from tillbridge.runtime import observe
from tillbridge.runtime.cloud import Cloud
from tillbridge.runtime.settings import Settings

MINUTE = 60
STOP_MARGIN = timedelta(seconds=5)


class ManyLanes(Protocol):
    """Lanes that can be woken in batches."""

    def wake_many(self, wakes: Iterable[Wake]) -> None:
        """Wake many workers with few calls."""
        ...


@dataclass(frozen=True, slots=True)
class Scheduler:
    """Serves one minute per invocation."""

    connections: Connections
    lanes: ManyLanes
    outbox: Waiting
    clock: Clock
    poll_seconds: int

    def run_minute(self, deadline: Deadline) -> int:
        """Wake whoever is due at each tick of this minute; returns the number of wakes.

        EventBridge fires once a minute. For a shorter poll interval the function stays awake until the minute is
        over, which costs one small function for the whole fleet instead of a queue of delayed messages per merchant.
        """
        tick = timedelta(seconds=self.poll_seconds)
        ticks = MINUTE // self.poll_seconds
        sent = 0
        observe.count("MailsWoken", wake_waiting(self.outbox, self.clock.now()))
        for number in range(ticks):
            began = self.clock.now()
            sent += self._wake(list(wakes(self.connections.list(), began, tick)))
            if number + 1 == ticks or deadline.left() < tick + STOP_MARGIN:
                break
            self.clock.sleep(max(0.0, (tick - (self.clock.now() - began)).total_seconds()))
        return sent

    def _wake(self, due: list[Wake]) -> int:
        self.lanes.wake_many(due)
        observe.count("Wakes", len(due))
        return len(due)


@cache
def scheduler() -> Scheduler:
    """Build the scheduler once per process."""
    parts = Cloud(Settings.from_env())
    return Scheduler(parts.connections, parts.lanes, parts.outbox, parts.clock, parts.settings.poll_seconds)
