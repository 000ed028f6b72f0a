"""Asks a Shopify shop who it is, with a token that is not stored yet or that is in doubt."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tillbridge.domain.connecting import Found
from tillbridge.domain.errors import GarbledAnswerError, UnauthorisedError
from tillbridge.domain.grant import Grant, Secret
from tillbridge.domain.merchant import System
from tillbridge.grants.token_errors import RECONNECT_SHOP
from tillbridge.store.connections import StoredConnections
from tillbridge.store.table import Table
from tillbridge.systems.http import HttpClient, Request, TransportOptions

if TYPE_CHECKING:
    from tillbridge.runtime.credentials import Credentials

API = "/admin/api/2026-07/graphql.json"
WHO = "{ shop { name myshopifyDomain currencyCode ianaTimezone } }"
HURRY = TransportOptions(connect_seconds=3.0, read_seconds=8.0, total_seconds=10.0)
ALIVE = timedelta(seconds=30)
"""A token with less life left than this says nothing when it is refused."""
_UNAUTHORISED = 401


class _Wire(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)


class _Shop(_Wire):
    name: str = Field(max_length=500)
    myshopify_domain: str = Field(alias="myshopifyDomain", max_length=300)
    currency: str = Field(alias="currencyCode", max_length=10)
    time_zone: str = Field(alias="ianaTimezone", max_length=100)


class _Data(_Wire):
    shop: _Shop


class _Answer(_Wire):
    data: _Data


@dataclass(frozen=True, slots=True)
class ShopifyAccount:
    """Asks shops who they are."""

    credentials: "Credentials"

    def identify(self, shop: str, token: Secret) -> Found:
        """Tell whose a token is; ``UnauthorisedError`` when the shop does not take it."""
        credentials = self.credentials
        http = HttpClient(
            System.SHOPIFY.value,
            "",
            policy=credentials.policy(),
            clock=credentials.clock,
            options=replace(HURRY, ca_bundle=credentials.settings.ca_bundle),
        )
        headers = {"X-Shopify-Access-Token": token.reveal(), "Accept": "application/json"}
        url = f"{credentials.shopify_url(shop)}{API}"
        answer = http.send(Request(method="POST", url=url, headers=headers, json={"query": WHO}, safe_to_repeat=True))
        if answer.status == _UNAUTHORISED:
            raise UnauthorisedError(
                "The shop does not take the token.", remedy=RECONNECT_SHOP, code="TokenRefused", subject=http.subject
            )
        try:
            seen = _Answer.model_validate_json(answer.body).data.shop
        except ValidationError:
            seen = None
        if seen is None:
            raise GarbledAnswerError(f"The shop did not say who it is (status {answer.status}).", subject=http.subject)
        return Found(
            account_id=seen.myshopify_domain,
            name=seen.name,
            address=f"https://{seen.myshopify_domain}",
            traits={"currency": seen.currency, "timezone": seen.time_zone},
        )


@dataclass(frozen=True, slots=True)
class Installation:
    """Tells which shop a connection is to, and whether our app is still in it."""

    credentials: "Credentials"

    def shop_of(self, connection_id: str) -> str:
        """Give a connection's shop."""
        return self._connections.get(connection_id).account_id

    def lasts(self, connection_id: str) -> bool | None:
        """Ask the shop with the access token in force, which dies when the app is uninstalled; ``None`` without one.

        Trouble on the way is passed on: it says nothing of the app.
        """
        connection, credentials = self._connections.get(connection_id), self.credentials
        held = credentials.vault.anything(connection.place)
        if not isinstance(held, Grant) or held.pair.expires_at - credentials.clock.now() < ALIVE:
            return None
        try:
            ShopifyAccount(credentials).identify(connection.account_id, held.pair.access)
        except UnauthorisedError:
            return False
        return True

    @property
    def _connections(self) -> StoredConnections:
        from tillbridge.runtime import aws  # noqa: PLC0415

        settings, clock = self.credentials.settings, self.credentials.clock
        return StoredConnections(Table(aws.dynamodb(), settings.table, clock))
