"""Find lines and a tax category with which the till comes to just what the shop has charged.

The till works tax out by itself and nobody can tell it the amount (facts/lightspeed.md, A5). So each category that the
merchant allows is tried; the one that comes nearest is taken. What is left of a difference becomes a line that
everybody can see, if the merchant's bound allows it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tillbridge.domain.orders.order import ZERO
from tillbridge.domain.orders.parked import NotMappedError, TaxDiffersError
from tillbridge.domain.orders.parts import Part, lines_of, single_line
from tillbridge.domain.orders.rules import OrderRules, TaxRule
from tillbridge.domain.orders.sale import CounterLists, SaleLine, TaxCategory
from tillbridge.domain.orders.tax import NO_TAX, reckon

ROUNDING = "rounding"
TAX = "tax"


@dataclass(frozen=True, slots=True, kw_only=True)
class Balanced:
    """Lines that come to the total; ``rounding`` is the line it took, ``tax_difference`` shop's tax less the till's."""

    lines: tuple[SaleLine, ...]
    category_id: str
    total: Decimal
    rounding: Decimal = ZERO
    tax_difference: Decimal = ZERO


def balance(
    parts: Sequence[Part], total: Decimal, location: str, rules: OrderRules, lists: CounterLists, *, prefer: str = ""
) -> Balanced:
    """Write parts as lines whose total in the till is ``total``.

    Where the merchant has chosen none, the ``location``'s own category is used. ``prefer`` names that of the sale
    which is given back. Raises ``TaxDiffersError``, ``NotMappedError``.
    """
    back = total < 0
    taxed = any(part.tax for part in parts)
    if not taxed or rules.tax is TaxRule.SHOP:
        lines = [*lines_of(parts, inclusive=False, untaxed=True)]
        tax = sum((part.tax for part in parts), ZERO)
        if tax:
            lines.append(single_line(TAX, "Tax of the web shop", tax, back=back))
        return _closed(lines, NO_TAX, total, rules, ZERO, back=back)
    tries = [_attempt(parts, total, category) for category in _allowed(location, rules, lists, prefer)]
    best = min(tries, key=lambda attempt: attempt.off)
    return _closed(best.lines, best.category, total, rules, best.tax_off, back=back)


@dataclass(frozen=True, slots=True)
class _Attempt:
    lines: list[SaleLine]
    category: TaxCategory
    total_off: Decimal
    tax_off: Decimal

    @property
    def off(self) -> Decimal:
        return abs(self.total_off) + abs(self.tax_off)


def _attempt(parts: Sequence[Part], total: Decimal, category: TaxCategory) -> _Attempt:
    lines = [*lines_of(parts, inclusive=category.inclusive, untaxed=False)]
    reckoned = reckon(lines, category)
    tax = sum((part.tax for part in parts), ZERO)
    return _Attempt(lines, category, total - reckoned.total, tax - reckoned.tax)


def _allowed(location: str, rules: OrderRules, lists: CounterLists, prefer: str) -> Iterator[TaxCategory]:
    """Give the categories to try, the preferred one first: of equals the first one is taken."""
    by_id = {category.category_id: category for category in lists.tax_categories}
    own = lists.location_taxes.get(location, "")
    wanted = [*([prefer] if prefer in by_id else []), *(rules.tax_categories or ([own] if own else []))]
    if not wanted:
        raise NotMappedError(
            "The order has tax, and no tax category of the till is chosen for web orders.",
            remedy="Choose one with the setting orders_tax_categories, or set orders_tax to shop.",
        )
    for category_id in dict.fromkeys(wanted):
        if category_id not in by_id:
            raise NotMappedError(
                f"The tax category {category_id} is not in the till any more.",
                remedy="Choose another with the setting orders_tax_categories: the order is tried again at once.",
            )
        yield by_id[category_id]


def _closed(
    lines: list[SaleLine], category: TaxCategory, total: Decimal, rules: OrderRules, tax_off: Decimal, *, back: bool
) -> Balanced:
    """Add the line that closes a small difference."""
    missing = total - reckon(lines, category).total
    if max(abs(missing), abs(tax_off)) > rules.rounding:
        raise TaxDiffersError(
            f"The till would come to {total - missing} with tax {category.name}, and the shop has charged {total}"
            f" (its tax differs by {tax_off}); that is more than the {rules.rounding} allowed.",
            remedy="Allow a tax category with the shop's rates (orders_tax_categories), raise orders_rounding, or set"
            " orders_tax to shop: the order is tried again at once.",
        )
    if missing:
        lines.append(single_line(ROUNDING, "Rounding of the web order", missing, back=back))
    return Balanced(
        lines=tuple(lines), category_id=category.category_id, total=total, rounding=missing, tax_difference=tax_off
    )
