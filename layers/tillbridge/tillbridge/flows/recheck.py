"""Read the stock of some items a second time, because a shop would be set to zero by the first reading.

A reading confirms an item only when it tells of every place that the mirror knows, and nothing else than the mirror
has; that an item is gone has been read twice already. Then the request is answered; in any case the shops look at what
has come in. Requests are closed last, so that a crash anywhere repeats the reading (invariant 4).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from tillbridge.domain.errors import RetryLaterError
from tillbridge.domain.merchant import Lane
from tillbridge.domain.stock import StockLevel
from tillbridge.flows.chunks import in_chunks
from tillbridge.flows.ports_guard import Rechecks
from tillbridge.flows.reader import PullReport, TillReader

AT_ONCE = 100
"""Items of one call to the till."""

LATER = timedelta(minutes=10)
"""When shops look at an item of which the second reading did not tell enough: it is asked about again then."""


@dataclass(slots=True)
class _Done:
    """What has been read so far."""

    rows: int = 0
    confirmed: list[str] = field(default_factory=list)
    doubtful: list[str] = field(default_factory=list)


def recheck(reader: TillReader, rechecks: Rechecks) -> PullReport:
    """Read what was asked for; ``changed`` counts the items that the reading did not confirm."""
    asked, read = rechecks.asked(reader.till_id), _Done()
    try:
        for chunk in in_chunks(asked, AT_ONCE):
            if reader.out_of_time():
                break
            _read(reader, chunk, read)
    except RetryLaterError:
        _answer(reader, rechecks, read)  # what was read is not asked for again
        raise
    _answer(reader, rechecks, read)
    done = len(read.confirmed) + len(read.doubtful)
    return PullReport(rows=read.rows, changed=len(read.doubtful), finished=done == len(asked))


def _read(reader: TillReader, item_ids: Sequence[str], read: _Done) -> None:
    """Read some items and keep what is not older than what the mirror has."""
    fresh = reader.till.stock_of(item_ids)
    levels = [level for item_id in item_ids for level in fresh.get(item_id, ())]
    reader.mirror.put_stock(reader.till_id, levels, guarded=True)
    agreed = _agreed(reader, fresh)
    read.rows += len(levels)
    unsure = [item_id for item_id in item_ids if item_id not in agreed]
    agreed |= (
        {key for key, item in reader.mirror.items(reader.till_id, unsure).items() if item.gone} if unsure else set()
    )
    read.confirmed += [item_id for item_id in item_ids if item_id in agreed]
    read.doubtful += [item_id for item_id in item_ids if item_id not in agreed]


def _agreed(reader: TillReader, fresh: Mapping[str, tuple[StockLevel, ...]]) -> set[str]:
    """Name the items of which the mirror has just what was read, at every place."""
    places = sorted(reader.mirror.locations(reader.till_id))
    kept = reader.mirror.stock(reader.till_id, fresh, places)
    return {
        item_id
        for item_id, levels in fresh.items()
        if {level.location_id: level.sellable for level in levels if level.location_id in places}
        == {place: level.sellable for place, level in kept[item_id].levels.items()}
    }


def _answer(reader: TillReader, rechecks: Rechecks, read: _Done) -> None:
    """Answer and mark all of them together, so that the guard of each shop sees them as a whole."""
    merchant, now = reader.connection.merchant_id, reader.clock.now()
    rechecks.answer(reader.till_id, read.confirmed, now)
    reader.fanout.tell(merchant, Lane.STOCK, read.confirmed, now)
    reader.fanout.tell(merchant, Lane.STOCK, read.doubtful, now, delay=LATER)
    rechecks.close(reader.till_id, [*read.confirmed, *read.doubtful])
