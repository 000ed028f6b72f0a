"""Read single orders of a Magento shop, and write to them what became of them in the till."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal

from tillbridge.domain.errors import MissingRightError
from tillbridge.domain.orders.order import ZERO, PlacedOrder
from tillbridge.domain.orders.people import Buyer
from tillbridge.systems.common.desk_rules import left, naming, needed, noted_parcel, rejected, to_ship
from tillbridge.systems.common.wire import parsed
from tillbridge.systems.http.clock import Clock
from tillbridge.systems.magento.api.client import MagentoClient
from tillbridge.systems.magento.api.refusals import RefusedError
from tillbridge.systems.magento.api.search import Criteria, Where
from tillbridge.systems.magento.desk.read import SOLD, noted_sale, placed_order, priced, shipped, standing, units_of
from tillbridge.systems.magento.desk.wire import CustomerRow, MemoRow, ShipmentRow, WholeOrderRow
from tillbridge.systems.magento.diagnosis import rights_missing
from tillbridge.systems.order_desk import Parcel

ONE = Criteria(order=("entity_id",), size=1)


class MagentoOrderDesk:
    """Implements ``systems.order_desk.OrderDesk``."""

    def __init__(self, client: MagentoClient, clock: Clock) -> None:
        self._client, self._clock = client, clock

    def check_selling(self) -> None:
        """Ask for everything that selling needs, of an order that no shop has: rights are looked at first."""
        none: dict[str, object] = {"comment": "", "parent_id": 0, "is_customer_notified": 0, "is_visible_on_front": 0}
        asked: tuple[Callable[[], object], ...] = (
            lambda: self._client.read("orders/0"),
            lambda: self._client.page("creditmemos", ONE),
            lambda: self._client.page("shipments", ONE),
            lambda: self._client.read("customers/0"),
            lambda: self._client.write("POST", "orders/0/comments", {"statusHistory": none}, safe_to_repeat=True),
            lambda: self._client.write("POST", "order/0/ship", {"items": []}, safe_to_repeat=True),
        )
        missing: list[MissingRightError] = []
        for ask in asked:
            try:
                ask()
            except MissingRightError as error:
                missing.append(error)
            except RefusedError:
                pass
        if missing:
            raise rights_missing(missing, self._client.subject)

    def order(self, order_id: str, *, places: bool = False) -> PlacedOrder | None:
        """Read one order whole: one call, and one more when something was refunded."""
        del places  # they come with the order
        row = self._row(order_id)
        if row is None:
            return None
        memos = self._memos(order_id) if row.total_refunded else []
        return placed_order(row, memos, self._client.served_at or self._clock.now())

    def with_consent(self, buyer: Buyer) -> Buyer:
        """Look whether somebody who is registered reads the newsletter. Of guests Magento tells nothing."""
        if not buyer.account:
            return buyer
        try:
            said = self._client.read(f"customers/{buyer.account}")
        except MissingRightError:  # named when the settings are saved, and no reason to keep an order waiting
            return buyer
        except RefusedError as error:
            if error.refusal.gone:
                return buyer
            raise
        row = parsed(CustomerRow, said, self._client.subject, f"Customer {buyer.account}")
        return replace(buyer, may_mail=row.extension_attributes.is_subscribed)

    def note_sale(self, order_id: str, ticket: str) -> None:
        """Write the sale's number to the order, as a comment that shoppers do not see."""
        row = self._needed(order_id)
        if noted_sale(row) == ticket:
            return
        comment = {
            "comment": f"{SOLD}{ticket}",
            "parent_id": row.entity_id,
            "status": row.status,
            "is_customer_notified": 0,
            "is_visible_on_front": 0,
        }
        with naming(self._client.subject, order_id):
            self._client.write("POST", f"orders/{order_id}/comments", {"statusHistory": comment}, safe_to_repeat=False)

    def ship(self, order_id: str, parcel: Parcel) -> None:
        """Ship lines from a source; the shipment's comment holds our key, by which a repeated call is known."""
        row = self._needed(order_id)
        told = noted_parcel(parcel)
        if any(entry.comment == told for shipment in self._shipments(order_id) for entry in shipment.comments):
            return
        known = {str(item.item_id) for item, _ in priced(row)}
        units = to_ship(parcel, _left_of(row), standing(row), self._client.subject, order_id, known=known)
        if units:
            with naming(self._client.subject, order_id):
                self._client.write(
                    "POST", f"order/{order_id}/ship", _shipment(parcel, units, told), safe_to_repeat=False
                )

    def return_money(self, order_id: str, amount: Decimal, key: str) -> None:
        """Refuse: no call is known that gives back an amount and no goods, and nothing else."""
        happened = f"Magento gives {amount} back by hand only (return {key})."
        raise rejected(happened, self._client.subject, order_id)

    def _row(self, order_id: str) -> WholeOrderRow | None:
        try:
            said = self._client.read(f"orders/{order_id}")
        except RefusedError as error:
            if error.refusal.gone:
                return None
            raise
        return parsed(WholeOrderRow, said, self._client.subject, f"Order {order_id}")

    def _needed(self, order_id: str) -> WholeOrderRow:
        return needed(self._row(order_id), self._client.subject, order_id)

    def _memos(self, order_id: str) -> list[MemoRow]:
        pages = self._client.pages("creditmemos", Criteria((Where("order_id", order_id),)))
        what = f"The credit memos of order {order_id}"
        return [row for page in pages for row in parsed(list[MemoRow], page.rows, self._client.subject, what)]

    def _shipments(self, order_id: str) -> list[ShipmentRow]:
        pages = self._client.pages("shipments", Criteria((Where("order_id", order_id),)))
        what = f"The shipments of order {order_id}"
        return [row for page in pages for row in parsed(list[ShipmentRow], page.rows, self._client.subject, what)]


def _left_of(row: WholeOrderRow) -> dict[str, Decimal]:
    """Say what has yet to leave, by line: neither shipped, nor cancelled, nor refunded before it left."""
    pairs = [(str(item.item_id), item, child) for item, child in priced(row)]
    refunded = {line: max(one.qty_refunded or ZERO for one in (item, child) if one) for line, item, child in pairs}
    return left({line: units_of(row, item) for line, item, _ in pairs}, shipped(row), refunded)


def _shipment(parcel: Parcel, units: Mapping[str, Decimal], told: str) -> dict[str, object]:
    """Write a shipment: always by the row that has the price (facts/magento.md, section 5)."""
    body: dict[str, object] = {
        "items": [{"order_item_id": int(line), "qty": float(count)} for line, count in units.items()],
        "comment": {"comment": told, "is_visible_on_front": 0},
        "notify": True,
    }
    if parcel.tracking:
        carrier = parcel.carrier or "Parcel"
        body["tracks"] = [{"carrier_code": "custom", "title": carrier, "track_number": parcel.tracking}]
    if source := next(iter(parcel.places), parcel.source):
        body["arguments"] = {"extension_attributes": {"source_code": source}}
    return body
