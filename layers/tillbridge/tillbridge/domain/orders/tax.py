"""What the till makes of the lines of a sale: tax by line unrounded, each tax rounded once per sale.

Source: facts/lightspeed.md, A5 ("Tax rounding"). With a category whose prices hold the tax, lines are written with it
and the till takes it out.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from tillbridge.domain.orders.cents import cents
from tillbridge.domain.orders.order import ZERO
from tillbridge.domain.orders.sale import SaleLine, TaxCategory

NO_TAX = TaxCategory(category_id="0", name="no tax")


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What the till will say of a sale: all that is to be paid, and the tax in it."""

    total: Decimal
    tax: Decimal


def reckon(lines: Iterable[SaleLine], category: TaxCategory) -> Reckoned:
    """Work out a sale's total as the till does."""
    whole, first, second = ZERO, ZERO, ZERO
    for line in lines:
        amount = line.units * line.unit_price
        whole += amount
        if line.taxed and category is not NO_TAX:
            rates = category.by_class.get(line.tax_class_id, category.rates)
            base = amount / (1 + sum(rates)) if category.inclusive else amount
            first, second = first + base * rates[0], second + base * rates[1]
    tax = cents(first) + cents(second)
    return Reckoned(whole if category.inclusive else whole + tax, tax)
