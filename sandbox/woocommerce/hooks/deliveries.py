"""Deliveries of web hooks, sent when the shop's cron runs (facts/woocommerce.md, "Web hooks")."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable

from sandbox.common.json_types import JsonObject
from sandbox.woocommerce.catalogue import products, variations
from sandbox.woocommerce.hooks.model import Pending, Webhook
from sandbox.woocommerce.sales import customers, orders
from sandbox.woocommerce.shop import Shop
from sandbox.woocommerce.web import outbound
from sandbox.woocommerce.web.errors import RestError
from sandbox.woocommerce.web.wire import Answer, Params

_DISABLED_AT_FAILURES = 7
_MOVED = frozenset({301, 302})
_READERS: dict[str, Callable[[Shop, Params], Answer]] = {
    "product": products.read,
    "order": orders.read,
    "customer": customers.read,
}


def run_cron(shop: Shop) -> int:
    """Send all that waits, in no order that could be relied on; gives how many deliveries were tried."""
    with shop.lock:
        entries = shop.pending.take()
        shop.random.shuffle(entries)
    return sum(1 for entry in entries if _deliver(shop, entry))


def lose_deliveries(shop: Shop) -> int:
    """Forget all that waits, as shops do whose cron is off or whose jobs die; gives how many deliveries that were."""
    with shop.lock:
        return len(shop.pending.take())


def _deliver(shop: Shop, entry: Pending) -> bool:
    """Send one delivery with the object's newest state, unless its hook has gone or sleeps."""
    with shop.lock:
        hook = shop.webhooks.get(entry.webhook_id)
        if hook is None or hook.status != "active":
            return False
        body = json.dumps(_payload(shop, hook, entry.object_id)).encode()
        headers = _headers(shop, hook, body)
    reply = outbound.call(shop.settings, "POST", hook.delivery_url, body, headers)
    with shop.lock:
        _count(shop, hook, arrived=reply.status // 100 == 2 or reply.status in _MOVED)  # noqa: PLR2004 - the class 2xx
    return True


def _payload(shop: Shop, hook: Webhook, object_id: int) -> JsonObject:
    if hook.event == "deleted":
        return {"id": object_id}
    reader = _READERS.get(hook.resource)
    if reader is None:
        return {"action": hook.event, "arg": object_id}
    try:
        body = _read(shop, reader, object_id)
    except RestError as error:
        return error.body()
    return body


def _read(shop: Shop, reader: Callable[[Shop, Params], Answer], object_id: int) -> JsonObject:
    """Read the object as the REST API would show it; variations are shown as such, parent_id and type included."""
    product = shop.products.get(object_id) if reader is products.read else None
    params = Params({"id": object_id, "product_id": product.parent_id if product else 0})
    answer = variations.read(shop, params) if product is not None and product.is_variation else reader(shop, params)
    return dict(answer.body) if isinstance(answer.body, dict) else {}


def _headers(shop: Shop, hook: Webhook, body: bytes) -> dict[str, str]:
    signature = hmac.new(hook.secret.encode(), body, hashlib.sha256).digest()
    # real shops hash the second, too: two deliveries of a hook within one second share their id
    delivery = hashlib.sha256(f"{hook.id}{shop.now():%s}".encode()).hexdigest()[:32]
    return {
        "Content-Type": "application/json",
        "X-WC-Webhook-Source": f"{shop.home_url}/",
        "X-WC-Webhook-Topic": hook.topic,
        "X-WC-Webhook-Resource": hook.resource,
        "X-WC-Webhook-Event": hook.event,
        "X-WC-Webhook-Signature": base64.b64encode(signature).decode(),
        "X-WC-Webhook-ID": str(hook.id),
        "X-WC-Webhook-Delivery-ID": delivery,
    }


def _count(shop: Shop, hook: Webhook, *, arrived: bool) -> None:
    """Count failures in a row; the seventh switches the hook off. Nothing is sent again."""
    current = shop.webhooks.get(hook.id)
    if current is None:
        return
    current.failures = 0 if arrived else current.failures + 1
    if current.failures >= _DISABLED_AT_FAILURES:
        current.status = "disabled"
