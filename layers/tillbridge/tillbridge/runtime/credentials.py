"""Builds what holds and renews the credentials of connections.

The HTTP client is loaded when the first of its parts is asked for: cold starts that need none are spared it.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from tillbridge.domain.merchant import Connection, Place, System
from tillbridge.flows.migrate_serve import Serving
from tillbridge.flows.ports import Clock, Deadline
from tillbridge.grants.apps import AppBook
from tillbridge.grants.keeper import GrantKeeper
from tillbridge.grants.lease import GrantRecords
from tillbridge.grants.lightspeed import Endpoints
from tillbridge.grants.link_signer import LinkSigner
from tillbridge.grants.refresh import Refresher
from tillbridge.grants.secret_store import SecretsManager
from tillbridge.grants.tokens import GrantTokens
from tillbridge.grants.vault import Vault
from tillbridge.runtime import aws
from tillbridge.runtime.settings import Settings
from tillbridge.store.migrations import StoredMigrations
from tillbridge.store.table import Table

if TYPE_CHECKING:
    from tillbridge.grants.token_server import TokenServer
    from tillbridge.systems.http import AddressPolicy, HttpClient
    from tillbridge.systems.lightspeed import OldKey


@dataclass
class Credentials:
    """One vault, one book of apps and one refresher per process, each made when first asked for."""

    settings: Settings
    clock: Clock

    @cached_property
    def secrets(self) -> SecretsManager:
        """Secrets Manager."""
        return SecretsManager(aws.secrets(), self.settings.kms_key)

    @cached_property
    def vault(self) -> Vault:
        """The grants of connections."""
        return Vault(self.secrets, self.clock, self.settings.secret_prefix)

    @cached_property
    def apps(self) -> AppBook:
        """The provider's own credentials at each vendor."""
        return AppBook(self.secrets, self.clock, self.settings.secret_prefix)

    @cached_property
    def link_signer(self) -> LinkSigner:
        """The signature of invitations."""
        return LinkSigner(self.secrets, self.clock, self.settings.secret_prefix)

    @cached_property
    def records(self) -> GrantRecords:
        """Versions, expiries and leases."""
        return GrantRecords(aws.dynamodb(), self.settings.table)

    @cached_property
    def lightspeed_server(self) -> "TokenServer":
        """The till vendor's token server."""
        from tillbridge.grants.token_server import TokenServer  # noqa: PLC0415

        return TokenServer(
            System.LIGHTSPEED, Endpoints(self.settings.lightspeed_auth_url), self.apps, self._token_http, self.clock
        )

    @cached_property
    def refresher(self) -> Refresher:
        """The one path on which tokens are renewed."""
        return Refresher(self.vault, self.records, self.lightspeed_server, self.clock)

    @cached_property
    def keeper(self) -> GrantKeeper:
        """Vault and records together."""
        return GrantKeeper(self.vault, self.records, self.lightspeed_server, self.clock)

    @cached_property
    def migrations(self) -> StoredMigrations:
        """Connections that move to another kind of credential."""
        return StoredMigrations(Table(aws.dynamodb(), self.settings.table, self.clock))

    @cached_property
    def serving(self) -> Serving:
        """Which credential serves."""
        return Serving(self.migrations, self.keeper, self.settings.calendar, self.clock)

    def of_till(self, connection: Connection, deadline: Deadline) -> "GrantTokens | OldKey":
        """Give what a till's requests are signed with for one invocation. Only who was brought in may have a key."""
        if connection.migration and (old := self.serving.old(connection)) is not None:
            from tillbridge.systems.lightspeed import OldKey  # noqa: PLC0415

            return OldKey(old.read)
        return self.tokens(connection.place, deadline)

    def tokens(self, place: Place, deadline: Deadline) -> GrantTokens:
        """Give the tokens of one till connection for one invocation."""
        return GrantTokens(self.refresher, place, deadline, self.clock)

    def policy(self, *, http: bool = False) -> "AddressPolicy":
        """Say which addresses may be called: the local environment may call this machine, nobody else may."""
        from tillbridge.systems.http import AddressPolicy  # noqa: PLC0415

        return AddressPolicy.local() if self.settings.local else AddressPolicy.public_only(http=http)

    def _token_http(self, connection_id: str) -> "HttpClient":
        from tillbridge.grants.token_server import transport_options  # noqa: PLC0415
        from tillbridge.systems.http import HttpClient  # noqa: PLC0415

        return HttpClient(
            System.LIGHTSPEED.value,
            connection_id,
            policy=self.policy(),
            clock=self.clock,
            options=transport_options(self.settings.ca_bundle),
        )
