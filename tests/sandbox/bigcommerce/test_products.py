"""Products: what creating and changing takes, gives and refuses."""

from typing import Any

import pytest

from sandbox.common.clock import ManualClock

PRODUCTS = "/v3/catalog/products"
PLAIN = {"name": "Mug", "type": "physical", "weight": 0, "price": 5}


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in PLAIN.items() if key != name}


@pytest.mark.parametrize("name", ["name", "type", "weight", "price"])
def test_a_product_needs_its_first_fields(api: Any, name: str) -> None:
    assert api.refused("POST", PRODUCTS, without(name)) == (422, name)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("price", "5.00"),
        ("price", -1),
        ("price", None),
        ("weight", "heavy"),
        ("name", ""),
        ("name", "A" * 251),
        ("sku", "S" * 256),
        ("upc", "1" * 15),
        ("inventory_tracking", "sometimes"),
        ("is_visible", "yes"),
        ("inventory_level", 1.5),
        ("categories", "1"),
    ],
)
def test_fields_are_checked(api: Any, field: str, value: object) -> None:
    assert api.refused("POST", PRODUCTS, {**PLAIN, field: value}) == (422, field)
    assert api.rows(PRODUCTS) == []


def test_one_product_a_request(api: Any) -> None:
    assert api.refused("POST", PRODUCTS, [PLAIN])[0] == 422


def test_names_skus_and_addresses_are_unique(api: Any) -> None:
    hat = api.product("Hat", sku="HAT")
    shirt = api.shirt("M")
    for fields, named in (
        ({"name": "hat"}, "name"),
        ({"sku": "hat"}, "sku"),
        ({"sku": "SHIRT-M"}, "sku"),
        ({"custom_url": {"url": "/hat/"}}, "custom_url"),
        ({"name": "HAT!"}, "custom_url"),
    ):
        assert api.refused("POST", PRODUCTS, {**PLAIN, **fields}) == (409, named)
    assert api.refused("PUT", f"{PRODUCTS}/{hat['id']}", {"name": "Shirt"}) == (409, "name")
    api.put(f"{PRODUCTS}/{hat['id']}", {"name": "HAT"})
    api.delete(f"{PRODUCTS}/{shirt['id']}")
    api.product("Shirt", sku="SHIRT-M")


@pytest.mark.parametrize(("field", "value"), [("categories", [7]), ("brand_id", 7)])
def test_what_is_unknown_is_a_conflict(api: Any, field: str, value: object) -> None:
    assert api.refused("POST", PRODUCTS, {**PLAIN, field: value}) == (409, field)


def test_a_brand_is_made_or_reused_by_its_name(api: Any) -> None:
    hat, mug = api.product("Hat", brand_name="Brim"), api.product("Mug", brand_name="brim")
    (brand,) = api.rows("/v3/catalog/brands")
    assert (brand["name"], {hat["brand_id"], mug["brand_id"]}) == ("Brim", {brand["id"]})
    api.put(f"{PRODUCTS}/{hat['id']}", {"brand_name": ""})
    assert [row["id"] for row in api.rows(PRODUCTS, brand_id=brand["id"])] == [mug["id"]]
    api.delete(f"/v3/catalog/brands/{brand['id']}")
    assert api.rows(f"{PRODUCTS}/{mug['id']}")["brand_id"] == 0


def test_categories_are_replaced_by_writing_and_added_by_assigning(api: Any) -> None:
    rows = [{"name": name, "tree_id": 1} for name in ("A", "B")]
    first, second = (row["category_id"] for row in api.post("/v3/catalog/trees/categories", rows, 201)["data"])
    hat = api.product("Hat", categories=[first])
    pair = {"product_id": hat["id"], "category_id": second}
    for _ in range(2):
        api.put(f"{PRODUCTS}/category-assignments", [pair], 204)
    assert api.rows(f"{PRODUCTS}/{hat['id']}")["categories"] == [first, second]
    assert api.put(f"{PRODUCTS}/{hat['id']}", {"categories": [second]})["categories"] == [second]
    assert api.refused("PUT", f"{PRODUCTS}/category-assignments", [{**pair, "category_id": 9}]) == (422, "category_id")
    query = {"category_id:in": str(second), "product_id:in": str(hat["id"])}
    assert api.rows(f"{PRODUCTS}/category-assignments", **query) == [pair]
    assert api.refused("DELETE", f"{PRODUCTS}/category-assignments")[0] == 422
    api.delete(f"{PRODUCTS}/category-assignments", **query)
    assert api.rows(f"{PRODUCTS}/category-assignments") == []
    api.put(f"{PRODUCTS}/category-assignments", [pair], 204)
    api.delete("/v3/catalog/trees/categories", 202, **{"category_id:in": str(second)})
    assert api.rows(f"{PRODUCTS}/{hat['id']}")["categories"] == []


def test_a_batch_has_ten_products_and_changes_all_or_none(api: Any) -> None:
    hat, mug = api.product("Hat"), api.product("Mug")
    shown = api.put(PRODUCTS, [{"id": hat["id"], "price": 1}, {"id": mug["id"], "is_visible": False}])
    assert [(row["price"], row["is_visible"]) for row in shown] == [(1, True), (10, False)]
    assert api.refused("PUT", PRODUCTS, [{"id": hat["id"], "price": 2}, {"id": 9, "price": 2}])[0] == 404
    assert api.refused("PUT", PRODUCTS, [{"id": hat["id"], "price": 2}, {"price": 2}]) == (422, "id")
    assert api.refused("PUT", PRODUCTS, [{"id": hat["id"]}] * 11)[0] == 413
    assert api.rows(f"{PRODUCTS}/{hat['id']}")["price"] == 1


def test_a_write_whose_stock_part_fails_is_no_success(api: Any) -> None:
    hat = api.hat(stock=5)
    api.control("switches", {"inventory_part_fails": True})
    answer = api.put(f"{PRODUCTS}/{hat['id']}", {"price": 3, "inventory_level": 9}, 207)
    assert (answer["data"]["price"], answer["data"]["inventory_level"]) == (3, 5)
    assert set(answer["errors"]["errors"]) == {"inventory"}
    assert api.put(f"{PRODUCTS}/{hat['id']}", {"price": 4})["price"] == 4
    made = api.post(PRODUCTS, {**PLAIN, "inventory_tracking": "product", "inventory_level": 2}, 207)["data"]
    assert (made["inventory_tracking"], made["inventory_level"]) == ("none", 0)
    batch = api.put(PRODUCTS, [{"id": hat["id"], "inventory_level": 9}], 207)
    assert batch["data"][0]["inventory_level"] == 5


def test_the_price_in_force(api: Any) -> None:
    hat = api.product("Hat", price=10, sale_price=8)
    assert hat["calculated_price"] == 8
    assert api.put(f"{PRODUCTS}/{hat['id']}", {"sale_price": 0})["calculated_price"] == 10


def test_custom_fields_are_pairs_each_once(api: Any) -> None:
    row = {"name": "a", "value": "b"}
    hat = api.product("Hat", custom_fields=[row])
    assert [(field["name"], field["value"]) for field in hat["custom_fields"]] == [("a", "b")]
    assert api.refused("PUT", f"{PRODUCTS}/{hat['id']}", {"custom_fields": [row, row]}) == (422, "custom_fields")


def test_deleting(api: Any) -> None:
    hat, mug = api.hat(), api.product("Mug")
    assert api.refused("DELETE", PRODUCTS)[0] == 422
    api.delete(PRODUCTS, **{"id:in": str(mug["id"])})
    api.delete(f"{PRODUCTS}/{hat['id']}")
    api.delete(f"{PRODUCTS}/{hat['id']}")
    assert api.call("GET", f"{PRODUCTS}/{hat['id']}").status_code == 404
    assert (api.rows(PRODUCTS), api.on_hand()) == ([], {})


def test_plan_and_categories_can_stand_in_the_way(api: Any) -> None:
    api.control("switches", {"plan_limit": True})
    assert api.refused("POST", PRODUCTS, PLAIN)[0] == 507
    api.control("switches", {"plan_limit": False, "categories_needed": True})
    assert api.refused("POST", PRODUCTS, PLAIN) == (422, "categories")


# --- lists -----------------------------------------------------------------------------------------------------------


def names(api: Any, **query: Any) -> list[str]:
    return [row["name"] for row in api.rows(PRODUCTS, **query)]


def test_pages(api: Any) -> None:
    for number in range(12):
        api.product(f"P{number:02}")
    answer = api.get(PRODUCTS, limit=5, page=2)
    assert [row["name"] for row in answer["data"]] == ["P05", "P06", "P07", "P08", "P09"]
    pagination = answer["meta"]["pagination"]
    assert (pagination["total"], pagination["total_pages"], pagination["current_page"]) == (12, 3, 2)
    assert set(pagination["links"]) == {"current", "previous", "next"}
    assert "next" not in api.get(PRODUCTS, limit=5, page=3)["meta"]["pagination"]["links"]
    assert len(api.rows(PRODUCTS, limit=250)) == 12
    assert len(api.rows(PRODUCTS, limit=250, include="variants")) == 12
    for include in ("options", "variants,modifiers"):
        assert len(api.rows(PRODUCTS, limit=250, include=include)) == 10
    assert api.refused("GET", PRODUCTS, limit="many") == (422, "limit")


def test_filters(api: Any) -> None:
    hat, mug = api.product("Hat", sku="HAT"), api.product("Mug", sku="MUG", is_visible=False)
    api.shirt("M")
    assert names(api, sku="hat") == ["Hat"]
    assert names(api, sku="SHIRT-M") == []
    assert names(api, **{"sku:in": "HAT,MUG"}) == ["Hat", "Mug"]
    assert names(api, **{"id:in": f"{hat['id']},{mug['id']}"}) == ["Hat", "Mug"]
    assert names(api, **{"id:greater": hat["id"]}) == ["Mug", "Shirt"]
    assert names(api, name="MUG") == ["Mug"]
    assert names(api, keyword="shi") == ["Shirt"]
    assert names(api, is_visible="false") == ["Mug"]
    assert names(api, sort="name", direction="desc") == ["Shirt", "Mug", "Hat"]
    assert api.refused("GET", PRODUCTS, skus="HAT")[0] == 422
    assert api.refused("GET", PRODUCTS, sort="colour") == (422, "sort")


def test_fields_can_be_chosen(api: Any) -> None:
    api.product("Hat", sku="HAT")
    (row,) = api.rows(PRODUCTS, include_fields="sku,name", include="variants")
    assert set(row) == {"id", "sku", "name", "variants"}
    (row,) = api.rows(PRODUCTS, exclude_fields="description")
    assert ("description" in row, "name" in row) == (False, True)


def test_a_date_without_time_means_this_time_of_that_day(api: Any, clock: ManualClock) -> None:
    api.product("Early")  # at noon
    clock.sleep(3_600)
    api.product("Late")  # at one, which is when is asked
    assert names(api, **{"date_modified:min": "2026-01-15"}) == ["Late"]
    assert names(api, **{"date_modified:min": "2026-01-15T00:00:00+00:00"}) == ["Early", "Late"]
    assert names(api, **{"date_modified:max": "2026-01-15T12:30:00Z"}) == ["Early"]
    assert api.refused("GET", PRODUCTS, **{"date_modified:min": "soon"}) == (422, "date_modified:min")
