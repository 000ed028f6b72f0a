"""The authorisation code grant of Shopify (facts/shopify.md, section 3).

There is no PKCE. What proves the answer is its signature with our secret, the state, and the browser that began.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from urllib.parse import urlencode

from tillbridge.domain.errors import InputError
from tillbridge.domain.grant import Approved, Secret
from tillbridge.domain.merchant import System
from tillbridge.domain.shop_names import is_shopify_shop
from tillbridge.grants.apps import AppBook
from tillbridge.grants.clock import Clock
from tillbridge.grants.shopify import SCOPES, SELLING_SCOPES, genuine, timely
from tillbridge.grants.shopify_server import ShopifyServer

Missing = Callable[[AbstractSet[str], bool], Sequence[str]]
"""Lists what the work, or selling as well, needs and was not granted, each with what would not work."""

AGAIN = "Open the link once more and begin again; nothing has been changed."


@dataclass(frozen=True, slots=True)
class ShopifyAuthorisation:
    """Sends merchants to their shop and takes what they bring back; ``callback`` is registered with the app."""

    server: ShopifyServer
    apps: AppBook
    clock: Clock
    callback: str
    missing_of: Missing

    def rights(self, *, selling: bool) -> Mapping[str, str]:
        """The scopes that are asked for, each with what for; ``selling`` for web orders to become sales."""
        return {**SCOPES, **SELLING_SCOPES} if selling else SCOPES

    def link(self, shop: str, state: str, *, selling: bool) -> str:
        """Give the shop's page. An empty option asks for an offline token: one that works without the merchant."""
        query = {
            "client_id": self.apps.get(System.SHOPIFY).client_id,
            "scope": ",".join(self.rights(selling=selling)),
            "redirect_uri": self.callback,
            "state": state,
            "grant_options[]": "",
        }
        return f"{self.server.url_of(shop)}/admin/oauth/authorize?{urlencode(query)}"

    def verify(self, query: Mapping[str, str]) -> None:
        """Make sure that Shopify has written this query, just now, for one of its shops; ``InputError``."""
        if not self._genuine(query) or not is_shopify_shop(query.get("shop", "")):
            raise InputError(
                "hmac",
                "This address was not made by Shopify, or a part of it was changed on its way.",
                remedy=AGAIN,
                code="Forged",
            )
        if not timely(query, self.clock.now()):
            raise InputError(
                "timestamp",
                "Shopify signed this address too long ago, or the clock of one of us is wrong.",
                remedy=AGAIN,
                code="StaleSignature",
            )

    def exchange(self, shop: str, code: str) -> Approved:
        """Turn a code into a pair."""
        return self.server.exchange(shop, Secret(code))

    def missing(self, granted: Collection[str], *, selling: bool) -> Sequence[str]:
        """List the scopes that were not granted, each with what would not work."""
        return self.missing_of(frozenset(granted), selling)

    def _genuine(self, query: Mapping[str, str]) -> bool:
        """Check with the secret and its predecessor; with a new one that this process has not seen yet, too."""
        if genuine(query, self.apps.get(System.SHOPIFY).signing):
            return True
        return genuine(query, self.apps.get(System.SHOPIFY, fresh=True).signing)
