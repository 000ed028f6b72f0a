"""What leaves with a sale: the goods that it sold and nobody has given back, from where the shop says they are."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from tillbridge.domain.orders.order import ZERO, PlacedOrder
from tillbridge.domain.orders.places import books_of, location_of
from tillbridge.domain.orders.record import Booking, OrderRecord
from tillbridge.domain.orders.rules import OrderRules


@dataclass(frozen=True, slots=True)
class Sent:
    """Units by the order's line, none named for all that is left of it; and the shop's places of their location."""

    units: Mapping[str, Decimal]
    places: tuple[str, ...]
    location_id: str


def sent_with(record: OrderRecord, order: PlacedOrder, rules: OrderRules, sale_id: str) -> Sent | None:
    """Say what has left with a sale of an order; ``None`` for one that sold no goods, or has all of them back.

    The only one that sold goods is taken for all that is left of the order, wherever it lies.
    """
    selling = [booking for booking in record.completed if any(_sold(booking).values())]
    mine = next((booking for booking in selling if booking.sale_id == sale_id), None)
    if mine is None:
        return None
    if len(selling) == 1:
        return Sent({}, (), mine.location_id)
    back = _given_back(record, mine)
    units = {line: count - back.get(line, ZERO) for line, count in _sold(mine).items()}
    left = {line: count for line, count in units.items() if count > 0}
    return Sent(left, _places(record, order, rules, mine.location_id), mine.location_id) if left else None


def _places(record: OrderRecord, order: PlacedOrder, rules: OrderRules, location_id: str) -> tuple[str, ...]:
    books = books_of(record)
    told = [(place, books.get(charge.line_id, {})) for charge in order.charges for place in charge.places]
    return tuple(dict.fromkeys(place for place, here in told if location_of(place, rules, here) == location_id))


def _sold(booking: Booking) -> dict[str, Decimal]:
    return {charge.line_id: charge.units for charge in booking.charges if charge.goods and charge.units > 0}


def _given_back(record: OrderRecord, mine: Booking) -> dict[str, Decimal]:
    """Add up what has come back of a sale's lines since, by the order's line."""
    lines = {line.till_line_id: line.line_id for line in mine.lines}
    back: dict[str, Decimal] = {}
    for line in (line for booking in record.completed for line in booking.lines):
        if line.returns in lines:
            line_id = lines[line.returns]
            back[line_id] = back.get(line_id, ZERO) - line.units
    return back
