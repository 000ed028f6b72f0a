"""How contacts are read from bodies and shown (recorded; facts/lightspeed.md, "Customer")."""

from collections.abc import Mapping

from sandbox.lightspeed.api.body import Body, is_true, rows_in, text_of
from sandbox.lightspeed.customers import ADDRESS_FIELDS, CONSENTS, Contact
from sandbox.lightspeed.data.numbers import flag, iso
from sandbox.lightspeed.wire import Json, one_or_many


def read_contact(body: Body, known: Contact) -> Contact:
    """Change what a body says of a contact and leave the rest."""
    given = body.get("Contact")
    if not isinstance(given, Mapping):
        return known
    return Contact(
        consents={name: flag(is_true(given, name, default=known.consents[name] == "true")) for name in CONSENTS},
        address={**known.address, **_address(given)},
        phones={**known.phones, **_by_kind(given, "Phones", "ContactPhone", "number")},
        emails={**known.emails, **_by_kind(given, "Emails", "ContactEmail", "address")},
    )


def show_contact(contact: Contact, stamp: int) -> Json:
    """Show a contact; empty parts are empty strings, the address is there in any case (recorded)."""
    return {
        "custom": "",
        **contact.consents,
        "Addresses": {"ContactAddress": {name: contact.address.get(name, "") for name in ADDRESS_FIELDS}},
        "Phones": _shown("ContactPhone", "number", contact.phones),
        "Emails": _shown("ContactEmail", "address", contact.emails),
        "Websites": "",
        "timeStamp": iso(stamp),
    }


def _address(given: Body) -> dict[str, str]:
    rows = rows_in(given, "Addresses", "ContactAddress")
    return {name: text_of(rows[0][name]) for name in ADDRESS_FIELDS if name in rows[0]} if rows else {}


def _by_kind(given: Body, relation: str, name: str, column: str) -> dict[str, str]:
    return {text_of(row.get("useType")): text_of(row.get(column)) for row in rows_in(given, relation, name)}


def _shown(name: str, column: str, values: Mapping[str, str]) -> Json:
    rows = [{column: value, "useType": kind} for kind, value in values.items() if value]
    return {name: one_or_many(rows)} if rows else ""
