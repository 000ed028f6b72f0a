"""Sales: opened, extended, completed or archived, and the arithmetic of their totals (facts/lightspeed.md, A5)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from sandbox.lightspeed.data.numbers import iso, plain
from sandbox.lightspeed.data.places import CASH
from sandbox.lightspeed.table import Table

if TYPE_CHECKING:
    from sandbox.lightspeed.retailer import Retailer

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
    """One line; without an item (id 0) it is a miscellaneous one."""

    id: int
    item_id: int
    quantity: int
    unit_price: Decimal
    taxed: bool
    tax_class_id: str
    cost: Decimal
    normal_price: Decimal
    created: int

    @property
    def subtotal(self) -> Decimal:
        """Quantity times price, not rounded."""
        return self.unit_price * self.quantity


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment."""

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
    taxed: bool = True


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
    tax_rate: Decimal = _ZERO
    reference: str = ""
    source: str = ""
    promotions: bool = False
    completed_at: int | None = None
    archived: bool = False
    change: Decimal = _ZERO
    lines: tuple[Line, ...] = ()
    payments: tuple[Payment, ...] = ()

    @property
    def subtotal(self) -> Decimal:
        """The sum of the lines."""
        return sum((line.subtotal for line in self.lines), _ZERO)

    @property
    def taxable(self) -> Decimal:
        """The sum of the taxed lines."""
        return sum((line.subtotal for line in self.lines if line.taxed), _ZERO)

    @property
    def tax(self) -> Decimal:
        """The tax: unrounded per line, rounded once per sale."""
        return (self.taxable * self.tax_rate).quantize(_CENT, ROUND_HALF_UP)

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


class SalesBook:
    """All sales of the retailer."""

    def __init__(self, retailer: "Retailer", now: Callable[[], int]) -> None:
        """Begin without sales."""
        self._retailer, self._now = retailer, now
        self._last_line = self._last_payment = 0
        self.table: Table[Sale] = Table(_key_columns)

    def open(self, draft: Sale) -> Sale:
        """Keep a new sale, whose id and times are given here. Raises SaleError for unknown ids."""
        self._check(draft)
        now = self._now()
        rate = self._tax_rate(draft.tax_category_id)
        sale = replace(draft, id=self.table.size + 1, created=now, updated=now, tax_rate=rate)
        self.table.put(sale.id, sale)
        return sale

    def get(self, sale_id: int) -> Sale:
        """Give a sale. Raises LookupError."""
        sale = self.table.get(sale_id)
        if sale is None:
            raise LookupError(f"there is no sale {sale_id}")
        return sale

    def add_lines(self, sale_id: int, drafts: Sequence[LineDraft]) -> Sale:
        """Append lines; there is no way to replace them all, so repeating a request doubles them (recorded)."""
        sale = self.get(sale_id)
        if drafts and sale.completed_at is not None:
            raise SaleError("Sale not updated. A completed sale takes no more lines.")
        lines = tuple(self._line(draft, taxes=sale.tax_category_id != 0) for draft in drafts)
        return self._keep(replace(sale, lines=(*sale.lines, *lines)))

    def check(self, payments: Sequence[PaymentDraft], completed_at: int | None) -> None:
        """Refuse what could not be kept, before anything is. Raises SaleError."""
        for payment in payments:
            if self._retailer.payment_types.get(payment.type_id) is None:
                raise SaleError(f"Sale not saved. There is no payment type {payment.type_id}.")
        if completed_at is not None and completed_at > self._now():
            raise SaleError("Sale not saved. completeTime may not be in the future.")

    def pay(self, sale_id: int, draft: PaymentDraft) -> Sale:
        """Add a payment; without an amount it pays the balance."""
        sale = self.get(sale_id)
        self._last_payment += 1
        amount = sale.balance if draft.amount is None else draft.amount
        payment = Payment(self._last_payment, draft.type_id, amount, draft.reference, self._now())
        return self._keep(replace(sale, payments=(*sale.payments, payment)))

    def complete(self, sale_id: int, at: int | None = None) -> Sale:
        """Complete a sale, which takes its items out of the stock.

        Raises SaleError when it does not balance; the sale then stays behind, open and without payments.
        """
        sale = self.get(sale_id)
        if sale.completed_at is not None:
            return sale
        unpaid, sale = replace(sale, payments=()), self._give_change(sale)
        if sale.balance:
            self._keep(unpaid)
            raise SaleError("Sale is out of balance.", sale_id=sale.id, balance=sale.balance)
        for line in sale.lines:
            if line.item_id:
                self._retailer.take(line.item_id, sale.shop_id, line.quantity)
        return self._keep(replace(sale, completed_at=at or self._now()))

    def archive(self, sale_id: int) -> Sale:
        """Archive an open sale. Raises SaleError for a completed one."""
        sale = self.get(sale_id)
        if sale.completed_at is not None:
            raise SaleError("Sale not archived. A completed sale cannot be archived.")
        return self._keep(replace(sale, archived=True))

    def change(self, sale: Sale) -> Sale:
        """Keep a sale whose head was changed. Raises SaleError for unknown ids."""
        self._check(sale)
        return self._keep(replace(sale, tax_rate=self._tax_rate(sale.tax_category_id)))

    def _keep(self, sale: Sale) -> Sale:
        kept = replace(sale, updated=self._now())
        self.table.put(sale.id, kept)
        return kept

    def _check(self, sale: Sale) -> None:
        retailer = self._retailer
        for name, table, value in (
            ("employeeID", retailer.employees, sale.employee_id),
            ("shopID", retailer.shops, sale.shop_id),
            ("registerID", retailer.registers, sale.register_id),
        ):
            if table.get(value) is None:
                raise SaleError(f"Sale not created. {name} {value} does not exist.")

    def _tax_rate(self, tax_category_id: int) -> Decimal:
        row = self._retailer.tax_categories.get(tax_category_id)
        return _ZERO if row is None else Decimal(row.columns["tax1Rate"])

    def reassign(self, item_id: int, to: int) -> None:
        """Let the lines of an item be another's; the sales' own times stay."""
        for sale in list(self.table.all()):
            if any(line.item_id == item_id for line in sale.lines):
                lines = (replace(line, item_id=to) if line.item_id == item_id else line for line in sale.lines)
                self.table.put(sale.id, replace(sale, lines=tuple(lines)))

    def _line(self, draft: LineDraft, *, taxes: bool) -> Line:
        """Without a tax category no line is taxed, whatever was sent (recorded)."""
        item = self._retailer.catalogue.item(draft.item_id) if draft.item_id else None
        normal = Decimal(item.prices[0]) if item else _ZERO
        cost = Decimal(item.columns["defaultCost"]) if item else _ZERO
        tax_class = item.columns["taxClassID"] if item else "0"
        price = normal if draft.unit_price is None else draft.unit_price
        self._last_line += 1
        taxed = draft.taxed and taxes
        return Line(self._last_line, draft.item_id, draft.quantity, price, taxed, tax_class, cost, normal, self._now())

    @staticmethod
    def _give_change(sale: Sale) -> Sale:
        """Turn overpaid cash into change; other overpayments leave the sale out of balance."""
        if sale.balance >= 0 or not sale.payments or sale.payments[-1].type_id != CASH:
            return sale
        change, cash = -sale.balance, sale.payments[-1]
        return replace(sale, change=change, payments=(*sale.payments[:-1], replace(cash, amount=cash.amount - change)))


def _key_columns(sale: Sale) -> dict[str, str]:
    return {
        "saleID": str(sale.id),
        "timeStamp": iso(sale.updated),
        "updatetime": iso(sale.updated),
        "completeTime": iso(sale.completed_at) if sale.completed_at is not None else "",
        "referenceNumber": sale.reference,
        "balance": plain(sale.balance),
    }
