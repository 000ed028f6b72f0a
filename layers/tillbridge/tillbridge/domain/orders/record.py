"""What is remembered of one web order on its way into the till. No personal data, and no more than is needed."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from tillbridge.domain.orders.order import ZERO

SALE, REFUND, CORRECTION = "sale", "refund", "correction"

KEPT = timedelta(days=400)
"""How long an order is remembered once it is over: refunds and shipments come within a year; returns, and what is
disputed, rarely later."""

REMEMBERED = 40
"""Entries of a history; the oldest but the first go."""


class OrderState(StrEnum):
    """How far an order has come with us."""

    WAITING = "waiting"  # it is not ready yet: nobody has paid or promised to
    DUE = "due"  # something of it has to be written to the till
    DRAFTED = "drafted"  # a sale of it is being written
    SOLD = "sold"  # every sale is completed; the figures of stock have yet to be read back
    DONE = "done"  # the till's figures contain it, and the order has the sale's number
    PARKED = "parked"  # it waits for a person, with a reason
    IGNORED = "ignored"  # a person wants no sale of it
    CANCELLED = "cancelled"  # it ended before there was a sale

    @property
    def is_over(self) -> bool:
        """Tell whether nothing of it has to be kept off sale any more, unless it changes."""
        return self in {OrderState.DONE, OrderState.IGNORED, OrderState.CANCELLED}

    @property
    def is_under_way(self) -> bool:
        """Tell whether its units stay reserved whatever the shop says of it."""
        return self in {OrderState.DUE, OrderState.DRAFTED, OrderState.SOLD, OrderState.PARKED}


class BookingState(StrEnum):
    """How far one sale of an order is."""

    PLANNED = "planned"  # from now on there may be a draft of it in the till
    DRAFTED = "drafted"  # there is one, with the id that is noted, and it may be completed by now
    COMPLETED = "completed"


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedLine:
    """A line of a completed sale: the order's id of it, and the till's. ``line_id`` is "" where the order has none.

    ``returns`` is the till's id of the line that it gives back.
    """

    till_line_id: str
    units: Decimal
    unit_price: Decimal
    line_id: str = ""
    item_id: str = ""
    tax_class_id: str = ""
    returns: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedCharge:
    """What a booking adds to the books of one line of the order, in the till's currency; below zero for what it takes.

    ``ref`` is the listing as text, "" for what is none. ``goods`` tells what has to be sent from what is only paid for,
    and ``places`` are the shop's places that the goods leave, where the shop has told them.
    """

    line_id: str
    name: str
    units: Decimal
    net: Decimal
    tax: Decimal = ZERO
    ref: str = ""
    goods: bool = False
    places: tuple[str, ...] = ()

    def adding(self, more: "BookedCharge") -> "BookedCharge":
        """Give what the books hold of the line with ``more`` of it."""
        return replace(
            self,
            units=self.units + more.units,
            net=self.net + more.net,
            tax=self.tax + more.tax,
            places=tuple(dict.fromkeys((*self.places, *more.places))),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """One sale, refund or correction at one location. ``key`` tells which: ``sale/1``, ``refund/77/1``, ...

    ``tries`` counts drafts that were begun: after more than one there may be others than the one that is noted.
    ``total`` is what the till made of it; ``rounding`` what was added so that it is what the order says.
    ``charges`` is what it adds to the books of the order's lines; a refund adds nothing, since it is told apart.
    ``category_id`` is the tax category of the sale.
    """

    key: str
    reference: str
    location_id: str
    state: BookingState = BookingState.PLANNED
    expected: Decimal
    tries: int = 0
    sale_id: str = ""
    ticket: str = ""
    total: Decimal = ZERO
    rounding: Decimal = ZERO
    category_id: str = ""
    lines: tuple[BookedLine, ...] = ()
    charges: tuple[BookedCharge, ...] = ()
    completed_at: datetime | None = None

    @property
    def completed(self) -> bool:
        """Tell whether it counts in the till."""
        return self.state is BookingState.COMPLETED

    @property
    def kind(self) -> str:
        """Tell ``sale``, ``refund`` and ``correction`` apart."""
        return self.key.partition("/")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """An entry of an order's history. ``request_id`` is the remote system's, where it gave one."""

    at: datetime
    what: str
    request_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TillReturn:
    """Goods of the order that came back at the till: a task for the shop until ``refund_id`` names its refund there."""

    sale_id: str
    ticket: str
    total: Decimal  # given back, positive
    returned_at: datetime
    refund_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRecord:
    """The row of one order. ``version`` grows with every write, which happens only in the place of the one before.

    ``settled`` are the units of each listing (by ``str(ref)``) that the till's figures contain, or that no figure has
    to: only what an order takes beyond them has to be reserved. ``digest`` tells a content that was dealt with from a
    new one. ``let_pass`` says that a person accepts what parked it. ``to_ship`` names sales that have left the house,
    with the parcel's number where it is known, ``shipped`` those of which the shop knows.
    """

    shop: str
    order_id: str
    number: str = ""
    state: OrderState = OrderState.DUE
    version: int = 0
    seen_at: datetime
    changed_at: datetime
    placed_at: datetime | None = None
    bookings: tuple[Booking, ...] = ()
    customer_id: str = ""
    customer_sought: bool = False  # none was found, and one is being made
    customer_ours: bool = False  # Tillbridge has made this customer, for this order or for an earlier one
    customer_forgotten: bool = False  # the buyer is to be named no more
    code: str = ""
    reason: str = ""
    remedy: str = ""
    let_pass: bool = False
    digest: str = ""
    settled: Mapping[str, Decimal] = field(default_factory=dict)
    noted: str = ""  # the sale's number as it was written to the order
    to_ship: Mapping[str, str] = field(default_factory=dict)
    shipped: tuple[str, ...] = ()
    returns: tuple[TillReturn, ...] = ()
    history: tuple[Happening, ...] = ()

    @property
    def key(self) -> str:
        """Name the order among those of all shops, as marks do."""
        return mark_key(self.shop, self.order_id)

    @property
    def reservation(self) -> str:
        """Name the order as reservations do."""
        return reservation_name(self.shop, self.order_id)

    @property
    def completed(self) -> tuple[Booking, ...]:
        """The bookings that count in the till."""
        return tuple(booking for booking in self.bookings if booking.completed)

    @property
    def open(self) -> tuple[Booking, ...]:
        """The bookings of which there may be a draft in the till."""
        return tuple(booking for booking in self.bookings if not booking.completed)

    @property
    def books(self) -> Mapping[str, BookedCharge]:
        """What the books hold of each line of the order, at all locations; what was refunded still counts."""
        books: dict[str, BookedCharge] = {}
        for charge in (charge for booking in self.completed for charge in booking.charges):
            known = books.get(charge.line_id)
            books[charge.line_id] = known.adding(charge) if known else charge
        return books

    @property
    def tickets(self) -> tuple[str, ...]:
        """The numbers of its sales, without refunds and corrections."""
        return tuple(one.ticket for one in self.completed if one.kind == SALE)

    @property
    def tasks(self) -> tuple[TillReturn, ...]:
        """What came back at the till and was not refunded in the shop."""
        return tuple(one for one in self.returns if not one.refund_id)

    def booking(self, key: str) -> Booking | None:
        """Find a booking."""
        return next((booking for booking in self.bookings if booking.key == key), None)

    def with_booking(self, booking: Booking) -> "OrderRecord":
        """Put a booking in the place of the one with its key, or behind the others."""
        if self.booking(booking.key) is None:
            return replace(self, bookings=(*self.bookings, booking))
        return replace(self, bookings=tuple(booking if one.key == booking.key else one for one in self.bookings))

    def without_booking(self, key: str) -> "OrderRecord":
        """Drop a booking of which nothing is left."""
        return replace(self, bookings=tuple(one for one in self.bookings if one.key != key))

    def noting(self, what: str, at: datetime, request_id: str = "") -> "OrderRecord":
        """Add to the history; what is said twice in a row is kept once, with the later time."""
        entry = Happening(at=at, what=what, request_id=request_id)
        past = self.history[:-1] if self.history and self.history[-1].what == what else self.history
        if len(past) >= REMEMBERED:
            past = (past[0], *past[2:])
        return replace(self, history=(*past, entry), changed_at=at)

    def because(self, code: str, reason: str, remedy: str) -> "OrderRecord":
        """Say why it is as it is."""
        return replace(self, code=code, reason=reason, remedy=remedy)


def mark_key(shop: str, order_id: str) -> str:
    """Name an order among those of all shops of a merchant."""
    return f"{shop}/{order_id}"


def reservation_name(shop: str, order_id: str) -> str:
    """Name an order among those that hold units of a till."""
    return f"{shop}:{order_id}"


def of_mark(key: str) -> tuple[str, str]:
    """Give the shop's connection and the order's id; ids of connections have no slash."""
    shop, _, order_id = key.partition("/")
    return shop, order_id
