"""Growing pauses between tries of something that failed."""

from datetime import timedelta

FIRST = timedelta(seconds=30)
LONGEST = timedelta(hours=6)


def pause_after(tries: int) -> timedelta:
    """Tell how long to wait after the n-th failure in a row: 30 s, 1 min, 2 min, ... at most 6 hours."""
    doublings = min(max(tries, 1) - 1, 20)
    return min(FIRST * (1 << doublings), LONGEST)
