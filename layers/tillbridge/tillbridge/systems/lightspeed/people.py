"""Customers: how one is written, looked for and recognised (facts/lightspeed.md, "Customer"). Pure."""

import re
from collections.abc import Iterator

from tillbridge.domain.orders.people import Buyer
from tillbridge.systems.lightspeed.parse import JsonObject, read_private
from tillbridge.systems.lightspeed.sale_body import Body, address_body
from tillbridge.systems.lightspeed.wire_sales import WireCustomer

PHONE_FIELDS = ("Contact.mobile", "Contact.phoneHome", "Contact.phoneWork")
EMAIL_FIELD = "Contact.email"
FEWEST_DIGITS = 7
"""A number with fewer digits could be anybody's."""
_NO_DIGIT = re.compile(r"[^0-9]")


def customer_body(buyer: Buyer) -> Body:
    """Build a customer. What the shop does not know to be allowed is forbidden, letters always: no shop asks for them.

    Who gave no name goes by company, e-mail or phone, so that the shop's staff can tell customers apart.
    """
    address = buyer.address
    named = bool(address.first_name or address.last_name)
    phone = buyer.phone or address.phone
    contact: Body = {
        "noEmail": _forbidden(buyer.may_mail),
        "noPhone": _forbidden(buyer.may_call),
        "noMail": "true",
        "Addresses": {"ContactAddress": address_body(address)},
    }
    if phone:
        contact["Phones"] = {"ContactPhone": [{"number": phone, "useType": "Mobile"}]}
    if buyer.email:
        contact["Emails"] = {"ContactEmail": [{"address": buyer.email, "useType": "Primary"}]}
    return {
        "firstName": address.first_name,
        "lastName": address.last_name if named else address.company or buyer.email or phone,
        "company": address.company,
        "Contact": contact,
    }


def email_pattern(email: str) -> str:
    """Write a search that knows no case; one with a ``%`` would find whole crowds, and is asked for as it is."""
    return email if "%" in email else f"~,{email}"


def phone_pattern(phone: str) -> str:
    """Write a search that finds a number however it is written; "" for one that is too short to tell anybody."""
    digits = _digits(phone)
    return f"~,%{'%'.join(digits[-FEWEST_DIGITS:])}%" if len(digits) >= FEWEST_DIGITS else ""


def read_customer(row: JsonObject) -> WireCustomer:
    """Read the record Customer with its contact."""
    return read_private(WireCustomer, row)


def has_email(customer: WireCustomer, email: str) -> bool:
    """Tell whether an e-mail address is a customer's, whatever its case."""
    contact = customer.contact
    return contact is not None and any(row.address.casefold() == email.casefold() for row in contact.emails)


def has_phone(customer: WireCustomer, phone: str) -> bool:
    """Tell whether a number is a customer's: with or without the country's code, however it is written."""
    wanted, contact = _digits(phone), customer.contact
    return contact is not None and any(_same(wanted, _digits(row.number)) for row in contact.phones)


def texts_of(body: object) -> Iterator[str]:
    """Go through the texts of a body, so that none of them is told when the till repeats them in a refusal."""
    if isinstance(body, str):
        yield body
    elif isinstance(body, dict):
        for value in body.values():
            yield from texts_of(value)
    elif isinstance(body, list):
        for value in body:
            yield from texts_of(value)


def _forbidden(allowed: bool | None) -> str:  # noqa: FBT001  a consent, not a switch
    return "false" if allowed else "true"


def _digits(phone: str) -> str:
    return _NO_DIGIT.sub("", phone).lstrip("0")


def _same(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return len(short) >= FEWEST_DIGITS and long.endswith(short)
