"""All the time in the world."""

from datetime import timedelta


class NoHurry:
    """A deadline that never comes."""

    def left(self) -> timedelta:
        return timedelta(hours=1)
