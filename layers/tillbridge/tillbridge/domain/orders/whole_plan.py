"""Everything that an order asks for by now: its sales, then its refunds one by one, then what was edited.

What has been completed is planned again only as long as something beside it is missing: a plan gives the same keys each
time, and whoever carries it out skips those that are done.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from tillbridge.domain.orders.order import ZERO, PlacedOrder
from tillbridge.domain.orders.places import books_of
from tillbridge.domain.orders.plan_return import plan_correction, plan_refund
from tillbridge.domain.orders.plan_sale import plan_sale
from tillbridge.domain.orders.planned import Basis, PlannedSale, SoldLine
from tillbridge.domain.orders.record import CORRECTION, REFUND, SALE, Booking, OrderRecord


def whole_plan(order: PlacedOrder, record: OrderRecord, basis: Basis) -> tuple[PlannedSale, ...]:
    """Plan up to the first thing that is not completed: what follows depends on it.

    Raises errors of ``parked``.
    """
    books = books_of(record)
    if not order.cancelled and not _finished(record, f"{SALE}/"):
        return plan_sale(order, basis, books)
    for refund in order.refunds:
        prefix = f"{REFUND}/{refund.refund_id}/"
        if not _finished(record, prefix):
            planned = plan_refund(order, refund.refund_id, sold_lines(record, besides=prefix), basis)
            if planned:
                return planned
    return plan_correction(order, _next_number(record), books, sold_lines(record), basis)


def sold_lines(record: OrderRecord, besides: str = "") -> tuple[SoldLine, ...]:
    """Say what our sales have sold and nobody has given back, as if the bookings named by ``besides`` were not."""
    counting = [one for one in record.completed if not besides or not one.key.startswith(besides)]
    back: dict[str, Decimal] = {}
    for booking in counting:
        for line in booking.lines:
            if line.returns:
                back[line.returns] = back.get(line.returns, ZERO) - line.units
    return tuple(line for booking in counting for line in _sold(booking, back))


def _finished(record: OrderRecord, prefix: str) -> bool:
    """Tell whether there are bookings of this name, and all of them count."""
    known = [booking for booking in record.bookings if booking.key.startswith(prefix)]
    return bool(known) and all(booking.completed for booking in known)


def _sold(booking: Booking, back: dict[str, Decimal]) -> Iterator[SoldLine]:
    for line in booking.lines:
        if line.line_id and line.units > 0:
            yield SoldLine(
                line_id=line.line_id,
                location_id=booking.location_id,
                till_line_id=line.till_line_id,
                item_id=line.item_id,
                units_left=line.units - back.get(line.till_line_id, ZERO),
                tax_class_id=line.tax_class_id,
                category_id=booking.category_id,
            )


def _next_number(record: OrderRecord) -> int:
    numbers = [int(one.key.split("/")[1]) for one in record.completed if one.kind == CORRECTION]
    return max(numbers, default=0) + 1


def announced(record: OrderRecord, planned: Sequence[PlannedSale]) -> OrderRecord:
    """Put every planned sale into the record before the first is begun, so that none is taken for the last."""
    for one in planned:
        if record.booking(one.key) is None:
            record = record.with_booking(
                Booking(
                    key=one.key,
                    reference=one.draft.reference,
                    location_id=one.draft.location_id,
                    expected=one.draft.expected,
                )
            )
    return record
