"""The queries and mutations on web hook subscriptions (facts/shopify.md, section 4)."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from sandbox.shopify import rows
from sandbox.shopify.hooks.model import WebhookSubscription
from sandbox.shopify.ids import gid
from sandbox.shopify.info import version
from sandbox.shopify.web.connections import connect
from sandbox.shopify.web.context import Context
from sandbox.shopify.web.errors import refuse
from sandbox.shopify.web.resolving import Input, mutation, query, resolver

_AT = "webhookSubscription"
_SCHEMES = frozenset({"https", "http", "pubsub", "arn"})


def _of_app(context: Context) -> list[WebhookSubscription]:
    """List the app's own subscriptions; those of its configuration are not seen by the API."""
    rows_ = context.shop.subscriptions.rows.values()
    return [row for row in rows_ if row.by_api and row.client_id == context.app.client_id]


@query
def webhook_subscriptions(
    _root: object,
    context: Context,
    topics: Sequence[str] | None = None,
    uri: str | None = None,
    format: str | None = None,
    sort_key: str | None = None,
    **page: object,
) -> object:
    del sort_key
    found = [
        row
        for row in _of_app(context)
        if (topics is None or row.topic in topics) and uri in {None, row.uri} and format in {None, row.format}
    ]
    return connect(context, found, lambda row: (0, row.id), page)


@query
def webhook_subscription(_root: object, context: Context, id: str) -> WebhookSubscription | None:
    return next((row for row in _of_app(context) if gid("WebhookSubscription", row.id) == id), None)


@mutation
def webhook_subscription_create(
    _root: object, context: Context, topic: str, webhook_subscription: Input
) -> Mapping[str, object]:
    shop, now = context.shop, context.now
    row = WebhookSubscription(
        shop.numbers.next("WebhookSubscription"), context.app.client_id, topic, _address(webhook_subscription), now, now
    )
    _take(row, webhook_subscription)
    _check(context, row)
    shop.subscriptions.rows[row.id] = row
    shop.changes += 1
    return {"webhookSubscription": row, "userErrors": []}


@mutation
def webhook_subscription_update(
    _root: object,
    context: Context,
    id: str,
    webhook_subscription: Input,
) -> Mapping[str, object]:
    old = _own(context, id)
    uri = _address(webhook_subscription) or old.uri
    row = WebhookSubscription(old.id, old.client_id, old.topic, uri, old.created_at, context.now)
    row.format, row.filter, row.name = old.format, old.filter, old.name
    row.include_fields, row.metafield_namespaces = old.include_fields, old.metafield_namespaces
    _take(row, webhook_subscription)
    _check(context, row)
    context.shop.subscriptions.rows[row.id] = row
    context.shop.changes += 1
    return {"webhookSubscription": row, "userErrors": []}


@mutation
def webhook_subscription_delete(_root: object, context: Context, id: str) -> Mapping[str, object]:
    row = _own(context, id)
    del context.shop.subscriptions.rows[row.id]
    context.shop.changes += 1
    return {"deletedWebhookSubscriptionId": id, "userErrors": []}


def _own(context: Context, number: str) -> WebhookSubscription:
    row = rows.find(context.shop, number)
    if not isinstance(row, WebhookSubscription) or row not in _of_app(context):
        raise refuse("Webhook subscription does not exist", "id")
    return row


def _address(data: Input) -> str:
    return str(data.get("uri") or data.get("callbackUrl") or "")


def _take(row: WebhookSubscription, data: Input) -> None:
    row.format = data.get("format") or row.format
    row.filter = data.get("filter", row.filter)
    row.name = data.get("name", row.name)
    row.include_fields = tuple(data.get("includeFields") or row.include_fields)
    row.metafield_namespaces = tuple(data.get("metafieldNamespaces") or row.metafield_namespaces)


def _check(context: Context, row: WebhookSubscription) -> None:
    if not row.uri:
        raise refuse("Address can't be blank", _AT, "callbackUrl")
    if urlsplit(row.uri).scheme not in _SCHEMES:
        raise refuse("Address is invalid", _AT, "callbackUrl")
    same = (row.topic, row.uri, row.format, row.filter)
    if any((one.topic, one.uri, one.format, one.filter) == same and one.id != row.id for one in _of_app(context)):
        raise refuse("Address for this topic has already been taken", _AT, "callbackUrl")


@resolver("WebhookSubscription")
def callback_url(row: WebhookSubscription, _context: Context) -> str:
    return row.uri


@resolver("WebhookSubscription")
def endpoint(row: WebhookSubscription, _context: Context) -> object:
    return {"__typename": "WebhookHttpEndpoint", "callbackUrl": row.uri}


@resolver("WebhookSubscription")
def api_version(_row: WebhookSubscription, _context: Context) -> object:
    return version()
