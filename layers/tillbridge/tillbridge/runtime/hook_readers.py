"""How each system's deliveries are verified and what of them is told to the flows. A new system is one entry here."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tillbridge.domain.grant import Secret
from tillbridge.domain.merchant import System
from tillbridge.flows.take_hook import Hook, HookKind
from tillbridge.systems.woocommerce.deliveries import BAD_SIGNATURE, Delivery, Ping, read_delivery

__all__ = ["BAD_SIGNATURE", "READERS", "Told"]


@dataclass(frozen=True, slots=True)
class Told:
    """What a shop told. ``said`` names the state of the thing it is about: whoever says the same again repeats it."""

    hook: Hook
    said: str


HookReader = Callable[[Mapping[str, str], bytes, Secret], Told | None]
"""Takes headers, raw body and the secret; ``None`` is a greeting. ``InputError`` when it is not to be believed."""


def read_woocommerce(headers: Mapping[str, str], body: bytes, secret: Secret) -> Told | None:
    """Verify and translate a delivery of WooCommerce.

    Its event is no part of what was said: an order that was created and updated before the shop's cron ran is
    delivered twice, both times as it is now, and has to be looked at once.
    """
    delivery = read_delivery(headers, body, secret.reveal())
    if isinstance(delivery, Ping):
        return None
    modified = delivery.modified.isoformat() if delivery.modified else ""
    said = (delivery.resource, delivery.id, modified, hashlib.sha256(body).hexdigest())
    return Told(_hook(delivery), "/".join(said))


def _hook(delivery: Delivery) -> Hook:
    if delivery.resource == "order":
        return Hook(HookKind.ORDER)
    return Hook(HookKind.PRODUCT, delivery.ref, delivery.quantity)


READERS: Mapping[System, HookReader] = {System.WOOCOMMERCE: read_woocommerce}
