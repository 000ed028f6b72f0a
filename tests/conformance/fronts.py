"""The shops that the suite runs against. A new system is one entry here."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager

from sandbox.common.server import TlsFiles
from tests.conformance.front import Front
from tests.functional.bigcommerce.storefront import storefront as bigcommerce
from tests.functional.magento.storefront import storefront as magento
from tests.functional.shopify.storefront import storefront as shopify
from tests.functional.woocommerce.storefront import storefront as woocommerce

FRONTS: Mapping[str, Callable[[TlsFiles], AbstractContextManager[Front]]] = {
    "bigcommerce": bigcommerce,
    "magento": magento,
    "shopify": shopify,
    "woocommerce": woocommerce,
}
