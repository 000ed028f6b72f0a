"""What ``orders`` and ``order ...`` answer: how far web orders have come on their way into the till."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from tillbridge.domain.merchant import System
from tillbridge.domain.orders.record import BookingState, OrderState


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderAnswer:
    """One order. ``order`` is what the other commands take; ``tasks`` counts returns that the shop is to refund."""

    order: str
    merchant: str
    connection: str
    system: System
    number: str
    state: OrderState
    code: str
    reason: str
    remedy: str
    sales: tuple[str, ...]  # the numbers of the till
    tasks: int
    placed_at: datetime | None
    seen_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedLineAnswer:
    """A line of a sale: the order's line, and the till's."""

    line: str
    name: str
    item: str
    units: Decimal
    unit_price: Decimal
    till_line: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingAnswer:
    """A sale, refund or correction. ``difference`` is what the till lacks of the order's amount."""

    booking: str
    state: BookingState
    reference: str
    location: str
    sale: str
    ticket: str
    expected: Decimal
    total: Decimal
    rounding: Decimal
    difference: Decimal
    completed_at: datetime | None
    lines: tuple[BookedLineAnswer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnAnswer:
    """Goods that came back at the till; ``refund`` names the shop's refund, "" as long as there is none."""

    ticket: str
    total: Decimal
    returned_at: datetime
    refund: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HappeningAnswer:
    """One entry of the history."""

    at: datetime
    what: str
    request_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderWhole:
    """All that is known of an order. ``customer`` is the till's id.

    ``waits`` says that it is to be looked at, ``next_look`` when at the earliest, and ``paused`` that it cannot be
    before the till's connection is mended.
    """

    about: OrderAnswer
    bookings: tuple[BookingAnswer, ...]
    returns: tuple[ReturnAnswer, ...]
    reserved: dict[str, Decimal]  # item, with its location where that is known -> units off sale because of it
    customer: str
    noted: str
    shipped: tuple[str, ...]
    waits: bool
    next_look: datetime | None = None
    paused: bool = False
    history: tuple[HappeningAnswer, ...]
