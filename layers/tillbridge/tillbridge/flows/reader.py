"""What polls and full reads of one till share: the reader, and the comparison of fresh rows with the mirror."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

from tillbridge.domain.catalogue import Item, Matrix
from tillbridge.domain.errors import ItemRejectedError, SomeRejectedError
from tillbridge.domain.merchant import Connection, Lane
from tillbridge.domain.stock import StockLevel
from tillbridge.domain.work import Reject
from tillbridge.flows.fanout import Fanout
from tillbridge.flows.ports import Clock, Cursors, Deadline, Mirror, Rejects, Runs
from tillbridge.systems.till import Till

STOP_MARGIN = timedelta(seconds=20)
"""Time kept back for reading and storing one more page."""

STORED_BY_THEN = timedelta(seconds=15)
"""When a page that was read has been stored."""


@dataclass(frozen=True, slots=True)
class PullReport:
    """What a poll or a full read did; ``finished`` is false when the deadline came first and work is left."""

    rows: int = 0
    changed: int = 0
    rejected: int = 0
    finished: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class TillReader:
    """One till, with the places where what it says is kept."""

    connection: Connection
    till: Till
    mirror: Mirror
    cursors: Cursors
    runs: Runs
    rejects: Rejects
    fanout: Fanout
    clock: Clock
    deadline: Deadline

    @property
    def till_id(self) -> str:
        """The connection's id, under which the mirror keeps this till."""
        return self.connection.connection_id

    def tell(self, lane: Lane, keys: Iterable[str]) -> int:
        """Mark keys for every shop of this merchant; returns how many."""
        return self.fanout.tell(self.connection.merchant_id, lane, keys, self.clock.now())

    def out_of_time(self) -> bool:
        """Tell whether it is too late to begin another page."""
        return self.deadline.left() < STOP_MARGIN

    def note_rejected(self, rejected: Sequence[ItemRejectedError]) -> None:
        """Keep rows that could not be understood, so that somebody sees them; what the mirror has of them stays."""
        now = self.clock.now()
        self.rejects.put(
            self.till_id, [Reject(error.subject.thing, error.happened, error.remedy, now) for error in rejected]
        )

    @contextmanager
    def rejecting(self) -> Iterator[None]:
        """Note what could not be stored, and go on: one item must not stop a till."""
        try:
            yield
        except SomeRejectedError as some:
            self.note_rejected(some.errors)

    def changed_items(self, rows: Sequence[Item]) -> list[Item]:
        """Keep the items whose content differs from the mirror's; a new time stamp alone is no change."""
        known = self.mirror.items(self.till_id, (row.item_id for row in rows))
        return [row for row in rows if _differs(known.get(row.item_id), row)]

    def tell_former(self, rows: Sequence[Item]) -> None:
        """Have the products looked at that items are about to leave: nothing else tells that they are over there.

        To be called before the rows are stored, which the mirror forgets it by. The mark is due when they are, so that
        it outlives whoever dies in between (invariant 4).
        """
        known = self.mirror.items(self.till_id, (row.item_id for row in rows))
        moved = [
            known[row.item_id].product_key
            for row in rows
            if row.item_id in known and known[row.item_id].product_key != row.product_key
        ]
        merchant = self.connection.merchant_id
        self.fanout.tell(merchant, Lane.CATALOGUE, moved, self.clock.now(), delay=STORED_BY_THEN)

    def changed_matrices(self, rows: Sequence[Matrix]) -> list[Matrix]:
        """Keep the matrices whose content differs from the mirror's."""
        known = self.mirror.matrices(self.till_id, (row.matrix_id for row in rows))
        return [row for row in rows if _differs(known.get(row.matrix_id), row)]

    def changed_levels(self, rows: Sequence[StockLevel]) -> list[StockLevel]:
        """Keep the stock rows that say something new; a row older than the mirror's is not news."""
        return [row for row, _ in self.stock_news(rows)]

    def stock_news(self, rows: Sequence[StockLevel]) -> list[tuple[StockLevel, bool]]:
        """Keep the stock rows that say something new, each with whether it is the first of its item and location."""
        locations = sorted({row.location_id for row in rows})
        stock = self.mirror.stock(self.till_id, {row.item_id for row in rows}, locations) if rows else {}
        known = [(row, stock[row.item_id].levels.get(row.location_id)) for row in rows]
        return [(row, before is None) for row, before in known if _is_news(before, row)]

    def learn_reference(self, items: Sequence[Item | Matrix]) -> None:
        """Read the account's lists again when a row points to an entry that we do not know.

        What else has changed in them is left to the full read, which has every product looked at.
        """
        reference = self.mirror.reference(self.till_id)
        if reference is None or any(
            _unknown(item.category_id, reference.categories)
            or _unknown(item.manufacturer_id, reference.manufacturers)
            or _unknown(item.attribute_set_id, reference.attribute_sets)
            for item in items
        ):
            fresh = self.till.reference()
            self.mirror.put_reference(self.till_id, reference.with_new(fresh) if reference else fresh)


def _differs(known: Item | Matrix | None, row: Item | Matrix) -> bool:
    return known is None or replace(known, updated_at=row.updated_at) != row


def _is_news(known: StockLevel | None, row: StockLevel) -> bool:
    if known is None:
        return True
    return row.updated_at >= known.updated_at and (row.on_hand, row.sellable) != (known.on_hand, known.sellable)


def _unknown(entry: str | None, entries: Iterable[str]) -> bool:
    return entry is not None and entry not in entries
