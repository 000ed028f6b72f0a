"""Write what becomes of migrations: every change is one conditional write of one row."""

from dataclasses import dataclass, replace
from datetime import datetime

from tillbridge.domain.errors import InputError, RetryLaterError, Subject, TillbridgeError
from tillbridge.domain.merchant import Connection
from tillbridge.domain.migration import Due, Migration, Move, due, look_at, moved, troubled
from tillbridge.domain.vendor_events import Calendar, VendorEvent
from tillbridge.flows.migrate_ports import Case, Migrations
from tillbridge.flows.ports import Clock, Connections

LONGEST_PROBLEM = 500


@dataclass(frozen=True, slots=True)
class MigrationBook:
    """The migrations, the calendar and the connections they are about."""

    migrations: Migrations
    connections: Connections
    calendar: Calendar
    clock: Clock

    def event(self, migration: Migration) -> VendorEvent:
        """Find the event of a migration."""
        return self.calendar.event(migration.event)

    def connection(self, migration: Migration) -> Connection | None:
        """Find its connection as it is now; ``None`` when it was disconnected or never made."""
        siblings = self.connections.of_merchant(migration.merchant_id)
        return next((one for one in siblings if one.connection_id == migration.connection_id), None)

    def case(self, connection: Connection) -> Case:
        """Open the case of a connection; ``InputError`` when it does not move."""
        migration = self.migrations.get(connection.connection_id)
        if migration is None:
            raise InputError(
                "merchant",
                f"The {connection.system} connection of merchant {connection.merchant_id} does not move to another"
                " kind of credential.",
                remedy="`tillbridge migrate board` shows who does.",
                code="NoMigration",
            )
        return Case(migration, connection, self.event(migration))

    def advance(self, migration: Migration, move: Move, note: str = "") -> Migration:
        """Take a step; ``InputError`` when it cannot follow, ``RetryLaterError`` when somebody was faster."""
        return self.write(migration, moved(migration, move, self.clock.now(), note))

    def trouble(self, migration: Migration, error: TillbridgeError) -> Migration:
        """Note what went wrong; the stage stays."""
        now = self.clock.now()
        return self.write(migration, troubled(migration, error.happened[:LONGEST_PROBLEM], error.remedy, now))

    def write(self, before: Migration, after: Migration, latest: datetime | None = None) -> Migration:
        """Write the next version, with the time of the next look, which is not after ``latest``."""
        now, event = self.clock.now(), self.event(after)
        failed_now = after.problem_at == now
        at_once = not failed_now and due(after, event, now, paused=False) is not Due.NOTHING
        moments = (now if at_once else look_at(after, event, now), latest)
        due_at = min((moment for moment in moments if moment is not None), default=None)
        planned = replace(after, version=before.version + 1, due_at=due_at)
        if not self.migrations.put(planned):
            raise RetryLaterError(
                "The migration was moved on by somebody else meanwhile.",
                remedy="Look at it again.",
                code="MovedMeanwhile",
                subject=Subject(merchant=before.merchant_id, connection=before.connection_id),
            )
        return planned
