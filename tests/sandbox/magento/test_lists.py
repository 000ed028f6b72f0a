"""Lists by searchCriteria (facts/magento.md, section 2)."""

from typing import Any

import pytest

from sandbox.common.clock import ManualClock


@pytest.fixture
def three(api: Any, clock: ManualClock) -> None:
    for sku, price in (("A1", 10), ("A2", 20), ("B1", 30)):
        api.product(sku, price=price)
        clock.sleep(60)


@pytest.fixture
def skus(api: Any, find: Any) -> Any:
    def skus(*groups: Any, **more: object) -> list[str]:
        return [row["sku"] for row in api.get("/products", find(*groups, **more))["items"]]

    return skus


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (("sku", "eq", "a1"), ["A1"]),
        (("sku", "neq", "A1"), ["A2", "B1"]),
        (("sku", "in", "A1,B1,X"), ["A1", "B1"]),
        (("sku", "nin", "A1,B1"), ["A2"]),
        (("sku", "like", "A%"), ["A1", "A2"]),
        (("sku", "like", "_1"), ["A1", "B1"]),
        (("sku", "nlike", "A%"), ["B1"]),
        (("price", "gt", "10"), ["A2", "B1"]),
        (("price", "gteq", "20"), ["A2", "B1"]),
        (("price", "lt", "20"), ["A1"]),
        (("price", "lteq", "20"), ["A1", "A2"]),
        (("price", "from", "20"), ["A2", "B1"]),
        (("price", "to", "10"), ["A1"]),
        (("weight", "null", ""), ["A1", "A2", "B1"]),
        (("price", "notnull", ""), ["A1", "A2", "B1"]),
        (("updated_at", "gteq", "2026-01-15 12:01:00"), ["A2", "B1"]),
        (("updated_at", "gteq", "2026-01-15T12:01:00Z"), ["A2", "B1"]),
    ],
)
def test_conditions(skus: Any, condition: tuple[str, str, str], expected: list[str]) -> None:
    assert skus([condition]) == expected


@pytest.mark.usefixtures("three")
def test_groups_are_and_filters_within_are_or(skus: Any) -> None:
    one, two = ("sku", "eq", "A1"), ("sku", "eq", "A2")
    assert (skus([one, two]), skus([one], [two])) == (["A1", "A2"], [])


@pytest.mark.usefixtures("three")
def test_order_and_pages(api: Any, find: Any, skus: Any) -> None:
    order = {"searchCriteria[sortOrders][0][field]": "price", "searchCriteria[sortOrders][0][direction]": "DESC"}
    page = api.get("/products", find(pageSize=2, currentPage=1) | order)
    assert [row["sku"] for row in page["items"]] == ["B1", "A2"]
    assert (page["total_count"], page["search_criteria"]["page_size"]) == (3, 2)
    assert skus(pageSize=2, currentPage=2) == ["B1"]
    assert skus(pageSize=2, currentPage=3) == []
    api.switch(repeat_last_page=True)
    assert skus(pageSize=2, currentPage=3) == ["B1"]


@pytest.mark.usefixtures("three")
def test_snake_case_counts_too(api: Any) -> None:
    query = {"searchCriteria[filter_groups][0][filters][0][field]": "sku",
             "searchCriteria[filter_groups][0][filters][0][condition_type]": "like",
             "searchCriteria[filter_groups][0][filters][0][value]": "A%",
             "searchCriteria[page_size]": "1", "searchCriteria[current_page]": "2"}  # fmt: skip
    assert [row["sku"] for row in api.get("/products", query)["items"]] == ["A2"]


@pytest.mark.usefixtures("three")
def test_without_an_order_lists_may_come_in_any(api: Any, skus: Any) -> None:
    api.switch(unstable_order=True)
    seen = {tuple(skus()) for _ in range(20)}
    assert len(seen) > 1
    assert {tuple(sorted(row)) for row in seen} == {("A1", "A2", "B1")}


@pytest.mark.usefixtures("three")
def test_fields_trim_the_answer_and_no_rows_become_null(api: Any, find: Any) -> None:
    trimmed = {"fields": "items[sku,extension_attributes[website_ids]],total_count"}
    assert api.get("/products", find([("sku", "eq", "A1")]) | trimmed) == {
        "items": [{"sku": "A1", "extension_attributes": {"website_ids": [1]}}], "total_count": 1,
    }  # fmt: skip
    assert api.get("/products", find(pageSize=1, currentPage=9) | trimmed) == {"items": None, "total_count": 3}


def test_unknown_fields_are_400_for_products_and_500_for_orders_and_sources(api: Any, find: Any) -> None:
    wrong = find([("zzz", "eq", "1")])
    assert api.refused("GET", "/products", query=wrong)[::2] == (400, ["zzz"])
    status, text, _ = api.refused("GET", "/orders", query=wrong)
    assert (status, text.startswith("Internal Error."), "Report ID: webapi-" in text) == (500, True, True)
    assert api.refused("GET", "/inventory/source-items", query=wrong)[0] == 500


def test_input_limits(api: Any, find: Any) -> None:
    assert api.get("/products", find(pageSize=301))["items"] == []
    api.switch(input_limits=True)
    assert api.refused("GET", "/products", query=find(pageSize=301)) == (
        400, "Maximum SearchCriteria pageSize is %max", {"max": 300},
    )  # fmt: skip
    assert api.get("/products", find(pageSize=300))["items"] == []
