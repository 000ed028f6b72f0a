"""Verify what a web hook brings (facts/woocommerce.md, "Web hooks"). Figures are always read again.

Imports little: the function that takes hooks needs nothing else of this package.
"""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from tillbridge.domain.errors import InputError
from tillbridge.domain.product import ListingRef
from tillbridge.systems.common.deliveries import check_size, unreadable
from tillbridge.systems.common.wire import MOST_UNITS
from tillbridge.systems.woocommerce.api.wire import DeliveryRow

TOPICS = ("product.updated", "product.deleted", "order.created", "order.updated")
"""A refund fires order.updated; a variation or a sale fires product.updated of the thing whose stock moved."""

MOST_BYTES = 2 * 1024 * 1024
BAD_SIGNATURE = "BadSignature"
_PING = re.compile(rb"webhook_id=(\d{1,19})")


@dataclass(frozen=True, slots=True)
class Ping:
    """The unsigned greeting that creating a hook sends; it is answered with 200 and nothing else."""

    webhook_id: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """A verified delivery. ``quantity`` is what the shop shows of a product now, ``None`` when it counts none.

    ``modified`` with the resource and id tells two deliveries apart; their own ids do not.
    """

    resource: str  # "product", "order"
    event: str  # "created", "updated", "deleted"
    id: str
    parent_id: str = ""
    modified: datetime | None = None
    quantity: int | None = None

    @property
    def ref(self) -> ListingRef:
        """Where a product is."""
        return ListingRef(self.parent_id, self.id) if self.parent_id else ListingRef(self.id)


def signature(body: bytes, secret: str) -> str:
    """Sign a body as the shop does: base64 of HMAC-SHA256 over the bytes as they came."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def read_delivery(headers: Mapping[str, str], body: bytes, secret: str) -> Delivery | Ping:
    """Verify a delivery and take from it what it is about; ``InputError`` when it is not the shop's or unreadable.

    Header names are found in any case. The body holds customers' data: only what ``Delivery`` names leaves here.
    """
    given = {name.lower(): value for name, value in headers.items()}
    check_size(body, MOST_BYTES)
    if ping := _PING.fullmatch(body.strip()):
        return Ping(ping[1].decode())
    signed = given.get("x-wc-webhook-signature", "")
    if not hmac.compare_digest(signed.encode(), signature(body, secret).encode()):
        raise InputError(
            "X-WC-Webhook-Signature",
            "The signature does not match the body.",
            remedy="If the shop sent it, its hook has another secret: let Tillbridge make its hooks anew.",
            code=BAD_SIGNATURE,
        )
    return _delivery(given.get("x-wc-webhook-topic", ""), body)


def _delivery(topic: str, body: bytes) -> Delivery:
    if topic not in TOPICS:
        raise InputError(
            "X-WC-Webhook-Topic",
            "Nobody asked for this topic.",
            remedy=f"Delete the hook, or choose one of {', '.join(TOPICS)}.",
            code="BadTopic",
        )
    row = _row(body)
    resource, _, event = topic.partition(".")
    return Delivery(
        resource=resource,
        event=event,
        id=str(row.id),
        parent_id=str(row.parent_id) if row.parent_id else "",
        modified=row.date_modified_gmt,
        quantity=_quantity(row),
    )


def _row(body: bytes) -> DeliveryRow:
    try:
        return DeliveryRow.model_validate(json.loads(body))
    except (ValueError, RecursionError):  # a ValidationError is a ValueError, and would show parts of the body
        raise unreadable() from None


def _quantity(row: DeliveryRow) -> int | None:
    """Read a figure as we write them: whole, kept on this very thing, and of a size that goods come in."""
    quantity = row.stock_quantity
    if quantity is None or row.manage_stock is not True or not -MOST_UNITS <= quantity <= MOST_UNITS or quantity % 1:
        return None
    return int(quantity)
