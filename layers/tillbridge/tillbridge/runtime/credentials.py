"""Builds what holds and renews the credentials of connections.

The HTTP client is loaded when the first of its parts is asked for: cold starts that need none are spared it.
"""

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property, partial
from typing import TYPE_CHECKING

from tillbridge.domain.errors import TillbridgeError
from tillbridge.domain.grant import AppCredentials, Secret
from tillbridge.domain.merchant import Connection, Place, System
from tillbridge.domain.shop_keys import KeyKind, ShopKeys
from tillbridge.flows.migrate_serve import Serving
from tillbridge.flows.ports import Clock, Deadline
from tillbridge.grants.apps import AppBook
from tillbridge.grants.keeper import GrantKeeper
from tillbridge.grants.lease import GrantRecords
from tillbridge.grants.lightspeed import Endpoints
from tillbridge.grants.link_signer import LinkSigner
from tillbridge.grants.memory import ShortMemory
from tillbridge.grants.refresh import Refresher
from tillbridge.grants.secret_store import SecretsManager
from tillbridge.grants.tokens import GrantTokens
from tillbridge.grants.vault import Vault
from tillbridge.runtime import aws
from tillbridge.runtime.settings import Settings
from tillbridge.store.migrations import StoredMigrations
from tillbridge.store.table import Table

if TYPE_CHECKING:
    from tillbridge.grants.bigcommerce import BigCommerceApp
    from tillbridge.grants.client_tokens import IssuedTokens
    from tillbridge.grants.shopify_server import ShopifyServer
    from tillbridge.grants.token_exchange import TokenExchange
    from tillbridge.grants.token_server import TokenServer
    from tillbridge.runtime.shops.kit import Tokens
    from tillbridge.systems.http import AddressPolicy, HttpClient
    from tillbridge.systems.lightspeed import OldKey


@dataclass(frozen=True, slots=True)
class Enough:
    """The deadline of somebody who knows of none, and may take a minute."""

    def left(self) -> timedelta:
        """Tell how long work may still go on."""
        return timedelta(minutes=1)


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
    def shopify_server(self) -> "ShopifyServer":
        """The token addresses of Shopify shops."""
        from tillbridge.grants.shopify_server import ShopifyServer  # noqa: PLC0415
        from tillbridge.runtime.shopify_account import Installation  # noqa: PLC0415

        installation = Installation(self)
        return ShopifyServer(
            self.apps, self.shop_http, self.clock, installation.shop_of, installation.lasts, self.shopify_url
        )

    @cached_property
    def shop_refresher(self) -> Refresher:
        """The same path for the shops whose tokens end."""
        return Refresher(self.vault, self.records, self.shopify_server, self.clock)

    def refresher_of(self, system: System) -> Refresher:
        """Give the one path on which tokens of a system are renewed."""
        return self.shop_refresher if system is System.SHOPIFY else self.refresher

    @cached_property
    def issued_tokens(self) -> "IssuedTokens":
        """Tokens of a day that this process has been given."""
        return ShortMemory(timedelta(days=1))

    @cached_property
    def token_exchange(self) -> "TokenExchange":
        """Exchanges Shopify tokens that never end for pairs that do."""
        from tillbridge.grants.token_exchange import TokenExchange  # noqa: PLC0415

        return TokenExchange(
            partial(self.apps.get, System.SHOPIFY), self.shop_http, self.clock, url_of=self.shopify_url
        )

    @cached_property
    def bigcommerce_app(self) -> "BigCommerceApp":
        """The provider's app at BigCommerce."""
        from tillbridge.grants.bigcommerce import BigCommerceApp  # noqa: PLC0415

        settings = self.settings
        return BigCommerceApp(
            self.apps,
            partial(self._token_http, system=System.BIGCOMMERCE),
            self.clock,
            f"{settings.bigcommerce_login_url}/oauth2/token",
            f"{settings.public_url}/connect/bigcommerce/auth",
        )

    def shopify_url(self, shop: str) -> str:
        """Give the base address of a Shopify shop."""
        from tillbridge.grants.token_exchange import shop_url  # noqa: PLC0415

        return shop_url(shop, self.settings.shopify_base_url)

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

    def of_shop(self, connection: Connection, deadline: Deadline | None = None) -> "Tokens":
        """Give the access tokens of a shop that is called with one: of its grant, or those that its keys give."""
        if connection.migration and (old := self.serving.old(connection)) is not None:
            from tillbridge.systems.shopify.api.tokens import StaticToken  # noqa: PLC0415

            return StaticToken(Secret(old.read()))
        keys = self.vault.keys_or_grant(connection.place, connection.authorised_at)
        if keys is None:
            return self.tokens(connection.place, deadline or Enough())
        return self.tokens_of(keys, connection.account_id, connection.connection_id)

    def tokens_of(self, keys: ShopKeys, shop: str, connection_id: str = "") -> "Tokens":
        """Give the access tokens that keys are good for."""
        from tillbridge.grants.client_tokens import ClientTokens  # noqa: PLC0415
        from tillbridge.systems.shopify.api.tokens import StaticToken  # noqa: PLC0415

        match keys.kind:
            case KeyKind.SHOPIFY_TOKEN:
                return StaticToken(keys.secrets["access_token"])
            case KeyKind.SHOPIFY_CLIENT:
                app = AppCredentials(keys.reveal("client_id"), keys.secrets["client_secret"])
                return ClientTokens(
                    app, shop, self.shop_http, self.clock, connection_id, self.shopify_url, self.issued_tokens
                )
            case _:
                raise TillbridgeError(f"{keys.kind.value} keys give no token.", remedy="This is a defect; report it.")

    def tokens(self, place: Place, deadline: Deadline) -> GrantTokens:
        """Give the tokens of one connection for one invocation."""
        return GrantTokens(self.refresher_of(place.system), place, deadline, self.clock)

    def policy(self, *, http: bool = False) -> "AddressPolicy":
        """Say which addresses may be called: the local environment may call this machine, nobody else may."""
        from tillbridge.systems.http import AddressPolicy  # noqa: PLC0415

        return AddressPolicy.local() if self.settings.local else AddressPolicy.public_only(http=http)

    def shop_http(self, connection_id: str) -> "HttpClient":
        """Make the HTTP client for the token address of a Shopify shop."""
        return self._token_http(connection_id, System.SHOPIFY)

    def _token_http(self, connection_id: str, system: System = System.LIGHTSPEED) -> "HttpClient":
        from tillbridge.grants.token_server import transport_options  # noqa: PLC0415
        from tillbridge.systems.http import HttpClient  # noqa: PLC0415

        return HttpClient(
            system.value,
            connection_id,
            policy=self.policy(),
            clock=self.clock,
            options=transport_options(self.settings.ca_bundle),
        )
