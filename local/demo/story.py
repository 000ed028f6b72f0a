"""How the demo is told: numbered headings with the seconds, and steps that hold or end it."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from local.demo.stage import Stage
from local.errors import LocalCloudError

MERCHANT, OWNER = "demo", "owner@example.com"
ARRIVAL_SECONDS = 90.0
LOOK_SECONDS = 0.2


@dataclass(slots=True)
class Story:
    """Says what happens on the stage, and ends with what was seen when a step does not hold."""

    stage: Stage
    say: Callable[[str], None]
    began: float = field(default_factory=time.monotonic)
    chapters: int = 0

    def chapter(self, title: str) -> None:
        """Begin a chapter."""
        self.chapters += 1
        self.say(f"\n=== {self.chapters}. {title}   (at {time.monotonic() - self.began:.0f} s)")

    def hold(self, holds: bool, what: str, otherwise: str) -> None:  # noqa: FBT001
        """Say what holds, or end with what was seen instead."""
        if not holds:
            raise LocalCloudError(f"It does not hold that {what}: {otherwise}", remedy="Look into .local/logs.")
        self.say(f"ok: {what}")

    def arrives(self, what: str, look: Callable[[], object], wanted: object) -> None:
        """Look until the wanted is seen, and say after how many seconds; what is seen in the end decides."""
        began = time.monotonic()
        while (seen := look()) != wanted and time.monotonic() - began < ARRIVAL_SECONDS:
            time.sleep(LOOK_SECONDS)
        told = f"{what} after {time.monotonic() - began:.1f} s"
        self.hold(seen == wanted, told, f"it is {seen} instead of {wanted}")
