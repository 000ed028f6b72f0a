"""Sources, stocks, quantities and reservations (facts/magento.md, section 4)."""

from dataclasses import replace
from typing import Any

import pytest

from sandbox.common.clock import ManualClock
from sandbox.magento.app import build_app
from sandbox.magento.settings import Settings
from sandbox.magento.shop import Shop


def row(sku: str, quantity: float, source: str = "default", status: int = 1) -> dict[str, Any]:
    return {"sku": sku, "source_code": source, "quantity": quantity, "status": status}


@pytest.fixture
def put(api: Any) -> Any:
    return lambda *rows: api.post("/inventory/source-items", {"sourceItems": list(rows)})


@pytest.fixture
def second(api: Any) -> str:
    source = {"source_code": "two", "name": "Two", "country_id": "US", "postcode": "1", "enabled": True}
    assert api.post("/inventory/sources", {"source": source}) == []
    return "two"


def test_what_is_taken_without_a_word(api: Any, put: Any) -> None:
    assert put(row("NONE", 3)) == []
    assert api.on_hand("NONE") == {"default": (3, 1)}
    api.product("A")
    assert put(row("A", 6), row("A", -4)) == []
    assert api.on_hand("A") == {"default": (-4, 1)}
    assert put(row("A", 0)) == []
    assert api.on_hand("A") == {"default": (0, 1)}
    assert put(row("a", 7, status=0)) == []
    assert api.on_hand("A") == {"default": (7, 0)}


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        ([row("A", 8), row("A", 1, "nope")], "Could not save Source Item"),
        ([], "Input data is empty"),
        ([row("A", 8), row(" A", 1)], "Validation Failed"),
        ([row("A", 8), row("", 1)], "Validation Failed"),
        ([row("A", 8), row("A", 1, status=2)], "Validation Failed"),
        ([row("A", 8), {"sku": "A", "source_code": "default", "status": 1}], "Validation Failed"),
        ([row("A", 8), row("A", 1, "")], "Validation Failed"),
    ],
)
def test_what_is_refused_writes_nothing(api: Any, rows: list[Any], text: str) -> None:
    api.product("A")
    assert api.refused("POST", "/inventory/source-items", {"sourceItems": rows})[:2] == (400, text)
    assert api.on_hand("A") == {"default": (5, 1)}


def test_array_limits_count_only_where_one_is_set(api: Any, settings: Settings, clock: ManualClock) -> None:
    shop = Shop(replace(settings, list_limit=20), clock)
    limited = type(api)(shop, build_app(shop).test_client())
    rows = {"sourceItems": [row(f"S{number}", 1) for number in range(21)]}
    assert limited.post("/inventory/source-items", rows) == []
    for one in (api, limited):
        one.switch(input_limits=True)
    assert api.post("/inventory/source-items", rows) == []
    text = 'Maximum items of type "%type" is %max'
    assert limited.refused("POST", "/inventory/source-items", rows)[:2] == (400, text)


def test_rows_are_deleted(api: Any, put: Any) -> None:
    put(row("A", 1))
    assert api.post("/inventory/source-items-delete", {"sourceItems": [row("A", 1)]}) == []
    assert api.on_hand("A") == {}
    assert api.refused("POST", "/inventory/source-items-delete", {"sourceItems": []})[0] == 400


def test_the_single_figure_is_the_default_source(api: Any, put: Any, second: str, clock: ManualClock) -> None:
    api.product("A")
    put(row("A", 7, second))
    clock.sleep(60)
    item = api.get("/stockItems/A")
    assert item["qty"] == 5
    body = {"stockItem": {"qty": 42, "is_in_stock": True}}
    assert api.put(f"/products/A/stockItems/{item['item_id']}", body) == str(item["item_id"])
    assert api.on_hand("A") == {"default": (42, 1), "two": (7, 1)}
    put(row("A", 3))
    assert api.get("/stockItems/A")["qty"] == 3
    assert api.get("/products/A")["updated_at"] == "2026-01-15 12:00:00"  # stock leaves the date alone
    assert api.refused("PUT", "/products/A/stockItems/999", body)[0] == 404


def test_what_is_salable_comes_from_open_linked_sources(api: Any, put: Any, second: str) -> None:
    api.product("A")
    put(row("A", 7, second))
    assert api.salable("A") == 5
    links = {"links": [{"stock_id": 1, "source_code": second, "priority": 2}]}
    assert api.post("/inventory/stock-source-links", links) == []
    assert api.salable("A") == 12
    put(row("A", 5, status=0))
    assert api.salable("A") == 7
    api.put("/inventory/sources/two", {"source": {"enabled": False}})
    assert api.salable("A") == 0
    assert api.post("/inventory/stock-source-links-delete", links) == []
    assert [r["source_code"] for r in api.get("/inventory/stock-source-links")["items"]] == ["default"]


def test_sources_are_checked(api: Any) -> None:
    body = {"source": {"source_code": "a b", "name": "", "country_id": "US"}}
    answer = api.call("POST", "/inventory/sources", body)
    assert (answer.status_code, answer.json["message"]) == (400, "Validation Failed")
    assert [entry["parameters"]["field"] for entry in answer.json["errors"]] == ["name", "postcode", "source_code"]
    assert api.refused("GET", "/inventory/sources/none")[0] == 404
    wrong = {"links": [{"stock_id": 1, "source_code": "none", "priority": 1}]}
    assert api.refused("POST", "/inventory/stock-source-links", wrong)[0] == 400


def test_a_website_sells_from_one_stock_only(api: Any, put: Any, second: str) -> None:
    channels = {"sales_channels": [{"type": "website", "code": "base"}]}
    number = api.post("/inventory/stocks", {"stock": {"name": "Own", "extension_attributes": channels}})
    assert api.get("/inventory/stock-resolver/website/base")["stock_id"] == number
    assert api.get("/inventory/stocks/1")["extension_attributes"]["sales_channels"] == []
    api.post("/inventory/stock-source-links", {"links": [{"stock_id": number, "source_code": second, "priority": 1}]})
    names = api.get(f"/inventory/get-sources-assigned-to-stock-ordered-by-priority/{number}")
    assert [source["source_code"] for source in names] == [second]
    api.product("A")
    put(row("A", 2, second))
    assert api.get(f"/inventory/get-product-salable-quantity/A/{number}") == 2
    assert api.refused("DELETE", f"/inventory/stocks/{number}")[0] == 400
    assert api.refused("GET", "/inventory/stock-resolver/website/none")[0] == 404


def test_lists_of_what_is_salable(api: Any, find: Any) -> None:
    api.product("A")
    api.order(("A", 2))
    path = "/inventory/export-stock-salable-qty/website/base"
    assert api.get(path)["items"] == []
    assert api.get(path, find([("sku", "eq", "A")]))["items"] == [{"sku": "A", "qty": 3, "is_salable": True}]
    assert api.get("/inventory/dump-stock-index-data/website/base") == [{"sku": "A", "qty": 5, "is_salable": True}]
    assert api.get("/inventory/is-product-salable/A/1") is True


def test_an_order_reserves_and_a_shipment_takes(api: Any) -> None:
    api.product("A", 23)
    order = api.order(("A", 1))
    assert (api.on_hand("A"), api.salable("A")) == ({"default": (23, 1)}, 22)
    api.control("/ship", {"order_id": order["entity_id"]})
    assert (api.on_hand("A"), api.salable("A")) == ({"default": (22, 1)}, 22)


def test_pushing_a_figure_that_has_the_open_order_in_it_counts_it_twice(api: Any, put: Any) -> None:
    api.product("A", 23)
    api.order(("A", 1))
    put(row("A", 22))
    assert api.salable("A") == 21


def test_what_is_not_there_cannot_be_bought(api: Any) -> None:
    api.product("A", 2)
    body = {"items": [{"sku": "A", "quantity": 3}]}
    answer = api.client.post("/_sandbox/order", json=body)
    assert (answer.status_code, answer.json["error"]) == (409, "The requested qty is not available")
    api.order(("A", 2))
    answer = api.client.post("/_sandbox/order", json={"items": [{"sku": "A", "quantity": 1}]})
    assert answer.json["error"] == "Product that you are trying to add is not available."


def test_without_sources_the_single_figure_goes_down_with_the_order(api: Any) -> None:
    api.switch(multi_source=False)
    api.product("A")
    order = api.order(("A", 2))
    assert api.get("/stockItems/A")["qty"] == 3
    api.control("/cancel", {"order_id": order["entity_id"]})
    assert api.get("/stockItems/A")["qty"] == 5
    other = api.order(("A", 1), paid=True)["entity_id"]
    api.control("/ship", {"order_id": other})
    assert api.get("/stockItems/A")["qty"] == 4
    api.control("/refund", {"order_id": other, "restock": True})
    assert api.get("/stockItems/A")["qty"] == 5
