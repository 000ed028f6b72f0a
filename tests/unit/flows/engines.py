"""Workers of one shop's stock lane that stop at every step until they are told to go on, or to die.

Each is a thread that runs only while it is told to, so that every run can be repeated. Its clock may be wrong.
"""

import threading
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from tests.fakes.clock import FakeClock
from tests.fakes.crash import Crash, KilledError
from tests.fakes.stores import FakeConnections, FakeLaneLeases
from tests.fakes.world import SHOP, World
from tillbridge.domain.errors import TillbridgeError
from tillbridge.domain.merchant import Lane
from tillbridge.flows.lane_fence import LaneFence, LaneHaltedError, LaneTakenError
from tillbridge.flows.push_stock import push_stock

SENDING = "call write stock"


class WrongClock(FakeClock):
    """The world's time, and some seconds more or less."""

    def __init__(self, world: World, wrong: timedelta) -> None:
        super().__init__()
        self._world, self._wrong = world, wrong

    def now(self) -> datetime:
        return self._world.clock.now() + self._wrong


class Gate(Crash):
    """Kill points at which an engine waits, unless it is ``open``."""

    def __init__(self, engine: "Engine") -> None:
        super().__init__()
        self.engine, self.open = engine, False

    def step(self, name: str) -> None:
        if not self.open:
            self.engine.step(name)


@dataclass
class Engine:
    """One worker. ``strayed`` counts requests that it sent although somebody else had the lane by then."""

    world: World
    wrong: timedelta = timedelta()
    at: str = "start"
    done: bool = False
    strayed: int = 0
    trouble: TillbridgeError | None = None
    _killed: bool = False
    _go: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    _stopped: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def __post_init__(self) -> None:
        self.mine = copy(self.world)
        self.mine.clock = WrongClock(self.world, self.wrong)
        self.gate = self.mine.crash = Gate(self)
        self.world.workers += 1
        self.fence = LaneFence(
            leases=FakeLaneLeases(self.world.memory, self.mine.crash),
            connections=FakeConnections(self.world.memory, self.mine.crash),
            clock=self.mine.clock,
            connection=self.world.memory.connections[SHOP],
            lane=Lane.STOCK,
            holder=f"worker {self.world.workers}",
        )
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        self._stopped.acquire()

    def go_on(self) -> None:
        self._go.release()
        self._stopped.acquire()

    def go_until(self, step: str) -> None:
        """Go on at least one step, until this one; to the end when it does not come."""
        self.go_on()
        while not self.done and self.at != step:
            self.go_on()

    def finish(self) -> None:
        while not self.done:
            self.go_on()

    def kill(self) -> None:
        self._killed = True
        self.finish()

    def beat(self) -> None:
        """Let the heartbeat, which is a thread of its own, show that the engine lives, when it is not busy itself."""
        if not self.fence._turn.locked():
            self.gate.open = True
            self.fence.beat()
            self.gate.open = False

    @property
    def holds(self) -> bool:
        """Tell whether the lane is this engine's, by the row itself."""
        return self.world.memory.leases[SHOP, Lane.STOCK].holder == self.fence.holder

    def step(self, name: str) -> None:
        self.at = name
        self._stopped.release()
        self._go.acquire()
        if self._killed:
            raise KilledError(name)
        if name == SENDING and not self.holds:
            self.strayed += 1

    def _run(self) -> None:
        try:
            self.step("start")
            shop = self.world.shop.fenced(self.fence.may_send)
            shop.crash = self.mine.crash
            push_stock(replace(self.mine.keeper(), shop=shop, fence=self.fence), self.mine.book())
        except (LaneTakenError, LaneHaltedError) as error:
            self.trouble = error
        except KilledError:
            return
        finally:
            if not self._killed:
                self.gate.open = True
                self.fence.release()
            self.done = True
            self._stopped.release()
