"""Batches (facts/woocommerce.md, "Errors" and "Lists")."""

from dataclasses import replace
from typing import Any

from sandbox.common.clock import ManualClock
from sandbox.woocommerce.app import build_app
from sandbox.woocommerce.settings import MEASURED_SPEED, Settings
from sandbox.woocommerce.shop import Shop


def test_every_item_has_its_own_answer_or_error(api: Any) -> None:
    owner, other = api.product(sku="A"), api.product()
    body = {
        "create": [{"name": "new", "sku": "B"}, {"name": "double", "sku": "A"}],
        "update": [{"id": other["id"], "name": "changed"}, {"id": 999, "name": "x"}],
        "delete": [owner["id"], 998],
    }
    answer = api.post("/products/batch", body)
    assert (answer["create"][0]["sku"], answer["create"][0]["status"]) == ("B", "publish")
    double = answer["create"][1]
    assert (double["id"], double["error"]["code"]) == (0, "product_invalid_sku")
    assert double["error"]["data"]["resource_id"] == owner["id"]
    assert answer["update"][0]["name"] == "changed"
    assert (answer["update"][1]["id"], answer["update"][1]["error"]["code"]) == (
        999,
        "woocommerce_rest_product_invalid_id",
    )
    assert answer["delete"][0]["id"] == owner["id"]
    assert answer["delete"][1]["error"]["data"]["status"] == 404
    assert api.refused("GET", f"/products/{owner['id']}")[0] == 404


def test_more_than_100_items_are_too_many_and_nothing_is_done(api: Any) -> None:
    body = {"create": [{"name": "x"}] * 60, "update": [{"id": 1}] * 41}
    assert api.refused("POST", "/products/batch", body) == (413, "woocommerce_rest_request_entity_too_large")
    assert api.ids() == []


def test_items_are_not_checked_but_read_loosely(api: Any) -> None:
    product = api.post("/products/batch", {"create": [{"name": "x", "regular_price": 9.5, "manage_stock": "yes"}]})[
        "create"
    ][0]
    assert (product["regular_price"], product["manage_stock"]) == ("9.5", True)


def test_variations_in_a_batch_belong_to_the_product_in_the_address(api: Any) -> None:
    parent = api.product(type="variable", attributes=[{"name": "Size", "variation": True, "options": ["S", "M"]}])
    path = f"/products/{parent['id']}/variations"
    create = [{"attributes": [{"name": "Size", "option": size}], "sku": size} for size in ("S", "M", "S")]
    created = api.post(f"{path}/batch", {"create": create})["create"]
    assert [row.get("sku") for row in created] == ["S", "M", None]
    updated = api.post(f"{path}/batch", {"update": [{"id": created[0]["id"], "regular_price": "3"}]})["update"]
    assert updated[0]["price"] == "3"
    api.post(f"{path}/batch", {"delete": [created[0]["id"]]})
    assert api.get(f"/products/{parent['id']}")["variations"] == [created[1]["id"]]


def test_time_passes_as_measured(settings: Settings, clock: ManualClock) -> None:
    shop = Shop(replace(settings, speed=MEASURED_SPEED), clock)
    client = build_app(shop).test_client()

    def seconds(method: str, path: str, body: object = None) -> float:
        before = clock.now()
        client.open(
            f"/wp-json/wc/v3{path}", method=method, json=body, base_url="https://x.test", auth=("ck_test", "cs_test")
        )
        return round((clock.now() - before).total_seconds(), 2)

    assert seconds("POST", "/products/batch", {"create": [{"name": "x"}] * 100}) == 3.76
    ids = [product.id for product in shop.products]
    assert seconds("POST", "/products/batch", {"update": [{"id": number} for number in ids]}) == 2.16
    assert seconds("GET", "/products?per_page=100") == 0.4
    assert seconds("GET", f"/products/{ids[0]}") == 0.06
