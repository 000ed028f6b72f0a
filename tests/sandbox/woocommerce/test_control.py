"""Control actions and the page: shoppers' orders, cron, switches."""

from typing import Any

import pytest

from sandbox.woocommerce.shop import Shop


@pytest.fixture
def sell(api: Any) -> Any:
    def sell(**body: object) -> Any:
        return api.client.post("/_sandbox/order", json=body)

    return sell


@pytest.fixture
def hat(api: Any) -> Any:
    return api.product(name="Hat & Cap", sku="HAT", manage_stock=True, stock_quantity=2)


def test_a_shopper_buys(api: Any, sell: Any, hat: Any) -> None:
    order = sell(
        items=[{"sku": "HAT", "quantity": 1}], coupon="tenoff", shipping="4.90", billing={"email": "a@b.test"}
    ).json
    assert (order["status"], order["created_via"], order["date_paid"]) == ("processing", "store-api", None)
    assert (order["total"], order["payment_method"], order["billing"]["email"]) == ("13.90", "cod", "a@b.test")
    assert api.get(f"/products/{hat['id']}")["stock_quantity"] == 1
    assert sell(items=[{"sku": "HAT", "quantity": 1}], payment_method="sandbox_card").json["date_paid"] is not None


def test_a_shopper_may_stop_at_the_checkout(
    api: Any, sell: Any, hat: Any, shop: Shop, cron: Any, receiver: Any
) -> None:
    for topic in ("order.created", "order.updated"):
        api.post("/webhooks", {"topic": topic, "delivery_url": f"{receiver.url}/{topic}"})
    receiver.got.clear()
    draft = sell(items=[{"sku": "HAT", "quantity": 1}], stage="draft").json
    assert (draft["status"], api.ids("/orders")) == ("checkout-draft", [draft["id"]])
    assert api.get(f"/products/{hat['id']}")["stock_quantity"] == 2
    cron()
    assert [name for name, _, _ in receiver.got] == ["order.updated"]
    placed = sell(order_id=draft["id"]).json
    assert (placed["id"], placed["status"]) == (draft["id"], "processing")
    cron()
    assert sorted(name for name, _, _ in receiver.got[1:]) == ["order.created", "order.updated"]
    assert sell(order_id=draft["id"]).status_code == 409


@pytest.mark.parametrize(
    ("body", "status", "named"),
    [
        ({"items": [{"sku": "HAT", "quantity": 3}]}, 409, "only 2"),
        ({"items": [{"sku": "NONE", "quantity": 1}]}, 409, "NONE"),
        ({"items": []}, 409, "empty"),
        ({"items": [{"sku": "HAT"}]}, 400, "quantity"),
        ({"items": [{"sku": "HAT", "quantity": 1}], "stage": "later"}, 400, "stage"),
        ({"items": [{"sku": "HAT", "quantity": 1}], "payment_method": "gold"}, 409, "gold"),
        ({"items": [{"sku": "HAT", "quantity": 1}], "coupon": "free"}, 409, "free"),
        ({"items": [{"sku": "HAT", "quantity": 1}], "shipping": "much"}, 400, "much"),
        ([], 400, "object"),
    ],
)
def test_what_cannot_be_sold(api: Any, hat: Any, body: object, status: int, named: str) -> None:
    answer = api.client.post("/_sandbox/order", json=body)
    assert (answer.status_code, named in answer.json["error"]) == (status, True)
    assert api.ids("/orders") == []


def test_shoppers_cannot_oversell_even_when_both_reached_the_checkout(api: Any, sell: Any, hat: Any) -> None:
    drafts = [sell(items=[{"sku": "HAT", "quantity": 2}], stage="draft").json["id"] for _ in range(2)]
    assert [sell(order_id=draft).status_code for draft in drafts] == [200, 409]
    assert api.get(f"/products/{hat['id']}")["stock_quantity"] == 0


def test_what_is_out_of_stock_is_not_sold(api: Any, sell: Any) -> None:
    api.product(sku="GONE", stock_status="outofstock")
    assert sell(items=[{"sku": "GONE", "quantity": 1}]).status_code == 409


def test_switches(api: Any, shop: Shop) -> None:
    url = "/_sandbox/switches"
    assert api.client.post(url, json={"brands": False, "redirect_to": "https://x.test"}).json["brands"] is False
    assert (shop.switches.brands, shop.switches.redirect_to) == (False, "https://x.test")
    assert api.client.get(url).json["maintenance"] is False
    for body, named in ({"maintenance": True, "lights": True}, "lights"), ({"maintenance": "yes"}, "maintenance"):
        answer = api.client.post(url, json=body)
        assert (answer.status_code, answer.json["error"].startswith(named)) == (400, True)
    assert shop.switches.maintenance is False


def test_keys_are_made_and_revoked(api: Any) -> None:
    made = api.client.post("/_sandbox/keys", json={"permissions": "read", "role": "shop_manager"}).json
    auth = (made["key"], made["secret"])
    assert [api.call(method, "/products", auth=auth, json={}).status_code for method in ("GET", "POST")] == [200, 401]
    assert api.client.delete(f"/_sandbox/keys/{made['key']}").json == {"keys": 1}
    assert api.call("GET", "/products", auth=auth).json["code"] == "woocommerce_rest_cannot_view"
    assert api.client.delete(f"/_sandbox/keys/{made['key']}").status_code == 400
    assert api.client.post("/_sandbox/keys", json={"role": "king"}).json["error"].startswith("role: 'king'")


def test_cron_and_state(api: Any, receiver: Any) -> None:
    api.post("/webhooks", {"topic": "product.created", "delivery_url": f"{receiver.url}/x"})
    before = api.client.get("/_sandbox/state").json
    api.product()
    state = api.client.get("/_sandbox/state").json
    assert (state["products"], state["waiting_deliveries"], state["calls"]) == (1, 1, 2)
    assert state["changes"] > before["changes"]
    assert api.client.post("/_sandbox/cron").json == {"delivered": 1}


def test_deliveries_may_never_come(api: Any, receiver: Any) -> None:
    api.post("/webhooks", {"topic": "product.created", "delivery_url": f"{receiver.url}/x"})
    receiver.got.clear()
    api.product()
    assert api.client.post("/_sandbox/cron", json={"lose": True}).json == {"lost": 1}
    assert api.client.post("/_sandbox/cron").json == {"delivered": 0}
    assert receiver.got == []
    assert "lost" in api.client.post("/_sandbox/cron", json={"lost": True}).json["error"]


def test_the_page_shows_products_variations_orders_hooks_and_faults(
    api: Any, receiver: Any, sell: Any, hat: Any
) -> None:
    api.put(f"/products/{hat['id']}", {"images": [{"src": f"{receiver.url}/hat.png"}]})
    shirt = api.product(
        name="<script>x</script>Shirt",
        type="variable",
        attributes=[{"name": "Size", "variation": True, "options": ["S"]}],
    )
    attributes = [{"name": "Size", "option": "S"}]
    api.post(f"/products/{shirt['id']}/variations", {"sku": "SHIRT-S", "regular_price": "7", "attributes": attributes})
    api.post("/webhooks", {"topic": "product.created", "delivery_url": f"{receiver.url}/x"})
    sell(items=[{"sku": "HAT", "quantity": 1}])
    api.client.post("/_sandbox/faults", json={"kind": "hang", "path": "/orders"})
    page = api.client.get("/").text
    shown = (
        "Hat &amp; Cap",
        "/wp-content/uploads/2026/01/hat.png",
        "SHIRT-S",
        "processing",
        "store-api",
        "product.created",
        "hang",
    )
    assert [text for text in shown if text not in page] == []
    assert "<script>x" not in page
    assert 'data-body="{&#34;items&#34;: [{&#34;sku&#34;: &#34;SHIRT-S&#34;' in page


def test_the_page_of_an_empty_shop(api: Any) -> None:
    assert "None yet." in api.client.get("/").text
