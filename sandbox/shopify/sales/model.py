"""Orders, refunds, fulfilments and customers, as the shop keeps them. Class names are those of the schema.

Amounts are in the shop's currency; an order knows what one unit of it is worth in the shopper's own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

NOTHING = Decimal(0)
Address = Mapping[str, str | None]


def cents(value: Decimal) -> Decimal:
    """Round to two places, halves up."""
    return value.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Tax:
    """One tax on a line."""

    title: str
    rate: Decimal
    amount: Decimal


@dataclass(slots=True)
class LineItem:
    """One line of an order; prices are as the shop keeps them, with or without tax."""

    id: int
    order_id: int
    name: str
    title: str
    quantity: int
    unit_price: Decimal
    sku: str | None = None
    variant_title: str | None = None
    vendor: str | None = None
    product_id: int | None = None
    variant_id: int | None = None
    discount: Decimal = NOTHING
    """Off the whole line."""
    taxes: tuple[Tax, ...] = ()
    taxable: bool = True
    requires_shipping: bool = True
    is_gift_card: bool = False
    refunded: int = 0
    """Units given back, fulfilled or not."""
    fulfilled: int = 0
    restockable: bool = True

    @property
    def total(self) -> Decimal:
        return self.unit_price * self.quantity - self.discount

    @property
    def tax(self) -> Decimal:
        return sum((tax.amount for tax in self.taxes), NOTHING)

    @property
    def current_quantity(self) -> int:
        return self.quantity - self.refunded

    @property
    def refundable_quantity(self) -> int:
        return self.quantity - self.refunded

    @property
    def unfulfilled_quantity(self) -> int:
        return max(0, self.quantity - self.refunded - self.fulfilled)


@dataclass(slots=True)
class ShippingLine:
    """What shipping costs."""

    id: int
    order_id: int
    title: str
    price: Decimal
    code: str | None = None
    source: str | None = "shopify"
    taxes: tuple[Tax, ...] = ()

    @property
    def tax(self) -> Decimal:
        return sum((tax.amount for tax in self.taxes), NOTHING)


@dataclass(slots=True)
class OrderTransaction:
    """Money that moved, or tried to."""

    id: int
    order_id: int
    kind: str
    amount: Decimal
    gateway: str
    created_at: datetime
    status: str = "SUCCESS"
    parent_id: int | None = None
    test: bool = False


@dataclass(slots=True)
class RefundLineItem:
    """Units given back by a refund."""

    id: int
    order_id: int
    line_id: int
    quantity: int
    restock_type: str
    location_id: int | None
    subtotal: Decimal
    tax: Decimal

    @property
    def restocked(self) -> bool:
        return self.restock_type in {"RETURN", "CANCEL"} and self.location_id is not None


@dataclass(slots=True)
class Refund:
    """Goods or money given back."""

    id: int
    order_id: int
    created_at: datetime
    note: str | None
    lines: tuple[RefundLineItem, ...]
    transaction_ids: tuple[int, ...]
    shipping: Decimal = NOTHING
    shipping_tax: Decimal = NOTHING

    @property
    def updated_at(self) -> datetime:
        return self.created_at

    @property
    def processed_at(self) -> datetime:
        return self.created_at


@dataclass(slots=True)
class FulfillmentOrderLineItem:
    """Units to be sent from one location."""

    id: int
    fulfillment_order_id: int
    line_id: int
    total_quantity: int
    remaining_quantity: int


@dataclass(slots=True)
class FulfillmentOrder:
    """What one location has to send for an order."""

    id: int
    order_id: int
    location_id: int
    created_at: datetime
    updated_at: datetime
    lines: list[FulfillmentOrderLineItem]
    status: str = "OPEN"
    request_status: str = "UNSUBMITTED"
    fulfillment_ids: list[int] = field(default_factory=list)


@dataclass(slots=True)
class FulfillmentLineItem:
    """Units that were sent."""

    id: int
    order_id: int
    line_id: int
    quantity: int


@dataclass(slots=True)
class Fulfillment:
    """A parcel."""

    id: int
    order_id: int
    location_id: int
    name: str
    created_at: datetime
    updated_at: datetime
    lines: tuple[FulfillmentLineItem, ...]
    fulfillment_order_ids: tuple[int, ...]
    tracking: tuple[Mapping[str, str | None], ...] = ()
    status: str = "SUCCESS"

    @property
    def total_quantity(self) -> int:
        return sum(line.quantity for line in self.lines)


@dataclass(frozen=True, slots=True)
class Route:
    """Units that a location is going to send, before there is a fulfilment order of them."""

    line_id: int
    location_id: int
    units: int


@dataclass(slots=True)
class Order:
    """An order."""

    id: int
    number: int
    created_at: datetime
    updated_at: datetime
    currency_code: str
    taxes_included: bool
    gateway: str
    presentment_currency_code: str
    rate: Decimal = Decimal(1)
    """What one unit of the shop's currency is in the shopper's."""
    lines: list[LineItem] = field(default_factory=list)
    shipping: list[ShippingLine] = field(default_factory=list)
    transactions: list[OrderTransaction] = field(default_factory=list)
    refund_ids: list[int] = field(default_factory=list)
    routes: list[Route] = field(default_factory=list)
    fulfillment_order_ids: list[int] = field(default_factory=list)
    fulfillment_ids: list[int] = field(default_factory=list)
    customer_id: int | None = None
    email: str | None = None
    phone: str | None = None
    customer_accepts_marketing: bool = False
    billing_address: Address | None = None
    shipping_address: Address | None = None
    note: str | None = None
    tags: tuple[str, ...] = ()
    source_name: str = "web"
    test: bool = False
    tip: Decimal = NOTHING
    discount_code: str | None = None
    cancelled_at: datetime | None = None
    cancel_reason: str | None = None
    closed_at: datetime | None = None
    edited: bool = False

    @property
    def name(self) -> str:
        return f"#{self.number}"

    @property
    def processed_at(self) -> datetime:
        return self.created_at

    def line(self, line_id: int) -> LineItem | None:
        return next((line for line in self.lines if line.id == line_id), None)

    @property
    def subtotal(self) -> Decimal:
        return sum((line.total for line in self.lines), NOTHING)

    @property
    def shipping_total(self) -> Decimal:
        return sum((line.price for line in self.shipping), NOTHING)

    @property
    def tax(self) -> Decimal:
        taxed = [line.tax for line in self.lines] + [line.tax for line in self.shipping]
        return sum(taxed, NOTHING)

    @property
    def total(self) -> Decimal:
        on_top = NOTHING if self.taxes_included else self.tax
        return cents(self.subtotal + self.shipping_total + on_top + self.tip)

    def moved(self, *kinds: str) -> Decimal:
        """Sum the successful transactions of some kinds."""
        amounts = (one.amount for one in self.transactions if one.kind in kinds and one.status == "SUCCESS")
        return sum(amounts, NOTHING)

    @property
    def received(self) -> Decimal:
        return self.moved("SALE", "CAPTURE")

    @property
    def refunded(self) -> Decimal:
        return self.moved("REFUND")


@dataclass(slots=True)
class CustomerAddress:
    """One of a customer's addresses."""

    id: int
    values: Address


@dataclass(slots=True)
class Customer:
    """A shopper; e-mail and telephone are unique in a shop."""

    id: int
    created_at: datetime
    updated_at: datetime
    email: str | None = None
    phone: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    note: str | None = None
    tags: tuple[str, ...] = ()
    locale: str = "en"
    tax_exempt: bool = False
    state: str = "DISABLED"
    verified_email: bool = True
    addresses: list[CustomerAddress] = field(default_factory=list)
