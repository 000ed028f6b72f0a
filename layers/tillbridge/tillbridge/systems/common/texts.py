"""Names and amounts as shops on MySQL compare and write them."""

from decimal import Decimal, InvalidOperation

from tillbridge.domain.agreement import folded
from tillbridge.domain.planning import decimal_text

LARGEST_POWER = 40
"""Of ten. A larger amount is a mistake, and written out it would fill pages."""


def same_name(one: str, other: str) -> bool:
    """Compare names and SKUs as the shop's database does: upper and lower case are one."""
    return folded(one) == folded(other)


def amount_text(text: str) -> str:
    """Write an amount of the shop in its one plain form; what is no number is given as it is."""
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return text
    return decimal_text(amount) if amount.is_finite() and abs(amount.adjusted()) <= LARGEST_POWER else text
