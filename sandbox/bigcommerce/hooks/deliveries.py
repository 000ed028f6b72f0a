"""Deliveries of web hooks (facts/bigcommerce.md, "Web hooks v3")."""

import base64
import hashlib
import hmac
import json
from dataclasses import replace
from datetime import timedelta

from sandbox.bigcommerce.hooks.model import RETRY_AFTER_SECONDS, Event, Webhook
from sandbox.bigcommerce.shop import Shop
from sandbox.bigcommerce.web import outbound
from sandbox.common.json_types import JsonObject


def run_cron(shop: Shop) -> int:
    """Send all that is due, in no order that could be relied on; gives how many deliveries were tried."""
    with shop.lock:
        events = shop.pending.take(shop.now())
        shop.random.shuffle(events)
    return sum(1 for event in events if _deliver(shop, event))


def lose_deliveries(shop: Shop) -> int:
    """Forget all that waits; gives how many deliveries that were."""
    with shop.lock:
        return len(shop.pending.take())


def _deliver(shop: Shop, event: Event) -> bool:
    """Send one event, unless its hook has gone, sleeps or is blocked for now."""
    with shop.lock:
        hook = shop.webhooks.get(event.webhook_id)
        if hook is None or not hook.active:
            return False
        now, reception = shop.now(), shop.reception(hook)
        if reception.open_from(now) > now:
            shop.pending.add(event, reception.open_from(now))
            return False
        body = json.dumps(_payload(shop, event), separators=(",", ":")).encode()
        headers = _headers(shop, hook, event, body)
    reply = outbound.call(shop.settings, "POST", hook.destination, body, headers)
    with shop.lock:
        _count(shop, hook, event, arrived=reply.status // 100 == 2)  # noqa: PLR2004 - the class 2xx
    return True


def _payload(shop: Shop, event: Event) -> JsonObject:
    """Write what is sent: ids only. The hash leaves the moment out, so that an unchanged event repeats it."""
    told: JsonObject = {
        "scope": event.scope,
        "store_id": "1001",
        "data": event.data,
        "producer": f"stores/{shop.settings.store_hash}",
    }
    digest = hashlib.sha1(json.dumps(told, sort_keys=True).encode(), usedforsecurity=False).hexdigest()
    return {**told, "hash": digest, "created_at": int(event.at.timestamp())}


def _headers(shop: Shop, hook: Webhook, event: Event, body: bytes) -> dict[str, str]:
    """Write the hook's own headers and the signature of Standard Webhooks, made with the account's client secret."""
    message_id = f"msg_{hashlib.sha256(f'{hook.id}{event.scope}{event.data}{event.at}'.encode()).hexdigest()[:27]}"
    timestamp = int(shop.now().timestamp())
    signed = {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"v1,{_signature(_secret(shop, hook), f'{message_id}.{timestamp}.'.encode() + body)}",
    }
    return {"Content-Type": "application/json", **hook.headers, **signed}


def _signature(secret: str, content: bytes) -> str:
    return base64.b64encode(hmac.new(secret.encode(), content, hashlib.sha256).digest()).decode()


def _secret(shop: Shop, hook: Webhook) -> str:
    if hook.client_id == shop.app.client_id:
        return shop.app.client_secret
    return next((row.client_secret for row in shop.accounts.values() if row.client_id == hook.client_id), "")


def _count(shop: Shop, hook: Webhook, event: Event, *, arrived: bool) -> None:
    """Count a delivery; what did not arrive is tried again, and the last failure switches the hook off."""
    now = shop.now()
    reception = shop.reception(hook)
    reception.count(now, arrived=arrived)
    if arrived:
        return
    if event.tries >= len(RETRY_AFTER_SECONDS):
        hook.active = False
        return
    later = now + timedelta(seconds=RETRY_AFTER_SECONDS[event.tries])
    shop.pending.add(replace(event, tries=event.tries + 1), max(later, reception.open_from(now)))
