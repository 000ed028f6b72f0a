"""A table whose rows are made on demand and kept once changed, with sorted orders that are kept up to date.

So a till of 100,000 items costs memory only for what is sorted by and what was changed, and a page costs no sorting.
"""

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Generic, TypeAlias, TypeVar

from sandbox.lightspeed.data.numbers import parse_iso
from sandbox.lightspeed.data.rows import Row

R = TypeVar("R")
Columns: TypeAlias = Mapping[str, str]
Key: TypeAlias = int | str
Order: TypeAlias = list[tuple[Key, int]]

TIME_COLUMNS = frozenset({"timeStamp", "createTime", "completeTime", "updatetime", "updateTime", "openTime"})
_WHOLE_NUMBERS = frozenset({"leftNode", "rightNode"})


def key_of(column: str, text: str) -> Key:
    """Turn a column's text into what it is sorted by."""
    if column in TIME_COLUMNS:
        return parse_iso(text) if text else 0
    return int(text) if column.endswith("ID") or column in _WHOLE_NUMBERS else text


class Table(Generic[R]):
    """Rows with ids from 1 to `size`."""

    def __init__(
        self,
        columns: Callable[[R], Columns],
        *,
        size: int = 0,
        make: Callable[[int], R | None] = lambda _: None,
        quick_keys: Mapping[str, Callable[[int], Key]] | None = None,
    ) -> None:
        """Begin with `size` rows, made by `make` when asked for; `quick_keys` sort without making the rows."""
        self.columns = columns
        self._size = size
        self._made = size
        self._make = make
        self._quick_keys = quick_keys or {}
        self._kept: dict[int, R] = {}
        self._gone: set[int] = set()
        self.changes = 0
        """How often a row was changed, added or removed."""
        self._orders: dict[str, Order] = {}
        self._lookups: dict[str, dict[str, set[int]]] = {}

    @property
    def size(self) -> int:
        """The highest id that was ever given."""
        return self._size

    @property
    def count(self) -> int:
        """How many rows there are."""
        return self._size - len(self._gone)

    def get(self, row_id: int) -> R | None:
        """Give a row, or None when there is none with this id."""
        kept = self._kept.get(row_id)
        if kept is not None:
            return kept
        return self._make(row_id) if 0 < row_id <= self._made and row_id not in self._gone else None

    def changed(self, row_id: int) -> R | None:
        """Give a row only if it was changed or added."""
        return self._kept.get(row_id)

    def changed_ids(self) -> list[int]:
        """List the rows that were changed or added, the one changed last at the end."""
        return list(self._kept)

    def all(self) -> Iterable[R]:
        """Go through all rows by id."""
        return (row for row_id in range(1, self._size + 1) if (row := self.get(row_id)) is not None)

    def put(self, row_id: int, row: R) -> None:
        """Change a row, or add one at the end with id ``size + 1``."""
        before = self.get(row_id)
        self._size = max(self._size, row_id)
        self._kept.pop(row_id, None)
        self._kept[row_id] = row
        self.changes += 1
        columns = self.columns(row)
        old = None if before is None else self.columns(before)
        for column, order in self._orders.items():
            _move(order, column, row_id, old, columns)
        for column, ids in self._lookups.items():
            if old is not None:
                ids[old[column]].discard(row_id)
            ids[columns[column]].add(row_id)

    def remove(self, row_id: int) -> None:
        """Take a row away for good; its id is given to no other. Raises LookupError when there is none."""
        row = self.get(row_id)
        if row is None:
            raise LookupError(f"there is no row {row_id}")
        self._kept.pop(row_id, None)
        self._gone.add(row_id)
        self.changes += 1
        columns = self.columns(row)
        for column, order in self._orders.items():
            del order[bisect_left(order, (key_of(column, columns[column]), row_id))]
        for column, ids in self._lookups.items():
            ids[columns[column]].discard(row_id)

    def order(self, column: str) -> Order:
        """Give (key, id) of every row, sorted; built when first asked for, kept up to date from then on."""
        if column not in self._orders:
            self._orders[column] = sorted(self._keys(column))
        return self._orders[column]

    def lookup(self, column: str, value: str) -> set[int]:
        """Find the ids of the rows with this text in a column; the index is built when first asked for."""
        if column not in self._lookups:
            ids: dict[str, set[int]] = defaultdict(set)
            for row in self.all():
                columns = self.columns(row)
                ids[columns[column]].add(self._id_of(columns))
            self._lookups[column] = ids
        return self._lookups[column].get(value, set())

    def _keys(self, column: str) -> Iterable[tuple[Key, int]]:
        quick = self._quick_keys.get(column)
        for row_id in range(1, self._size + 1):
            if row_id in self._gone:
                continue
            if quick is not None and row_id not in self._kept and row_id <= self._made:
                yield quick(row_id), row_id
            elif (row := self.get(row_id)) is not None:
                yield key_of(column, self.columns(row)[column]), row_id

    @staticmethod
    def _id_of(columns: Columns) -> int:
        """Every record begins with its own id."""
        return int(next(iter(columns.values())))


def _move(order: Order, column: str, row_id: int, old: Columns | None, new: Columns) -> None:
    entry = (key_of(column, new[column]), row_id)
    if old is not None:
        before = (key_of(column, old[column]), row_id)
        if before == entry:
            return
        del order[bisect_left(order, before)]
    insort(order, entry)


def fixed(rows: Iterable[Row]) -> Table[Row]:
    """Make a table of rows that are all there from the start."""
    table: Table[Row] = Table(lambda row: row.columns)
    for row in rows:
        table.put(row.id, row)
    return table
