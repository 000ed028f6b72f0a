"""Orders, shipments and refunds, and what they do to stock."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from sandbox.bigcommerce.settings import Settings
from sandbox.bigcommerce.shop import Shop
from sandbox.common.clock import ManualClock

ORDERS = "/v2/orders"


def lines(api: Any, order: Any) -> list[Any]:
    rows: list[Any] = api.get(f"{ORDERS}/{order['id']}/products")
    return rows


@pytest.fixture
def sold(api: Any) -> Any:
    """Sell two of five hats."""
    api.hat(stock=5)
    return api.control("order", {"items": [{"sku": "HAT", "quantity": 2}], "billing": {"email": "a@b.test"}})


def test_an_order_as_v2_writes_it(api: Any, sold: Any) -> None:
    (order,) = api.get(ORDERS)
    assert (order["status_id"], order["status"]) == (11, "Awaiting Fulfillment")
    assert (order["total_inc_tax"], order["refunded_amount"]) == ("20.0000", "0.0000")
    assert order["date_created"] == "Thu, 15 Jan 2026 12:00:00 +0000"
    assert order["billing_address"]["email"] == "a@b.test"
    assert order["products"]["resource"] == f"/orders/{sold['id']}/products"
    (line,) = lines(api, sold)
    assert (line["sku"], line["quantity"], line["price_inc_tax"], line["total_tax"]) == ("HAT", 2, "10.0000", "0.0000")
    assert line["order_address_id"] == api.get(f"{ORDERS}/{sold['id']}/shipping_addresses")[0]["id"]
    assert sold["consignments"]["shipping"][0]["line_items"] == [line]


@pytest.mark.parametrize(("inclusive", "ex", "inc"), [(False, "24.1000", "26.2400"), (True, "22.1400", "24.1000")])
def test_sums_with_tax_coupon_and_shipping(
    api: Any, shop: Shop, settings: Settings, *, inclusive: bool, ex: str, inc: str
) -> None:
    shop.settings = replace(settings, tax_percent=Decimal("8.875"), prices_include_tax=inclusive)
    api.hat()
    order = api.control("order", {"items": [{"sku": "HAT", "quantity": 2}], "coupon": "TENOFF", "shipping": "6.10"})
    assert (order["total_ex_tax"], order["total_inc_tax"], order["coupon_discount"]) == (ex, inc, "2.0000")
    assert order["is_tax_inclusive_pricing"] is inclusive
    (line,) = lines(api, order)
    assert [(row["code"], row["amount"]) for row in line["applied_discounts"]] == [("TENOFF", "2.0000")]
    assert api.get(f"{ORDERS}/{order['id']}/coupons")[0]["discount"] == 2
    assert api.get(f"{ORDERS}/{order['id']}/taxes")[0]["rate"] == "8.8750"


def test_lists_are_filtered_and_sorted_and_empty_without_a_body(api: Any, sold: Any, clock: ManualClock) -> None:
    clock.sleep(60)
    late = api.control("order", {"items": [{"sku": "HAT", "quantity": 1}], "payment_method": "Manual"})

    def ids(**query: Any) -> list[int]:
        return [row["id"] for row in api.get(ORDERS, **query)]

    assert ids(sort="date_modified:desc") == [late["id"], sold["id"]]
    assert ids(min_date_modified="2026-01-15T12:01:00+00:00") == [late["id"]]
    assert ids(max_date_modified="Thu, 15 Jan 2026 12:00:00 +0000") == [sold["id"]]
    assert ids(min_id=late["id"]) == [late["id"]]
    assert ids(email="A@b.test") == [sold["id"]]
    assert ids(limit=1, page=2) == [late["id"]]
    for query in ({"status_id": 4}, {"page": 2}, {"customer_id": 7}):
        answer = api.call("GET", ORDERS, query_string=query)
        assert (answer.status_code, answer.data) == (204, b"")
    assert api.get(f"{ORDERS}/count")["count"] == 2
    for name, value in (("sort", "colour"), ("min_date_created", "soon"), ("min_total", "much")):
        assert api.refused("GET", ORDERS, **{name: value})[0] == 400
    assert api.refused("GET", f"{ORDERS}/7") == (404, "The order was not found.")


def test_an_order_is_there_before_it_is_paid(api: Any) -> None:
    api.hat(stock=5)
    begun = api.control("order", {"items": [{"sku": "HAT", "quantity": 2}], "stage": "incomplete"})
    assert (begun["status_id"], api.on_hand()) == (0, {"HAT": 5})
    assert api.rows(f"/v3/orders/{begun['id']}/transactions") == []
    paid = api.control("order", {"order_id": begun["id"]})
    assert (paid["id"], paid["status_id"], api.on_hand()) == (begun["id"], 11, {"HAT": 3})
    assert [row["event"] for row in api.rows(f"/v3/orders/{begun['id']}/transactions")] == ["purchase"]
    assert api.client.post("/_sandbox/order", json={"order_id": begun["id"]}).status_code == 409


def test_stock_may_wait_until_the_order_is_shipped(api: Any) -> None:
    api.hat(stock=5)
    api.control("settings", {"update_stock_behavior": "order_completed_or_shipped"})
    order = api.control("order", {"items": [{"sku": "HAT", "quantity": 2}]})
    assert api.on_hand() == {"HAT": 5}
    api.control("ship", {"order_id": order["id"]})
    assert (api.on_hand(), api.get(f"{ORDERS}/{order['id']}")["status_id"]) == ({"HAT": 3}, 2)


@pytest.mark.parametrize(("restock", "left"), [(None, 5), (True, 5), (False, 3)])
def test_cancelling_puts_back_or_not(api: Any, sold: Any, *, restock: bool | None, left: int) -> None:
    body = {"order_id": sold["id"]} if restock is None else {"order_id": sold["id"], "restock": restock}
    assert api.control("cancel", body)["status_id"] == 5
    assert api.on_hand() == {"HAT": left}


def test_cancelling_by_the_api_follows_the_settings(api: Any, sold: Any) -> None:
    api.control("settings", {"edit_order_stock_adjustment": False})
    api.put(f"{ORDERS}/{sold['id']}", {"status_id": 5})
    assert api.on_hand() == {"HAT": 3}


def test_stock_comes_from_the_place_that_has_enough_and_goes_back_there(api: Any) -> None:
    api.hat(stock=1)
    west = api.control("location", {"code": "WEST"})["id"]
    api.control("stock", {"sku": "HAT", "quantity": 4, "location_id": west})
    order = api.control("order", {"items": [{"sku": "HAT", "quantity": 3}]})
    assert (api.on_hand(), api.on_hand(west)) == ({"HAT": 1}, {"HAT": 1})
    api.control("cancel", {"order_id": order["id"]})
    assert api.on_hand(west) == {"HAT": 4}


# --- refunds ---------------------------------------------------------------------------------------------------------


def test_a_refund_by_the_api_is_quoted_first_and_puts_nothing_back(api: Any, sold: Any) -> None:
    (line,) = lines(api, sold)
    above = f"/v3/orders/{sold['id']}/payment_actions"
    items = {"items": [{"item_type": "PRODUCT", "item_id": line["id"], "quantity": 1}]}
    quoted = api.post(f"{above}/refund_quotes", items, 201)["data"]
    assert quoted["total_refund_amount"] == 10
    wrong = {**items, "payments": [{"provider_id": "custom", "amount": 9, "offline": True}]}
    assert api.refused("POST", f"{above}/refunds", wrong)[0] == 422
    right = {**items, "payments": [{"provider_id": "custom", "amount": 10, "offline": True}]}
    made = api.post(f"{above}/refunds", right, 201)["data"]
    assert (made["total_amount"], made["payments"][0]["offline"]) == (10, True)
    assert (api.on_hand(), api.get(f"{ORDERS}/{sold['id']}")["status_id"]) == ({"HAT": 3}, 14)
    (line,) = lines(api, sold)
    assert (line["quantity_refunded"], line["is_refunded"], line["refund_amount"]) == (1, False, "0.0000")
    api.post(f"{above}/refunds", right, 201)
    assert api.get(f"{ORDERS}/{sold['id']}")["status_id"] == 4
    assert api.refused("POST", f"{above}/refund_quotes", items)[0] == 422
    assert len(api.rows("/v3/orders/payment_actions/refunds", **{"order_id:in": str(sold["id"])})) == 2
    assert api.rows("/v3/orders/payment_actions/refunds", **{"created:min": "2026-01-16T00:00:00Z"}) == []


@pytest.mark.parametrize(
    "item",
    [
        {"item_type": "PRODUCT", "item_id": 7, "quantity": 1},
        {"item_type": "GOLD", "item_id": 7, "quantity": 1},
        {"item_type": "SHIPPING", "item_id": 7, "amount": 1},
        {"item_type": "FEE", "item_id": 7, "amount": 99},
        {"item_type": "FEE", "item_id": 7, "amount": "1"},
    ],
)
def test_what_cannot_be_refunded(api: Any, sold: Any, item: dict[str, Any]) -> None:
    path = f"/v3/orders/{sold['id']}/payment_actions/refund_quotes"
    assert api.refused("POST", path, {"items": [item]}) == (422, "items")


@pytest.mark.parametrize(("adjusts", "restock", "left"), [(True, None, 4), (False, None, 3), (False, True, 4)])
def test_a_refund_in_the_panel_puts_back_by_the_settings(
    api: Any, sold: Any, *, adjusts: bool, restock: bool | None, left: int
) -> None:
    api.control("settings", {"refund_order_stock_adjustment": adjusts})
    body = {"order_id": sold["id"], "items": [{"sku": "HAT", "quantity": 1}]}
    made = api.control("refund", body if restock is None else {**body, "restock": restock})
    assert (made["total_amount"], api.on_hand()) == (10, {"HAT": left})
    rest = api.control("refund", {"order_id": sold["id"]})
    assert (rest["total_amount"], api.get(f"{ORDERS}/{sold['id']}")["status_id"]) == (10, 4)


# --- changes by the API ----------------------------------------------------------------------------------------------


def test_orders_of_other_systems_are_created(api: Any) -> None:
    hat = api.hat(stock=5)
    body = {
        "billing_address": {"first_name": "A", "email": "a@b.test"},
        "products": [
            {"product_id": hat["id"], "quantity": 2, "price_inc_tax": 9, "price_ex_tax": 9},
            {"name": "Custom", "quantity": 1, "price_inc_tax": 1, "price_ex_tax": 1},
        ],
        "status_id": 11,
        "external_source": "POS",
        "external_order_id": "S-1",
    }
    order = api.post(ORDERS, body)
    assert (order["total_inc_tax"], order["external_order_id"], api.on_hand()) == ("19.0000", "S-1", {"HAT": 3})
    assert [row["product_id"] for row in lines(api, order)] == [hat["id"], 0]
    wrongs: tuple[dict[str, Any], ...] = (
        {"products": []},
        {"products": [{"product_id": 7, "quantity": 1}]},
        {"products": [{"product_id": hat["id"], "quantity": 0}]},
        {"status_id": 15},
        {"customer_id": 7},
    )
    for wrong in wrongs:
        assert api.refused("POST", ORDERS, {**body, **wrong})[0] == 400
    api.shirt("M", "L")
    shirt = api.rows("/v3/catalog/products", name="Shirt")[0]["id"]
    assert api.refused("POST", ORDERS, {**body, "products": [{"product_id": shirt, "quantity": 1}]})[0] == 400


def test_sent_lines_lose_discounts_and_fees_while_a_status_alone_is_safe(api: Any) -> None:
    api.hat(stock=5)
    order = api.control("order", {"items": [{"sku": "HAT", "quantity": 2}], "coupon": "tenoff"})
    path = f"{ORDERS}/{order['id']}"
    fee = {"type": "custom_fee", "display_name_customer": "Gift", "cost_ex_tax": "1.5"}
    assert api.put(path, {"fees": [fee]})["total_inc_tax"] == "19.5000"
    assert api.put(path, {"status_id": 9})["total_inc_tax"] == "19.5000"
    assert len(api.get(f"{path}/fees")) == 1
    (line,) = lines(api, order)
    assert api.put(path, {"products": [{"id": line["id"], "quantity": 3}]})["total_inc_tax"] == "30.0000"
    assert (api.call("GET", f"{path}/fees").status_code, api.on_hand()) == (204, {"HAT": 2})


def test_archived_orders_leave_the_list(api: Any, sold: Any) -> None:
    api.delete(f"{ORDERS}/{sold['id']}")
    assert api.call("GET", ORDERS).status_code == 204
    assert api.get(f"{ORDERS}/{sold['id']}")["is_deleted"] is True


def test_shipping_line_by_line(api: Any, sold: Any) -> None:
    (line,) = lines(api, sold)
    path = f"{ORDERS}/{sold['id']}/shipments"
    body = {"order_address_id": line["order_address_id"], "items": [{"order_product_id": line["id"], "quantity": 1}]}
    made = api.post(path, {**body, "tracking_number": "1Z"}, 201)
    assert (made["tracking_number"], api.get(f"{ORDERS}/{sold['id']}")["status_id"]) == ("1Z", 3)
    api.post(path, body, 201)
    assert api.get(f"{ORDERS}/{sold['id']}")["status_id"] == 2
    wrongs: tuple[dict[str, Any], ...] = ({}, {"items": []}, {"order_address_id": 7}, {"tracking_number": "1" * 51})
    for wrong in wrongs:
        assert api.refused("POST", path, {**body, **wrong})[0] in {400, 422}
    assert api.put(f"{path}/{made['id']}", {"tracking_number": "2Z"})["tracking_number"] == "2Z"
    api.delete(f"{path}/{made['id']}")
    order = api.get(f"{ORDERS}/{sold['id']}")
    assert (order["status_id"], order["items_shipped"]) == (2, 1)


def test_customers_have_an_address_of_their_own(api: Any) -> None:
    person = {"email": "a@b.test", "first_name": "A", "last_name": "B"}
    (made,) = api.post("/v3/customers", [person])
    assert api.refused("POST", "/v3/customers", [{**person, "email": "A@B.test"}])[0] == 422
    assert api.refused("POST", "/v3/customers", [person] * 11)[0] == 413
    assert api.refused("POST", "/v3/customers", [{"email": "c@d.test"}])[0] == 422
    assert [row["id"] for row in api.rows("/v3/customers", **{"email:in": "a@b.test,x@y.test"})] == [made["id"]]
    assert api.put("/v3/customers", [{"id": made["id"], "notes": "n"}])[0]["notes"] == "n"
    assert api.refused("PUT", "/v3/customers", [{"id": 7}])[0] == 422
    api.delete("/v3/customers", **{"id:in": str(made["id"])})
    assert api.rows("/v3/customers") == []
