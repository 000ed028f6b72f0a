"""Stock: adjustments that show later, which id is right, locations."""

from datetime import timedelta
from typing import Any

import pytest

from sandbox.common.clock import ManualClock

ABSOLUTE, RELATIVE = "/v3/inventory/adjustments/absolute", "/v3/inventory/adjustments/relative"


def items(*rows: dict[str, Any]) -> dict[str, Any]:
    return {"reason": "count", "items": [{"location_id": 1, **row} for row in rows]}


def test_an_accepted_figure_shows_later(api: Any, clock: ManualClock) -> None:
    hat = api.hat(stock=5)
    answer = api.put(ABSOLUTE, items({"product_id": hat["id"], "quantity": 8}))
    assert set(answer) == {"transaction_id"}
    assert api.on_hand() == {"HAT": 5}
    clock.sleep(timedelta(seconds=2).total_seconds())
    assert api.on_hand() == {"HAT": 8}
    assert api.rows("/v3/catalog/products")[0]["inventory_level"] == 8


def test_settling_does_not_wait(api: Any) -> None:
    hat = api.hat(stock=5)
    api.put(ABSOLUTE, items({"product_id": hat["id"], "quantity": 8}))
    api.post(RELATIVE, items({"sku": "HAT", "quantity": -3}))
    assert api.control("settle") == {"settled": 2}
    assert api.on_hand() == {"HAT": 5}


def test_which_id_is_right_depends_on_how_stock_is_tracked(api: Any) -> None:
    hat, shirt = api.hat(), api.shirt("M")
    variant = shirt["variants"][0]["id"]
    untracked = api.product("Mug", sku="MUG")
    for row, told in (
        ({"variant_id": hat["base_variant_id"]}, "by product id"),
        ({"product_id": shirt["id"]}, "by variant id"),
        ({"product_id": untracked["id"]}, "not tracked"),
        ({"sku": "MUG"}, "not tracked"),
        ({"product_id": hat["id"], "sku": "HAT"}, "exactly one"),
        ({}, "exactly one"),
        ({"sku": "NONE"}, "names nothing"),
        ({"variant_id": variant, "location_id": 9}, "no location 9"),
        ({"variant_id": variant, "quantity": -1}, "at least 0"),
        ({"variant_id": variant, "quantity": "2"}, "integer"),
    ):
        answer = api.call("PUT", ABSOLUTE, json=items({"quantity": 1, **row}))
        assert (answer.status_code, told in answer.json["title"]) == (422, True), (row, answer.json)
        assert answer.mimetype == "application/problem+json"
    for row in ({"variant_id": variant}, {"sku": "SHIRT-M"}, {"sku": "HAT"}, {"product_id": hat["id"]}):
        api.put(ABSOLUTE, items({"quantity": 1, **row}))


def test_one_wrong_item_stops_the_whole_batch(api: Any) -> None:
    hat = api.hat(stock=5)
    body = items({"product_id": hat["id"], "quantity": 8}, {"product_id": 9, "quantity": 1})
    assert api.refused("PUT", ABSOLUTE, body) == (422, "items.1")
    api.control("settle")
    assert api.on_hand() == {"HAT": 5}


def test_a_difference_needs_a_figure_first_and_respects_the_safety_stock(api: Any) -> None:
    shirt = api.shirt("M")
    row = {"variant_id": shirt["variants"][0]["id"]}
    answer = api.call("POST", RELATIVE, json=items({**row, "quantity": 1}))
    assert (answer.status_code, "requires absolute adjustment before relative" in answer.json["title"]) == (422, True)
    api.put(ABSOLUTE, items({**row, "quantity": 3}))
    api.control("settle")
    api.put("/v3/inventory/locations/1/items", {"settings": [{"identity": row, "safety_stock": 1}]})
    assert api.refused("POST", RELATIVE, items({**row, "quantity": -3})) == (422, "items.0")
    api.post(RELATIVE, items({**row, "quantity": -2}))
    api.control("settle")
    (shown,) = api.rows("/v3/inventory/items")
    (place,) = shown["locations"]
    assert (place["total_inventory_onhand"], place["available_to_sell"]) == (1, 0)
    assert place["settings"]["safety_stock"] == 1


def test_a_batch_has_two_thousand_items_at_most(api: Any) -> None:
    hat = api.hat()
    row = {"product_id": hat["id"], "quantity": 1}
    assert api.refused("PUT", ABSOLUTE, items(*[row] * 2_001))[0] == 413
    assert api.refused("PUT", ABSOLUTE, items()) == (422, "items")


def test_stock_by_location_adds_up_in_the_catalogue(api: Any) -> None:
    hat = api.hat(stock=5)
    api.post("/v3/inventory/locations", [{"code": "WEST", "label": "West"}])
    west = api.rows("/v3/inventory/locations", **{"location_code:in": "WEST"})[0]["id"]
    api.put(ABSOLUTE, items({"product_id": hat["id"], "quantity": 2, "location_id": west}))
    api.control("settle")
    assert (api.on_hand(), api.on_hand(west)) == ({"HAT": 5}, {"HAT": 2})
    assert api.rows("/v3/catalog/products")[0]["inventory_level"] == 7
    (shown,) = api.rows("/v3/inventory/items", **{"location_id:in": str(west)})
    assert [place["location_id"] for place in shown["locations"]] == [west]
    api.put("/v3/inventory/locations", [{"id": west, "enabled": False}])
    assert api.rows("/v3/catalog/products")[0]["inventory_level"] == 5
    assert api.refused("POST", "/v3/inventory/locations", [{"code": "west", "label": "W"}]) == (409, "code")
    api.delete("/v3/inventory/locations", 200, **{"location_id:in": str(west)})
    assert api.call("GET", f"/v3/inventory/locations/{west}/items").status_code == 404


@pytest.mark.parametrize("name", ["sku:in", "variant_id:in", "product_id:in"])
def test_items_are_found_by_each_id(api: Any, name: str) -> None:
    hat = api.hat()
    api.shirt("M", "L")
    value = {"sku:in": "HAT", "variant_id:in": hat["base_variant_id"], "product_id:in": hat["id"]}[name]
    for path in ("/v3/inventory/items", "/v3/inventory/locations/1/items"):
        assert [row["identity"]["sku"] for row in api.rows(path, **{name: value})] == ["HAT"]
        assert len(api.rows(path)) == 3


def test_the_stores_settings_are_read_and_changed(api: Any) -> None:
    assert api.rows("/v3/settings/inventory")["update_stock_behavior"] == "order_placed"
    changed = api.put("/v3/settings/inventory", {"update_stock_behavior": "order_completed_or_shipped"})
    assert changed["update_stock_behavior"] == "order_completed_or_shipped"
    assert api.refused("PUT", "/v3/settings/inventory", {"update_stock_behavior": "never"})[0] == 422
