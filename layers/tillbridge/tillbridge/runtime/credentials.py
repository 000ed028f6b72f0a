"""Builds what holds and renews the credentials of connections."""

from dataclasses import dataclass
from functools import cached_property

from tillbridge.domain.merchant import System
from tillbridge.flows.ports import Clock, Deadline
from tillbridge.grants.apps import AppBook
from tillbridge.grants.lease import GrantRecords
from tillbridge.grants.lightspeed import Endpoints
from tillbridge.grants.refresh import Refresher
from tillbridge.grants.secret_store import SecretsManager
from tillbridge.grants.token_server import TokenServer, transport_options
from tillbridge.grants.tokens import GrantTokens
from tillbridge.grants.vault import Vault
from tillbridge.runtime import aws
from tillbridge.runtime.settings import Settings
from tillbridge.systems.http import AddressPolicy, HttpClient


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
    def records(self) -> GrantRecords:
        """Versions, expiries and leases."""
        return GrantRecords(aws.dynamodb(), self.settings.table)

    @cached_property
    def lightspeed_server(self) -> TokenServer:
        """The till vendor's token server."""
        return TokenServer(
            System.LIGHTSPEED, Endpoints(self.settings.lightspeed_auth_url), self.apps, self._token_http, self.clock
        )

    @cached_property
    def refresher(self) -> Refresher:
        """The one path on which tokens are renewed."""
        return Refresher(self.vault, self.records, self.lightspeed_server, self.clock)

    def tokens(self, connection_id: str, deadline: Deadline) -> GrantTokens:
        """Give the tokens of one till connection for one invocation."""
        return GrantTokens(self.refresher, connection_id, deadline, self.clock)

    def policy(self, *, http: bool = False) -> AddressPolicy:
        """Say which addresses may be called: the local environment may call this machine, nobody else may."""
        return AddressPolicy.local() if self.settings.local else AddressPolicy.public_only(http=http)

    def _token_http(self, connection_id: str) -> HttpClient:
        return HttpClient(
            System.LIGHTSPEED.value,
            connection_id,
            policy=self.policy(),
            clock=self.clock,
            options=transport_options(self.settings.ca_bundle),
        )
