"""An old credential that ends while work is done with it, before or on its day: does the new one take over?"""

from dataclasses import dataclass
from datetime import timedelta

from tillbridge.domain.errors import BrokenConnectionError, RetryLaterError, Subject
from tillbridge.domain.merchant import Connection
from tillbridge.domain.migration import ASKED_OF_MERCHANT
from tillbridge.flows.migrate_ports import Migrations
from tillbridge.flows.ports import Clock

OF_NO_USE = frozenset({"KeyRefused", "KeyEnded", "NoOldCredential"})
"""Codes of errors which say that an old credential does not serve any more."""
SOON = timedelta(seconds=20)
"""By then the pause is stored, and the round of ``token_refresh`` finds what it is to end."""
TRIES = 3


@dataclass(frozen=True, slots=True)
class Relief:
    """Hears of a connection that is about to pause."""

    migrations: Migrations
    clock: Clock

    def comes(self, connection: Connection, error: BrokenConnectionError) -> bool:
        """Tell whether a new credential takes over within a minute or two, so that nobody has to do anything.

        ``RetryLaterError`` when it serves already: only the work that has just failed began before the switch.
        """
        if not connection.migration or error.code not in OF_NO_USE:
            return False
        for _ in range(TRIES):
            migration = self.migrations.get(connection.connection_id)
            if migration is None or migration.stage in ASKED_OF_MERCHANT:
                return False
            if not migration.served_by_old:
                raise _again(connection, "The new credential serves meanwhile.")
            soon = self.clock.now() + SOON
            if self.migrations.put(migration.seen_next(soon)):
                return True
        raise _again(connection, "The migration was moved on by somebody else, again and again.")


def _again(connection: Connection, happened: str) -> RetryLaterError:
    subject = Subject(merchant=connection.merchant_id, connection=connection.connection_id)
    return RetryLaterError(happened, remedy="It is tried again by itself.", code="MovedMeanwhile", subject=subject)
