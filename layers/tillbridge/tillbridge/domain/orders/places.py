"""From where the goods of an order are sold: one line may leave several places, and is shared out to the cent.

A shop tells places, a till has locations (``OrderRules.at``). What the books hold already stays where it is as long as
the shop says nothing else: neither a changed setting nor a place that was never told moves anything.
"""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from tillbridge.domain.orders.cents import share
from tillbridge.domain.orders.order import ZERO, Charge, ChargeKind, PlacedOrder
from tillbridge.domain.orders.record import BookedCharge, OrderRecord
from tillbridge.domain.orders.rules import OrderRules

Here = Mapping[str, BookedCharge]
"""What the books hold of one line, by location."""

Books = Mapping[str, Here]
"""What the books hold, by line."""


def books_of(record: OrderRecord) -> Books:
    """Add up what completed sales and corrections have booked, line by line and location by location."""
    books: dict[str, dict[str, BookedCharge]] = {}
    for booking in record.completed:
        for charge in booking.charges:
            here = books.setdefault(charge.line_id, {})
            known = here.get(booking.location_id)
            here[booking.location_id] = known.adding(charge) if known else charge
    return books


def units_at(charge: Charge, rules: OrderRules, here: Here) -> dict[str, Decimal]:
    """Say how many units of a line each location sells; together they are all of them.

    Units of which no place is told stay where the books have them, or else go with those that are told of.
    """
    units, rest = dict[str, Decimal](), charge.units
    for place, count in charge.places.items():
        taken = min(count, rest)
        if taken > 0:
            location = location_of(place, rules, here)
            units[location] = units.get(location, ZERO) + taken
            rest -= taken
    told = max(units, key=lambda location: units[location], default=rules.location)
    for location, held in here.items():
        kept = min(rest, max(ZERO, held.units - units.get(location, ZERO)))
        if kept > 0:
            units[location] = units.get(location, ZERO) + kept
            rest -= kept
    if rest or not units:
        units[told] = units.get(told, ZERO) + rest
    return units


def shared(charge: Charge, rules: OrderRules, here: Here, main: str) -> Mapping[str, Charge]:
    """Share a line out over the locations that sell it; what is no goods is sold at ``main``, all of it."""
    if charge.kind is not ChargeKind.PRODUCT:
        return {next((location for location, held in here.items() if held.units > 0), main): charge}
    units = units_at(charge, rules, here)
    return split(charge, units, {location: _places_of(charge, location, rules, here) for location in units})


def split(
    charge: Charge, units: Mapping[str, Decimal], places: Mapping[str, tuple[str, ...]] | None = None
) -> Mapping[str, Charge]:
    """Share a line out over locations by units; the shares of its amounts come to the amounts, to the cent.

    The same units give the same shares each time. Each share names the shop's places of its location.
    """
    left, shares = charge, dict[str, Charge]()
    for location in sorted(units):
        taken = units[location]
        mine = replace(
            charge,
            units=taken,
            net=share(left.net, taken, left.units),
            tax=share(left.tax, taken, left.units),
            discount=share(left.discount, taken, left.units),
            places={place: charge.places.get(place, ZERO) for place in (places or {}).get(location, ())},
        )
        shares[location] = mine
        left = replace(
            left,
            units=left.units - taken,
            net=left.net - mine.net,
            tax=left.tax - mine.tax,
            discount=left.discount - mine.discount,
        )
    return shares


def main_location(order: PlacedOrder, rules: OrderRules, books: Books) -> str:
    """Name the location that sells most of the goods; what is no goods is sold there, too."""
    worth: dict[str, Decimal] = {}
    for charge in order.charges:
        if charge.kind is ChargeKind.PRODUCT:
            for location, one in shared(charge, rules, books.get(charge.line_id, {}), "").items():
                worth[location] = worth.get(location, ZERO) + one.gross
    return max(worth, key=lambda location: worth[location], default=rules.location)


def booked(charge: Charge) -> BookedCharge:
    """Say what a share of a line adds to the books."""
    return BookedCharge(
        line_id=charge.line_id,
        name=charge.name,
        units=charge.units,
        net=charge.net,
        tax=charge.tax,
        ref=str(charge.ref) if charge.ref else "",
        goods=charge.kind is ChargeKind.PRODUCT,
        places=tuple(charge.places),
    )


def location_of(place: str, rules: OrderRules, here: Here) -> str:
    """Name the location that sells what leaves a place: the one that has it in the books, or else the mapped one."""
    booked_at = (location for location, held in here.items() if held.units > 0 and place in held.places)
    return next(booked_at, rules.at(place))


def _places_of(charge: Charge, location: str, rules: OrderRules, here: Here) -> tuple[str, ...]:
    return tuple(place for place in charge.places if location_of(place, rules, here) == location)
