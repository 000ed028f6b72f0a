"""Verify what a web hook brings (facts/bigcommerce.md, "Web hooks v3"). It holds ids only; figures are read.

Imports little: the function that takes hooks needs nothing else of this package.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from tillbridge.domain.errors import InputError
from tillbridge.domain.product import ListingRef
from tillbridge.systems.bigcommerce.api.wire import DeliveryRow
from tillbridge.systems.common.deliveries import check_size, id_text, unreadable

SECRET_HEADER = "X-Tillbridge-Secret"  # noqa: S105  # nosec B105 - a header's name
"""We tell the store to send it: the one proof that every store can give."""

SCOPES = (
    "store/order/created",
    "store/order/updated",
    "store/order/archived",
    "store/order/statusUpdated",
    "store/order/refund/created",
    "store/product/deleted",
    "store/product/inventory/order/updated",
    "store/sku/inventory/order/updated",
    "store/app/uninstalled",
)
"""Stock that an order moved, and not what we or the panel write: our own writes send no hook back."""

MOST_BYTES = 64 * 1024
TOLERANCE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Delivery:
    """A verified delivery. ``said`` tells two apart that are about the same thing."""

    resource: str  # "order", "product", "app"
    event: str  # the rest of the scope, e.g. "statusUpdated"
    id: str
    variant_id: str = ""
    said: str = ""

    @property
    def ref(self) -> ListingRef:
        """Where a product is."""
        return ListingRef(self.id, self.variant_id)


def read_delivery(
    headers: Mapping[str, str], body: bytes, secret: str, *, client_secret: str = "", now: datetime
) -> Delivery:
    """Verify a delivery and take from it what it is about; ``InputError`` when it is not the store's or unreadable.

    Our own header has to be there. Whenever there is a signature besides, it has to fit the API account's secret, which
    not every connection knows.
    """
    given = {name.lower(): value for name, value in headers.items()}
    check_size(body, MOST_BYTES)
    if not hmac.compare_digest(given.get(SECRET_HEADER.lower(), "").encode(), secret.encode()) or not secret:
        raise InputError(
            SECRET_HEADER,
            "The header that proves where the delivery comes from is missing or wrong.",
            remedy="If the store sent it, its hook is an old one: let Tillbridge make its hooks anew.",
            code="BadSecret",
        )
    if client_secret and "webhook-signature" in given:
        _check_signature(given, body, client_secret, now)
    return _delivery(body)


def signature(message_id: str, timestamp: str, body: bytes, client_secret: str) -> str:
    """Sign a delivery as the standard of web hooks has it: id, time and body as they came."""
    signed = b".".join((message_id.encode(), timestamp.encode(), body))
    digest = hmac.new(client_secret.encode(), signed, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def _check_signature(given: Mapping[str, str], body: bytes, client_secret: str, now: datetime) -> None:
    timestamp = given.get("webhook-timestamp", "")
    expected = signature(given.get("webhook-id", ""), timestamp, body, client_secret)
    signed = any(hmac.compare_digest(one.encode(), expected.encode()) for one in given["webhook-signature"].split())
    if not signed:
        raise InputError(
            "webhook-signature",
            "The signature does not match the body.",
            remedy="If the store sent it, the API account's secret has changed: connect the store again.",
            code="BadSignature",
        )
    fresh = timestamp.isdecimal() and abs(now.timestamp() - int(timestamp)) <= TOLERANCE.total_seconds()
    if not fresh:
        raise InputError(
            "webhook-timestamp",
            "The delivery was signed more than five minutes ago, or ahead of time.",
            remedy="Nothing was done with it; the next poll finds what changed.",
            code="StaleSignature",
        )


def _delivery(body: bytes) -> Delivery:
    try:
        row = DeliveryRow.model_validate(json.loads(body))
    except (ValueError, RecursionError):  # a ValidationError is a ValueError, and would show parts of the body
        raise unreadable() from None
    if row.scope not in SCOPES:
        raise InputError(
            "scope",
            "Nobody asked for this scope.",
            remedy=f"Delete the hook, or choose one of {', '.join(SCOPES)}.",
            code="BadScope",
        )
    inventory = row.data.get("inventory")
    details = inventory if isinstance(inventory, dict) else {}
    resource, _, event = row.scope.removeprefix("store/").partition("/")
    return Delivery(
        resource="product" if resource == "sku" else resource,
        event=event,
        id=id_text(details.get("product_id") or row.data.get("id")),
        variant_id=id_text(details.get("variant_id")) if resource == "sku" else "",
        said=f"{row.scope}/{row.hash}/{row.created_at}",
    )
