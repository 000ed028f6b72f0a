"""Web hooks as the shops send them, and the intake's way of taking them: verified, repeats dropped, somebody woken."""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tillbridge.domain.errors import InputError
from tillbridge.domain.grant import Secret
from tillbridge.domain.merchant import Connection, System
from tillbridge.flows.take_hook import HookDesk
from tillbridge.runtime.hook_once import REMEMBERED_SECONDS
from tillbridge.runtime.hook_readers import READERS
from tillbridge.systems.bigcommerce.deliveries import SECRET_HEADER
from tillbridge.systems.shopify.deliveries import signature as shopify_signature
from tillbridge.systems.woocommerce.deliveries import signature as woocommerce_signature

Delivery = tuple[Mapping[str, str], bytes]


def delivery(system: System, order_id: str, changed_at: datetime, secret: str) -> Delivery:
    """Write what a shop sends when an order has changed. Magento sends none."""
    said = {"id": int(order_id), "date_modified_gmt": f"{changed_at:%Y-%m-%dT%H:%M:%S}"}
    match system:
        case System.SHOPIFY:
            body = json.dumps({"id": int(order_id), "updated_at": changed_at.isoformat()}).encode()
            signed = shopify_signature(body, secret)
            return {"X-Shopify-Topic": "orders/updated", "X-Shopify-Hmac-Sha256": signed}, body
        case System.BIGCOMMERCE:
            moment = int(changed_at.timestamp())
            data = {"scope": "store/order/updated", "created_at": moment, "data": {"id": int(order_id)}}
            return {SECRET_HEADER: secret}, json.dumps({**data, "hash": f"{order_id}-{moment}"}).encode()
        case _:
            body = json.dumps(said).encode()
            signed = woocommerce_signature(body, secret)
            return {"X-WC-Webhook-Topic": "order.updated", "X-WC-Webhook-Signature": signed}, body


@dataclass
class Door:
    """Takes deliveries as the intake does. ``taken`` counts what became of them."""

    desk: Callable[[], HookDesk]
    now: Callable[[], datetime]
    taken: Counter[str] = field(default_factory=Counter)
    _said: dict[tuple[str, str], datetime] = field(default_factory=dict)

    def take(self, connection: Connection, secret: str, sent: Delivery) -> None:
        """Verify a delivery by the connection's secret and wake whoever has to look."""
        headers, body = sent
        try:
            read = READERS[connection.system](headers, body, Secret(secret))
        except (InputError, KeyError):
            self.taken["refused"] += 1
            return
        known = self._said.get((connection.connection_id, read.said)) if read else None
        if read is None or (known and self.now() - known < timedelta(seconds=REMEMBERED_SECONDS)):
            self.taken["repeated"] += 1
            return
        self.taken[self.desk().take(connection, read.hook).value] += 1
        self._said[connection.connection_id, read.said] = self.now()
