"""What a refresh needs of the table and of the token server; tests put faults in their place."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from tillbridge.domain.grant import DueGrant, Grant, Secret, TokenPair
from tillbridge.domain.merchant import Place
from tillbridge.grants.record import Death, GrantRecord


class Records(Protocol):
    """The records of grants; see ``lease.GrantRecords``."""

    def read(self, connection_id: str) -> GrantRecord | None:
        """Read a record, consistently."""
        ...

    def begin(self, place: Place, look_at: datetime) -> None:
        """Make a record if there is none."""
        ...

    def acquire(self, record: GrantRecord, now: datetime) -> GrantRecord | None:
        """Take the lease and count an attempt; ``None`` when the record has changed or is leased."""
        ...

    def extend(self, held: GrantRecord, now: datetime) -> GrantRecord | None:
        """Keep the lease for one more attempt; ``None`` when it was lost."""
        ...

    def settle(self, connection_id: str, grant: Grant) -> None:
        """Note the pair that the vault holds, unless the record knows it already."""
        ...

    def forbid(self, connection_id: str, at: datetime, what: str) -> None:
        """Note that the till did not let us read something."""
        ...

    def fail(self, held: GrantRecord, retry_at: datetime, problem: str, *, doubt: bool) -> None:
        """Note a failure that ends nothing, and give the lease back."""
        ...

    def release(self, held: GrantRecord) -> None:
        """Give the lease back."""
        ...

    def die(self, held: GrantRecord, death: Death) -> bool:
        """Note that this very pair is dead; tells whether it is noted."""
        ...


class KeptRecords(Protocol):
    """As much of the records as keeping and ending a grant needs; see ``lease.GrantRecords``."""

    def begin(self, place: Place, look_at: datetime) -> None:
        """Make a record if there is none."""
        ...

    def settle(self, connection_id: str, grant: Grant) -> None:
        """Note the pair that the vault holds, unless the record knows it already."""
        ...

    def look(self, connection_id: str, at: datetime) -> None:
        """Have ``token_refresh`` look at it."""
        ...

    def look_no_more(self, connection_id: str) -> None:
        """Take it out of the index."""
        ...

    def forget(self, connection_id: str) -> None:
        """Delete the record."""
        ...


class DueRecords(Protocol):
    """As much of the records as going through what is due needs; see ``lease.GrantRecords``."""

    def due(self, shard: int, now: datetime, limit: int) -> Sequence[DueGrant]:
        """List the grants of one part of the index that have to be looked at."""
        ...

    def look_again(self, connection_id: str, due_at: datetime, at: datetime) -> None:
        """Have ``token_refresh`` look at it at another time, unless that has changed meanwhile."""
        ...

    def look_no_more(self, connection_id: str) -> None:
        """Take it out of the index."""
        ...


class Revoking(Protocol):
    """As much of a token server as ending a grant needs."""

    def revoke(self, connection_id: str, token: Secret) -> None:
        """Give a grant back."""
        ...


class Renewing(Protocol):
    """The token server; see ``token_server.TokenServer``."""

    @property
    def client_id(self) -> str:
        """Tell who we are there."""
        ...

    def refresh(self, connection_id: str, token: Secret) -> TokenPair:
        """Get the next pair."""
        ...
