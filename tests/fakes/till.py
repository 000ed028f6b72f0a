"""A till in memory, with the rules that pages of changes keep."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TypeVar

from tests.fakes.clock import FakeClock
from tests.fakes.crash import Crash
from tillbridge.domain.catalogue import Item, Matrix, Reference
from tillbridge.domain.errors import ItemRejectedError, TillbridgeError
from tillbridge.domain.stock import StockLevel
from tillbridge.systems.till import Page, StockedItem, TillAccount

Row = TypeVar("Row")


DELAY = timedelta(seconds=1)


@dataclass
class FakeTill:
    """A till whose rows tests change; pages hold ``page_size`` rows."""

    clock: FakeClock
    crash: Crash = field(default_factory=Crash)
    reference_lists: Reference = field(default_factory=Reference)
    items: dict[str, Item] = field(default_factory=dict)
    matrices: dict[str, Matrix] = field(default_factory=dict)
    levels: dict[tuple[str, str], StockLevel] = field(default_factory=dict)
    page_size: int = 2
    rejected: tuple[ItemRejectedError, ...] = ()
    fail: TillbridgeError | None = None
    calls: list[str] = field(default_factory=list)

    def put(self, *rows: Item | Matrix | StockLevel) -> None:
        """Change rows, stamped with the time."""
        for row in rows:
            stamped = replace(row, updated_at=self.clock.now())
            match stamped:
                case Item():
                    self.items[stamped.item_id] = stamped
                case Matrix():
                    self.matrices[stamped.matrix_id] = stamped
                case StockLevel():
                    self.levels[stamped.item_id, stamped.location_id] = stamped

    def sell(self, item_id: str, location_id: str, units: int = 1) -> None:
        """Sell over the counter."""
        level = self.levels[item_id, location_id]
        left = level.on_hand - units
        self.put(replace(level, on_hand=left, sellable=max(Decimal(0), left)))

    def delete(self, item_id: str) -> None:
        """Delete an item, or merge it into another one: the till says nothing of it any more."""
        del self.items[item_id]
        self.levels = {key: level for key, level in self.levels.items() if key[0] != item_id}

    def account(self) -> TillAccount:
        return TillAccount("1", "Fake till")

    def reference(self) -> Reference:
        self._call("reference")
        return self.reference_lists

    def last_item_id(self) -> str:
        self._call("last item")
        return str(max(map(int, self.items), default=0))

    def items_after(self, item_id: str) -> Iterator[Page[StockedItem]]:
        rows = [self.items[key] for key in sorted(self.items, key=int) if int(key) > int(item_id)]
        stocked = [
            StockedItem(row, tuple(level for level in self.levels.values() if level.item_id == row.item_id))
            for row in rows
        ]
        return self._pages("items", stocked)

    def items_by_id(self, item_ids: Sequence[str]) -> Mapping[str, Item | None]:
        self._call("items by id")
        return {item_id: self.items[item_id] for item_id in item_ids if item_id in self.items}

    def matrices_after(self, matrix_id: str) -> Iterator[Page[Matrix]]:
        keys = sorted(self.matrices, key=int)
        return self._pages("matrices", [self.matrices[key] for key in keys if int(key) > int(matrix_id)])

    def items_since(self, since: datetime) -> Iterator[Page[Item]]:
        rows = [row for row in self.items.values() if row.updated_at >= since]
        return self._pages("items since", sorted(rows, key=lambda row: row.updated_at))

    def matrices_since(self, since: datetime) -> Iterator[Page[Matrix]]:
        rows = [row for row in self.matrices.values() if row.updated_at >= since]
        return self._pages("matrices since", sorted(rows, key=lambda row: row.updated_at))

    def stock_since(self, since: datetime) -> Iterator[Page[StockLevel]]:
        rows = [row for row in self.levels.values() if row.updated_at >= since]
        return self._pages("stock since", sorted(rows, key=lambda row: row.updated_at))

    def stock_of(self, item_ids: Sequence[str]) -> Mapping[str, tuple[StockLevel, ...]]:
        self._call("stock of")
        found = {item_id: [row for row in self.levels.values() if row.item_id == item_id] for item_id in item_ids}
        return {item_id: tuple(rows) for item_id, rows in found.items() if rows}

    def _pages(self, name: str, rows: Sequence[Row]) -> Iterator[Page[Row]]:
        starts = range(0, max(len(rows), 1), self.page_size)
        for start in starts:
            self._call(name)
            page = tuple(rows[start : start + self.page_size])
            yield Page(page, self.clock.now(), last=start == starts[-1], rejected=self.rejected)

    def _call(self, name: str) -> None:
        self.crash.step(f"call {name}")
        self.calls.append(name)
        if self.fail is not None:
            raise self.fail
