"""What stands before the API: tokens, scopes, the quota, the host's conditions, faults."""

from datetime import timedelta
from typing import Any

import pytest

from sandbox.bigcommerce.settings import Settings
from sandbox.bigcommerce.shop import Shop
from sandbox.common.clock import ManualClock

PRODUCTS = "/v3/catalog/products"
LEFT = "X-Rate-Limit-Requests-Left"


def test_tokens(api: Any) -> None:
    assert api.call("GET", PRODUCTS, "").status_code == 401
    assert api.call("GET", PRODUCTS, "other").status_code == 401
    assert (
        api.client.get("/stores/other/v3/catalog/products", headers={"X-Auth-Token": "token_test"}).status_code == 401
    )
    made = api.control("keys", {"scopes": ["store_v2_products_read_only"]})
    assert api.call("GET", PRODUCTS, made["token"]).status_code == 200
    assert api.call("POST", PRODUCTS, made["token"], json={}).status_code == 403
    assert api.call("GET", "/v2/orders", made["token"]).json[0]["status"] == 403
    assert api.client.delete(f"/_sandbox/keys/{made['token']}").json == {"keys": 1}
    assert api.call("GET", PRODUCTS, made["token"]).status_code == 401


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v3/nothing", 404),
        ("GET", "/v3/catalog/products/none", 404),
        ("PATCH", PRODUCTS, 501),
        ("DELETE", "/v3/channels", 405),
    ],
)
def test_addresses_and_methods(api: Any, method: str, path: str, status: int) -> None:
    assert api.call(method, path).status_code == status


def test_bodies_have_to_be_json(api: Any) -> None:
    assert api.call("POST", PRODUCTS, data="{", content_type="application/json").status_code == 400
    assert api.call("POST", PRODUCTS, data="a=1", content_type="text/plain").status_code == 415
    assert api.call("POST", PRODUCTS).status_code == 422


def test_the_quota_is_one_for_all_accounts_and_begins_anew_after_thirty_seconds(
    api: Any, shop: Shop, clock: ManualClock
) -> None:
    shop.settings = Settings(accounts=shop.settings.accounts, quota=3)
    other = api.control("keys")["token"]
    first = api.call("GET", PRODUCTS)
    assert {name: value for name, value in first.headers if name.startswith("X-Rate")} == {
        "X-Rate-Limit-Time-Window-Ms": "30000",
        "X-Rate-Limit-Time-Reset-Ms": "30000",
        "X-Rate-Limit-Requests-Quota": "3",
        LEFT: "2",
    }
    clock.sleep(timedelta(seconds=10).total_seconds())
    assert api.call("GET", PRODUCTS, other).headers[LEFT] == "1"
    assert api.call("GET", PRODUCTS).headers[LEFT] == "0"
    refused = api.call("GET", PRODUCTS)
    assert (refused.status_code, refused.headers["X-Rate-Limit-Time-Reset-Ms"]) == (429, "20000")
    assert "Retry-After" not in refused.headers
    clock.sleep(20)
    assert api.call("GET", PRODUCTS).status_code == 200


def test_an_overloaded_platform_says_nothing_of_the_quota(api: Any) -> None:
    api.control("switches", {"overload": True})
    answer = api.call("GET", PRODUCTS)
    assert (answer.status_code, LEFT in answer.headers) == (429, False)


def test_maintenance_and_locks(api: Any) -> None:
    api.control("switches", {"maintenance": True})
    assert api.call("GET", PRODUCTS).status_code == 503
    api.control("switches", {"maintenance": False, "locked": True})
    assert (api.call("GET", PRODUCTS).status_code, api.call("POST", PRODUCTS, json={}).status_code) == (200, 423)


def test_faults_and_the_ledger_know_routes_and_pages(api: Any, shop: Shop) -> None:
    for name in ("A", "B", "C"):
        api.product(name)
    api.control("faults", [{"kind": "status", "status": 500}, {"kind": "lose_rows"}, {"kind": "end_list"}])
    assert api.call("GET", PRODUCTS).status_code == 500
    assert [row["name"] for row in api.rows(PRODUCTS)] == ["B", "C"]
    ended = api.get(PRODUCTS, limit=2)["meta"]["pagination"]
    assert (ended["total"], ended["total_pages"], "next" in ended["links"]) == (2, 1, False)
    routes = {call.route for call in shop.instruments.ledger.calls()}
    assert "/stores/<store_hash>/v3/catalog/products" in routes


def test_pages_of_v2_can_be_spoiled(api: Any) -> None:
    api.hat()
    for _ in range(2):
        api.control("order", {"items": [{"sku": "HAT", "quantity": 1}]})
    api.control("faults", {"kind": "double_rows"})
    assert len(api.get("/v2/orders")) == 3
    api.control("faults", {"kind": "end_list"})
    assert len(api.get("/v2/orders")) == 2
