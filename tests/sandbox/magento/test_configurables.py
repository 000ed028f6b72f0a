"""Attributes, their options, and products with children (facts/magento.md, section 3)."""

from typing import Any

import pytest


@pytest.fixture
def size(api: Any) -> dict[str, str]:
    """Make the attribute ``size`` and put it into the set; gives its id, and its options' by label."""
    made = api.post("/products/attributes", {"attribute": {
        "attribute_code": "size", "frontend_input": "select", "scope": "global", "default_frontend_label": "Size",
        "is_required": False}})  # fmt: skip
    group = api.get("/products/attribute-sets/groups/list")["items"][0]["attribute_group_id"]
    api.post("/products/attribute-sets/attributes", {
        "attributeSetId": 4, "attributeGroupId": int(group), "attributeCode": "size", "sortOrder": 1})  # fmt: skip
    options = {label: api.post("/products/attributes/size/options", {"option": {"label": label}}) for label in "SL"}
    return {"id": str(made["attribute_id"]), **options}


@pytest.fixture
def children(api: Any, size: dict[str, str]) -> list[int]:
    chosen = {label: [{"attribute_code": "size", "value": size[label]}] for label in "SL"}
    return [api.product(f"T-{label}", custom_attributes=chosen[label], visibility=1)["id"] for label in "SL"]


def axis(size: dict[str, str]) -> dict[str, Any]:
    values = [{"value_index": int(size[label])} for label in "SL"]
    return {"attribute_id": size["id"], "label": "Size", "position": 0, "values": values}


def whole(size: dict[str, str], children: list[int]) -> dict[str, Any]:
    return {"configurable_product_options": [axis(size)], "configurable_product_links": children}


def links(api: Any) -> Any:
    return api.get("/products/T")["extension_attributes"]["configurable_product_links"]


def test_an_option_has_an_id_as_text_and_a_label_of_its_own(api: Any, size: dict[str, str]) -> None:
    assert size["S"].isdigit()
    again = api.refused("POST", "/products/attributes/size/options", {"option": {"label": "S"}})
    assert again == (400, 'Admin store attribute option label "%1" is already exists.', ["S"])
    assert api.get("/products/attributes/size/options") == [
        {"label": " ", "value": ""}, {"label": "S", "value": size["S"]}, {"label": "L", "value": size["L"]},
    ]  # fmt: skip
    path = f"/products/attributes/size/options/{size['S']}"
    assert api.put(path, {"option": {"label": "Small"}}) is True
    assert api.refused("PUT", path, {"option": {"label": "L"}})[0] == 400
    assert api.ok("DELETE", path) is True
    assert api.refused("DELETE", path)[0] == 404


def test_attributes(api: Any, size: dict[str, str]) -> None:
    shown = api.get("/products/attributes/size")
    assert (shown["attribute_id"], shown["scope"], shown["is_user_defined"]) == (int(size["id"]), "global", True)
    body = {"attribute": {"attribute_code": "size", "frontend_input": "select", "default_frontend_label": "Size"}}
    assert api.refused("POST", "/products/attributes", body)[0] == 400
    assert api.put("/products/attributes/size", {"attribute": {"default_frontend_label": "Fit"}})["scope"] == "global"
    assert "size" in [row["attribute_code"] for row in api.get("/products/attribute-sets/4/attributes")]
    assert api.refused("GET", "/products/attributes/none")[::2] == (404, ["none"])
    for code in ("1size", "si ze", "s" * 61):
        wrong = {"attribute_code": code, "frontend_input": "select", "default_frontend_label": "Size"}
        assert api.refused("POST", "/products/attributes", {"attribute": wrong})[::2] == (400, [code])
    assert api.refused("DELETE", "/products/attributes/name")[0] == 400
    assert api.ok("DELETE", "/products/attribute-sets/4/attributes/size") is True
    assert api.ok("DELETE", "/products/attributes/size") is True


def test_a_set_of_ones_own(api: Any) -> None:
    body = {"attributeSet": {"attribute_set_name": "Shoes", "sort_order": 1}, "skeletonId": 4}
    made = api.post("/products/attribute-sets", body)
    assert api.refused("POST", "/products/attribute-sets", body)[0] == 400
    assert api.get(f"/products/attribute-sets/{made['attribute_set_id']}") == made
    assert api.product("A", attribute_set_id=made["attribute_set_id"])["attribute_set_id"] == made["attribute_set_id"]


def test_one_put_makes_a_configurable(api: Any, size: dict[str, str], children: list[int]) -> None:
    api.product("T", None, type_id="configurable")
    body = {"product": {"extension_attributes": whole(size, children)}}
    extension = api.put("/products/T", body)["extension_attributes"]
    assert extension["configurable_product_links"] == children
    assert extension["configurable_product_options"][0]["values"] == axis(size)["values"]
    assert [row["sku"] for row in api.get("/configurable-products/T/children")] == ["T-S", "T-L"]


def test_step_by_step(api: Any, size: dict[str, str], children: list[int]) -> None:
    api.product("T", None, type_id="configurable")
    too_early = api.refused("POST", "/configurable-products/T/child", {"childSku": "T-S"})
    assert too_early[1] == "The parent product doesn't have configurable product options."
    number = api.post("/configurable-products/T/options", {"option": axis(size)})
    assert api.get("/configurable-products/T/options/all")[0]["id"] == int(number)
    for sku in ("T-S", "T-L"):
        assert api.post("/configurable-products/T/child", {"childSku": sku}) is True
    again = api.refused("POST", "/configurable-products/T/child", {"childSku": "T-S"})
    assert again[:2] == (400, "The product is already attached.")
    assert api.ok("DELETE", "/configurable-products/T/children/T-S") is True
    assert api.refused("DELETE", "/configurable-products/T/children/T-S")[0] == 404
    assert links(api) == children[1:]
    assert api.put(f"/configurable-products/T/options/{number}", {"option": {"label": "Fit"}}) == number
    assert api.ok("DELETE", f"/configurable-products/T/options/{number}") is True
    assert api.get("/configurable-products/T/options/all") == []


def test_only_global_choices_tell_children_apart(api: Any, size: dict[str, str]) -> None:
    api.product("T", None, type_id="configurable")
    name = str(api.get("/products/attributes/name")["attribute_id"])
    for number in (name, "999"):
        refused = api.refused(
            "POST", "/configurable-products/T/options", {"option": {**axis(size), "attribute_id": number}}
        )
        assert refused[:2] == (400, "The option attribute ID is invalid.")
    empty = {**axis(size), "values": []}
    assert api.refused("POST", "/configurable-products/T/options", {"option": empty})[0] == 400


def test_children_need_a_value_of_their_own_for_each_axis(api: Any, size: dict[str, str], children: list[int]) -> None:
    api.product("T", None, type_id="configurable")
    api.post("/configurable-products/T/options", {"option": axis(size)})
    plain = api.product("PLAIN")["id"]
    same = api.product("SAME", custom_attributes=[{"attribute_code": "size", "value": size["S"]}])["id"]
    assert api.refused("POST", "/configurable-products/T/child", {"childSku": "PLAIN"})[2] == [plain, "size"]
    body = {"product": {"extension_attributes": {"configurable_product_links": [children[0], same]}}}
    assert api.refused("PUT", "/products/T", body)[2] == [children[0], same]
    assert links(api) == []


def test_children_not_named_stay_and_an_empty_list_detaches_all(
    api: Any, size: dict[str, str], children: list[int]
) -> None:
    api.product("T", None, type_id="configurable", extension_attributes=whole(size, children))
    api.put("/products/T", {"product": {"name": "New"}})
    assert links(api) == children
    api.put("/products/T", {"product": {"extension_attributes": {"configurable_product_links": []}}})
    assert links(api) == []


def test_it_is_salable_only_with_its_own_mark(api: Any, size: dict[str, str], children: list[int]) -> None:
    for sku, stock in (("DULL", {}), ("LIVE", {"stock_item": {"is_in_stock": True}})):
        extension = {**whole(size, children), **stock}
        api.product(sku, None, type_id="configurable", extension_attributes=extension)
    query = {"skus[0]": "DULL", "skus[1]": "LIVE", "stockId": "1"}
    assert [row["salable"] for row in api.get("/inventory/are-products-salable", query)] == [False, True]
    assert api.refused("GET", "/inventory/get-product-salable-quantity/LIVE/1")[0] == 400


def test_an_order_has_two_rows_of_the_childs_sku(api: Any, size: dict[str, str], children: list[int]) -> None:
    stock = {"stock_item": {"is_in_stock": True}}
    api.product("T", None, type_id="configurable", extension_attributes={**whole(size, children), **stock})
    order = api.order(("T-S", 2))
    parent, child = order["items"]
    assert (parent["sku"], parent["product_type"], parent["price"], parent["qty_ordered"]) == (
        "T-S",
        "configurable",
        20,
        2,
    )
    assert (child["sku"], child["price"], child["product_id"]) == ("T-S", 0, children[0])
    assert child["parent_item"]["item_id"] == child["parent_item_id"] == parent["item_id"]
    assert (order["total_item_count"], order["subtotal"], api.salable("T-S")) == (1, 40, 3)
    ship = f"/order/{order['entity_id']}/ship"
    wrong = api.refused("POST", ship, {"items": [{"order_item_id": child["item_id"], "qty": 1}]})
    assert (wrong[0], "You can't create a shipment without products." in wrong[1]) == (400, True)
    api.post(ship, {"items": [{"order_item_id": parent["item_id"], "qty": 1}]})
    assert (api.on_hand("T-S"), api.salable("T-S")) == ({"default": (4, 1)}, 3)
    shown = api.get(f"/orders/{order['entity_id']}")["items"]
    assert [row["qty_shipped"] for row in shown] == [1, 1]
