"""Categories and brands."""

from typing import Any

import pytest

CATEGORIES, BRANDS = "/v3/catalog/trees/categories", "/v3/catalog/brands"


def made(api: Any, *rows: dict[str, Any]) -> list[int]:
    answer = api.post(CATEGORIES, list(rows), 201)
    assert answer["meta"] == {"total": len(rows), "success": len(rows), "failed": 0}
    return [row["category_id"] for row in answer["data"]]


def test_a_batch_that_fails_in_part_says_which(api: Any) -> None:
    rows = [{"name": "A", "tree_id": 1}, {"name": "a", "tree_id": 1}, {"name": "B" * 51, "tree_id": 1}, {"name": "C"}]
    answer = api.post(CATEGORIES, rows, 207)
    assert [row["name"] for row in answer["data"]] == ["A"]
    assert set(answer["errors"]["errors"]) == {"1.name", "2.name", "3.tree_id"}
    assert answer["meta"] == {"total": 4, "success": 1, "failed": 3}
    assert api.post(CATEGORIES, rows[:1], 422)["meta"]["failed"] == 1


@pytest.mark.parametrize(
    ("row", "named"),
    [
        ({"name": "X", "parent_id": 7}, "0.parent_id"),
        ({"name": "X", "tree_id": 7}, "0.tree_id"),
        ({"tree_id": 1}, "0.name"),
        ({"name": 1, "tree_id": 1}, "0.name"),
    ],
)
def test_what_no_category_can_be(api: Any, row: dict[str, Any], named: str) -> None:
    assert set(api.post(CATEGORIES, [row], 422)["errors"]["errors"]) == {named}


def test_eight_levels_at_most_and_no_circles(api: Any) -> None:
    parent = 0
    line = []
    for depth in range(8):
        (parent,) = made(api, {"name": f"L{depth}", "parent_id": parent})
        line.append(parent)
    assert set(api.post(CATEGORIES, [{"name": "L8", "parent_id": parent}], 422)["errors"]["errors"]) == {"0.parent_id"}
    circle = [{"category_id": line[0], "parent_id": line[2]}]
    assert set(api.put(CATEGORIES, circle, 422)["errors"]["errors"]) == {"0.parent_id"}
    tree = api.rows("/v3/catalog/trees/1/categories")
    assert tree[0]["children"][0]["path"] == line[:1]
    api.delete(CATEGORIES, 202, **{"category_id:in": str(line[6])})
    assert len(api.rows(CATEGORIES)) == 6
    assert api.refused("DELETE", CATEGORIES)[0] == 422


def test_categories_are_found_and_changed(api: Any) -> None:
    first, second = made(api, {"name": "Hats", "tree_id": 1}, {"name": "Caps", "tree_id": 1, "is_visible": False})
    (third,) = made(api, {"name": "Hats", "parent_id": first})
    api.put(CATEGORIES, [{"category_id": second, "name": "Bonnets"}])
    assert api.put(CATEGORIES, [{"category_id": 7, "name": "X"}, {"category_id": second}], 207)["meta"]["failed"] == 1

    def ids(**query: str) -> list[int]:
        return [row["category_id"] for row in api.rows(CATEGORIES, **query)]

    assert ids(name="hats") == [first, third]
    assert ids(**{"name:like": "onnet"}) == [second]
    assert ids(**{"parent_id:in": str(first)}) == [third]
    assert ids(is_visible="false") == [second]
    assert ids(keyword="bon", **{"tree_id:in": "1"}) == [second]


def test_brands_have_names_of_their_own(api: Any) -> None:
    first = api.post(BRANDS, {"name": "Brim"})
    other = api.post(BRANDS, {"name": "Peak"})
    assert api.refused("POST", BRANDS, {"name": "BRIM"}) == (409, "name")
    assert api.refused("PUT", f"{BRANDS}/{other['id']}", {"name": "Brim"}) == (409, "name")
    assert api.put(f"{BRANDS}/{other['id']}", {"page_title": "T"})["page_title"] == "T"
    assert [row["id"] for row in api.rows(BRANDS, name="peak")] == [other["id"]]
    assert [row["name"] for row in api.rows(BRANDS, sort="name", direction="desc")] == ["Peak", "Brim"]
    assert api.refused("DELETE", BRANDS) == (422, "name")
    api.delete(BRANDS, name="Brim")
    assert api.call("GET", f"{BRANDS}/{first['id']}").status_code == 404
