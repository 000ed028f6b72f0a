"""Cost, the bucket and documents that do not count (facts/shopify.md, section 5)."""

from dataclasses import replace
from typing import Any

import pytest

from sandbox.common.clock import ManualClock
from sandbox.shopify.app import build_app
from sandbox.shopify.settings import Limits, Settings
from sandbox.shopify.shop import Shop
from sandbox.shopify.web.cost import page_cost


def cost(api: Any, text: str, **variables: Any) -> Any:
    return api.answer(text, **variables)["extensions"]["cost"]


@pytest.mark.parametrize(("size", "points"), [(5, 5), (10, 6), (20, 7), (50, 9), (200, 12), (250, 13)])
def test_pages_cost_as_recorded(api: Any, size: int, points: int) -> None:
    assert page_cost(size) == points
    assert cost(api, f"{{ products(first: {size}) {{ nodes {{ id title }} }} }}")["requestedQueryCost"] == points


def test_nested_pages_multiply(api: Any) -> None:
    text = "{ products(first: 250) { edges { node { variants(first: 250) { edges { node { id } } } } } } }"
    assert cost(api, text)["requestedQueryCost"] == 169  # 168 was recorded


def test_objects_cost_a_point_and_writes_ten(api: Any) -> None:
    assert cost(api, "{ shop { name plan { shopifyPlus } } }")["requestedQueryCost"] == 2
    text = 'mutation { productCreate(product: {title: "x"}) { product { id } userErrors { field } } }'
    assert cost(api, text)["requestedQueryCost"] == 11
    assert cost(api, '{ bulkOperation(id: "gid://shopify/BulkOperation/1") { id } }')["requestedQueryCost"] == 1


def test_fragments_and_variables_are_priced(api: Any) -> None:
    text = "query($n: Int = 20) { ...all } fragment all on QueryRoot { products(first: $n) { nodes { id } } }"
    assert cost(api, text)["requestedQueryCost"] == 7
    assert cost(api, text, n=5)["requestedQueryCost"] == 5


def test_what_came_is_what_is_paid(api: Any) -> None:
    api.control("seed", count=1)
    told = cost(api, "{ products(first: 250) { nodes { id } } }")
    assert (told["requestedQueryCost"], told["actualQueryCost"]) == (13, 2)
    assert told["throttleStatus"] == {
        "maximumAvailable": 2000.0,
        "currentlyAvailable": 1998,
        "restoreRate": 100.0,
    }


def emptied(settings: Settings, api: Any, **more: Any) -> Any:
    """A shop whose bucket is nearly empty."""
    shop = Shop(replace(settings, limits=Limits(bucket=20, restore_rate=2, **more)), api.shop.instruments.clock)
    other = type(api)(shop, build_app(shop).test_client(), shop.issue(shop.apps["test-app"]).value)
    for _ in range(9):
        other.send("{ shop { plan { shopifyPlus } } }")
    return other


def test_an_empty_bucket_throttles_with_200_and_fills_again(api: Any, settings: Settings, clock: ManualClock) -> None:
    other = emptied(settings, api)
    text = "{ products(first: 5) { nodes { id } } }"
    answer = other.call(text)
    assert (answer.status_code, "data" in answer.json) == (200, False)
    [error] = answer.json["errors"]
    assert (error["message"], error["extensions"]["code"]) == ("Throttled", "THROTTLED")
    told = answer.json["extensions"]["cost"]
    assert (told["requestedQueryCost"], told["actualQueryCost"]) == (5, None)
    assert told["throttleStatus"] == {"maximumAvailable": 20.0, "currentlyAvailable": 2, "restoreRate": 2.0}
    clock.sleep(1.5)
    assert other.send(text)["nodes"] == []


def test_or_with_429(api: Any, settings: Settings) -> None:
    answer = emptied(settings, api, throttled_status=429).call("{ products(first: 5) { nodes { id } } }")
    assert (answer.status_code, answer.json["errors"][0]["extensions"]["code"]) == (429, "THROTTLED")


def test_one_query_may_not_cost_more_than_a_thousand(api: Any) -> None:
    text = """{ products(first: 250) { nodes { variants(first: 250) { nodes {
      media(first: 250) { nodes { id } } } } } } }"""
    assert api.code(text) == "MAX_COST_EXCEEDED"


def test_the_ledger_counts_points_by_operation(api: Any, shop: Shop) -> None:
    api.send("{ products(first: 5) { nodes { id } } }")
    api.send("{ shop { name } }")
    ledger = shop.instruments.ledger
    assert ledger.by_route() == {"POST graphql query products": 1, "POST graphql query shop": 1}
    assert ledger.cost == 1  # nothing came of the first


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{ products { nodes { id } } }", "BAD_REQUEST"),
        ("{ products(first: 251) { nodes { id } } }", "INVALID_FIELD_ARGUMENTS"),
        ("{ products(first: 0) { nodes { id } } }", "INVALID_FIELD_ARGUMENTS"),
        ('{ products(first: 5, after: "x") { nodes { id } } }', "BAD_REQUEST"),
        ('{ node(id: "7") { id } }', "INVALID_FIELD_ARGUMENTS"),
    ],
)
def test_wrong_arguments(api: Any, text: str, code: str) -> None:
    assert api.code(text) == code


def test_one_product_shows_up_to_2000_variants_at_once(api: Any) -> None:
    text = "query($id: ID!) { product(id: $id) { variants(first: 2000) { nodes { id } } } }"
    assert len(api.send(text, id=api.product()["id"])["variants"]["nodes"]) == 1


def test_a_document_has_to_fit_the_schema(api: Any) -> None:
    answer = api.answer("{ shop { nothing } }")
    assert answer["errors"][0]["message"].startswith("Cannot query field 'nothing' on type 'Shop'")
    assert "data" not in answer
    assert "Syntax Error" in api.answer("{ shop {")["errors"][0]["message"]
    [error] = api.answer("query($id: ID!) { product(id: $id) { id } }")["errors"]
    assert error["extensions"]["code"] == "INVALID_VARIABLE"


def test_whatever_version_is_asked_for_the_answer_names_its_own(api: Any) -> None:
    headers = {"X-Shopify-Access-Token": api.token}
    path = "/admin/api/2024-01/graphql.json"
    answer = api.client.post(path, json={"query": "{ shop { name } }"}, headers=headers)
    assert answer.headers["X-Shopify-API-Version"] == "2026-07"


def test_a_request_without_a_document_is_no_request(api: Any) -> None:
    headers = {"X-Shopify-Access-Token": api.token}
    path = "/admin/api/2026-07/graphql.json"
    for body in (b"", b"[]", b'{"query": 7}'):
        assert api.client.post(path, data=body, headers=headers).status_code == 400


@pytest.mark.parametrize(("switch", "status"), [("paused", 402), ("locked", 423)])
def test_a_shop_may_be_shut(api: Any, switch: str, status: int) -> None:
    api.control("switches", **{switch: True})
    assert api.call("{ shop { name } }").status_code == status


def test_another_shop_is_not_here(api: Any) -> None:
    path, headers = "/admin/api/2026-07/graphql.json", {"X-Shopify-Access-Token": api.token}
    body = {"query": "{ shop { name } }"}
    for host, status in (("stand-in.myshopify.com", 200), ("other.myshopify.com", 404)):
        assert api.client.post(path, json=body, headers=headers, base_url=f"https://{host}").status_code == status
