"""Lists: pages, filters, dates, fields (facts/woocommerce.md, "Lists")."""

from typing import Any

import pytest

from sandbox.common.clock import ManualClock


@pytest.fixture
def seven(api: Any, clock: ManualClock) -> list[int]:
    """Seven products, a minute apart, the first at 12:00:00 GMT."""
    ids = []
    for number in range(7):
        ids.append(api.product(name=f"P{number}", regular_price=str(10 - number))["id"])
        clock.sleep(60)
    return ids


def test_pages_and_their_headers(api: Any, seven: list[int]) -> None:
    answer = api.call("GET", "/products", query_string={"per_page": "3", "page": "2", "search": "P"})
    assert [row["id"] for row in answer.json] == seven[::-1][3:6]
    assert (answer.headers["X-WP-Total"], answer.headers["X-WP-TotalPages"]) == ("7", "3")
    base = "https://shop.test/wp-json/wc/v3/products?per_page=3&search=P&page="
    assert answer.headers["Link"] == f'<{base}1>; rel="prev", <{base}3>; rel="next"'


def test_past_the_end_is_an_empty_list(api: Any, seven: list[int]) -> None:
    answer = api.call("GET", "/products", query_string={"page": "9"})
    assert (answer.status_code, answer.json, answer.headers["X-WP-Total"]) == (200, [], "7")
    assert 'rel="next"' not in answer.headers["Link"]


def test_the_default_page_holds_ten(api: Any) -> None:
    api.post("/products/batch", {"create": [{"name": str(number)} for number in range(12)]})
    assert len(api.ids()) == 10


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ({"per_page": "101"}, "per_page"),
        ({"per_page": "0"}, "per_page"),
        ({"page": "x"}, "page"),
        ({"orderby": "colour"}, "orderby"),
        ({"status": "gone"}, "status"),
        ({"modified_after": "2026-01-15"}, "modified_after"),
        ({"include": "1,x"}, "include"),
    ],
)
def test_wrong_arguments_are_named(api: Any, query: dict[str, str], named: str) -> None:
    answer = api.call("GET", "/products", query_string=query)
    assert (answer.status_code, answer.json["code"]) == (400, "rest_invalid_param")
    assert list(answer.json["data"]["params"]) == [named]
    assert answer.json["data"]["details"][named]["code"].startswith("rest_")


def test_orders_of_rows(api: Any, seven: list[int]) -> None:
    assert api.ids(orderby="id", order="asc") == seven
    assert api.ids(orderby="price", order="asc") == seven[::-1]
    assert api.ids(orderby="title", order="asc") == seven
    assert api.ids(orderby="include", include=f"{seven[4]},{seven[1]}") == [seven[4], seven[1]]
    api.put(f"/products/{seven[2]}", {})
    assert api.ids(orderby="modified")[0] == seven[2]


def test_include_exclude_and_offset(api: Any, seven: list[int]) -> None:
    assert set(api.ids(include=f"{seven[0]},{seven[6]},999")) == {seven[0], seven[6]}
    assert set(api.ids(exclude=f"{seven[0]}")) == set(seven[1:])
    answer = api.call("GET", "/products", query_string=[("include[]", str(seven[3])), ("include[]", str(seven[5]))])
    assert {row["id"] for row in answer.json} == {seven[3], seven[5]}
    assert api.ids(offset="5", order="asc") == seven[5:]


def test_fields_cut_the_answer(api: Any, seven: list[int]) -> None:
    assert api.get("/products", _fields="id,name", per_page="1") == [{"id": seven[6], "name": "P6"}]
    assert api.get(f"/products/{seven[0]}", _fields="dimensions.width,categories.id") == {
        "dimensions": {"width": ""},
        "categories": [{"id": 15}],
    }


class TestDates:
    """The shop is in New York: 12:00 GMT is 07:00 there."""

    @pytest.mark.parametrize(
        ("query", "first"),
        [
            ({"modified_after": "2026-01-15T12:02:00", "dates_are_gmt": "true"}, 3),
            ({"modified_after": "2026-01-15T12:01:59", "dates_are_gmt": "true"}, 2),
            ({"modified_after": "2026-01-15T07:02:00"}, 3),
            ({"modified_after": "2026-01-15T12:02:00Z"}, 3),
            ({"modified_after": "2026-01-15T14:02:00+02:00"}, 3),
            ({"modified_after": "2026-01-15T12:02:00"}, 7),
            ({"after": "2026-01-15T07:05:00"}, 6),
        ],
    )
    def test_after_is_exclusive_and_means_shop_time(
        self, api: Any, seven: list[int], query: dict[str, str], first: int
    ) -> None:
        assert api.ids(orderby="id", order="asc", **query) == seven[first:]

    def test_before_is_exclusive_too(self, api: Any, seven: list[int]) -> None:
        assert api.ids(orderby="id", order="asc", modified_before="2026-01-15T12:02:00Z") == seven[:2]
        assert api.ids(orderby="id", order="asc", before="2026-01-15T07:01:00") == seven[:1]


class TestFilters:
    """One filter after the other."""

    def test_statuses(self, api: Any) -> None:
        public, draft, trashed = api.product(), api.product(status="draft"), api.product()
        api.delete(f"/products/{trashed['id']}")
        assert set(api.ids()) == set(api.ids(status="any")) == {public["id"], draft["id"]}
        assert api.ids(status="draft") == [draft["id"]]
        assert set(api.ids(include_status="draft,trash")) == {draft["id"], trashed["id"]}
        assert api.ids(exclude_status="draft") == [public["id"]]

    def test_types_and_flags(self, api: Any) -> None:
        simple, variable = api.product(featured=True), api.product(type="variable", virtual=True)
        assert api.ids(type="variable") == [variable["id"]]
        assert api.ids(include_types="simple,grouped") == [simple["id"]]
        assert api.ids(exclude_types="simple") == [variable["id"]]
        assert api.ids(featured="true") == [simple["id"]]
        assert api.ids(virtual="false") == [simple["id"]]

    def test_prices_and_stock(self, api: Any) -> None:
        cheap = api.product(regular_price="5", sale_price="4", manage_stock=True, stock_quantity=0)
        dear = api.product(regular_price="50", tax_class="reduced-rate")
        assert api.ids(max_price="10") == [cheap["id"]]
        assert api.ids(min_price="10") == [dear["id"]]
        assert api.ids(on_sale="true") == [cheap["id"]]
        assert api.ids(stock_status="outofstock") == [cheap["id"]]
        assert api.ids(tax_class="standard") == [cheap["id"]]
        assert api.ids(tax_class="reduced-rate") == [dear["id"]]

    def test_texts(self, api: Any) -> None:
        hat = api.product(name="Straw hat", description="For the sun")
        api.product(name="Straw")
        assert api.ids(search="sun straw") == [hat["id"]]
        assert api.ids(slug="straw-hat") == [hat["id"]]

    def test_terms(self, api: Any) -> None:
        top = api.post("/products/categories", {"name": "Top"})
        below = api.post("/products/categories", {"name": "Below", "parent": top["id"]})
        attribute = api.post("/products/attributes", {"name": "Colour"})
        product = api.product(
            categories=[{"id": below["id"]}],
            tags=[{"name": "new"}],
            attributes=[{"id": attribute["id"], "options": ["Red"]}],
        )
        api.product()
        red = api.get(f"/products/attributes/{attribute['id']}/terms")[0]
        assert api.ids(category=str(top["id"])) == [product["id"]]
        assert api.ids(tag=str(product["tags"][0]["id"])) == [product["id"]]
        assert api.ids(attribute="pa_colour", attribute_term=str(red["id"])) == [product["id"]]
