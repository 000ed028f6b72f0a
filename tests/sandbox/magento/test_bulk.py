"""Bulk operations (facts/magento.md, section 6)."""

import uuid
from typing import Any

import pytest


@pytest.fixture
def send(api: Any) -> Any:
    def send(path: str, rows: Any, method: str = "POST", prefix: str = "async/bulk") -> Any:
        url = api.url("").replace("/V1", f"/{prefix}/V1{path}")
        return api.send(method, url, rows)

    return send


def body(sku: str, **more: Any) -> Any:
    return {"product": {"sku": sku, "name": sku, "price": 1, "attribute_set_id": 4, **more}}


def statuses(api: Any, bulk: Any) -> list[int]:
    return [row["status"] for row in api.get(f"/bulk/{bulk['bulk_uuid']}/status")["operations_list"]]


def test_rows_are_accepted_and_stay_open_without_a_consumer(api: Any, send: Any) -> None:
    answer = send("/products", [body("A"), body("B")])
    assert (answer.status_code, answer.json["errors"]) == (202, False)
    assert [(row["id"], row["status"]) for row in answer.json["request_items"]] == [(0, "accepted"), (1, "accepted")]
    assert (statuses(api, answer.json), api.get("/products")["total_count"]) == ([4, 4], 0)
    assert api.control("/consume") == {"done": 2}
    assert (statuses(api, answer.json), api.get("/products")["total_count"]) == ([1, 1], 2)


def test_a_badly_valued_row_fails_alone(api: Any, send: Any, find: Any) -> None:
    api.switch(consumer=True)
    bulk = send("/products", [body("A"), body("x" * 65)]).json
    assert statuses(api, bulk) == [1, 3]
    details = api.get(f"/bulk/{bulk['bulk_uuid']}/detailed-status")["operations_list"][1]
    assert (details["result_message"], details["error_code"]) == ("SKU length should be 64 characters maximum.", 400)
    assert api.get(f"/bulk/{bulk['bulk_uuid']}/operation-status/3") == 1
    failed = api.get("/bulk", find([("status", "eq", 3)]))["items"]
    assert [(row["id"], row["bulk_uuid"]) for row in failed] == [(1, bulk["bulk_uuid"])]


def test_a_badly_typed_row_refuses_all(api: Any, send: Any) -> None:
    answer = send("/products", [body("A"), body("B", price="abc")])
    assert (answer.status_code, "type is invalid" in answer.json["message"]) == (400, True)
    assert api.control("/consume") == {"done": 0}


def test_an_empty_list_is_accepted_and_an_unknown_bulk_is_not_found(api: Any, send: Any) -> None:
    answer = send("/products", [])
    assert (answer.status_code, answer.json["request_items"]) == (202, [])
    assert api.refused("GET", f"/bulk/{uuid.UUID(int=1)}/status")[0] == 404


def test_parts_of_the_address_come_with_the_row(api: Any, send: Any) -> None:
    api.product("A")
    api.switch(consumer=True)
    rows = [{"sku": "A", "product": {"name": "New"}}]
    assert send("/products/bySku", rows, "PUT").status_code == 202
    assert api.get("/products/A")["name"] == "New"
    assert send("/products/A", rows, "PUT").status_code == 404
    stock = {"sourceItems": [{"sku": "A", "source_code": "default", "quantity": 8, "status": 1}]}
    assert send("/inventory/source-items", stock, prefix="async").status_code == 202
    assert api.on_hand("A") == {"default": (8, 1)}


def test_there_is_no_reading_in_bulk_and_rights_count(api: Any, send: Any) -> None:
    assert send("/products", None, "GET").status_code == 400
    api.control("/integrations/1/resources", {"resources": []})
    assert send("/products", [body("A")]).status_code == 401


def test_a_consumer_takes_its_time_and_bulks_wait_for_each_other(api: Any, send: Any) -> None:
    api.switch(consumer=True, consumer_seconds=10)
    first, second = (send("/products", [body(sku)]).json for sku in ("A", "B"))
    assert (statuses(api, first), statuses(api, second)) == ([4], [4])
    api.shop.instruments.clock.sleep(10)
    assert (statuses(api, first), statuses(api, second)) == ([1], [4])
    api.shop.instruments.clock.sleep(10)
    assert (statuses(api, second), api.get("/products")["total_count"]) == ([1], 2)


def test_a_deadlock_fails_for_now_and_does_nothing(api: Any, send: Any) -> None:
    api.switch(consumer=True, deadlocks=1)
    bulk = send("/products", [body("A"), body("B")]).json
    assert (statuses(api, bulk), api.get("/products")["total_count"]) == ([2, 1], 1)


def test_operations_may_be_silent_and_the_modules_may_be_gone(api: Any, send: Any) -> None:
    api.switch(consumer=True, silent_operations=True)
    bulk = send("/products", [body("A")]).json
    (row,) = api.get(f"/bulk/{bulk['bulk_uuid']}/detailed-status")["operations_list"]
    assert (row["status"], row["result_serialized_data"]) == (1, None)
    api.switch(bulk=False)
    assert send("/products", [body("B")]).status_code == 404
