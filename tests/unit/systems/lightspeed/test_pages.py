"""Going through lists, and every way in which a page can be wrong."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.unit.systems.lightspeed.samples import NOW, item_row, matrix_row, stock_row
from tests.unit.systems.lightspeed.scripted import Desk, answer, desk, list_url, page
from tillbridge.domain.errors import GarbledAnswerError
from tillbridge.systems.http import Answer
from tillbridge.systems.till import Page

SINCE = datetime(2026, 1, 5, 10, 0, 0, 250_000, tzinfo=UTC)
NEXT = list_url("Item")


def items(first: int, count: int = 100, **fields: Any) -> list[dict[str, Any]]:
    return [item_row(itemID=str(number), **fields) for number in range(first, first + count)]


def levels(first: int, count: int = 100, changed: str = "2026-01-05T10:00:00+00:00") -> list[dict[str, Any]]:
    return [stock_row(str(number), itemID=str(number), timeStamp=changed) for number in range(first, first + count)]


def by_id(at: Desk, after: str = "0") -> Iterator[Page[Any]]:
    return at.till.items_after(after)


def by_time(at: Desk) -> Iterator[Page[Any]]:
    return at.till.stock_since(SINCE)


def garbled(read: Callable[[Desk], Iterator[Page[Any]]], *answers: Answer) -> str:
    """Read to the end, which must not be reached."""
    with pytest.raises(GarbledAnswerError) as caught:
        list(read(desk(*answers)))
    assert caught.value.subject.connection == "c1"
    return caught.value.happened


def test_pages_follow_each_other_as_the_till_says() -> None:
    at = desk(page("Item", items(1), NEXT), page("Item", items(101, 50)))
    pages = list(by_id(at))
    assert [len(found.rows) for found in pages] == [100, 50]
    assert [found.last for found in pages] == [False, True]
    assert pages[0].served_at == NOW
    assert [(sent.url, dict(sent.params)) for sent in at.http.sent] == [
        (
            list_url("Item", "")[:-1],
            {
                "limit": "100",
                "load_relations": '["ItemShops","ItemAttributes","Images","TagRelations","TagRelations.Tag",'
                '"ItemECommerce","CustomFieldValues","CustomFieldValues.value"]',
                "archived": "true",
                "sort": "itemID",
            },
        ),
        (NEXT, {}),
    ]


def test_nothing_is_requested_before_it_is_asked_for() -> None:
    at = desk(page("Item", items(1), NEXT), page("Item", items(101, 1)))
    pages = by_id(at)
    assert at.http.sent == []
    next(pages)
    assert len(at.http.sent) == 1


def test_a_read_goes_on_after_the_last_page_that_was_kept() -> None:
    at = desk(page("Item", items(101, 1)))
    list(by_id(at, "100"))
    assert at.http.sent[0].params["itemID"] == ">,100"


def test_polls_ask_for_whole_seconds_and_for_archived_rows() -> None:
    at = desk(page("Item"), page("ItemMatrix"), page("ItemShop"))
    local = SINCE.astimezone(tz=None)
    list(at.till.items_since(local))
    list(at.till.matrices_since(SINCE))
    list(at.till.stock_since(SINCE))
    of_items, of_matrices, of_stock = (sent.params for sent in at.http.sent)
    for params in (of_items, of_matrices, of_stock):
        assert params["timeStamp"] == ">=,2026-01-05T10:00:00+00:00"
        assert params["sort"] == "timeStamp"
    assert (of_items["archived"], of_matrices["archived"]) == ("true", "true")
    assert all("load_relations" not in params for params in (of_items, of_matrices))
    assert of_stock == {"limit": "100", "sort": "timeStamp", "timeStamp": of_stock["timeStamp"], "shopID": "!=,0"}
    assert [sent.cost for sent in at.http.sent] == [1.0, 1.0, 1.0]


def test_a_poll_that_meets_rows_reads_them_with_relations() -> None:
    at = desk(page("Item", items(1, 1)), page("Item", items(1, 2)))
    (read,) = at.till.items_since(SINCE)
    assert [row.item_id for row in read.rows] == ["1", "2"]
    look, reading = at.http.sent
    assert "load_relations" not in look.params
    assert "ItemShops" not in reading.params["load_relations"]
    assert reading.params == {**look.params, "load_relations": reading.params["load_relations"]}
    assert [sent.cost for sent in at.http.sent] == [1.0, 3.0]


@pytest.mark.parametrize("rows", [None, "", [], {}])
def test_no_rows_are_one_empty_page(rows: Any) -> None:
    body: dict[str, Any] = {"@attributes": {"next": "", "previous": ""}, "Item": rows}
    if rows is None:
        del body["Item"]
    if rows == {}:
        body["Item"] = ""
    pages = list(by_id(desk(answer(body))))
    assert [(found.rows, found.last) for found in pages] == [((), True)]


def test_an_empty_list_may_show_a_count_only() -> None:
    (found,) = by_time(desk(answer({"@attributes": {"count": "0"}})))
    assert (found.rows, found.last) == ((), True)


def test_one_row_is_an_object() -> None:
    (found,) = by_id(desk(page("Item", item_row())))
    assert [row.item.item_id for row in found.rows] == ["42"]


def test_a_page_that_is_sent_as_html_is_json_all_the_same() -> None:
    (found,) = by_id(desk(page("Item", items(1, 2), Content_Type="text/html; charset=UTF-8")))
    assert len(found.rows) == 2


def test_sums_of_all_locations_are_left_out() -> None:
    rows = [stock_row("80", "0"), stock_row("81", "1")]
    (found,) = by_time(desk(page("ItemShop", rows)))
    assert [level.location_id for level in found.rows] == ["1"]


def test_a_row_that_cannot_be_read_is_rejected_and_the_others_are_kept() -> None:  # invariant 7
    rows = items(1, 3)
    rows[1]["Prices"]["ItemPrice"][0] = {"amount": "12,50", "useTypeID": "1"}
    (found,) = by_id(desk(page("Item", rows)))
    assert [row.item.item_id for row in found.rows] == ["1", "3"]
    (rejected,) = found.rejected
    assert rejected.happened == (
        "Lightspeed gives item 2 in a form that cannot be used: Prices[0].amount is '12,50', but must be a number."
    )
    assert "correct Prices[0].amount" in rejected.remedy
    assert str(rejected.subject) == "lightspeed, c1, item 2"
    assert rejected.code == "Unreadable"


def test_a_stock_row_that_cannot_be_read_names_its_item() -> None:  # invariant 1
    (found,) = by_time(desk(page("ItemShop", stock_row("81", itemID="42", qoh="?"))))
    assert found.rows == ()
    assert found.rejected[0].subject.thing == "stock row 81 (item 42)"


def test_matrices_are_read_alike() -> None:
    (found,) = desk(page("ItemMatrix", matrix_row())).till.matrices_after("6")
    assert [matrix.matrix_id for matrix in found.rows] == ["7"]


def test_rows_of_one_second_are_all_kept() -> None:
    at = desk(page("ItemShop", levels(1), list_url("ItemShop")), page("ItemShop", levels(101, 30)))
    pages = list(by_time(at))
    assert sum(len(found.rows) for found in pages) == 130


def test_a_row_that_changes_while_it_is_read_may_come_again_on_a_later_page() -> None:
    again = levels(7, 1, "2026-01-05T11:00:00+00:00")
    pages = list(by_time(desk(page("ItemShop", levels(1), list_url("ItemShop")), page("ItemShop", again))))
    assert pages[1].rows[0].item_id == "7"


def test_a_time_that_cannot_be_read_rejects_the_row_only() -> None:
    rows = [*levels(1, 2), stock_row("9", timeStamp="?")]
    (found,) = by_time(desk(page("ItemShop", rows)))
    assert (len(found.rows), len(found.rejected)) == (2, 1)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ([], "no @attributes"),
        ("down", "no @attributes"),
        (None, "no @attributes"),
        ({}, "no @attributes"),
        ({"@attributes": "x"}, "no @attributes"),
        ({"Item": []}, "no @attributes"),
        ({"httpCode": "200", "message": "Please try again later."}, "no @attributes"),
        ({"@attributes": {"next": ""}, "Customer": []}, "something else than its rows"),
        ({"@attributes": {"next": ""}, "Item": "none"}, "no objects"),
        ({"@attributes": {"next": ""}, "Item": [["x"]]}, "no objects"),
        ({"@attributes": {}, "Item": item_row()}, "whether there are more rows"),
        ({"@attributes": {"count": "234", "offset": "0"}, "Item": item_row()}, "whether there are more rows"),
        ({"@attributes": {"next": None}, "Item": item_row()}, "whether there are more rows"),
        ({"@attributes": {"next": 5}, "Item": item_row()}, "whether there are more rows"),
        ({"@attributes": {"next": NEXT}}, "no rows and yet goes on"),
        ({"@attributes": {"next": ""}, "Item": {"description": "no id"}}, "a row has no itemID"),
    ],
)
def test_a_page_with_a_wrong_outside_is_not_taken(body: Any, told: str) -> None:  # invariant 1
    assert told in garbled(by_id, answer(body))


def test_what_is_no_json_is_not_taken() -> None:  # invariant 1
    for body in (b"", b"<html>", b'{"@attributes":{"next":""},"Item":[{"itemID":"1"'):
        assert "not JSON" in garbled(by_id, answer(body))


def test_a_page_without_date_is_not_taken() -> None:
    for date in ("", "yesterday"):
        assert "no readable Date" in garbled(by_id, answer({"@attributes": {"next": ""}}, Date=date))


def test_a_row_that_comes_twice_is_noticed() -> None:
    assert "id 3 comes after 3" in garbled(by_id, page("Item", [*items(1, 3), *items(3, 1)]))
    assert "id 3 comes twice" in garbled(by_time, page("ItemShop", [*levels(1, 3), *levels(3, 1)]))


def test_rows_out_of_order_are_noticed() -> None:
    assert "id 2 comes after 5" in garbled(by_id, page("Item", [*items(5, 1), *items(2, 1)]))
    mixed = [*levels(1, 1, "2026-01-05T10:00:09+00:00"), *levels(2, 1, "2026-01-05T10:00:08+00:00")]
    assert "comes after" in garbled(by_time, page("ItemShop", mixed))


def test_a_filter_that_is_not_kept_is_noticed() -> None:
    assert "id 7 comes after 100" in garbled(lambda at: by_id(at, "100"), page("Item", items(7, 1)))
    assert "comes after" in garbled(by_time, page("ItemShop", levels(1, 1, "2026-01-05T09:59:59+00:00")))


def test_a_list_that_begins_again_is_noticed() -> None:
    repeated = [page("Item", items(1), NEXT), page("Item", items(1), list_url("Item", "after=WzJd"))]
    assert "id 1 comes after 100" in garbled(by_id, *repeated)


def test_a_list_that_goes_in_a_circle_is_noticed() -> None:
    there, back = list_url("ItemShop", "after=a"), list_url("ItemShop", "after=b")
    circle = [page("ItemShop", levels(first), url) for first, url in ((1, there), (101, back), (201, there))]
    assert "read already" in garbled(by_time, *circle)


@pytest.mark.parametrize("count", [1, 99, 101])
def test_a_page_of_another_size_is_noticed(count: int) -> None:
    assert f"one of {count} came" in garbled(by_id, page("Item", items(1, count), NEXT))


def test_pages_before_the_wrong_one_stand() -> None:
    pages = by_id(desk(page("Item", items(1), NEXT), answer(b"<html>")))
    assert len(next(pages).rows) == 100
    with pytest.raises(GarbledAnswerError):
        next(pages)


def test_the_token_is_not_sent_elsewhere_for_the_next_page() -> None:
    at = desk(page("Item", items(1), "https://evil.example.com/API/V3/Account/182255/Item.json?after=x"))
    with pytest.raises(GarbledAnswerError, match="token was not sent"):
        next(by_id(at))
    assert len(at.http.sent) == 1


def test_polls_reach_back_as_far_as_they_are_told() -> None:
    at = desk(page("ItemShop", levels(1, 1, "2026-01-05T10:00:00+00:00")))
    (found,) = at.till.stock_since(SINCE - timedelta(seconds=30))
    assert len(found.rows) == 1
