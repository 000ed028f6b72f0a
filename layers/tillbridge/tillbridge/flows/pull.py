"""Polls: read what changed in a till since the last time, keep it in the mirror, and mark it for the shops.

The order of writes makes a crash at any point harmless: the cursor is opened, then the mirror, then the marks, and then
the cursor moves and closes. A reader that finds the cursor open treats every row it meets as changed, up to the last
page, because the mirror may already hold a change that was never marked (invariant 4).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from tillbridge.domain.catalogue import Item, Matrix
from tillbridge.domain.cursor import next_since
from tillbridge.domain.merchant import Lane
from tillbridge.domain.stock import StockLevel
from tillbridge.domain.work import Cursor
from tillbridge.flows.reader import PullReport, TillReader
from tillbridge.systems.till import Page

Row = TypeVar("Row")

STOCK, ITEMS, MATRICES = "stock", "items", "matrices"
CURSORS = (STOCK, ITEMS, MATRICES)

LAZY_MOVE = timedelta(minutes=5)
"""A quiet poll moves its cursor only when it lags by this much: a write a minute for nothing adds up."""


@dataclass(frozen=True, slots=True)
class Poll(Generic[Row]):
    """One kind of row that is polled by time."""

    name: str
    lane: Lane
    read: Callable[[datetime], Iterator[Page[Row]]]
    changed: Callable[[Sequence[Row]], Sequence[Row]]
    keep: Callable[[Sequence[Row]], None]
    key_of: Callable[[Row], str]
    time_of: Callable[[Row], datetime]
    tell_others: Callable[[Sequence[Row], bool], object] | None = None


def poll_stock(reader: TillReader) -> PullReport:
    """Read the stock rows that changed.

    The first stock of an item is what its product may wait for: nothing is made before it has been read. Usually it
    comes before the item. Whoever goes on after a death cannot tell which rows are the first, and takes all for it.
    """
    first: set[str] = set()

    def changed(rows: Sequence[StockLevel]) -> Sequence[StockLevel]:
        news = reader.stock_news(rows)
        first.update(row.item_id for row, is_first in news if is_first)
        return [row for row, _ in news]

    def tell_products(rows: Sequence[StockLevel], everything: bool) -> None:  # noqa: FBT001
        waited_for = [row.item_id for row in rows if everything or row.item_id in first]
        items = reader.mirror.items(reader.till_id, waited_for) if waited_for else {}
        reader.tell(Lane.CATALOGUE, (item.product_key for item in items.values()))

    return _poll(
        reader,
        Poll(
            name=STOCK,
            lane=Lane.STOCK,
            read=reader.till.stock_since,
            changed=changed,
            keep=lambda rows: reader.mirror.put_stock(reader.till_id, rows, guarded=True),
            key_of=lambda row: row.item_id,
            time_of=lambda row: row.updated_at,
            tell_others=tell_products,
        ),
    )


def poll_items(reader: TillReader) -> PullReport:
    """Read the items that changed, and the account's lists when one points to something new."""

    def keep(rows: Sequence[Item]) -> None:
        reader.learn_reference(rows)
        reader.tell_former(rows)
        reader.mirror.put_items(reader.till_id, rows)

    return _poll(
        reader,
        Poll(
            name=ITEMS,
            lane=Lane.CATALOGUE,
            read=reader.till.items_since,
            changed=reader.changed_items,
            keep=keep,
            key_of=lambda row: row.product_key,
            time_of=lambda row: row.updated_at,
        ),
    )


def poll_matrices(reader: TillReader) -> PullReport:
    """Read the matrices that changed, and the account's lists when one points to something new."""

    def keep(rows: Sequence[Matrix]) -> None:
        reader.learn_reference(rows)
        reader.mirror.put_matrices(reader.till_id, rows)

    return _poll(
        reader,
        Poll(
            name=MATRICES,
            lane=Lane.CATALOGUE,
            read=reader.till.matrices_since,
            changed=reader.changed_matrices,
            keep=keep,
            key_of=lambda row: row.product_key,
            time_of=lambda row: row.updated_at,
        ),
    )


def _poll(reader: TillReader, poll: Poll[Row]) -> PullReport:
    """Go through the pages since the cursor; without a cursor the first full read has not been here yet."""
    cursor = reader.cursors.get(reader.till_id, poll.name)
    report = PullReport()
    if cursor is None:
        return report
    everything = cursor.open
    for page in poll.read(cursor.since):
        changed = page.rows if everything else poll.changed(page.rows)
        cursor = _keep_page(reader, poll, cursor, page, changed, everything=everything)
        report = _add(report, page, changed)
        if reader.out_of_time() and not page.last:
            return replace(report, finished=False)
    return report


def _keep_page(
    reader: TillReader, poll: Poll[Row], cursor: Cursor, page: Page[Row], changed: Sequence[Row], *, everything: bool
) -> Cursor:
    reader.note_rejected(page.rejected)
    if changed:
        if not cursor.open:
            reader.cursors.put(reader.till_id, poll.name, replace(cursor, open=True))
        with reader.rejecting():
            poll.keep(changed)
        reader.tell(poll.lane, map(poll.key_of, changed))
        if poll.tell_others:
            poll.tell_others(changed, everything)
    moved = Cursor(
        since=next_since(cursor.since, [poll.time_of(row) for row in page.rows], page.served_at, last=page.last),
        open=everything and not page.last,
    )
    if changed or cursor.open or not page.last or moved.since - cursor.since > LAZY_MOVE:
        reader.cursors.put(reader.till_id, poll.name, moved)
        return moved
    return cursor


def _add(report: PullReport, page: Page[Row], changed: Sequence[Row]) -> PullReport:
    return PullReport(
        rows=report.rows + len(page.rows),
        changed=report.changed + len(changed),
        rejected=report.rejected + len(page.rejected),
    )
