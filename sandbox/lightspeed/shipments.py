"""Where sales are sent to, and whether they have been (facts/lightspeed.md, "Sale", ShipTo)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from sandbox.lightspeed.customers import Contact
from sandbox.lightspeed.data.numbers import iso
from sandbox.lightspeed.sale import Sale
from sandbox.lightspeed.table import Table

NAMES = ("firstName", "lastName", "company", "shipNote")
"""What a client may write, beside the contact; whether it is shipped only the retailer says."""


@dataclass(frozen=True, slots=True)
class ShipTo:
    """The shipping of one sale."""

    id: int
    sale_id: int
    customer_id: int
    columns: Mapping[str, str]
    contact: Contact
    updated: int
    shipped: bool = False


class Shipments:
    """All shippings of the retailer."""

    def __init__(self, now: Callable[[], int]) -> None:
        """Begin without any."""
        self._now = now
        self.table: Table[ShipTo] = Table(_key_columns)

    def send(self, sale: Sale, columns: Mapping[str, str], contact: Contact) -> ShipTo:
        """Note where a sale is to be sent to, anew when it was noted before."""
        known = self.table.get(sale.ship_to_id)
        row = known or ShipTo(self.table.size + 1, sale.id, sale.customer_id, {}, contact, 0)
        return self._keep(replace(row, columns={**row.columns, **columns}, contact=contact))

    def ship(self, sale_id: int, note: str) -> ShipTo:
        """Say that a sale has left. Raises LookupError for one that is not to be sent anywhere."""
        row = next((entry for entry in self.table.all() if entry.sale_id == sale_id), None)
        if row is None:
            raise LookupError(f"sale {sale_id} is not to be shipped")
        columns = {**row.columns, "shipNote": note} if note else row.columns
        return self._keep(replace(row, columns=columns, shipped=True))

    def _keep(self, row: ShipTo) -> ShipTo:
        kept = replace(row, updated=self._now())
        self.table.put(kept.id, kept)
        return kept


def _key_columns(row: ShipTo) -> dict[str, str]:
    return {"shipToID": str(row.id), "timeStamp": iso(row.updated), "saleID": str(row.sale_id)}
