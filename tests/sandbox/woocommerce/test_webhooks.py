"""Web hooks and their deliveries (facts/woocommerce.md, "Web hooks")."""

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest

from sandbox.common.clock import ManualClock


@pytest.fixture
def hook(api: Any, receiver: Any) -> Any:
    """Make a hook on a topic and forget its ping."""

    def hook(topic: str) -> Any:
        made = api.post("/webhooks", {"topic": topic, "delivery_url": f"{receiver.url}/{topic}", "secret": "s"})
        receiver.got.clear()
        return made

    return hook


def bodies(receiver: Any) -> list[tuple[str, Any]]:
    return sorted(((name, json.loads(body)["id"]) for name, _, body in receiver.got))


def test_creating_pings_at_once_unsigned(api: Any, receiver: Any) -> None:
    made = api.post("/webhooks", {"topic": "order.updated", "delivery_url": f"{receiver.url}/here", "secret": "s"})
    [(name, headers, body)] = receiver.got
    assert (name, body) == ("here", f"webhook_id={made['id']}".encode())
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert "X-WC-Webhook-Signature" not in headers
    assert "secret" not in made
    assert (made["resource"], made["event"], made["status"]) == ("order", "updated", "active")


def test_an_unreachable_address_is_no_reason_to_refuse(api: Any) -> None:
    assert api.post("/webhooks", {"topic": "order.updated", "delivery_url": "http://127.0.0.1:9/x"})["id"] == 1


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"topic": "till.updated", "delivery_url": "https://a.test"}, "woocommerce_rest_webhook_invalid_topic"),
        ({"topic": "order.updated", "delivery_url": "ftp://a"}, "woocommerce_rest_webhook_invalid_delivery_url"),
        ({"topic": "order.updated"}, "rest_missing_callback_param"),
    ],
)
def test_wrong_hooks_are_refused(api: Any, body: dict[str, str], code: str) -> None:
    assert api.refused("POST", "/webhooks", body) == (400, code)


def test_a_delivery_is_signed_and_as_the_api_shows_it(api: Any, receiver: Any, hook: Any, cron: Any) -> None:
    made, product = hook("product.updated"), api.product()
    api.put(f"/products/{product['id']}", {"name": "Hat", "description": "d"})
    assert receiver.got == []
    assert cron() == 1
    [(_, headers, body)] = receiver.got
    assert json.loads(body) == api.get(f"/products/{product['id']}")
    signature = base64.b64encode(hmac.new(b"s", body, hashlib.sha256).digest()).decode()
    told = {name.removeprefix("X-Wc-Webhook-"): value for name, value in headers.items() if name.startswith("X-Wc-")}
    assert told.pop("Delivery-Id")
    assert told == {
        "Source": "https://shop.test/",
        "Topic": "product.updated",
        "Resource": "product",
        "Event": "updated",
        "Signature": signature,
        "Id": str(made["id"]),
    }
    assert headers["User-Agent"].startswith("WooCommerce/10.0.2 Hookshot")


def test_repeats_within_ten_minutes_are_merged(
    api: Any, receiver: Any, hook: Any, cron: Any, clock: ManualClock
) -> None:
    hook("product.updated")
    product = api.product(manage_stock=True, stock_quantity=1)
    for seconds in (0, 599, 1):
        clock.sleep(seconds)
        api.put(f"/products/{product['id']}", {"stock_quantity": 1 + seconds})
    assert cron() == 2
    assert [json.loads(body)["stock_quantity"] for _, _, body in receiver.got] == [2, 2]
    assert cron() == 0


def test_delivery_ids_are_the_same_within_a_second(
    api: Any, receiver: Any, hook: Any, cron: Any, clock: ManualClock
) -> None:
    hook("product.created")
    for _ in range(2):
        api.product()
    cron()
    clock.sleep(1)
    api.product()
    cron()
    ids = [headers["X-WC-Webhook-Delivery-ID"] for _, headers, _ in receiver.got]
    assert (ids[0] == ids[1], ids[1] == ids[2]) == (True, False)


class TestEvents:
    """What fires what."""

    def test_variations_fire_with_their_parent(self, api: Any, receiver: Any, hook: Any, cron: Any) -> None:
        hook("product.updated")
        parent = api.product(type="variable")
        child = api.post(f"/products/{parent['id']}/variations", {"regular_price": "1"})
        cron()
        sent = {json.loads(body)["id"]: json.loads(body) for _, _, body in receiver.got}
        assert set(sent) == {parent["id"], child["id"]}
        assert (sent[child["id"]]["type"], sent[child["id"]]["parent_id"]) == ("variation", parent["id"])

    def test_orders_move_stock_and_fire_for_the_product(self, api: Any, receiver: Any, hook: Any, cron: Any) -> None:
        product = api.product(manage_stock=True, stock_quantity=3)
        for topic in ("product.updated", "order.created", "order.updated"):
            hook(topic)
        made = api.post("/orders", {"set_paid": True, "line_items": [{"product_id": product["id"]}]})
        cron()
        assert bodies(receiver) == [
            ("order.created", made["id"]),
            ("order.updated", made["id"]),
            ("product.updated", product["id"]),
        ]

    def test_trashing_fires_and_deleting_for_good_does_not(self, api: Any, receiver: Any, hook: Any, cron: Any) -> None:
        for topic in ("product.deleted", "order.deleted", "order.updated"):
            hook(topic)
        trashed, deleted, order = api.product(), api.product(), api.post("/orders", {})
        cron()
        receiver.got.clear()
        api.delete(f"/products/{trashed['id']}")
        api.delete(f"/products/{deleted['id']}", force=True)
        api.delete(f"/orders/{order['id']}")
        cron()
        assert bodies(receiver) == [
            ("order.deleted", order["id"]),
            ("order.updated", order["id"]),
            ("product.deleted", trashed["id"]),
        ]
        assert next(json.loads(body) for name, _, body in receiver.got if name == "product.deleted") == {
            "id": trashed["id"]
        }

    def test_refunds_fire_order_updated_and_deleting_one_fires_nothing(
        self, api: Any, receiver: Any, hook: Any, cron: Any
    ) -> None:
        order = api.post("/orders", {"set_paid": True, "line_items": [{"product_id": api.product()["id"]}]})
        hook("order.updated")
        refund = api.post(f"/orders/{order['id']}/refunds", {"amount": "1.00", "api_refund": False})
        assert cron() == 1
        api.delete(f"/orders/{order['id']}/refunds/{refund['id']}")
        assert cron() == 0

    def test_customers_fire_too(self, api: Any, receiver: Any, hook: Any, cron: Any) -> None:
        hook("customer.created")
        customer = api.post("/customers", {"email": "a@b.test"})
        cron()
        assert json.loads(receiver.got[0][2])["email"] == customer["email"]

    def test_an_object_that_is_gone_is_delivered_as_the_apis_error(
        self, api: Any, receiver: Any, hook: Any, cron: Any
    ) -> None:
        hook("product.created")
        api.delete(f"/products/{api.product()['id']}", force=True)
        cron()
        assert json.loads(receiver.got[0][2])["code"] == "woocommerce_rest_product_invalid_id"


class TestFailures:
    """Failed deliveries are not sent again; the seventh in a row switches the hook off."""

    @pytest.fixture
    def deliver(self, api: Any, cron: Any, receiver: Any, clock: ManualClock) -> Any:
        product = api.product()

        def deliver(status: int) -> int:
            receiver.status = status
            clock.sleep(1)
            api.put(f"/products/{product['id']}", {})
            delivered: int = cron()
            return delivered

        return deliver

    def test_the_seventh_in_a_row_disables(self, api: Any, hook: Any, deliver: Any, receiver: Any) -> None:
        made = hook("product.updated")
        path, seen = f"/webhooks/{made['id']}", []
        for _ in range(7):
            deliver(500)
            seen.append(api.get(path)["status"])
        assert seen == ["active"] * 6 + ["disabled"]
        assert (deliver(200), len(receiver.got)) == (0, 7)
        assert api.ids("/webhooks", status="disabled") == [made["id"]]
        assert api.put(path, {"status": "active"})["status"] == "active"
        assert deliver(200) == 1

    @pytest.mark.parametrize("status", [200, 204, 301, 302])
    def test_successes_forget_failures(self, api: Any, hook: Any, deliver: Any, status: int) -> None:
        made = hook("product.updated")
        for answer in (*[500] * 6, status, *[404] * 6):
            deliver(answer)
        assert api.get(f"/webhooks/{made['id']}")["status"] == "active"

    def test_a_server_that_is_gone_counts_as_failure(self, api: Any, cron: Any, hook: Any, shop: Any) -> None:
        made = api.post("/webhooks", {"topic": "product.created", "delivery_url": "http://127.0.0.1:9/x"})
        api.product()
        assert (cron(), shop.webhooks[made["id"]].failures) == (1, 1)


def test_hooks_are_listed_changed_and_deleted(api: Any, hook: Any) -> None:
    first, second = hook("order.updated"), hook("product.updated")
    assert api.ids("/webhooks") == [second["id"], first["id"]]
    path = f"/webhooks/{first['id']}"
    changed = api.put(path, {"name": "N", "status": "paused", "topic": "order.created"})
    assert (changed["name"], changed["status"], changed["topic"]) == ("N", "paused", "order.created")
    assert api.ids("/webhooks", status="paused", search="n") == [first["id"]]
    assert api.refused("DELETE", path) == (501, "woocommerce_rest_trash_not_supported")
    api.delete(path, force=True)
    assert api.refused("GET", path) == (404, "woocommerce_rest_shop_webhook_invalid_id")


def test_a_batch_of_hooks_pings_each(api: Any, receiver: Any) -> None:
    create = [{"topic": "order.updated", "delivery_url": f"{receiver.url}/{name}"} for name in "ab"]
    api.post("/webhooks/batch", {"create": create})
    assert [name for name, _, _ in receiver.got] == ["a", "b"]
