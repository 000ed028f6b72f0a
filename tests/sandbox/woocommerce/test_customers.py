"""Customers (facts/woocommerce.md, "Customers")."""

from typing import Any


def test_an_address_is_enough_and_a_name_is_made_up(api: Any) -> None:
    first, second = (api.post("/customers", {"email": f"ann@{host}.test"}) for host in ("a", "b"))
    assert [(row["username"], row["role"]) for row in (first, second)] == [("ann", "customer"), ("ann-2", "customer")]


def test_addresses_are_unique(api: Any) -> None:
    first, second = (api.post("/customers", {"email": f"{name}@a.test"}) for name in ("ann", "bob"))
    taken = (400, "registration-error-email-exists")
    assert api.refused("POST", "/customers", {"email": "ANN@a.test"}) == taken
    assert api.refused("PUT", f"/customers/{second['id']}", {"email": "ann@a.test"}) == taken
    assert api.put(f"/customers/{first['id']}", {"email": "ann@a.test"})["email"] == "ann@a.test"
    assert api.refused("POST", "/customers", {"email": "ann"}) == (400, "registration-error-invalid-email")
    assert api.refused("PUT", f"/customers/{first['id']}", {"email": "ann"}) == (400, "rest_invalid_param")


def test_lists_hold_customers_unless_asked_otherwise(api: Any) -> None:
    ann = api.post("/customers", {"email": "ann@a.test", "first_name": "Ann"})
    assert api.ids("/customers") == [ann["id"]]
    assert api.ids("/customers", role="all", orderby="id") == [1, ann["id"]]
    assert api.ids("/customers", email="ANN@a.test") == [ann["id"]]
    assert api.ids("/customers", search="ann") == [ann["id"]]
    assert api.ids("/customers", modified_after="2099-01-01T00:00:00") == [ann["id"]]
    assert api.ids("/customers", orderby="include", include=str(ann["id"])) == [ann["id"]]
    assert api.ids("/customers", orderby="registered_date", role="administrator") == [1]


def test_customers_are_changed_and_deleted(api: Any) -> None:
    ann = api.post("/customers", {"email": "ann@a.test", "billing": {"city": "Delft"}})
    path = f"/customers/{ann['id']}"
    changed = api.put(
        path, {"last_name": "Smith", "billing": {"phone": "1"}, "meta_data": [{"key": "pos", "value": 1}]}
    )
    assert (changed["last_name"], changed["billing"]["city"], changed["billing"]["phone"]) == ("Smith", "Delft", "1")
    assert api.refused("PUT", path, {"username": "x"}) == (400, "woocommerce_rest_customer_invalid_argument")
    assert api.refused("DELETE", path) == (501, "woocommerce_rest_trash_not_supported")
    api.delete(path, force=True)
    assert api.refused("GET", path) == (404, "woocommerce_rest_invalid_id")


def test_a_paid_order_makes_a_paying_customer(api: Any) -> None:
    ann = api.post("/customers", {"email": "ann@a.test"})
    api.post("/orders", {"customer_id": ann["id"], "set_paid": True})
    assert api.get(f"/customers/{ann['id']}")["is_paying_customer"] is True
