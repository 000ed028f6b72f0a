"""Orders: reading, states, dates, shipping, refunds (facts/magento.md, sections 5 and 7)."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from sandbox.common.clock import ManualClock
from sandbox.magento.app import build_app
from sandbox.magento.settings import Settings
from sandbox.magento.shop import Shop


@pytest.fixture
def sold(api: Any, clock: ManualClock) -> Any:
    """Sell two of A; a minute later, give the order."""
    api.product("A", 50)
    order = api.order(("A", 2))
    clock.sleep(60)
    return order


@pytest.fixture
def read(api: Any, sold: Any) -> Any:
    return lambda *names: tuple(api.get(f"/orders/{sold['entity_id']}")[name] for name in names)


def one(order: Any, units: int = 1) -> list[dict[str, int]]:
    return [{"order_item_id": order["items"][0]["item_id"], "qty": units}]


PLACED, LATER = "2026-01-15 12:00:00", "2026-01-15 12:01:00"


def test_a_new_order(api: Any, sold: Any) -> None:
    assert (sold["increment_id"], sold["state"], sold["status"], sold["updated_at"]) == (
        "000000001",
        "new",
        "pending",
        PLACED,
    )
    assert (sold["subtotal"], sold["shipping_amount"], sold["grand_total"], sold["base_grand_total"]) == (
        40,
        10,
        50,
        50,
    )
    address = sold["extension_attributes"]["shipping_assignments"][0]["shipping"]["address"]
    assert (address["city"], address["address_type"], sold["billing_address"]["address_type"]) == (
        "Austin",
        "shipping",
        "billing",
    )
    assert (sold["customer_is_guest"], "customer_id" in sold, "ext_order_id" in sold) == (1, False, False)
    assert api.get("/orders")["items"] == [sold]
    assert api.refused("GET", "/orders/99")[0] == 404


def test_a_discount_is_out_of_the_row_total_and_in_the_subtotal(api: Any) -> None:
    api.product("A")
    order = api.order(("A", 2), discount_percent=10)
    (row,) = order["items"]
    assert (row["discount_amount"], row["row_total"], order["discount_amount"], order["subtotal"]) == (4, 36, -4, 40)
    assert order["grand_total"] == 40 - 4 + 10


@pytest.mark.parametrize(("inclusive", "price", "tax"), [(False, 20, 4), (True, 16.67, 3.33)])
def test_taxes(settings: Settings, clock: ManualClock, api: Any, inclusive: Any, price: float, tax: float) -> None:
    taxed = replace(settings, tax_percent=Decimal(20), prices_include_tax=inclusive)
    shop = Shop(taxed, clock)
    other = type(api)(shop, build_app(shop).test_client())
    other.product("A")
    order = other.order(("A", 1))
    (row,) = order["items"]
    assert (row["price"], row["tax_amount"], order["tax_amount"], order["grand_total"]) == (
        price,
        tax,
        tax,
        price + tax + 5,
    )
    assert order["extension_attributes"]["applied_taxes"][0]["percent"] == 20


def test_a_reference_is_written_found_and_moves_no_money(api: Any, sold: Any, find: Any) -> None:
    body = {"entity": {"entity_id": sold["entity_id"], "ext_order_id": "POS-77"}}
    written = api.post("/orders", body)
    assert {**written, "updated_at": PLACED} == {**sold, "ext_order_id": "POS-77"}
    assert api.get("/orders", find([("ext_order_id", "eq", "POS-77")]))["total_count"] == 1
    assert api.get("/orders", find([("ext_order_id", "null", "")]))["total_count"] == 0
    assert api.refused("POST", "/orders", {"entity": {"entity_id": 99}})[0] == 404


def test_parts_comments_and_tracks_leave_the_date_the_rest_moves_it(
    api: Any, sold: Any, read: Any, clock: ManualClock
) -> None:
    number = sold["entity_id"]
    shipment = api.post(f"/order/{number}/ship", {"items": one(sold)})
    comment = {"comment": "c", "is_customer_notified": 0, "is_visible_on_front": 0, "parent_id": number}
    assert api.post(f"/orders/{number}/comments", {"statusHistory": comment}) is True
    track = {
        "parent_id": int(shipment),
        "order_id": number,
        "carrier_code": "ups",
        "title": "UPS",
        "track_number": "1Z",
    }
    assert api.post("/shipment/track", {"entity": track})["track_number"] == "1Z"
    assert (read("updated_at"), read("status_histories")[0][0]["comment"]) == ((PLACED,), "c")
    assert api.get("/orders/items")["items"][0]["updated_at"] == LATER
    shown = api.get(f"/shipment/{shipment}")
    assert (shown["created_at"], shown["tracks"][0]["title"], shown["total_qty"]) == (LATER, "UPS", 1)
    api.post(f"/order/{number}/ship")
    assert read("updated_at", "state") == (LATER, "processing")
    api.post(f"/order/{number}/invoice", {"capture": True})
    assert read("state", "status", "total_paid", "total_due") == ("complete", "complete", 50, 0)


def test_shipping_what_is_not_there_or_not_open(api: Any, sold: Any, read: Any) -> None:
    path = f"/order/{sold['entity_id']}/ship"
    elsewhere = {"items": one(sold), "arguments": {"extension_attributes": {"source_code": "two"}}}
    assert api.refused("POST", path, elsewhere)[:2] == (400, "Could not save a shipment, see error log for details")
    assert "must not be greater" in api.refused("POST", path, {"items": one(sold, 3)})[1]
    assert (api.salable("A"), read("state")) == (48, ("new",))
    api.post(path)
    assert "without products" in api.refused("POST", path)[1]
    assert api.get("/shipments")["total_count"] == 1


def test_a_source_of_choice_is_taken_from(api: Any, sold: Any) -> None:
    source = {"source_code": "two", "name": "Two", "country_id": "US", "postcode": "1"}
    api.post("/inventory/sources", {"source": source})
    rows = [{"sku": "A", "source_code": "two", "quantity": 3, "status": 1}]
    api.post("/inventory/source-items", {"sourceItems": rows})
    body = {"items": one(sold), "arguments": {"extension_attributes": {"source_code": "two"}}}
    shipment = api.post(f"/order/{sold['entity_id']}/ship", body)
    assert api.on_hand("A") == {"default": (50, 1), "two": (2, 1)}
    assert api.get(f"/shipment/{shipment}")["extension_attributes"]["source_code"] == "two"


def test_cancelling_works_once_and_frees_the_units(api: Any, sold: Any, read: Any) -> None:
    path = f"/orders/{sold['entity_id']}/cancel"
    assert (api.post(path), read("state", "updated_at"), api.salable("A")) == (True, ("canceled", LATER), 50)
    assert api.post(path) is False
    assert "canceled" in api.refused("POST", f"/order/{sold['entity_id']}/ship")[1]
    assert "canceled" in api.refused("POST", f"/order/{sold['entity_id']}/invoice")[1]


def test_what_is_invoiced_cannot_be_cancelled(api: Any, sold: Any) -> None:
    number = sold["entity_id"]
    api.post(f"/order/{number}/invoice", {"items": one(sold)})
    assert api.post(f"/orders/{number}/cancel") is True
    row = api.get(f"/orders/{number}")["items"][0]
    assert (row["qty_invoiced"], row["qty_canceled"], api.salable("A")) == (1, 1, 49)
    other = api.order(("A", 1), paid=True)["entity_id"]
    assert api.post(f"/orders/{other}/cancel") is False
    assert "without products" in api.refused("POST", f"/order/{other}/invoice")[1]


def test_holding(api: Any, sold: Any, read: Any) -> None:
    path = f"/orders/{sold['entity_id']}"
    assert (api.post(f"{path}/hold"), read("state")) == (True, ("holded",))
    assert api.refused("POST", f"{path}/hold")[0] == 400
    assert (api.post(f"{path}/unhold"), read("state", "status")) == (True, ("new", "pending"))
    assert api.refused("POST", f"{path}/unhold")[0] == 400


# --- refunds ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def paid(api: Any, sold: Any) -> str:
    """Pay and ship the order; gives the address of its refunds."""
    number = sold["entity_id"]
    api.post(f"/order/{number}/invoice", {"capture": True})
    api.post(f"/order/{number}/ship")
    return f"/order/{number}/refund"


def test_a_refund_takes_all_shipping_unless_told_and_moves_no_stock_unless_told(
    api: Any, sold: Any, read: Any, paid: str
) -> None:
    back = {"extension_attributes": {"return_to_stock_items": [sold["items"][0]["item_id"]]}}
    api.post(paid, {"items": one(sold), "arguments": {"shipping_amount": 0, **back}})
    assert (read("total_refunded", "shipping_refunded", "state"), api.on_hand("A")) == (
        (20, 0, "complete"), {"default": (49, 1)},
    )  # fmt: skip
    memo = api.post(paid)
    assert (read("total_refunded", "shipping_refunded", "state"), api.on_hand("A")) == (
        (50, 10, "closed"), {"default": (49, 1)},
    )  # fmt: skip
    shown = api.get(f"/creditmemo/{memo}")
    assert (shown["grand_total"], shown["shipping_amount"], shown["items"][0]["qty"]) == (30, 10, 1)
    assert "does not allow" in api.refused("POST", paid)[1]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({"arguments": {"shipping_amount": 11}}, "Maximum shipping amount allowed to refund is: %1"),
        ({"arguments": {"adjustment_positive": 1}}, "The most money available to refund is %1."),
        ({"items": [{"order_item_id": 1, "qty": 3}]}, "must not be greater"),
        ({"arguments": {"adjustment_negative": 50}}, "must be positive"),
    ],
)
def test_refunds_that_are_too_large(api: Any, read: Any, paid: str, body: Any, text: str) -> None:
    assert text in api.refused("POST", paid, body)[1]
    assert read("state") == ("complete",)


def test_a_refund_of_what_was_not_shipped_frees_it(api: Any, sold: Any) -> None:
    number = sold["entity_id"]
    assert "does not allow" in api.refused("POST", f"/order/{number}/refund")[1]
    api.post(f"/order/{number}/invoice")
    api.post(
        f"/order/{number}/refund", {"items": one(sold), "arguments": {"shipping_amount": 0, "adjustment_negative": 5}}
    )
    assert (api.salable("A"), api.on_hand("A")) == (49, {"default": (50, 1)})
    assert api.get("/creditmemos")["items"][0]["grand_total"] == 15
    row = api.get(f"/orders/{number}")["items"][0]
    assert (row["qty_refunded"], row["amount_refunded"]) == (1, 20)


def test_a_refund_by_its_invoice(api: Any, sold: Any) -> None:
    invoice = api.post(f"/order/{sold['entity_id']}/invoice")
    assert api.get(f"/invoices/{invoice}")["grand_total"] == 50
    path = f"/invoice/{invoice}/refund"
    assert api.refused("POST", path, {"isOnline": True})[0] == 400
    memo = api.post(path, {"isOnline": False})
    assert api.get(f"/creditmemo/{memo}")["order_id"] == sold["entity_id"]


# --- guests and customers --------------------------------------------------------------------------------------------


def test_a_guest_buys_over_the_api(api: Any) -> None:
    api.product("A")

    def guest(path: str, body: Any = None) -> Any:
        return api.client.post(api.url(f"/guest-carts{path}", scope="default/"), json=body)

    cart = guest("").json
    item = {"cartItem": {"quote_id": cart, "sku": "A", "qty": 2}}
    assert guest(f"/{cart}/items", item).json["qty"] == 2
    assert guest(f"/{cart}/items", {"cartItem": {"sku": "NONE", "qty": 1}}).status_code == 404
    pay = {"email": "g@x.test", "paymentMethod": {"method": "checkmo"}}
    assert guest(f"/{cart}/payment-information", pay).status_code == 400
    address = {"city": "Austin", "firstname": "A", "lastname": "B", "street": ["Way 1"]}
    shipping = {"addressInformation": {"shipping_address": address, "shipping_carrier_code": "flatrate",
                                       "shipping_method_code": "flatrate"}}  # fmt: skip
    assert guest(f"/{cart}/shipping-information", shipping).status_code == 200
    placed = guest(f"/{cart}/payment-information", pay).json
    assert api.get(f"/orders/{placed}")["customer_email"] == "g@x.test"
    assert guest(f"/{cart}/items", item).status_code == 404


def test_customers(api: Any, find: Any) -> None:
    body = {"customer": {"email": "a@b.test", "firstname": "A", "lastname": "B"}}
    made = api.post("/customers", body)
    again = api.refused("POST", "/customers", {"customer": {**body["customer"], "email": "A@b.test"}})
    assert again[1] == "A customer with the same email address already exists in an associated website."
    assert api.call("POST", "/customers", {"customer": {"email": "c@d.test"}}).json["message"] == "Validation Failed"
    path = f"/customers/{made['id']}"
    assert api.put(path, {"customer": {**body["customer"], "lastname": "C"}})["lastname"] == "C"
    assert api.get("/customers/search", find([("email", "eq", "a@b.test")]))["total_count"] == 1
    assert api.get(path)["extension_attributes"] == {"is_subscribed": False}
    reads = {**body["customer"], "extension_attributes": {"is_subscribed": True}}
    assert api.put(path, {"customer": reads})["extension_attributes"] == {"is_subscribed": True}
    api.product("A")
    order = api.order(("A", 1), customer_id=made["id"])
    assert (order["customer_id"], order["customer_is_guest"], order["customer_email"]) == (made["id"], 0, "a@b.test")
    assert (api.ok("DELETE", path), api.refused("GET", path)[0]) == (True, 404)
