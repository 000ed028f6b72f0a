"""The JSON quirks, each met in the retailer's own data."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.sandbox.lightspeed.support import Till, as_list, body

EVERYTHING = json.dumps(
    [
        "Category",
        "TaxClass",
        "ItemAttributes.ItemAttributeSet",
        "Manufacturer",
        "Note",
        "Images",
        "ItemShops",
        "ItemComponents",
        "ItemVendorNums",
        "ItemECommerce",
        "TagRelations.Tag",
        "CustomFieldValues.value",
    ]
)


@pytest.fixture
def items(connected: Till) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    last = 0
    while len(found) < 500:
        rows = connected.rows("Item", archived="true", load_relations=EVERYTHING, itemID=f">,{last}")
        found += rows
        last = int(rows[-1]["itemID"])
        connected.clock.sleep(60)
    return found


def scalars(value: Any) -> Iterator[object]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from scalars(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from scalars(inner)
    else:
        yield value


def test_every_scalar_is_a_string(items: list[dict[str, Any]]) -> None:
    assert {type(value) for value in scalars(items)} == {str}


def test_slashes_and_foreign_letters_are_escaped(connected: Till) -> None:
    raw = connected.call("GET", "Item/31.json").get_data(as_text=True)
    assert '"customSku":"AQ\\/00031\\/S"' in raw
    assert connected.call("GET", "Item/46.json").data.isascii()
    assert connected.item(46)["description"] == "Campfire Mug 🔥 46"


def test_one_row_is_an_object_several_are_a_list_and_none_has_no_key(connected: Till) -> None:
    assert isinstance(connected.get("Item.json", itemID="1")["Item"], dict)
    assert isinstance(connected.get("Item.json", itemID="IN,[1,2]")["Item"], list)
    assert connected.get("Item.json", itemID="9999") == {"@attributes": {"next": "", "previous": ""}}


@pytest.mark.parametrize("relation", ["Images.Image", "TagRelations.TagRelation", "CustomFieldValues.CustomFieldValue"])
def test_relations_are_object_list_blank_or_missing(items: list[dict[str, Any]], relation: str) -> None:
    outer, inner = relation.split(".")
    forms = {
        "missing" if outer not in item else "blank" if item[outer] == "" else type(item[outer][inner]).__name__
        for item in items
    }
    assert forms == {"missing", "blank", "dict", "list"}


def test_to_one_relations_are_missing_where_the_key_is_zero(items: list[dict[str, Any]]) -> None:
    for item in items:
        assert ("Category" in item) == (item["categoryID"] != "0")
        assert ("Manufacturer" in item) == (item["manufacturerID"] != "0")
        assert ("ItemAttributes" in item) == (item["itemMatrixID"] != "0")


def test_the_order_is_columns_then_relations_then_prices(items: list[dict[str, Any]]) -> None:
    names = list(items[0])
    assert names[:3] == ["itemID", "systemSku", "defaultCost"]
    assert names[-1] == "Prices"
    assert names.index("defaultVendorID") < names.index("Category") < names.index("ItemShops") < names.index("Prices")


def test_stock_rows_come_in_the_long_form_the_short_form_and_with_old_metadata(items: list[dict[str, Any]]) -> None:
    rows = [row for item in items for row in item["ItemShops"]["ItemShop"]]
    assert {"sellable" in row for row in rows} == {True, False}
    assert any("m" in row for row in rows)
    assert all(row["sellable"] == "0" for row in rows if "sellable" in row and int(row["qoh"]) < 0)
    assert all(row["sellable"] == row["qoh"] for row in rows if "sellable" in row and int(row["qoh"]) >= 0)


def test_a_field_is_spelled_in_two_ways(connected: Till) -> None:
    connected.control("sell", item=1)
    in_list = next(row for row in connected.rows("ItemShop", itemID="1") if "sellable" in row)
    in_item = connected.item(1, load_relations='["ItemShops"]')["ItemShops"]["ItemShop"][0]
    assert "onWorkorder" in in_list
    assert "onWorkOrder" in in_item


def test_attribute_values_are_list_string_blank_or_missing(connected: Till) -> None:
    matrices = connected.rows("ItemMatrix", archived="true")
    forms = {type(matrix["attribute1Values"]).__name__ for matrix in matrices if "attribute1Values" in matrix}
    assert forms == {"list", "str"}
    third = [matrix.get("attribute3Values") for matrix in matrices]
    assert None in third
    assert "" in third
    assert any(isinstance(value, list) for value in third)


def test_a_choice_shows_its_value_only_when_asked_for(connected: Till, items: list[dict[str, Any]]) -> None:
    chosen = next(
        item["itemID"]
        for item in items
        for value in as_list((item.get("CustomFieldValues") or {}).get("CustomFieldValue"))
        if value["type"] == "single_choice"
    )
    plain = connected.item(int(chosen), load_relations='["CustomFieldValues"]')["CustomFieldValues"]
    full = connected.item(int(chosen), load_relations='["CustomFieldValues","CustomFieldValues.value"]')
    assert [row["value"] for row in as_list(plain["CustomFieldValue"]) if row["type"] == "single_choice"] == [""]
    values = [row["value"] for row in as_list(full["CustomFieldValues"]["CustomFieldValue"])]
    assert any(isinstance(value, dict) and value["name"] for value in values)


def test_all_leaves_out_custom_fields(connected: Till) -> None:
    shown = connected.item(1, load_relations="all")
    assert "ItemAttributeSet" in shown["ItemAttributes"]
    assert all("CustomFieldValues" not in row for row in connected.rows("Item", load_relations="all"))


@pytest.mark.parametrize("raw", ['load_relations=["ItemShops"]', "load_relations=ItemShops", "load_relations=%5B"])
def test_relations_that_are_not_an_encoded_list_are_silently_left_out(connected: Till, raw: str) -> None:
    answer = connected.call("GET", "Item/1.json", raw)
    assert answer.status_code == 200
    assert "ItemShops" not in body(answer)["Item"]


def test_an_unknown_relation_is_refused(connected: Till) -> None:
    assert connected.call("GET", "Item.json", {"load_relations": '["Stock"]'}).status_code == 400
    assert connected.call("GET", "Item.json", {"load_relations": '["ItemShops.Item"]'}).status_code == 400


def test_a_matrix_shows_its_variants(connected: Till) -> None:
    matrix = connected.get("ItemMatrix/1.json", load_relations='["Items","ItemAttributeSet"]')["ItemMatrix"]
    assert [row["itemID"] for row in matrix["Items"]["Item"]] == ["1", "2", "3"]
    assert matrix["attribute1Values"] == ["Moss", "Rust", "Navy"]
    assert matrix["attribute2Values"] == ["S", "M"]
    assert all(row["description"].startswith(matrix["description"]) for row in matrix["Items"]["Item"])


def test_errors_are_json_sent_as_html(connected: Till) -> None:
    answer = connected.call("GET", "Item/99999.json")
    assert (answer.status_code, answer.content_type) == (404, "text/html; charset=UTF-8")
    assert body(answer) == {
        "httpCode": "404",
        "httpMessage": "Not Found",
        "message": "Object of type 'Item' not found with primary ID '99999'.",
        "errorClass": "Exception",
    }
    assert connected.call("GET", "Nonsense.json").status_code == 404
    assert connected.call("GET", "Item/abc.json").status_code == 404
    assert connected.call("GET", "Item/1/2/3.json").status_code == 404


def test_without_json_in_path_or_header_the_answer_is_xml(connected: Till) -> None:
    def kind(path: str, accept: str | None) -> str:
        headers = {"Authorization": f"Bearer {connected.token}"} | ({} if accept is None else {"Accept": accept})
        return str(connected.http.get(f"/API/V3/Account/182255/{path}", headers=headers).mimetype)

    assert kind("Item/1", None) == "application/xml"
    assert kind("Item/1", "*/*") == "application/xml"
    assert kind("Item/1", "application/json") == "application/json"
    assert kind("Item/1.json", None) == "application/json"
    assert kind("Item/1.json", "*/*") == "application/json"
    assert kind("Item/1.json", "application/xml") == "application/xml"
    assert (
        b"<itemID>1</itemID>"
        in connected.http.get(
            "/API/V3/Account/182255/Item/1", headers={"Authorization": f"Bearer {connected.token}"}
        ).data
    )
