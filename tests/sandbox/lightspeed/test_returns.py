"""What is given back: by negative lines of a sale, by a refund, and by the shop's staff."""

from typing import Any

import pytest

from tests.sandbox.lightspeed.selling import CASH, HEAD, WEB, lines, paid, post, put, refused
from tests.sandbox.lightspeed.support import Till, body

GIFT_CARD = 5


def sold(till: Till, quantity: int = 2, price: str = "5", **more: Any) -> dict[str, Any]:
    line = {"itemID": 5, "unitQuantity": quantity, "unitPrice": price}
    return post(till, lines(line) | paid(quantity * float(price)) | more)


def back(quantity: int, parent: str = "1", **more: Any) -> dict[str, Any]:
    return lines({"itemID": 5, "unitQuantity": -quantity, "unitPrice": "5", "parentSaleLineID": parent, **more})


def refund(till: Till, sale: str, payload: dict[str, Any]) -> dict[str, Any]:
    answer = till.call("POST", f"Sale/{sale}/refund.json", payload=HEAD | payload)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = body(answer)["Sale"]
    return found


PAYMENT = {"SalePayments": {"SalePayment": [{"paymentTypeID": WEB}]}}


def test_negative_lines_put_units_back_when_they_are_completed(connected: Till) -> None:
    before = int(connected.stock(5)["1"])
    sold(connected)
    draft = post(connected, back(1))
    assert (draft["calcTotal"], draft["balance"]) == ("-5", "-5")
    assert draft["SaleLines"]["SaleLine"]["parentSaleLineID"] == "1"
    assert int(connected.stock(5)["1"]) == before - 2
    done = put(connected, draft["saleID"], paid(-5))
    assert (done["completed"], done["calcPayments"]) == ("true", "-5")
    assert int(connected.stock(5)["1"]) == before - 1


def test_more_than_was_sold_is_left_out_without_a_word(connected: Till) -> None:
    sold(connected)
    assert not post(connected, back(3)).get("SaleLines")
    post(connected, back(2) | paid(-10))
    for too_much in (back(1), back(1, parent="2"), back(1, parent="99")):  # all gone, itself a return, and never sold
        assert not post(connected, too_much).get("SaleLines")
    assert connected.ids("Sale", completed="true") == [1, 3]


def test_lines_of_one_sale_count_together(connected: Till) -> None:
    sold(connected)
    twice = lines(*(back(1)["SaleLines"]["SaleLine"] * 3))
    assert len(post(connected, twice)["SaleLines"]["SaleLine"]) == 2


def test_what_is_not_completed_can_be_given_back_elsewhere(connected: Till) -> None:
    sold(connected)
    open_one = post(connected, back(2))
    post(connected, back(2) | paid(-10))
    assert "More of a line" in refused(connected, "PUT", f"Sale/{open_one['saleID']}.json", paid(-10))
    left = connected.rows("Sale", saleID=open_one["saleID"])[0]
    assert (left["completed"], left["calcPayments"]) == ("false", "0")


def test_an_open_or_voided_sale_has_nothing_to_give_back(connected: Till) -> None:
    post(connected, lines({"itemID": 5, "unitQuantity": 1, "unitPrice": 1}))
    assert not post(connected, back(1)).get("SaleLines")
    sold(connected)
    connected.control("void-sale", sale=3)
    assert not post(connected, back(1, parent="2")).get("SaleLines")


def test_a_return_has_no_negative_price_and_a_rebate_may(connected: Till) -> None:
    wrong = HEAD | lines({"unitQuantity": -1, "unitPrice": "-5"})
    assert "negative price" in refused(connected, "POST", "Sale.json", wrong)
    assert post(connected, lines({"unitQuantity": 1, "unitPrice": "-5"}))["calcTotal"] == "-5"


def test_a_whole_sale_is_refunded_in_one_call_by_its_id_or_its_ticket(connected: Till) -> None:
    before = int(connected.stock(5)["1"])
    for number in ("1", "220000000003"):
        sold(connected)
        done = refund(connected, number, PAYMENT)
        assert (done["completed"], done["calcTotal"], done["calcPayments"]) == ("true", "-10", "-10")
        assert done["SaleLines"]["SaleLine"]["unitPrice"] == "5"
    assert int(connected.stock(5)["1"]) == before
    calls = connected.instruments.ledger.calls(method="POST")
    assert [call.cost for call in calls if call.path.endswith("refund.json")] == [10.5, 10.5]


def test_some_of_a_sale_is_refunded_with_its_tax(connected: Till) -> None:
    line = {"itemID": 5, "unitQuantity": 2, "unitPrice": 10}
    post(connected, {"taxCategoryID": 1} | lines(line, {"unitQuantity": 1, "unitPrice": 4, "tax": False}) | paid(25.65))
    draft = refund(connected, "1", {"completed": False} | back(1, unitPrice=10) | PAYMENT)
    assert (draft["completed"], draft["calcTax1"], draft["calcTotal"]) == ("false", "-0.83", "-10.83")
    rest = refund(connected, "1", PAYMENT)
    assert [row["tax"] for row in rest["SaleLines"]["SaleLine"]] == ["true", "false"]
    assert rest["calcTotal"] == "-25.65"


def test_a_refund_needs_a_way_of_payment_a_balance_and_a_completed_sale(connected: Till) -> None:
    sold(connected)
    assert "payment type is required" in refused(connected, "POST", "Sale/1/refund.json", HEAD)
    uneven = HEAD | {"SalePayments": {"SalePayment": {"paymentTypeID": WEB, "amount": -9}}}
    answer = connected.call("POST", "Sale/1/refund.json", payload=uneven)
    assert (answer.status_code, body(answer)["errorClass"]) == (400, "OutOfBalanceError")
    post(connected, lines({"itemID": 5, "unitQuantity": 1, "unitPrice": 1}))
    assert "not completed" in refused(connected, "POST", "Sale/3/refund.json", HEAD | PAYMENT)
    assert connected.call("POST", "Sale/99/refund.json", payload=HEAD | PAYMENT).status_code == 404
    assert connected.call("GET", "Sale/1/refund.json").status_code == 405
    assert connected.call("PUT", "Sale/1/refund.json", payload=HEAD | PAYMENT).status_code == 405


def test_a_gift_card_is_refunded_as_one(connected: Till) -> None:
    post(connected, lines({"itemID": 5, "unitQuantity": 1, "unitPrice": 5}) | paid(5, GIFT_CARD))
    assert "refunded as payment type 5" in refused(connected, "POST", "Sale.json", HEAD | back(1) | paid(-5))
    assert post(connected, back(1) | paid(-5, GIFT_CARD))["completed"] == "true"


def test_payment_types_tell_what_they_are(connected: Till) -> None:
    rows = {row["name"]: row for row in connected.rows("PaymentType")}
    assert [row["type"] for row in rows.values()] == [
        "cash",
        "user defined",
        "credit card",
        "user defined",
        "gift card",
        "credit account",
        "ecom",
    ]
    assert (rows["Gift Card"]["refundAsPaymentTypeID"], rows["Credit Account"]["requireCustomer"]) == ("5", "true")
    on_account = lines({"unitQuantity": 1, "unitPrice": 1}) | paid(1, 6)
    assert "needs a customer" in refused(connected, "POST", "Sale.json", HEAD | on_account)
    connected.call("POST", "Customer.json", payload={"lastName": "B"})
    assert post(connected, on_account | {"customerID": 1})["completed"] == "true"


def test_the_staff_refunds_voids_and_gives_back(connected: Till) -> None:
    before = int(connected.stock(5)["1"])
    sold(connected, quantity=3)
    part = connected.control("refund-sale", sale=1, line=1, quantity=1)
    assert (part["total"], part["completed"], part["referenceNumber"]) == ("-5", True, "")
    assert part["lines"][0]["parentSaleLineID"] == "1"
    assert connected.control("refund-sale", sale=1)["total"] == "-10"
    assert int(connected.stock(5)["1"]) == before
    sorry = connected.control("give-back", sale=1, amount="2.50", note="Sorry", payment=CASH)
    assert (sorry["total"], sorry["lines"][0]["note"]) == ("-2.5", "Sorry")
    nothing = connected.http.post("/_sandbox/refund-sale", json={"sale": 1})
    assert (nothing.status_code, "nothing left" in nothing.json["error"]) == (400, True)  # type: ignore[index]
    connected.control("void-sale", sale=2)
    assert int(connected.stock(5)["1"]) == before - 1
    assert connected.http.post("/_sandbox/void-sale", json={"sale": 2}).status_code == 400
    shown = connected.rows("Sale", saleID="2")[0]
    assert (shown["voided"], shown["completed"], shown["archived"]) == ("true", "true", "false")
    listed = connected.http.get("/_sandbox/sales?limit=2").json
    assert [row["saleID"] for row in listed or []] == ["4", "5"]


@pytest.mark.parametrize("path", ["Sale/1.json"])
def test_what_is_completed_or_archived_takes_nothing_more(connected: Till, path: str) -> None:
    sold(connected)
    assert "takes no more lines" in refused(connected, "PUT", path, lines({"itemID": 5, "unitQuantity": 1}))
    assert "takes no more payments" in refused(connected, "PUT", path, paid(10))
    post(connected, {})
    connected.call("DELETE", "Sale/2.json")
    assert "takes no more lines" in refused(connected, "PUT", "Sale/2.json", lines({"unitQuantity": 1}))
    assert "cannot be completed" in refused(connected, "PUT", "Sale/2.json", {"completed": True})
