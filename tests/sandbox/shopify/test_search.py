"""Searching and paging: the syntax, the lag, unknown keys, cursors (facts/shopify.md, sections 5 and 7)."""

from datetime import UTC, datetime
from typing import Any

import pytest

from sandbox.common.clock import ManualClock
from sandbox.shopify.web.search import Document, parse

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
ROW: Document = {
    "": ["Blue shirt", "Us"],
    "sku": ["A-1", "B 2"],
    "status": ["ACTIVE"],
    "id": [42],
    "updated_at": [datetime(2026, 11, 20, tzinfo=UTC)],
}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("sku:A-1", True),
        ("sku:a-1", True),
        ("sku:A", False),
        ("sku:A*", True),
        ('sku:"B 2"', True),
        ("sku:'B 2'", True),
        ("sku:A-1 status:draft", False),
        ("sku:A-1 AND status:active", True),
        ("sku:X OR status:active", True),
        ("NOT sku:A-1", False),
        ("-sku:X", True),
        ("(sku:X OR sku:A-1) AND -status:draft", True),
        ("updated_at:>='2026-11-20T00:00:00Z'", True),
        ("updated_at:>2026-11-20", False),
        ("updated_at:<'2026-11-20T01:00:00+02:00'", False),
        ("updated_at:<now", True),
        ("id:>=42", True),
        ("id:>42", False),
        ("blue", True),
        ("green", False),
        ("sku:*", True),
        ("colour:red", True),
    ],
)
def test_the_syntax(text: str, *, found: bool) -> None:
    assert parse(text, frozenset(ROW), NOW).test(ROW) is found


def test_unknown_keys_are_ignored_and_told(api: Any) -> None:
    api.product()
    api.shop.instruments.clock.sleep(5)
    answer = api.answer('{ products(first: 5, query: "till_id:7") { nodes { id } } }')
    assert len(answer["data"]["products"]["nodes"]) == 1
    assert answer["extensions"]["search"] == [
        {
            "path": ["products"],
            "query": "till_id:7",
            "warnings": [
                {"field": "till_id", "message": "Invalid search field for this query.", "code": "invalid_field"}
            ],
        }
    ]


def test_the_search_lags_behind_and_reads_by_id_do_not(api: Any, clock: ManualClock) -> None:
    text = '{ found: products(first: 5, query: "sku:HAT") { nodes { id } } productsCount { count } }'
    product = api.product()
    assert api.send(text) == {"found": {"nodes": []}, "productsCount": {"count": 0}}
    assert api.read(product["id"])["id"] == product["id"]
    assert len(api.send("{ products(first: 5) { nodes { id } } }")["nodes"]) == 1
    clock.sleep(3)
    assert api.send(text) == {"found": {"nodes": [{"id": product["id"]}]}, "productsCount": {"count": 1}}
    api.control("edit", sku="HAT", changes={"sku": "CAP"})
    assert len(api.send(text)["found"]["nodes"]) == 1  # as it was three seconds ago
    clock.sleep(3)
    assert api.send(text)["found"]["nodes"] == []


def test_variants_and_items_are_found_by_sku(api: Any, clock: ManualClock) -> None:
    api.product(sku="ONE")
    api.product(sku="TWO", title="Cap")
    clock.sleep(5)
    text = '{ productVariants(first: 5, query: "sku:TWO") { nodes { sku product { title } } } }'
    assert api.send(text)["nodes"] == [{"sku": "TWO", "product": {"title": "Cap"}}]
    assert api.send('{ inventoryItems(first: 5, query: "sku:ONE") { nodes { sku } } }')["nodes"] == [{"sku": "ONE"}]


def test_pages_follow_their_cursors_forwards_and_backwards(api: Any) -> None:
    ids = api.control("seed", count=5)["ids"]
    text = """query($first: Int, $last: Int, $after: String, $before: String, $reverse: Boolean) {
      products(first: $first, last: $last, after: $after, before: $before, reverse: $reverse) {
        edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""

    def shown(page: Any) -> list[int]:
        return [ids.index(edge["node"]["id"]) for edge in page["edges"]]

    one = api.send(text, first=2)
    two = api.send(text, first=2, after=one["pageInfo"]["endCursor"])
    three = api.send(text, first=2, after=two["edges"][1]["cursor"])
    assert [shown(page) for page in (one, two, three)] == [[0, 1], [2, 3], [4]]
    assert [page["pageInfo"]["hasNextPage"] for page in (one, two, three)] == [True, True, False]
    assert [page["pageInfo"]["hasPreviousPage"] for page in (one, two, three)] == [False, True, True]
    assert shown(api.send(text, last=2, before=three["pageInfo"]["startCursor"])) == [2, 3]
    back = api.send(text, first=2, reverse=True)
    assert shown(back) == [4, 3]
    assert shown(api.send(text, first=2, reverse=True, after=back["pageInfo"]["endCursor"])) == [2, 1]


def test_a_page_by_date_does_not_lose_its_place(api: Any, clock: ManualClock) -> None:
    for sku in ("A", "B", "C"):
        api.product(sku=sku, title=sku)
        clock.sleep(1)
    text = """query($after: String) { products(first: 1, sortKey: UPDATED_AT, after: $after) {
      nodes { title } pageInfo { endCursor } } }"""
    first = api.send(text)
    api.control("edit", sku="A", changes={"price": "3"})
    second = api.send(text, after=first["pageInfo"]["endCursor"])
    assert (first["nodes"][0]["title"], second["nodes"][0]["title"]) == ("A", "B")
    other = "query($after: String) { products(first: 1, sortKey: ID, after: $after) { nodes { title } } }"
    assert api.code(other, after=first["pageInfo"]["endCursor"]) == "BAD_REQUEST"
