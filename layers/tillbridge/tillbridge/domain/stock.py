"""How many a shop should show, and why: every figure carries the terms it is made of.

``shown = sum of sellable at the mapped locations - safety stock - units in web orders the till does not show yet``
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TypeAlias

Quantity: TypeAlias = Decimal | int
"""A figure as a shop takes it: an ``int`` where it counts whole units, else a ``Decimal`` on the shop's step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StockForm:
    """The form in which a shop takes figures: how finely it counts, and whether it takes some below zero."""

    step: Decimal = Decimal(1)
    negative: bool = True

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


@dataclass(frozen=True, slots=True)
class StockRule:
    """A merchant's rule for one shop. No locations named means all that are not archived."""

    locations: tuple[str, ...] = ()
    safety_stock: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class StockTerm:
    """One line of the explanation, e.g. ``("location 1", 7, at)`` or ``("safety stock", -2, None)``."""

    name: str
    amount: Decimal
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StockFigure:
    """The number to show and the terms that lead to it; ``missing`` names locations not read yet.

    While anything is missing the figure must not be written anywhere (invariant 1).
    """

    item_id: str
    quantity: Quantity
    terms: tuple[StockTerm, ...]
    missing: tuple[str, ...] = ()

    @property
    def writable(self) -> bool:
        """Tell whether every mapped location has been read."""
        return not self.missing


def stock_figure(
    stock: ItemStock, rule: StockRule, reserved: Mapping[str, int], form: StockForm = WHOLE_UNITS
) -> StockFigure:
    """Work out what a shop should show of one item.

    ``rule.locations`` must be resolved (not empty). ``reserved`` maps the reference of a web order that the till
    does not show yet to its units. What is finer than the shop counts is rounded down, and nothing is below zero.
    """
    missing = tuple(location for location in rule.locations if location not in stock.levels)
    levels = [stock.levels[location] for location in rule.locations if location in stock.levels]
    terms = [StockTerm(f"location {level.location_id}", level.sellable, level.updated_at) for level in levels]
    if rule.safety_stock:
        terms.append(StockTerm("safety stock", -rule.safety_stock))
    terms += [StockTerm(f"web order {order}", Decimal(-units)) for order, units in sorted(reserved.items())]
    total = sum((term.amount for term in terms), Decimal(0))
    return StockFigure(stock.item_id, form.quantity(max(Decimal(0), total)), tuple(terms), missing)
