"""Variable products, attributes and variations (facts/woocommerce.md, "Products")."""

from typing import Any

import pytest

from sandbox.common.clock import ManualClock


@pytest.fixture
def colour(api: Any) -> Any:
    """A global attribute with terms in an order of their own."""
    attribute = api.post("/products/attributes", {"name": "Colour"})
    for place, name in enumerate(("Red", "Green", "Blue")):
        api.post(f"/products/attributes/{attribute['id']}/terms", {"name": name, "menu_order": place})
    return attribute


@pytest.fixture
def shirt(api: Any, colour: Any) -> Any:
    attributes = [
        {"id": colour["id"], "variation": True, "visible": True, "options": ["Blue", "Red"]},
        {"name": "Size", "variation": True, "position": 1, "options": ["L", "S"]},
    ]
    return api.product(name="Shirt", type="variable", attributes=attributes)


def vary(api: Any, parent: Any, *options: tuple[object, str], **fields: object) -> Any:
    attributes = [{"id" if isinstance(key, int) else "name": key, "option": option} for key, option in options]
    return api.post(f"/products/{parent['id']}/variations", {"regular_price": "5", "attributes": attributes, **fields})


def test_options_of_global_attributes_come_in_term_order_and_own_ones_as_sent(shirt: Any) -> None:
    assert [(row["name"], row["slug"], row["options"]) for row in shirt["attributes"]] == [
        ("Colour", "pa_colour", ["Red", "Blue"]),
        ("Size", "Size", ["L", "S"]),
    ]


def test_unknown_options_of_a_global_attribute_become_terms(api: Any, colour: Any) -> None:
    product = api.product(type="variable", attributes=[{"id": colour["id"], "options": ["Pink & Gold"]}])
    assert product["attributes"][0]["options"] == ["Pink &amp; Gold"]
    terms = api.get(f"/products/attributes/{colour['id']}/terms")
    assert [term["name"] for term in terms] == ["Blue", "Green", "Pink &amp; Gold", "Red"]


def test_default_choices_are_shown_with_names(api: Any, colour: Any, shirt: Any) -> None:
    rows = [{"id": colour["id"], "option": "blue"}, {"name": "Size", "option": "L"}, {"name": "Weight", "option": "1"}]
    shown = api.put(f"/products/{shirt['id']}", {"default_attributes": rows})["default_attributes"]
    assert [(row["name"], row["option"]) for row in shown] == [("Colour", "Blue"), ("Size", "L")]


def test_a_bar_splits_an_option(api: Any) -> None:
    product = api.product(attributes=[{"name": "Size", "options": ["S|M"]}])
    assert product["attributes"][0]["options"] == ["S", "M"]


def test_attributes_that_name_nothing_are_dropped(api: Any, colour: Any) -> None:
    rows = [{"id": 99, "options": ["x"]}, {"options": ["x"]}, {"id": colour["id"], "options": []}, {"name": "Size"}]
    assert api.product(attributes=rows)["attributes"] == []


def test_choices_are_shown_with_names_and_a_missing_one_means_any(api: Any, colour: Any, shirt: Any) -> None:
    child = vary(api, shirt, (colour["id"], "Red"))
    assert child["attributes"] == [{"id": colour["id"], "name": "Colour", "slug": "pa_colour", "option": "Red"}]
    assert (child["parent_id"], child["type"], child["name"]) == (shirt["id"], "variation", "Red")


def test_doubles_and_unknown_options_are_welcome_and_outlive_their_option(api: Any, colour: Any, shirt: Any) -> None:
    children = [vary(api, shirt, ("Size", "L")), vary(api, shirt, ("Size", "L")), vary(api, shirt, ("Size", "huge"))]
    assert [child["attributes"][0]["option"] for child in children] == ["L", "L", "huge"]
    reduced = api.put(
        f"/products/{shirt['id']}", {"attributes": [{"name": "Size", "variation": True, "options": ["S"]}]}
    )
    assert (len(reduced["attributes"]), len(reduced["variations"])) == (1, 3)


def test_an_attribute_that_does_not_vary_is_no_choice(api: Any) -> None:
    parent = api.product(type="variable", attributes=[{"name": "Size", "options": ["S"]}])
    assert vary(api, parent, ("Size", "S"))["attributes"] == []


def test_the_parent_shows_the_lowest_price_and_any_stock(api: Any, shirt: Any) -> None:
    assert api.product(type="variable", regular_price="9")["regular_price"] == ""
    vary(api, shirt, regular_price="10", manage_stock=True, stock_quantity=0)
    assert api.get(f"/products/{shirt['id']}")["stock_status"] == "outofstock"
    vary(api, shirt, regular_price="9.50", sale_price="8", manage_stock=True, stock_quantity=2)
    parent = api.get(f"/products/{shirt['id']}")
    assert (parent["price"], parent["on_sale"], parent["manage_stock"]) == ("8", True, False)
    assert (parent["stock_status"], parent["stock_quantity"]) == ("instock", None)


def test_what_a_variation_lacks_shows_its_parents(api: Any) -> None:
    parent = api.product(type="variable", sku="P", weight="2", manage_stock=True, stock_quantity=7)
    child = vary(api, parent)
    assert (child["sku"], child["weight"]) == ("P", "2")
    assert (child["manage_stock"], child["stock_quantity"], child["stock_status"]) == ("parent", 7, "instock")


def test_a_change_of_a_variation_moves_its_parents_date(api: Any, clock: ManualClock, shirt: Any) -> None:
    child = vary(api, shirt, manage_stock=True, stock_quantity=1)
    clock.sleep(30)
    api.put(f"/products/{shirt['id']}/variations/{child['id']}", {"stock_quantity": 2})
    after = "2026-01-15T12:00:29Z"
    assert api.ids(modified_after=after) == [shirt["id"]]
    assert api.ids(f"/products/{shirt['id']}/variations", modified_after=after) == [child["id"]]


def test_variations_are_read_as_products_and_written_below_their_parent_only(api: Any, shirt: Any) -> None:
    child = vary(api, shirt, ("Size", "L"), sku="V")
    as_product = api.get(f"/products/{child['id']}")
    assert (as_product["type"], as_product["name"], as_product["parent_id"]) == ("variation", "Shirt - L", shirt["id"])
    path = f"/products/{child['id']}"
    assert api.refused("PUT", path, {"name": "x"}) == (404, "woocommerce_rest_invalid_product_id")
    assert api.refused("DELETE", path) == (404, "woocommerce_rest_invalid_product_id")
    assert api.ids(include=str(child["id"])) == []
    assert api.ids() == [shirt["id"]]


def test_a_variation_belongs_to_one_parent(api: Any, shirt: Any) -> None:
    other, child = api.product(type="variable"), vary(api, shirt)
    wrong = f"/products/{other['id']}/variations/{child['id']}"
    for method in ("GET", "PUT", "DELETE"):
        assert api.refused(method, wrong, {}) == (404, "woocommerce_rest_product_variation_invalid_id")
    assert api.refused("GET", "/products/99/variations") == (404, "woocommerce_rest_product_invalid_id")


def test_variations_share_the_skus_of_products(api: Any, shirt: Any) -> None:
    owner = api.product(sku="A")
    answer = api.call("POST", f"/products/{shirt['id']}/variations", json={"sku": "A"})
    assert (answer.json["code"], answer.json["data"]["resource_id"]) == ("product_invalid_sku", owner["id"])
    api.delete(f"/products/{owner['id']}")
    assert api.refused("POST", f"/products/{shirt['id']}/variations", {"sku": "A"}) == (
        400,
        "woocommerce_rest_product_variation_not_created",
    )


def test_deleting_a_variation(api: Any, shirt: Any) -> None:
    first, second = vary(api, shirt), vary(api, shirt)
    path = f"/products/{shirt['id']}/variations"
    api.delete(f"{path}/{first['id']}")
    assert api.refused("DELETE", f"{path}/{first['id']}") == (410, "woocommerce_rest_already_trashed")
    assert api.get(f"/products/{shirt['id']}")["variations"] == [second["id"]]
    api.delete(f"{path}/{second['id']}", force=True)
    assert api.refused("GET", f"{path}/{second['id']}")[0] == 404


class TestGlobalAttributes:
    """Attributes and their terms."""

    def test_slugs_are_prefixed_short_and_unique(self, api: Any) -> None:
        assert api.post("/products/attributes", {"name": "Größe"})["slug"] == "pa_grose"
        cases = [{"name": "Größe"}, {"name": "x" * 29}, {"name": "ok", "slug": "y" * 29}, {"name": "Type"}]
        for body in cases:
            assert api.refused("POST", "/products/attributes", body) == (400, "woocommerce_rest_cannot_create")
        assert api.post("/products/attributes", {"name": "x" * 28})["slug"] == "pa_" + "x" * 28

    def test_the_order_of_terms_is_the_attributes(self, api: Any, colour: Any, shirt: Any) -> None:
        api.put(f"/products/attributes/{colour['id']}", {"order_by": "name"})
        assert api.get(f"/products/{shirt['id']}")["attributes"][0]["options"] == ["Blue", "Red"]

    def test_numbers_in_names_may_be_the_order(self, api: Any) -> None:
        attribute = api.post("/products/attributes", {"name": "Length", "order_by": "name_num"})
        rows = [{"id": attribute["id"], "options": ["10 cm", "9.5 cm", "other"]}]
        assert api.product(attributes=rows)["attributes"][0]["options"] == ["other", "9.5 cm", "10 cm"]
        api.put(f"/products/attributes/{attribute['id']}", {"order_by": "id", "has_archives": True})
        assert api.get("/products")[0]["attributes"][0]["options"] == ["10 cm", "9.5 cm", "other"]

    def test_deleting_needs_no_force_here_and_takes_terms_along(self, api: Any, colour: Any, shirt: Any) -> None:
        api.delete(f"/products/attributes/{colour['id']}")
        terms = f"/products/attributes/{colour['id']}/terms"
        assert api.refused("GET", terms) == (404, "woocommerce_rest_taxonomy_invalid")

    def test_a_term_exists_once(self, api: Any, colour: Any) -> None:
        path = f"/products/attributes/{colour['id']}/terms"
        red = next(term for term in api.get(path) if term["name"] == "Red")
        answer = api.call("POST", path, json={"name": "red"})
        assert (answer.status_code, answer.json["code"]) == (400, "term_exists")
        assert answer.json["data"]["resource_id"] == red["id"]

    def test_terms_in_a_batch(self, api: Any, colour: Any) -> None:
        path = f"/products/attributes/{colour['id']}/terms"
        answer = api.post(f"{path}/batch", {"create": [{"name": "Grey"}, {"name": "Red"}]})["create"]
        assert answer[0]["name"] == "Grey"
        assert (answer[1]["id"], answer[1]["error"]["code"]) == (0, "term_exists")
