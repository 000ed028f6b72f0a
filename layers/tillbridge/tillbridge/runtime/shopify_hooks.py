"""Takes what Shopify tells the app as a whole: compliance requests, and that it was uninstalled (facts/shopify.md, 4).

They come to one address that stands in the app's configuration, are signed with the app's secret over the raw body, and
want an answer within five seconds. What becomes of a request is settled in ``flows/comply.py``.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEvent

from tillbridge.domain.errors import InputError, RetryLaterError
from tillbridge.domain.grant import Secret
from tillbridge.domain.merchant import System
from tillbridge.domain.shop_names import is_shopify_shop
from tillbridge.flows.app_gone import AppGone
from tillbridge.flows.comply import Compliance
from tillbridge.grants.apps import AppBook
from tillbridge.runtime import observe
from tillbridge.runtime.pages import web

SYSTEM = System.SHOPIFY
_LARGEST = 1024 * 1024


@dataclass(frozen=True, slots=True)
class ShopifyHooks:
    """Answers deliveries to the app. Bodies are never logged: they hold customers' data (invariant 5)."""

    apps: AppBook
    gone: AppGone
    compliance: Compliance

    def take(self, event: APIGatewayProxyEvent) -> Response[str]:
        """Answer one delivery: 401 unless Shopify signed it, 200 once it is dealt with, 503 when not now."""
        try:
            body = _body(event)
            self._deal(self._topic(event.headers, body), event.headers, body)
        except InputError as error:
            observe.trouble(error)
            observe.count("HookRefused")
            refused = HTTPStatus.UNAUTHORIZED if error.code == "BadSignature" else HTTPStatus.BAD_REQUEST
            return web.told(refused, error.code)
        except RetryLaterError as error:
            observe.trouble(error)
            return web.told(HTTPStatus.SERVICE_UNAVAILABLE, error.code)
        return web.told(HTTPStatus.OK, "ok")

    def _topic(self, headers: Mapping[str, str], body: bytes) -> str:
        """Verify with the secret and its predecessor; with a new one that this process has not seen yet, too."""
        from tillbridge.systems.shopify.deliveries import COMPLIANCE, UNINSTALLED, read_delivery  # noqa: PLC0415

        try:
            read_delivery(headers, body, _texts(self.apps.get(SYSTEM).signing))
        except InputError as error:
            if error.code != "BadSignature":
                raise
            read_delivery(headers, body, _texts(self.apps.get(SYSTEM, fresh=True).signing))
        topic = _header(headers, "x-shopify-topic")
        if topic not in {*COMPLIANCE, UNINSTALLED}:
            raise InputError("X-Shopify-Topic", "It is not taken here.", remedy="Delete the subscription.")
        return topic

    def _deal(self, topic: str, headers: Mapping[str, str], body: bytes) -> None:
        """Deal with a verified delivery. The topic is not signed, so that the body has to be one of its kind."""
        said = json.loads(body)
        is_app = topic == "app/uninstalled"
        shop = str(said.get("myshopify_domain" if is_app else "shop_domain", ""))
        if not is_shopify_shop(shop) or topic.startswith("customers/") is not ("customer" in said):
            raise InputError("body", f"It is not what {topic} brings.", remedy="Nothing was done with it.")
        if is_app:
            self.gone.uninstalled(SYSTEM, shop, _moment(_header(headers, "x-shopify-triggered-at")))
            observe.count("AppUninstalled")
            return
        request = hashlib.sha256(topic.encode() + body).hexdigest()
        taken = self.compliance.take(SYSTEM, request, topic, shop, _orders(said))
        observe.count("ComplianceRequests")
        observe.logger.info(
            "A compliance request was taken", extra={"topic": topic, "account": shop, "settled": not taken.open}
        )


def _orders(said: Mapping[str, object]) -> list[str]:
    """Name the customer's orders, by which a customer of the till is found; nothing else of the customer is kept."""
    ids = said.get("orders_to_redact", said.get("orders_requested")) or []
    if not isinstance(ids, list) or not all(isinstance(one, int) and one > 0 for one in ids):
        raise InputError("orders", "They are no list of ids.", remedy="Nothing was done with it.")
    return [str(one) for one in ids]


def _body(event: APIGatewayProxyEvent) -> bytes:
    """Take the bytes that were signed; what nobody can have signed becomes an empty body, which is refused."""
    text = event.get("body") or ""
    try:
        body = base64.b64decode(text, validate=True) if event.get("isBase64Encoded") else text.encode()
    except (binascii.Error, ValueError):
        return b""
    return body if len(body) <= _LARGEST else b""


def _texts(secrets: tuple[Secret, ...]) -> list[str]:
    return [secret.reveal() for secret in secrets]


def _header(headers: Mapping[str, str], name: str) -> str:
    return next((value for key, value in headers.items() if key.lower() == name), "")


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
