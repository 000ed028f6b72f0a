"""Amounts that survive as JSON numbers."""

from decimal import Decimal

MOST_DIGITS = 15
"""A JSON number holds so many digits exactly wherever it is read."""


def exact(amount: Decimal) -> bool:
    """Tell whether an amount survives as a JSON number."""
    return len(amount.normalize().as_tuple().digits) <= MOST_DIGITS
