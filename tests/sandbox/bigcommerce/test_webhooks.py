"""Web hooks: what may be registered, what is delivered, and when they fall silent."""

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest

from sandbox.bigcommerce.hooks.model import RETRY_AFTER_SECONDS
from sandbox.bigcommerce.settings import Settings
from sandbox.bigcommerce.shop import Shop
from sandbox.common.clock import ManualClock

HOOKS = "/v3/hooks"
BODY = {"scope": "store/order/*", "destination": "https://app.test/x", "is_active": True}
DAY = 86_400


@pytest.fixture
def listen(api: Any, receiver: Any) -> Any:
    """Register a hook that delivers to the receiver."""

    def listen(scope: str = "store/product/created", **fields: Any) -> Any:
        return api.post(HOOKS, {"scope": scope, "destination": f"{receiver.tls_url}/hook", **fields})

    return listen


def told(receiver: Any) -> list[Any]:
    return [json.loads(body) for _, _, body in receiver.got]


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"scope": "order/created"}, 400),
        ({"destination": "http://app.test/x"}, 400),
        ({"destination": "nowhere"}, 400),
        ({"destination": None}, 422),
        ({"scope": 7}, 422),
    ],
)
def test_what_cannot_be_registered(api: Any, changes: dict[str, Any], status: int) -> None:
    assert api.refused("POST", HOOKS, {**BODY, **changes})[0] == status
    assert api.rows(HOOKS) == []


def test_only_port_443_where_nothing_else_is_said(api: Any, shop: Shop) -> None:
    shop.settings = Settings(accounts=shop.settings.accounts)
    assert api.refused("POST", HOOKS, {**BODY, "destination": "https://app.test:8443/x"})[0] == 400
    api.post(HOOKS, {**BODY, "destination": "https://app.test:443/x"})


def test_one_for_each_scope_and_destination_and_ten_for_each_scope(api: Any) -> None:
    first = api.post(HOOKS, BODY)
    assert api.refused("POST", HOOKS, BODY) == (409, "destination")
    for number in range(9):
        api.post(HOOKS, {**BODY, "destination": f"https://app.test/{number}"})
    assert api.refused("POST", HOOKS, {**BODY, "destination": "https://app.test/more"}) == (422, "scope")
    api.post(HOOKS, {**BODY, "scope": "store/product/*"})
    assert api.refused("PUT", f"{HOOKS}/{first['id']}", {"destination": "https://app.test/1"}) == (409, "destination")
    assert api.rows(HOOKS, destination=BODY["destination"], scope=BODY["scope"])[0] == first


def test_only_the_account_that_made_one_can_see_it(api: Any) -> None:
    made = api.post(HOOKS, {**BODY, "headers": {"X-Secret": "s"}})
    other = api.control("keys")["token"]
    assert api.call("GET", HOOKS, other).json["data"] == []
    assert api.call("DELETE", f"{HOOKS}/{made['id']}", other).status_code == 404
    assert api.call("POST", HOOKS, other, json=BODY).status_code == 200
    assert api.rows(HOOKS)[0]["headers"] == {"X-Secret": "s"}
    assert api.delete(f"{HOOKS}/{made['id']}", 200)["data"] == made
    assert api.rows(HOOKS) == []


def test_a_delivery_has_ids_the_hooks_own_headers_and_a_signature(
    api: Any, receiver: Any, listen: Any, cron: Any
) -> None:
    listen("store/product/*", headers={"X-Secret": "s"})
    product = api.product(sku="HAT")
    assert cron() == 1
    ((_, headers, body),) = receiver.got
    (message,) = told(receiver)
    assert message["data"] == {"type": "product", "id": product["id"]}
    assert (message["scope"], message["producer"]) == ("store/product/created", "stores/sandbox1")
    assert (len(message["hash"]), message["store_id"], message["created_at"]) == (40, "1001", 1_768_478_400)
    assert headers["X-Secret"] == "s"
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    digest = hmac.new(b"secret_test", signed, hashlib.sha256).digest()
    assert headers["webhook-signature"] == f"v1,{base64.b64encode(digest).decode()}"


def test_an_unchanged_event_repeats_its_hash(
    api: Any, receiver: Any, listen: Any, cron: Any, clock: ManualClock
) -> None:
    product = api.product()
    listen("store/product/updated")
    for price in (1, 2):
        api.put(f"/v3/catalog/products/{product['id']}", {"price": price})
        clock.sleep(60)
    cron()
    first, second = told(receiver)
    assert first["hash"] == second["hash"]
    assert first["created_at"] != second["created_at"]


def test_what_an_order_tells(api: Any, receiver: Any, listen: Any, cron: Any) -> None:
    for scope in ("store/order/*", "store/order/refund/created", "store/shipment/*"):
        listen(scope)
    api.hat()
    begun = api.control("order", {"items": [{"sku": "HAT", "quantity": 1}], "stage": "incomplete"})
    api.control("order", {"order_id": begun["id"]})
    api.control("ship", {"order_id": begun["id"]})
    made = api.control("refund", {"order_id": begun["id"]})
    cron()
    by_scope: dict[str, list[Any]] = {}
    for message in told(receiver):
        by_scope.setdefault(message["scope"], []).append(message["data"])
    assert {scope: len(rows) for scope, rows in by_scope.items()} == {
        "store/order/created": 1,
        "store/order/updated": 3,
        "store/order/statusUpdated": 3,
        "store/order/refund/created": 2,
        "store/shipment/created": 1,
    }
    statuses = {tuple(row["status"].values()) for row in by_scope["store/order/statusUpdated"]}
    assert statuses == {(0, 11), (11, 2), (2, 4)}
    assert by_scope["store/order/refund/created"][0]["refund"] == {"refund_id": made["id"]}


def test_stock_tells_apart_who_moved_it(api: Any, receiver: Any, listen: Any, cron: Any) -> None:
    hat, shirt = api.hat(), api.shirt("M")
    for kind in ("product", "sku"):
        listen(f"store/{kind}/inventory/updated")
        listen(f"store/{kind}/inventory/order/updated")
    listen("store/channel/1/inventory/product/stock_changed")
    rows = [
        {"location_id": 1, "product_id": hat["id"], "quantity": 8},
        {"location_id": 1, "variant_id": shirt["variants"][0]["id"], "quantity": 9},
    ]
    api.put("/v3/inventory/adjustments/absolute", {"reason": "count", "items": rows})
    api.control("settle")
    cron()
    ours = {row["scope"]: row["data"].get("inventory") for row in told(receiver)}
    assert ours["store/product/inventory/updated"] == {"product_id": hat["id"], "method": "absolute", "value": 8}
    assert ours["store/sku/inventory/updated"]["value"] == 9
    assert "store/sku/inventory/order/updated" not in ours
    receiver.got.clear()
    api.control("order", {"items": [{"sku": "SHIRT-M", "quantity": 2}]})
    cron()
    sold = {row["scope"]: row["data"].get("inventory") for row in told(receiver)}
    assert sold["store/sku/inventory/order/updated"]["value"] == -2
    assert sold["store/sku/inventory/updated"]["method"] == "relative"
    assert "store/channel/1/inventory/product/stock_changed" in sold


def test_what_did_not_arrive_is_tried_again_for_two_days(
    api: Any, receiver: Any, listen: Any, cron: Any, clock: ManualClock
) -> None:
    hook = listen()
    api.product()
    receiver.status = 500
    assert (cron(), cron()) == (1, 0)
    for seconds in RETRY_AFTER_SECONDS:
        assert api.rows(f"{HOOKS}/{hook['id']}")["is_active"] is True
        clock.sleep(seconds - 1)
        assert cron() == 0
        clock.sleep(1)
        assert cron() == 1
    assert api.rows(f"{HOOKS}/{hook['id']}")["is_active"] is False
    receiver.status = 200
    api.put(f"{HOOKS}/{hook['id']}", {"is_active": True})
    api.product("Next")
    assert cron() == 1


def test_a_client_that_fails_too_often_is_left_alone_for_three_minutes(
    api: Any, receiver: Any, listen: Any, cron: Any, clock: ManualClock
) -> None:
    listen("store/product/updated")
    product = api.product()
    listen("store/product/created")
    receiver.status = 500
    for price in range(101):
        api.put(f"/v3/catalog/products/{product['id']}", {"price": price})
    assert cron() == 100
    receiver.status = 200
    clock.sleep(120)
    api.product("Next")  # of another scope, to the same host
    assert cron() == 0
    clock.sleep(60)
    assert cron() == 102


def test_ninety_quiet_days_switch_a_hook_off(api: Any, listen: Any, cron: Any, clock: ManualClock) -> None:
    listen()
    clock.sleep(89 * DAY)
    api.product("A")
    clock.sleep(89 * DAY)
    assert api.rows(HOOKS, is_active="true") != []
    clock.sleep(DAY)
    assert [row["is_active"] for row in api.rows(HOOKS)] == [False]
    cron()
    api.product("B")
    assert cron() == 0


def test_a_new_hook_may_take_a_minute(api: Any, listen: Any, cron: Any, clock: ManualClock) -> None:
    api.control("switches", {"hook_delay_seconds": 60})
    listen()
    api.product("A")
    clock.sleep(60)
    api.product("B")
    assert cron() == 1


def test_hooks_can_be_switched_off_and_deliveries_lost(api: Any, receiver: Any, listen: Any, cron: Any) -> None:
    listen()
    api.product("A")
    assert api.control("cron", {"lose": True}) == {"lost": 1}
    assert api.control("cron") == {"delivered": 0}
    assert api.control("hooks_off") == {"off": 1}
    api.product("B")
    assert (cron(), api.rows(HOOKS)[0]["is_active"]) == (0, False)
