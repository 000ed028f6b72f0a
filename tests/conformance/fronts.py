"""The shops that the suite runs against. A new system is one entry here."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Protocol

from sandbox.common.server import TlsFiles
from tests.conformance.front import Front
from tests.fakes.clock import FakeClock
from tests.functional.bigcommerce.storefront import storefront as bigcommerce
from tests.functional.bigcommerce.storefront import taxing as bigcommerce_taxing
from tests.functional.magento.storefront import storefront as magento
from tests.functional.magento.storefront import taxing as magento_taxing
from tests.functional.shopify.storefront import storefront as shopify
from tests.functional.shopify.storefront import taxing as shopify_taxing
from tests.functional.woocommerce.storefront import storefront as woocommerce
from tests.functional.woocommerce.storefront import taxing as woocommerce_taxing

FRONTS: Mapping[str, Callable[[TlsFiles], AbstractContextManager[Front]]] = {
    "bigcommerce": bigcommerce,
    "magento": magento,
    "shopify": shopify,
    "woocommerce": woocommerce,
}

STANDING_STILL: Mapping[str, Callable[[TlsFiles], AbstractContextManager[Front]]] = {
    **FRONTS,
    "magento": lambda tls: magento(tls, clock=FakeClock(datetime.now(UTC))),
    "woocommerce": lambda tls: woocommerce(tls, clock=FakeClock(datetime.now(UTC))),
}
"""The same with a clock that only tests move; of the other two that is so anyway."""


class Taxing(Protocol):
    """Opens a shop that takes ``baskets.TAX``, inside its prices or on top."""

    def __call__(self, tls: TlsFiles, *, inside: bool) -> AbstractContextManager[Front]: ...


TAXING: Mapping[str, Taxing] = {
    "bigcommerce": bigcommerce_taxing,
    "magento": magento_taxing,
    "shopify": shopify_taxing,
    "woocommerce": woocommerce_taxing,
}
