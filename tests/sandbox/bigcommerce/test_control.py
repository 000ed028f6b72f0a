"""Control actions and the page: shoppers' orders, the owner's edits, switches, beginning anew."""

from typing import Any

import pytest

from sandbox.bigcommerce.shop import Shop


@pytest.mark.parametrize(
    ("body", "status", "named"),
    [
        ({"items": [{"sku": "HAT", "quantity": 6}]}, 409, "only 5"),
        ({"items": [{"sku": "NONE", "quantity": 1}]}, 409, "NONE"),
        ({"items": [{"sku": "HIDDEN", "quantity": 1}]}, 409, "HIDDEN"),
        ({"items": []}, 409, "empty"),
        ({"items": [{"sku": "HAT"}]}, 400, "quantity"),
        ({"items": [{"sku": "HAT", "quantity": 1}], "stage": "later"}, 400, "stage"),
        ({"items": [{"sku": "HAT", "quantity": 1}], "status_id": 15}, 400, "status_id"),
        ({"items": [{"sku": "HAT", "quantity": 1}], "coupon": "free"}, 409, "free"),
        ({"items": [{"sku": "HAT", "quantity": 1}], "shipping": "much"}, 400, "much"),
        ({"items": [{"sku": "HAT", "quantity": 1}], "customer_id": 7}, 409, "customer"),
        ([], 400, "object"),
    ],
)
def test_what_cannot_be_sold(api: Any, body: object, status: int, named: str) -> None:
    api.hat(stock=5)
    api.product("Hidden", sku="HIDDEN", is_visible=False)
    answer = api.client.post("/_sandbox/order", json=body)
    assert (answer.status_code, named in answer.json["error"]) == (status, True)
    assert (api.call("GET", "/v2/orders").status_code, api.on_hand()) == (204, {"HAT": 5})


def test_the_owner_edits_rekeys_counts_and_deletes(api: Any) -> None:
    hat, shirt = api.hat(stock=5), api.shirt("M", "L")
    assert api.control("edit", {"sku": "HAT", "changes": {"name": "Cap", "sku": "CAP"}})["sku"] == "CAP"
    changed = api.control("edit", {"sku": "SHIRT-M", "changes": {"sku": "TEE-M", "price": 3}})
    assert (changed["sku"], changed["price"]) == ("TEE-M", 3)
    api.control("edit", {"id": hat["id"], "changes": {"is_visible": False}})
    api.control("stock", {"sku": "TEE-M", "quantity": 7})
    assert api.on_hand() == {"CAP": 5, "TEE-M": 7, "SHIRT-L": 0}
    api.control("delete", {"sku": "TEE-M"})
    assert [row["sku"] for row in api.rows(f"/v3/catalog/products/{shirt['id']}/variants")] == ["SHIRT-L"]
    api.control("delete", {"id": hat["id"]})
    assert [row["name"] for row in api.rows("/v3/catalog/products")] == ["Shirt"]


@pytest.mark.parametrize(
    ("action", "body", "status", "named"),
    [
        ("edit", {"sku": "NONE", "changes": {"price": 1}}, 400, "NONE"),
        ("edit", {"sku": "HAT", "changes": {}}, 400, "changes"),
        ("edit", {"sku": "HAT", "changes": {"colour": "red"}}, 400, "colour"),
        ("edit", {"sku": "HAT", "changes": {"price": "1"}}, 409, "price"),
        ("edit", {"sku": "HAT", "change": {}}, 400, "change"),
        ("stock", {"sku": "HAT", "quantity": "1"}, 400, "quantity"),
        ("stock", {"sku": "HAT", "quantity": 1, "location_id": 7}, 400, "location"),
        ("stock", {"sku": "MUG", "quantity": 1}, 400, "no stock"),
        ("cancel", {"order_id": 7}, 409, "not found"),
        ("status", {"order_id": 1001, "status_id": 15}, 400, "status_id"),
        ("refund", {"order_id": 1001, "items": [{"sku": "HAT", "quantity": 9}]}, 400, "HAT"),
        ("cancel", {"order_id": 1001, "restock": "yes"}, 400, "restock"),
        ("switches", {"lights": True}, 400, "lights"),
        ("switches", {"maintenance": 1}, 400, "maintenance"),
        ("settings", {"update_stock_behavior": "never"}, 409, "update_stock_behavior"),
        ("settings", {"colour": "red"}, 409, "colour"),
        ("keys", {"scopes": "all"}, 400, "scopes"),
    ],
)
def test_actions_say_what_is_wrong(api: Any, action: str, body: object, status: int, named: str) -> None:
    api.hat()
    api.product("Mug", sku="MUG")
    api.control("order", {"items": [{"sku": "HAT", "quantity": 1}]})
    answer = api.client.post(f"/_sandbox/{action}", json=body)
    assert (answer.status_code, named in answer.json["error"]) == (status, True), answer.json


def test_the_panel_gives_an_order_a_status(api: Any) -> None:
    api.hat()
    order = api.control("order", {"items": [{"sku": "HAT", "quantity": 1}]})
    assert api.control("status", {"order_id": order["id"], "status_id": 12})["status"] == "Manual Verification Required"


def test_state_tells_of_every_change_and_reset_begins_anew(api: Any, shop: Shop) -> None:
    before = api.client.get("/_sandbox/state").json
    hat = api.hat()
    row = {"location_id": 1, "product_id": hat["id"], "quantity": 1}
    api.put("/v3/inventory/adjustments/absolute", {"reason": "count", "items": [row]})
    api.control("faults", {"kind": "hang"})
    state = api.client.get("/_sandbox/state").json
    assert (state["products"], state["waiting_adjustments"], state["faults"]) == (1, 1, 1)
    assert state["changes"] > before["changes"]
    api.control("switches", {"maintenance": True})
    assert api.control("reset")["products"] == 0
    assert api.rows("/v3/catalog/products") == []
    assert api.client.get("/_sandbox/state").json["faults"] == 0


def test_the_page_shows_products_variants_orders_hooks_and_faults(api: Any, receiver: Any) -> None:
    hat = api.hat()
    api.post(f"/v3/catalog/products/{hat['id']}/images", {"image_url": f"{receiver.url}/pictures/hat.png"})
    api.put(f"/v3/catalog/products/{hat['id']}", {"name": "<script>x</script>Hat"})
    api.shirt("M")
    api.post("/v3/hooks", {"scope": "store/product/created", "destination": f"{receiver.tls_url}/x"})
    api.control("order", {"items": [{"sku": "HAT", "quantity": 1}]})
    api.put(
        "/v3/inventory/adjustments/absolute",
        {"items": [{"location_id": 1, "product_id": hat["id"], "quantity": 1}]},
    )
    api.control("faults", {"kind": "hang", "path": "/orders"})
    page = api.client.get("/").text
    shown = (
        "/s-sandbox1/products/",
        "SHIRT-M",
        "Awaiting Fulfillment",
        "store/product/created",
        "hang",
        "on their way",
    )
    assert [text for text in shown if text not in page] == []
    assert "<script>x" not in page
    assert 'data-body="{&#34;items&#34;: [{&#34;sku&#34;: &#34;SHIRT-M&#34;' in page


def test_the_page_of_an_empty_store(api: Any) -> None:
    assert "None yet." in api.client.get("/").text
