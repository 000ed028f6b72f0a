"""The price endpoints: partial failures in a 200, and dates that stay (facts/magento.md, sections 3 and 7)."""

from typing import Any

import pytest

from sandbox.common.clock import ManualClock


def attribute(product: Any, code: str) -> Any:
    return next((row["value"] for row in product["custom_attributes"] if row["attribute_code"] == code), None)


def base(*rows: tuple[str, float]) -> Any:
    return {"prices": [{"price": price, "store_id": 0, "sku": sku} for sku, price in rows]}


def test_good_rows_are_written_and_bad_ones_come_back(api: Any) -> None:
    api.product("A")
    api.product("T", None, type_id="configurable")
    troubles = api.post("/products/base-prices", base(("A", 31.5), ("NONE", 1), ("T", 2), ("A", -1)))
    message = "Invalid attribute %fieldName = %fieldValue."
    assert troubles == [
        {"message": message, "parameters": ["SKU", "NONE"]},
        {"message": message, "parameters": ["SKU", "T"]},
        {"message": message, "parameters": ["Price", "-1.0"]},
    ]
    assert api.get("/products/A")["price"] == 31.5
    assert api.post("/products/base-prices-information", {"skus": ["A"]}) == [
        {"price": 31.5, "store_id": 0, "sku": "A"}
    ]
    assert api.refused("POST", "/products/base-prices-information", {"skus": ["A", "B"]})[0] == 400
    assert (
        "store"
        in api.post("/products/base-prices", {"prices": [{"price": 1, "store_id": 9, "sku": "A"}]})[0]["message"]
    )


@pytest.mark.parametrize(("generation", "minute"), [("2.4.7", 0), ("2.4.8", 1)])
def test_the_date_of_the_product_moves_only_since_2_4_8(
    api: Any, clock: ManualClock, generation: str, minute: int
) -> None:
    api.switch(generation=generation)
    api.product("A")
    clock.sleep(60)
    assert api.post("/products/base-prices", base(("A", 9))) == []
    assert api.get("/products/A")["updated_at"] == f"2026-01-15 12:0{minute}:00"


def test_special_prices(api: Any) -> None:
    api.product("A")
    row = {
        "price": 15,
        "store_id": 0,
        "sku": "A",
        "price_from": "2026-01-01 00:00:00",
        "price_to": "2026-02-01 00:00:00",
    }
    assert api.post("/products/special-price", {"prices": [row]}) == []
    shown = api.get("/products/A")
    assert (attribute(shown, "special_price"), shown["price"]) == ("15.000000", 20)
    assert api.post("/products/special-price-information", {"skus": ["A"]}) == [row]
    assert api.order(("A", 1))["items"][0]["price"] == 15
    late = {**row, "price_from": "2026-01-20 00:00:00"}
    assert api.post("/products/special-price", {"prices": [late]}) == []
    assert api.order(("A", 1))["items"][0]["price"] == 20
    assert api.post("/products/special-price", {"prices": [{**row, "price_to": "soon"}]}) != []
    assert api.post("/products/special-price-delete", {"prices": [late]}) == []
    assert api.post("/products/special-price-information", {"skus": ["A"]}) == []


def test_tier_prices(api: Any) -> None:
    api.product("A")
    row = {
        "price": 9,
        "price_type": "fixed",
        "website_id": 0,
        "sku": "A",
        "customer_group": "ALL GROUPS",
        "quantity": 3,
    }
    off = {**row, "price": 10, "price_type": "discount", "customer_group": "General", "quantity": 1}
    troubles = api.post("/products/tier-prices", {"prices": [row, off, {**row, "customer_group": "NOBODY"}]})
    assert [trouble["parameters"] for trouble in troubles] == [["Customer Group", "NOBODY"]]
    assert api.post("/products/tier-prices-information", {"skus": ["A"]}) == [row, off]
    shown = api.get("/products/A")["tier_prices"]
    assert [(price["customer_group_id"], price["qty"], price["value"]) for price in shown] == [
        (32000, 3, 9),
        (1, 1, 10),
    ]
    assert api.ok("PUT", "/products/tier-prices", {"prices": [{**row, "price": 8}]}) == []
    assert [price["value"] for price in api.get("/products/A")["tier_prices"]] == [8]
    assert api.post("/products/tier-prices-delete", {"prices": [row]}) == []
    own = [{"customer_group_id": 0, "qty": 2, "value": 5, "extension_attributes": {"website_id": 0}}]
    assert api.put("/products/A", {"product": {"tier_prices": own}})["tier_prices"] == own
    assert api.put("/products/A", {"product": {"tier_prices": []}})["tier_prices"] == []
