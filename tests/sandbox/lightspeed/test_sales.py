from typing import Any

import pytest

from tests.sandbox.lightspeed.selling import CASH, HEAD, lines, paid, post, put
from tests.sandbox.lightspeed.support import Till, body


def test_a_sale_is_drafted_then_completed_and_only_then_takes_stock(connected: Till) -> None:
    before = int(connected.stock(5)["1"])
    draft = post(connected, {"referenceNumber": "WEB-1"} | lines({"itemID": 5, "unitQuantity": 2, "unitPrice": "9.99"}))
    assert (draft["completed"], draft["calcTotal"], draft["balance"]) == ("false", "19.98", "19.98")
    assert "completeTime" not in draft
    assert int(connected.stock(5)["1"]) == before
    done = put(connected, draft["saleID"], paid(19.98))
    assert (done["completed"], done["balance"], done["calcPayments"]) == ("true", "0", "19.98")
    assert int(connected.stock(5)["1"]) == before - 2
    assert connected.ids("Sale", referenceNumber="WEB-1") == [1]


def test_completing_again_changes_nothing(connected: Till) -> None:
    sale = post(connected, lines({"itemID": 5, "unitQuantity": 1, "unitPrice": 1}) | paid(1))
    before = connected.stock(5)
    put(connected, sale["saleID"], {"completed": True})
    assert connected.stock(5) == before


def test_sending_lines_again_doubles_them(connected: Till) -> None:
    line = lines({"itemID": 5, "unitQuantity": 1, "unitPrice": 2})
    sale = post(connected, line)
    assert isinstance(sale["SaleLines"]["SaleLine"], dict)
    assert len(put(connected, sale["saleID"], line)["SaleLines"]["SaleLine"]) == 2


def test_an_unbalanced_sale_fails_but_stays_behind(connected: Till) -> None:
    payload = (
        HEAD | {"referenceNumber": "WEB-2"} | lines({"itemID": 5, "unitQuantity": 1, "unitPrice": 10}) | paid(9.99)
    )
    answer = connected.call("POST", "Sale.json", payload=payload)
    assert answer.status_code == 400
    assert body(answer)["errorClass"] == "OutOfBalanceError"
    assert (body(answer)["saleID"], body(answer)["balance"]) == ("1", "0.01")
    left = connected.rows("Sale", referenceNumber="WEB-2", load_relations='["SaleLines","SalePayments"]')[0]
    assert (left["completed"], left["calcPayments"]) == ("false", "0")
    assert put(connected, "1", paid(10))["completed"] == "true"


def test_overpaid_cash_is_change_and_anything_else_out_of_balance(connected: Till) -> None:
    line = lines({"itemID": 5, "unitQuantity": 1, "unitPrice": "2.50"})
    sale = post(connected, line | paid(50, CASH))
    assert (sale["change"], sale["calcPayments"], sale["completed"]) == ("47.5", "2.5", "true")
    assert connected.call("POST", "Sale.json", payload=HEAD | line | paid(50)).status_code == 400


def test_tax_is_rounded_once_for_the_whole_sale(connected: Till) -> None:
    line = {"itemID": 5, "unitQuantity": 1, "unitPrice": "1.23"}
    sale = post(
        connected,
        {"taxCategoryID": 1} | lines(line, line, {"itemID": 5, "unitQuantity": 1, "unitPrice": 1, "tax": False}),
    )
    assert (sale["calcTaxable"], sale["calcNonTaxable"]) == ("2.46", "1")
    assert sale["SaleLines"]["SaleLine"][0]["calcTax1"] == "0.101475"
    assert (sale["calcTax1"], sale["taxTotal"], sale["calcTotal"]) == ("0.2", "0.2", "3.66")


def test_without_a_tax_category_nothing_is_taxed_whatever_the_line_says(connected: Till) -> None:
    sale = post(
        connected, {"taxCategoryID": 0} | lines({"itemID": 1, "unitQuantity": 2, "unitPrice": "1.23", "tax": True})
    )
    assert sale["SaleLines"]["SaleLine"]["tax"] == "false"
    assert (sale["calcTotal"], sale["calcTax1"]) == ("2.46", "0")


def test_a_quantity_under_another_name_is_ignored(connected: Till) -> None:
    assert (
        post(connected, lines({"itemID": 5, "qty": 3, "unitPrice": 1}))["SaleLines"]["SaleLine"]["unitQuantity"] == "0"
    )


def test_lines_by_code_without_price_and_without_item(connected: Till) -> None:
    sale = post(
        connected,
        lines({"itemCode": "614100000015", "unitQuantity": 1}, {"unitQuantity": 1, "unitPrice": "4.90"}),
    )
    first, second = sale["SaleLines"]["SaleLine"]
    assert (first["itemID"], first["unitPrice"], first["normalUnitPrice"]) == ("1", "127.59", "127.59")
    assert (second["itemID"], second["unitPrice"]) == ("0", "4.9")


def test_the_wrapped_list_form_of_lines_is_taken(connected: Till) -> None:
    sale = post(connected, {"SaleLines": [{"SaleLine": {"itemID": 1, "unitQuantity": 1}}]})
    assert sale["SaleLines"]["SaleLine"]["itemID"] == "1"


@pytest.mark.parametrize("field", ["employeeID", "registerID", "shopID"])
@pytest.mark.parametrize("value", [0, 99])
def test_employee_register_and_shop_must_be_real(connected: Till, field: str, value: int) -> None:
    answer = connected.call("POST", "Sale.json", payload={**HEAD, field: value})
    assert (answer.status_code, field in body(answer)["message"]) == (400, True)
    assert connected.ids("Sale") == []


@pytest.mark.parametrize(
    "payload",
    [
        lines({"itemID": 9999, "unitQuantity": 1}),
        lines({"itemID": 1, "unitQuantity": "two"}),
        lines({"itemID": 1, "unitQuantity": 1, "unitPrice": "dear"}),
        paid(1, kind=99),
        {"completed": True, "completeTime": "2026-01-06T12:00:00+00:00"},
        {"completed": True, "completeTime": "noon"},
    ],
)
def test_what_makes_no_sense_leaves_no_sale_behind(connected: Till, payload: dict[str, Any]) -> None:
    assert connected.call("POST", "Sale.json", payload=HEAD | payload).status_code == 400
    assert connected.ids("Sale") == []


def test_the_time_of_completion_may_lie_in_the_past_only(connected: Till) -> None:
    line = lines({"itemID": 5, "unitQuantity": 1, "unitPrice": 1})
    sale = post(connected, line | paid(1) | {"completeTime": "2026-01-04T12:00:00+00:00"})
    assert sale["completeTime"] == "2026-01-04T12:00:00+00:00"
    later = HEAD | line | paid(1) | {"completeTime": "2026-01-06T12:00:00+00:00"}
    assert connected.call("POST", "Sale.json", payload=later).status_code == 400


def test_only_open_sales_can_be_archived(connected: Till) -> None:
    done = post(connected, lines({"itemID": 5, "unitQuantity": 1, "unitPrice": 1}) | paid(1))
    draft = post(connected, {})
    assert connected.call("DELETE", f"Sale/{done['saleID']}.json").status_code == 400
    assert body(connected.call("DELETE", f"Sale/{draft['saleID']}.json"))["Sale"]["archived"] == "true"
    assert connected.ids("Sale") == [1]
    assert connected.ids("Sale", archived="only") == [2]


def test_a_sale_at_the_till_is_a_completed_cash_sale(connected: Till) -> None:
    connected.control("sell", item=5, shop=2)
    sale = connected.rows("Sale", load_relations='["SaleLines.Item","SalePayments.PaymentType"]')[0]
    assert (sale["completed"], sale["shopID"], sale["balance"]) == ("true", "2", "0")
    assert sale["SaleLines"]["SaleLine"]["Item"]["itemID"] == "5"
    assert sale["SalePayments"]["SalePayment"]["PaymentType"]["name"] == "Cash"


def test_sales_are_found_by_time(connected: Till) -> None:
    post(connected, {})
    connected.clock.sleep(60)
    connected.control("sell", item=5)
    assert connected.ids("Sale", sort="timeStamp", timeStamp=">=,2026-01-05T10:01:00Z") == [2]
    assert connected.ids("Sale", sort="-completeTime") == [2, 1]
