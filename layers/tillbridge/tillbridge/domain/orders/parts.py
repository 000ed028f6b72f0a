"""What goes on a sale, line by line, before anybody has worked out its tax."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from tillbridge.domain.orders.order import ZERO
from tillbridge.domain.orders.prices import per_unit
from tillbridge.domain.orders.sale import SaleLine

NOTE_LENGTH = 200
"""How much of a name is written to a miscellaneous line; the facts give no limit, and no till shows more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One thing sold, or given back: then ``units``, ``net`` and ``tax`` are below zero.

    ``returns`` is the till's id of the line that sold it.
    """

    line_id: str
    name: str
    units: Decimal
    net: Decimal
    tax: Decimal = ZERO
    item_id: str = ""
    tax_class_id: str = ""
    returns: str = ""

    @property
    def gross(self) -> Decimal:
        """What is paid for it."""
        return self.net + self.tax


def lines_of(parts: Iterable[Part], *, inclusive: bool, untaxed: bool) -> Iterator[SaleLine]:
    """Write parts as lines, with the tax in their prices or without it.

    ``untaxed`` sells everything without tax, at net prices.
    """
    for part in parts:
        amount = part.gross if inclusive and not untaxed else part.net
        for units, price in per_unit(amount, part.units):
            yield SaleLine(
                units=units,
                unit_price=price,
                item_id=part.item_id,
                note="" if part.item_id else part.name[:NOTE_LENGTH],
                taxed=bool(part.tax) and not untaxed,
                tax_class_id=part.tax_class_id,
                returns=part.returns,
                line_id=part.line_id,
            )


def single_line(line_id: str, note: str, amount: Decimal, *, back: bool) -> SaleLine:
    """Write an untaxed amount as a line of one unit. On a return no price may be below zero, so the units are."""
    units = Decimal(-1) if back and amount < 0 else Decimal(1)
    return SaleLine(units=units, unit_price=amount * units, note=note, taxed=False, line_id=line_id)
