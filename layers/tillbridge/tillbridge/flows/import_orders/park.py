"""An order that cannot become a sale as things are: put aside where people see it, with what they can do."""

from collections.abc import Iterable

from tillbridge.domain.errors import ItemRejectedError, TillbridgeError
from tillbridge.domain.mail import parked_mail
from tillbridge.domain.orders.record import OrderState
from tillbridge.flows.import_orders.booking import put_away
from tillbridge.flows.import_orders.ports import OrderRecords
from tillbridge.flows.import_orders.visit import Visit

COUNTED = 1000


def park(visit: Visit, error: TillbridgeError, *, tidy: bool = True) -> None:
    """Put the order aside. Its units stay reserved, nothing of it is left open in the till, and the merchant hears.

    The mail is asked for first, so that whoever dies in between tells it once more; its key lets one go out per shop,
    reason and day. An order that is parked for the same reason as before is no news. ``tidy`` is false where the till
    cannot be asked at all.
    """
    for booking in visit.record.open if tidy else ():
        put_away(visit, booking, forget=False)
    record = visit.record
    if record.state is OrderState.PARKED and (record.code, record.reason) == (error.code, error.happened):
        return
    number = record.number or record.order_id
    visit.importer.outbox.put(parked_mail(visit.shop, number, error, visit.importer.clock.now()))
    parked = visit.noting(f"Parked: {error.happened}", error.request_id, state=OrderState.PARKED)
    visit.save(parked.because(error.code, error.happened, error.remedy))


def parked_orders(records: OrderRecords, shops: Iterable[str]) -> int:
    """Count the orders that wait for a person, a thousand of each shop at most."""
    return sum(1 for shop in shops for _ in records.listed(shop, OrderState.PARKED, limit=COUNTED))


def note_trouble(visit: Visit, error: TillbridgeError) -> None:
    """Say in the history what failed, if the order is known at all; it is tried again by itself."""
    if visit.stored is not None:
        visit.record = visit.stored
        visit.save(visit.noting(f"Tried again later: {error.happened}", error.request_id))


class UnforeseenError(ItemRejectedError):
    """An order that this version cannot deal with, because of a mistake in it."""

    def __init__(self, cause: Exception) -> None:
        """Name the kind of mistake; what it says may hold personal data (invariant 5)."""
        super().__init__(
            f"Tillbridge stumbled over this order ({type(cause).__name__}).",
            remedy="Look for the order in the log, report it, and ring the order up by hand until it is mended.",
            code="Unforeseen",
        )
