"""What moving credentials needs from the outside; ``store``, ``grants`` and ``runtime`` implement it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from tillbridge.domain.grant import Secret
from tillbridge.domain.merchant import Connection
from tillbridge.domain.migration import Migration
from tillbridge.domain.shop_keys import BroughtSecrets
from tillbridge.domain.vendor_events import Strategy, VendorEvent
from tillbridge.flows.ports import Deadline
from tillbridge.systems.till import Till


class Migrations(Protocol):
    """The migrations of all connections. Reads by connection are strongly consistent."""

    def get(self, connection: str) -> Migration | None:
        """Find the migration of a connection."""
        ...

    def add(self, migration: Migration) -> None:
        """Keep a new migration; one that is there already stays as it is."""
        ...

    def put(self, migration: Migration) -> bool:
        """Replace the version before this one; tells whether it was still there."""
        ...

    def of_event(self, event: str) -> Iterable[Migration]:
        """Go through the migrations of an event, each connection once."""
        ...

    def due(self, now: datetime, limit: int) -> Sequence[Migration]:
        """List the migrations whose time to be looked at has come, longest due first."""
        ...


class OldCredentials(Protocol):
    """The old credentials in the vault, and whether the new ones are there."""

    def keep_old(self, connection: Connection, credential: Secret) -> None:
        """Store an old credential; without a connection it is deleted within the hour."""
        ...

    def old(self, connection: Connection) -> Secret | None:
        """Read an old credential; ``None`` when there is none."""
        ...

    def destroy_old(self, connection: Connection) -> None:
        """Delete an old credential for good; none there is no error."""
        ...

    def tokens_from(self, connection: Connection) -> datetime | None:
        """Tell when the tokens in the vault were got; ``None`` when there are none."""
        ...


class Brought(Protocol):
    """Secrets that the command line has left in the vault, under names that nobody can guess."""

    def look(self, nonce: str) -> BroughtSecrets:
        """Read them; ``NotFoundError`` when there are none."""
        ...


@dataclass(frozen=True, slots=True)
class Case:
    """One connection on its way, and the event that made it go."""

    migration: Migration
    connection: Connection
    event: VendorEvent


@dataclass(frozen=True, slots=True)
class Obtained:
    """What came of asking for the new credential: a ``link`` for the merchant, or it is ``there`` already."""

    there: bool
    link: str = ""
    expires_at: datetime | None = None


class MigrationStrategy(Protocol):
    """How one kind of credential takes the place of another. An error of ours says why a step could not be taken."""

    @property
    def kind(self) -> Strategy:
        """The name by which events choose it."""
        ...

    def obtain(self, case: Case, deadline: Deadline) -> Obtained:
        """Come by the new credential, or set that going; repeating it does no harm."""
        ...

    def compare(self, case: Case, deadline: Deadline) -> Sequence[str]:
        """Look at the account through both; returns what differs."""
        ...

    def prove(self, case: Case, deadline: Deadline) -> None:
        """Look at the account through the new one alone; raises when work cannot go on with it."""
        ...


TillsOf = Callable[[Connection, Deadline], tuple[Till, Till]]
"""Makes the till of a connection twice: through its old credential and through its new one."""
