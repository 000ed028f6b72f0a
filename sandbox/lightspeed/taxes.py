"""Rates of tax as a sale is taxed by (facts/lightspeed.md, "Tax, payment, discount, gift card")."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from sandbox.lightspeed.data.rows import Row
from sandbox.lightspeed.table import Table

ZERO = Decimal(0)
Pair = tuple[Decimal, Decimal]


@dataclass(frozen=True, slots=True)
class Rates:
    """The two rates of a tax category, and those of the tax classes that differ from it."""

    default: Pair = (ZERO, ZERO)
    inclusive: bool = False
    """Prices hold the tax."""
    by_class: Mapping[str, Pair] = field(default_factory=dict)

    def of(self, tax_class_id: str) -> Pair:
        """Give both rates for a tax class."""
        return self.by_class.get(tax_class_id, self.default)

    def taxes_on(self, amount: Decimal, tax_class_id: str) -> Pair:
        """Work out both taxes on an amount, not rounded; they are inside of it or come on top."""
        first, second = self.of(tax_class_id)
        base = amount / (1 + first + second) if self.inclusive else amount
        return base * first, base * second


UNTAXED = Rates()


def rates_of(categories: Table[Row], class_rates: Table[Row], category_id: int) -> Rates:
    """Look up a category's rates; category 0, or one that is not there, taxes nothing (recorded)."""
    row = categories.get(category_id)
    if row is None:
        return UNTAXED
    return Rates(
        default=_pair(row.columns),
        inclusive=row.columns["isTaxInclusive"] == "true",
        by_class={entry.columns["taxClassID"]: _pair(entry.columns) for entry in rows_of(class_rates, category_id)},
    )


def rows_of(class_rates: Table[Row], category_id: int) -> list[Row]:
    """List the rates of tax classes in a category."""
    return [row for row in class_rates.all() if row.columns["taxCategoryID"] == str(category_id)]


def _pair(columns: Mapping[str, str]) -> Pair:
    return Decimal(columns["tax1Rate"]), Decimal(columns["tax2Rate"])
