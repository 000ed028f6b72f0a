"""Categories, tags and brands (facts/woocommerce.md, "Products")."""

from typing import Any

import pytest

from sandbox.woocommerce.shop import Shop

DEFAULT = 15


def test_categories_form_a_tree(api: Any) -> None:
    top = api.post("/products/categories", {"name": "Hats & Caps"})
    below = api.post("/products/categories", {"name": "Straw", "parent": top["id"], "menu_order": 3})
    assert (top["name"], top["slug"], below["parent"], below["menu_order"]) == (
        "Hats &amp; Caps",
        "hats-caps",
        top["id"],
        3,
    )
    assert api.ids("/products/categories", parent=str(top["id"])) == [below["id"]]
    assert api.ids("/products/categories", parent="0", orderby="id") == [DEFAULT, top["id"]]


def test_a_name_is_unique_below_one_parent(api: Any) -> None:
    first = api.post("/products/categories", {"name": "Hats & Caps"})
    other = api.post("/products/categories", {"name": "Other"})
    answer = api.call("POST", "/products/categories", json={"name": "hats &amp; caps"})
    assert (answer.status_code, answer.json["code"], answer.json["data"]["resource_id"]) == (
        400,
        "term_exists",
        first["id"],
    )
    same = api.post("/products/categories", {"name": "Hats & Caps", "parent": other["id"]})
    assert same["slug"] == "hats-caps-2"


def test_names_and_parents_are_needed(api: Any) -> None:
    assert api.refused("POST", "/products/categories", {}) == (400, "rest_missing_callback_param")
    assert api.refused("POST", "/products/categories", {"name": " "}) == (400, "empty_term_name")
    assert api.refused("POST", "/products/categories", {"name": "x", "parent": 99}) == (400, "missing_parent")


def test_terms_are_changed(api: Any) -> None:
    hats, caps = (api.post("/products/categories", {"name": name}) for name in ("Hats", "Caps"))
    changed = api.put(f"/products/categories/{caps['id']}", {"name": "Bonnets", "parent": hats["id"], "slug": "b o"})
    assert (changed["name"], changed["parent"], changed["slug"]) == ("Bonnets", hats["id"], "b-o")
    assert api.put(f"/products/categories/{caps['id']}", {"description": "d"})["slug"] == "b-o"
    api.post("/products/categories", {"name": "Caps"})
    assert api.refused("PUT", f"/products/categories/{hats['id']}", {"name": "caps"}) == (400, "term_exists")


def test_deleting_needs_force_and_leaves_products_uncategorized(api: Any) -> None:
    top = api.post("/products/categories", {"name": "Top"})
    below = api.post("/products/categories", {"name": "Below", "parent": top["id"]})
    product = api.product(categories=[{"id": top["id"]}])
    path = f"/products/categories/{top['id']}"
    assert api.refused("DELETE", path) == (501, "woocommerce_rest_trash_not_supported")
    api.delete(path, force=True)
    assert api.get(f"/products/categories/{below['id']}")["parent"] == 0
    assert [row["id"] for row in api.get(f"/products/{product['id']}")["categories"]] == [DEFAULT]
    assert api.refused("GET", path) == (404, "woocommerce_rest_term_invalid")
    assert api.refused("DELETE", f"/products/categories/{DEFAULT}", force="true") == (
        500,
        "woocommerce_rest_cannot_delete",
    )


def test_unknown_categories_fall_back_without_a_word(api: Any) -> None:
    assert [row["name"] for row in api.product(categories=[{"id": 999}])["categories"]] == ["Uncategorized"]
    known = api.post("/products/categories", {"name": "Known"})
    product = api.product(categories=[{"id": 999}, {"id": known["id"]}])
    assert [row["id"] for row in product["categories"]] == [known["id"]]
    replaced = api.put(f"/products/{product['id']}", {"categories": [{"id": DEFAULT}]})
    assert [row["id"] for row in replaced["categories"]] == [DEFAULT]


def test_counts_are_of_published_products(api: Any) -> None:
    term = api.post("/products/categories", {"name": "Top"})
    for status in ("publish", "draft"):
        api.product(categories=[{"id": term["id"]}], status=status)
    assert api.get(f"/products/categories/{term['id']}")["count"] == 1
    assert DEFAULT not in api.ids("/products/categories", hide_empty="true")


def test_tags_may_be_named_on_products(api: Any) -> None:
    first = api.product(tags=[{"name": "Sun"}, {"name": "New"}])
    second = api.product(tags=[{"name": "sun"}, {"id": 999}])
    assert second["tags"] == first["tags"][:1]


def test_brands_can_be_missing(api: Any, shop: Shop) -> None:
    brand = api.post("/products/brands", {"name": "Acme"})
    assert api.product(brands=[{"id": brand["id"]}])["brands"] == [{"id": brand["id"], "name": "Acme", "slug": "acme"}]
    shop.switches.brands = False
    assert api.refused("GET", "/products/brands") == (404, "rest_no_route")
    assert "brands" not in api.product(brands=[{"id": brand["id"]}])


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, ["Apple", "Bread", "Cake", "Uncategorized"]),
        ({"order": "desc", "per_page": "2"}, ["Uncategorized", "Cake"]),
        ({"orderby": "id", "page": "2", "per_page": "2"}, ["Apple", "Bread"]),
        ({"search": "ca"}, ["Cake", "Uncategorized"]),
        ({"slug": "bread"}, ["Bread"]),
    ],
)
def test_lists_of_terms(api: Any, query: dict[str, str], names: list[str]) -> None:
    for name in ("Cake", "Apple", "Bread"):
        api.post("/products/categories", {"name": name})
    assert [row["name"] for row in api.get("/products/categories", **query)] == names


def test_terms_in_a_batch(api: Any) -> None:
    first = api.post("/products/categories", {"name": "Hats"})
    body = {
        "create": [{"name": "Caps"}, {"name": "Hats"}],
        "update": [{"id": first["id"], "name": "Bonnets"}],
        "delete": [DEFAULT],
    }
    answer = api.post("/products/categories/batch", body)
    assert answer["create"][0]["name"] == "Caps"
    assert answer["create"][1]["error"]["data"]["resource_id"] == first["id"]
    assert answer["update"][0]["name"] == "Bonnets"
    assert answer["delete"][0]["error"]["code"] == "woocommerce_rest_cannot_delete"


def test_a_bare_ampersand_and_a_symbol_keep_their_place_in_terms(api: Any) -> None:
    letters = api.post("/products/categories", {"name": "R&D"})
    symbol = api.post("/products/categories", {"name": "\N{LARGE RED SQUARE}"})

    assert letters["name"] == "R&amp;D"
    assert symbol["slug"] == "%f0%9f%9f%a5"
