"""A till that sells, and desks of shops' orders, in memory: with kill points, and answers that get lost."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import TypeVar

from tests.fakes.clock import FakeClock
from tests.fakes.crash import Crash
from tests.fakes.till import FakeTill
from tillbridge.domain.errors import DoubtfulWriteError, ItemRejectedError, MissingRightError, TillbridgeError
from tillbridge.domain.orders.order import PlacedOrder
from tillbridge.domain.orders.people import Buyer
from tillbridge.domain.orders.sale import (
    CounterLists,
    Employee,
    PaymentType,
    Register,
    SaleDraft,
    SaleLine,
    SalePayment,
    TillSale,
    TillSaleLine,
)
from tillbridge.systems.counter import ShippedSale
from tillbridge.systems.order_desk import Parcel

Answer = TypeVar("Answer")

LISTS = CounterLists(
    registers=(
        Register(register_id="5", name="Front", location_id="1"),
        Register(register_id="6", name="Back", location_id="2"),
    ),
    employees=(Employee(employee_id="2", name="Web"),),
    payment_types=(PaymentType(type_id="9", name="Web"),),
    tax_categories=(),
)
LOST = DoubtfulWriteError("The answer never came.")


@dataclass
class Faults:
    """Failures by the number of the call, counted from 0 over all calls: before it takes effect, or after."""

    before: dict[int, TillbridgeError] = field(default_factory=dict)
    after: dict[int, TillbridgeError] = field(default_factory=dict)
    always: TillbridgeError | None = None
    calls: list[str] = field(default_factory=list)

    def around(self, crash: Crash, name: str, work: Callable[[], Answer]) -> Answer:
        number = len(self.calls)
        self.calls.append(name)
        crash.step(f"before {name}")
        for error in (self.always, self.before.get(number)):
            if error is not None:
                raise error
        answer = work()
        crash.step(f"after {name}")
        if number in self.after:
            raise self.after[number]
        return answer


@dataclass
class FakeCounter:
    """The sales of ``till``, whose stock moves when one is completed. ``off`` is added to every total."""

    till: FakeTill
    clock: FakeClock
    crash: Crash = field(default_factory=Crash)
    faults: Faults = field(default_factory=Faults)
    what_it_has: CounterLists = LISTS
    sales: dict[str, TillSale] = field(default_factory=dict)
    customers: dict[str, tuple[str, str]] = field(default_factory=dict)
    made: list[Buyer] = field(default_factory=list)
    anonymous: list[str] = field(default_factory=list)
    shipped: list[ShippedSale] = field(default_factory=list)
    off: Decimal = Decimal(0)
    refuses: str = ""  # a reference whose drafts are refused
    loses_payments: bool = False
    may_send: Callable[[], None] = lambda: None

    def fenced(self, may_send: Callable[[], None]) -> "FakeCounter":
        """Share everything with a counter that proves its right before it writes."""
        return replace(self, may_send=may_send)

    def counting(self, reference: str | None = None) -> list[TillSale]:
        """List what counts, or may come to count."""
        return [one for one in self.sales.values() if one.counts and reference in {None, one.reference}]

    def lists(self) -> CounterLists:
        return self._ask("lists", lambda: self.what_it_has)

    def sales_of(self, reference: str, source: str) -> Sequence[TillSale]:
        return self._ask(
            "sales of",
            lambda: [one for one in self.sales.values() if (one.reference, one.source) == (reference, source)],
        )

    def sale(self, sale_id: str) -> TillSale | None:
        return self._ask("sale", lambda: self.sales.get(sale_id))

    def draft(self, draft: SaleDraft) -> TillSale:
        return self._write("draft", lambda: self._draft(draft))

    def complete(
        self,
        sale_id: str,
        payments: Sequence[SalePayment],
        *,
        more: Sequence[SaleLine] = (),
        at: datetime | None = None,
    ) -> TillSale:
        return self._write("complete", lambda: self._complete(sale_id, payments, more))

    def archive(self, sale_id: str) -> None:
        self._write("archive", lambda: self._archive(sale_id))

    def find_customers(self, email: str, phone: str) -> Sequence[str]:
        return self._ask(
            "find customers",
            lambda: [
                one
                for one, (mail, number) in self.customers.items()
                if mail == email or (not email and number == phone)
            ],
        )

    def make_customer(self, buyer: Buyer) -> str:
        return self._write("make customer", lambda: self._make_customer(buyer))

    def anonymise(self, customer_id: str) -> None:
        self._write("anonymise", lambda: self.anonymous.append(customer_id))

    def shipped_since(self, since: datetime) -> tuple[Sequence[ShippedSale], datetime]:
        met = [one for one in self.shipped if one.changed_at >= since]
        return self._ask("shipped since", lambda: (met, self.clock.now()))

    def returns_since(self, since: datetime) -> tuple[Sequence[TillSale], datetime]:
        met = [
            one for one in self.sales.values() if one.changed_at >= since and any(line.returns for line in one.lines)
        ]
        return self._ask("returns since", lambda: (met, self.clock.now()))

    def _ask(self, name: str, work: Callable[[], Answer]) -> Answer:
        return self.faults.around(self.crash, name, work)

    def _write(self, name: str, work: Callable[[], Answer]) -> Answer:
        self.may_send()
        return self.faults.around(self.crash, name, work)

    def _draft(self, draft: SaleDraft) -> TillSale:
        if draft.reference == self.refuses:
            raise ItemRejectedError("The till refuses it.", remedy="Look at it.", code="Refused")
        sale_id = str(900 + len(self.sales))
        sale = TillSale(
            sale_id=sale_id,
            ticket=f"2200{sale_id}",
            reference=draft.reference,
            source=draft.source,
            location_id=draft.location_id,
            completed=False,
            total=self._total(draft.lines) + self.off,
            lines=self._lines(sale_id, draft.lines),
            customer_id="" if draft.customer_id == "0" else draft.customer_id,
            changed_at=self.clock.now(),
        )
        self.sales[sale_id] = sale
        return sale

    def _complete(self, sale_id: str, payments: Sequence[SalePayment], more: Sequence[SaleLine]) -> TillSale:
        sale = self.sales[sale_id]
        if not sale.counts or sale.completed:
            raise ItemRejectedError("The sale is closed.", remedy="Look at it.", code="Closed")
        lines = (*sale.lines, *self._lines(f"{sale_id}+", more))
        total = sale.total + self._total(more)
        paid = Decimal(0) if self.loses_payments else sum((payment.amount for payment in payments), Decimal(0))
        if paid != total:
            self.sales[sale_id] = replace(sale, paid=paid)
            raise ItemRejectedError("The sale does not balance.", remedy="Look at it.", code="Unbalanced")
        now = self.clock.now()
        done = replace(sale, completed=True, lines=lines, total=total, paid=paid, changed_at=now, completed_at=now)
        self.sales[sale_id] = done
        for line in sale.lines:
            if line.item_id:
                self.till.sell(line.item_id, sale.location_id, int(line.units))
        return done

    def _archive(self, sale_id: str) -> None:
        sale = self.sales[sale_id]
        if sale.completed:
            raise ItemRejectedError("It is completed.", remedy="Refund it.", code="Closed")
        self.sales[sale_id] = replace(sale, archived=True, changed_at=self.clock.now())

    def _make_customer(self, buyer: Buyer) -> str:
        customer_id = str(50 + len(self.customers))
        self.customers[customer_id] = (buyer.email, buyer.phone)
        self.made.append(buyer)
        return customer_id

    @staticmethod
    def _total(lines: Sequence[SaleLine]) -> Decimal:
        return sum((line.units * line.unit_price for line in lines), Decimal(0))

    @staticmethod
    def _lines(sale_id: str, lines: Sequence[SaleLine]) -> tuple[TillSaleLine, ...]:
        return tuple(
            TillSaleLine(
                line_id=f"{sale_id}.{number}",
                item_id=line.item_id,
                units=line.units,
                unit_price=line.unit_price,
                taxed=line.taxed,
                note=line.note,
                returns=line.returns,
            )
            for number, line in enumerate(lines, 1)
        )


@dataclass
class FakeDesk:
    """The orders of one shop. A parcel or a payment whose key is known changes nothing."""

    crash: Crash = field(default_factory=Crash)
    faults: Faults = field(default_factory=Faults)
    orders: dict[str, PlacedOrder] = field(default_factory=dict)
    parcels: dict[tuple[str, str], Parcel] = field(default_factory=dict)
    paid_back: dict[tuple[str, str], Decimal] = field(default_factory=dict)
    refuses_parcels: ItemRejectedError | None = None
    may_mail: bool | None = None
    missing: tuple[str, ...] = ()  # rights of selling

    def put(self, order: PlacedOrder) -> None:
        """Place or change an order; what is noted at it stays."""
        known = self.orders.get(order.order_id)
        self.orders[order.order_id] = replace(order, noted_sale=known.noted_sale) if known else order

    def check_selling(self) -> None:
        if self.missing:
            raise MissingRightError("The keys lack rights:", missing=self.missing, remedy="Make others.")

    def order(self, order_id: str, *, places: bool = False) -> PlacedOrder | None:
        del places
        return self.faults.around(self.crash, "order", lambda: self.orders.get(order_id))

    def with_consent(self, buyer: Buyer) -> Buyer:
        return self.faults.around(self.crash, "consent", lambda: replace(buyer, may_mail=self.may_mail))

    def note_sale(self, order_id: str, ticket: str) -> None:
        noted = replace(self.orders[order_id], noted_sale=ticket)
        self.faults.around(self.crash, "note sale", lambda: self.orders.update({order_id: noted}))

    def ship(self, order_id: str, parcel: Parcel) -> None:
        if self.refuses_parcels is not None:
            raise self.refuses_parcels
        self.faults.around(self.crash, "ship", lambda: self.parcels.setdefault((order_id, parcel.key), parcel))

    def return_money(self, order_id: str, amount: Decimal, key: str) -> None:
        self.faults.around(self.crash, "return money", lambda: self.paid_back.setdefault((order_id, key), amount))
