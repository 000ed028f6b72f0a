"""Web hooks: keep them alive, and verify what they bring (facts/woocommerce.md, "Web hooks").

A hook is a hint that something changed; figures are always read again. Deliveries come late, twice or never, so that
polling goes on beside them.
"""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from pydantic import ValidationError

from tillbridge.domain.errors import InputError
from tillbridge.domain.product import ListingRef
from tillbridge.systems.woocommerce.api.client import WooClient
from tillbridge.systems.woocommerce.api.names import amount_text
from tillbridge.systems.woocommerce.api.wire import DeliveryRow, HookRow, parsed

TOPICS = ("product.updated", "product.deleted", "order.created", "order.updated")
"""A refund fires order.updated; a variation or a sale fires product.updated of the thing whose stock moved."""

MOST_BYTES = 2 * 1024 * 1024
_PING = re.compile(rb"webhook_id=(\d{1,19})")


@dataclass(frozen=True, slots=True)
class EnsuredHooks:
    """What had to be done to the hooks, as topics; all empty when they were in order."""

    created: tuple[str, ...] = ()
    revived: tuple[str, ...] = ()  # the shop had switched them off, after failures or by hand
    removed: tuple[str, ...] = ()  # a second one for the same topic

    @property
    def missed(self) -> bool:
        """Tell whether deliveries may have been lost, so that a poll has to catch up."""
        return bool(self.created or self.revived)


@dataclass(frozen=True, slots=True)
class Ping:
    """The unsigned greeting that creating a hook sends; it is answered with 200 and nothing else."""

    webhook_id: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """A verified delivery. ``quantity`` and ``fields`` are what the shop shows of a product now.

    ``modified`` with the resource and id tells two deliveries apart; their own ids do not.
    """

    resource: str  # "product", "order"
    event: str  # "created", "updated", "deleted"
    id: str
    parent_id: str = ""
    modified: datetime | None = None
    quantity: int | None = None
    fields: Mapping[str, str] | None = None

    @property
    def ref(self) -> ListingRef:
        """Where a product is."""
        return ListingRef(self.parent_id, self.id) if self.parent_id else ListingRef(self.id)

    @property
    def once(self) -> str:
        """Name this state of this thing: a delivery of the same is a repeat."""
        return f"{self.resource}/{self.id}/{self.event}/{self.modified.isoformat() if self.modified else ''}"


def ensure_hooks(client: WooClient, delivery_url: str, secret: str) -> EnsuredHooks:
    """Make sure that one active hook per topic delivers to our address, in one call when all is well and two otherwise.

    The shop switches a hook off at the seventh failure in a row. Its secret can never be read back, so that one that is
    switched on again gets ours again.
    """
    rows = [
        row
        for page in client.pages("webhooks", {"status": "all", "orderby": "id", "order": "asc"})
        for row in parsed(list[HookRow], page.rows, client.subject, "The list of web hooks")
        if row.delivery_url == delivery_url
    ]
    kept: dict[str, HookRow] = {}
    for row in sorted(rows, key=lambda row: row.status != "active"):
        kept.setdefault(row.topic, row)
    create = [_hook(topic, delivery_url, secret) for topic in TOPICS if topic not in kept]
    revive = [row for topic, row in kept.items() if topic in TOPICS and row.status != "active"]
    remove = [row for row in rows if row.topic not in TOPICS or kept[row.topic] is not row]
    if create or revive or remove:
        update = [{"id": row.id, "status": "active", "secret": secret} for row in revive]
        client.write(
            "POST", "webhooks/batch", {"create": create, "update": update, "delete": [row.id for row in remove]}
        )
    return EnsuredHooks(
        created=tuple(str(hook["topic"]) for hook in create),
        revived=tuple(row.topic for row in revive),
        removed=tuple(row.topic for row in remove),
    )


def signature(body: bytes, secret: str) -> str:
    """Sign a body as the shop does: base64 of HMAC-SHA256 over the bytes as they came."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def read_delivery(headers: Mapping[str, str], body: bytes, secret: str) -> Delivery | Ping:
    """Verify a delivery and take from it what it is about; ``InputError`` when it is not the shop's or unreadable.

    Header names are found in any case. The body holds customers' data: only what ``Delivery`` names leaves here.
    """
    given = {name.lower(): value for name, value in headers.items()}
    if len(body) > MOST_BYTES:
        raise InputError("body", f"The delivery is larger than {MOST_BYTES} bytes.", remedy="Nothing was done with it.")
    if ping := _PING.fullmatch(body.strip()):
        return Ping(ping[1].decode())
    signed = given.get("x-wc-webhook-signature", "")
    if not hmac.compare_digest(signed.encode(), signature(body, secret).encode()):
        raise InputError(
            "X-WC-Webhook-Signature",
            "The signature does not match the body.",
            remedy="If the shop sent it, its hook has another secret: let Tillbridge make its hooks anew.",
            code="BadSignature",
        )
    return _delivery(given.get("x-wc-webhook-topic", ""), body)


def is_echo(delivery: Delivery, known_quantity: int | None, known_fields: Mapping[str, str]) -> bool:
    """Tell whether a delivery about a product only repeats what the shop acknowledged to us."""
    if delivery.resource != "product" or delivery.event != "updated" or delivery.fields is None:
        return False
    if known_quantity is not None and delivery.quantity != known_quantity:
        return False
    return all(delivery.fields[name] == known_fields[name] for name in delivery.fields if name in known_fields)


def _delivery(topic: str, body: bytes) -> Delivery:
    resource, _, event = topic.partition(".")
    try:
        row = DeliveryRow.model_validate(json.loads(body))
    except (ValueError, ValidationError, RecursionError):
        row = None
    if row is None or topic not in TOPICS:
        raise InputError(
            "body" if row is None else "X-WC-Webhook-Topic",
            "The delivery cannot be understood.",
            remedy="Nothing was done with it; the next poll finds what changed.",
            code="BadDelivery",
        )
    whole = resource == "product" and event == "updated"
    counted = row.stock_quantity is not None and row.manage_stock is True and row.stock_quantity % 1 == 0
    return Delivery(
        resource=resource,
        event=event,
        id=str(row.id),
        parent_id=str(row.parent_id) if row.parent_id else "",
        modified=row.date_modified_gmt,
        quantity=int(row.stock_quantity) if counted and row.stock_quantity is not None else None,
        fields=_shown(row) if whole else None,
    )


def _shown(row: DeliveryRow) -> dict[str, str]:
    """Take the texts that have one form only."""
    return {
        "sku": row.sku,
        "regular_price": amount_text(row.regular_price),
        "sale_price": amount_text(row.sale_price),
    }


def _hook(topic: str, delivery_url: str, secret: str) -> dict[str, object]:
    return {"name": f"Tillbridge {topic}", "topic": topic, "delivery_url": delivery_url, "secret": secret}
