"""Sales as the tests write them, in the API's own words."""

from typing import Any

from tests.sandbox.lightspeed.support import Till, body

HEAD = {"employeeID": 1, "registerID": 1, "shopID": 1}
WEB, CASH = 4, 1


def post(till: Till, payload: dict[str, Any]) -> dict[str, Any]:
    answer = till.call("POST", "Sale.json", payload=HEAD | payload)
    assert answer.status_code == 200, answer.text
    sale: dict[str, Any] = body(answer)["Sale"]
    return sale


def put(till: Till, sale_id: str, payload: dict[str, Any]) -> dict[str, Any]:
    answer = till.call("PUT", f"Sale/{sale_id}.json", payload=payload)
    assert answer.status_code == 200, answer.text
    sale: dict[str, Any] = body(answer)["Sale"]
    return sale


def lines(*rows: dict[str, Any]) -> dict[str, Any]:
    return {"SaleLines": {"SaleLine": list(rows)}}


def paid(amount: float, kind: int = WEB) -> dict[str, Any]:
    return {"completed": True, "SalePayments": {"SalePayment": [{"amount": amount, "paymentTypeID": kind}]}}


def refused(till: Till, method: str, path: str, payload: dict[str, Any]) -> str:
    """Give the reason for which a write is refused."""
    answer = till.call(method, path, payload=payload)
    assert answer.status_code == 400, answer.text
    return str(body(answer)["message"])
