"""Read a whole till: when it is connected, every night, and when somebody asks. Resumable after any page.

Phases: the account's lists, the matrices, then the items with their stock, then a second look at items that were not
met (``missing_items``), then (first read only) the handing over of the matrices. On the first read simple items go to
the shops page by page, but variants wait until all have been read, so that a shop gets each matrix once and whole.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeAlias

from tillbridge.domain.catalogue import Item, Matrix
from tillbridge.domain.cursor import OVERLAP
from tillbridge.domain.merchant import Lane
from tillbridge.domain.stock import StockLevel
from tillbridge.domain.work import Cursor, Run
from tillbridge.flows.missing_items import forget_unmet, look_again, note_unmet, reached_by
from tillbridge.flows.pull import CURSORS, STOCK
from tillbridge.flows.reader import PullReport, TillReader
from tillbridge.systems.till import Page, StockedItem

FULL_READ = "full-read"
LISTS, MATRICES, ITEMS, MISSING, HAND_OVER, DONE = "lists", "matrices", "items", "missing items", "hand over", "done"
HAND_OVER_CHUNK = 500
COUNTED = "items"

Rows: TypeAlias = tuple[Sequence[Item], Sequence[StockLevel]]


def full_read(reader: TillReader) -> PullReport:
    """Go on with the read under way, or begin one; ``finished`` is false when the deadline came first."""
    run = reader.runs.get(reader.till_id, FULL_READ)
    if run is None or run.phase == DONE:
        run = _begin(reader)
    before = run
    steps = {
        LISTS: _read_lists,
        MATRICES: _read_matrices,
        ITEMS: _read_items,
        MISSING: _look_again,
        HAND_OVER: _hand_over,
    }
    while run.phase != DONE and not reader.out_of_time():
        run = steps[run.phase](reader, run)
    return PullReport(rows=run.done - before.done, changed=run.marked - before.marked, finished=run.phase == DONE)


def resume(reader: TillReader) -> PullReport:
    """Go on with a read under way, if there is one: whoever worked at it may have died."""
    run = reader.runs.get(reader.till_id, FULL_READ)
    return PullReport() if run is None or run.phase == DONE else full_read(reader)


def items_read(run: Run) -> int:
    """Count the items that a read has met so far."""
    return run.counts.get(COUNTED, 0)


def items_there(run: Run) -> int | None:
    """Say how many items there are in about, going by how far the ids have been read; ``None`` while nobody knows."""
    if run.phase in {MISSING, HAND_OVER, DONE}:
        return items_read(run)
    if run.phase != ITEMS or int(run.after) == 0:
        return None
    return max(items_read(run), round(items_read(run) * int(run.last) / int(run.after)))


def _begin(reader: TillReader) -> Run:
    """Note that a read has begun, and how far it has to go."""
    forget_unmet(reader)
    run = Run(
        kind=FULL_READ,
        started_at=reader.clock.now(),
        phase=LISTS,
        first=reader.cursors.get(reader.till_id, STOCK) is None,
        last=reader.till.last_item_id(),
    )
    return _save(reader, run)


def _save(reader: TillReader, run: Run) -> Run:
    reader.runs.put(reader.till_id, FULL_READ, run)
    return run


def _read_lists(reader: TillReader, run: Run) -> Run:
    """Read the lists that rows point into.

    Where they say something else than before, all products are looked at. That is noted before the new lists are
    stored: killed in between, the next reader would find nothing new (invariant 4).
    """
    fresh, known = reader.till.reference(), reader.mirror.reference(reader.till_id)
    if known is not None and not run.first and not fresh.still_says(known):
        run = _save(reader, replace(run, look_at_all=True))
    reader.mirror.put_reference(reader.till_id, fresh)
    return _save(reader, replace(run, phase=MATRICES))


def _read_matrices(reader: TillReader, run: Run) -> Run:
    for page in reader.till.matrices_after(run.after):
        everything = run.first or run.open
        changed = list(page.rows) if everything else reader.changed_matrices(page.rows)
        run = _open(reader, run, has_changes=bool(changed))
        with reader.rejecting():
            reader.mirror.put_matrices(reader.till_id, changed)
        due = page.rows if run.look_at_all else changed
        told = 0 if run.first else reader.tell(Lane.CATALOGUE, (matrix.product_key for matrix in due))
        after = page.rows[-1].matrix_id if page.rows else run.after
        run = _turn(reader, run, page, after=after, told=told)
        if reader.out_of_time():
            break
    return run


def _read_items(reader: TillReader, run: Run) -> Run:
    """Go through the items.

    The first page met here may have been stored and marked before, by a reader that died. Its products may be in the
    shops by now, with the stock of that time, so that the stock lane has to hear of them too, and the catalogue lane of
    those that were archived since (invariant 4).
    """
    again = True
    for page in reader.till.items_after(run.after):
        news = _news(reader, run, page)
        run = _open(reader, run, has_changes=any(news))
        told = _keep_items(reader, run, page, news)
        if run.first and again:
            reader.tell(Lane.STOCK, (level.item_id for level in news[1]))
            reader.tell(Lane.CATALOGUE, (item.product_key for item in news[0] if item.archived and not item.matrix_id))
        again = False
        note_unmet(reader, run, page)
        run = _turn(reader, run, page, after=reached_by(run, page), told=told)
        if reader.out_of_time():
            break
    return run


def _all_of(page: Page[StockedItem]) -> Rows:
    return [row.item for row in page.rows], [level for row in page.rows for level in row.levels]


def _news(reader: TillReader, run: Run, page: Page[StockedItem]) -> Rows:
    """Find the rows that say something new; all of them when the last reader may have died before it marked them."""
    items, levels = _all_of(page)
    if run.first or run.open:
        return items, levels
    return reader.changed_items(items), reader.changed_levels(levels)


def _keep_items(reader: TillReader, run: Run, page: Page[StockedItem], news: Rows) -> int:
    """Store the news of a page of items with their stock and mark them; returns how many products were marked."""
    items, levels = news
    if not run.first:
        reader.tell_former(items)
    with reader.rejecting():
        reader.mirror.put_items(reader.till_id, items, {} if run.first else None)
    with reader.rejecting():
        # Before the first read is over no poll of stock runs, so nothing newer can be there yet.
        reader.mirror.put_stock(reader.till_id, levels, guarded=not run.first)
    if run.first:
        return reader.tell(Lane.CATALOGUE, (item.product_key for item in _simple(items)))
    due_items, due_levels = _all_of(page) if run.look_at_all else news
    reader.tell(Lane.STOCK, (level.item_id for level in due_levels))
    return reader.tell(Lane.CATALOGUE, (item.product_key for item in due_items))


def _simple(items: Sequence[Item]) -> list[Item]:
    return [item for item in items if not item.matrix_id and not item.archived]


def _open(reader: TillReader, run: Run, *, has_changes: bool) -> Run:
    """Note that a page is being stored. The first read takes every row as changed anyway and needs no note."""
    if run.first or run.open or not has_changes:
        return run
    return _save(reader, replace(run, open=True))


def _turn(reader: TillReader, run: Run, page: Page[StockedItem] | Page[Matrix], *, after: str, told: int) -> Run:
    """Note that a page is wholly stored and marked."""
    reader.note_rejected(page.rejected)
    following = {MATRICES: ITEMS, ITEMS: MISSING}
    return _save(
        reader,
        replace(
            run,
            phase=following[run.phase] if page.last else run.phase,
            after="0" if page.last and run.phase == MATRICES else after,
            done=run.done + len(page.rows),
            marked=run.marked + told,
            open=False,
            stock_from=run.stock_from or page.served_at - OVERLAP,
            counts={**run.counts, COUNTED: items_read(run) + len(page.rows)} if run.phase == ITEMS else run.counts,
        ),
    )


def _look_again(reader: TillReader, run: Run) -> Run:
    """Settle what was not met; ``after`` still tells the last item that was."""
    return _save(reader, replace(run, phase=HAND_OVER, after="0")) if look_again(reader, run) else run


def _hand_over(reader: TillReader, run: Run) -> Run:
    """Mark the matrices of a first read, and let the polls begin where this read began.

    Now that the till has been read the shops are read back as well; a wake that is lost is made up for by the sweep.
    """
    told = 0
    if run.first:
        chunk: list[str] = []
        for matrix in reader.mirror.every_matrix(reader.till_id):
            chunk += [] if matrix.archived else [matrix.product_key]
            if len(chunk) >= HAND_OVER_CHUNK:
                told += reader.tell(Lane.CATALOGUE, chunk)
                chunk = []
        told += reader.tell(Lane.CATALOGUE, chunk)
        for name in CURSORS:
            reader.cursors.put(reader.till_id, name, Cursor(run.stock_from or run.started_at - OVERLAP))
    done = _save(reader, replace(run, phase=DONE, marked=run.marked + told, finished_at=reader.clock.now()))
    reader.fanout.ask(reader.connection.merchant_id, Lane.CATALOGUE, "reconcile")
    return done
