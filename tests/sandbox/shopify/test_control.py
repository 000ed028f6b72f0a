"""Control actions, faults and the page."""

from typing import Any

import pytest

from sandbox.common.clock import ManualClock


def refused(api: Any, action: str, **body: Any) -> str:
    answer = api.client.post(f"/_sandbox/{action}", json=body)
    assert answer.status_code == 400, answer.text
    return str(answer.json["error"])


def test_the_merchant_edits_a_listing(api: Any, clock: ManualClock) -> None:
    hat = api.product()
    clock.sleep(1)
    api.control("edit", sku="HAT", changes={"sku": "CAP", "price": "3.50", "barcode": "7"})
    api.control("edit", id=hat["id"], changes={"title": "Cap", "handle": "cap", "status": "ARCHIVED"})
    changed = api.read(hat["id"])
    assert (changed["title"], changed["handle"], changed["status"]) == ("Cap", "cap", "ARCHIVED")
    variant = changed["variants"]["nodes"][0]
    assert (variant["sku"], variant["price"], variant["barcode"]) == ("CAP", "3.50", "7")
    assert changed["updatedAt"] > hat["updatedAt"]


def test_the_merchant_deletes_a_variant_and_then_the_product(api: Any) -> None:
    [number] = api.control("seed", count=1, variants=2)["ids"]
    api.control("delete", sku="SKU-1-1")
    assert [row["sku"] for row in api.read(number)["variants"]["nodes"]] == ["SKU-1-2"]
    api.control("delete", sku="SKU-1-2")
    assert api.read(number) is None


def test_the_merchant_counts_at_a_location(api: Any) -> None:
    hat = api.product()
    api.control("stock", sku="HAT", location="Warehouse", available=7)
    levels = api.read(hat["id"])["variants"]["nodes"][0]["inventoryItem"]["inventoryLevels"]["nodes"]
    assert {row["location"]["name"]: row["quantities"][0]["quantity"] for row in levels} == {
        "Main street": 5,
        "Warehouse": 7,
    }


def test_the_merchant_opens_and_closes_locations(api: Any) -> None:
    opened = api.control("location", name="Pop-up")["id"]
    api.control("location", name="Warehouse", active=False)
    text = "query($all: Boolean) { locations(first: 9, includeInactive: $all) { nodes { id name isActive } } }"
    assert [row["name"] for row in api.send(text)["nodes"]] == ["Main street", "Pop-up"]
    assert {"id": opened, "name": "Pop-up", "isActive": True} in api.send(text, all=True)["nodes"]
    assert len(api.send(text, all=True)["nodes"]) == 3


def test_an_app_has_spent_its_points_on_command(api: Any) -> None:
    assert api.control("bucket", available=3) == {"available": 3}
    assert api.code("{ products(first: 5) { nodes { id } } }") == "THROTTLED"
    assert api.send("{ shop { name } }") == {"name": "Stand-in shop"}


@pytest.mark.parametrize(
    ("action", "body", "told"),
    [
        ("edit", {"sku": "NONE", "changes": {"price": "3"}}, "no listing has it"),
        ("edit", {"sku": "HAT", "changes": {}}, "changes: has to be an object"),
        ("edit", {"sku": "HAT", "changes": {"colour": "red"}}, "unknown field 'colour'"),
        ("edit", {"sku": "HAT", "changes": {"price": "much"}}, "price"),
        ("edit", {"name": "HAT"}, "name: no such field"),
        ("stock", {"sku": "HAT", "location": "Moon", "available": 1}, "location: 'Moon' is none of"),
        ("order", {"items": [{"quantity": 1}]}, "items: each needs a sku"),
        ("order", {"items": [{"sku": "HAT"}], "shipping": "much"}, "shipping: 'much' is no amount"),
        ("order", {"items": "HAT"}, "items: has to be a list"),
        ("location", {}, "name: a location needs one"),
        ("refund", {"order": "#7"}, "order: there is none called '#7'"),
        ("switches", {"nothing": True}, "nothing: no such switch"),
        ("switches", {"paused": 1}, "paused: has to be a bool"),
        ("token", {"client_id": "nobody"}, "client_id: 'nobody' is none of"),
        ("compliance", {"topic": "orders/create"}, "topic: 'ORDERS_CREATE' is none of"),
        ("seed", {"products": [{"titel": "x"}]}, "titel"),
    ],
)
def test_wrong_actions_name_what_is_wrong(api: Any, action: str, body: dict[str, Any], told: str) -> None:
    api.product()
    assert told in refused(api, action, **body)


def test_a_sku_of_two_listings_is_no_name(api: Any) -> None:
    api.product()
    other = api.product()
    assert "name one by its id" in refused(api, "delete", sku="HAT")
    api.control("delete", id=other["variants"]["nodes"][0]["id"])
    assert api.read(other["id"]) is None


def test_resetting_keeps_the_tokens(api: Any) -> None:
    api.product()
    assert api.control("reset")["products"] == 0
    assert api.send("{ products(first: 5) { nodes { id } } }")["nodes"] == []


def test_tokens_are_ended_on_command(api: Any) -> None:
    other = api.control("token", scopes=["read_products"])["access_token"]
    assert api.control("revoke", token=other) == {"revoked": 1}
    assert api.call("{ shop { name } }", token=other).status_code == 401
    form = {"client_id": "test-app", "client_secret": "test-secret", "grant_type": "client_credentials"}
    expiring = api.client.post("/admin/oauth/access_token", json=form).json["access_token"]
    assert api.control("expire") == {"expired": 1}
    assert api.call("{ shop { name } }", token=expiring).status_code == 401
    assert api.call("{ shop { name } }").status_code == 200


def test_faults_strike_answers_and_pages(api: Any) -> None:
    api.control("seed", count=3)
    text = "{ products(first: 5) { nodes { id } pageInfo { hasNextPage } } }"
    api.control("faults", kind="lose_rows", path="graphql", rows=1)
    assert len(api.send(text)["nodes"]) == 2
    api.control("faults", kind="double_rows", path="graphql", rows=1)
    assert len(api.send(text.replace("nodes {", "edges { node {").replace("id }", "id } }"))["edges"]) == 4
    api.control("faults", kind="end_list", path="graphql")
    assert api.send(text.replace("5", "1"))["pageInfo"]["hasNextPage"] is False
    api.control("faults", kind="status", path="graphql", status=503)
    assert api.call(text).status_code == 503
    assert len(api.send(text)["nodes"]) == 3


def test_the_page_shows_what_there_is(api: Any) -> None:
    api.product()
    api.control("order", items=[{"sku": "HAT"}])
    page = api.client.get("/").text
    for shown in ("Hat", "HAT", "Main street: 4", "#1001", "PAID", "Sell one", "stand-in.myshopify.com"):
        assert shown in page
    state = api.client.get("/_sandbox/state").json
    assert (state["products"], state["orders"], state["domain"]) == (1, 1, "stand-in.myshopify.com")
