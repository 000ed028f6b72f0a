"""Sales of the till: what is written, and what is read back."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from tillbridge.domain.orders.order import ZERO
from tillbridge.domain.orders.people import Address


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleLine:
    """A line to write. Without an ``item_id`` it is a miscellaneous one, and ``note`` says what for.

    ``units`` below zero give something back; ``returns`` is then the till's id of the line that sold it, "" where
    there is none. ``unit_price`` is never below zero there. ``line_id`` is the order's, for telling.
    """

    units: Decimal
    unit_price: Decimal
    item_id: str = ""
    note: str = ""
    taxed: bool = True
    tax_class_id: str = ""
    returns: str = ""
    line_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SalePayment:
    """A payment to write; below zero for money given back. ``reference`` is the payment's id at whoever took it."""

    type_id: str
    amount: Decimal
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleDraft:
    """A sale to write. ``reference`` and ``source`` are ours, and how it is found again; at most one sale has both.

    ``expected`` is what the till should make of it, tax included. A ``tax_category_id`` of "0" means no tax at all.
    """

    reference: str
    source: str
    location_id: str
    register_id: str
    employee_id: str
    lines: tuple[SaleLine, ...]
    payments: tuple[SalePayment, ...]
    expected: Decimal
    tax_category_id: str = "0"
    customer_id: str = "0"
    sold_at: datetime | None = None  # never in the future
    deliver_to: Address | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class TillSaleLine:
    """A line as the till has it."""

    line_id: str
    item_id: str  # "" = miscellaneous
    units: Decimal
    unit_price: Decimal
    taxed: bool
    note: str = ""
    returns: str = ""  # the line whose units it gives back


@dataclass(frozen=True, slots=True, kw_only=True)
class TillSale:
    """A sale as the till has it. ``total`` is the till's own arithmetic, tax included; ``paid`` its payments."""

    sale_id: str
    ticket: str  # the number on the receipt
    reference: str
    source: str
    location_id: str
    completed: bool
    total: Decimal
    lines: tuple[TillSaleLine, ...]
    paid: Decimal = ZERO
    archived: bool = False
    voided: bool = False
    tax: Decimal = ZERO
    customer_id: str = ""
    changed_at: datetime
    completed_at: datetime | None = None

    @property
    def counts(self) -> bool:
        """Tell whether it is a sale, or may become one: neither archived nor voided."""
        return not (self.archived or self.voided)


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """A register of a location."""

    register_id: str
    name: str
    location_id: str
    archived: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Employee:
    """Somebody who may sell. ``location_id`` is set when only there."""

    employee_id: str
    name: str = field(repr=False)
    location_id: str = ""
    archived: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentType:
    """A way to pay at the till. ``refund_as`` is the type that gives its money back, "" for itself."""

    type_id: str
    name: str
    kind: str = ""  # the till's own kinds: cash, credit card, gift card, credit account, ecom, ...
    refund_as: str = ""
    needs_customer: bool = False
    archived: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxCategory:
    """The rates of a place, as fractions. ``by_class`` has both rates where a tax class of items differs."""

    category_id: str
    name: str
    inclusive: bool = False  # prices hold the tax
    rates: tuple[Decimal, Decimal] = (ZERO, ZERO)
    by_class: dict[str, tuple[Decimal, Decimal]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterLists:
    """What a sale has to point into. Everything by the till's ids; archived entries are there and say so."""

    registers: tuple[Register, ...]
    employees: tuple[Employee, ...]
    payment_types: tuple[PaymentType, ...]
    tax_categories: tuple[TaxCategory, ...]
    location_taxes: dict[str, str] = field(default_factory=dict)  # location -> its own tax category
    currency: str = ""  # "" where the till does not tell
