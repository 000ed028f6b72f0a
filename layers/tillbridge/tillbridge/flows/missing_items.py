"""Find the items that the till no longer has: deleted, or merged into another one. Of neither does it say a word.

While a full read goes through the items in the order of ids, each page covers a closed interval: from where the last
page ended to its own last id. Items that the mirror has in there and the page has not are noted. When the read has come
to the last id that was known at its beginning, they are looked up by id, and only those that the till really does not
have are noted as gone, which takes them off sale in the shops. A read that ended earlier was cut short and proves
nothing (invariant 1). Each look also asks for an item that was met a moment ago: an answer without that one is not
believed either.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from tillbridge.domain.catalogue import Item
from tillbridge.domain.merchant import Lane
from tillbridge.domain.work import Run
from tillbridge.flows.reader import TillReader
from tillbridge.systems.till import Page, StockedItem

AT_ONCE = 99
"""Items looked up per call, and one more that must be there (facts/lightspeed.md, "Filters": ``IN`` takes 100)."""

HIGHEST = "9" * 19


def note_unmet(reader: TillReader, run: Run, page: Page[StockedItem]) -> None:
    """Note the items of the mirror that this page should have held. The first read has nothing to compare with."""
    if run.first:
        return
    reached = reached_by(run, page)
    until = HIGHEST if page.last and is_whole(run, reached) else reached
    met = {row.item.item_id for row in page.rows}
    expected = reader.mirror.ids_between(reader.till_id, run.after, until)
    reader.mirror.note_unmet(reader.till_id, [item_id for item_id in expected if item_id not in met])


def reached_by(run: Run, page: Page[StockedItem]) -> str:
    """Tell up to which id the items have been read after a page."""
    return page.rows[-1].item.item_id if page.rows else run.after


def is_whole(run: Run, reached: str) -> bool:
    """Tell whether a read that ended there met all there was when it began; a till without items proves nothing."""
    return int(reached) >= int(run.last) > 0


def forget_unmet(reader: TillReader) -> None:
    """Drop what a read has noted and never looked up."""
    while unmet := reader.mirror.unmet(reader.till_id, AT_ONCE):
        reader.mirror.forget_unmet(reader.till_id, unmet)


def look_again(reader: TillReader, run: Run) -> bool:
    """Look up what was noted, ``run.after`` being the last item met; tells whether all of it was dealt with."""
    if not is_whole(run, run.after):
        forget_unmet(reader)
        return True
    while unmet := reader.mirror.unmet(reader.till_id, AT_ONCE):
        if reader.out_of_time():
            return False
        found = reader.till.items_by_id([run.after, *unmet])
        if run.after in found:
            _keep(reader, unmet, found)
        reader.mirror.forget_unmet(reader.till_id, unmet)
    return True


def _keep(reader: TillReader, unmet: Sequence[str], found: Mapping[str, Item | None]) -> None:
    """Keep what was found as read, and note the rest as gone.

    The shops are told of all of it: whoever noted an item before may have died before they were told.
    """
    known = reader.mirror.items(reader.till_id, unmet)
    there = reader.changed_items([item for item in found.values() if item is not None])
    gone = [replace(item, archived=True, gone=True) for item_id, item in known.items() if item_id not in found]
    reader.tell_former(there)
    reader.mirror.put_items(reader.till_id, [*there, *gone])
    reader.tell(Lane.CATALOGUE, (item.product_key for item in (*there, *gone)))
