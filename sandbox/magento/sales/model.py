"""Carts, orders and what follows them, as the shop keeps them; money is in the shop's one currency."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

CENT = Decimal("0.01")
NOTHING = Decimal(0)
Address = Mapping[str, Any]


def cents(value: Decimal) -> Decimal:
    """Round to two places, halves away from zero."""
    return value.quantize(CENT, rounding=ROUND_HALF_UP)


@dataclass(slots=True)
class CartItem:
    """What a guest has put into the cart; `product_id` is the simple product, `parent_id` its configurable."""

    id: int
    product_id: int
    quantity: float
    parent_id: int | None = None
    options: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True)
class Cart:
    id: str
    items: list[CartItem] = field(default_factory=list)
    shipping: Address | None = None
    billing: Address | None = None
    email: str = ""
    discount_percent: Decimal = NOTHING
    customer_id: int | None = None
    store_id: int = 1


@dataclass(slots=True)
class Line:
    """A row of an order; the child of a configurable carries no money."""

    id: int
    order_id: int
    product_id: int
    product_type: str
    sku: str
    name: str
    ordered: int
    price: Decimal
    price_incl_tax: Decimal
    original_price: Decimal
    discount: Decimal
    tax: Decimal
    tax_percent: Decimal
    created: datetime
    updated: datetime
    parent_id: int | None = None
    options: list[dict[str, Any]] = field(default_factory=list)
    weight: float = 0
    invoiced: int = 0
    shipped: int = 0
    refunded: int = 0
    canceled: int = 0
    taken: dict[str, int] = field(default_factory=dict)
    """Units shipped and not put back, by source."""

    @property
    def total(self) -> Decimal:
        """Before the discount, without tax."""
        return cents(self.price * self.ordered)

    @property
    def shippable(self) -> int:
        """Units neither shipped nor given up: what a reservation stands for."""
        return max(0, self.ordered - self.shipped - self.refunded - self.canceled)

    @property
    def invoiceable(self) -> int:
        return max(0, self.ordered - self.invoiced - self.canceled)

    @property
    def refundable(self) -> int:
        return max(0, self.invoiced - self.refunded)

    def share(self, amount: Decimal, units: int) -> Decimal:
        """Give the part of an amount of the row that falls to so many units."""
        return cents(amount * units / self.ordered) if self.ordered else NOTHING


@dataclass(slots=True)
class Track:
    id: int
    carrier_code: str
    title: str
    number: str
    created: datetime


@dataclass(slots=True)
class Document:
    """An invoice, a shipment or a credit memo: quantities per row of the order, and its money."""

    id: int
    order_id: int
    created: datetime
    updated: datetime
    units: dict[int, int]
    source_code: str = ""
    tracks: list[Track] = field(default_factory=list)
    shipping: Decimal = NOTHING
    adjustment_positive: Decimal = NOTHING
    adjustment_negative: Decimal = NOTHING
    online: bool = False
    total: Decimal = NOTHING
    comment: str = ""

    @property
    def number(self) -> str:
        return f"{self.id:09d}"


@dataclass(slots=True)
class Comment:
    id: int
    text: str
    status: str
    created: datetime
    notified: int = 0
    visible: int = 0


@dataclass(slots=True)
class Order:
    """An order; `state` is the shop's, `status` the merchant's word for it."""

    id: int
    created: datetime
    updated: datetime
    store_id: int
    stock_id: int
    lines: list[Line]
    billing: Address
    shipping_address: Address
    email: str
    shipping: Decimal
    shipping_tax: Decimal
    state: str = "new"
    status: str = "pending"
    held_from: tuple[str, str] = ("", "")
    ext_order_id: str | None = None
    customer_id: int | None = None
    pickup_location: str | None = None
    payment_method: str = "checkmo"
    discount_description: str = ""
    comments: list[Comment] = field(default_factory=list)
    refunded_shipping: Decimal = NOTHING
    paid: Decimal = NOTHING
    refunded: Decimal = NOTHING
    more: dict[str, Any] = field(default_factory=dict)
    """Plain fields that were written through the API."""

    @property
    def number(self) -> str:
        return f"{self.id:09d}"

    @property
    def priced(self) -> list[Line]:
        """The rows with money: all but the children of configurables."""
        return [line for line in self.lines if line.parent_id is None]

    @property
    def subtotal(self) -> Decimal:
        return sum((line.total for line in self.priced), NOTHING)

    @property
    def discount(self) -> Decimal:
        return sum((line.discount for line in self.priced), NOTHING)

    @property
    def tax(self) -> Decimal:
        return sum((line.tax for line in self.priced), self.shipping_tax)

    @property
    def total(self) -> Decimal:
        return self.subtotal - self.discount + self.shipping + self.tax

    def line(self, line_id: int) -> Line | None:
        return next((line for line in self.lines if line.id == line_id), None)

    def child(self, line: Line) -> Line | None:
        """Give the row that holds the product of a configurable's row."""
        return next((other for other in self.lines if other.parent_id == line.id), None)


@dataclass(slots=True)
class Customer:
    id: int
    email: str
    created: datetime
    updated: datetime
    fields: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rule:
    """A discount for everybody."""

    id: int
    fields: Mapping[str, Any]

    @property
    def percent(self) -> Decimal:
        active = self.fields.get("is_active") and self.fields.get("simple_action") == "by_percent"
        free = str(self.fields.get("coupon_type", "NO_COUPON")) in {"NO_COUPON", "1"}
        return Decimal(str(self.fields.get("discount_amount") or 0)) if active and free else NOTHING
