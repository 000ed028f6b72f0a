"""The customers: who they are, how they are reached, and whether they may be (facts/lightspeed.md, "Customer")."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sandbox.lightspeed.data.numbers import flag, iso
from sandbox.lightspeed.table import Table

NAME_COLUMNS = (
    "firstName",
    "lastName",
    "dob",
    "title",
    "company",
    "companyRegistrationNumber",
    "vatNumber",
    "customerTypeID",
    "discountID",
    "taxCategoryID",
)
"""What a client may write, beside the contact."""
ADDRESS_FIELDS = ("address1", "address2", "city", "state", "zip", "country", "countryCode", "stateCode")
CONSENTS = ("noEmail", "noPhone", "noMail")
PHONE_SEARCHES = {"phoneHome": "Home", "phoneWork": "Work", "mobile": "Mobile", "pager": "Pager", "fax": "Fax"}
"""Names that phone numbers are searched by, with the kind of number that each means."""


@dataclass(frozen=True, slots=True)
class Contact:
    """How somebody is reached. Everything is forbidden until it is allowed (recorded; changelog 2018.12)."""

    consents: Mapping[str, str] = field(default_factory=lambda: dict.fromkeys(CONSENTS, "true"))
    address: Mapping[str, str] = field(default_factory=dict)
    phones: Mapping[str, str] = field(default_factory=dict)
    """Numbers by kind: one each of Home, Work, Mobile, Pager, Fax."""
    emails: Mapping[str, str] = field(default_factory=dict)
    """Addresses by kind: one each of Primary, Secondary."""


@dataclass(frozen=True, slots=True)
class Customer:
    """One customer."""

    id: int
    columns: Mapping[str, str]
    contact: Contact
    created: int
    updated: int
    archived: bool = False

    def found_by(self, name: str) -> Sequence[str]:
        """Give what a search by a field of the contact is held against."""
        if name == "email":
            return tuple(self.contact.emails.values())
        number = self.contact.phones.get(PHONE_SEARCHES[name])
        return () if number is None else (number,)


class CustomerBook:
    """All customers of the retailer."""

    def __init__(self, now: Callable[[], int]) -> None:
        """Begin without customers."""
        self._now = now
        self.table: Table[Customer] = Table(_key_columns)

    def add(self, columns: Mapping[str, str], contact: Contact) -> Customer:
        """Keep a new customer. Nothing about one has to be unique."""
        now = self._now()
        return self._keep(Customer(self.table.size + 1, dict(columns), contact, now, now))

    def change(self, customer: Customer, columns: Mapping[str, str], contact: Contact, *, archived: bool) -> Customer:
        """Keep what was changed of a customer."""
        changed = replace(customer, columns={**customer.columns, **columns}, contact=contact, archived=archived)
        return self._keep(changed)

    def archive(self, customer: Customer) -> Customer:
        """Archive a customer."""
        return self._keep(replace(customer, archived=True))

    def anonymise(self, customer: Customer) -> Customer:
        """Archive a customer and clear what tells who it was (documented sample: "Customer" and the id as a name)."""
        nobody = {"firstName": "Customer", "lastName": f"[{customer.id}]"}
        return self._keep(replace(customer, columns=nobody, contact=Contact(), archived=True))

    def _keep(self, customer: Customer) -> Customer:
        kept = replace(customer, updated=self._now())
        self.table.put(kept.id, kept)
        return kept


def _key_columns(customer: Customer) -> dict[str, str]:
    return {
        "customerID": str(customer.id),
        "timeStamp": iso(customer.updated),
        "firstName": customer.columns.get("firstName", ""),
        "lastName": customer.columns.get("lastName", ""),
        "archived": flag(customer.archived),
    }
