"""Verify what a web hook brings (facts/shopify.md, section 4). Figures are always read again.

Imports little: the function that takes hooks needs nothing else of this package.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tillbridge.domain.errors import InputError
from tillbridge.domain.product import ListingRef
from tillbridge.systems.common.deliveries import check_size, id_text, unreadable

TOPICS: Mapping[str, str] = {
    "products/update": "PRODUCTS_UPDATE",
    "products/delete": "PRODUCTS_DELETE",
    "orders/create": "ORDERS_CREATE",
    "orders/updated": "ORDERS_UPDATED",
    "inventory_levels/update": "INVENTORY_LEVELS_UPDATE",
}
"""Header -> name of the topics that are subscribed to. A cancellation or a refund fires ORDERS_UPDATED."""

COMPLIANCE = ("customers/data_request", "customers/redact", "shop/redact")
"""Set in the app's configuration; an answer other than 401 to a bad signature fails the review of an app."""
UNINSTALLED = "app/uninstalled"

MOST_BYTES = 2 * 1024 * 1024
_RESOURCES = {"products": "product", "orders": "order", "inventory_levels": "stock"}
_EVENTS = {"update": "updated", "updated": "updated", "delete": "deleted", "create": "created"}


@dataclass(frozen=True, slots=True)
class Delivery:
    """A verified delivery, in the shape of every system's. ``modified`` with resource and id tells two of them apart.

    ``resource`` is "product", "order", "stock" (``id`` is the item's, ``place`` the location's and ``quantity`` what
    can be sold there), "compliance" (``event`` is the topic) or "app".
    """

    resource: str
    event: str
    id: str
    parent_id: str = ""
    modified: datetime | None = None
    quantity: int | None = None
    place: str = ""
    event_id: str = ""

    @property
    def ref(self) -> ListingRef:
        """Where a product is."""
        return ListingRef(self.id)


def signature(body: bytes, secret: str) -> str:
    """Sign a body as Shopify does: base64 of HMAC-SHA256 over the bytes as they came."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def read_delivery(headers: Mapping[str, str], body: bytes, secrets: Sequence[str], shop: str = "") -> Delivery:
    """Verify a delivery and take from it what it is about; ``InputError`` when it is not the shop's or unreadable.

    ``secrets`` are the app's, the old one as well for an hour after it was replaced. ``shop`` is the domain that it has
    to come from, "" for any. The body may hold customers' data: only what ``Delivery`` names leaves here.
    """
    given = {name.lower(): value for name, value in headers.items()}
    check_size(body, MOST_BYTES)
    signed = given.get("x-shopify-hmac-sha256", "").encode()
    if not any(hmac.compare_digest(signed, signature(body, secret).encode()) for secret in secrets if secret):
        raise InputError(
            "X-Shopify-Hmac-Sha256",
            "The signature does not match the body.",
            remedy="If Shopify sent it, the app has another secret by now: enter the new one. Web hooks from the "
            "shop's notification settings are signed otherwise; delete those.",
            code="BadSignature",
        )
    domain = given.get("x-shopify-shop-domain", "")
    if shop and domain != shop:
        raise InputError(
            "X-Shopify-Shop-Domain", f"It comes from {domain or 'no shop'}.", remedy="Nothing.", code="OtherShop"
        )
    return _delivery(given.get("x-shopify-topic", ""), given, _object(body))


def _delivery(topic: str, given: Mapping[str, str], said: Mapping[str, object]) -> Delivery:
    resource, _, event = topic.partition("/")
    event_id = given.get("x-shopify-event-id") or given.get("x-shopify-webhook-id", "")
    moment = _moment(said.get("updated_at") or given.get("x-shopify-triggered-at"))
    if topic in COMPLIANCE:
        return Delivery("compliance", topic, id_text(said.get("shop_id")), event_id=event_id)
    if topic == UNINSTALLED:
        return Delivery("app", "uninstalled", id_text(said.get("id")), modified=moment, event_id=event_id)
    if topic not in TOPICS:
        raise InputError(
            "X-Shopify-Topic",
            "Nobody asked for this topic.",
            remedy=f"Delete the subscription, or choose one of {', '.join(TOPICS)}.",
            code="BadTopic",
        )
    stock = resource == "inventory_levels"
    number = id_text(said.get("inventory_item_id" if stock else "id"))
    if not number:
        raise unreadable()
    available = said.get("available")
    return Delivery(
        resource=_RESOURCES[resource],
        event=_EVENTS[event],
        id=number,
        modified=moment,
        quantity=available if stock and isinstance(available, int) and not isinstance(available, bool) else None,
        place=id_text(said.get("location_id")) if stock else "",
        event_id=event_id,
    )


def _object(body: bytes) -> Mapping[str, object]:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise unreadable()
    return said


def _moment(value: object) -> datetime | None:
    try:
        read = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return read if read is None or read.tzinfo else None
