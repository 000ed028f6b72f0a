"""How many a shop should show, and why: every figure carries the terms it is made of.

``shown = stock at the locations that count - safety stock - units in web orders the till does not show yet``
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

Quantity: TypeAlias = Decimal | int
"""A figure as a shop takes it: an ``int`` where it counts whole units, else a ``Decimal`` on the shop's step."""

ZERO = Decimal(0)
NO_LOCATION = "(no location counts)"
SAFETY = "safety stock"
WEB_ORDER = "web order "
"""How a term begins that an order is behind; its reference follows."""
AT_LOCATION = " at location "
"""What follows the reference where it is known which location the units leave."""
SPOT = "@"
"""Between an item, or an order, and a location; no id of either holds it."""


def spot(name: str, location_id: str) -> str:
    """Name an item, or an order, at a location; at "" it is wherever there is some."""
    return f"{name}{SPOT}{location_id}" if location_id else name


def of_spot(told: str) -> tuple[str, str]:
    """Give the name and the location."""
    name, _, location_id = told.partition(SPOT)
    return name, location_id


def as_counted(units: Decimal) -> Quantity:
    """Keep whole units whole, so that they are stored as ever."""
    return int(units) if units == units.to_integral_value() else units


@dataclass(frozen=True, slots=True, kw_only=True)
class StockForm:
    """The form in which a shop takes figures.

    ``step`` is how finely it counts, ``negative`` whether it takes figures below zero, ``places`` whether it keeps
    stock at several places of its own.
    """

    step: Decimal = Decimal(1)
    negative: bool = True
    places: bool = False

    def quantity(self, amount: Decimal) -> Quantity:
        """Round down to the shop's step, away from zero below it: what is shown never exceeds what there is."""
        steps, rest = divmod(amount, self.step)
        figure = (steps - 1 if rest < 0 else steps) * self.step
        return int(figure) if self.step == self.step.to_integral_value() else figure


WHOLE_UNITS = StockForm()


@dataclass(frozen=True, slots=True)
class StockLevel:
    """What one location says of one item. ``sellable`` is what may be published, never negative.

    (facts/lightspeed.md, "ItemShop": ``sellable`` is 0 when ``on_hand`` is negative.)
    """

    item_id: str
    location_id: str
    on_hand: Decimal
    sellable: Decimal
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class ItemStock:
    """All that the till says of one item's stock, by location id."""

    item_id: str
    levels: Mapping[str, StockLevel] = field(default_factory=dict)


class StockMode(StrEnum):
    """What becomes of the locations that count."""

    SUM = "sum"  # added up
    PICK = "pick"  # the one that has most: no order needs goods from two branches
    MAP = "map"  # each at a place of the shop; a shop without places of its own shows the sum


@dataclass(frozen=True, slots=True)
class StockRule:
    """A merchant's rule for one shop. No locations named means all that are not archived.

    ``safety_stock`` is kept back once per item, ``safety_by_location`` at each location before anything is added up.
    ``places`` maps locations to the places of a shop that has some, and counts in the mode ``map`` only.
    """

    locations: tuple[str, ...] = ()
    safety_stock: Decimal = ZERO
    mode: StockMode = StockMode.SUM
    safety_by_location: Mapping[str, Decimal] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    backorders: bool = False
    safety_name: str = SAFETY


@dataclass(frozen=True, slots=True)
class StockTerm:
    """One line of the explanation, e.g. ``("location 1", 7, at)`` or ``("safety stock", -2, None)``."""

    name: str
    amount: Decimal
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PlaceFigure:
    """The number to show at one place of a shop that has several, and its terms."""

    place: str
    quantity: Quantity
    terms: tuple[StockTerm, ...]


@dataclass(frozen=True, slots=True)
class StockFigure:
    """The number to show and the terms that lead to it; ``missing`` names locations not read yet.

    While anything is missing the figure must not be written anywhere (invariant 1). ``places`` share the number out
    where the shop shows it place by place; they add up to it.
    """

    item_id: str
    quantity: Quantity
    terms: tuple[StockTerm, ...]
    missing: tuple[str, ...] = ()
    places: tuple[PlaceFigure, ...] = ()

    @property
    def by_place(self) -> Mapping[str, Quantity]:
        """Give the number at each place."""
        return {figure.place: figure.quantity for figure in self.places}

    @property
    def writable(self) -> bool:
        """Tell whether every location that counts has been read."""
        return not self.missing


def stock_figure(
    stock: ItemStock, rule: StockRule, reserved: Mapping[str, Quantity], form: StockForm = WHOLE_UNITS
) -> StockFigure:
    """Work out what a shop should show of one item.

    ``rule.locations`` must be resolved (not empty). ``reserved`` maps the reference of a web order that the till does
    not show yet, or its ``spot`` where it is known which location the units leave, to its units: those that leave a
    location which does not count are no matter here. What is finer than the shop counts is rounded down. Nothing is
    below zero unless the rule allows backorders and the shop takes such figures. Before that, the terms add up to the
    figure.
    """
    mapped = rule.mode is StockMode.MAP and form.places
    counting = [location for location in rule.locations if not mapped or location in rule.places]
    missing = tuple(location for location in counting if location not in stock.levels)
    branches = {location: _branch(stock.levels[location], rule) for location in counting if location not in missing}
    if rule.mode is StockMode.PICK and branches:
        richest = max(branches, key=lambda location: _total(branches[location]))
        branches = {richest: branches[richest]}
    kept_back = _kept_back(rule, reserved, counting)
    terms = tuple(term for group in (*branches.values(), kept_back) for term in group)
    places = tuple(
        PlaceFigure(place, _shown(_total(group), rule, form), tuple(group))
        for place, group in (_shared_out(rule, branches, kept_back) if mapped else {}).items()
    )
    quantity = sum(figure.quantity for figure in places) if mapped else _shown(_total(terms), rule, form)
    return StockFigure(stock.item_id, quantity, terms, missing or (() if branches else (NO_LOCATION,)), places)


def _branch(level: StockLevel, rule: StockRule) -> list[StockTerm]:
    """Say what one location gives: what may be sold there, less what is kept back there, which is never more.

    With backorders a location that has sold more than it had counts with what it owes.
    """
    amount = level.on_hand if rule.backorders and level.on_hand < 0 else level.sellable
    terms = [StockTerm(f"location {level.location_id}", amount, level.updated_at)]
    if kept := min(rule.safety_by_location.get(level.location_id, ZERO), max(ZERO, amount)):
        terms.append(StockTerm(f"{SAFETY} of location {level.location_id}", -kept))
    return terms


def _kept_back(rule: StockRule, reserved: Mapping[str, Quantity], counting: Sequence[str]) -> list[StockTerm]:
    """Say what is taken off the whole. A rule of an item's own is told even when it keeps back nothing."""
    named = rule.safety_stock or rule.safety_name != SAFETY
    safety = [StockTerm(rule.safety_name, -rule.safety_stock)] if named else []
    return safety + [
        StockTerm(f"{WEB_ORDER}{AT_LOCATION.join(filter(None, of_spot(order)))}", -Decimal(units))
        for order, units in sorted(reserved.items())
        if of_spot(order)[1] in {"", *counting}
    ]


def _shared_out(
    rule: StockRule, branches: Mapping[str, Sequence[StockTerm]], kept_back: Sequence[StockTerm]
) -> Mapping[str, list[StockTerm]]:
    """Give each place its locations, and take what is kept back from the place that has most, then from the next.

    Units that leave a known location are taken from its place, before all else; what that lacks is taken like the rest.
    So all places together show no more than the sum would be, and a place with little is spared while it can be.
    """
    places: dict[str, list[StockTerm]] = {}
    for location, terms in branches.items():
        places.setdefault(rule.places[location], []).extend(terms)
    own = {term.name: rule.places.get(term.name.partition(AT_LOCATION)[2], "") for term in kept_back}
    for term in sorted(kept_back, key=lambda one: not own[one.name]) if places else ():
        left = -term.amount
        for place in sorted(places, key=lambda one: (one != own[term.name], -_total(places[one]))):
            taken = min(left, max(ZERO, _total(places[place])))
            left -= taken
            if taken:
                places[place].append(StockTerm(term.name, -taken))
        if left:
            owing = own[term.name] if own[term.name] in places else next(iter(places))
            places[owing].append(StockTerm(term.name, -left))
    return places


def _shown(amount: Decimal, rule: StockRule, form: StockForm) -> Quantity:
    return form.quantity(amount if rule.backorders and form.negative else max(ZERO, amount))


def _total(terms: Iterable[StockTerm]) -> Decimal:
    return sum((term.amount for term in terms), ZERO)
