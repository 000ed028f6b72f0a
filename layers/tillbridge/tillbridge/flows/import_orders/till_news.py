"""What happens to our sales in the till afterwards: they leave the house, or goods come back.

Both are polled now and then, as long as the merchant imports orders. A cursor moves last; what is met twice is noted
once. Each piece of news marks its order, and the order's own visit does the rest.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from tillbridge.domain.orders.order import ZERO
from tillbridge.domain.orders.record import OrderRecord, TillReturn, mark_key
from tillbridge.domain.orders.sale import TillSale
from tillbridge.domain.work import Cursor
from tillbridge.flows.import_orders.importer import OrderImporter
from tillbridge.flows.import_orders.lane import mark_order
from tillbridge.flows.import_orders.ports import line_name, sale_name, source_name
from tillbridge.flows.import_orders.visit import OrderChangedError, Visit
from tillbridge.systems.counter import ShippedSale

SHIPPED, RETURNED = "shipped", "returned"
"""Names of the two cursors of a till."""

FIRST_LOOK = timedelta(hours=1)
"""How far back the first look goes: before that no order had become a sale."""

PARCEL = re.compile(r"(?=[A-Za-z-]*\d)[A-Za-z0-9-]{6,40}")
"""What looks like a parcel's number. A note may say anything, and nothing else of it is kept (invariant 5)."""


def look_for_parcels(importer: OrderImporter) -> int:
    """Note which of our sales have left the house since the last look; returns how many were news."""
    cursor = importer.cursors.get(importer.till_id, SHIPPED)
    since = cursor.since if cursor else importer.clock.now() - FIRST_LOOK
    shipped, next_look = importer.hearing(importer.counter.shipped_since(since))
    names = [sale_name(sale.sale_id) for sale in shipped]
    owners = importer.records.pointed(importer.till_id, names) if names else {}
    news = sum(_note_parcel(importer, sale, owners) for sale in shipped)
    _move(importer, SHIPPED, cursor, Cursor(next_look), moved=bool(news))
    return news


def look_for_returns(importer: OrderImporter) -> int:
    """Note what has come back at the till of what our sales have sold; returns how many sales were news."""
    cursor = importer.cursors.get(importer.till_id, RETURNED)
    since = cursor.since if cursor else importer.clock.now() - FIRST_LOOK
    sales, next_look = importer.hearing(importer.counter.returns_since(since))
    foreign = [sale for sale in sales if sale.completed and sale.counts and not _is_ours(importer, sale)]
    names = [line_name(line.returns) for sale in foreign for line in sale.lines if line.returns]
    owners = importer.records.pointed(importer.till_id, names) if names else {}
    news = sum(_note_return(importer, sale, owners) for sale in foreign)
    _move(importer, RETURNED, cursor, Cursor(next_look), moved=bool(news))
    return news


LAZY_MOVE = timedelta(minutes=30)


def _move(importer: OrderImporter, name: str, before: Cursor | None, after: Cursor, *, moved: bool) -> None:
    """Move a cursor when there was news, or now and then."""
    if before is None or moved or after.since - before.since > LAZY_MOVE:
        importer.cursors.put(importer.till_id, name, after)


def _is_ours(importer: OrderImporter, sale: TillSale) -> bool:
    """Tell refunds that we wrote ourselves by their source."""
    return sale.source in set(map(source_name, importer.shops.values()))


def _note_parcel(importer: OrderImporter, sale: ShippedSale, owners: Mapping[str, tuple[str, str]]) -> bool:
    """Note a sale that has left, or the number of its parcel that was entered later; the shop is told of it once."""
    visit = _visit(importer, owners.get(sale_name(sale.sale_id)))
    if visit is None or sale.sale_id in visit.record.shipped:
        return False
    tracking = sale.note.strip()
    tracking = tracking if PARCEL.fullmatch(tracking) else ""
    if visit.record.to_ship.get(sale.sale_id) == tracking:
        return False
    to_ship = {**visit.record.to_ship, sale.sale_id: tracking}
    return _noted(visit, visit.noting("It has left the house, the till says.", to_ship=to_ship))


def _note_return(importer: OrderImporter, sale: TillSale, owners: Mapping[str, tuple[str, str]]) -> bool:
    lines = [line_name(line.returns) for line in sale.lines if line.returns]
    visit = _visit(importer, next((owners[line] for line in lines if line in owners), None))
    if visit is None or any(known.sale_id == sale.sale_id for known in visit.record.returns):
        return False
    given_back = -sale.total
    if given_back <= ZERO:  # exchanged for something that costs more: nobody gets money back
        return False
    back = TillReturn(
        sale_id=sale.sale_id,
        ticket=sale.ticket,
        total=given_back,
        returned_at=sale.completed_at or sale.changed_at,
    )
    what = f"Goods came back at the till as {sale.ticket or sale.sale_id}: give {given_back} back in the shop."
    return _noted(visit, visit.noting(what, returns=(*visit.record.returns, back)))


def _visit(importer: OrderImporter, owner: tuple[str, str] | None) -> Visit | None:
    """Find the order of a sale, if it is one of ours and its shop is still there."""
    if owner is None or owner[0] not in importer.shops:
        return None
    visit = Visit.begin(importer, importer.shops[owner[0]], owner[1])
    return visit if visit.stored is not None else None


def _noted(visit: Visit, record: OrderRecord) -> bool:
    """Mark the order first, so that no crash loses the news; its lane is ours, so that nobody looks in between."""
    importer = visit.importer
    importer.fence.hold()
    mark_order(importer, mark_key(record.shop, record.order_id))
    try:
        visit.save(record)
    except OrderChangedError:
        visit = Visit.begin(importer, visit.shop, record.order_id)  # a person was at it
        visit.save(replace(visit.record, to_ship=record.to_ship, returns=record.returns))
    return True
