"""Read single orders of a Shopify shop, and write to them what became of them in the till."""

from dataclasses import replace
from decimal import Decimal
from uuid import NAMESPACE_URL, uuid5

from tillbridge.domain.errors import ItemRejectedError
from tillbridge.domain.orders.order import PlacedOrder
from tillbridge.domain.orders.people import Buyer
from tillbridge.systems.common.desk_rules import naming, needed, rejected, to_ship
from tillbridge.systems.common.wire import parsed
from tillbridge.systems.order_desk import Parcel
from tillbridge.systems.shopify.api.client import ShopifyClient
from tillbridge.systems.shopify.api.documents import desk as documents
from tillbridge.systems.shopify.api.documents.shop import SHOP
from tillbridge.systems.shopify.api.ids import gid
from tillbridge.systems.shopify.api.scopes import missing_scopes
from tillbridge.systems.shopify.api.wire import InstallationRow, UserErrorRow
from tillbridge.systems.shopify.desk.parcels import Notes, fulfillments, left_of, on_hold
from tillbridge.systems.shopify.desk.read import placed_order, shipped, standing
from tillbridge.systems.shopify.desk.whence import UNASKED, read_waiting, read_whence
from tillbridge.systems.shopify.desk.wire import LineRow, WholeOrderRow
from tillbridge.systems.shopify.diagnosis import rights_missing

ORDER = "Order"


class ShopifyOrderDesk:
    """Implements ``systems.order_desk.OrderDesk``."""

    def __init__(self, client: ShopifyClient) -> None:
        self._client = client

    def check_selling(self) -> None:
        """Hold the app's scopes against what selling needs; one call."""
        said = self._client.ask_all(SHOP).get("currentAppInstallation")
        installed = parsed(InstallationRow, said, self._client.subject, "The app's installation")
        if missing := missing_scopes({scope.handle for scope in installed.access_scopes}, selling=True):
            raise rights_missing(missing, self._client.subject)

    def order(self, order_id: str, *, places: bool = False) -> PlacedOrder | None:
        """Read one order whole; one call, one more for each hundred lines, and one for the places."""
        found = self._whole(order_id)
        if found is None:
            return None
        return placed_order(*found, read_whence(self._client, order_id) if places else UNASKED)

    def with_consent(self, buyer: Buyer) -> Buyer:
        """Give the buyer as they are: the order tells of the consent."""
        return buyer

    def note_sale(self, order_id: str, ticket: str) -> None:
        """Write the sale's number to the order, as a metafield that people can see."""
        row, _ = self._needed(order_id)
        if row.sale is None or row.sale.value != ticket:
            self._note(order_id, documents.SALE, "single_line_text_field", ticket)

    def ship(self, order_id: str, parcel: Parcel) -> None:
        """Fulfil lines from the places that they leave, or from wherever they wait; Shopify tells the buyer."""
        row, lines = self._needed(order_id)
        rows = read_waiting(self._client, order_id)
        sent, notes = shipped(lines), Notes.read(row.parcels)
        owed = notes.owed(parcel, sent)
        if parcel.units and not owed:
            return
        rest = left_of(rows, parcel.places)
        units = to_ship(
            replace(parcel, units=owed),
            rest,
            standing(row),
            self._client.subject,
            order_id,
            known={line.id for line in lines},
        )
        if held := on_hold(rows, parcel.places, units or owed):
            raise rejected(f"Line {held} is on hold in the shop.", self._client.subject, order_id)
        if not units:
            return
        self._note(order_id, documents.PARCELS, "json", notes.with_parcel(parcel.key, units, sent))
        tracking = {"number": parcel.tracking, "company": parcel.carrier} if parcel.tracking else {}
        for body in fulfillments(rows, units, parcel.places, tracking):
            with naming(self._client.subject, order_id):
                made = self._client.change(documents.SHIP, "fulfillmentCreate", fulfillment=body)
            for error in made.errors:
                raise self._refused(error, order_id)

    def return_money(self, order_id: str, amount: Decimal, key: str) -> None:
        """Give money back through the payment it came by; the key makes a repeated call the same one."""
        row, _ = self._needed(order_id)
        taken = [one for one in row.transactions if one.kind in {"SALE", "CAPTURE"} and one.status == "SUCCESS"]
        source = next((one for one in taken if one.amount_set.amount >= amount), None)
        if source is None:
            raise rejected(f"No payment of the order can give {amount} back.", self._client.subject, order_id)
        transaction = {
            "orderId": gid(ORDER, order_id),
            "parentId": gid("OrderTransaction", source.id),
            "gateway": source.gateway,
            "kind": "REFUND",
            "amount": str(amount),
        }
        refund = {"orderId": gid(ORDER, order_id), "note": "Given back at the till", "transactions": [transaction]}
        once = str(uuid5(NAMESPACE_URL, f"{self._client.address}/{order_id}/{key}"))
        with naming(self._client.subject, order_id):
            made = self._client.change(
                documents.RETURN_MONEY, "refundCreate", safe_to_repeat=True, input=refund, key=once
            )
        for error in made.errors:
            raise self._refused(error, order_id)

    def _whole(self, order_id: str) -> tuple[WholeOrderRow, tuple[LineRow, ...]] | None:
        first: WholeOrderRow | None = None
        lines: list[LineRow] = []
        after: str | None = None
        while True:
            row = self._client.find(documents.ORDER, WholeOrderRow, "order", id=gid(ORDER, order_id), after=after)
            if row is None:
                return None
            first = first or row
            lines += row.line_items.nodes
            if not row.line_items.next_cursor:
                self._complete(first)
                return first, tuple(lines)
            after = row.line_items.next_cursor

    def _complete(self, row: WholeOrderRow) -> None:
        """Refuse an order with more of something than is read at once: a part of it is worse than none."""
        cursors = [
            row.shipping_lines.next_cursor,
            *(one.refund_line_items.next_cursor for one in row.refunds),
            *(one.refund_shipping_lines.next_cursor for one in row.refunds),
            *(one.transactions.next_cursor for one in row.refunds),
        ]
        if any(cursors):
            happened = "The order has more refunds or ways of shipping than can be read."
            raise rejected(happened, self._client.subject, row.id)

    def _needed(self, order_id: str) -> tuple[WholeOrderRow, tuple[LineRow, ...]]:
        return needed(self._whole(order_id), self._client.subject, order_id)

    def _note(self, order_id: str, key: str, kind: str, value: str) -> None:
        field = {
            "ownerId": gid(ORDER, order_id),
            "namespace": documents.NAMESPACE,
            "key": key,
            "type": kind,
            "value": value,
        }
        with naming(self._client.subject, order_id):
            made = self._client.change(documents.NOTE, "metafieldsSet", safe_to_repeat=True, metafields=[field])
        for error in made.errors:
            raise self._refused(error, order_id)

    def _refused(self, error: UserErrorRow, order_id: str) -> ItemRejectedError:
        return rejected(f"The shop refused it: {error.message.rstrip('.')}.", self._client.subject, order_id)
