"""Workers side by side on one clock: each is a thread, of which only one runs at any time, until it has to wait."""

import heapq
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

from tests.fakes.clock import FakeClock
from tests.proof.orders.line import Reaper


def _taken() -> threading.Lock:
    """Make a lock that whoever wants it has to wait for; it is released by somebody else."""
    lock = threading.Lock()
    lock.acquire()
    return lock


@dataclass(eq=False)
class Worker:
    """One worker and its turn. ``lane`` is what the reaper takes it for, while it waits."""

    work: Callable[[], object]
    turn: threading.Lock = field(default_factory=_taken)
    lane: str = ""
    failed: BaseException | None = None


@dataclass
class Crew:
    """Gives turns. Whoever waits is parked until its time has come; the order is always the same."""

    reaper: Reaper
    at_work: Worker | None = None
    _parked: list[tuple[datetime, int, Worker]] = field(default_factory=list)
    _back: threading.Lock = field(default_factory=_taken)
    _numbers: Iterator[int] = field(default_factory=count)

    def begin(self, work: Callable[[], object]) -> None:
        """Let a new worker work until it waits or ends."""
        worker = Worker(work)
        threading.Thread(target=self._run, args=(worker,), daemon=True).start()
        self._give_turn(worker)

    def resume(self, now: datetime) -> bool:
        """Let go on whoever waits no longer than until now; tells whether there was one."""
        if not self._parked or self._parked[0][0] > now:
            return False
        self._give_turn(heapq.heappop(self._parked)[2])
        return True

    def until(self) -> datetime | None:
        """Tell when the next of those who wait goes on."""
        return self._parked[0][0] if self._parked else None

    def wait(self, until: datetime) -> None:
        """Have the worker whose turn it is wait."""
        worker = self.at_work
        assert worker is not None, "only workers wait"
        worker.lane, self.reaper.lane = self.reaper.lane, ""
        heapq.heappush(self._parked, (until, next(self._numbers), worker))
        self._back.release()
        worker.turn.acquire()
        self.reaper.lane = worker.lane

    def _give_turn(self, worker: Worker) -> None:
        self.at_work = worker
        worker.turn.release()
        self._back.acquire()
        self.at_work = None
        if worker.failed:
            raise worker.failed

    def _run(self, worker: Worker) -> None:
        worker.turn.acquire()
        try:
            worker.work()
        except BaseException as error:  # noqa: BLE001 - it is raised where the turn was given
            worker.failed = error
        self._back.release()


@dataclass
class SharedClock(FakeClock):
    """A clock on which a worker that sleeps leaves the time to the others.

    It is ahead of the machine's, by which requests to Magento are signed: they must not come from the future.
    """

    time: datetime = datetime(2030, 3, 4, 8, 0, tzinfo=UTC)
    crew: Crew | None = None

    def sleep(self, seconds: float) -> None:
        if self.crew and self.crew.at_work and seconds > 0:
            self.crew.wait(self.time + timedelta(seconds=seconds))
        else:
            super().sleep(seconds)
