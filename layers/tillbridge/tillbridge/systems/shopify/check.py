"""Prove that a connection works and can write, and learn what the shop is like; every failure comes with its remedy.

The scopes are asked for before anything that needs one, so that a missing one is named and not merely met. Nothing is
changed: Shopify tells the right to write as a scope (facts/shopify.md, section 3).
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

from tillbridge.systems.common.wire import parsed
from tillbridge.systems.shop import ShopProfile
from tillbridge.systems.shopify import diagnosis
from tillbridge.systems.shopify.api.client import VERSION, ShopifyClient
from tillbridge.systems.shopify.api.documents.shop import SHOP
from tillbridge.systems.shopify.api.scopes import missing_scopes
from tillbridge.systems.shopify.api.wire import InstallationRow, ShopRow
from tillbridge.systems.shopify.premises import Premises, read_premises

WITHOUT_CENTS = frozenset(
    {
        "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF",
    }
)  # fmt: skip
"""ISO 4217."""
THREE_DECIMALS = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})
"""ISO 4217."""


@dataclass(frozen=True, slots=True)
class ConnectionCheck:
    """Checks one shop."""

    client: ShopifyClient

    def run(self) -> ShopProfile:
        """Ask everything; raises ``MisconfiguredSystemError``, ``UnauthorisedError`` or ``MissingRightError``."""
        data = self.client.ask_all(SHOP)
        subject = self.client.subject
        installed = parsed(InstallationRow, data.get("currentAppInstallation"), subject, "The app's installation")
        if missing := missing_scopes({scope.handle for scope in installed.access_scopes}):
            raise diagnosis.rights_missing(missing, subject)
        shop = parsed(ShopRow, data.get("shop"), subject, "The shop's settings")
        premises = read_premises(self.client)
        return ShopProfile(
            name=shop.name,
            address=self.client.address,
            version=VERSION,
            currency=shop.currency_code,
            price_decimals=_decimals(shop.currency_code),
            prices_include_tax=shop.taxes_included,
            time_zone=shop.iana_timezone,
            brands=True,
            warnings=tuple(self._warnings(shop, premises)),
            places=premises.places,
            details={
                "place": premises.place,
                "channel": premises.channel,
                "weight_unit": shop.weight_unit,
                "most_options": str(shop.resource_limits.max_product_options),
                "most_variants": str(shop.resource_limits.max_product_variants),
            },
        )

    def _warnings(self, shop: ShopRow, premises: Premises) -> list[str]:
        found: list[str] = []
        host = urlsplit(self.client.address).hostname or ""
        if host.endswith(".myshopify.com") and host != shop.myshopify_domain:
            found.append(diagnosis.other_shop(shop.myshopify_domain))
        if not premises.online_store:
            found.append(diagnosis.NO_ONLINE_STORE)
        if premises.other_stocked:
            found.append(diagnosis.other_places(premises.places[premises.place], premises.other_stocked))
        return found


def _decimals(currency: str) -> int:
    if currency in WITHOUT_CENTS:
        return 0
    return 3 if currency in THREE_DECIMALS else 2
