"""Times as text: UTC, ISO 8601, always with microseconds and ``Z``, so that texts sort as times do."""

from datetime import UTC, datetime


def moment_text(moment: datetime) -> str:
    """Write an aware time, e.g. ``2026-03-02T12:00:00.000000Z``."""
    if moment.tzinfo is None:
        raise ValueError("a time without zone cannot be stored")
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def read_moment(text: str) -> datetime:
    """Read what ``moment_text`` wrote; ``ValueError`` for anything else."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None or moment_text(moment) != text:
        raise ValueError("not in the form in which times are stored")
    return moment
