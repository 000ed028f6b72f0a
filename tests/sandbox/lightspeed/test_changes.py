"""What is changed by the API or at the till, and which timeStamp moves with it."""

from typing import Any

import pytest

from tests.sandbox.lightspeed.support import Till, body

LATER = "2026-01-05T10:01:00+00:00"


def stamps(till: Till, item_id: int) -> tuple[str, dict[str, str]]:
    rows = till.rows("ItemShop", itemID=str(item_id))
    return till.item(item_id)["timeStamp"], {row["shopID"]: row["timeStamp"] for row in rows}


def put(till: Till, item_id: int, payload: dict[str, Any]) -> dict[str, Any]:
    answer = till.call("PUT", f"Item/{item_id}.json", payload=payload)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = body(answer)["Item"]
    return found


def refusal(till: Till, method: str, path: str, payload: dict[str, Any]) -> str:
    answer = till.call(method, path, payload=payload)
    assert answer.status_code == 400, answer.text
    message: str = body(answer)["message"]
    return message


def test_a_sale_moves_the_rows_of_its_shop_and_the_sum_but_not_the_item(connected: Till) -> None:
    before, rows_before = stamps(connected, 5)
    stock = connected.stock(5)
    connected.clock.sleep(60)
    connected.control("sell", item=5, shop=2, quantity=2)
    after, rows_after = stamps(connected, 5)
    assert after == before
    assert rows_after == {"0": LATER, "1": rows_before["1"], "2": LATER}
    assert connected.stock(5) == {
        "0": str(int(stock["0"]) - 2),
        "1": stock["1"],
        "2": str(int(stock["2"]) - 2),
    }


def test_receiving_adds_and_selling_more_than_there_is_goes_negative(connected: Till) -> None:
    connected.control("receive", item=41 + 1, shop=1, quantity=5)
    assert connected.stock(42)["1"] == "2"
    connected.control("sell", item=42, shop=1, quantity=4)
    row = next(row for row in connected.rows("ItemShop", itemID="42") if row["shopID"] == "1")
    assert (row["qoh"], row["sellable"]) == ("-2", "0")


def test_items_without_kept_stock_do_not_move(connected: Till) -> None:
    connected.control("sell", item=37)
    assert set(connected.stock(37).values()) == {"0"}


def test_an_edit_moves_the_item_only(connected: Till) -> None:
    _, rows_before = stamps(connected, 5)
    connected.clock.sleep(60)
    connected.control("edit", item=5, description="Renamed", categoryID=3)
    after, rows_after = stamps(connected, 5)
    assert (after, rows_after) == (LATER, rows_before)
    assert connected.item(5, load_relations='["Category"]')["Category"]["name"] == "Tents/Tarps"


def test_tags_and_pictures_are_related_records_that_move_nothing(connected: Till) -> None:
    before, _ = stamps(connected, 5)
    connected.clock.sleep(60)
    connected.control("edit", item=5, tags=["clearance", "café"], images=2, material="Cork")
    relations = '["TagRelations.Tag","Images","CustomFieldValues"]'
    item = connected.item(5, load_relations=relations)
    assert item["timeStamp"] == before
    assert [row["Tag"]["name"] for row in item["TagRelations"]["TagRelation"]] == ["clearance", "café"]
    assert len(item["Images"]["Image"]) == 2
    assert item["CustomFieldValues"]["CustomFieldValue"]["value"] == "Cork"


def test_prices_can_move_silently_for_a_nightly_read_to_find(connected: Till) -> None:
    before, _ = stamps(connected, 5)
    connected.clock.sleep(60)
    connected.control("prices", item=5, level="Online", amount="7.125", silent=True)
    item = connected.item(5)
    assert item["timeStamp"] == before
    assert item["Prices"]["ItemPrice"][3] == {"amount": "7.125", "useTypeID": "4", "useType": "Online"}
    connected.control("prices", item=5, amount="8.00")
    assert connected.item(5)["timeStamp"] == LATER
    assert connected.item(5)["Prices"]["ItemPrice"][0]["amount"] == "8"


def test_a_matrix_can_be_edited(connected: Till) -> None:
    connected.clock.sleep(60)
    connected.control("edit", matrix=1, description="New name", tags=[])
    matrix = connected.get("ItemMatrix/1.json")["ItemMatrix"]
    assert (matrix["description"], matrix["timeStamp"]) == ("New name", LATER)


def test_archiving_zeroes_the_stock_and_coming_back_does_not_restore_it(connected: Till) -> None:
    connected.control("receive", item=5, shop=1, quantity=9)
    connected.clock.sleep(60)
    answer = connected.call("DELETE", "Item/5.json")
    assert body(answer)["Item"]["archived"] == "true"
    assert "ItemShops" not in body(answer)["Item"]
    assert connected.stock(5) == {"0": "0", "1": "0", "2": "0"}
    assert stamps(connected, 5)[0] == LATER
    assert connected.ids("Item", itemID="5") == []
    assert connected.ids("Item", itemID="5", archived="only") == [5]
    back = put(connected, 5, {"archived": "false"})
    assert back["archived"] == "false"
    assert set(connected.stock(5).values()) == {"0"}


def test_a_put_cannot_archive(connected: Till) -> None:
    assert "DELETE" in refusal(connected, "PUT", "Item/5.json", {"archived": True})
    assert connected.item(5)["archived"] == "false"


def test_a_new_item_has_a_row_for_each_shop_and_one_for_the_sum(connected: Till) -> None:
    payload = {
        "description": "Samovar ☕",
        "customSku": "S-1",
        "tax": False,
        "Prices": {"ItemPrice": {"amount": 12.5, "useTypeID": 1}},
        "ItemShops": {"ItemShop": [{"shopID": 2, "qoh": "3"}]},
    }
    answer = connected.call("POST", "Item.json", payload=payload)
    assert answer.status_code == 200  # not 201
    item = body(answer)["Item"]
    assert (item["itemID"], item["tax"], item["createTime"]) == ("501", "false", "2026-01-05T10:00:00+00:00")
    assert item["Prices"]["ItemPrice"][0]["amount"] == "12.5"
    rows = item["ItemShops"]["ItemShop"]
    assert [(row["shopID"], row["qoh"]) for row in rows] == [("1", "0"), ("2", "3"), ("0", "3")]
    assert "sellable" not in rows[0]  # the short form of answers to writes
    assert connected.ids("ItemShop", itemID="501") == [1501, 1502, 1503]
    assert connected.ids("Item", sort="-timeStamp", limit="1") == [501]
    assert connected.ids("Item", customSku="S-1") == [501]


def test_the_shop_can_add_an_item_too(connected: Till) -> None:
    added = connected.control(
        "add-item", description="Added", customSku="NEW-1", price="5.50", stock=4, tags=["webstore"]
    )
    assert added["stock"] == {"1": 4, "2": 0}
    assert connected.ids("Item", tag="webstore", itemID=">,500") == [501]


def test_a_new_variant_joins_its_matrix_and_brings_its_values(connected: Till) -> None:
    payload = {
        "itemMatrixID": "1",
        "ItemAttributes": {"itemAttributeSetID": "1", "attribute1": "White", "attribute2": "S"},
    }
    item = body(connected.call("POST", "Item.json", payload=payload))["Item"]
    assert item["description"].endswith(" White S")
    matrix = connected.get("ItemMatrix/1.json", load_relations='["Items"]')["ItemMatrix"]
    assert matrix["attribute1Values"][-1] == "White"
    assert [row["itemID"] for row in matrix["Items"]["Item"]] == ["1", "2", "3", "501"]
    assert "leave its matrix" in refusal(connected, "PUT", "Item/501.json", {"itemMatrixID": "2"})


def test_a_put_is_partial_and_null_clears(connected: Till) -> None:
    before = connected.item(28 + 3)
    after = put(connected, 31, {"customSku": None, "qty": 7, "itemID": 9, "systemSku": "1"})
    for name in ("itemID", "systemSku", "description", "upc", "createTime"):
        assert after[name] == before[name]
    assert after["customSku"] == ""


@pytest.mark.parametrize("payload", [{"description": ""}, {"description": None}])
def test_an_item_keeps_its_description(connected: Till, payload: dict[str, Any]) -> None:
    assert "description" in refusal(connected, "PUT", "Item/1.json", payload)


@pytest.mark.parametrize(
    ("payload", "word"),
    [
        ({"description": "x", "upc": "123"}, "upc"),
        ({"description": "x", "ean": "12345678901x"}, "ean"),
        ({"description": "x", "itemType": "kit"}, "itemType"),
        ({"description": "x", "categoryID": 999}, "categoryID"),
        ({"description": "x", "Prices": {"ItemPrice": {"amount": "1", "useTypeID": 9}}}, "useTypeID"),
        ({"description": "x", "Prices": {"ItemPrice": {"amount": "dear", "useTypeID": 1}}}, "amount"),
        ({"description": "x", "ItemShops": {"ItemShop": {"shopID": 1, "qoh": -1}}}, "negative"),
        ({"description": "x", "ItemShops": {"ItemShop": {"shopID": 9, "qoh": 1}}}, "shopID"),
        ({"description": "x", "ItemShops": {"ItemShop": [{"shopID": 1, "qoh": 1}, {"shopID": 1, "qoh": 2}]}}, "twice"),
    ],
)
def test_bad_values_are_refused_and_nothing_is_kept(connected: Till, payload: dict[str, Any], word: str) -> None:
    assert word in refusal(connected, "POST", "Item.json", payload)
    before = connected.item(1)
    assert word in refusal(connected, "PUT", "Item/1.json", payload)
    assert connected.item(1) == before
    assert connected.get("Item.json", count="1", archived="true")["@attributes"]["count"] == "500"


def test_stock_is_set_by_shop_or_by_row(connected: Till) -> None:
    put(connected, 5, {"ItemShops": {"ItemShop": [{"shopID": "1", "qoh": "3"}]}})
    put(connected, 5, {"ItemShops": {"ItemShop": {"itemShopID": 15, "qoh": 4}}})
    assert connected.stock(5) == {"0": "7", "1": "3", "2": "4"}
    assert "itemShopID" in refusal(
        connected, "PUT", "Item/5.json", {"ItemShops": {"ItemShop": {"itemShopID": 2, "qoh": 1}}}
    )


def test_setting_stock_does_not_move_the_item(connected: Till) -> None:
    before = connected.item(5)["timeStamp"]
    put(connected, 5, {"ItemShops": {"ItemShop": {"shopID": 1, "qoh": 3}}})
    assert connected.item(5)["timeStamp"] == before


def test_only_reorder_figures_of_a_stock_row_can_be_changed_directly(connected: Till) -> None:
    stock = connected.stock(5)
    answer = connected.call("PUT", "ItemShop/14.json", payload={"reorderPoint": 2, "reorderLevel": "8", "qoh": 99})
    row = body(answer)["ItemShop"]
    assert (row["reorderPoint"], row["reorderLevel"]) == ("2", "8")
    assert connected.stock(5) == stock


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "ItemShop.json"),
        ("DELETE", "ItemShop/1.json"),
        ("POST", "Shop.json"),
        ("PUT", "Category/1.json"),
        ("PUT", "Item.json"),
    ],
)
def test_what_cannot_be_written_is_405(connected: Till, method: str, path: str) -> None:
    assert connected.call(method, path, payload={}).status_code == 405


@pytest.mark.parametrize("payload", ["not json", "[1]", ""])
def test_a_body_that_is_no_object_is_refused(connected: Till, payload: str) -> None:
    headers = {"Authorization": f"Bearer {connected.token}"}
    answer = connected.http.post("/API/V3/Account/182255/Item.json", data=payload, headers=headers)
    assert answer.status_code == 400


def test_the_resource_name_may_stand_around_the_body(connected: Till) -> None:
    assert put(connected, 1, {"Item": {"description": "Wrapped"}})["description"] == "Wrapped"
