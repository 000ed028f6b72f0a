"""The shop's owner at work: edits, the trash, deletions; and lists that are not whole."""

from typing import Any

import pytest

from sandbox.common.clock import ManualClock


@pytest.fixture
def owner(api: Any) -> Any:
    def act(action: str, **body: object) -> Any:
        answer = api.client.post(f"/_sandbox/{action}", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json

    return act


@pytest.fixture
def hat(api: Any) -> Any:
    return api.product(name="Hat", sku="HAT", manage_stock=True, stock_quantity=2)


@pytest.fixture
def shirt(api: Any) -> Any:
    """A variable product with one variation, SHIRT-S."""
    attributes = [{"name": "Size", "variation": True, "options": ["S"]}]
    parent = api.product(name="Shirt", sku="SHIRT", type="variable", attributes=attributes)
    below = {"sku": "SHIRT-S", "regular_price": "7", "attributes": [{"name": "Size", "option": "S"}]}
    return {**parent, "below": api.post(f"/products/{parent['id']}/variations", below)}


def test_the_owner_edits_texts_prices_stock_and_sku(api: Any, owner: Any, hat: Any, clock: ManualClock) -> None:
    clock.sleep(60)
    changes = {"name": "My hat", "description": "Own words", "regular_price": "12", "stock_quantity": 9, "sku": "OWN"}
    shown = owner("edit", sku="HAT", changes=changes)
    assert (shown["name"], shown["sku"]) == ("My hat", "OWN")
    read = api.get(f"/products/{hat['id']}")
    assert (read["regular_price"], read["stock_quantity"], read["description"]) == ("12", 9, "<p>Own words</p>\n")
    assert read["date_modified_gmt"] > hat["date_modified_gmt"]
    assert api.get("/products", sku="HAT") == []


def test_a_variation_is_edited_in_the_same_way(api: Any, owner: Any, shirt: Any) -> None:
    owner("edit", sku="SHIRT-S", changes={"regular_price": "8", "manage_stock": True, "stock_quantity": 4})
    read = api.get(f"/products/{shirt['id']}/variations/{shirt['below']['id']}")
    assert (read["regular_price"], read["stock_quantity"]) == ("8", 4)
    assert api.get(f"/products/{shirt['id']}")["price"] == "8"


def test_the_owners_work_fires_hooks_and_is_no_call(api: Any, owner: Any, hat: Any, receiver: Any, cron: Any) -> None:
    for topic in ("product.updated", "product.deleted"):
        api.post("/webhooks", {"topic": topic, "delivery_url": f"{receiver.url}/{topic}"})
    receiver.got.clear()
    api.shop.instruments.ledger.reset()
    owner("edit", sku="HAT", changes={"name": "Cap"})
    owner("trash", sku="HAT")
    assert api.shop.instruments.ledger.total == 0
    cron()
    assert sorted(name for name, _, _ in receiver.got) == ["product.deleted", "product.updated"]


def test_what_was_trashed_can_be_brought_back(api: Any, owner: Any, hat: Any) -> None:
    assert owner("trash", sku="HAT")["status"] == "publish"  # as it was
    assert api.get("/products") == []
    owner("edit", sku="HAT", changes={"status": "draft"})
    assert api.get(f"/products/{hat['id']}")["status"] == "draft"


def test_what_is_deleted_is_gone(api: Any, owner: Any, hat: Any, shirt: Any) -> None:
    owner("delete", sku="SHIRT-S")
    assert api.get(f"/products/{shirt['id']}/variations") == []
    owner("delete", id=shirt["id"])
    owner("delete", sku="HAT")
    assert api.ids() == []
    assert api.refused("GET", f"/products/{hat['id']}") == (404, "woocommerce_rest_product_invalid_id")


@pytest.fixture
def taken(api: Any, hat: Any, shirt: Any) -> int:
    """Let HAT and SHIRT-S be there, and TWIN twice, once in the trash; gives how often the shop was changed."""
    for _ in range(2):
        api.delete(f"/products/{api.product()['id']}")
    thrown, kept = (row["id"] for row in api.get("/products", status="trash"))
    api.put(f"/products/{thrown}", {"sku": "TWIN"})
    api.put(f"/products/{kept}", {"sku": "TWIN", "status": "publish"})
    changes: int = api.shop.changes
    return changes


@pytest.mark.parametrize(
    ("action", "body", "status", "named"),
    [
        ("edit", {"sku": "NONE", "changes": {"name": "x"}}, 400, "sku 'NONE': no listing"),
        ("edit", {"id": 7, "changes": {"name": "x"}}, 400, "id 7: no listing"),
        ("edit", {"sku": "TWIN", "changes": {"name": "x"}}, 400, "several"),
        ("edit", {"sku": "HAT"}, 400, "changes"),
        ("edit", {"sku": "HAT", "changes": {"colour": "red"}}, 400, "colour"),
        ("edit", {"sku": "HAT", "changes": {"id": 3}}, 400, "id"),
        ("edit", {"sku": "HAT", "changes": {"stock_quantity": "many"}}, 409, "stock_quantity"),
        ("edit", {"sku": "HAT", "changes": {"sku": "SHIRT-S"}}, 409, "SKU"),
        ("trash", {"sku": "HAT", "force": True}, 400, "force"),
        ("delete", {}, 400, "sku"),
        ("delete", [], 400, "object"),
    ],
)
def test_what_the_owner_cannot_do(api: Any, taken: int, action: str, body: object, status: int, named: str) -> None:
    answer = api.client.post(f"/_sandbox/{action}", json=body)
    assert (answer.status_code, named in answer.json["error"]) == (status, True), answer.text
    assert api.shop.changes == taken


def test_a_list_may_lack_rows_show_one_twice_or_end_early(api: Any) -> None:
    ids = sorted(api.product(name=str(number))["id"] for number in range(5))
    query = {"per_page": 2, "orderby": "id", "order": "asc"}

    def struck(**fault: object) -> Any:
        api.client.post("/_sandbox/faults", json={"path": "/products$", **fault})
        return api.call("GET", "/products", query_string={**query, "page": 2})

    lost = struck(kind="lose_rows")
    assert [row["id"] for row in lost.json] == ids[3:4]
    assert (lost.headers["X-WP-Total"], lost.headers["X-WP-TotalPages"]) == ("5", "3")
    assert [row["id"] for row in struck(kind="double_rows", rows=-1).json] == [*ids[2:4], ids[3]]
    ended = struck(kind="end_list")
    assert [row["id"] for row in ended.json] == ids[2:4]
    assert (ended.headers["X-WP-Total"], ended.headers["X-WP-TotalPages"]) == ("4", "2")
    assert 'rel="prev"' in ended.headers["Link"]
    assert 'rel="next"' not in ended.headers["Link"]
