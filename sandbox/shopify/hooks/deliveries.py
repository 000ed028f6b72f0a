"""Deliveries of web hooks: signed, tried again with the same body, given up (facts/shopify.md, section 4)."""

import base64
import hashlib
import hmac

from sandbox.common.json_types import JsonObject
from sandbox.shopify.hooks.emitting import emit
from sandbox.shopify.hooks.model import FAILURES_ALLOWED, RETRY_AFTER, Delivery, WebhookSubscription
from sandbox.shopify.info import SHOP_ID
from sandbox.shopify.settings import API_VERSION
from sandbox.shopify.shop import Shop
from sandbox.shopify.web import outbound

_FAREWELL = "APP_UNINSTALLED"
"""Still sent when the app and its subscriptions are gone."""
COMPLIANCE = ("CUSTOMERS_DATA_REQUEST", "CUSTOMERS_REDACT", "SHOP_REDACT")


def run_cron(shop: Shop) -> int:
    """Send what is due, in no order that could be relied on; gives how many deliveries were tried."""
    with shop.lock:
        now = shop.now()
        due = [entry for entry in shop.subscriptions.waiting if entry.due <= now]
        shop.subscriptions.waiting = [entry for entry in shop.subscriptions.waiting if entry.due > now]
        shop.random.shuffle(due)
    return sum(1 for entry in due if _deliver(shop, entry))


def lose_deliveries(shop: Shop) -> int:
    """Forget all that waits, as deliveries have no guarantee; gives how many that were."""
    with shop.lock:
        lost, shop.subscriptions.waiting = len(shop.subscriptions.waiting), []
        return lost


def _deliver(shop: Shop, entry: Delivery) -> bool:
    with shop.lock:
        row = shop.subscriptions.rows.get(entry.row.id)
        if row is None and entry.topic != _FAREWELL:
            return False
        row = row or entry.row
        headers = headers_of(shop, row, entry)
    reply = outbound.call(shop.settings, "POST", row.uri, entry.body, headers)
    with shop.lock:
        _count(shop, row, entry, arrived=reply.status // 100 == 2)  # noqa: PLR2004 - the class 2xx
    return True


def topic_name(topic: str) -> str:
    """Write a topic as headers do: ``inventory_levels/update``."""
    resource, _, event = topic.rpartition("_")
    if topic in COMPLIANCE[:1]:
        resource, event = "CUSTOMERS", "DATA_REQUEST"
    return f"{resource}/{event}".lower()


def headers_of(shop: Shop, row: WebhookSubscription, entry: Delivery) -> dict[str, str]:
    """Build the headers; after a rotation the old secret signs until it is forgotten."""
    secret = shop.old_secrets.get(row.client_id) or shop.apps[row.client_id].secret
    named = {"X-Shopify-Name": row.name} if row.name else {}
    return {
        "Content-Type": "application/json",
        "X-Shopify-Topic": topic_name(entry.topic),
        "X-Shopify-Shop-Domain": shop.settings.domain,
        "X-Shopify-Hmac-Sha256": signature(secret, entry.body),
        "X-Shopify-API-Version": API_VERSION,
        "X-Shopify-Webhook-Id": entry.webhook_id,
        "X-Shopify-Event-Id": entry.event_id,
        "X-Shopify-Triggered-At": f"{entry.triggered_at:%Y-%m-%dT%H:%M:%S.%f}000Z",
        **named,
    }


def signature(secret: str, body: bytes) -> str:
    """Sign the raw body."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def _count(shop: Shop, row: WebhookSubscription, entry: Delivery, *, arrived: bool) -> None:
    """Count failures in a row; at the eighth, a subscription made by the API is deleted."""
    if arrived:
        row.failures = 0
        return
    row.failures += 1
    if row.by_api and row.failures >= FAILURES_ALLOWED:
        shop.subscriptions.rows.pop(row.id, None)
        shop.subscriptions.waiting = [one for one in shop.subscriptions.waiting if one.row.id != row.id]
        shop.changes += 1
    elif entry.tries < len(RETRY_AFTER):
        entry.due, entry.tries = shop.now() + RETRY_AFTER[entry.tries], entry.tries + 1
        shop.subscriptions.waiting.append(entry)


def send_compliance(shop: Shop, topic: str, about: JsonObject) -> None:
    """Queue one of the compliance topics, which only an app's configuration can subscribe to."""
    body: JsonObject = {"shop_id": SHOP_ID, "shop_domain": shop.settings.domain, **about}
    with shop.lock:
        emit(shop, topic, lambda: body)
