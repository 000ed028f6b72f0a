"""What brings one line from what the books hold of it to what is wanted."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from tillbridge.domain.orders.cents import share
from tillbridge.domain.orders.given_back import Located, amount_back, returned, sold_at, taken_back
from tillbridge.domain.orders.order import ZERO, Charge, ChargeKind
from tillbridge.domain.orders.parts import Part
from tillbridge.domain.orders.places import Here, booked, shared, split
from tillbridge.domain.orders.plan_sale import part_of
from tillbridge.domain.orders.planned import Basis, SoldLine
from tillbridge.domain.orders.record import BookedCharge


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the order: what is ``wanted`` of it by now, what the books hold of it, and what sold it."""

    line_id: str
    wanted: Charge | None
    here: Here
    sold: Sequence[SoldLine]

    @property
    def name(self) -> str:
        """What it is called."""
        names = (one.name for one in self.here.values() if one.name)
        return self.wanted.name if self.wanted else next(names, self.line_id)

    @property
    def goods(self) -> bool:
        """Tell whether it has to be sent."""
        return self.wanted.kind is ChargeKind.PRODUCT if self.wanted else any(one.goods for one in self.here.values())

    @property
    def missing(self) -> BookedCharge:
        """Say what the books lack of it, below zero for what they have too much."""
        missing = BookedCharge(line_id=self.line_id, name=self.name, units=ZERO, net=ZERO, goods=self.goods)
        if self.wanted:
            missing = missing.adding(booked(self.wanted))
        for one in self.here.values():
            missing = missing.adding(replace(one, units=-one.units, net=-one.net, tax=-one.tax))
        return replace(missing, places=())


def changed(line: Line, main: str, basis: Basis) -> Iterator[Located]:
    """Correct one line; goods that only leave elsewhere are given back at the one place and sold at the other."""
    missing = line.missing
    wanted_at = shared(line.wanted, basis.rules, line.here, main) if line.wanted else {}
    moves = {
        location: (wanted_at[location].units if location in wanted_at else ZERO) - _held(line, location)
        for location in (*line.here, *wanted_at)
    }
    come = {location: units for location, units in moves.items() if units > 0}
    go = {location: -units for location, units in moves.items() if units < 0}
    if not missing.units and not missing.net and not missing.tax:
        if line.goods and line.wanted:
            yield from _moved(line, line.wanted, go, come, wanted_at, basis)
    elif missing.units < 0 and missing.net <= 0 and sum(one.units_left for one in line.sold) >= -missing.units:
        yield from _given_back(line, missing, go)
    elif missing.units > 0 and missing.net >= 0 and line.wanted:
        more = replace(line.wanted, units=missing.units, net=missing.net, tax=missing.tax)
        for location, one in _sold_more(more, come, wanted_at).items():
            yield Located(location, part_of(one, basis), booked(one))
    else:
        part = amount_back(line.line_id, f"Changed: {line.name}", -missing.net, -missing.tax)
        yield Located(sold_at(line.line_id, line.sold, main), part, missing)


def _held(line: Line, location: str) -> Decimal:
    held = line.here.get(location)
    return held.units if held else ZERO


def _given_back(line: Line, missing: BookedCharge, go: Mapping[str, Decimal]) -> Iterator[Located]:
    taken = taken_back(line.sold, -missing.units, go)
    parts = returned(line.line_id, line.name, taken, -missing.net, -missing.tax)
    for (one, _), part in zip(taken, parts, strict=True):
        yield Located(one.location_id, part, _of(part, missing))


def _sold_more(more: Charge, come: Mapping[str, Decimal], wanted_at: Mapping[str, Charge]) -> Mapping[str, Charge]:
    left, units = more.units, dict[str, Decimal]()
    for location in sorted(come):
        if taken := min(left, come[location]):
            units[location] = taken
            left -= taken
    return split(more, units, {location: tuple(wanted_at[location].places) for location in units})


def _moved(
    line: Line,
    wanted: Charge,
    go: Mapping[str, Decimal],
    come: Mapping[str, Decimal],
    wanted_at: Mapping[str, Charge],
    basis: Basis,
) -> Iterator[Located]:
    """Give units back where the books have too many, and sell the same, for the same, where they have too few."""
    to_come = dict(come)
    for location in sorted(go):
        here, held = line.here[location], [one for one in line.sold if one.location_id == location]
        movable = min(go[location], sum((one.units_left for one in held), ZERO))
        for target in sorted(to_come):
            units = min(movable, to_come[target])
            if units <= 0:
                continue
            net, tax = share(here.net, units, here.units), share(here.tax, units, here.units)
            taken = taken_back(held, units, {})
            for part in returned(line.line_id, line.name, taken, net, tax):
                yield Located(location, part, _of(part, here))
            one = replace(wanted, units=units, net=net, tax=tax, places=wanted_at[target].places)
            yield Located(target, part_of(one, basis), booked(one))
            here = here.adding(BookedCharge(line_id=line.line_id, name="", units=-units, net=-net, tax=-tax))
            held = _without(held, taken)
            movable -= units
            to_come[target] -= units


def _without(held: Sequence[SoldLine], taken: Sequence[tuple[SoldLine, Decimal]]) -> list[SoldLine]:
    gone = {one.till_line_id: units for one, units in taken}
    return [replace(one, units_left=one.units_left - gone.get(one.till_line_id, ZERO)) for one in held]


def _of(part: Part, like: BookedCharge) -> BookedCharge:
    """Say what a part that goes back takes out of the books."""
    return replace(like, units=part.units, net=part.net, tax=part.tax, places=())
