"""Web hooks: subscribing, signing, retrying, giving up (facts/shopify.md, section 4)."""

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest

from sandbox.common.clock import ManualClock
from sandbox.shopify.app import build_app
from sandbox.shopify.hooks.deliveries import run_cron
from sandbox.shopify.settings import App, Settings
from sandbox.shopify.shop import Shop

CREATE = """mutation($topic: WebhookSubscriptionTopic!, $hook: WebhookSubscriptionInput!) {
  webhookSubscriptionCreate(topic: $topic, webhookSubscription: $hook) {
    webhookSubscription { id topic uri format includeFields filter } userErrors { field message } } }"""
LIST = "{ webhookSubscriptions(first: 20) { nodes { id topic uri } } }"


@pytest.fixture
def hook(api: Any, receiver: Any) -> Any:
    """Subscribe to a topic at the receiver, under the topic's name."""

    def hook(topic: str, **fields: Any) -> Any:
        made = {"uri": f"{receiver.url}/{topic}", **fields}
        return api.done(CREATE, topic=topic, hook=made)["webhookSubscription"]

    return hook


def bodies(receiver: Any) -> list[tuple[str, Any]]:
    return [(name, json.loads(body)) for name, _, body in receiver.got]


def test_subscribing_changing_and_deleting(api: Any, hook: Any, receiver: Any) -> None:
    made = hook("PRODUCTS_UPDATE", includeFields=["id", "updated_at"])
    assert (made["format"], made["includeFields"]) == ("JSON", ["id", "updated_at"])
    assert [row["id"] for row in api.send(LIST)["nodes"]] == [made["id"]]
    update = """mutation($id: ID!, $hook: WebhookSubscriptionInput!) {
      webhookSubscriptionUpdate(id: $id, webhookSubscription: $hook) {
        webhookSubscription { uri includeFields } userErrors { field } } }"""
    told = api.done(update, id=made["id"], hook={"uri": "https://a.invalid/x"})["webhookSubscription"]
    assert told == {"uri": "https://a.invalid/x", "includeFields": ["id", "updated_at"]}
    delete = "mutation($id: ID!) { webhookSubscriptionDelete(id: $id) { userErrors { field } } }"
    api.done(delete, id=made["id"])
    assert api.send(LIST)["nodes"] == []
    assert api.refused(delete, id=made["id"]) == [(None, "id")]


def test_the_same_twice_is_refused(api: Any, hook: Any, receiver: Any) -> None:
    hook("PRODUCTS_UPDATE")
    again = {"uri": f"{receiver.url}/PRODUCTS_UPDATE"}
    assert api.refused(CREATE, topic="PRODUCTS_UPDATE", hook=again) == [(None, "webhookSubscription.callbackUrl")]
    hook("PRODUCTS_UPDATE", filter="id:1")
    assert api.refused(CREATE, topic="PRODUCTS_UPDATE", hook={"uri": "ftp://a"})
    assert api.refused(CREATE, topic="PRODUCTS_UPDATE", hook={})


def test_a_delivery_is_signed_over_the_raw_body(api: Any, hook: Any, receiver: Any, cron: Any, shop: Shop) -> None:
    hook("PRODUCTS_UPDATE", name="till")
    api.product()
    api.control("edit", sku="HAT", changes={"price": "3"})
    assert cron() == 1
    [(_, headers, body)] = receiver.got
    signature = base64.b64encode(hmac.new(b"test-secret", body, hashlib.sha256).digest()).decode()
    told = {name: value for name, value in headers.items() if name.startswith("X-Shopify")}
    identities = {name: told.pop(name) for name in ("X-Shopify-Webhook-Id", "X-Shopify-Event-Id")}
    assert all(len(value) == 36 for value in identities.values())
    assert told == {
        "X-Shopify-Topic": "products/update",
        "X-Shopify-Shop-Domain": shop.settings.domain,
        "X-Shopify-Hmac-Sha256": signature,
        "X-Shopify-Api-Version": "2026-07",
        "X-Shopify-Triggered-At": "2026-11-25T12:00:00.000000000Z",
        "X-Shopify-Name": "till",
    }
    product = json.loads(body)
    assert (product["variants"][0]["price"], product["status"]) == ("3.00", "active")
    assert product["admin_graphql_api_id"] == f"gid://shopify/Product/{product['id']}"


def test_stock_names_neither_variant_nor_product(api: Any, hook: Any, receiver: Any, cron: Any) -> None:
    api.product()
    hook("INVENTORY_LEVELS_UPDATE")
    api.control("stock", sku="HAT", available=2)
    cron()
    [(_, body)] = bodies(receiver)
    assert set(body) == {"inventory_item_id", "location_id", "available", "updated_at", "admin_graphql_api_id"}
    assert body["available"] == 2


def test_an_order_fires_all_its_topics_with_one_event_each(api: Any, hook: Any, receiver: Any, cron: Any) -> None:
    for topic in ("ORDERS_CREATE", "ORDERS_PAID", "ORDERS_UPDATED", "CUSTOMERS_CREATE"):
        hook(topic)
    api.product()
    api.control("order", items=[{"sku": "HAT", "quantity": 2}], email="a@mail.invalid")
    assert cron() == 4
    assert {name for name, _ in bodies(receiver)} == {
        "ORDERS_CREATE",
        "ORDERS_PAID",
        "ORDERS_UPDATED",
        "CUSTOMERS_CREATE",
    }
    order = next(body for name, body in bodies(receiver) if name == "ORDERS_CREATE")
    assert (order["name"], order["total_price"], order["line_items"][0]["sku"]) == ("#1001", "20.00", "HAT")


def test_a_sale_counts_as_a_change_of_the_product(api: Any, hook: Any, receiver: Any, cron: Any) -> None:
    api.product()
    hook("PRODUCTS_UPDATE")
    api.control("order", items=[{"sku": "HAT"}])
    assert cron() == 1
    assert bodies(receiver)[0][1]["variants"][0]["inventory_quantity"] == 4


def test_one_event_to_two_subscriptions_has_one_event_id(api: Any, hook: Any, receiver: Any, cron: Any) -> None:
    api.product()
    hook("PRODUCTS_UPDATE")
    hook("PRODUCTS_UPDATE", uri=f"{receiver.url}/second", includeFields=["id"])
    api.control("edit", sku="HAT", changes={"price": "3"})
    cron()
    events = {headers["X-Shopify-Event-Id"] for _, headers, _ in receiver.got}
    deliveries = {headers["X-Shopify-Webhook-Id"] for _, headers, _ in receiver.got}
    assert (len(events), len(deliveries)) == (1, 2)
    assert [set(body) for name, body in bodies(receiver) if name == "second"] == [{"id"}]


def test_a_filter_keeps_other_events_away(api: Any, hook: Any, cron: Any) -> None:
    api.product()
    hook("PRODUCTS_UPDATE", filter="status:archived")
    api.control("edit", sku="HAT", changes={"price": "3"})
    assert cron() == 0
    api.control(
        "edit", id=api.send("{ products(first: 1) { nodes { id } } }")["nodes"][0]["id"], changes={"status": "ARCHIVED"}
    )
    assert cron() == 1


def test_what_failed_comes_again_with_the_first_body(
    api: Any, hook: Any, receiver: Any, cron: Any, clock: ManualClock
) -> None:
    api.product()
    hook("PRODUCTS_UPDATE")
    api.control("edit", sku="HAT", changes={"price": "3"})
    receiver.status = 500
    assert cron() == 1
    assert cron() == 0
    api.control("edit", sku="HAT", changes={"price": "4"})
    receiver.status = 200
    clock.sleep(60)
    assert cron() == 2
    first = receiver.got[0]
    [again] = [entry for entry in receiver.got[1:] if entry[2] == first[2]]
    assert again[1]["X-Shopify-Webhook-Id"] == first[1]["X-Shopify-Webhook-Id"]


def test_after_eight_failures_in_a_row_the_subscription_is_gone(
    api: Any, hook: Any, receiver: Any, cron: Any, clock: ManualClock
) -> None:
    api.product()
    hook("PRODUCTS_UPDATE")
    receiver.status = 404
    api.control("edit", sku="HAT", changes={"price": "3"})
    for _ in range(7):
        assert cron() == 1
        clock.sleep(4 * 3600)
    assert len(api.send(LIST)["nodes"]) == 1
    assert cron() == 1
    assert api.send(LIST)["nodes"] == []
    clock.sleep(4 * 3600)
    assert cron() == 0


def test_deliveries_may_be_lost(api: Any, hook: Any, cron: Any) -> None:
    api.product()
    hook("PRODUCTS_UPDATE")
    api.control("edit", sku="HAT", changes={"price": "3"})
    assert api.control("cron", lose=True) == {"lost": 1}
    api.control("switches", drop_webhooks=True)
    api.control("edit", sku="HAT", changes={"price": "4"})
    assert cron() == 0


def test_a_rotated_secret_is_not_used_at_once(api: Any, hook: Any, receiver: Any, cron: Any) -> None:
    api.product()
    hook("PRODUCTS_UPDATE")

    def signed_with(secret: str) -> bool:
        api.control("edit", sku="HAT", changes={"price": "3"})
        cron()
        _, headers, body = receiver.got[-1]
        digest = hmac.new(secret.encode(), body, hashlib.sha256).digest()
        return bool(headers["X-Shopify-Hmac-Sha256"] == base64.b64encode(digest).decode())

    renewed = api.control("rotate-secret")["secret"]
    assert signed_with("test-secret")
    api.control("forget-secret")
    assert signed_with(renewed)


def test_uninstalling_kills_the_token_before_it_is_told(api: Any, hook: Any, receiver: Any, cron: Any) -> None:
    hook("APP_UNINSTALLED")
    hook("PRODUCTS_UPDATE")
    assert api.control("uninstall") == {"revoked": 1}
    assert api.call("{ shop { name } }").status_code == 401
    assert cron() == 1
    assert [(name, body["myshopify_domain"]) for name, body in bodies(receiver)] == [
        ("APP_UNINSTALLED", "stand-in.myshopify.com")
    ]
    assert api.shop.subscriptions.rows == {}


def test_changed_scopes_are_told(api: Any, hook: Any, receiver: Any, cron: Any) -> None:
    hook("APP_SCOPES_UPDATE")
    api.control("scopes", scopes=["read_orders"])
    cron()
    [(_, body)] = bodies(receiver)
    assert body["current"] == ["read_orders"]
    assert api.code("{ products(first: 1) { nodes { id } } }") == "ACCESS_DENIED"


@pytest.mark.parametrize(
    ("topic", "more"),
    [
        ("customers/data_request", {"customer": {"id": 1, "email": "a@mail.invalid"}, "orders_requested": [1]}),
        ("customers/redact", {"customer": {"email": "a@mail.invalid"}, "orders_to_redact": []}),
        ("shop/redact", {}),
    ],
)
def test_compliance_topics_come_by_configuration_only(
    api: Any, settings: Settings, receiver: Any, clock: ManualClock, topic: str, more: dict[str, Any]
) -> None:
    app = App("public", "public-secret", compliance_uri=f"{receiver.url}/privacy")
    shop = Shop(Settings(apps=(app,), callback_seconds=5), clock)
    other = type(api)(shop, build_app(shop).test_client(), shop.issue(app).value)
    assert other.send(LIST)["nodes"] == []
    other.control("compliance", topic=topic, **more)
    assert run_cron(shop) == 1
    [(_, headers, body)] = receiver.got
    assert headers["X-Shopify-Topic"] == topic
    assert json.loads(body) == {"shop_id": 1, "shop_domain": shop.settings.domain, **more}
