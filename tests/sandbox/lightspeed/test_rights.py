import pytest

from tests.sandbox.lightspeed.support import LIMITED, Till, body


def status(till: Till, method: str, path: str) -> int:
    return till.call(method, path, payload={} if method != "GET" else None).status_code


@pytest.mark.parametrize(
    ("scope", "allowed", "denied"),
    [
        (
            "employee:inventory_read",
            ["Item.json", "ItemShop.json", "Category.json"],
            ["ItemMatrix.json", "Sale.json", "Shop.json"],
        ),
        (
            "employee:inventory",
            ["Item.json", "ItemShop.json", "ItemAttributeSet.json", "Shop.json"],
            ["ItemMatrix.json"],
        ),
        ("employee:product_cost", ["Item.json", "ItemMatrix.json"], ["ItemAttributeSet.json", "Image.json"]),
        ("employee:register_read", ["Sale.json"], ["Item.json"]),
        ("employee:register", ["Sale.json", "Item.json", "Image.json", "PaymentType.json"], ["ItemShop.json"]),
        ("employee:all", ["Item.json", "ItemMatrix.json", "Sale.json", "Item/CustomField.json"], []),
    ],
)
def test_a_missing_scope_is_403(till: Till, scope: str, allowed: list[str], denied: list[str]) -> None:
    till.connect(scope=scope)
    assert {path: status(till, "GET", path) for path in allowed} == dict.fromkeys(allowed, 200)
    assert {path: status(till, "GET", path) for path in denied} == dict.fromkeys(denied, 403)


def test_reading_rights_do_not_write(till: Till) -> None:
    till.connect(scope="employee:inventory_read employee:register_read")
    assert status(till, "PUT", "Item/1.json") == 403
    assert status(till, "POST", "Sale.json") == 403


def test_a_refusal_for_scope_names_what_is_needed(till: Till) -> None:
    till.connect(scope="employee:register_read")
    answer = till.call("GET", "ItemMatrix.json")
    assert (answer.status_code, answer.content_type) == (403, "text/html; charset=UTF-8")
    assert "product_cost" in body(answer)["message"]


def test_rights_are_scopes_cut_down_to_those_of_the_employee(till: Till) -> None:
    till.connect(employee=LIMITED)
    assert status(till, "GET", "Item.json") == 200
    assert status(till, "GET", "ItemMatrix.json") == 403
    assert status(till, "PUT", "Item/1.json") == 403


def test_lowering_an_employees_rights_takes_effect_at_once(connected: Till) -> None:
    assert status(connected, "GET", "ItemMatrix.json") == 200
    connected.control("employee", employee=1, rights=["inventory_read"])
    assert status(connected, "GET", "ItemMatrix.json") == 403
    assert status(connected, "GET", "ItemShop.json") == 200
    employee = connected.get("Employee/1.json", load_relations='["EmployeeRole","EmployeeRights"]')["Employee"]
    assert "EmployeeRole" not in employee
    assert employee["EmployeeRights"]["EmployeeRight"]["name"] == "inventory_read"


def test_the_session_shows_who_and_what(till: Till) -> None:
    till.connect(scope="employee:inventory employee:register")
    for path in ("/API/V3/Session.json", "/API/Session.json"):
        session = body(till.http.get(path, headers={"Authorization": f"Bearer {till.token}"}))
        assert (session["systemCustomerID"], session["employeeID"], session["shopCount"]) == ("182255", "1", "2")
        assert session["Rights"]["inventory_base"] == "true"
        assert "product_cost" not in session["Rights"]


def test_the_account_is_found_and_described(connected: Till) -> None:
    headers = {"Authorization": f"Bearer {connected.token}"}
    found = body(connected.http.get("/API/V3/Account.json", headers=headers))
    assert found["Account"]["accountID"] == "182255"
    details = body(connected.http.get("/API/V3/Account/182255.json", headers=headers))
    assert details["defaultCurrency"] == {"code": "USD", "symbol": "$"}
    assert connected.http.post("/API/V3/Account.json", headers=headers).status_code == 405


@pytest.mark.parametrize("path", ["Account/1.json", "Account/1/Item.json"])
def test_a_token_is_for_one_account(connected: Till, path: str) -> None:
    answer = connected.http.get(f"/API/V3/{path}", headers={"Authorization": f"Bearer {connected.token}"})
    assert answer.status_code == 403
