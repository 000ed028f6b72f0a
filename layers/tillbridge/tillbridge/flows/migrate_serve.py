"""Which credential serves a connection, and how long an old one may be sent."""

from dataclasses import dataclass

from tillbridge.domain.errors import BrokenConnectionError, Subject
from tillbridge.domain.merchant import Connection
from tillbridge.domain.vendor_events import Calendar, PhaseKind, VendorEvent
from tillbridge.flows.migrate_ports import Migrations, OldCredentials
from tillbridge.flows.ports import Clock


def key_ended(event: VendorEvent) -> BrokenConnectionError:
    """Say that the old credential is not sent any more, before its vendor refuses it.

    It is no ``UnauthorisedError``: nobody has refused anything, and the migration tells the merchant itself.
    """
    refused = event.phase(PhaseKind.REFUSED)
    day = f" from {refused.on:%Y-%m-%d} on" if refused else ""
    return BrokenConnectionError(
        f"The vendor takes no {event.old}{day}, so it is not used any more. Work pauses, and nothing of it is lost.",
        remedy="Open the link that you were sent, and authorise anew; work goes on by itself.",
        code="KeyEnded",
    )


@dataclass(frozen=True, slots=True)
class OldCredential:
    """The old credential of one connection. It is asked for anew with every request, so that it ends on the minute."""

    connection: Connection
    event: VendorEvent
    credentials: OldCredentials
    clock: Clock

    def read(self) -> str:
        """Give it; ``BrokenConnectionError`` once it may not be sent any more."""
        if not self.event.usable(self.clock.now()):
            raise key_ended(self.event)
        credential = self.credentials.old(self.connection)
        if credential is None:
            raise BrokenConnectionError(
                f"The vault holds no {self.event.old} of this connection.",
                remedy="Connect the system again.",
                code="NoOldCredential",
                subject=Subject(merchant=self.connection.merchant_id, connection=self.connection.connection_id),
            )
        return credential.reveal()


@dataclass(frozen=True, slots=True)
class Serving:
    """Looks which credential serves. A connection that was never brought in costs no look."""

    migrations: Migrations
    credentials: OldCredentials
    calendar: Calendar
    clock: Clock

    def old(self, connection: Connection) -> OldCredential | None:
        """Give the old credential if it serves, ``None`` when the new one does."""
        migration = self.migrations.get(connection.connection_id) if connection.migration else None
        return self.of(connection) if migration is not None and migration.served_by_old else None

    def of(self, connection: Connection) -> OldCredential:
        """Give the old credential of a connection that was brought in, whether it serves or not."""
        return OldCredential(connection, self.calendar.event(connection.migration), self.credentials, self.clock)
