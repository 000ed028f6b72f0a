"""Categories (facts/magento.md, section 3)."""

from typing import Any

import pytest


@pytest.fixture
def make(api: Any) -> Any:
    def make(name: str, parent: int = 2) -> int:
        body = {"category": {"name": name, "is_active": True, "parent_id": parent}}
        number: int = api.post("/categories", body)["id"]
        return number

    return make


def test_the_tree(api: Any, make: Any) -> None:
    hats = make("Hats")
    caps = make("Caps", hats)
    tree = api.get("/categories")
    assert (tree["id"], [child["name"] for child in tree["children_data"]]) == (2, ["Hats"])
    assert tree["children_data"][0]["children_data"][0]["id"] == caps
    assert api.get("/categories", {"depth": "1"})["children_data"][0]["children_data"] == []
    assert api.get("/categories", {"rootCategoryId": str(hats)})["name"] == "Hats"
    shown = api.get(f"/categories/{caps}")
    assert (shown["path"], shown["level"], shown["parent_id"]) == (f"1/2/{hats}/{caps}", 3, hats)


def test_names_clash_below_one_parent_only(api: Any, make: Any) -> None:
    hats = make("Hats")
    again = {"category": {"name": "Hats", "is_active": True, "parent_id": 2}}
    assert api.refused("POST", "/categories", again)[1] == "URL key for specified store already exists."
    assert make("Hats", hats) != hats
    assert api.refused("POST", "/categories", {"category": {"is_active": True}})[0] == 400
    assert api.refused("POST", "/categories", {"category": {"name": "X", "parent_id": 99}})[0] == 404


def test_changing_finding_and_deleting(api: Any, make: Any, find: Any) -> None:
    hats = make("Hats")
    make("Caps", hats)
    assert api.put(f"/categories/{hats}", {"category": {"name": "Headwear"}})["is_active"] is True
    assert [row["id"] for row in api.get("/categories/list", find([("name", "eq", "Headwear")]))["items"]] == [hats]
    assert api.ok("DELETE", f"/categories/{hats}") is True
    assert api.get("/categories")["children_data"] == []
    assert api.refused("GET", f"/categories/{hats}")[0] == 404
    assert api.refused("DELETE", "/categories/2")[0] == 400


def test_products_are_put_in_and_taken_out(api: Any, make: Any, find: Any) -> None:
    hats = make("Hats")
    api.product("A")
    link = {"productLink": {"sku": "A", "position": 4, "category_id": str(hats)}}
    assert api.post(f"/categories/{hats}/products", link) is True
    assert api.get(f"/categories/{hats}/products") == [{"sku": "A", "position": 4, "category_id": str(hats)}]
    assert api.get("/products", find([("category_id", "eq", hats)]))["total_count"] == 1
    api.switch(lagging_index=True)
    assert api.get(f"/categories/{hats}/products") == []
    assert api.control("/reindex") == {"categories": 3}
    assert [row["sku"] for row in api.get(f"/categories/{hats}/products")] == ["A"]
    api.switch(lagging_index=False)
    assert api.get("/categories")["children_data"][0]["product_count"] == 1
    assert api.ok("DELETE", f"/categories/{hats}/products/A") is True
    assert api.refused("DELETE", f"/categories/{hats}/products/A")[0] == 400
    assert api.get(f"/categories/{hats}/products") == []
