import pytest

from tests.sandbox.lightspeed.support import Till, as_list, body


def ids(till: Till, raw: str, resource: str = "Item") -> list[int]:
    """Send a raw query string, as its encoding matters here."""
    answer = till.call("GET", f"{resource}.json", raw)
    assert answer.status_code == 200, answer.text
    return [int(next(iter(row.values()))) for row in as_list(body(answer).get(resource))]


def refusal(till: Till, raw: str, resource: str = "Item") -> str:
    answer = till.call("GET", f"{resource}.json", raw)
    assert answer.status_code == 400
    message: str = body(answer)["message"]
    return message


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("itemID=7", []),  # archived
        ("itemID=7&archived=true", [7]),
        ("itemID=%3E%2C497&archived=true", [498, 499, 500]),
        ("itemID=%3E%3D%2C497&archived=true", [497, 498, 499, 500]),
        ("itemID=%3C%2C3", [1, 2]),
        ("itemID=%3C%3D%2C3", [1, 2, 3]),
        ("itemID=%3E%3C%2C5%2C8", [5, 6, 8]),
        ("itemID=IN%2C%5B9%2C8%2C1000%5D", [8, 9]),
        ("itemID=IN%2C9%2C8", [8, 9]),
        ("customSku=AQ%2B00032", [32]),
        ("customSku=AQ%2600033", [33]),
        ("customSku=AQ%2F00031%2FS", [31]),
        ("customSku=AQ+50%2500034", [34]),
        ("customSku=AQ%2000035%2C%20left", [35]),
        ("customSku=AQ-00044", [43, 44]),
        ("description=~%2C%25no.%203%25&limit=5", [8, 9, 10, 11, 12]),
        ("customSku=!~%2CAQ%25&limit=2", [29, 30]),
        ("customSku=!%3D%2C&limit=2", [1, 2]),
        ("itemMatrixID=2&archived=true", [4, 5, 6, 7]),
        ("itemCode=614100000015", [1]),
        ("itemCode=2000000000022", [2]),
        ("itemCode=5", [5]),
        ("archived=only&limit=2", [7, 41]),
        ("description=nothing", []),
    ],
)
def test_operators(connected: Till, raw: str, expected: list[int]) -> None:
    assert ids(connected, raw) == expected


def test_in_takes_a_hundred_values_and_no_more(connected: Till) -> None:
    hundred = ",".join(str(number) for number in range(1, 101))
    assert len(ids(connected, f"itemID=IN,%5B{hundred}%5D&archived=true")) == 100
    assert "at most 100" in refusal(connected, f"itemID=IN,%5B{hundred},101%5D")


def test_times_are_compared_in_utc_whatever_their_offset(connected: Till) -> None:
    connected.control("edit", item=3, description="Changed at ten")  # the clock stands at 10:00 UTC
    for moment in ("2026-01-05T10%3A00%3A00%2B00%3A00", "2026-01-05T05%3A00%3A00-0500", "2026-01-05T10%3A00%3A00Z"):
        assert ids(connected, f"timeStamp=%3E%3D%2C{moment}") == [3]
        assert ids(connected, f"sort=timeStamp&timeStamp=%3E%3D%2C{moment}") == [3]
        assert ids(connected, f"timeStamp=%3E%2C{moment}") == []


def test_a_time_range_combines_with_both_sort_orders(connected: Till) -> None:
    bounds = "timeStamp=%3E%3C%2C2024-01-01T00%3A00%3A00%2B00%3A00%2C2024-06-30T23%3A59%3A59%2B00%3A00"
    by_id = ids(connected, bounds)
    by_time = ids(connected, f"{bounds}&sort=timeStamp")
    newest_first = ids(connected, f"{bounds}&sort=-timeStamp")
    assert by_id == sorted(by_time)
    assert newest_first == by_time[::-1]
    assert 5 < len(by_id) < 100
    stamps = [row["timeStamp"] for row in connected.rows("Item", itemID=f"IN,{by_id}")]
    assert all("2024-01-01" <= stamp < "2024-07-01" for stamp in stamps)
    below = ids(connected, "timeStamp=%3C%2C2019-09-01T00%3A00%3A00Z&sort=timeStamp")
    assert below == ids(connected, "timeStamp=%3C%3D%2C2019-08-31T23%3A59%3A59Z&sort=timeStamp")


def test_a_raw_plus_in_a_time_becomes_a_blank_and_the_error_says_so(connected: Till) -> None:
    assert "%2B" in refusal(connected, "timeStamp=%3E%2C2026-01-01T00:00:00+00:00")


@pytest.mark.parametrize("raw", ["color=red", "itemID=abc", "itemID=%3E%3C%2C5", "archived=maybe", "itemID=IN%2C%5B1"])
def test_what_cannot_be_searched_is_refused(connected: Till, raw: str) -> None:
    assert refusal(connected, raw)


def test_or_takes_encoded_alternatives(connected: Till) -> None:
    assert ids(connected, "or=itemID%3D4%7CitemID%3D9") == [4, 9]
    assert ids(connected, "or=itemID%3D4|customSku%3DAQ-00039") == [4, 39]
    # nested operators with one more level of escaping
    assert ids(connected, "or=itemID%3D%253C%252C3%7CitemID%3D%253E%252C499&archived=true") == [1, 2, 500]
    assert "%3D" in refusal(connected, "or=itemID=4|itemID=9")


def test_fields_of_a_loaded_relation_can_be_searched_one_level_deep(connected: Till) -> None:
    relations = "load_relations=%5B%22ItemShops%22%5D"
    found = ids(connected, f"{relations}&ItemShops.qoh=%3C%2C0")
    assert found == [42 + 50 * unit for unit in range(10)]
    assert "load_relations" in refusal(connected, "ItemShops.qoh=%3C%2C0")
    assert refusal(connected, f"{relations}&ItemShops.Item.itemID=1")
    assert refusal(connected, f"{relations}&Nothing.qoh=1")


def test_tags_filter_items_and_matrices(connected: Till) -> None:
    tagged = [row["itemID"] for row in connected.rows("Item", tag="webstore", load_relations='["TagRelations.Tag"]')]
    assert 40 < len(tagged) <= 100
    every = connected.follow("Item", tag="webstore")
    assert sum(map(len, every)) < 476
    for row in connected.rows("ItemMatrix", tag="webstore", load_relations='["TagRelations","TagRelations.Tag"]'):
        assert "webstore" in [entry["Tag"]["name"] for entry in as_list(row["TagRelations"]["TagRelation"])]
    assert ids(connected, "tag=nothing") == []


def test_stock_rows_are_found_by_item_and_by_time(connected: Till) -> None:
    assert ids(connected, "itemID=5", "ItemShop") == [13, 14, 15]
    connected.control("sell", item=5, shop=2)
    since = "sort=timeStamp&timeStamp=%3E%3D%2C2026-01-05T10%3A00%3A00%2B00%3A00"
    assert ids(connected, since, "ItemShop") == [13, 15]
    assert ids(connected, f"{since}&shopID=!%3D%2C0", "ItemShop") == [15]


def test_resources_without_rows_can_be_searched_too(connected: Till) -> None:
    assert ids(connected, "saleID=1", "Sale") == []
