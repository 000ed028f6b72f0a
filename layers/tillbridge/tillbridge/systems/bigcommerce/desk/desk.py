"""Read single orders of a BigCommerce store, and write to them what became of them in the till."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from tillbridge.domain.errors import ItemRejectedError, MissingRightError
from tillbridge.domain.orders.order import PlacedOrder
from tillbridge.domain.orders.people import Buyer
from tillbridge.systems.bigcommerce.api.client import BigClient
from tillbridge.systems.bigcommerce.api.refusals import RefusedError
from tillbridge.systems.bigcommerce.desk.read import placed_order, standing
from tillbridge.systems.bigcommerce.desk.wire import (
    RefundRow,
    ShipmentRow,
    ShippingRow,
    TransactionRow,
    WholeOrderRow,
)
from tillbridge.systems.bigcommerce.diagnosis import missing_to_sell
from tillbridge.systems.bigcommerce.orders import base_variants
from tillbridge.systems.bigcommerce.traits import Traits
from tillbridge.systems.common.desk_rules import left, naming, needed, noted_parcel, rejected, to_ship
from tillbridge.systems.common.wire import parsed
from tillbridge.systems.http.clock import Clock
from tillbridge.systems.order_desk import Parcel

LONGEST_TRACKING = 50

NO_ORDER = 2**31 - 1
"""The largest id that the store can count."""


class BigCommerceOrderDesk:
    """Implements ``systems.order_desk.OrderDesk``."""

    def __init__(self, client: BigClient, clock: Clock, traits: Traits) -> None:
        self._client, self._clock, self._traits = client, clock, traits

    def check_selling(self) -> None:
        """Ask about an order that no store has: who lacks a scope is told that, everybody else that it is not there."""
        asked: Mapping[str, Callable[[], object]] = {
            "store_v2_orders": lambda: self._client.write("PUT", f"v2/orders/{NO_ORDER}", {}, safe_to_repeat=True),
            "store_v2_transactions_read_only": lambda: self._client.read(f"v3/orders/{NO_ORDER}/transactions"),
        }
        missing: list[str] = []
        for scope, ask in asked.items():
            try:
                ask()
            except MissingRightError:
                missing.append(scope)
            except ItemRejectedError:
                pass
        if missing:
            raise missing_to_sell(missing, self._client.subject)

    def order(self, order_id: str, *, places: bool = False) -> PlacedOrder | None:
        """Read one order whole: the order, its payments, its refunds, and which of its products have variants."""
        del places  # they come with the order
        row = self._row(order_id)
        if row is None:
            return None
        return placed_order(
            row,
            self._refunds(order_id),
            self._transactions(order_id),
            base_variants(self._client, row.consignments.lines),
            self._client.served_at or self._clock.now(),
            panel_restocks=self._traits.panel_restocks,
        )

    def with_consent(self, buyer: Buyer) -> Buyer:
        """Give the buyer as they are: the order tells of the consent."""
        return buyer

    def note_sale(self, order_id: str, ticket: str) -> None:
        """Write the sale's number to the order, as its number in another system; nothing else of it changes."""
        if self._needed(order_id).external_order_id == ticket:
            return
        with naming(self._client.subject, order_id):
            self._client.write("PUT", f"v2/orders/{order_id}", {"external_order_id": ticket})

    def ship(self, order_id: str, parcel: Parcel) -> None:
        """Ship lines, one shipment per address; its comment holds our key, by which a repeated call is known.

        A worker that died between two addresses is followed by one that serves the second.
        """
        row = self._needed(order_id)
        told = noted_parcel(parcel)
        served = {shipment.order_address_id for shipment in self._shipments(order_id) if shipment.comments == told}
        addresses = [address for address in row.consignments.shipping if address.id not in served]
        named = _still_named(parcel, addresses) if served else parcel.units
        if parcel.units and not named:
            return
        units = to_ship(
            replace(parcel, units=named),
            _left_of(addresses),
            standing(row),
            self._client.subject,
            order_id,
            known={str(line.id) for line in row.consignments.lines},
        )
        for address in addresses:
            if body := _shipment(address, parcel, units, told):
                with naming(self._client.subject, order_id):
                    self._client.write("POST", f"v2/orders/{order_id}/shipments", body)

    def return_money(self, order_id: str, amount: Decimal, key: str) -> None:
        """Refuse: no refund of the store's can carry our key, so that a repeated one would be a second one."""
        happened = f"BigCommerce gives {amount} back by hand only (return {key})."
        raise rejected(happened, self._client.subject, order_id)

    def _row(self, order_id: str) -> WholeOrderRow | None:
        params = {"include": "consignments.line_items,fees", "consignment_structure": "object"}
        try:
            said = self._client.read(f"v2/orders/{order_id}", params)
        except RefusedError as error:
            if error.refusal.gone:
                return None
            raise
        return parsed(WholeOrderRow, said, self._client.subject, f"Order {order_id}")

    def _needed(self, order_id: str) -> WholeOrderRow:
        return needed(self._row(order_id), self._client.subject, order_id)

    def _refunds(self, order_id: str) -> list[RefundRow]:
        said = self._client.read(f"v3/orders/{order_id}/payment_actions/refunds")
        rows = said.get("data") if isinstance(said, dict) else said
        what = f"The refunds of order {order_id}"
        return parsed(list[RefundRow], [] if said is None else rows, self._client.subject, what)

    def _transactions(self, order_id: str) -> list[TransactionRow]:
        rows = self._client.listed(f"v3/orders/{order_id}/transactions", {}).rows
        return parsed(list[TransactionRow], rows, self._client.subject, f"The payments of order {order_id}")

    def _shipments(self, order_id: str) -> list[ShipmentRow]:
        said = self._client.read(f"v2/orders/{order_id}/shipments", {"limit": "250"})
        what = f"The shipments of order {order_id}"
        return parsed(list[ShipmentRow], [] if said is None else said, self._client.subject, what)


def _still_named(parcel: Parcel, addresses: Iterable[ShippingRow]) -> Mapping[str, Decimal]:
    here = {str(line.id) for address in addresses for line in address.line_items}
    return {line: units for line, units in parcel.units.items() if line in here}


def _left_of(addresses: Iterable[ShippingRow]) -> Mapping[str, Decimal]:
    """Say what has yet to leave, by line; only what goes to an address is ever sent."""
    lines = {str(line.id): line for address in addresses for line in address.line_items}
    gone = {number: line.quantity_shipped + line.quantity_refunded for number, line in lines.items()}
    return left({number: line.quantity for number, line in lines.items()}, gone)


def _shipment(address: ShippingRow, parcel: Parcel, units: Mapping[str, Decimal], told: str) -> dict[str, object]:
    """Write what of a parcel goes to one address; nothing where none of it does."""
    items = [
        {"order_product_id": line.id, "quantity": int(units[str(line.id)])}
        for line in address.line_items
        if units.get(str(line.id))
    ]
    if not items:
        return {}
    body: dict[str, object] = {"order_address_id": address.id, "items": items, "comments": told}
    if parcel.tracking:
        body |= {"tracking_number": parcel.tracking[:LONGEST_TRACKING], "shipping_method": parcel.carrier or "Parcel"}
    return body
