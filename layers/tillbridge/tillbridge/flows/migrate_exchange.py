"""The strategy for vendors who exchange an old credential for a new one themselves, without the merchant.

The pair is in the vault before it is used. A process that dies between the vendor's answer and the vault has lost it;
the exchange is asked for again with the old credential. Where the vendor takes that one only once, the refusal is told
as a problem, and the merchant has to authorise (docs/flows/migration.md).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tillbridge.domain.errors import UnauthorisedError
from tillbridge.domain.grant import Secret, TokenPair
from tillbridge.domain.merchant import Connection
from tillbridge.domain.vendor_events import Strategy
from tillbridge.flows.connect_ports import Grants
from tillbridge.flows.migrate_ports import Case, Obtained, OldCredentials
from tillbridge.flows.ports import Deadline

Exchange = Callable[[Connection, Secret], TokenPair]
"""Asks the vendor's token server to exchange an old credential."""

Access = Callable[[Connection, Deadline], Secret]
"""Gives the access token in force of a connection, renewed when that is due."""

Identify = Callable[[Connection, Secret], str]
"""Asks the remote system whose account a credential is for; ``UnauthorisedError`` when it is not taken."""


@dataclass(frozen=True, slots=True)
class ExchangesOld:
    """Implements ``MigrationStrategy`` for shops with a token exchange."""

    exchange: Exchange
    access: Access
    identify: Identify
    credentials: OldCredentials
    grants: Grants
    kind: Strategy = Strategy.EXCHANGE

    def obtain(self, case: Case, deadline: Deadline) -> Obtained:  # noqa: ARG002  the exchange bounds itself
        """Exchange, unless that was done by a process that died afterwards."""
        connection = case.connection
        got_at = self.credentials.tokens_from(connection)
        if got_at is None or case.migration.outlived(got_at):
            pair = self.exchange(connection, self._old(connection))
            self.grants.keep_tokens(connection.place, pair)
        return Obtained(there=True)

    def compare(self, case: Case, deadline: Deadline) -> Sequence[str]:
        """Compare whose both are; the vendor may have ended the old one with the exchange."""
        self.prove(case, deadline)
        try:
            seen = self.identify(case.connection, self._old(case.connection))
        except UnauthorisedError:
            return []
        account = case.connection.account_id
        return [] if seen == account else [f"the old credential belongs to {seen}, the new one to {account}"]

    def prove(self, case: Case, deadline: Deadline) -> None:
        """Make sure that the new one is for this account."""
        account = self.identify(case.connection, self.access(case.connection, deadline))
        if account != case.connection.account_id:
            raise UnauthorisedError(
                f"The new credential belongs to {account}, not to {case.connection.account_id}.",
                remedy="Connect the system again.",
                code="WrongAccount",
            )

    def _old(self, connection: Connection) -> Secret:
        credential = self.credentials.old(connection)
        if credential is None:
            raise UnauthorisedError(
                "The vault holds no old credential of this connection.",
                remedy="Connect the system again.",
                code="NoOldCredential",
            )
        return credential
