"""Metafields: whose they are, who sees them, batches."""

from typing import Any

import pytest

FIELD = {"permission_set": "app_only", "namespace": "links", "key": "item", "value": "1"}


@pytest.fixture
def other(api: Any) -> str:
    token: str = api.control("keys")["token"]
    return token


@pytest.fixture
def path(api: Any) -> str:
    return f"/v3/catalog/products/{api.product()['id']}/metafields"


def seen(api: Any, token: str, path: str) -> list[str]:
    return [row["value"] for row in api.call("GET", path, token).json["data"]]


def test_what_is_for_the_app_only_is_there_for_its_own_account_only(api: Any, other: str, path: str) -> None:
    made = api.post(path, FIELD)
    shared = api.post(path, {**FIELD, "key": "shared", "permission_set": "read", "value": "2"})
    everywhere = "/v3/catalog/products/metafields"
    for where in (path, everywhere):
        assert [row["value"] for row in api.rows(where)] == ["1", "2"]
        assert seen(api, other, where) == ["2"]
    assert api.call("GET", f"{path}/{made['id']}", other).status_code == 404
    assert api.call("DELETE", f"{path}/{made['id']}", other).status_code == 404
    assert api.call("PUT", f"{path}/{shared['id']}", other, json={"value": "3"}).status_code == 403
    assert api.call("DELETE", f"{path}/{shared['id']}", other).status_code == 403
    api.put(f"{path}/{shared['id']}", {"permission_set": "write"})
    assert api.call("PUT", f"{path}/{shared['id']}", other, json={"value": "3"}).status_code == 200
    assert api.call("POST", path, other, json=FIELD).status_code == 200
    assert [row["value"] for row in api.rows(path)] == ["1", "3"]


def test_a_key_is_there_once_for_each_account_and_thing(api: Any, path: str) -> None:
    api.post(path, FIELD)
    assert api.refused("POST", path, FIELD) == (409, "key")
    api.post(path, {**FIELD, "namespace": "others"})
    assert api.refused("POST", path, {**FIELD, "key": "K" * 65}) == (422, "key")
    assert api.refused("POST", path, {**FIELD, "value": ""}) == (422, "value")
    assert api.refused("POST", path, {**FIELD, "permission_set": "all"}) == (422, "permission_set")
    assert [row["namespace"] for row in api.rows(path, namespace="others")] == ["others"]
    assert api.rows(path, key="none") == []


def test_two_hundred_and_fifty_at_most(api: Any, path: str) -> None:
    for number in range(250):
        api.post(path, {**FIELD, "key": f"k{number}"})
    assert api.refused("POST", path, FIELD) == (422, "key")


@pytest.mark.parametrize("kind", ["products", "variants", "brands"])
def test_batches(api: Any, kind: str) -> None:
    product = api.product(brand_name="Brim")
    owner = {"products": product["id"], "variants": product["base_variant_id"], "brands": product["brand_id"]}[kind]
    bulk = f"/v3/catalog/{kind}/metafields"
    rows = [{**FIELD, "key": key, "resource_id": owner} for key in ("a", "b")]
    made = api.post(bulk, rows)
    answer = api.post(bulk, [{**FIELD, "key": "c", "resource_id": owner}, rows[0], {**FIELD, "resource_id": 9}], 422)
    assert (answer["meta"], len(answer["errors"])) == ({"total": 3, "success": 0, "failed": 3}, 2)
    assert [row["key"] for row in api.rows(bulk, **{"resource_id:in": str(owner)})] == ["a", "b"]
    assert [row["value"] for row in api.put(bulk, [{"id": row["id"], "value": "9"} for row in made])] == ["9", "9"]
    assert api.call("DELETE", bulk, json=[made[0]["id"], 7]).status_code == 422
    assert [row["key"] for row in api.rows(bulk)] == ["b"]


def test_they_go_with_what_they_belong_to(api: Any) -> None:
    shirt = api.shirt("M")
    variant = shirt["variants"][0]["id"]
    one = f"/v3/catalog/products/{shirt['id']}"
    api.post(f"{one}/metafields", FIELD)
    api.post(f"{one}/variants/{variant}/metafields", FIELD)
    api.delete(one)
    for kind in ("products", "variants"):
        assert api.rows(f"/v3/catalog/{kind}/metafields") == []
