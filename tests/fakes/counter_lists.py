"""What sales of a till point into, kept in memory beyond a process."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from tests.fakes.crash import Crash
from tillbridge.domain.orders.sale import CounterLists


@dataclass
class FakeCounterLists:
    crash: Crash = field(default_factory=Crash)
    kept: dict[str, tuple[datetime, CounterLists]] = field(default_factory=dict)

    def get(self, till: str) -> tuple[datetime, CounterLists] | None:
        return self.kept.get(till)

    def put(self, till: str, read_at: datetime, lists: CounterLists) -> None:
        self._step(lambda: self.kept.update({till: (read_at, lists)}))

    def forget(self, till: str) -> None:
        self._step(lambda: self.kept.pop(till, None))

    def _step(self, write: Callable[[], object]) -> None:
        self.crash.around("counter lists", write)
