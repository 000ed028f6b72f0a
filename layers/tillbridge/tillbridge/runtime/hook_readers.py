"""How each system's deliveries are verified and what of them is told to the flows. A new system is one entry here.

What verifies them is imported when the first one comes: a shop waits for the answer, and its function has to start.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from tillbridge.domain.grant import Secret
from tillbridge.domain.merchant import System
from tillbridge.domain.product import ListingRef
from tillbridge.domain.stock import Quantity
from tillbridge.flows.take_hook import Hook, HookKind


@dataclass(frozen=True, slots=True)
class Told:
    """What a shop told. ``said`` names the state of the thing it is about: whoever says the same again repeats it."""

    hook: Hook
    said: str


HookReader = Callable[[Mapping[str, str], bytes, Secret], Told | None]
"""Takes headers, raw body and the secret; ``None`` is a greeting. ``InputError`` when it is not to be believed."""


def read_woocommerce(headers: Mapping[str, str], body: bytes, secret: Secret) -> Told | None:
    """Verify and translate a delivery of WooCommerce."""
    from tillbridge.systems.woocommerce.deliveries import Ping, read_delivery  # noqa: PLC0415

    delivery = read_delivery(headers, body, secret.reveal())
    if isinstance(delivery, Ping):
        return None
    hook = _hook(delivery.resource, delivery.ref, delivery.quantity)
    return Told(hook, _state(delivery.resource, delivery.id, delivery.modified, body))


def read_shopify(headers: Mapping[str, str], body: bytes, secret: Secret) -> Told:
    """Verify and translate a delivery of Shopify. Stock of an item leads nowhere: most of it is our own."""
    from tillbridge.systems.shopify.deliveries import read_delivery  # noqa: PLC0415

    delivery = read_delivery(headers, body, [secret.reveal()])
    hook = _hook(delivery.resource, delivery.ref)
    return Told(hook, _state(delivery.resource, delivery.id, delivery.modified, body))


def read_bigcommerce(headers: Mapping[str, str], body: bytes, secret: Secret) -> Told:
    """Verify and translate a delivery of BigCommerce, which holds ids only. Its proof is the header that we chose."""
    from tillbridge.systems.bigcommerce.deliveries import read_delivery  # noqa: PLC0415

    delivery = read_delivery(headers, body, secret.reveal(), now=datetime.now(UTC))
    return Told(_hook(delivery.resource, delivery.ref), delivery.said)


def _hook(resource: str, ref: ListingRef, quantity: Quantity | None = None) -> Hook:
    """Say in no shop's own words what a delivery is about."""
    match resource:
        case "order":
            return Hook(HookKind.ORDER)
        case "product" | "variation":
            return Hook(HookKind.PRODUCT, ref, quantity)
        case _:
            return Hook(HookKind.OTHER)


def _state(resource: str, thing: str, modified: datetime | None, body: bytes) -> str:
    """Name the state that a delivery tells.

    Its event is no part of it: an order that was created and updated before the shop's cron ran is delivered twice,
    both times as it is now, and has to be looked at once.
    """
    return "/".join((resource, thing, modified.isoformat() if modified else "", hashlib.sha256(body).hexdigest()))


READERS: Mapping[System, HookReader] = {
    System.BIGCOMMERCE: read_bigcommerce,
    System.SHOPIFY: read_shopify,
    System.WOOCOMMERCE: read_woocommerce,
}
"""Magento sends no web hooks (facts/magento.md): its orders are found by polling."""
