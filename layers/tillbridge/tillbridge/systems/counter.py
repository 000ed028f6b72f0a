"""The protocol of a till that sells: what the flows of orders ask of it. Implemented by ``systems/lightspeed``."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from tillbridge.domain.orders.people import Buyer
from tillbridge.domain.orders.sale import CounterLists, SaleDraft, SaleLine, SalePayment, TillSale


@dataclass(frozen=True, slots=True, kw_only=True)
class ShippedSale:
    """The till says that a sale has left the house. ``note`` is free text, often with the parcel's number."""

    sale_id: str
    note: str = ""
    changed_at: datetime


class Counter(Protocol):
    """A till that takes sales. It knows no keys of ours: after any doubt look with ``sales_of`` before writing again.

    A sale that the till refuses raises ``ItemRejectedError`` with the till's words and a remedy; one left out of
    balance raises ``UnbalancedSaleError`` with its id, and stays behind, open. A write whose answer was lost raises
    ``RetryLaterError``, and may have had its effect. No write is repeated below this protocol.
    """

    def lists(self) -> CounterLists:
        """Read what a sale has to point into: registers, employees, payment types, taxes."""
        ...

    def sales_of(self, reference: str, source: str) -> Sequence[TillSale]:
        """Find every sale with this reference and source, archived ones included, oldest first."""
        ...

    def sale(self, sale_id: str) -> TillSale | None:
        """Read one sale with its lines."""
        ...

    def draft(self, draft: SaleDraft) -> TillSale:
        """Write an open sale with its lines and without payments.

        One of which the till leaves lines out raises ``ItemRejectedError``, and stays behind, open: more would be
        given back than was sold.
        """
        ...

    def complete(
        self,
        sale_id: str,
        payments: Sequence[SalePayment],
        *,
        more: Sequence[SaleLine] = (),
        at: datetime | None = None,
    ) -> TillSale:
        """Add lines and payments to an open sale and complete it, in one call; its stock moves by that."""
        ...

    def archive(self, sale_id: str) -> None:
        """Put an open sale away. One that is put away already, or gone, is no error; a completed one is."""
        ...

    def find_customers(self, email: str, phone: str) -> Sequence[str]:
        """Find customers by e-mail, or else by phone; ids, the oldest first, none that is archived."""
        ...

    def make_customer(self, buyer: Buyer) -> str:
        """Write a customer with the consent the shop holds; returns the id."""
        ...

    def anonymise(self, customer_id: str) -> None:
        """Take a customer's personal data off the till. One that is gone is no error."""
        ...

    def shipped_since(self, since: datetime) -> tuple[Sequence[ShippedSale], datetime]:
        """Read which sales were shipped since then, and from when to look next, by the till's clock."""
        ...

    def returns_since(self, since: datetime) -> tuple[Sequence[TillSale], datetime]:
        """Read completed sales that give something back, and from when to look next, by the till's clock."""
        ...
