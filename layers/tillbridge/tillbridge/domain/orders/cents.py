"""Cents that lines lose when a shop works out the tax of an order as a whole, and tells no line its share."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from tillbridge.domain.orders.order import ZERO, Charge

CENT = Decimal("0.01")


def cents(amount: Decimal) -> Decimal:
    """Round to cents, halves away from zero."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def reconciled(charges: Sequence[Charge], total: Decimal) -> tuple[Charge, ...]:
    """Let charges come to the shop's total, where rounding explains the difference: a cent for each of them at most.

    It goes to the tax of the dearest charge that has some, or else to its net. A larger difference stays: it has
    another cause, and whoever plans the sale says so.
    """
    off = total - sum((charge.gross for charge in charges), ZERO)
    if not off or abs(off) > CENT * len(charges):
        return tuple(charges)
    place = max(range(len(charges)), key=lambda number: (bool(charges[number].tax), charges[number].gross))
    dearest = charges[place]
    mended = replace(dearest, tax=dearest.tax + off) if dearest.tax else replace(dearest, net=dearest.net + off)
    return (*charges[:place], mended, *charges[place + 1 :])
