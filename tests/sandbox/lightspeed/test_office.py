"""What the back office may do to items at any time: re-key, recount, archive, merge, delete, one or all at once."""

import pytest

from tests.sandbox.lightspeed.support import Till, as_list, body

LATER = "2026-01-05T10:01:00+00:00"


def changed(till: Till, resource: str) -> list[int]:
    """Give the items with records that moved since the clock went on."""
    return sorted({int(row["itemID"]) for row in till.rows(resource, timeStamp=f">=,{LATER}", archived="true")})


@pytest.fixture
def later(connected: Till) -> Till:
    """A till a minute after all that is in it."""
    connected.clock.sleep(60)
    return connected


def test_stock_is_counted_in_one_shop_or_in_each(later: Till) -> None:
    shown = later.control("stock", item=5, shop=2, quantity=8)
    assert shown["stock"]["2"] == 8
    later.control("stock", item=5, quantity=3)
    assert later.stock(5) == {"0": "6", "1": "3", "2": "3"}
    assert changed(later, "ItemShop") == [5]
    assert changed(later, "Item") == []


def test_the_stock_of_many_goes_to_zero_at_once(later: Till) -> None:
    assert later.control("stock", items=[28, 31, 28], quantity=0) == {"items": 2}
    assert {later.stock(28)["0"], later.stock(31)["0"]} == {"0"}
    live = sum(len(page) for page in later.follow("Item"))
    assert later.control("stock", all=True, quantity=0) == {"items": live}
    assert {row.qoh for row in later.state.retailer.stock.table.all()} == {0}


def test_what_is_not_kept_in_stock_stays_without(later: Till) -> None:
    later.control("stock", item=37, quantity=4)
    assert set(later.stock(37).values()) == {"0"}


def test_prices_of_many_change_at_once(later: Till) -> None:
    assert later.control("prices", items=[1, 2], amount="0.01") == {"items": 2}
    assert [later.item(item)["Prices"]["ItemPrice"][0]["amount"] for item in (1, 2)] == ["0.01", "0.01"]
    assert changed(later, "Item") == [1, 2]


def test_many_are_archived_at_once_and_come_back_without_stock(later: Till) -> None:
    assert later.control("archive", items=[28, 31]) == {"items": 2}
    assert later.ids("Item", itemID="IN,[28,31]") == []
    back = later.control("restore", item=28)
    assert (back["archived"], back["total"]) == (False, 0)
    assert later.ids("Item", itemID="IN,[28,31]") == [28]


def test_an_item_takes_another_key(later: Till) -> None:
    before = later.item(28)["customSku"]
    assert later.ids("Item", customSku=before) == [28]
    later.control("edit", item=28, customSku="NEW/28", upc="", ean="")
    assert (later.ids("Item", customSku=before), later.ids("Item", customSku="NEW/28")) == ([], [28])
    assert changed(later, "Item") == [28]
    assert later.item(28)["systemSku"]  # the till's own number stays


def test_a_variant_takes_other_values_and_a_new_one_joins(later: Till) -> None:
    later.control("edit", item=1, attributes=["Mauve", "XS", ""])
    later.control("add-item", itemMatrixID=1, attributes=["Mauve", "XL", ""], customSku="M-XL", stock=2)
    matrix = later.get("ItemMatrix/1.json", load_relations='["Items"]')["ItemMatrix"]
    assert "Mauve" in matrix["attribute1Values"]
    assert {"XS", "XL"} <= set(matrix["attribute2Values"])
    assert [row["itemID"] for row in matrix["Items"]["Item"]] == ["1", "2", "3", "501"]
    assert later.item(501)["description"].endswith("Mauve XL")
    assert changed(later, "Item") == [1, 501]


def test_a_deleted_item_is_gone_everywhere_and_no_time_tells(later: Till) -> None:
    assert later.ids("Item", itemMatrixID="1") == [1, 2, 3]
    pictures = len(later.rows("Image", sort="itemID"))
    assert later.control("delete", item=2) == {"items": 1}
    assert later.call("GET", "Item/2.json").status_code == 404
    assert later.ids("Item", itemMatrixID="1") == [1, 3]
    assert later.ids("Item", archived="true", limit="3") == [1, 3, 4]
    assert later.rows("ItemShop", itemID="2") == []
    assert later.get("Item.json", count="1", archived="true")["@attributes"]["count"] == "499"
    assert (changed(later, "Item"), changed(later, "ItemShop")) == ([], [])
    variants = later.get("ItemMatrix/1.json", load_relations='["Items"]')["ItemMatrix"]["Items"]["Item"]
    assert [row["itemID"] for row in as_list(variants)] == ["1", "3"]
    assert len(later.rows("Image", sort="itemID")) == pictures


def test_the_first_item_may_go_and_its_number_comes_never_again(later: Till) -> None:
    later.control("delete", items=[1, 500])
    assert later.control("add-item", description="Next")["itemID"] == "501"
    assert body(later.call("POST", "Item.json", payload={"description": "By API"}))["Item"]["itemID"] == "502"
    page = later.http.get("/").get_data(as_text=True)
    assert "500 items" in page
    assert "#1<" not in page


def test_orders_built_before_and_after_a_deletion_agree(later: Till) -> None:
    by_name = later.follow("Item", sort="description")
    later.control("delete", item=by_name[0][1])
    expected = [number for page in by_name for number in page if number != by_name[0][1]]
    assert [number for page in later.follow("Item", sort="description") for number in page] == expected
    fresh = Till(later.settings)
    fresh.connect()
    fresh.control("delete", item=by_name[0][1])
    assert [number for page in fresh.follow("Item", sort="description") for number in page] == expected


def test_a_page_that_ends_with_a_deleted_row_goes_on_behind_it(later: Till) -> None:
    first = later.get("Item.json", limit="3")
    later.control("delete", item=3)
    following = later.http.get(first["@attributes"]["next"], headers={"Authorization": f"Bearer {later.token}"})
    assert body(following)["Item"][0]["itemID"] == "4"


def test_merging_moves_stock_and_sales_and_leaves_one(later: Till) -> None:
    later.control("stock", item=28, quantity=2)
    later.control("stock", item=31, quantity=5)
    sale = later.control("sell", item=28, quantity=1)["sale"]
    assert later.control("merge", item=28, into=31)["stock"] == {"1": 6, "2": 7}
    assert later.call("GET", "Item/28.json").status_code == 404
    line = later.get(f"Sale/{sale}.json", load_relations='["SaleLines.Item"]')["Sale"]["SaleLines"]["SaleLine"]
    assert (line["itemID"], line["Item"]["itemID"]) == ("31", "31")
    assert changed(later, "Item") == []
    assert changed(later, "ItemShop") == [31]


def test_an_open_sale_of_a_deleted_item_can_still_be_completed(later: Till) -> None:
    payload = {
        "employeeID": 1,
        "registerID": 1,
        "shopID": 1,
        "SaleLines": {"SaleLine": {"itemID": 28, "unitQuantity": 1}},
    }
    sale = body(later.call("POST", "Sale.json", payload=payload))["Sale"]
    later.control("delete", item=28)
    paid = {"completed": True, "SalePayments": {"SalePayment": {"amount": sale["calcTotal"], "paymentTypeID": 1}}}
    answer = later.call("PUT", f"Sale/{sale['saleID']}.json", payload=paid)
    assert answer.status_code == 200
    shown = later.get(f"Sale/{sale['saleID']}.json", load_relations='["SaleLines.Item"]')["Sale"]
    assert "Item" not in shown["SaleLines"]["SaleLine"]


@pytest.mark.parametrize(
    ("action", "fields", "word"),
    [
        ("stock", {"item": 1}, "quantity"),
        ("stock", {"items": [1, 9999], "quantity": 0}, "9999"),
        ("stock", {"items": [True], "quantity": 0}, "items"),
        ("stock", {"item": 1, "shop": 3, "quantity": 0}, "shop"),
        ("archive", {}, "item"),
        ("delete", {"items": "all"}, "items"),
        ("restore", {"item": 9999}, "9999"),
        ("merge", {"item": 1}, "into"),
        ("merge", {"item": 1, "into": 1}, "itself"),
        ("merge", {"item": 1, "into": 9999}, "9999"),
        ("edit", {"item": 28, "attributes": ["a", "b", "c"]}, "no variant"),
        ("edit", {"item": 1, "attributes": ["a"]}, "attributes"),
        ("add-item", {"attributes": ["a", "b", ""]}, "matrix 0"),
    ],
)
def test_what_cannot_be_done_is_named_and_changes_nothing(
    later: Till, action: str, fields: dict[str, object], word: str
) -> None:
    answer = later.http.post(f"/_sandbox/{action}", json=fields)
    assert (answer.status_code, word in body(answer)["error"]) == (400, True)
    assert (changed(later, "Item"), changed(later, "ItemShop")) == ([], [])


def fault(till: Till, kind: str, **options: object) -> None:
    planned = {"kind": kind, "path": "/Item.json", **options}
    assert till.http.post("/_sandbox/faults", json=planned).status_code == 200


def test_a_page_may_lack_rows_or_show_one_twice(connected: Till) -> None:
    fault(connected, "lose_rows", rows=2)
    assert connected.ids("Item", limit="4") == [3, 4]
    fault(connected, "double_rows", rows=-1)
    assert connected.ids("Item", limit="3") == [1, 2, 3, 3]
    fault(connected, "lose_rows", rows=-1)
    single = connected.get("Item.json", limit="2")
    assert single["Item"]["itemID"] == "1"  # one row is an object
    assert single["@attributes"]["next"]
    fault(connected, "lose_rows", rows=2)
    assert "Item" not in connected.get("Item.json", limit="2")  # none has no key
    fault(connected, "double_rows")
    assert connected.ids("Item", itemID="5") == [5, 5]


def test_a_page_may_show_noughts_once_that_are_not_true(connected: Till) -> None:
    true = connected.stock(5)
    fault(connected, "alter_rows", path="/ItemShop.json", rows=100, changes={"qoh": "0", "sellable": "0"})
    assert connected.stock(5) == {"0": "0", "1": "0", "2": "0"}
    assert connected.stock(5) == true


def test_a_list_may_end_early(connected: Till) -> None:
    whole = connected.follow("Item", limit="100")
    fault(connected, "end_list", after=1)
    assert connected.follow("Item", limit="100") == whole[:2]


@pytest.mark.parametrize("query", [{"count": "1"}, {"limit": "1000"}])
def test_counts_and_errors_are_no_pages(connected: Till, query: dict[str, str]) -> None:
    true = connected.call("GET", "Item.json", query)
    for kind in ("lose_rows", "double_rows", "end_list"):
        fault(connected, kind)
        assert connected.call("GET", "Item.json", query).data == true.data
