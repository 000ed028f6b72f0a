"""Where a shop is, by its system: what a person types or pastes, brought into the one form that is kept. Pure.

WooCommerce and Magento live at addresses of their own. Shopify's and BigCommerce's shops are names at the vendor's: the
address that is kept is the vendor's real one, and where it is called may be set otherwise, for stand-ins.
"""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from tillbridge.domain.errors import InputError
from tillbridge.domain.merchant import System
from tillbridge.domain.shop_names import shopify_shop
from tillbridge.flows.connect_address import shop_address

SHOPIFY_BASE_URL = "https://{shop}"
BIGCOMMERCE_API_URL = "https://api.bigcommerce.com"

AT_THE_VENDOR = frozenset({System.SHOPIFY, System.BIGCOMMERCE})

_STORE = re.compile(
    r"(?:https://api\.bigcommerce\.com/|/)?stores/(?P<path>[a-z0-9]{4,32})(?:/.*)?"
    r"|(?:https://)?store-(?P<store>[a-z0-9]{4,32})(?:-[0-9]+)?\.mybigcommerce\.com(?:/.*)?|(?P<hash>[a-z0-9]{4,32})",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class ShopAddresses:
    """Brings addresses into form. ``local`` lets http in; the others say where the vendors are called.

    In ``shopify_base_url`` {shop} stands for example.myshopify.com.
    """

    local: bool = False
    shopify_base_url: str = SHOPIFY_BASE_URL
    bigcommerce_api_url: str = BIGCOMMERCE_API_URL

    def of(self, system: System, given: str) -> str:
        """Give a connection's address; ``InputError`` on ``address`` says what it has to look like."""
        match system:
            case System.SHOPIFY:
                return f"https://{shopify_shop(given)}"
            case System.BIGCOMMERCE:
                return f"{BIGCOMMERCE_API_URL}/stores/{_store(given)}"
            case _:
                return shop_address(given, local=self.local)

    def account(self, system: System, address: str) -> str:
        """Give what a shop is known by: its name at the vendor's, or its address."""
        match system:
            case System.SHOPIFY:
                return urlsplit(address).hostname or ""
            case System.BIGCOMMERCE:
                return urlsplit(address).path.strip("/")
            case _:
                return address

    def called(self, system: System, address: str) -> str:
        """Give where the API of the shop with this address is called."""
        match system:
            case System.SHOPIFY:
                return self.shopify_base_url.replace("{shop}", self.account(system, address))
            case System.BIGCOMMERCE:
                return f"{self.bigcommerce_api_url}/{self.account(system, address)}"
            case _:
                return address


def _store(given: str) -> str:
    """Find a store's hash in the API path of an API account, in the address that every store has, or by itself."""
    found = _STORE.fullmatch(given.strip().lower())
    if found is None:
        raise InputError(
            "address",
            "It names no store of BigCommerce.",
            remedy="Give the API path of the API account, like https://api.bigcommerce.com/stores/abc123/v3/, or the "
            "store's hash in it.",
            code="BadAddress",
        )
    return next(part for part in found.groups() if part)
