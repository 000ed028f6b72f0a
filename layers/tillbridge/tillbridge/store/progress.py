"""How far work has come: ``C#{connection} | CURSOR#{name}``, ``RUN#{name}`` and ``BUDGET``."""

from collections.abc import Mapping
from dataclasses import dataclass

from tillbridge.domain.work import Cursor, Run
from tillbridge.store.codecs.work import cursor_attributes, read_cursor, read_run, run_content
from tillbridge.store.fields import Fields
from tillbridge.store.keys import Key, partition, sort_key
from tillbridge.store.table import Table


@dataclass(frozen=True, slots=True)
class StoredCursors:
    """Implements ``Cursors``."""

    table: Table

    def get(self, connection: str, name: str) -> Cursor | None:
        """Find a cursor, ``None`` before the first poll."""
        row = self.table.get(_key(connection, "CURSOR", name))
        return read_cursor(Fields.of_row(row)) if row else None

    def put(self, connection: str, name: str, cursor: Cursor) -> None:
        """Store a cursor."""
        self.table.put({**_key(connection, "CURSOR", name)._asdict(), **cursor_attributes(cursor)})


@dataclass(frozen=True, slots=True)
class StoredRuns:
    """Implements ``Runs``."""

    table: Table

    def get(self, connection: str, name: str) -> Run | None:
        """Find a run."""
        row = self.table.get(_key(connection, "RUN", name))
        return read_run(Fields.of_content(row)) if row else None

    def put(self, connection: str, name: str, run: Run) -> None:
        """Store a run."""
        self.table.put({**_key(connection, "RUN", name)._asdict(), "content": run_content(run)})


@dataclass(frozen=True, slots=True)
class StoredBudgets:
    """What workers tell each other of a remote account's rate budget: a few texts, the last writer's."""

    table: Table

    def load(self, connection: str) -> Mapping[str, str] | None:
        """Find the latest snapshot, ``None`` when nobody has saved one."""
        row = self.table.get(_key(connection, "BUDGET"))
        return Fields.of_row(row).text_map("snapshot") if row else None

    def save(self, connection: str, snapshot: Mapping[str, str]) -> None:
        """Replace the snapshot."""
        self.table.put({**_key(connection, "BUDGET")._asdict(), "snapshot": dict(snapshot)})


def _key(connection: str, *parts: str) -> Key:
    return Key(partition("C", connection), sort_key(*parts))
