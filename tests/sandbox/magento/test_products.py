"""Products: upserts, the case of SKUs, store views, what empty lists wipe (facts/magento.md, section 3)."""

from dataclasses import replace
from typing import Any

import pytest

from sandbox.common.clock import ManualClock
from sandbox.magento.app import build_app
from sandbox.magento.settings import Settings, StoreView
from sandbox.magento.shop import Shop


def attribute(product: Any, code: str) -> Any:
    return next((row["value"] for row in product["custom_attributes"] if row["attribute_code"] == code), None)


def test_a_product_is_created_and_shown_whole(api: Any) -> None:
    made = api.product("A1", name="Thing", weight=1.5, visibility=4)
    assert (made["sku"], made["name"], made["price"], made["weight"], made["type_id"]) == (
        "A1",
        "Thing",
        20,
        1.5,
        "simple",
    )
    assert (made["status"], made["created_at"], made["updated_at"]) == (1, "2026-01-15 12:00:00", "2026-01-15 12:00:00")
    assert made["extension_attributes"]["stock_item"]["qty"] == 5
    assert attribute(made, "url_key") == "thing"
    assert api.get("/products/A1") == made
    assert "stock_item" not in api.get("/products")["items"][0]["extension_attributes"]


def test_known_skus_are_found_and_written_whatever_their_case(api: Any) -> None:
    first = api.product("Ab1")
    assert api.get("/products/aB1")["sku"] == "Ab1"
    again = api.post("/products", {"product": {"sku": "AB1", "price": 22}})
    assert (again["id"], again["sku"], again["price"]) == (first["id"], "AB1", 22)
    assert api.put("/products/ab1", {"product": {}})["sku"] == "ab1"
    assert api.put("/products/ab1", {"product": {"sku": "other"}})["sku"] == "ab1"
    assert api.refused("GET", "/products/other")[0] == 404


def test_edge_spaces_are_trimmed(api: Any) -> None:
    assert api.product(" A ")["sku"] == "A"


def test_put_of_an_unknown_sku_tries_to_create(api: Any) -> None:
    assert api.refused("PUT", "/products/NONE", {"product": {"price": 5}}) == (
        400, "Invalid product data: %1", ["Invalid attribute set entity type"],
    )  # fmt: skip
    made = api.put("/products/NEW", {"product": {"name": "New", "price": 5, "attribute_set_id": 4}})
    assert made["sku"] == "NEW"


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"sku": "x" * 65}, "SKU length should be 64 characters maximum."),
        ({"sku": " "}, 'The "%1" attribute value is empty. Set the attribute and try again.'),
        ({"name": ""}, 'The "%1" attribute value is empty. Set the attribute and try again.'),
        ({"price": None}, 'The "%1" attribute value is empty. Set the attribute and try again.'),
    ],
)
def test_what_cannot_be_created(api: Any, fields: dict[str, Any], text: str) -> None:
    body = {"sku": "A", "name": "A", "price": 1, "attribute_set_id": 4, **fields}
    assert api.refused("POST", "/products", {"product": body})[:2] == (400, text)
    assert api.get("/products")["total_count"] == 0


def test_a_sku_may_have_64_characters(api: Any) -> None:
    assert len(api.product("x" * 64)["sku"]) == 64


def test_url_keys_are_unique_and_a_clash_changes_nothing(api: Any) -> None:
    api.product("A", name="Same name")
    clash = {"sku": "B", "name": "Same  NAME!", "price": 1, "attribute_set_id": 4}
    assert api.refused("POST", "/products", {"product": clash})[1] == "URL key for specified store already exists."
    assert api.refused("GET", "/products/B")[0] == 404
    api.product("B", name="Other")
    key = [{"attribute_code": "url_key", "value": "same-name"}]
    assert api.refused("PUT", "/products/B", {"product": {"price": 9, "custom_attributes": key}})[0] == 400
    assert api.get("/products/B")["price"] == 20
    assert api.put("/products/A", {"product": {"custom_attributes": key}})["id"]
    api.put("/products/A", {"product": {"custom_attributes": [{"attribute_code": "url_key", "value": "freed"}]}})
    assert attribute(api.put("/products/B", {"product": {"custom_attributes": key}}), "url_key") == "same-name"


def test_what_is_not_named_stays(api: Any, clock: ManualClock) -> None:
    made = api.product("A", custom_attributes=[{"attribute_code": "description", "value": "<p>d</p>"}])
    clock.sleep(60)
    changed = api.put("/products/A", {"product": {"name": "New"}})
    assert changed == {**made, "name": "New", "updated_at": "2026-01-15 12:01:00"}
    clock.sleep(60)
    assert api.put("/products/A", {"product": {}})["updated_at"] == "2026-01-15 12:02:00"


def test_attributes_outside_the_set_are_left_out_without_a_word(api: Any) -> None:
    rows = [{"attribute_code": "no_such", "value": "x"}, {"attribute_code": "meta_title", "value": "T"}]
    made = api.product("A", custom_attributes=rows)
    assert (attribute(made, "no_such"), attribute(made, "meta_title")) == (None, "T")


def test_custom_attributes_are_shown_as_texts(api: Any) -> None:
    values = {"msrp": 25.5, "tax_class_id": 2, "meta_keyword": ["a", "b"], "color": True}
    made = api.product("A", custom_attributes=[{"attribute_code": c, "value": v} for c, v in values.items()])
    assert [attribute(made, code) for code in values] == ["25.500000", "2", "a,b", "1"]


def test_a_view_overrides_and_a_global_write_leaves_it(api: Any) -> None:
    api.product("A")
    api.put("/products/A", {"product": {"name": "view", "price": 9}}, scope="default/")
    assert [api.get("/products/A", scope=scope)["name"] for scope in ("all/", "default/", "")] == ["A", "view", "view"]
    api.put("/products/A", {"product": {"name": "global"}})
    assert [api.get("/products/A", scope=scope)["name"] for scope in ("all/", "")] == ["global", "view"]
    assert api.get("/products/A")["price"] == 9  # prices are global


def test_views_differ_from_each_other(settings: Settings, clock: ManualClock, api: Any) -> None:
    shop = Shop(replace(settings, views=(*settings.views, StoreView(2, "german", "German"))), clock)
    other = type(api)(shop, build_app(shop).test_client())
    other.product("A")
    other.put("/products/A", {"product": {"name": "Ding"}}, scope="german/")
    names = [other.get("/products/A", scope=scope)["name"] for scope in ("all/", "default/", "german/")]
    assert names == ["A", "A", "Ding"]


def test_categories_of_a_product(api: Any) -> None:
    made = api.product("A", custom_attributes=[{"attribute_code": "category_ids", "value": ["2"]}])
    assert made["extension_attributes"]["category_links"] == [{"position": 0, "category_id": "2"}]
    assert attribute(api.put("/products/A", {"product": {"name": "B"}}), "category_ids") == ["2"]
    wiped = api.put("/products/A", {"product": {"extension_attributes": {"category_links": []}}})
    assert attribute(wiped, "category_ids") == []
    unknown = {"product": {"extension_attributes": {"category_links": [{"category_id": "99", "position": 0}]}}}
    assert api.refused("PUT", "/products/A", unknown)[0] == 404


def test_deleting_leaves_the_rows_in_the_sources(api: Any) -> None:
    api.product("A")
    assert api.ok("DELETE", "/products/A") is True
    assert api.refused("GET", "/products/A")[:2] == (
        404, "The product that was requested doesn't exist. Verify the product and try again.",
    )  # fmt: skip
    assert api.on_hand("A") == {"default": (5, 1)}
    api.control("/consume")
    assert api.on_hand("A") == {}
    assert api.product("A", name="A")["sku"] == "A"


def test_websites(api: Any) -> None:
    api.product("A")
    assert api.ok("DELETE", "/products/A/websites/1") is True
    assert api.get("/products/A")["extension_attributes"]["website_ids"] == []
    link = {"productWebsiteLink": {"sku": "A", "website_id": 1}}
    assert api.post("/products/A/websites", link) is True
    assert api.get("/products/A")["extension_attributes"]["website_ids"] == [1]
