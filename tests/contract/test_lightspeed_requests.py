"""What we write to the till has the form that was recorded, as far as anything was.

Recorded is one sale that was made with a line, of 2016. Everything else that is sent follows the vendor's documentation
and is named here, with where it stands; nothing shows that the till takes it.
"""

import json
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.functional.lightspeed.selling import draft, line, paid
from tillbridge.domain.orders.people import Address, Buyer
from tillbridge.systems.lightspeed.people import customer_body
from tillbridge.systems.lightspeed.sale_body import completion_body, draft_body

ADDRESS = Address(first_name="Ann", last_name="Ash", street="1 Quay", city="Alderport", country="US", phone="5550100")
RETURN = line("-1", "1.23", item_id="1", returns="203", tax_class_id="1", note="Returned", taxed=True)

# Fields of a written sale by where they stand. "proven" ones are recorded.
DOCUMENTED = {
    "": {
        "customerID": "endpoints/Sale",
        "referenceNumber": "endpoints/Sale",
        "referenceNumberSource": "endpoints/Sale",
        "completed": "tutorials/sales",
        "enablePromotions": "tutorials/sales",
        "ShipTo": "endpoints/Sale names it and not what it holds: unproven",
        "completeTime": "endpoints/Sale",
        "SalePayments": "tutorials/sales",
    },
    "SaleLine": {
        "taxClassID": "endpoints/Sale-SaleLine",
        "parentSaleLineID": "tutorials/sales",
        "Note": "endpoints/Sale-SaleLine names it; that it can be written with the line is not shown",
    },
    "SalePayment": {
        "amount": "tutorials/sales",
        "paymentTypeID": "tutorials/sales",
        "remoteReference": "endpoints/SalePayment",
    },
}


@pytest.fixture
def recorded(contracts: Path) -> dict[str, Any]:
    """Give the recorded body of a sale with a line."""
    path = contracts / "lightspeed" / "recorded" / "account" / "Sales" / "create.yml"
    entry = yaml.safe_load(path.read_text(encoding="utf-8"))["http_interactions"][1]
    body: dict[str, Any] = json.loads(entry["request"]["body"]["string"])
    return body


def sent(body: object) -> dict[str, Any]:
    """Give a body as it goes over the wire."""
    decoded: dict[str, Any] = json.loads(json.dumps(body))
    return decoded


def kinds(record: dict[str, Any]) -> dict[str, type]:
    return {name: type(value) for name, value in record.items() if not isinstance(value, dict | list)}


def test_a_draft_has_the_recorded_fields_in_the_recorded_types(recorded: dict[str, Any]) -> None:
    body = sent(draft_body(replace(draft(RETURN), deliver_to=ADDRESS)))
    proven = kinds(recorded)
    assert {name: kinds(body)[name] for name in proven} == proven
    assert set(body) - set(recorded) == set(DOCUMENTED[""]) - {"completeTime", "SalePayments"}


def test_lines_have_the_recorded_fields_in_the_recorded_types(recorded: dict[str, Any]) -> None:
    (wrapped,) = recorded["SaleLines"]  # the documented form is {"SaleLine": [...]}, this one is recorded as well
    (ours,) = sent(draft_body(draft(RETURN)))["SaleLines"]["SaleLine"]
    proven = kinds(wrapped["SaleLine"])
    assert {name: kinds(ours)[name] for name in proven} == proven
    assert set(ours) - set(wrapped["SaleLine"]) == set(DOCUMENTED["SaleLine"])


def test_the_recorded_sale_is_what_we_would_send(recorded: dict[str, Any]) -> None:
    ours = draft_body(draft(line("2", "1.23", item_id="1")))
    extra = {name: ours[name] for name in DOCUMENTED[""] if name in ours}
    (wrapped,) = recorded["SaleLines"]
    assert sent(ours) == {**recorded, "SaleLines": {"SaleLine": [wrapped["SaleLine"]]}, **sent(extra)}


def test_a_completion_is_as_documented() -> None:
    at = datetime(2026, 5, 1, 14, 0, tzinfo=UTC)
    body = sent(completion_body(paid("14.9", reference="pay_1"), [line("1", "0.01", note="Rounding")], at))
    assert set(body) - {"SaleLines"} <= set(DOCUMENTED[""])
    assert body == {
        "completed": True,
        "completeTime": "2026-05-01T14:00:00+00:00",
        "SaleLines": {
            "SaleLine": [
                {
                    "unitQuantity": 1,
                    "unitPrice": "0.01",
                    "tax": True,
                    "Note": {"note": "Rounding", "isPublic": True},
                }
            ]
        },
        "SalePayments": {"SalePayment": [{"amount": "14.90", "paymentTypeID": 4, "remoteReference": "pay_1"}]},
    }
    assert set(body["SalePayments"]["SalePayment"][0]) == set(DOCUMENTED["SalePayment"])


def test_a_customer_is_written_with_the_fields_that_one_is_read_with(contracts: Path) -> None:
    """No writing of a customer is recorded; the reading of one is."""
    path = contracts / "lightspeed" / "recorded" / "account" / "customers" / "index.yml"
    entry = yaml.safe_load(path.read_text(encoding="utf-8"))["http_interactions"][0]
    shown = json.loads(entry["response"]["body"]["string"])["Customer"]
    body = sent(customer_body(Buyer(email="ann@example.com", phone="555 0100", address=ADDRESS, may_mail=True)))
    contact, known = body.pop("Contact"), shown["Contact"]
    assert set(body) <= set(shown)
    assert set(contact) <= set(known)
    assert set(contact["Addresses"]["ContactAddress"]) <= set(known["Addresses"]["ContactAddress"])
    assert {name: type(contact[name]) for name in ("noEmail", "noPhone", "noMail")} == dict.fromkeys(
        ("noEmail", "noPhone", "noMail"), str
    )


@pytest.mark.parametrize(
    ("amount", "text"),
    [("9.9", "9.90"), ("0", "0.00"), ("-4", "-4.00"), ("1E+2", "100.00"), ("8.264463", "8.264463"), ("1.10", "1.10")],
)
def test_amounts_are_texts_with_two_decimals_or_as_many_as_they_need(amount: str, text: str) -> None:
    (ours,) = sent(draft_body(draft(line("1", amount, item_id="1"))))["SaleLines"]["SaleLine"]
    assert (ours["unitPrice"], Decimal(ours["unitPrice"])) == (text, Decimal(amount))
