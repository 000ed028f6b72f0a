"""Orders, refunds and customers, as the store keeps them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from sandbox.common.json_types import JsonObject

STATUSES = (
    "Incomplete", "Pending", "Shipped", "Partially Shipped", "Refunded", "Cancelled", "Declined", "Awaiting Payment",
    "Awaiting Pickup", "Awaiting Shipment", "Completed", "Awaiting Fulfillment", "Manual Verification Required",
    "Disputed", "Partially Refunded",
)  # fmt: skip
"""Names of the order statuses; a status' id is its place."""
INCOMPLETE, PENDING, SHIPPED, PARTIALLY_SHIPPED, REFUNDED, CANCELLED, DECLINED = range(7)
COMPLETED, AWAITING_FULFILLMENT, PARTIALLY_REFUNDED = 10, 11, 14
Address = Mapping[str, str]


@dataclass(slots=True)
class Line:
    """One line; prices are for one unit. Product 0 is a custom item that the catalogue does not have."""

    id: int
    product_id: int
    variant_id: int
    sku: str
    name: str
    quantity: int
    price_ex_tax: Decimal
    price_inc_tax: Decimal
    options: list[JsonObject] = field(default_factory=list)
    discount: Decimal = Decimal(0)
    """What the order's coupon takes off the whole line, in prices as they are entered."""
    shipped: int = 0
    refunded: int = 0
    pickup_at: int = 0
    """The location where it is fetched; 0 for what is sent."""
    taken: dict[tuple[int, int], int] = field(default_factory=dict)
    """Units that were taken out of stock, by variant and location."""


@dataclass(slots=True)
class Fee:
    """A fee of an order."""

    id: int
    name: str
    cost: Decimal


@dataclass(slots=True)
class Shipment:
    """A parcel; `items` maps lines to quantities."""

    id: int
    created: datetime
    items: dict[int, int]
    values: JsonObject = field(default_factory=dict)


@dataclass(slots=True)
class Order:
    """An order; `totals` are worked out anew after every change."""

    id: int
    created: datetime
    modified: datetime
    address_id: int
    status_id: int = PENDING
    customer_id: int = 0
    email_opt_in: bool = False
    billing: Address = field(default_factory=dict)
    shipping: Address = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    shipping_cost: Decimal = Decimal(0)
    fees: list[Fee] = field(default_factory=list)
    coupon: str = ""
    payment_method: str = ""
    paid: bool = False
    shipments: list[Shipment] = field(default_factory=list)
    date_shipped: datetime | None = None
    stock_taken: bool = False
    deleted: bool = False
    source: str = "www"
    values: JsonObject = field(default_factory=dict)
    """Texts of its own: notes, ids and sources of other systems."""
    totals: "Totals" = field(default_factory=lambda: Totals())  # noqa: PLW0108 - the class comes further down


@dataclass(frozen=True, slots=True)
class Totals:
    """The sums of an order, without and with tax."""

    subtotal_ex_tax: Decimal = Decimal(0)
    subtotal_inc_tax: Decimal = Decimal(0)
    shipping_ex_tax: Decimal = Decimal(0)
    shipping_inc_tax: Decimal = Decimal(0)
    discount: Decimal = Decimal(0)
    total_ex_tax: Decimal = Decimal(0)
    total_inc_tax: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class RefundItem:
    """One part of a refund; of an order, a shipping address and so on the quantity is 1."""

    item_type: str
    item_id: int
    quantity: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Refund:
    """Money given back."""

    id: int
    order_id: int
    created: datetime
    items: tuple[RefundItem, ...]
    total: Decimal
    tax: Decimal
    reason: str = ""
    payment_id: int = 0
    provider: str = "storecredit"
    user_id: int = 0
    """Who of the store's people made it; 0 for an app."""


@dataclass(slots=True)
class Customer:
    """A customer with an account."""

    id: int
    email: str
    created: datetime
    modified: datetime
    values: JsonObject = field(default_factory=dict)
    addresses: list[JsonObject] = field(default_factory=list)
