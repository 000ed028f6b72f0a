"""What goes back into the till's stock or out of its books, by the lines that sold it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tillbridge.domain.orders.cents import share
from tillbridge.domain.orders.order import ZERO
from tillbridge.domain.orders.parts import Part
from tillbridge.domain.orders.planned import SoldLine
from tillbridge.domain.orders.record import BookedCharge

Taken = tuple[SoldLine, Decimal]
"""A line that sold units, and how many of them go back."""


@dataclass(frozen=True, slots=True)
class Located:
    """What is sold or given back at a location, and what that adds to the books."""

    location: str
    part: Part
    charge: BookedCharge | None = None


def taken_back(sold: Sequence[SoldLine], units: Decimal, first: Mapping[str, Decimal]) -> list[Taken]:
    """Find who sold units that go back: at these locations ``first``, so many at each, and then at any.

    Where fewer were sold, fewer are found.
    """
    left, wanted = {one.till_line_id: one.units_left for one in sold}, dict(first)
    for bounded in (True, False):
        for one in sold:
            bound = wanted.get(one.location_id, ZERO) if bounded else units
            taken = min(units, left[one.till_line_id], bound)
            if taken > 0:
                left[one.till_line_id] -= taken
                wanted[one.location_id] = bound - taken
                units -= taken
    gone = ((one, one.units_left - left[one.till_line_id]) for one in sold)
    return [(one, taken) for one, taken in gone if taken > 0]


def returned(line_id: str, name: str, taken: Sequence[Taken], net: Decimal, tax: Decimal) -> Iterator[Part]:
    """Give an amount back with the units it is for; the parts come to the amount."""
    units = sum((count for _, count in taken), ZERO)
    for one, count in taken:
        net_here, tax_here = share(net, count, units), share(tax, count, units)
        units, net, tax = units - count, net - net_here, tax - tax_here
        yield Part(
            line_id=line_id,
            name=f"Returned: {name}",
            units=-count,
            net=-net_here,
            tax=-tax_here,
            item_id=one.item_id,
            tax_class_id=one.tax_class_id,
            returns=one.till_line_id,
        )


def amount_back(line_id: str, name: str, net: Decimal, tax: Decimal = ZERO) -> Part:
    """Give an amount back, or take what is less than nothing. A price given back is never below zero in the till."""
    units = Decimal(-1) if net >= 0 else Decimal(1)
    return Part(line_id=line_id, name=name, units=units, net=-net, tax=-tax)


def sold_at(line_id: str, sold: Sequence[SoldLine], default: str) -> str:
    """Name the location that sold a line, the first of several."""
    return next((one.location_id for one in sold if one.line_id == line_id), default)
