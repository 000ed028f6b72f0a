"""Addresses, errors, and what stands before the API (facts/magento.md, section 2)."""

from dataclasses import replace
from typing import Any

import pytest

from sandbox.magento.app import build_app
from sandbox.magento.settings import Settings
from sandbox.magento.shop import Shop


def test_unknown_store_codes_routes_and_methods(api: Any) -> None:
    assert api.refused("GET", "/store/websites", scope="nope/") == (400, "Specified request cannot be processed.", None)
    assert api.refused("GET", "/nope") == (404, "Request does not match any route.", None)
    assert api.refused("DELETE", "/products") == (404, "Request does not match any route.", None)
    assert api.refused("PATCH", "/products", {}) == (405, "The PATCH HTTP method is not supported.", None)


@pytest.mark.parametrize("scope", ["", "default/", "all/"])
def test_store_codes(api: Any, scope: str) -> None:
    assert [row["code"] for row in api.get("/store/storeViews", scope=scope)] == ["admin", "default"]


def test_bodies_that_are_wrong(api: Any) -> None:
    assert api.refused("POST", "/products", {"product": {"sku": "x", "zz_top": 1}}) == (
        400, '"%fieldName" is not supported. Correct the field name and try again.', {"fieldName": "ZzTop"},
    )  # fmt: skip
    assert api.refused("POST", "/products", {})[::2] == (400, {"fieldName": "product"})
    wrong = api.refused("POST", "/products", {"product": {"sku": "x", "price": "abc"}})
    assert (wrong[0], wrong[2]) == (400, {"value": "abc", "type": "float"})
    assert api.refused("POST", "/products", {"product": 5})[0] == 400
    url = api.url("/products")
    headers = {"Content-Type": "application/json"}
    answer = api.client.post(url, data=b"{", headers=headers)
    assert answer.status_code == 401  # nobody in particular: the right comes before the body
    api.switch(bearer=True)
    answer = api.client.post(url, data=b"{", headers={**headers, "Authorization": f"Bearer {'t' * 32}"})
    assert (answer.status_code, answer.json) == (400, {"message": "Decoding error."})


def test_several_missing_arguments_are_listed(api: Any) -> None:
    body = {"attributeSetId": 4}
    answer = api.call("POST", "/products/attribute-sets/attributes", body)
    assert [row["parameters"]["fieldName"] for row in answer.json["errors"]] == [
        "attributeCode", "attributeGroupId", "sortOrder",
    ]  # fmt: skip


def test_camel_and_snake_case_are_both_taken(api: Any) -> None:
    body = {"sku": "A", "name": "A", "price": "7.5", "attributeSetId": "4", "typeId": "simple"}
    assert api.post("/products", {"product": body})["price"] == 7.5


def test_the_version_has_no_patch_level_and_may_be_hidden(api: Any) -> None:
    assert api.client.get("/magento_version").text == "Magento/2.4 (Community)"
    api.switch(hide_version=True)
    assert api.client.get("/magento_version").text == ""


def test_discovery(api: Any) -> None:
    (config,) = api.get("/store/storeConfigs")
    assert (config["base_currency_code"], config["timezone"], config["weight_unit"], config["base_url"]) == (
        "USD", "America/New_York", "lbs", "https://shop.test/",
    )  # fmt: skip
    assert "Magento_InventoryApi" in api.get("/modules")
    assert [row["code"] for row in api.get("/store/websites")] == ["admin", "base"]


def test_without_sources_the_inventory_is_gone(api: Any) -> None:
    api.switch(multi_source=False)
    assert "Magento_InventoryApi" not in api.get("/modules")
    assert api.refused("GET", "/inventory/sources")[0] == 404


def test_a_shop_in_a_sub_folder(settings: Settings) -> None:
    client = build_app(Shop(replace(settings, base_path="/shop"))).test_client()
    url = "https://shop.test/shop/rest/V1/integration/admin/token"
    assert client.post(url, json={"username": "admin", "password": "admin123"}).status_code == 200
    assert client.get("https://shop.test/shop/magento_version").status_code == 200


def test_maintenance_and_servers_that_refuse_encoded_slashes_answer_in_html(api: Any) -> None:
    api.switch(encoded_slashes=False)
    for answer, status in ((api.call("GET", "/products/a%2Fb"), 404), (api.call("GET", "/products"), 200)):
        assert answer.status_code == status
    assert api.call("GET", "/products/a%2fb").mimetype == "text/html"
    api.switch(maintenance=True)
    answer = api.call("GET", "/products")
    assert (answer.status_code, answer.mimetype) == (503, "text/html")


def test_a_redirect_and_a_proxy_that_hides_tls(api: Any) -> None:
    api.switch(redirect_to="https://www.shop.test")
    answer = api.call("GET", "/products")
    assert (answer.status_code, answer.headers["Location"]) == (301, "https://www.shop.test/rest/all/V1/products")
    api.switch(redirect_to="", forget_forwarded_proto=True)
    assert api.refused("GET", "/products")[1] == "The signature is invalid. Verify and try again."


def test_faults_are_played(api: Any) -> None:
    api.product("A")
    api.product("B")
    api.control("/faults", {"kind": "status", "status": 500, "path": "/orders"})
    assert api.call("GET", "/orders").status_code == 500
    api.control("/faults", {"kind": "lose_rows", "path": "/products"})
    assert [row["sku"] for row in api.get("/products")["items"]] == ["B"]
    api.control("/faults", {"kind": "end_list", "path": "/products"})
    page = {"searchCriteria[pageSize]": "1", "searchCriteria[currentPage]": "1"}
    assert api.get("/products", page)["total_count"] == 1
    calls = api.client.get("/_sandbox/calls").json
    assert calls["by_route"]["GET /rest/V1/products"] == 2
