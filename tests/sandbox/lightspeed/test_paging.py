import base64
import json
from urllib.parse import parse_qs, urlsplit

import pytest

from sandbox.lightspeed.settings import Settings
from tests.sandbox.lightspeed.support import CLIENT, Till, body


def test_a_full_read_sees_every_item_once_and_in_order(connected: Till) -> None:
    pages = connected.follow("Item", archived="true")
    ids = [item_id for page in pages for item_id in page]
    assert ids == list(range(1, 501))
    assert [len(page) for page in pages] == [100] * 5


def test_next_and_previous_are_whole_addresses_with_the_defaults_spelled_out(connected: Till) -> None:
    first = connected.get("Item.json", tag="webstore")["@attributes"]
    assert first["previous"] == ""
    address = urlsplit(first["next"])
    assert address.path == "/API/V3/Account/182255/Item.json"
    query = parse_qs(address.query)
    assert (query["sort"], query["limit"], query["tag"]) == (["itemID"], ["100"], ["webstore"])
    last_id = connected.ids("Item", tag="webstore")[-1]
    assert json.loads(base64.b64decode(query["after"][0])) == [last_id]


def test_previous_leads_back_to_the_page_before(connected: Till) -> None:
    headers = {"Authorization": f"Bearer {connected.token}"}
    first = connected.get("Item.json", limit="7")
    second = body(connected.http.get(first["@attributes"]["next"], headers=headers))
    third = body(connected.http.get(second["@attributes"]["next"], headers=headers))
    back = body(connected.http.get(third["@attributes"]["previous"], headers=headers))
    assert back["Item"] == second["Item"]
    assert body(connected.http.get(back["@attributes"]["previous"], headers=headers))["Item"] == first["Item"]


def test_the_last_page_has_no_next(connected: Till) -> None:
    assert connected.get("Category.json")["@attributes"] == {"next": "", "previous": ""}


@pytest.mark.parametrize("sort", ["timeStamp", "-timeStamp", "description", "-itemID"])
def test_every_sort_order_pages_through_all_rows(connected: Till, sort: str) -> None:
    pages = connected.follow("Item", sort=sort, archived="true", limit="90")
    ids = [item_id for page in pages for item_id in page]
    assert sorted(ids) == list(range(1, 501))
    field = sort.removeprefix("-")
    shown = [row[field] for row in connected.rows("Item", sort=sort, archived="true")]
    keys: list[object] = [int(text) if field == "itemID" else text for text in shown]
    assert keys == sorted(keys, reverse=sort.startswith("-"))  # type: ignore[type-var]


def test_many_rows_share_a_second_and_none_is_lost_between_pages(connected: Till) -> None:
    stamps = [row["timeStamp"] for row in connected.rows("Item", sort="timeStamp")]
    assert len(set(stamps)) < len(stamps)
    pages = connected.follow("Item", sort="timeStamp", archived="true", limit="3")
    assert sorted(item_id for page in pages for item_id in page) == list(range(1, 501))


def test_a_row_that_changes_while_pages_are_read_is_seen_again_at_the_end(connected: Till) -> None:
    first = connected.get("Item.json", sort="timeStamp", limit="100")
    moved = int(first["Item"][0]["itemID"])
    connected.control("edit", item=moved, description="Changed in between")
    pages = connected.follow("Item", sort="timeStamp")
    assert pages[-1][-1] == moved


def test_limit_is_at_most_a_hundred(connected: Till) -> None:
    assert connected.call("GET", "Item.json", {"limit": "101"}).status_code == 400
    assert connected.call("GET", "Item.json", {"limit": "many"}).status_code == 400
    assert connected.get("Item.json", limit="0") == {"@attributes": {"next": "", "previous": ""}}


def test_a_sort_that_is_not_offered_is_refused_and_the_error_lists_those_that_are(connected: Till) -> None:
    answer = connected.call("GET", "Item.json", {"sort": "customSku"})
    assert answer.status_code == 400
    assert "itemID, timeStamp, description" in body(answer)["message"]


@pytest.mark.parametrize("after", ["nonsense", "WzFd", base64.b64encode(b'["no time", 1]').decode()])
def test_a_cursor_of_another_sort_order_is_refused(connected: Till, after: str) -> None:
    assert connected.call("GET", "Item.json", {"sort": "timeStamp", "after": after}).status_code == 400


def test_count_gives_only_the_number_and_costs_ten(connected: Till) -> None:
    answer = connected.call("GET", "Item.json", {"count": "1"})
    assert body(answer) == {"@attributes": {"count": "476"}}
    assert answer.headers["X-LS-API-Request-Cost"] == "10"
    assert connected.get("Item.json", count="1", archived="only")["@attributes"]["count"] == "24"
    assert connected.get("Item.json", count="1", archived="true")["@attributes"]["count"] == "500"


@pytest.mark.parametrize("clash", [{"limit": "5"}, {"sort": "itemID"}, {"after": "WzFd"}, {"before": "WzFd"}])
def test_count_does_not_go_with_paging(connected: Till, clash: dict[str, str]) -> None:
    assert connected.call("GET", "Item.json", {"count": "1", **clash}).status_code == 400


def test_next_can_be_made_to_point_elsewhere(connected: Till) -> None:
    connected.control("paging", next_host="https://elsewhere.example")
    assert connected.get("Item.json")["@attributes"]["next"].startswith("https://elsewhere.example/API/V3/")
    connected.control("paging")
    assert connected.get("Item.json")["@attributes"]["next"].startswith("http://localhost/")


def test_the_public_address_can_be_set() -> None:
    till = Till(Settings(clients=(CLIENT,), public_url="https://till.example:8443/"))
    till.connect()
    assert till.get("Item.json")["@attributes"]["next"].startswith("https://till.example:8443/API/V3/Account/")
    image = till.rows("Image", limit="1")[0]
    assert image["baseImageURL"] == "https://till.example:8443/image/upload/"
