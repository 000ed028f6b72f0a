"""Migrations: ``C#{connection} | MIGRATION``.

Listed by event through ``gsi1`` under a key that no stage is part of: a row changes in its place and never moves, so
that whoever counts finds each connection once, whatever happens meanwhile. Found by time through ``gsi2``.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from tillbridge.domain.migration import Migration
from tillbridge.store.codecs.migrations import migration_content, read_migration
from tillbridge.store.errors import ConditionFailedError
from tillbridge.store.expressions import ABSENT, Condition
from tillbridge.store.fields import Fields
from tillbridge.store.keys import Key, partition
from tillbridge.store.moments import moment_text
from tillbridge.store.table import Table
from tillbridge.store.wire import Row

DUE = "MIGRATING"


@dataclass(frozen=True, slots=True)
class StoredMigrations:
    """Implements ``Migrations``."""

    table: Table

    def get(self, connection: str) -> Migration | None:
        """Find the migration of a connection."""
        row = self.table.get(_key(connection))
        return _migration(row) if row else None

    def add(self, migration: Migration) -> None:
        """Keep a new migration; one that is there already stays as it is."""
        try:
            self.table.put(_row(migration), ABSENT)
        except ConditionFailedError:
            return

    def put(self, migration: Migration) -> bool:
        """Replace the version before this one; tells whether it was still there."""
        before = Condition("#version = :before", {":before": migration.version - 1}, {"#version": "version"})
        try:
            self.table.put(_row(migration), before)
        except ConditionFailedError:
            return self.get(migration.connection_id) == migration  # written by an earlier try whose answer was lost
        return True

    def of_event(self, event: str) -> Iterator[Migration]:
        """Go through the migrations of an event by connection. The index lags by a fraction of a second."""
        return map(_migration, self.table.query(partition("MIGRATION", event), index="gsi1"))

    def due(self, now: datetime, limit: int) -> Sequence[Migration]:
        """List the migrations whose time to be looked at has come, longest due first."""
        where = Condition("gsi2sk <= :now", {":now": moment_text(now)})
        return [_migration(row) for row in self.table.query(DUE, where, index="gsi2", limit=limit)]


def _key(connection: str) -> Key:
    return Key(partition("C", connection), "MIGRATION")


def _row(migration: Migration) -> Row:
    row: dict[str, object] = {
        **_key(migration.connection_id)._asdict(),
        "gsi1pk": partition("MIGRATION", migration.event),
        "gsi1sk": migration.connection_id,
        "version": migration.version,
        "content": migration_content(migration),
    }
    if migration.due_at is not None:
        row |= {"gsi2pk": DUE, "gsi2sk": moment_text(migration.due_at)}
    return row


def _migration(row: Row) -> Migration:
    return read_migration(Fields.of_content(row))
