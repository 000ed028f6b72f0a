"""The customers of the till: found, made, made anonymous. Nothing of theirs is kept or told (invariant 5)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from tillbridge.domain.errors import Subject
from tillbridge.domain.orders.people import Buyer
from tillbridge.systems.http import Request
from tillbridge.systems.lightspeed.client import LightspeedClient
from tillbridge.systems.lightspeed.envelope import garbled, only_row
from tillbridge.systems.lightspeed.order import AnyOrder
from tillbridge.systems.lightspeed.pages import read_whole
from tillbridge.systems.lightspeed.parse import UnreadableError
from tillbridge.systems.lightspeed.people import (
    EMAIL_FIELD,
    PHONE_FIELDS,
    customer_body,
    email_pattern,
    has_email,
    has_phone,
    phone_pattern,
    read_customer,
    texts_of,
)
from tillbridge.systems.lightspeed.refusals import is_absent
from tillbridge.systems.lightspeed.rejections import rejection
from tillbridge.systems.lightspeed.resources import BASE_COST, CUSTOMERS, NESTED_COST, nested_records
from tillbridge.systems.lightspeed.wire_sales import WireCustomer

CUSTOMER = CUSTOMERS.resource
ANONYMISE = "Anonymize"


class CustomerDesk:
    """The customers of one account."""

    def __init__(self, client: LightspeedClient) -> None:
        self._client = client

    def find(self, email: str, phone: str) -> Sequence[str]:
        """Find customers by e-mail, or when there is none by phone; the oldest first.

        The till is asked for what looks alike, and each answer is held against what was looked for: whatever its case
        or the way it is written, but nothing that is merely similar.
        """
        if email and (found := self._search([EMAIL_FIELD], email_pattern(email), lambda row: has_email(row, email))):
            return found
        pattern = phone_pattern(phone)
        return self._search(PHONE_FIELDS, pattern, lambda row: has_phone(row, phone)) if pattern else []

    def make(self, buyer: Buyer) -> str:
        """Write a customer and give the id."""
        body = customer_body(buyer)
        cost = BASE_COST + NESTED_COST * nested_records(body)
        request = Request(method="POST", url=self._client.list_url(CUSTOMER), json=body, cost=cost)
        answer = self._client.write(request, resource=CUSTOMER, lane=CUSTOMERS.lane)
        if not answer.ok:
            raise rejection(answer, self._about("the buyer as a customer"), texts_of(body))
        row = only_row(answer, CUSTOMER)
        try:
            return read_customer(row or {}).customer_id
        except UnreadableError as error:
            raise garbled(answer, CUSTOMER, str(error)) from None

    def anonymise(self, customer_id: str) -> None:
        """Clear a customer's personal data; one that is gone is no error."""
        url = self._client.record_url(CUSTOMER, customer_id, ANONYMISE)
        request = Request(method="DELETE", url=url, safe_to_repeat=True)
        answer = self._client.write(request, resource=CUSTOMER, lane=CUSTOMERS.lane)
        if not answer.ok and not is_absent(answer):
            raise rejection(answer, self._about(f"to make customer {customer_id} anonymous"))

    def _search(self, fields: Iterable[str], pattern: str, fits: Callable[[WireCustomer], bool]) -> Sequence[str]:
        """Ask field by field: fields joined by ``or`` would cost more."""
        found: set[str] = set()
        for field in fields:
            rows = read_whole(self._client, CUSTOMERS, AnyOrder(CUSTOMERS.id_field), read_customer, **{field: pattern})
            found |= {row.customer_id for row in rows if fits(row) and not row.archived}
        return sorted(found, key=int)

    def _about(self, thing: str) -> Subject:
        return replace(self._client.subject, thing=thing)
