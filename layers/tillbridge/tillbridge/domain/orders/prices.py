"""Amounts for many units as prices for one, to the cent: three for 10.00 are 2 x 3.33 and 1 x 3.34."""

from collections.abc import Iterator
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from tillbridge.domain.orders.cents import CENT

FINE = Decimal("0.000001")
"""How finely a price is written where units are no whole number, or amounts are finer than cents."""


def per_unit(amount: Decimal, units: Decimal) -> Iterator[tuple[Decimal, Decimal]]:
    """Share an amount out over units: pairs of units and the price of one, whose products add up to the amount.

    Prices have cents only, if the amount has, and the units are whole; then at most two pairs are needed. Otherwise a
    price is as fine as it takes, and what is left is a millionth per unit at most. Units below zero have an amount
    below zero, and prices above it.
    """
    if units != units.to_integral_value() or amount != amount.quantize(CENT):
        yield units, _shortest(amount / units)
        return
    sign = Decimal(1).copy_sign(units)
    low = (amount / units).quantize(CENT, ROUND_DOWN)
    rest = amount * sign - low * abs(units)
    dearer = abs(rest) / CENT
    if abs(units) > dearer:
        yield sign * (abs(units) - dearer), low
    if dearer:
        yield sign * dearer, low + CENT.copy_sign(rest)


def _shortest(price: Decimal) -> Decimal:
    exact = price.quantize(FINE, ROUND_HALF_UP)
    return exact.quantize(CENT) if exact == exact.quantize(CENT) else exact.normalize()
