"""Kill points: every write of a fake passes here before and after it happens."""

from collections.abc import Callable
from dataclasses import dataclass, field


class KilledError(BaseException):
    """The process died here. Not an ``Exception``: nothing may catch it and carry on."""


@dataclass
class Crash:
    """Counts steps and kills at one of them. Steps are numbered from 0; ``None`` never kills."""

    at: int | None = None
    steps: list[str] = field(default_factory=list)

    def step(self, name: str) -> None:
        """Pass a point; raises ``KilledError`` when it is the chosen one."""
        self.steps.append(name)
        if self.at is not None and len(self.steps) - 1 == self.at:
            raise KilledError(name)

    def around(self, name: str, write: Callable[[], object]) -> None:
        """Carry out a write with a kill point on either side of it."""
        self.step(f"before {name}")
        write()
        self.step(f"after {name}")
