"""Control actions and the page."""

from typing import Any

import pytest

from sandbox.common.clock import ManualClock


def test_the_owner_edits_deletes_renames_and_counts(api: Any, clock: ManualClock) -> None:
    made = api.product("A")
    clock.sleep(60)
    assert api.control("/edit", {"sku": "A", "changes": {"name": "New"}})["updated_at"] == "2026-01-15 12:01:00"
    assert api.control("/sku", {"id": made["id"], "new": "B"})["sku"] == "B"
    assert (api.get("/products/B")["id"], api.on_hand("B"), api.on_hand("A")) == (made["id"], {"default": (5, 1)}, {})
    assert api.control("/stock", {"sku": "B", "quantity": 0})["extension_attributes"]["stock_item"]["qty"] == 0
    assert api.on_hand("B") == {"default": (0, 0)}
    api.switch(multi_source=False)
    assert api.control("/stock", {"sku": "B", "quantity": 4})["extension_attributes"]["stock_item"]["qty"] == 4
    assert api.control("/delete", {"sku": "B"}) is True
    assert api.client.get("/_sandbox/calls").json["by_route"] == {
        "POST /rest/V1/products": 1, "GET /rest/V1/products/{sku}": 1, "GET /rest/V1/inventory/source-items": 3,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("path", "body", "status", "named"),
    [
        ("/edit", {"sku": "A"}, 400, "changes"),
        ("/edit", {"sku": "NONE", "changes": {"name": "x"}}, 409, "doesn't exist"),
        ("/edit", {"sku": "A", "changes": {"nam": "x"}}, 409, '"Nam" is not supported'),
        ("/edit", {"id": 99, "changes": {"name": "x"}}, 400, "id 99"),
        ("/edit", {"sku": "A", "new": "x"}, 400, "new: no such field"),
        ("/sku", {"sku": "A", "new": "B"}, 400, "new: 'B'"),
        ("/stock", {"sku": "A"}, 400, "quantity"),
        ("/stock", {"sku": "A", "quantity": 1, "source": "none"}, 409, "Could not save"),
        ("/order", {"items": []}, 400, "items"),
        ("/order", {"items": [{"sku": "A", "quantity": 9}]}, 409, "not available"),
        ("/order", {"items": [{"sku": "A", "quantity": 1}], "discount_percent": "much"}, 400, "much"),
        ("/ship", {"order_id": 99}, 409, "doesn't exist"),
        ("/switches", {"lights": True}, 400, "lights"),
        ("/switches", {"consumer": "yes"}, 400, "consumer"),
        ("/switches", {"generation": "1.9"}, 400, "generation"),
        ("/integrations/9/activate", {}, 400, "integration 9"),
        ("/integrations", {"resources": "all"}, 400, "resources"),
        ("/integrations", [], 400, "object"),
    ],
)
def test_what_is_asked_wrongly(api: Any, path: str, body: Any, status: int, named: str) -> None:
    api.product("A")
    api.product("B")
    answer = api.client.post(f"/_sandbox{path}", json=body)
    assert (answer.status_code, named in answer.json["error"]) == (status, True)


def test_the_shops_people_handle_orders(api: Any) -> None:
    api.product("A", 9)
    number = api.order(("A", 3), paid=True, pickup_location="two")["entity_id"]
    shipped = api.control("/ship", {"order_id": number, "items": {"A": 2}})
    assert (shipped["items"][0]["qty_shipped"], shipped["extension_attributes"]["pickup_location_code"]) == (2, "two")
    refunded = api.control("/refund", {"order_id": number, "items": {"A": 3}, "restock": True, "shipping_amount": 5})
    assert (refunded["total_refunded"], api.on_hand("A"), api.salable("A")) == (65, {"default": (9, 1)}, 9)
    other = api.order(("A", 1))["entity_id"]
    assert api.control("/invoice", {"order_id": other})["state"] == "processing"
    again = api.client.post("/_sandbox/cancel", json={"order_id": other})
    assert (again.status_code, "cannot be cancelled" in again.json["error"]) == (400, True)
    wrong = api.client.post("/_sandbox/ship", json={"order_id": other, "items": {"X": 1}})
    assert (wrong.status_code, "SKU 'X'" in wrong.json["error"]) == (400, True)


def test_a_reset_empties_the_shop_and_keeps_who_is_let_in(api: Any) -> None:
    api.product("A")
    api.order(("A", 1))
    api.control("/faults", {"kind": "hang"})
    state = api.control("/reset")
    assert (state["products"], state["orders"], state["integrations"]) == (0, 0, 1)
    assert api.client.get("/_sandbox/state").json["calls"] == 0
    assert api.product("A")["id"] == 1


def test_the_state_changes_with_the_data(api: Any) -> None:
    before = api.client.get("/_sandbox/state").json
    api.product("A")
    after = api.client.get("/_sandbox/state").json
    assert (after["products"], after["changes"] > before["changes"]) == (1, True)
    assert api.client.get("/_sandbox/switches").json["generation"] == "2.4.7"


def test_the_page_shows_products_orders_and_integrations(api: Any) -> None:
    api.product("HAT", name="<script>x</script>Hat")
    api.order(("HAT", 1))
    api.control("/integrations", {"name": "Partner", "callback_url": "https://app.test/activate"})
    api.control("/faults", {"kind": "hang", "path": "/orders"})
    page = api.client.get("/").text
    shown = ("HAT", "20.00", "default 5", "new", "Partner", "https://app.test/activate", "hang", "2.4.7")
    assert [text for text in shown if text not in page] == []
    assert "<script>x" not in page
    assert 'data-body="{&#34;items&#34;: [{&#34;sku&#34;: &#34;HAT&#34;' in page


def test_the_page_of_an_empty_shop(api: Any) -> None:
    assert "None yet." in api.client.get("/").text
