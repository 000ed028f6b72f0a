"""Which items the mirror has, in the order in which the till counts them, and which of them a full read did not meet.

``T#{till}#IDS | {bucket}`` holds the ids of one bucket as a set: bucket 3 those from 750 to 999. A page of a full read
covers a closed interval of ids, so what the mirror has within that interval and the page has not is exact, and it costs
one query per page and no write. Ids are added and removed by atomic updates of a set of at most a few kilobytes.
``T#{till}#UNMET | {item}`` notes the items that a full read should have met.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tillbridge.store.errors import UnreadableRowError
from tillbridge.store.expressions import Condition
from tillbridge.store.fields import Fields
from tillbridge.store.keys import Key, part, partition
from tillbridge.store.table import Table
from tillbridge.store.wire import Row

BUCKET = 250
"""Ids per set: a page of a hundred falls into one or two, and adding an id costs two or three write units."""

DIGITS = 19


@dataclass(frozen=True, slots=True)
class ItemIds:
    """The ids of one till's items."""

    table: Table
    till: str

    def between(self, after: str, last: str) -> Sequence[str]:
        """List the ids with ``after < id <= last``, lowest first."""
        where = Condition("sk BETWEEN :first AND :last", {":first": bucket_of(after), ":last": bucket_of(last)})
        rows = self.table.query(self._partition, where)
        return sorted((one for row in rows for one in id_set(row) if int(after) < int(one) <= int(last)), key=int)

    def add(self, item_ids: Iterable[str]) -> None:
        """Add ids."""
        self._change("ADD", item_ids)

    def remove(self, item_ids: Iterable[str]) -> None:
        """Remove ids."""
        self._change("DELETE", item_ids)

    def note_unmet(self, item_ids: Iterable[str]) -> None:
        """Note items that a full read should have met."""
        self.table.write({**self._unmet_key(one)._asdict(), "item_id": one} for one in item_ids)

    def unmet(self, limit: int) -> Sequence[str]:
        """List items so noted."""
        rows = self.table.query(partition("T", self.till, "UNMET"), limit=limit)
        return [Fields.of_row(row).needed("item_id") for row in rows]

    def forget_unmet(self, item_ids: Iterable[str]) -> None:
        """Drop these notes."""
        self.table.write(deletes=[self._unmet_key(one) for one in item_ids])

    def _change(self, verb: str, item_ids: Iterable[str]) -> None:
        by_bucket: dict[str, set[str]] = {}
        for one in item_ids:
            by_bucket.setdefault(bucket_of(one), set()).add(one)
        for bucket, ids in by_bucket.items():
            self.table.change(Key(self._partition, bucket), Condition(f"{verb} item_ids :ids", {":ids": ids}))

    @property
    def _partition(self) -> str:
        return partition("T", self.till, "IDS")

    def _unmet_key(self, item_id: str) -> Key:
        return Key(partition("T", self.till, "UNMET"), part(item_id))


def bucket_of(item_id: str) -> str:
    """Name the bucket of an id, so that names come in the order of ids."""
    return f"{int(item_id) // BUCKET:0{DIGITS}d}"


def id_set(row: Row) -> frozenset[str]:
    """Read a row's set of item ids."""
    ids = row.get("item_ids", set())  # a set that was emptied is absent
    if not isinstance(ids, set) or not all(isinstance(one, str) for one in ids):
        raise UnreadableRowError(str(row["pk"]), str(row["sk"]), "item_ids", "is no set of texts")
    return frozenset(ids)
