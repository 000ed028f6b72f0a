"""How many a shop should show, and why: every figure carries the terms it is made of.

``shown = sum of sellable at the mapped locations - safety stock - units in web orders the till does not show yet``
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_FLOOR, Decimal


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
    quantity: int
    terms: tuple[StockTerm, ...]
    missing: tuple[str, ...] = ()

    @property
    def writable(self) -> bool:
        """Tell whether every mapped location has been read."""
        return not self.missing


def stock_figure(stock: ItemStock, rule: StockRule, reserved: Mapping[str, int]) -> StockFigure:
    """Work out what a shop should show of one item.

    ``rule.locations`` must be resolved (not empty). ``reserved`` maps the reference of a web order that the till
    does not show yet to its units. Fractions are rounded down, and the result is never below zero.
    """
    missing = tuple(location for location in rule.locations if location not in stock.levels)
    levels = [stock.levels[location] for location in rule.locations if location in stock.levels]
    terms = [StockTerm(f"location {level.location_id}", level.sellable, level.updated_at) for level in levels]
    if rule.safety_stock:
        terms.append(StockTerm("safety stock", -rule.safety_stock))
    terms += [StockTerm(f"web order {order}", Decimal(-units)) for order, units in sorted(reserved.items())]
    total = sum((term.amount for term in terms), Decimal(0))
    quantity = max(0, int(total.to_integral_value(ROUND_FLOOR)))
    return StockFigure(stock.item_id, quantity, tuple(terms), missing)
