"""The book of sales: opened, extended, completed, archived, refunded and voided (facts/lightspeed.md, A5)."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from sandbox.lightspeed.data.numbers import flag, iso, plain
from sandbox.lightspeed.data.places import CASH
from sandbox.lightspeed.returns import check_kinds, exceeds, left_of, may_return
from sandbox.lightspeed.sale import Line, LineDraft, Payment, PaymentDraft, Sale, SaleError
from sandbox.lightspeed.table import Table
from sandbox.lightspeed.taxes import Rates, rates_of

if TYPE_CHECKING:
    from sandbox.lightspeed.retailer import Retailer

_ZERO = Decimal(0)


class SalesBook:
    """All sales of the retailer."""

    def __init__(self, retailer: "Retailer", now: Callable[[], int]) -> None:
        """Begin without sales."""
        self._retailer, self._now = retailer, now
        self._last_line = self._last_payment = self._last_note = 0
        self._sale_of_line: dict[int, int] = {}
        self._returns: dict[int, set[int]] = defaultdict(set)
        self.table: Table[Sale] = Table(_key_columns)

    def open(self, draft: Sale) -> Sale:
        """Keep a new sale, whose id and times are given here. Raises SaleError for unknown ids."""
        self._check(draft)
        now = self._now()
        rates = self._rates(draft.tax_category_id)
        sale = replace(draft, id=self.table.size + 1, created=now, updated=now, rates=rates)
        self.table.put(sale.id, sale)
        return sale

    def get(self, sale_id: int) -> Sale:
        """Give a sale. Raises LookupError."""
        sale = self.table.get(sale_id)
        if sale is None:
            raise LookupError(f"there is no sale {sale_id}")
        return sale

    def sale_of(self, line_id: int) -> Sale | None:
        """Find the sale of a line, if it counts."""
        sale = self.table.get(self._sale_of_line.get(line_id, 0))
        return sale if sale and sale.counts else None

    def sold_line(self, line_id: int) -> Line | None:
        """Find a line of a sale that counts."""
        sale = self.sale_of(line_id)
        return next((line for line in sale.lines if line.id == line_id), None) if sale else None

    def returns_of(self, line_id: int) -> set[int]:
        """List the sales with lines that give back units of a line, whether they count or not."""
        return self._returns[line_id]

    def add_lines(self, sale_id: int, drafts: Sequence[LineDraft]) -> Sale:
        """Append lines; there is no way to replace them all, so repeating a request doubles them (recorded)."""
        sale = self.get(sale_id)
        if drafts and (sale.completed_at is not None or sale.archived):
            raise SaleError("Sale not updated. A completed or archived sale takes no more lines.")
        for draft in drafts:
            if draft.quantity < 0 and (draft.unit_price or _ZERO) < 0:
                raise SaleError("Sale not saved. A refund has a negative quantity, not a negative price.")
        lines = [self._line(draft, sale) for draft in may_return(self, sale, drafts)]
        for line in lines:
            self._sale_of_line[line.id] = sale_id
            if line.parent_id:
                self._returns[line.parent_id].add(sale_id)
        return self._keep(replace(sale, lines=(*sale.lines, *lines)))

    def check(self, payments: Sequence[PaymentDraft], completed_at: int | None) -> None:
        """Refuse what could not be kept, before anything is. Raises SaleError."""
        for payment in payments:
            if self._retailer.payment_types.get(payment.type_id) is None:
                raise SaleError(f"Sale not saved. There is no payment type {payment.type_id}.")
        if completed_at is not None and completed_at > self._now():
            raise SaleError("Sale not saved. completeTime may not be in the future.")

    def take_payments(self, sale_id: int, drafts: Sequence[PaymentDraft]) -> Sale:
        """Add payments. Raises SaleError for what their types forbid, and for a sale that is done with."""
        sale = self.get(sale_id)
        if drafts and (sale.completed_at is not None or sale.archived):
            raise SaleError("Sale not updated. A completed or archived sale takes no more payments.")
        types = self._retailer.payment_types
        for draft in drafts:
            row = types.get(draft.type_id)
            if row is not None and row.columns["requireCustomer"] == "true" and not sale.customer_id:
                raise SaleError(f"Sale not saved. {row.columns['name']} needs a customer on the sale.")
        check_kinds(self, sale, drafts, _refund_as(self._retailer))
        for draft in drafts:
            sale = self.pay(sale_id, draft)
        return sale

    def pay(self, sale_id: int, draft: PaymentDraft) -> Sale:
        """Add a payment; without an amount it pays the balance."""
        sale = self.get(sale_id)
        self._last_payment += 1
        amount = sale.balance if draft.amount is None else draft.amount
        payment = Payment(self._last_payment, draft.type_id, amount, draft.reference, self._now())
        return self._keep(replace(sale, payments=(*sale.payments, payment)))

    def complete(self, sale_id: int, at: int | None = None) -> Sale:
        """Complete a sale, which takes its items out of the stock, and puts back those that it gives back.

        Raises SaleError when it does not balance; the sale then stays behind, open and without payments.
        """
        sale = self.get(sale_id)
        if sale.completed_at is not None:
            return sale
        if sale.archived:
            raise SaleError("Sale not updated. An archived sale cannot be completed.")
        unpaid, sale = replace(sale, payments=()), self._give_change(sale)
        if sale.balance:
            self._keep(unpaid)
            raise SaleError("Sale is out of balance.", sale_id=sale.id, balance=sale.balance)
        if exceeds(self, sale):
            self._keep(unpaid)
            raise SaleError("Sale not saved. More of a line would be refunded than was sold.")
        for line in sale.lines:
            self._move(line, sale.shop_id, line.quantity)
        return self._keep(replace(sale, completed_at=at or self._now()))

    def refund(self, sale: Sale, head: Sale, wanted: Sequence[LineDraft]) -> Sale:
        """Open a sale that gives back `wanted` lines, or without any all that is left. Raises SaleError.

        Prices and taxes are those of the lines that are given back.
        """
        if not sale.counts:
            raise SaleError("Sale not refunded. It is not completed, or it is voided.")
        drafts = wanted or [
            LineDraft(quantity=-left, parent_id=line.id) for line in sale.lines if (left := left_of(self, line)) > 0
        ]
        opened = self.open(replace(head, customer_id=sale.customer_id, tax_category_id=sale.tax_category_id))
        return self.add_lines(opened.id, drafts)

    def void(self, sale_id: int) -> Sale:
        """Void a completed sale, which puts everything back where it was. Raises SaleError for others."""
        sale = self.get(sale_id)
        if not sale.counts:
            raise SaleError(f"Sale {sale_id} is not completed, or it is voided already.")
        for line in sale.lines:
            self._move(line, sale.shop_id, -line.quantity)
        return self._keep(replace(sale, voided=True))

    def archive(self, sale_id: int) -> Sale:
        """Archive an open sale. Raises SaleError for a completed one."""
        sale = self.get(sale_id)
        if sale.completed_at is not None:
            raise SaleError("Sale not archived. A completed sale cannot be archived.")
        return self._keep(replace(sale, archived=True))

    def change(self, sale: Sale) -> Sale:
        """Keep a sale whose head was changed. Raises SaleError for unknown ids."""
        self._check(sale)
        return self._keep(replace(sale, rates=self._rates(sale.tax_category_id)))

    def reassign(self, item_id: int, to: int) -> None:
        """Let the lines of an item be another's; the sales' own times stay."""
        for sale in list(self.table.all()):
            if any(line.item_id == item_id for line in sale.lines):
                lines = (replace(line, item_id=to) if line.item_id == item_id else line for line in sale.lines)
                self.table.put(sale.id, replace(sale, lines=tuple(lines)))

    def _keep(self, sale: Sale) -> Sale:
        kept = replace(sale, updated=self._now())
        self.table.put(sale.id, kept)
        return kept

    def _check(self, sale: Sale) -> None:
        retailer = self._retailer
        for name, there, value in (
            ("employeeID", retailer.employees.get(sale.employee_id), sale.employee_id),
            ("shopID", retailer.shops.get(sale.shop_id), sale.shop_id),
            ("registerID", retailer.registers.get(sale.register_id), sale.register_id),
            ("customerID", not sale.customer_id or retailer.customers.table.get(sale.customer_id), sale.customer_id),
        ):
            if not there:
                raise SaleError(f"Sale not created. {name} {value} does not exist.")

    def _rates(self, tax_category_id: int) -> Rates:
        return rates_of(self._retailer.tax_categories, self._retailer.tax_class_rates, tax_category_id)

    def _move(self, line: Line, shop_id: int, units: int) -> None:
        if line.item_id:
            self._retailer.take(line.item_id, shop_id, units)

    def _line(self, draft: LineDraft, sale: Sale) -> Line:
        """Make a line; without a tax category none is taxed, whatever was sent (recorded).

        A line that gives back another's units is like that one in everything that the draft does not say.
        """
        parent = self.sold_line(draft.parent_id) if draft.parent_id else None
        item_id = draft.item_id or (parent.item_id if parent else 0)
        item = self._retailer.catalogue.item(item_id) if item_id else None
        normal = Decimal(item.prices[0]) if item else _ZERO
        price = (parent.unit_price if parent else normal) if draft.unit_price is None else draft.unit_price
        tax_class = parent.tax_class_id if parent else item.columns["taxClassID"] if item else "0"
        taxed = (parent.taxed if parent else True) if draft.taxed is None else draft.taxed
        self._last_line += 1
        self._last_note += bool(draft.note)
        return Line(
            id=self._last_line,
            item_id=item_id,
            quantity=draft.quantity,
            unit_price=price,
            taxed=sale.tax_category_id != 0 and taxed,
            tax_class_id=draft.tax_class_id or tax_class,
            cost=Decimal(item.columns["defaultCost"]) if item else _ZERO,
            normal_price=normal,
            created=self._now(),
            note_id=self._last_note if draft.note else 0,
            note=draft.note,
            parent_id=draft.parent_id,
        )

    @staticmethod
    def _give_change(sale: Sale) -> Sale:
        """Turn overpaid cash into change; other overpayments leave the sale out of balance."""
        if sale.balance >= 0 or not sale.payments or sale.payments[-1].type_id != CASH or sale.total < 0:
            return sale
        change, cash = -sale.balance, sale.payments[-1]
        return replace(sale, change=change, payments=(*sale.payments[:-1], replace(cash, amount=cash.amount - change)))


def _refund_as(retailer: "Retailer") -> dict[int, int]:
    """Tell which payment types may only be refunded as which."""
    rows = ((row.id, int(row.columns["refundAsPaymentTypeID"])) for row in retailer.payment_types.all())
    return {type_id: refund_as for type_id, refund_as in rows if refund_as}


def _key_columns(sale: Sale) -> dict[str, str]:
    return {
        "saleID": str(sale.id),
        "timeStamp": iso(sale.updated),
        "updatetime": iso(sale.updated),
        "completeTime": iso(sale.completed_at) if sale.completed_at is not None else "",
        "completed": flag(sale.completed_at is not None),
        "referenceNumber": sale.reference,
        "balance": plain(sale.balance),
    }
