"""Orders, their sums, stock and notes (facts/woocommerce.md, "Orders")."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from sandbox.common.clock import ManualClock
from sandbox.woocommerce.app import build_app
from sandbox.woocommerce.settings import Settings
from sandbox.woocommerce.shop import Shop


@pytest.fixture
def kept(api: Any) -> Any:
    """A product with 10 in stock."""
    return api.product(sku="K", manage_stock=True, stock_quantity=10)


def order(api: Any, product: Any, quantity: int = 1, **fields: object) -> Any:
    return api.post("/orders", {"line_items": [{"product_id": product["id"], "quantity": quantity}], **fields})


def stock_of(api: Any, product: Any) -> int:
    quantity: int = api.get(f"/products/{product['id']}")["stock_quantity"]
    return quantity


@pytest.fixture
def taxed(settings: Settings, clock: ManualClock) -> Any:
    """Build an API like `api` on a shop that calculates taxes."""

    def taxed(api: Any, percent: str, **changes: Any) -> Any:
        shop = Shop(replace(settings, tax_percent=Decimal(percent), **changes), clock)
        return type(api)(shop, build_app(shop).test_client())

    return taxed


def test_the_sums_of_the_real_example(api: Any, taxed: Any) -> None:
    api = taxed(api, "8.875")
    made = order(api, api.product(regular_price="9.99"), 3, coupon_lines=[{"code": "TENOFF"}])
    line = made["line_items"][0]
    assert (line["subtotal"], line["total"], line["total_tax"], line["price"]) == ("29.97", "26.97", "2.39", 8.99)
    assert (made["total_tax"], made["discount_total"], made["total"]) == ("2.39", "3.00", "29.36")
    assert (made["coupon_lines"][0]["code"], made["coupon_lines"][0]["discount"]) == ("tenoff", "3.00")
    tax = made["tax_lines"][0]
    assert (tax["rate_percent"], tax["tax_total"], tax["shipping_tax_total"], tax["compound"]) == (
        8.875,
        "2.39",
        "0.00",
        False,
    )
    assert line["taxes"] == [{"id": tax["rate_id"], "total": "2.39", "subtotal": "2.66"}]


def test_line_totals_are_without_tax_even_where_prices_are_with_it(api: Any, taxed: Any) -> None:
    api = taxed(api, "25", prices_include_tax=True)
    made = order(api, api.product(regular_price="12.50"), 2, shipping_lines=[{"method_id": "flat_rate", "total": "4"}])
    assert (made["line_items"][0]["total"], made["line_items"][0]["total_tax"]) == ("20.00", "5.00")
    assert (made["shipping_total"], made["shipping_tax"], made["cart_tax"], made["total"]) == (
        "4.00",
        "1.00",
        "5.00",
        "30.00",
    )
    untaxed = order(api, api.product(regular_price="12.50", tax_status="none"))
    assert (untaxed["total"], untaxed["total_tax"], untaxed["tax_lines"]) == ("12.50", "0.00", [])


def test_fees_may_be_negative_and_places_only_pad(api: Any) -> None:
    made = order(api, api.product(), fee_lines=[{"name": "Voucher", "total": "-3.5"}])
    assert (made["total"], made["fee_lines"][0]["total"]) == ("6.50", "-3.50")
    assert api.get("/orders", dp="4")[0]["total"] == "6.5000"


def test_totals_may_be_set(api: Any) -> None:
    lines = [{"product_id": api.product()["id"], "quantity": 2, "subtotal": "18.00", "total": "17.00"}]
    made = api.post("/orders", {"line_items": lines})
    assert (made["line_items"][0]["subtotal"], made["total"]) == ("18.00", "17.00")


def test_products_are_named_by_id_variation_or_sku(api: Any) -> None:
    parent = api.product(type="variable", attributes=[{"name": "Size", "variation": True, "options": ["S"]}])
    attributes = [{"name": "Size", "option": "S"}]
    child = api.post(
        f"/products/{parent['id']}/variations", {"sku": "V", "regular_price": "7", "attributes": attributes}
    )
    for row in ({"sku": "V"}, {"variation_id": child["id"]}, {"product_id": child["id"]}):
        line = api.post("/orders", {"line_items": [row]})["line_items"][0]
        assert (line["product_id"], line["variation_id"], line["sku"], line["total"]) == (
            parent["id"],
            child["id"],
            "V",
            "7.00",
        )
        assert (line["meta_data"][0]["key"], line["meta_data"][0]["display_value"]) == ("size", "S")
    empty = api.post("/orders", {"line_items": [{"product_id": 99999999, "quantity": 1}]})["line_items"][0]
    assert (empty["product_id"], empty["total"]) == (0, "0.00")
    assert api.refused("POST", "/orders", {"line_items": [{"quantity": 1}]}) == (
        400,
        "woocommerce_rest_required_product_reference",
    )


class TestStock:
    """Which status takes stock and which gives it back."""

    @pytest.mark.parametrize(("status", "left"), [("pending", 10), ("processing", 8), ("on-hold", 8), ("completed", 8)])
    def test_taken(self, api: Any, kept: Any, status: str, left: int) -> None:
        order(api, kept, 2, status=status)
        assert stock_of(api, kept) == left

    @pytest.mark.parametrize(("status", "left"), [("cancelled", 10), ("failed", 8), ("refunded", 8), ("completed", 8)])
    def test_given_back(self, api: Any, kept: Any, status: str, left: int) -> None:
        made = order(api, kept, 2, set_paid=True)
        api.put(f"/orders/{made['id']}", {"status": status})
        assert stock_of(api, kept) == left

    def test_trashing_gives_nothing_back(self, api: Any, kept: Any) -> None:
        made = order(api, kept, 2, set_paid=True)
        assert api.delete(f"/orders/{made['id']}")["status"] == "processing"
        assert (stock_of(api, kept), api.get(f"/orders/{made['id']}")["status"]) == (8, "trash")
        assert (api.ids("/orders"), api.ids("/orders", status="trash")) == ([], [made["id"]])

    def test_nothing_is_checked(self, api: Any, kept: Any) -> None:
        order(api, kept, 94, set_paid=True)
        product = api.get(f"/products/{kept['id']}")
        assert (product["stock_quantity"], product["stock_status"], product["total_sales"]) == (-84, "outofstock", 94)

    def test_it_moves_the_products_date_and_the_parents_stock(self, api: Any, clock: ManualClock) -> None:
        parent = api.product(type="variable", manage_stock=True, stock_quantity=5)
        child = api.post(f"/products/{parent['id']}/variations", {"regular_price": "7"})
        clock.sleep(60)
        api.post("/orders", {"set_paid": True, "line_items": [{"variation_id": child["id"], "quantity": 2}]})
        assert stock_of(api, parent) == 3
        assert api.ids(modified_after="2026-01-15T12:00:59Z") == [parent["id"]]

    def test_it_is_noted_on_the_order(self, api: Any, kept: Any) -> None:
        made = order(api, kept, 2, set_paid=True)
        assert [note["note"] for note in api.get(f"/orders/{made['id']}/notes")] == ["Stock taken: 2 x Thing"]


class TestStatuses:
    """What comes with a status."""

    def test_paid_means_processing(self, api: Any) -> None:
        made = order(api, api.product(), set_paid=True)
        assert (made["status"], made["date_paid_gmt"], made["date_completed"]) == (
            "processing",
            "2026-01-15T12:00:00",
            None,
        )

    def test_cash_on_delivery_is_processing_and_unpaid_until_completed(self, api: Any) -> None:
        made = order(api, api.product(), payment_method="cod", status="processing")
        assert (made["status"], made["date_paid"]) == ("processing", None)
        done = api.put(f"/orders/{made['id']}", {"status": "completed"})
        assert (done["date_paid_gmt"], done["date_completed_gmt"]) == ("2026-01-15T12:00:00", "2026-01-15T12:00:00")

    def test_refunded_writes_off_the_rest(self, api: Any) -> None:
        made = order(api, api.product(), 2, set_paid=True)
        changed = api.put(f"/orders/{made['id']}", {"status": "refunded"})
        assert [(row["total"], row["reason"]) for row in changed["refunds"]] == [("-20.00", "Order fully refunded.")]
        assert api.get(f"/orders/{made['id']}/refunds")[0]["line_items"] == []

    def test_unknown_statuses_are_refused(self, api: Any) -> None:
        assert api.refused("POST", "/orders", {"status": "shipped"}) == (400, "rest_invalid_param")


class TestLists:
    """Lists of orders."""

    def test_statuses_may_be_several(self, api: Any, clock: ManualClock) -> None:
        product = api.product()
        ids = [
            order(api, product, status=status)["id"]
            for status in ("processing", "on-hold", "completed", "checkout-draft")
        ]
        assert api.ids("/orders", status="processing,on-hold", order="asc") == ids[:2]
        assert set(api.ids("/orders")) == set(api.ids("/orders", status="any")) == set(ids)

    def test_filters(self, api: Any, clock: ManualClock) -> None:
        customer, product = api.post("/customers", {"email": "a@b.test"}), api.product()
        first = order(api, product, customer_id=customer["id"], billing={"first_name": "Ann"})
        clock.sleep(60)
        second = order(api, api.product())
        assert api.ids("/orders", customer=str(customer["id"])) == [first["id"]]
        assert api.ids("/orders", product=str(product["id"])) == [first["id"]]
        assert api.ids("/orders", search="ann") == [first["id"]]
        assert api.ids("/orders", modified_after="2026-01-15T12:00:30Z") == [second["id"]]
        assert api.ids("/orders", orderby="date", order="asc") == [first["id"], second["id"]]
        assert api.ids("/orders", orderby="include", include=f"{first['id']},{second['id']}") == [
            first["id"],
            second["id"],
        ]
        assert api.ids("/orders", created_via="checkout") == []


def test_orders_are_changed(api: Any) -> None:
    product = api.product()
    made = order(
        api, product, 2, billing={"first_name": "Ann", "city": "Utrecht"}, meta_data=[{"key": "_pos", "value": "1"}]
    )
    path, line = f"/orders/{made['id']}", made["line_items"][0]["id"]
    lines = [{"id": line, "quantity": 3}, {"product_id": product["id"]}]
    changed = api.put(
        path, {"billing": {"city": "Delft"}, "line_items": lines, "meta_data": [{"key": "_pos", "value": "2"}]}
    )
    assert (changed["billing"]["first_name"], changed["billing"]["city"]) == ("Ann", "Delft")
    assert ([row["quantity"] for row in changed["line_items"]], changed["total"]) == ([3, 1], "40.00")
    assert [row["value"] for row in changed["meta_data"]] == ["2"]
    assert [row["quantity"] for row in api.put(path, {"line_items": [{"id": line, "quantity": 0}]})["line_items"]] == [
        1
    ]
    assert (
        api.refused("PUT", path, {"line_items": [{"id": 9999, "quantity": 1}]})[1] == "woocommerce_rest_invalid_item_id"
    )
    assert api.refused("PUT", path, {"customer_id": 99})[1] == "woocommerce_rest_invalid_customer_id"
    assert api.refused("POST", "/orders", {"coupon_lines": [{"code": "none"}]})[1] == "woocommerce_rest_invalid_coupon"


def test_missing_orders(api: Any) -> None:
    assert api.refused("GET", "/orders/99") == (404, "woocommerce_rest_shop_order_invalid_id")
    assert api.refused("PUT", "/orders/99", {}) == (400, "woocommerce_rest_shop_order_invalid_id")
    made = order(api, api.product())
    api.delete(f"/orders/{made['id']}", force=True)
    assert api.refused("GET", f"/orders/{made['id']}")[0] == 404


def test_a_plugin_may_number_orders_its_own_way(api: Any, shop: Shop) -> None:
    assert (made := order(api, api.product()))["number"] == str(made["id"])
    shop.switches.sequential_numbers = True
    assert [order(api, api.product())["number"] for _ in range(2)] == ["1001", "1002"]


def test_notes(api: Any) -> None:
    path = f"/orders/{order(api, api.product())['id']}/notes"
    private = api.post(path, {"note": "Packed <script>x</script>& sent"})
    public = api.post(path, {"note": "On its way", "customer_note": True})
    assert (private["note"], private["customer_note"], private["author"]) == (
        "Packed x&amp; sent",
        False,
        "WooCommerce",
    )
    assert api.ids(path) == [public["id"], private["id"]]
    assert api.ids(path, type="internal") == [private["id"]]
    assert api.get(f"{path}/{public['id']}")["customer_note"] is True
    assert api.refused("POST", path, {}) == (400, "rest_missing_callback_param")
    assert api.refused("DELETE", f"{path}/{public['id']}") == (501, "woocommerce_rest_trash_not_supported")
    api.delete(f"{path}/{public['id']}", force=True)
    assert api.refused("GET", f"{path}/{public['id']}") == (404, "woocommerce_rest_invalid_id")


def test_orders_in_a_batch(api: Any) -> None:
    made = order(api, api.product())
    answer = api.post("/orders/batch", {"create": [{}], "update": [{"id": made["id"], "status": "completed"}]})
    assert (answer["create"][0]["total"], answer["update"][0]["status"]) == ("0.00", "completed")
