"""Customers of the till: found, made with the consent the shop holds, made anonymous."""

from typing import Any

import pytest

from sandbox.common.faults import Fault
from sandbox.lightspeed.customers import Contact, Customer
from tests.functional.lightspeed.shopfloor import Shopfloor
from tillbridge.domain.errors import GarbledAnswerError
from tillbridge.domain.orders.people import Address, Buyer

HOME = Address(
    first_name="Ann",
    last_name="Ashworth",
    company="Ash & Co",
    street="1 Quay Street",
    street_more="Flat 2",
    city="Alderport",
    state="ME",
    postcode="04101",
    country="US",
    phone="+1 207 555 0100",
)


def known(floor: Shopfloor, email: str = "", **phones: str) -> str:
    emails = {"Primary": email} if email else {}
    book = floor.state.retailer.customers
    return str(book.add({"firstName": "Ann"}, Contact(emails=emails, phones=phones)).id)


def kept(floor: Shopfloor, customer_id: str) -> Customer:
    found = floor.state.retailer.customers.table.get(int(customer_id))
    assert found is not None
    return found


def test_a_buyer_becomes_a_customer(floor: Shopfloor) -> None:
    buyer = Buyer(email="ann@example.com", phone="+1 207 555 0199", address=HOME, may_mail=True, may_call=False)
    customer = kept(floor, floor.counter().make_customer(buyer))
    assert customer.columns == {"firstName": "Ann", "lastName": "Ashworth", "company": "Ash & Co"}
    assert customer.contact == Contact(
        consents={"noEmail": "false", "noPhone": "true", "noMail": "true"},
        address={
            "address1": "1 Quay Street",
            "address2": "Flat 2",
            "city": "Alderport",
            "state": "ME",
            "zip": "04101",
            "country": "US",
            "countryCode": "US",
        },
        phones={"Mobile": "+1 207 555 0199"},
        emails={"Primary": "ann@example.com"},
    )


@pytest.mark.parametrize(
    ("consent", "flags"),
    [
        ({}, "true true true"),  # a shop that keeps no consent allows nothing
        ({"may_mail": True, "may_call": True}, "false false true"),
        ({"may_mail": False, "may_call": True}, "true false true"),
    ],
)
def test_only_what_is_allowed_is_allowed(floor: Shopfloor, consent: dict[str, Any], flags: str) -> None:
    customer = kept(floor, floor.counter().make_customer(Buyer(email="a@example.com", **consent)))
    assert " ".join(customer.contact.consents[name] for name in ("noEmail", "noPhone", "noMail")) == flags


@pytest.mark.parametrize(
    ("buyer", "name"),
    [
        (Buyer(email="ann@example.com", address=Address(company="Ash & Co")), "Ash & Co"),
        (Buyer(email="ann@example.com"), "ann@example.com"),
        (Buyer(address=Address(phone="+1 207 555 0100")), "+1 207 555 0100"),
        (Buyer(email="ann@example.com", address=Address(first_name="Ann")), ""),
    ],
)
def test_who_gave_no_name_is_called_something(floor: Shopfloor, buyer: Buyer, name: str) -> None:
    assert kept(floor, floor.counter().make_customer(buyer)).columns["lastName"] == name


def test_found_by_e_mail_the_oldest_first(floor: Shopfloor) -> None:
    first, other, second = known(floor, "Ann@Example.com"), known(floor, "bob@example.com"), known(floor)
    third = known(floor, "ann@example.com")
    assert other not in (first, third)
    assert second not in (first, third)
    assert floor.counter().find_customers("ann@example.COM", "") == [first, third]


@pytest.mark.parametrize("email", ["a_n@example.com", "%@example.com", "nn@example.com", "ann+x@example.com"])
def test_what_is_merely_similar_is_nobody(floor: Shopfloor, email: str) -> None:
    known(floor, "ann@example.com")
    assert floor.counter().find_customers(email, "") == []


def test_a_wildcard_in_an_e_mail_reads_no_crowd(floor: Shopfloor) -> None:
    for number in range(101):
        known(floor, f"{number}@example.com")
    odd = known(floor, "50%@example.com")
    assert floor.counter().find_customers("50%@example.com", "") == [odd]
    assert floor.counter().find_customers("%@example.com", "") == []
    assert len(floor.calls()) == 2  # a page each


@pytest.mark.parametrize("kind", ["Mobile", "Home", "Work"])
@pytest.mark.parametrize("written", ["+1 207 555 0100", "(207) 555-0100", "2075550100", "001 207.555.0100"])
def test_found_by_a_phone_however_it_is_written(floor: Shopfloor, kind: str, written: str) -> None:
    known(floor, **{kind: "+1 207 555 0199"})
    wanted = known(floor, **{kind: written})
    assert floor.counter().find_customers("", "+1 (207) 555-0100") == [wanted]


@pytest.mark.parametrize("phone", ["", "0100", "555 010", "+44 207 555 0100"])
def test_a_short_or_another_countrys_number_is_nobody(floor: Shopfloor, phone: str) -> None:
    known(floor, Mobile="+1 207 555 0100")
    assert floor.counter().find_customers("", phone) == []


def test_the_phone_is_asked_for_only_without_a_match_of_the_e_mail(floor: Shopfloor) -> None:
    by_phone, by_email = known(floor, Mobile="+1 207 555 0100"), known(floor, "ann@example.com")
    assert floor.counter().find_customers("ann@example.com", "+1 207 555 0100") == [by_email]
    assert floor.counter().find_customers("new@example.com", "+1 207 555 0100") == [by_phone]


def test_archived_customers_are_not_found(floor: Shopfloor) -> None:
    gone = known(floor, "ann@example.com")
    floor.state.retailer.customers.archive(kept(floor, gone))
    assert floor.counter().find_customers("ann@example.com", "") == []


def test_personal_data_is_cleared_on_request(floor: Shopfloor) -> None:
    customer_id = floor.counter().make_customer(Buyer(email="ann@example.com", address=HOME))
    floor.counter().anonymise(customer_id)
    customer = kept(floor, customer_id)
    assert (customer.archived, customer.contact) == (True, Contact())
    assert customer.columns == {"firstName": "Customer", "lastName": "[1]"}
    floor.counter().anonymise(customer_id)  # once more changes nothing
    floor.counter().anonymise("77")  # nor does one that is gone


@pytest.mark.parametrize(
    "changes",
    [
        {"customerID": "", "lastName": "Ashworth"},
        {"archived": "Ashworth"},
        {"Contact": {"Emails": {"ContactEmail": {"address": ["ann@example.com"]}}}},
    ],
)
def test_a_customer_that_is_not_understood_is_told_without_its_data(
    floor: Shopfloor, changes: dict[str, Any]
) -> None:  # invariant 5
    known(floor, "ann@example.com")
    known(floor, "ann@example.com")
    floor.fault(Fault("alter_rows", path="Customer", changes=changes))
    with pytest.raises(GarbledAnswerError) as caught:
        floor.counter().find_customers("ann@example.com", "")
    assert "ann@example.com" not in str(caught.value)
    assert "Ashworth" not in str(caught.value)


def test_a_customer_written_and_not_named_is_not_believed(floor: Shopfloor) -> None:  # invariant 5
    floor.fault(Fault("garbage", method="POST", body='{"Customer":{"customerID":"ann@example.com"}}'))
    with pytest.raises(GarbledAnswerError, match="customerID is not understood"):
        floor.counter().make_customer(Buyer(email="ann@example.com"))
