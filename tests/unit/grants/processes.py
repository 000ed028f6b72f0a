"""Processes that stop at every step until they are told to go on, or to die.

Each is a thread that runs only while it is told to, so that every run can be repeated.
"""

import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.fakes.clock import NOON, FakeClock, FakeDeadline
from tests.fakes.crash import KilledError
from tests.unit.grants.fakes import TILL, World
from tillbridge.domain.errors import TillbridgeError
from tillbridge.domain.grant import Rejected, Secret


@dataclass
class Process:
    """A process that stops at every step until it is told to go on, or to die."""

    world: World
    rejected: Secret | None = None
    early: bool = False
    at: str = "start"
    began: datetime = NOON
    done: bool = False
    token: str = ""
    trouble: BaseException | None = None
    _killed: bool = False
    _go: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    _stopped: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def __post_init__(self) -> None:
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        self._stopped.acquire()

    def go_on(self) -> None:
        self._go.release()
        self._stopped.acquire()

    def go_until(self, step: str) -> None:
        """Go on at least one step, until this one or the next nap; to the end when neither comes."""
        self.go_on()
        while not self.done and self.at not in {step, "sleep"}:
            self.go_on()

    def kill(self) -> None:
        self._killed = True
        while not self.done:
            self.go_on()

    def step(self, name: str) -> None:
        if name == "after acquire":
            self.began = self.world.clock.now()
        self.at = name
        self._stopped.release()
        self._go.acquire()
        if self._killed:
            raise KilledError(name)

    def _run(self) -> None:
        clock = SleepyClock(self)
        try:
            refresher = self.world.process(self.step, clock)
            deadline = FakeDeadline(timedelta(days=1))
            self.token = refresher.token(
                TILL, deadline, rejected=Rejected(self.rejected) if self.rejected else None, early=self.early
            ).reveal()
        except (KilledError, TillbridgeError) as error:
            self.trouble = error
        finally:
            self.done = True
            self._stopped.release()


class SleepyClock(FakeClock):
    """The world's time; sleeping is a step like any other."""

    def __init__(self, process: Process) -> None:
        super().__init__()
        self._process = process

    def now(self) -> datetime:
        return self._process.world.clock.now()

    def sleep(self, seconds: float) -> None:
        self._process.step("sleep")
