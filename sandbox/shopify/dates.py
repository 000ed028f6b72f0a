"""Moments as the Admin API writes them."""

from datetime import UTC, datetime


def written(moment: datetime) -> str:
    """Write a moment for GraphQL: ``2026-01-15T12:00:00Z``."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def rest(moment: datetime | None) -> str | None:
    """Write a moment for a web hook's body."""
    return None if moment is None else f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S+00:00}"
