"""After the sale: stock is read back and units are let go, the order gets the number, the shop hears of parcels.

Units stay reserved until the till's own figure, with the sale in it, is in the mirror: stored before they are let go,
so that no shop is shown the same units twice in between (``docs/flows/orders.md``).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from tillbridge.domain.errors import ItemRejectedError, MissingRightError, RetryLaterError, TillbridgeError
from tillbridge.domain.merchant import Lane
from tillbridge.domain.orders.digest import digest
from tillbridge.domain.orders.next_step import number_to_note
from tillbridge.domain.orders.order import ZERO, PlacedOrder
from tillbridge.domain.orders.record import OrderRecord, OrderState
from tillbridge.domain.orders.sent import sent_with
from tillbridge.domain.stock import StockLevel, as_counted, of_spot
from tillbridge.flows.chunks import in_chunks
from tillbridge.flows.import_orders.visit import ShopTroubleError, Visit
from tillbridge.systems.order_desk import OrderDesk, Parcel

AT_ONCE = 100
"""Items of one call to the till."""


class StockUntoldError(RetryLaterError):
    """The till does not tell the stock of an item that it has just sold."""


def settle(visit: Visit, order: PlacedOrder | None) -> None:
    """Bring everybody up to date with what was sold; repeating any part of it changes nothing.

    What the order's shop refuses is noted and no reason to do it all again. An order stays ``SOLD`` while a location
    owes units of it.
    """
    owed: Mapping[str, Decimal] = {}
    if visit.record.state is not OrderState.DONE:
        items = _items(visit.record)
        owed = _owed(visit, read_back(visit, items))
        if not let_go(visit, but=owed):  # a refund or a correction: it moves stock, and nothing is reserved
            importer = visit.importer
            importer.fanout.tell(importer.till.merchant_id, Lane.STOCK, items, importer.clock.now())
    changes: dict[str, Any] = {"state": OrderState.SOLD if owed else OrderState.DONE}
    changes |= {"settled": _settled(visit.record, owed), "let_pass": False}  # nosec B105  a permission, no password
    changes |= _owing(owed) if owed else {"code": "", "reason": "", "remedy": ""}
    if order is not None:
        changes |= {"digest": digest(order), **_noted(visit, order)}
        changes |= _shipped(visit, visit.record, order)
    told = "Units of it stay reserved: a location owes them." if owed else "The till's figures contain it."
    visit.save(visit.noting(told, **changes))


def read_back(visit: Visit, item_ids: Iterable[str]) -> Sequence[StockLevel]:
    """Store the till's figures of these items, as a poll would, and give them; ``StockUntoldError``."""
    importer = visit.importer
    read: list[StockLevel] = []
    for chunk in in_chunks(sorted(set(item_ids)), AT_ONCE):
        fresh = importer.hearing(importer.stock.stock_of(chunk))
        _require_untracked(visit, [item_id for item_id in chunk if item_id not in fresh])
        levels = [level for levels in fresh.values() for level in levels]
        importer.mirror.put_stock(importer.till_id, levels, guarded=True)
        read += levels
    return read


def let_go(visit: Visit, *, but: Mapping[str, Decimal] | None = None) -> bool:
    """Reserve nothing of the order any more, ``but`` these units, and have every shop look at its items.

    Tells whether there was anything to let go; if not, nobody looks at anything.
    """
    importer = visit.importer
    held = importer.reservations.held(importer.till_id, visit.record.reservation)
    left = {item_id: as_counted(units) for item_id, units in (but or {}).items()}
    if held == left:
        return False
    items = {of_spot(one)[0] for one in (*held, *left)}
    with importer.fanout.telling(importer.till.merchant_id, Lane.STOCK, items, importer.clock):
        importer.reservations.set(importer.till_id, visit.record.reservation, left, held)
    return True


def _owed(visit: Visit, levels: Iterable[StockLevel]) -> Mapping[str, Decimal]:
    """Find the units that were sold where there were none: no figure of the till contains them yet.

    What can be sold at a location that has less than nothing is nothing, not less (facts/lightspeed.md, "ItemShop"); so
    the units, which are still counted wherever they lie, have to be kept off sale until they are moved there.
    """
    if visit.importer.backorders:  # then what a location owes is counted
        return {}
    sold: dict[tuple[str, str], Decimal] = {}
    for booking in visit.record.completed:
        for line in booking.lines:
            if line.item_id:
                key = line.item_id, booking.location_id
                sold[key] = sold.get(key, ZERO) + line.units
    owed: dict[str, Decimal] = {}
    for level in levels:
        missing = min(sold.get((level.item_id, level.location_id), ZERO), -level.on_hand)
        if missing > 0:
            owed[level.item_id] = owed.get(level.item_id, ZERO) + missing
    return owed


def _owing(owed: Mapping[str, Decimal]) -> dict[str, Any]:
    units = ", ".join(f"{amount} of item {item_id}" for item_id, amount in sorted(owed.items()))
    return {
        "code": "SoldWhereNoneWere",
        "reason": f"It was sold at a location that had not enough: {units}.",
        "remedy": "Move the goods there in the till (a transfer), or correct its stock; it is noticed by itself.",
    }


def _require_untracked(visit: Visit, silent: list[str]) -> None:
    """Let only items be silent of which the till keeps no stock, or which are gone."""
    if not silent:
        return
    importer = visit.importer
    stock = importer.mirror.stock(importer.till_id, silent, sorted(importer.mirror.locations(importer.till_id)))
    items = importer.mirror.items(importer.till_id, silent)
    for item_id in silent:
        if stock[item_id].levels and not (item_id in items and items[item_id].gone):
            raise StockUntoldError(f"The till does not tell the stock of item {item_id}, of which it has sold some.")


def _items(record: OrderRecord) -> set[str]:
    return {line.item_id for booking in record.completed for line in booking.lines if line.item_id}


def _settled(record: OrderRecord, owed: Mapping[str, Decimal]) -> Mapping[str, Decimal]:
    """Add up, by listing, the units that the books hold, so that only what goes beyond them is reserved again.

    Units that are owed are not among them.
    """
    items = {line.line_id: line.item_id for booking in record.completed for line in booking.lines}
    left = dict(owed)
    units: dict[str, Decimal] = {}
    for charge in record.books.values():
        if charge.ref:
            item_id = items.get(charge.line_id, "")
            missing = min(charge.units, left.get(item_id, ZERO))
            left[item_id] = left.get(item_id, ZERO) - missing
            units[charge.ref] = units.get(charge.ref, ZERO) + charge.units - missing
    return units


def _noted(visit: Visit, order: PlacedOrder) -> dict[str, Any]:
    """Write the sale's number to the order, if it is not there."""
    number = number_to_note(visit.record)
    if number in {"", order.noted_sale}:
        return {"noted": number}
    refused = _told(visit, lambda desk: desk.note_sale(order.order_id, number))
    return _refusal("number", refused) if refused else {"noted": number}


def _shipped(visit: Visit, record: OrderRecord, order: PlacedOrder) -> dict[str, Any]:
    """Tell the shop of every sale that has left the house since; a parcel that it refuses is told to a person."""
    told: dict[str, Any] = {}
    rules = visit.rules()
    for sale_id, tracking in record.to_ship.items():
        if sale_id in record.shipped:
            continue
        sent = sent_with(record, order, rules, sale_id)
        if sent is None:
            continue
        source = rules.sources.get(sent.location_id, "")
        parcel = Parcel(key=sale_id, units=sent.units, tracking=tracking, places=sent.places, source=source)
        refused = _told(visit, partial(_ship, order_id=record.order_id, parcel=parcel))
        if refused:
            told = _refusal("parcel", refused)
    return {**told, "shipped": tuple(dict.fromkeys((*record.shipped, *record.to_ship)))}


def _ship(desk: OrderDesk, *, order_id: str, parcel: Parcel) -> None:
    desk.ship(order_id, parcel)


def _told(visit: Visit, what: Callable[[OrderDesk], None]) -> TillbridgeError | None:
    """Tell the shop something; gives why it did not take it, if that does not mend itself."""
    try:
        with visit.asking_the_shop() as desk:
            what(desk)
    except ItemRejectedError as error:
        return error
    except ShopTroubleError as trouble:
        if not isinstance(trouble.cause, MissingRightError):
            raise
        return trouble.cause
    return None


def _refusal(what: str, error: TillbridgeError) -> dict[str, Any]:
    reason = f"The shop did not take the {what}: {error.happened}"
    return {"code": error.code, "reason": reason, "remedy": error.remedy}
