"""Marks: ``S#{shop}#{lane} | {due}#{key}#{unique}``, rows that are only ever added and removed.

The sort key begins with the time at which a mark is due, so what is due is one query, and no two marks share a row.
"""

import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
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

    def add(self, shop: str, lane: Lane, marks: Iterable[Mark]) -> Sequence[Mark]:
        """Add marks, and give them as ``remove`` takes them; the same key may be marked many times."""
        pk, stored = _partition(shop, lane), [replace(mark, row=self._row(mark)) for mark in marks]
        self.table.write({"pk": pk, "sk": mark.row, **mark_attributes(mark)} for mark in stored)
        return stored

    def due(self, shop: str, lane: Lane, now: datetime, limit: int) -> Sequence[Mark]:
        """List the marks whose time has come, earliest first."""
        until = Condition("sk < :until", {":until": moment_text(now) + "$"})  # "$" comes right after "#"
        return [_mark(row) for row in self.table.query(_partition(shop, lane), until, limit=limit)]

    def remove(self, shop: str, lane: Lane, marks: Iterable[Mark]) -> None:
        """Remove exactly these marks, which must have been read or added here."""
        pk, rows = _partition(shop, lane), [mark.row for mark in marks]
        if not all(rows):
            raise ValueError("only marks that were read or added can be removed")
        self.table.write(deletes=[Key(pk, row) for row in rows])

    def waiting(self, shop: str, lane: Lane, limit: int = 1000) -> Sequence[Mark]:
        """List all marks, also those whose time has not come, at most ``limit``."""
        return [_mark(row) for row in self.table.query(_partition(shop, lane), limit=limit)]

    def _row(self, mark: Mark) -> str:
        return "#".join((moment_text(mark.due_at), part(mark.key), self.new_token()))


def _partition(shop: str, lane: Lane) -> str:
    return partition("S", shop, lane.value)


def _mark(row: Row) -> Mark:
    return read_mark(str(row["sk"]), Fields.of_row(row))
