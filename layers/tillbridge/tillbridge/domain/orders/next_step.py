"""What comes next for an order: pure tables, so that every way through them can be tried.

| the order with us        | in its shop                       | next                                          |
|--------------------------|-----------------------------------|-----------------------------------------------|
| ignored                  | whatever                          | let go: drafts are put away, units are free   |
| nothing completed        | gone, cancelled, a test           | call off: the same, and it is over            |
| nothing completed        | a basket, or not ready            | wait: drafts are put away, units stay         |
| an open sale             | no longer planned                 | put that sale away                            |
| a planned sale           | not completed                     | book it                                       |
| all planned is completed | stock, number or parcels untold   | settle                                        |
| all planned is completed | everybody knows                   | rest                                          |

What becomes of one sale follows from what the till has under its reference (``booking_step``).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from tillbridge.domain.orders.order import PlacedOrder, Standing
from tillbridge.domain.orders.planned import PlannedSale
from tillbridge.domain.orders.record import Booking, OrderRecord, OrderState
from tillbridge.domain.orders.sale import SaleDraft, TillSale


class Move(StrEnum):
    """What to do with an order."""

    LET_GO = "let go"
    CALL_OFF = "call off"
    WAIT = "wait"
    PLAN = "plan"  # work out what it asks for, and look here again
    PUT_AWAY = "put away"
    BOOK = "book"
    SETTLE = "settle"
    REST = "rest"


@dataclass(frozen=True, slots=True)
class Step:
    """A move, and what it is about."""

    move: Move
    planned: PlannedSale | None = None
    booking: Booking | None = None


def next_step(
    record: OrderRecord,
    order: PlacedOrder | None,
    *,
    ready: bool,
    planned: Sequence[PlannedSale] | None = None,
) -> Step:
    """Decide by what we did and what the shop says now; ``order`` is ``None`` when it is gone from the shop.

    ``order.standing`` is what the merchant's settings make of it, and ``ready`` whether it may become a sale.
    ``planned`` is ``None`` as long as nobody has worked it out, which costs something.
    """
    ended = _ended(record, order, ready=ready)
    if ended is not None:
        return Step(ended)
    if order is None:  # what was sold stays sold
        return _afterwards(record, shipments=False)
    if planned is None:
        return Step(Move.PLAN)
    return _to_book(record, planned) or _afterwards(record, shipments=True, noted=order.noted_sale)


def _ended(record: OrderRecord, order: PlacedOrder | None, *, ready: bool) -> Move | None:
    """Tell whether nothing of the order is to be sold, now or ever."""
    if record.state is OrderState.IGNORED:
        return Move.LET_GO
    if record.completed:
        return None
    if order is None or order.test or order.cancelled:
        return Move.CALL_OFF
    return None if ready and order.standing is not Standing.DRAFT else Move.WAIT


def _to_book(record: OrderRecord, planned: Sequence[PlannedSale]) -> Step | None:
    """Find the first sale that is begun and no longer wanted, or wanted and not completed."""
    wanted = {one.key for one in planned}
    for booking in record.open:
        if booking.key not in wanted:
            return Step(Move.PUT_AWAY, booking=booking)
    for one in planned:
        booked = record.booking(one.key)
        if booked is None or not booked.completed:
            return Step(Move.BOOK, planned=one, booking=booked)
    return None


def _afterwards(record: OrderRecord, *, shipments: bool, noted: str = "") -> Step:
    """Settle, until the till's figures are read back and the shop knows the sale and its parcels."""
    untold = shipments and (set(record.to_ship) - set(record.shipped) or number_to_note(record) not in {"", noted})
    return Step(Move.SETTLE if untold or record.state is not OrderState.DONE else Move.REST)


def number_to_note(record: OrderRecord) -> str:
    """Give the sale's number as the order in the shop is to show it: of several sales all, in one text."""
    return ", ".join(ticket for ticket in record.tickets if ticket)


class Booked(StrEnum):
    """What to do with one sale in the till."""

    DRAFT = "draft"
    COMPLETE = "complete"
    TAKE_OVER = "take over"
    PUT_AWAY = "put away"
    SORT_OUT = "sort out"  # more than one counts: only a person can say which is right


@dataclass(frozen=True, slots=True)
class BookingStep:
    """What to do, and with which sale of the till."""

    move: Booked
    sale: TillSale | None = None


def booking_step(draft: SaleDraft, found: Sequence[TillSale]) -> BookingStep:
    """Decide by every sale that the till has under this reference, source and location.

    At most one may ever count: what is open and not the one to go on with is put away first.
    """
    counting = [sale for sale in found if sale.counts]
    completed = [sale for sale in counting if sale.completed]
    if len(completed) > 1:
        return BookingStep(Booked.SORT_OUT, completed[1])
    chosen = completed[0] if completed else next((sale for sale in counting if as_planned(sale, draft)), None)
    for sale in counting:
        if sale is not chosen:
            return BookingStep(Booked.PUT_AWAY, sale)
    if chosen is None:
        return BookingStep(Booked.DRAFT)
    return BookingStep(Booked.TAKE_OVER if chosen.completed else Booked.COMPLETE, chosen)


def as_planned(sale: TillSale, draft: SaleDraft) -> bool:
    """Tell whether an open sale is just what would be drafted now, with nothing paid."""
    same_customer = (sale.customer_id or "0") == (draft.customer_id or "0")
    return same_customer and not sale.paid and _lines_of(sale) == _lines_to_write(draft)


_Line = tuple[str, Decimal, Decimal, str]


def _lines_of(sale: TillSale) -> Mapping[_Line, int]:
    return Counter((line.item_id, line.units, line.unit_price, line.returns) for line in sale.lines)


def _lines_to_write(draft: SaleDraft) -> Mapping[_Line, int]:
    return Counter((line.item_id, line.units, line.unit_price, line.returns) for line in draft.lines)
