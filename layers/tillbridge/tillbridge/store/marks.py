"""Marks: ``S#{shop}#{lane} | {due}#{key}#{unique}``, rows that are only ever added and removed.

The sort key begins with the time at which a mark is due, so what is due is one query, and no two marks share a row.
"""

import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from tillbridge.domain.merchant import Lane
from tillbridge.domain.work import Mark
from tillbridge.store.codecs.work import mark_attributes, read_mark
from tillbridge.store.expressions import Condition
from tillbridge.store.fields import Fields
from tillbridge.store.keys import Key, part, partition
from tillbridge.store.moments import moment_text
from tillbridge.store.table import Table
from tillbridge.store.wire import Row


def short_token() -> str:
    """Draw what tells marks apart that are due at the same moment for the same key."""
    return secrets.token_hex(4)


@dataclass(frozen=True, slots=True)
class StoredMarks:
    """Implements ``Marks``."""

    table: Table
    new_token: Callable[[], str] = short_token

    def add(self, shop: str, lane: Lane, marks: Iterable[Mark]) -> None:
        """Add marks; the same key may be marked many times."""
        self.table.write(self._rows(_partition(shop, lane), marks))

    def due(self, shop: str, lane: Lane, now: datetime, limit: int) -> Sequence[Mark]:
        """List the marks whose time has come, earliest first."""
        until = Condition("sk < :until", {":until": moment_text(now) + "$"})  # "$" comes right after "#"
        return [_mark(row) for row in self.table.query(_partition(shop, lane), until, limit=limit)]

    def remove(self, shop: str, lane: Lane, marks: Iterable[Mark]) -> None:
        """Remove exactly these marks, which must have been read here."""
        pk, rows = _partition(shop, lane), [mark.row for mark in marks]
        if not all(rows):
            raise ValueError("only marks that were read can be removed")
        self.table.write(deletes=[Key(pk, row) for row in rows])

    def waiting(self, shop: str, lane: Lane, limit: int = 1000) -> Sequence[Mark]:
        """List all marks, also those whose time has not come, at most ``limit``."""
        return [_mark(row) for row in self.table.query(_partition(shop, lane), limit=limit)]

    def _rows(self, pk: str, marks: Iterable[Mark]) -> Iterator[Row]:
        for mark in marks:
            sk = "#".join((moment_text(mark.due_at), part(mark.key), self.new_token()))
            yield {"pk": pk, "sk": sk, **mark_attributes(mark)}


def _partition(shop: str, lane: Lane) -> str:
    return partition("S", shop, lane.value)


def _mark(row: Row) -> Mark:
    return read_mark(str(row["sk"]), Fields.of_row(row))
