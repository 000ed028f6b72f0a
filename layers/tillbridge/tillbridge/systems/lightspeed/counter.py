"""The till as it sells: sales, customers, what has been shipped and what was given back."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

from tillbridge.domain.cursor import OVERLAP
from tillbridge.domain.errors import GarbledAnswerError, ItemRejectedError, Subject
from tillbridge.domain.orders.people import Buyer
from tillbridge.domain.orders.sale import CounterLists, SaleDraft, SaleLine, SalePayment, TillSale
from tillbridge.systems.counter import ShippedSale
from tillbridge.systems.http import Answer, Request
from tillbridge.systems.lightspeed.client import LightspeedClient
from tillbridge.systems.lightspeed.counter_lists import read_lists
from tillbridge.systems.lightspeed.customers import CustomerDesk
from tillbridge.systems.lightspeed.envelope import garbled, only_row
from tillbridge.systems.lightspeed.order import ById, ByTime
from tillbridge.systems.lightspeed.pages import Reader, read_pages, read_whole, whole
from tillbridge.systems.lightspeed.parse import UnreadableError
from tillbridge.systems.lightspeed.parse_sales import read_return, read_sale, read_shipped
from tillbridge.systems.lightspeed.people import texts_of
from tillbridge.systems.lightspeed.refusals import is_absent
from tillbridge.systems.lightspeed.rejections import rejection
from tillbridge.systems.lightspeed.resources import SALE_COST, SALES, SHIPPED, Listing, record_cost, sale_cost
from tillbridge.systems.lightspeed.sale_body import Body, check_units, completion_body, draft_body

GRAIN = timedelta(seconds=1)

Row = TypeVar("Row")
SALE = SALES.resource


class LightspeedCounter:
    """Lightspeed Retail (R-Series), selling. Implements ``systems.counter.Counter``.

    Everything goes through the budget of the connection with the precedence that stock has: a shopper has paid.
    """

    def __init__(self, client: LightspeedClient, account_id: str) -> None:
        self._client = client.of_account(account_id)
        self._customers = CustomerDesk(self._client)

    def lists(self) -> CounterLists:
        """Read registers, employees, payment types, taxes and the currency; a call for each and hundred rows."""
        return read_lists(self._client)

    def sales_of(self, reference: str, source: str) -> Sequence[TillSale]:
        """Find sales by our reference, archived ones too; one call when there are none, which is nearly always.

        It asks without relations, for five eighths of the price. What it tells of is read anew, with lines.
        """
        asked = {"referenceNumber": reference, "referenceNumberSource": source}
        bare = replace(SALES, relations=())
        look = next(read_pages(self._client, bare, ById(bare.id_field), dict, **asked))
        if look.last and not look.rows:
            return []
        sales = read_whole(self._client, SALES, ById(SALES.id_field), read_sale, **asked)
        for sale in sales:
            if (sale.reference, sale.source) != (reference, source):
                raise GarbledAnswerError(
                    f"The till was asked for the sales of {reference} and told of sale {sale.sale_id}, which is not one"
                    " of them.",
                    subject=self._about(f"order {reference}"),
                )
        return sales

    def sale(self, sale_id: str) -> TillSale | None:
        """Read one sale with its lines and their notes."""
        url, cost = self._client.record_url(SALE, sale_id), record_cost(SALES.relations)
        request = Request(method="GET", url=url, params=_relations(), cost=cost)
        answer = self._client.find(request, resource=SALE, lane=SALES.lane)
        return self._read(answer, sale_id) if answer else None

    def draft(self, draft: SaleDraft) -> TillSale:
        """Write an open sale.

        A line that the till leaves out without a word, as it does with more given back than was sold, makes the draft
        an ``ItemRejectedError``: the sale stays behind, open.
        """
        about = self._about(f"order {draft.reference}")
        check_units(draft.lines, about)
        body = draft_body(draft)
        answer = self._write("POST", self._client.list_url(SALE), body, about)
        sale = self._whole(self._read(answer), len(draft.lines))
        if (sale.reference, sale.source) != (draft.reference, draft.source) or sale.completed:
            raise garbled(answer, SALE, f"sale {sale.sale_id} is not the draft that was sent")
        if len(sale.lines) < len(draft.lines):
            raise ItemRejectedError(
                f"Lightspeed left out {len(draft.lines) - len(sale.lines)} of {len(draft.lines)} lines of {about.thing}"
                f" in sale {sale.sale_id}.",
                remedy="See whether more is given back than was sold, perhaps at the till itself.",
                code="LinesLeftOut",
                subject=about,
                request_id=answer.request_id,
            )
        return sale

    def complete(
        self,
        sale_id: str,
        payments: Sequence[SalePayment],
        *,
        more: Sequence[SaleLine] = (),
        at: datetime | None = None,
    ) -> TillSale:
        """Add lines and payments and complete, in one call."""
        about = self._about(f"sale {sale_id}")
        check_units(more, about)
        body = completion_body(payments, more, at)
        answer = self._write("PUT", self._client.record_url(SALE, sale_id), body, about)
        sale = self._read(answer, sale_id)
        if not sale.completed:
            raise garbled(answer, SALE, f"sale {sale_id} was to be completed, and is not")
        return self._whole(sale, 1)

    def archive(self, sale_id: str) -> None:
        """Put an open sale away; where the till objects, one that is away already is looked for."""
        about, url = self._about(f"sale {sale_id}"), self._client.record_url(SALE, sale_id)
        request = Request(method="DELETE", url=url, safe_to_repeat=True, cost=SALE_COST)
        answer = self._client.write(request, resource=SALE, lane=SALES.lane)
        if answer.ok or is_absent(answer):
            return
        sale = self.sale(sale_id)
        if sale is not None and not sale.archived:
            raise rejection(answer, about)

    def find_customers(self, email: str, phone: str) -> Sequence[str]:
        """Find customers by e-mail, or else by phone."""
        return self._customers.find(email, phone)

    def make_customer(self, buyer: Buyer) -> str:
        """Write a customer."""
        return self._customers.make(buyer)

    def anonymise(self, customer_id: str) -> None:
        """Take a customer's personal data off the till, which archives the customer."""
        self._customers.anonymise(customer_id)

    def shipped_since(self, since: datetime) -> tuple[Sequence[ShippedSale], datetime]:
        """Read what was shipped since then; one call for each hundred.

        What changed in the second of the look is left to the next one, which overlaps this: in the same second the
        parcel's number may be entered, and it is told to the shop only once.
        """
        rows, began = self._since(SHIPPED, read_shipped, since, shipped="true")
        settled = {row.sale_id: row for row in rows if began is None or row.changed_at + GRAIN <= began}
        return list(settled.values()), _next_look(since, began)

    def returns_since(self, since: datetime) -> tuple[Sequence[TillSale], datetime]:
        """Read the sales since then, and keep those that give something back; one call for each hundred.

        Asking for negative lines only would be possible, but it is not known whether the others were then shown.
        """
        completed = replace(SALES, archives=False)
        rows, began = self._since(completed, read_return, since, completed="true")
        return list({row.sale_id: row for row in rows}.values()), _next_look(since, began)

    def _since(
        self, listing: Listing, reader: Reader[Row], since: datetime, **filters: str
    ) -> tuple[list[Row], datetime | None]:
        """Read what changed since then; gives the till's time when it began, too."""
        rows: list[Row] = []
        began: datetime | None = None
        for page in read_pages(self._client, listing, ByTime(listing.id_field, since), reader, **filters):
            began = began or page.served_at
            rows += whole(page)
        return rows, began

    def _write(self, method: str, url: str, body: Body, about: Subject) -> Answer:
        request = Request(method=method, url=url, params=_relations(), json=body, cost=sale_cost(body))
        answer = self._client.write(request, resource=SALE, lane=SALES.lane)
        if not answer.ok:
            raise rejection(answer, about, texts_of(body.get("ShipTo")))
        return answer

    def _read(self, answer: Answer, sale_id: str = "") -> TillSale:
        row = only_row(answer, SALE)
        if row is None:
            raise garbled(answer, SALE, "it holds no sale")
        try:
            sale = read_sale(row)
        except UnreadableError as error:
            raise garbled(answer, SALE, str(error)) from None
        if sale_id and sale.sale_id != sale_id:
            raise garbled(answer, SALE, f"it is about sale {sale.sale_id}, not {sale_id}")
        return sale

    def _whole(self, sale: TillSale, lines: int) -> TillSale:
        """Read a sale anew when the answer to a write did not show its lines."""
        return sale if len(sale.lines) >= lines else self.sale(sale.sale_id) or sale

    def _about(self, thing: str) -> Subject:
        return replace(self._client.subject, thing=thing)


def _next_look(since: datetime, began: datetime | None) -> datetime:
    """The next look overlaps this one as all polls do (``domain.cursor``)."""
    return max(since, began - OVERLAP) if began else since


def _relations() -> Mapping[str, str]:
    """Ask for lines and notes; answers to writes take that as well (``tutorials/reservations`` of the vendor)."""
    return {"load_relations": json.dumps(SALES.relations, separators=(",", ":"))}
