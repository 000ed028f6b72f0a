"""How each shop system's adapter is made of our parts. A new system is one module here, and one entry below.

Each is imported when it is needed: a function pays for the system it talks to.
"""

from tillbridge.domain.errors import TillbridgeError
from tillbridge.domain.merchant import System
from tillbridge.runtime.shops.kit import Built, Fittings, ShopKit, Tokens

__all__ = ["Built", "Fittings", "ShopKit", "Tokens", "kit_of"]


def kit_of(system: System) -> ShopKit:
    """Give what makes the shops of a system."""
    match system:
        case System.BIGCOMMERCE:
            from tillbridge.runtime.shops.bigcommerce import KIT as BIGCOMMERCE  # noqa: PLC0415

            return BIGCOMMERCE
        case System.MAGENTO:
            from tillbridge.runtime.shops.magento import KIT as MAGENTO  # noqa: PLC0415

            return MAGENTO
        case System.SHOPIFY:
            from tillbridge.runtime.shops.shopify import KIT as SHOPIFY  # noqa: PLC0415

            return SHOPIFY
        case System.WOOCOMMERCE:
            from tillbridge.runtime.shops.woocommerce import KIT as WOOCOMMERCE  # noqa: PLC0415

            return WOOCOMMERCE
        case _:
            raise TillbridgeError(f"{system.value} is no shop.", remedy="This is a defect; report it.")
