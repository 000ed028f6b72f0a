"""Turns what happens in the shop into deliveries that wait."""

import json
from collections.abc import Callable

from sandbox.common.json_types import JsonObject
from sandbox.shopify.hooks.model import Delivery, WebhookSubscription
from sandbox.shopify.shop import Shop
from sandbox.shopify.web.search import parse


def emit(shop: Shop, topic: str, body: Callable[[], JsonObject], client_id: str | None = None) -> None:
    """Queue an event for each subscription to its topic; `client_id` names the one app that it is for, if so."""
    shop.changes += 1
    fitting = [row for row in shop.subscriptions.on(topic) if client_id in {None, row.client_id}]
    if not fitting or shop.switches.drop_webhooks:
        return
    whole = body()
    event_id = _uuid(shop)
    for row in fitting:
        if not _wanted(row, whole, shop):
            continue
        wanted = {name: whole[name] for name in row.include_fields if name in whole} if row.include_fields else whole
        shop.subscriptions.waiting.append(
            Delivery(
                row,
                topic,
                json.dumps(wanted, separators=(",", ":")).encode(),
                _uuid(shop),
                event_id,
                shop.instruments.clock.now(),
                shop.now(),
            )
        )


def _wanted(row: WebhookSubscription, body: JsonObject, shop: Shop) -> bool:
    """Ask a subscription's filter, which is written like a search, about the plain fields of a body."""
    if not row.filter:
        return True
    document = {name: [value] for name, value in body.items() if isinstance(value, str | int)}
    return parse(row.filter, frozenset(document), shop.now()).test(document)


def _uuid(shop: Shop) -> str:
    digits = f"{shop.random.getrandbits(128):032x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
