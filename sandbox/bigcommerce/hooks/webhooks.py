"""The web hook routes (facts/bigcommerce.md, "Web hooks v3")."""

from urllib.parse import urlsplit

from sandbox.bigcommerce.hooks.model import Webhook
from sandbox.bigcommerce.shop import Shop
from sandbox.bigcommerce.web.errors import ApiError, conflict, invalid, not_found
from sandbox.bigcommerce.web.fields import Field, Fields, check, flag, text
from sandbox.bigcommerce.web.paging import by_text, known_filters, page
from sandbox.bigcommerce.web.wire import Answer, Call, data
from sandbox.common.json_types import JsonObject

_MOST_PER_SCOPE, _TLS_PORT = 10, 443
_FIELDS: Fields = {
    "scope": text(255, 1),
    "destination": text(1024, 1),
    "is_active": flag(),
    "headers": Field("object", nullable=True),
}
_KINDS = ("order", "product", "sku", "category", "customer", "shipment", "app", "inventory", "channel", "cart")


def list_all(shop: Shop, call: Call) -> Answer:
    """Answer a page of the caller's web hooks."""
    known_filters(call, {"is_active", "scope", "destination"})
    with shop.lock:
        rows = own(shop, call.account.client_id)
        rows = by_text(call, by_text(call, rows, "scope", lambda hook: hook.scope), "destination", _destination)
        if "is_active" in call.query:
            rows = [hook for hook in rows if str(hook.active).lower() == call.query["is_active"].lower()]
        return page(call, rows, lambda hook: as_json(shop, hook))


def _destination(hook: Webhook) -> str:
    return hook.destination


def own(shop: Shop, client_id: str) -> list[Webhook]:
    """Give an account's web hooks, those put to sleep that had nothing to send for long."""
    hooks = [hook for hook in shop.webhooks.values() if hook.client_id == client_id]
    for hook in hooks:
        shop.put_to_sleep(hook, shop.now())
    return hooks


def read(shop: Shop, call: Call) -> Answer:
    """Answer one web hook."""
    with shop.lock:
        return data(as_json(shop, _found(shop, call)))


def create(shop: Shop, call: Call) -> Answer:
    """Create a web hook; one for each scope and destination, ten for each scope at most."""
    values = check(_FIELDS, call.record(), ("scope", "destination"))
    with shop.lock:
        now, client = shop.now(), call.account.client_id
        hook = Webhook(
            shop.next_id(), client, str(values["scope"]), str(values["destination"]), now, now, now,
            bool(values.get("is_active", True)), _headers(values),
        )  # fmt: skip
        _check(shop, hook)
        shop.webhooks[hook.id] = hook
        shop.changes += 1
        return data(as_json(shop, hook))


def _headers(values: JsonObject) -> dict[str, str]:
    headers = values.get("headers")
    return {name: str(value) for name, value in headers.items()} if isinstance(headers, dict) else {}


def _check(shop: Shop, hook: Webhook) -> None:
    if not hook.scope.startswith(tuple(f"store/{kind}/" for kind in _KINDS)):
        raise ApiError(400, f"The scope {hook.scope!r} is invalid.")
    address = urlsplit(hook.destination)
    if address.scheme != "https" or not address.hostname:
        raise ApiError(400, "The destination has to be an address with https.")
    if not shop.settings.any_port and (address.port or _TLS_PORT) != _TLS_PORT:
        raise ApiError(400, "The destination has to be at port 443.")
    others = [other for other in own(shop, hook.client_id) if other.scope == hook.scope and other.id != hook.id]
    if any(other.destination == hook.destination for other in others):
        raise conflict("destination", "There is a web hook with this scope and destination already.")
    if len(others) >= _MOST_PER_SCOPE:
        raise invalid("scope", f"an account has {_MOST_PER_SCOPE} web hooks of a scope at most")


def update(shop: Shop, call: Call) -> Answer:
    """Change a web hook; making it active again begins its 90 days anew."""
    values = check(_FIELDS, call.record())
    with shop.lock:
        hook = _found(shop, call)
        before = hook.scope, hook.destination
        hook.scope = str(values.get("scope", hook.scope))
        hook.destination = str(values.get("destination", hook.destination))
        try:
            _check(shop, hook)
        except ApiError:
            hook.scope, hook.destination = before
            raise
        hook.active = bool(values.get("is_active", hook.active))
        hook.headers = _headers(values) if "headers" in values else hook.headers
        hook.updated = hook.last_event = shop.now()
        shop.changes += 1
        return data(as_json(shop, hook))


def delete(shop: Shop, call: Call) -> Answer:
    """Delete a web hook, answering what it was."""
    with shop.lock:
        hook = _found(shop, call)
        del shop.webhooks[hook.id]
        shop.changes += 1
        return data(as_json(shop, hook))


def _found(shop: Shop, call: Call) -> Webhook:
    for hook in own(shop, call.account.client_id):
        if hook.id == call.path["webhook_id"]:
            return hook
    raise not_found("web hook")


def as_json(shop: Shop, hook: Webhook) -> JsonObject:
    """Write a web hook as the API does, its own headers included."""
    return {
        "id": hook.id,
        "client_id": hook.client_id,
        "store_hash": shop.settings.store_hash,
        "created_at": int(hook.created.timestamp()),
        "updated_at": int(hook.updated.timestamp()),
        "scope": hook.scope,
        "destination": hook.destination,
        "is_active": hook.active,
        "headers": dict(hook.headers),
    }
