"""A web order as its shop tells of it, in no shop's own words.

Amounts are in the order's currency, for all units of a line, after every discount, and apart: ``net`` without tax, and
the ``tax`` on it. So an order's total is the sum of ``net + tax`` over its charges, whatever the shop shows its
shoppers.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from tillbridge.domain.orders.people import Address, Buyer
from tillbridge.domain.product import ListingRef

ZERO = Decimal(0)


class Standing(StrEnum):
    """How far an order has come, told by its money."""

    DRAFT = "draft"  # a basket that nobody has ordered; it never becomes a sale
    AWAITING = "awaiting"  # ordered, and neither paid nor promised: a bank transfer, a review, a payment that failed
    ON_DELIVERY = "on_delivery"  # to be paid in cash when it is handed over
    AUTHORISED = "authorised"  # the money is reserved
    PAID = "paid"
    CANCELLED = "cancelled"  # nothing of it will be delivered, and nothing was kept


class ChargeKind(StrEnum):
    """What a buyer pays for."""

    PRODUCT = "product"
    SHIPPING = "shipping"
    FEE = "fee"  # handling, cash on delivery, a surcharge; negative where a shop keeps discounts so
    WRAPPING = "wrapping"
    TIP = "tip"
    GIFT_CARD = "gift_card"  # one that is sold: money owed, no turnover
    DISCOUNT = "discount"  # a negative one that the shop shares out to no line
    ROUNDING = "rounding"  # the shop's own


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """One line. ``units`` is what is ordered by now, without what was edited away; refunded units still count.

    ``net`` and ``tax`` are for those units. ``discount`` (without tax, positive) is off ``net`` already. ``rates`` are
    the rates of tax that the shop names for it, as fractions. ``ref`` is ``None`` for what is no listing, or none any
    more. ``places`` tells how many of the units leave which of the shop's places, as far as the shop says so.
    """

    line_id: str
    kind: ChargeKind
    name: str
    units: Decimal = Decimal(1)
    net: Decimal
    tax: Decimal = ZERO
    discount: Decimal = ZERO
    rates: tuple[Decimal, ...] = ()
    ref: ListingRef | None = None
    sku: str = ""
    places: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def gross(self) -> Decimal:
        """What the buyer pays for it."""
        return self.net + self.tax


class Means(StrEnum):
    """What was paid with."""

    MONEY = "money"
    GIFT_CARD = "gift_card"
    STORE_CREDIT = "store_credit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """A part of what was paid, or is promised: together they come to the order's total.

    ``method`` is the shop's own word (``stripe``, ``cod``), by which it is mapped; ``reference`` the payment's id at
    whoever took it. Money given back is told by refunds, not here.
    """

    method: str
    amount: Decimal
    means: Means = Means.MONEY
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundLine:
    """What of a charge was given back; positive. ``restocked`` says that the shop put the units on sale again.

    ``place`` is the shop's place where it did, "" where it does not say.
    """

    line_id: str
    units: Decimal
    net: Decimal
    tax: Decimal = ZERO
    restocked: bool = False
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """Money given back. What the lines do not explain is an amount by itself; ``total`` is all of it, positive."""

    refund_id: str
    refunded_at: datetime
    total: Decimal
    lines: tuple[RefundLine, ...] = ()
    payments: tuple[Payment, ...] = ()

    @property
    def beyond_lines(self) -> Decimal:
        """What was given back for no line in particular."""
        return self.total - sum((line.net + line.tax for line in self.lines), ZERO)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedOrder:
    """One order, wholly read. ``status`` is the shop's own word, ``total`` its own grand total before refunds.

    ``noted_sale`` is what we noted at the order of its sale, "" as long as nothing is. ``shipped`` has the units that
    have left, by line. ``test`` orders never become sales. ``routed`` is false while the shop has yet to say from where
    goods leave, and was asked for it.
    """

    order_id: str
    number: str
    status: str
    standing: Standing
    placed_at: datetime
    changed_at: datetime
    currency: str
    total: Decimal
    charges: tuple[Charge, ...]
    payments: tuple[Payment, ...] = ()
    refunds: tuple[Refund, ...] = ()
    buyer: Buyer = field(default_factory=Buyer, repr=False)
    deliver_to: Address | None = field(default=None, repr=False)
    shipped: Mapping[str, Decimal] = field(default_factory=dict)
    noted_sale: str = ""
    test: bool = False
    routed: bool = True

    @property
    def cancelled(self) -> bool:
        """Tell whether nothing of it will be delivered."""
        return self.standing is Standing.CANCELLED

    @property
    def charged(self) -> Decimal:
        """What the charges add up to."""
        return sum((charge.gross for charge in self.charges), ZERO)

    @property
    def adds_up(self) -> bool:
        """Tell whether the shop's total is the sum of what it charges."""
        return self.charged == self.total
