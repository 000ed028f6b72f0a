"""Refunds (facts/woocommerce.md, "Refunds")."""

from typing import Any

import pytest


@pytest.fixture
def product(api: Any) -> Any:
    return api.product(manage_stock=True, stock_quantity=10)


@pytest.fixture
def order(api: Any, product: Any) -> Any:
    return api.post("/orders", {"set_paid": True, "line_items": [{"product_id": product["id"], "quantity": 2}]})


@pytest.fixture
def refund(api: Any, order: Any) -> Any:
    line = order["line_items"][0]["id"]

    def refund(**fields: object) -> Any:
        lines = [{"id": line, "quantity": 1, "refund_total": "10.00"}]
        return {"amount": "10.00", "api_refund": False, "line_items": lines, **fields}

    return refund


def stock_of(api: Any, product: Any) -> int:
    quantity: int = api.get(f"/products/{product['id']}")["stock_quantity"]
    return quantity


def test_a_refund_is_negative_names_its_line_and_restocks(api: Any, order: Any, refund: Any, product: Any) -> None:
    made = api.post(f"/orders/{order['id']}/refunds", refund(reason="broken"))
    [line] = made["line_items"]
    assert (made["amount"], made["reason"], made["parent_id"]) == ("10.00", "broken", order["id"])
    assert (line["quantity"], line["total"], line["refund_total"]) == (-1, "-10.00", 10.0)
    assert [(row["key"], row["value"]) for row in line["meta_data"]] == [
        ("_refunded_item_id", str(order["line_items"][0]["id"]))
    ]
    assert stock_of(api, product) == 9
    changed = api.get(f"/orders/{order['id']}")
    assert (changed["status"], changed["total"]) == ("processing", "20.00")
    assert changed["refunds"] == [{"id": made["id"], "reason": "broken", "total": "-10.00"}]


def test_restocking_can_be_left_out(api: Any, order: Any, refund: Any, product: Any) -> None:
    api.post(f"/orders/{order['id']}/refunds", refund(api_restock=False))
    assert stock_of(api, product) == 8


def test_no_more_is_restocked_than_was_taken(api: Any, order: Any, refund: Any, product: Any) -> None:
    lines = [{"id": order["line_items"][0]["id"], "quantity": 5, "refund_total": "1"}]
    api.post(f"/orders/{order['id']}/refunds", refund(amount="1.00", line_items=lines))
    assert stock_of(api, product) == 10


def test_an_amount_alone_has_no_lines_and_all_of_it_refunds_the_order(api: Any, order: Any, product: Any) -> None:
    made = api.post(f"/orders/{order['id']}/refunds", {"amount": "20.00", "api_refund": False})
    assert (made["line_items"], api.get(f"/orders/{order['id']}")["status"]) == ([], "refunded")
    assert stock_of(api, product) == 8


def test_lines_alone_make_the_amount(api: Any, order: Any, refund: Any) -> None:
    assert api.post(f"/orders/{order['id']}/refunds", refund(amount=None))["amount"] == "10.00"


@pytest.mark.parametrize(
    "fields", [{"amount": "20.01"}, {"api_refund": True}, {"line_items": [{"id": 999, "quantity": 1}]}]
)
def test_refusals_are_500_with_a_bare_number(api: Any, order: Any, refund: Any, fields: dict[str, Any]) -> None:
    answer = api.call("POST", f"/orders/{order['id']}/refunds", json=refund(**fields))
    assert (answer.status_code, answer.json["code"]) == (500, "woocommerce_rest_cannot_create_order_refund")
    assert answer.json["data"] == 500
    assert api.get(f"/orders/{order['id']}/refunds") == []


def test_the_gateway_is_charged_by_default(api: Any, product: Any) -> None:
    lines = [{"product_id": product["id"]}]
    paid = api.post("/orders", {"set_paid": True, "payment_method": "sandbox_card", "line_items": lines})
    assert api.post(f"/orders/{paid['id']}/refunds", {"amount": "1.00"})["refunded_payment"] is True
    cod = api.post("/orders", {"set_paid": True, "payment_method": "cod", "line_items": lines})
    assert api.refused("POST", f"/orders/{cod['id']}/refunds", {"amount": "1.00"})[0] == 500


def test_missing_orders_and_negative_amounts(api: Any, order: Any) -> None:
    answer = api.call("POST", "/orders/99/refunds", json={"amount": "1"})
    assert (answer.status_code, answer.json["code"], answer.json["data"]) == (
        404,
        "woocommerce_rest_invalid_order_id",
        404,
    )
    body = {"amount": "-1", "api_refund": False}
    assert api.refused("POST", f"/orders/{order['id']}/refunds", body) == (400, "woocommerce_rest_invalid_order_refund")
    assert api.refused("POST", f"/orders/{order['id']}/refunds", {"amount": 1}) == (400, "rest_invalid_param")


def test_refunds_are_listed_read_and_deleted(api: Any, order: Any, refund: Any) -> None:
    path = f"/orders/{order['id']}/refunds"
    first, second = (api.post(path, refund(amount="1.00"))["id"] for _ in range(2))
    assert api.ids(path) == [second, first]
    assert [(row["id"], row["parent_id"]) for row in api.get("/refunds", order="asc")] == [
        (first, order["id"]),
        (second, order["id"]),
    ]
    assert api.get("/refunds", after="2026-01-15T12:00:00Z") == []
    api.delete(f"{path}/{first}")
    assert api.refused("GET", f"{path}/{first}") == (404, "woocommerce_rest_shop_order_refund_invalid_id")
    assert api.ids("/refunds") == [second]
