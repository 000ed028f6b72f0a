"""The web hook routes (facts/woocommerce.md, "Web hooks")."""

from dataclasses import replace
from urllib.parse import urlencode, urlsplit

from sandbox.common.json_types import JsonObject
from sandbox.woocommerce.dates import both
from sandbox.woocommerce.hooks.model import TOPICS, Webhook
from sandbox.woocommerce.shop import Shop
from sandbox.woocommerce.texts import clean
from sandbox.woocommerce.web import outbound
from sandbox.woocommerce.web.errors import RestError, no_trash
from sandbox.woocommerce.web.filters import date_filters
from sandbox.woocommerce.web.paging import by_include, page
from sandbox.woocommerce.web.wire import Answer, Params

_ACTION = "action."


def list_all(shop: Shop, params: Params) -> Answer:
    """Answer a page of web hooks."""
    with shop.lock:
        rows = by_include(list(shop.webhooks.values()), params, lambda hook: hook.id)
        tests = date_filters(params, shop.settings.time_zone)
        rows = [hook for hook in rows if all(test(hook) for test in tests)]
        if params.text("status") != "all":
            rows = [hook for hook in rows if hook.status == params.text("status")]
        if params.text("search"):
            rows = [hook for hook in rows if params.text("search").casefold() in hook.name.casefold()]
        by_title = params.text("orderby") == "title"
        rows.sort(key=lambda hook: (hook.name if by_title else "", hook.id), reverse=params.text("order") != "asc")
        return page(shop, params, rows, lambda hook: as_json(shop, hook))


def read(shop: Shop, params: Params) -> Answer:
    """Answer one web hook."""
    with shop.lock:
        return Answer(as_json(shop, _found(shop, params)))


def create(shop: Shop, params: Params) -> Answer:
    """Create a web hook and send it an unsigned ping at once; that nobody answers it does not matter."""
    with shop.lock:
        _check_topic(params.text("topic"))
        _check_url(params.text("delivery_url"))
        now = shop.now()
        hook = Webhook(
            id=shop.next_webhook_id(),
            name=clean(params.text("name")) or f"Web hook of {now:%Y-%m-%d}",
            topic=params.text("topic"),
            delivery_url=params.text("delivery_url"),
            secret=params.text("secret") or f"{shop.random.getrandbits(200):050x}",
            created=now,
            modified=now,
            status=params.text("status") or "active",
        )
        shop.webhooks[hook.id] = hook
        shop.changes += 1
        return Answer(as_json(shop, hook), 201, after=lambda: _ping(shop, hook))


def _ping(shop: Shop, hook: Webhook) -> None:
    if hook.status == "active":
        form = urlencode({"webhook_id": hook.id}).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        outbound.call(shop.settings, "POST", hook.delivery_url, form, headers)


def update(shop: Shop, params: Params) -> Answer:
    """Change a web hook; making it active again forgets its failures."""
    with shop.lock:
        hook = replace(_found(shop, params, 400), modified=shop.now())
        if params.given("topic"):
            _check_topic(params.text("topic"))
            hook.topic = params.text("topic")
        if params.given("delivery_url"):
            _check_url(params.text("delivery_url"))
            hook.delivery_url = params.text("delivery_url")
        hook.name = clean(params.text("name")) or hook.name
        hook.secret = params.text("secret") or hook.secret
        if params.text("status"):
            hook.status, hook.failures = params.text("status"), 0
        shop.webhooks[hook.id] = hook
        shop.changes += 1
        return Answer(as_json(shop, hook))


def delete(shop: Shop, params: Params) -> Answer:
    """Delete a web hook, which needs ``force``."""
    if not params.flag("force"):
        raise no_trash()
    with shop.lock:
        hook = _found(shop, params)
        del shop.webhooks[hook.id]
        shop.changes += 1
        return Answer(as_json(shop, hook))


def _found(shop: Shop, params: Params, status: int = 404) -> Webhook:
    hook = shop.webhooks.get(params.whole("id"))
    if hook is None:
        raise RestError("woocommerce_rest_shop_webhook_invalid_id", "There is no web hook with this ID.", status)
    return hook


def _check_topic(topic: str) -> None:
    if topic not in TOPICS and not topic.startswith(f"{_ACTION}woocommerce_"):
        raise RestError("woocommerce_rest_webhook_invalid_topic", f"The topic {topic!r} is invalid.", 400)


def _check_url(url: str) -> None:
    if urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).netloc:
        message = "The delivery URL has to begin with http:// or https://."
        raise RestError("woocommerce_rest_webhook_invalid_delivery_url", message, 400)


def as_json(shop: Shop, hook: Webhook) -> JsonObject:
    """Write a web hook as the API does, without its secret."""
    zone, collection = shop.settings.time_zone, f"{shop.home_url}/wp-json/wc/v3/webhooks"
    return {
        "id": hook.id,
        "name": hook.name,
        "status": hook.status,
        "topic": hook.topic,
        "resource": hook.resource,
        "event": hook.event,
        "hooks": [f"woocommerce_{hook.event}_{hook.resource}"],
        "delivery_url": hook.delivery_url,
        **both("date_created", hook.created, zone),
        **both("date_modified", hook.modified, zone),
        "_links": {"self": [{"href": f"{collection}/{hook.id}"}], "collection": [{"href": collection}]},
    }
