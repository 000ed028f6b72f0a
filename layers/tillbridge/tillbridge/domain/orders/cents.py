"""Amounts to the cent: rounded, shared out, and made to come to a total."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from tillbridge.domain.orders.order import ZERO, Charge

CENT = Decimal("0.01")


def cents(amount: Decimal) -> Decimal:
    """Round to cents, halves away from zero, as shops do and the till with a sale's tax (facts/lightspeed.md, A5)."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def share(amount: Decimal, units: Decimal, of: Decimal) -> Decimal:
    """Give the part of an amount that falls to so many units of all; all of it where there is nothing to share."""
    return amount if units == of or not of else cents(amount * units / of)


def reconciled(charges: Sequence[Charge], total: Decimal) -> tuple[Charge, ...]:
    """Let charges come to the shop's total, where rounding explains the difference: a cent for each of them at most.

    Lines lose cents when a shop works out the tax of an order as a whole, and tells no line its share. They go to the
    tax of the dearest charge that has some, or else to its net. A larger difference stays: it has another cause, and
    whoever plans the sale says so.
    """
    off = total - sum((charge.gross for charge in charges), ZERO)
    if not off or abs(off) > CENT * len(charges):
        return tuple(charges)
    place = max(range(len(charges)), key=lambda number: (bool(charges[number].tax), charges[number].gross))
    dearest = charges[place]
    mended = replace(dearest, tax=dearest.tax + off) if dearest.tax else replace(dearest, net=dearest.net + off)
    return (*charges[:place], mended, *charges[place + 1 :])
