"""Orders, refunds, notes and customers, as the shop keeps them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from sandbox.woocommerce.meta import Rows

CENT = Decimal("0.01")
NOTHING = Decimal(0)
Address = Mapping[str, str]


def cents(value: Decimal) -> Decimal:
    """Round as the shop does: to two places, halves away from zero."""
    return value.quantize(CENT, rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an order; money is without tax, tax stands apart (facts/woocommerce.md, "Orders")."""

    id: int
    name: str
    product_id: int
    variation_id: int
    sku: str
    quantity: int
    subtotal: Decimal
    """Before coupons."""
    total: Decimal
    """After coupons."""
    subtotal_tax: Decimal = NOTHING
    total_tax: Decimal = NOTHING
    tax_class: str = ""
    taxable: bool = True
    image_id: int = 0
    meta: Rows = ()

    @property
    def goods_id(self) -> int:
        """The id of what stock is kept of: the variation if there is one."""
        return self.variation_id or self.product_id


@dataclass(frozen=True, slots=True)
class Charge:
    """A shipping or fee line."""

    id: int
    method_id: str
    title: str
    total: Decimal
    total_tax: Decimal = NOTHING
    taxable: bool = True
    meta: Rows = ()


@dataclass(frozen=True, slots=True)
class CouponLine:
    """A coupon that an order used."""

    id: int
    code: str
    percent: Decimal
    discount: Decimal
    discount_tax: Decimal


@dataclass(frozen=True, slots=True)
class Refund:
    """Money given back, with the lines it was given back for; their quantities and totals are negative."""

    id: int
    order_id: int
    created: datetime
    amount: Decimal
    reason: str
    refunded_by: int
    refunded_payment: bool
    lines: tuple[Line, ...] = ()
    shipping_lines: tuple[Charge, ...] = ()
    fee_lines: tuple[Charge, ...] = ()
    meta: Rows = ()

    @property
    def modified(self) -> datetime:
        """A refund is never changed."""
        return self.created


@dataclass(frozen=True, slots=True)
class Note:
    """A note on an order."""

    id: int
    author: str
    created: datetime
    text: str
    for_customer: bool


@dataclass(slots=True)
class Order:
    """An order; money in the shop's currency."""

    id: int
    number: str
    created: datetime
    modified: datetime
    status: str
    currency: str
    order_key: str
    created_via: str
    parent_id: int = 0
    customer_id: int = 0
    customer_note: str = ""
    billing: Address = field(default_factory=dict)
    shipping: Address = field(default_factory=dict)
    payment_method: str = ""
    payment_method_title: str = ""
    transaction_id: str = ""
    paid: datetime | None = None
    completed: datetime | None = None
    lines: tuple[Line, ...] = ()
    shipping_lines: tuple[Charge, ...] = ()
    fee_lines: tuple[Charge, ...] = ()
    coupon_lines: tuple[CouponLine, ...] = ()
    refunds: tuple[Refund, ...] = ()
    notes: tuple[Note, ...] = ()
    meta: Rows = ()
    stock_taken: Mapping[int, int] = field(default_factory=dict)
    """Units taken out of stock per line id, so that a cancellation gives back what was taken and no more."""
    sales_counted: bool = False

    @property
    def charges(self) -> tuple[Charge, ...]:
        return (*self.shipping_lines, *self.fee_lines)

    @property
    def total_tax(self) -> Decimal:
        taxes = [line.total_tax for line in self.lines] + [charge.total_tax for charge in self.charges]
        return sum(taxes, NOTHING)

    @property
    def total(self) -> Decimal:
        totals = [line.total for line in self.lines] + [charge.total for charge in self.charges]
        return cents(sum(totals, self.total_tax))

    @property
    def refunded(self) -> Decimal:
        return sum((refund.amount for refund in self.refunds), NOTHING)


@dataclass(slots=True)
class Customer:
    """A user of the shop."""

    id: int
    created: datetime
    modified: datetime
    email: str
    username: str
    role: str = "customer"
    first_name: str = ""
    last_name: str = ""
    billing: Address = field(default_factory=dict)
    shipping: Address = field(default_factory=dict)
    meta: Rows = ()
