"""Keep within a limit: short waits are made inside a call, longer ones are handed back to the queue."""

from tillbridge.domain.errors import Subject, ThrottledError
from tillbridge.systems.http.clock import Clock
from tillbridge.systems.http.failures import LONGEST_PAUSE

PATIENCE = 5.0
"""Seconds that are waited inside a call, where a system does not ask for more; the rest is handed back to the queue."""


def wait_for(
    clock: Clock, seconds: float, limit: str, code: str, subject: Subject, *, patience: float = PATIENCE
) -> None:
    """Wait; ``ThrottledError`` tells how long it is where that is too long. ``limit`` says of what nothing is left."""
    seconds = min(seconds, LONGEST_PAUSE)
    if seconds > patience:
        raise ThrottledError(f"{limit} used up for {seconds:.0f} s.", after=seconds, code=code, subject=subject)
    if seconds > 0:
        clock.sleep(seconds)
