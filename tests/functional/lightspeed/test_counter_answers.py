"""Answers that are not what was asked for, or not as they must be: nothing is taken from them."""

import json
from typing import Any

import pytest

from sandbox.common.faults import Fault
from sandbox.lightspeed.customers import Contact
from tests.functional.lightspeed.selling import REFERENCE, SOURCE, draft, paid, sold
from tests.functional.lightspeed.shopfloor import START, Shopfloor
from tillbridge.domain.errors import GarbledAnswerError, ItemRejectedError

LINE = {"saleLineID": "1", "saleID": "1", "itemID": "5", "unitQuantity": "1", "unitPrice": "10", "tax": "false"}


def shown(**changes: Any) -> str:
    sale = {
        "saleID": "1",
        "ticketNumber": "220000000001",
        "referenceNumber": REFERENCE,
        "referenceNumberSource": SOURCE,
        "shopID": "1",
        "completed": "false",
        "archived": "false",
        "voided": "false",
        "calcTotal": "10",
        "calcPayments": "0",
        "calcTax1": "0",
        "calcTax2": "0",
        "timeStamp": "2026-05-01T12:00:00+00:00",
        "SaleLines": {"SaleLine": LINE},
    }
    return json.dumps({"@attributes": {"count": "1"}, "Sale": {**sale, **changes}})


@pytest.mark.parametrize(
    "changes", [{"completed": "true"}, {"referenceNumber": "1002"}, {"referenceNumberSource": "magento:c9"}]
)
def test_a_draft_that_is_not_the_one_sent_is_not_believed(floor: Shopfloor, changes: dict[str, Any]) -> None:
    # invariant 2
    floor.fault(Fault("garbage", method="POST", body=shown(**changes)))
    with pytest.raises(GarbledAnswerError, match="sale 1 is not the draft that was sent"):
        floor.counter().draft(draft())


def test_a_completion_that_leaves_the_sale_open_is_none(floor: Shopfloor) -> None:  # invariant 2
    opened = floor.counter().draft(draft())
    floor.fault(Fault("garbage", method="PUT", body=shown()))
    with pytest.raises(GarbledAnswerError, match="sale 1 was to be completed, and is not"):
        floor.counter().complete(opened.sale_id, paid("10"))


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ([{**LINE, "saleID": "2"}], "holds line 1 of another sale"),
        ([LINE, LINE], "holds a line twice"),
        ([{**LINE, "unitQuantity": "many"}], "unitQuantity"),
        ([{**LINE, "tax": "maybe"}], "tax"),
    ],
)
def test_lines_that_are_not_as_they_must_be_spoil_the_sale(
    floor: Shopfloor, lines: list[dict[str, str]], told: str
) -> None:  # invariant 1
    floor.fault(Fault("garbage", method="GET", body=shown(SaleLines={"SaleLine": lines})))
    with pytest.raises(GarbledAnswerError, match=told):
        floor.counter().sale("1")


def test_a_currency_that_is_not_understood_is_not_guessed(floor: Shopfloor) -> None:
    floor.fault(Fault("garbage", path="Account/182255.json", body='{"defaultCurrency":{"code":["USD"]}}'))
    with pytest.raises(GarbledAnswerError, match="code"):
        floor.counter().lists()
    floor.fault(Fault("garbage", path="Account/182255.json", body='{"status":"customer"}'))
    assert floor.counter().lists().currency == ""


def test_a_shipping_that_has_not_left_is_left_out_whatever_the_till_sends(floor: Shopfloor) -> None:
    row = {"shipToID": "1", "saleID": "1", "shipped": "false", "timeStamp": "2026-05-01T12:00:00+00:00"}
    rows = [row, {**row, "shipToID": "2", "saleID": "0", "shipped": "true"}]
    floor.fault(Fault("garbage", body=json.dumps({"@attributes": {"next": "", "previous": ""}, "ShipTo": rows})))
    assert floor.counter().shipped_since(START)[0] == []


def test_a_customer_that_cannot_be_made_anonymous_is_told(floor: Shopfloor) -> None:
    floor.state.retailer.customers.add({}, Contact())
    floor.fault(Fault("status", method="DELETE", status=400, body='{"message":"The customer has open orders."}'))
    with pytest.raises(ItemRejectedError, match="has open orders") as caught:
        floor.counter().anonymise("1")
    assert "customer 1" in caught.value.subject.thing


def test_a_refusal_that_is_no_json_is_told_by_its_first_words(floor: Shopfloor) -> None:
    sold(floor)
    floor.fault(Fault("status", method="PUT", status=422, body="<p>Not now</p>"))
    with pytest.raises(ItemRejectedError, match="Not now"):
        floor.counter().complete("1", paid("10"))
