"""One sale in the till: found, drafted, completed; or put away. At no moment can there be two that count.

The till knows no keys of ours, so that what is in doubt is looked up by reference first (invariants 2 and 8)::

    record: planned, one try more      from now on there may be a draft
    till:   search by reference        a completed sale is taken over; a draft that is just as planned is gone on with;
                                       any other is put away
    till:   draft                      its answer may be lost: the next visit finds it by the search
    record: drafted, with its id       only whoever wrote this goes on
    till:   complete                   its answer may be lost: the next visit finds the sale completed, or the draft
    record: completed
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from tillbridge.domain.orders.next_step import Booked, booking_step
from tillbridge.domain.orders.parked import OrderParkedError
from tillbridge.domain.orders.parts import single_line
from tillbridge.domain.orders.planned import PlannedSale
from tillbridge.domain.orders.record import BookedLine, Booking, BookingState, OrderState
from tillbridge.domain.orders.sale import SaleDraft, TillSale
from tillbridge.flows.import_orders.ports import customer_name, line_name, sale_name
from tillbridge.flows.import_orders.visit import Visit

ROUNDING = "rounding"


class TillDiffersError(OrderParkedError):
    """The till has made another total of a draft than was worked out, and the difference is more than is allowed."""


class TwoSalesError(OrderParkedError):
    """The till has two completed sales of one order: somebody has made the second."""


def book(visit: Visit, one: PlannedSale, bound: Decimal) -> None:
    """Bring one planned sale to its end; ``bound`` is by how much the till may differ.

    Raises ``ItemRejectedError`` where the order has to wait for a person.
    """
    known = visit.record.booking(one.key)
    tries = (known.tries if known else 0) + 1
    booking = Booking(
        key=one.key,
        reference=one.draft.reference,
        location_id=one.draft.location_id,
        expected=one.draft.expected,
        rounding=one.rounding,
        category_id=one.draft.tax_category_id,
        charges=one.charges,
        tries=tries,
    )
    if known and known.sale_id:  # what is remembered of its draft holds until another one is made
        booking = replace(known, tries=tries)
    visit.save(replace(visit.record, state=OrderState.DRAFTED).with_booking(booking))
    sale = _found(visit, one.draft)
    if sale is not None and sale.completed:
        _complete(visit, _known_by(booking, sale, one), sale)
        return
    if sale is None:
        sale = _drafted(visit, one.draft)
        if tries > 1:  # an earlier one may be on its way, and arrive after the search
            visit.doubt()
    missing = _missing(visit, sale, one.draft, bound)
    drafted = replace(_of(booking, one), sale_id=sale.sale_id, lines=booked_lines(one.draft, sale))
    drafted = replace(drafted, state=BookingState.DRAFTED, rounding=one.rounding + missing)
    with visit.ours():
        visit.save(visit.record.with_booking(drafted))
    back = one.draft.expected < 0
    more = [single_line(ROUNDING, "Rounding of the till", missing, back=back)] if missing else []
    counter = visit.importer.counter
    sale = visit.importer.hearing(counter.complete(sale.sale_id, one.draft.payments, more=more))
    _complete(visit, drafted, sale)


def put_away(visit: Visit, booking: Booking, *, forget: bool = True) -> None:
    """Make sure that nothing of a booking is left open in the till; one that is completed by now is taken over.

    Unless it is to be forgotten, it stays among those that are still to be made.
    """
    counting = [sale for sale in _sales(visit, booking) if sale.counts] if booking.tries else []
    completed = [sale for sale in counting if sale.completed]
    for sale in counting:
        if not sale.completed:
            visit.importer.counter.archive(sale.sale_id)
    if completed:
        _complete(visit, _told_by(booking, completed[0]), completed[0])
        return
    record = visit.noting(f"The draft of {booking.key} is put away.") if counting else visit.record
    bare = replace(booking, state=BookingState.PLANNED, tries=0, sale_id="", lines=(), charges=())
    visit.save(record.without_booking(booking.key) if forget else record.with_booking(bare))


def sort_out(visit: Visit) -> None:
    """Search the till for drafts that came late, when more than one may have been sent, and put them away.

    Raises ``TwoSalesError``.
    """
    for booking in visit.record.bookings:
        counting = [sale for sale in _sales(visit, booking) if sale.counts]
        completed = [sale for sale in counting if sale.completed]
        if len(completed) > 1:
            raise _two_sales(completed[1])
        for sale in counting:
            if not sale.completed and (booking.completed or sale.sale_id != booking.sale_id):
                visit.importer.counter.archive(sale.sale_id)


def booked_lines(draft: SaleDraft, sale: TillSale) -> tuple[BookedLine, ...]:
    """Tell which line of the till is which of the order's; lines that nobody planned belong to none."""
    planned = defaultdict(list)
    for wanted in draft.lines:
        planned[wanted.item_id, wanted.units, wanted.unit_price, wanted.returns].append(wanted)
    booked: list[BookedLine] = []
    for line in sale.lines:
        same = planned[line.item_id, line.units, line.unit_price, line.returns]
        of = same.pop(0) if same else None
        booked.append(
            BookedLine(
                till_line_id=line.line_id,
                units=line.units,
                unit_price=line.unit_price,
                line_id=of.line_id if of else "",
                item_id=line.item_id,
                tax_class_id=of.tax_class_id if of else "",
                returns=line.returns,
            )
        )
    return tuple(booked)


def _found(visit: Visit, draft: SaleDraft) -> TillSale | None:
    """Find the sale to go on with, or one that is done; whatever else is open is put away."""
    counter = visit.importer.counter
    found = _at(visit.importer.hearing(counter.sales_of(draft.reference, draft.source)), draft.location_id)
    while True:
        step = booking_step(draft, found)
        if step.move is Booked.SORT_OUT and step.sale:
            raise _two_sales(step.sale)
        if step.move is not Booked.PUT_AWAY or step.sale is None:
            return step.sale
        counter.archive(step.sale.sale_id)
        found = [sale for sale in found if sale is not step.sale]


def _two_sales(second: TillSale) -> TwoSalesError:
    return TwoSalesError(
        f"The till has two completed sales {second.reference} at location {second.location_id}; the second is"
        f" {second.ticket or second.sale_id}.",
        remedy="Void one of them in the till, then resend the order (tillbridge order resend).",
    )


def _sales(visit: Visit, booking: Booking) -> list[TillSale]:
    counter = visit.importer.counter
    return _at(visit.importer.hearing(counter.sales_of(booking.reference, visit.source)), booking.location_id)


def _at(sales: Sequence[TillSale], location_id: str) -> list[TillSale]:
    """Keep the sales of one location: those of an order at several have one reference."""
    return [sale for sale in sales if sale.location_id == location_id]


def _drafted(visit: Visit, draft: SaleDraft) -> TillSale:
    return visit.importer.hearing(visit.importer.counter.draft(draft))


def _missing(visit: Visit, sale: TillSale, draft: SaleDraft, bound: Decimal) -> Decimal:
    """Tell what a draft lacks of what it should come to; too much of it, and the draft is put away."""
    missing = draft.expected - sale.total
    if abs(missing) > bound:
        visit.importer.counter.archive(sale.sale_id)
        raise TillDiffersError(
            f"The till makes {sale.total} of what comes to {draft.expected} in the shop, and the merchant allows a"
            f" difference of {bound}.",
            remedy="Look at the item's tax class and the tax categories (orders_tax_categories), or let the order pass"
            " with its difference: tillbridge order release.",
        )
    return missing


def _of(booking: Booking, one: PlannedSale) -> Booking:
    """Note in a booking what is planned of it now."""
    return replace(booking, expected=one.draft.expected, charges=one.charges, category_id=one.draft.tax_category_id)


def _known_by(booking: Booking, sale: TillSale, one: PlannedSale) -> Booking:
    """Give what is known of a completed sale: by our own note of its draft, or else as it would be planned now."""
    if booking.sale_id == sale.sale_id:
        return booking
    return replace(_of(booking, one), sale_id=sale.sale_id, lines=booked_lines(one.draft, sale))


def _told_by(booking: Booking, sale: TillSale) -> Booking:
    """Give what is known of a completed sale that nobody plans any more."""
    if booking.sale_id == sale.sale_id:
        return booking
    return replace(booking, sale_id=sale.sale_id, lines=_unplanned(sale))


def _unplanned(sale: TillSale) -> tuple[BookedLine, ...]:
    return tuple(
        BookedLine(
            till_line_id=line.line_id,
            units=line.units,
            unit_price=line.unit_price,
            item_id=line.item_id,
            returns=line.returns,
        )
        for line in sale.lines
    )


def _complete(visit: Visit, booking: Booking, sale: TillSale) -> None:
    """Note a completed sale, after the pointers by which the till's news find the order, and we whom we have made."""
    done = replace(
        booking,
        state=BookingState.COMPLETED,
        ticket=sale.ticket,
        total=sale.total,
        completed_at=sale.completed_at or visit.importer.clock.now(),
    )
    ids = [sale_name(sale.sale_id), *(line_name(line.till_line_id) for line in done.lines if line.item_id)]
    ids += [customer_name(visit.record.customer_id)] if visit.record.customer_ours else []
    visit.importer.records.point(visit.importer.till_id, ids, visit.record)
    record = visit.record.with_booking(done)
    state = OrderState.DRAFTED if record.open else OrderState.SOLD
    what = f"{done.key} is completed in the till as {sale.ticket or sale.sale_id}, {sale.total}."
    visit.save(replace(record, state=state).noting(what, visit.importer.clock.now()))
