"""Deterministic numbers, times and text forms that the generated rows are made of."""

from datetime import UTC, datetime
from decimal import Decimal

_MASK = (1 << 64) - 1


def mix(seed: int, number: int, salt: int = 0) -> int:
    """Scatter the three numbers over 64 bits; cheap, since it runs for every row of a till of 100,000 items."""
    value = (seed * 0x9E3779B97F4A7C15 + number * 0xBF58476D1CE4E5B9 + salt * 0x94D049BB133111EB) & _MASK
    value ^= value >> 31
    value = value * 0x7FB5D329728EA185 & _MASK
    return value ^ value >> 27


def epoch(year: int, month: int, day: int) -> int:
    """Give the first second of a day in UTC."""
    return int(datetime(year, month, day, tzinfo=UTC).timestamp())


def iso(seconds: int) -> str:
    """Write a moment as the API does: ``2026-01-05T10:00:00+00:00``."""
    return datetime.fromtimestamp(seconds, UTC).isoformat()


def parse_iso(text: str) -> int:
    """Read a moment as the API takes it: ISO 8601, UTC where no offset is given. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


def plain(value: Decimal) -> str:
    """Write a number without exponent or trailing zeros, as the API does: ``20``, ``9.99``, ``11.4860025``."""
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def flag(value: object) -> str:
    """Write the truth of a value as the API does."""
    return "true" if value else "false"


def with_check_digit(digits: str) -> str:
    """Append the GS1 check digit, which makes 11 digits a UPC-A and 12 digits an EAN-13."""
    weighted = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return digits + str(-weighted % 10)
