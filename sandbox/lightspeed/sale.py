"""A sale with its lines and payments, and the arithmetic of its totals (facts/lightspeed.md, A5).

Line tax is never rounded; each of the two taxes is, once for the whole sale. How a sale with inclusive prices shows its
subtotal is our assumption: without the tax, so that the total is the subtotal and the taxes there as well.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from sandbox.lightspeed.taxes import UNTAXED, Pair, Rates

_CENT = Decimal("0.01")
_ZERO = Decimal(0)


class SaleError(ValueError):
    """A sale was refused; `saleID` and `balance` are known when it could not be completed but stays behind, open."""

    def __init__(self, message: str, *, sale_id: int = 0, balance: Decimal = _ZERO) -> None:
        """Keep what the answer has to say."""
        super().__init__(message)
        self.sale_id, self.balance = sale_id, balance


@dataclass(frozen=True, slots=True)
class Line:
    """One line; without an item (id 0) it is a miscellaneous one. A quantity below zero gives something back."""

    id: int
    item_id: int
    quantity: int
    unit_price: Decimal
    taxed: bool
    tax_class_id: str
    cost: Decimal
    normal_price: Decimal
    created: int
    note_id: int = 0
    note: str = ""
    parent_id: int = 0
    """The line whose units are given back."""

    @property
    def subtotal(self) -> Decimal:
        """Quantity times price, not rounded."""
        return self.unit_price * self.quantity


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment; below zero it is money given back."""

    id: int
    type_id: int
    amount: Decimal
    reference: str
    created: int


@dataclass(frozen=True, slots=True)
class LineDraft:
    """A line as a client sends it; without a price the item's default price counts."""

    item_id: int = 0
    quantity: int = 0
    unit_price: Decimal | None = None
    taxed: bool | None = None
    tax_class_id: str = ""
    note: str = ""
    parent_id: int = 0


@dataclass(frozen=True, slots=True)
class PaymentDraft:
    """A payment as a client sends it."""

    type_id: int
    amount: Decimal | None = None
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Sale:
    """One sale with its lines and payments."""

    id: int
    employee_id: int
    register_id: int
    shop_id: int
    created: int
    updated: int
    customer_id: int = 0
    tax_category_id: int = 0
    rates: Rates = UNTAXED
    reference: str = ""
    source: str = ""
    promotions: bool = False
    completed_at: int | None = None
    archived: bool = False
    voided: bool = False
    change: Decimal = _ZERO
    ship_to_id: int = 0
    lines: tuple[Line, ...] = ()
    payments: tuple[Payment, ...] = ()

    @property
    def counts(self) -> bool:
        """Tell whether it has moved goods and money."""
        return self.completed_at is not None and not self.voided

    @property
    def displayed(self) -> Decimal:
        """The sum of the lines, as their prices have it."""
        return sum((line.subtotal for line in self.lines), _ZERO)

    @property
    def taxable(self) -> Decimal:
        """The sum of the taxed lines without tax."""
        gross = sum((line.subtotal for line in self.lines if line.taxed), _ZERO)
        return gross - self.tax if self.rates.inclusive else gross

    @property
    def taxes(self) -> Pair:
        """The two taxes: unrounded per line, each rounded once per sale."""
        pairs = [self.taxes_of(line) for line in self.lines]
        return _cents(sum((first for first, _ in pairs), _ZERO)), _cents(sum((second for _, second in pairs), _ZERO))

    def taxes_of(self, line: Line) -> Pair:
        """The two taxes on a line, not rounded."""
        return self.rates.taxes_on(line.subtotal, line.tax_class_id) if line.taxed else (_ZERO, _ZERO)

    @property
    def tax(self) -> Decimal:
        """Both taxes."""
        return sum(self.taxes, _ZERO)

    @property
    def subtotal(self) -> Decimal:
        """The sum of the lines without tax."""
        return self.displayed - self.tax if self.rates.inclusive else self.displayed

    @property
    def total(self) -> Decimal:
        """What has to be paid."""
        return self.subtotal + self.tax

    @property
    def paid(self) -> Decimal:
        """The sum of the payments."""
        return sum((payment.amount for payment in self.payments), _ZERO)

    @property
    def balance(self) -> Decimal:
        """What is still to be paid."""
        return self.total - self.paid


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(_CENT, ROUND_HALF_UP)
