"""Read single orders of a WooCommerce shop, and write to them what became of them in the till."""

from collections.abc import Mapping
from decimal import Decimal

from tillbridge.domain.errors import UnauthorisedError
from tillbridge.domain.orders.order import ZERO, PlacedOrder
from tillbridge.domain.orders.people import Buyer
from tillbridge.systems.common.desk_rules import naming, needed, to_ship
from tillbridge.systems.common.wire import parsed
from tillbridge.systems.http.clock import Clock
from tillbridge.systems.order_desk import Parcel
from tillbridge.systems.woocommerce.api.client import PAGE, WooClient
from tillbridge.systems.woocommerce.api.refusals import RefusedError
from tillbridge.systems.woocommerce.desk.parcels import COMPLETED, PARCELS, left_of, parcels_of, text_of
from tillbridge.systems.woocommerce.desk.read import SALE, placed_order, standing
from tillbridge.systems.woocommerce.desk.wire import NoteRow, RefundRow, WholeOrderRow
from tillbridge.systems.woocommerce.diagnosis import read_only

NO_ORDER = "woocommerce_rest_shop_order_invalid_id"
MONEY_BACK = "_tillbridge_refund"
"""Where our key of a refund is kept with it."""


class WooCommerceOrderDesk:
    """Implements ``systems.order_desk.OrderDesk``."""

    def __init__(self, client: WooClient, clock: Clock) -> None:
        self._client, self._clock = client, clock

    def check_selling(self) -> None:
        """Read an order, and send a batch of none: it takes the right to write of both the key and its user."""
        self._client.page("orders", {"per_page": "1", "_fields": "id"})
        try:
            self._client.write("POST", "orders/batch", {"create": []}, safe_to_repeat=True)
        except UnauthorisedError as refused:
            raise read_only(refused) from refused

    def order(self, order_id: str, *, places: bool = False) -> PlacedOrder | None:
        """Read one order whole: one call, and one more when something was refunded."""
        del places  # the shop has none
        row = self._row(order_id)
        if row is None:
            return None
        return placed_order(row, self._refunds_of(row), self._client.served_at or self._clock.now())

    def with_consent(self, buyer: Buyer) -> Buyer:
        """Give the buyer as they are: WooCommerce itself keeps no consent."""
        return buyer

    def note_sale(self, order_id: str, ticket: str) -> None:
        """Write the sale's number to the order: a note for people first, then the value that says it is done."""
        if self._needed(order_id).meta(SALE) == ticket:
            return
        self._note(order_id, f"Sold at the till as {ticket}.", for_customer=False)
        self._change(order_id, {"meta_data": [{"key": SALE, "value": ticket}]})

    def ship(self, order_id: str, parcel: Parcel) -> None:
        """Note what has left; when nothing is left the order is completed, of which the shop tells the buyer.

        The parcel's number goes first: afterwards the parcel is known, and nobody would tell the buyer any more.
        """
        row = self._needed(order_id)
        known, rest = parcels_of(row), left_of(row, self._refunds_of(row))
        if parcel.key in known:
            return
        lines = {str(line.id) for line in row.line_items}
        units = to_ship(parcel, rest, standing(row), self._client.subject, order_id, known=lines)
        if not units:
            return
        if parcel.tracking:
            self._note(order_id, f"Sent with {parcel.carrier or 'a parcel'}: {parcel.tracking}", for_customer=True)
        body: dict[str, object] = {"meta_data": [{"key": PARCELS, "value": text_of({**known, parcel.key: units})}]}
        if all(units.get(line, ZERO) == count for line, count in rest.items()):
            body["status"] = COMPLETED
        self._change(order_id, body)

    def return_money(self, order_id: str, amount: Decimal, key: str) -> None:
        """Give money back through the order's way of payment; nothing is put back on sale."""
        if any(key == refund.meta(MONEY_BACK) for refund in self._refunds(order_id)):
            return
        body = {
            "amount": str(amount),
            "reason": "Given back at the till",
            "api_refund": True,
            "api_restock": False,
            "meta_data": [{"key": MONEY_BACK, "value": key}],
        }
        with naming(self._client.subject, order_id):
            self._client.write("POST", f"orders/{order_id}/refunds", body)

    def _row(self, order_id: str) -> WholeOrderRow | None:
        try:
            said = self._client.read(f"orders/{order_id}")
        except RefusedError as error:
            if error.refusal.code == NO_ORDER:
                return None
            raise
        return parsed(WholeOrderRow, said, self._client.subject, f"Order {order_id}")

    def _needed(self, order_id: str) -> WholeOrderRow:
        return needed(self._row(order_id), self._client.subject, order_id)

    def _refunds_of(self, row: WholeOrderRow) -> list[RefundRow]:
        return self._refunds(str(row.id)) if row.refunds else []

    def _refunds(self, order_id: str) -> list[RefundRow]:
        rows: list[RefundRow] = []
        for page in self._client.pages(f"orders/{order_id}/refunds", {"per_page": str(PAGE)}):
            rows += parsed(list[RefundRow], page.rows, self._client.subject, f"The refunds of order {order_id}")
        return rows

    def _change(self, order_id: str, body: Mapping[str, object]) -> None:
        with naming(self._client.subject, order_id):
            self._client.write("PUT", f"orders/{order_id}", body, safe_to_repeat=True)

    def _note(self, order_id: str, text: str, *, for_customer: bool) -> None:
        """Leave a note, unless one just like it is there: a worker that died may have left it."""
        said = self._client.read(f"orders/{order_id}/notes")
        notes = parsed(list[NoteRow], said, self._client.subject, f"The notes of order {order_id}")
        if any(one.note == text for one in notes):
            return
        with naming(self._client.subject, order_id):
            self._client.write("POST", f"orders/{order_id}/notes", {"note": text, "customer_note": for_customer})
