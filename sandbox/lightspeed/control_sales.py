"""Control actions about sales: what the shop's staff refunds, voids and ships, and which taxes there are."""

from typing import Any

from flask import Blueprint, Response, jsonify, request

from sandbox.common.control import ControlError
from sandbox.lightspeed.data.numbers import plain
from sandbox.lightspeed.data.people import ADMIN
from sandbox.lightspeed.data.places import CASH
from sandbox.lightspeed.fields import Fields
from sandbox.lightspeed.retailer import Retailer
from sandbox.lightspeed.sale import LineDraft, PaymentDraft, Sale
from sandbox.lightspeed.sale_wire import TICKET_BASE
from sandbox.lightspeed.state import Lightspeed

_SHOWN = 100


def add_sale_controls(blueprint: Blueprint, state: Lightspeed) -> None:
    """Add the actions about sales that are there."""
    retailer = state.retailer

    @blueprint.get("/sales")
    def list_sales() -> Response:
        limit = request.args.get("limit", default=_SHOWN, type=int)
        with state.lock:
            sales = list(retailer.sales.table.all())
            return jsonify([sale_summary(sale) for sale in sales[-limit:]])

    @blueprint.post("/refund-sale")
    def refund() -> Response:
        fields = Fields("sale", "line", "quantity", "payment")
        with state.lock:
            line_id = fields.number("line", 0)
            wanted = [LineDraft(quantity=-fields.number("quantity", 1), parent_id=line_id)] if line_id else []
            sale = refund_at_till(retailer, fields.number("sale"), wanted, fields.number("payment", CASH))
            return jsonify(sale_summary(sale))

    @blueprint.post("/give-back")
    def give_back() -> Response:
        fields = Fields("sale", "amount", "note", "payment")
        with state.lock:
            line = LineDraft(quantity=-1, unit_price=fields.amount("amount"), taxed=False, note=fields.text("note", ""))
            sale = refund_at_till(retailer, fields.number("sale"), [line], fields.number("payment", CASH))
            return jsonify(sale_summary(sale))

    @blueprint.post("/void-sale")
    def void() -> Response:
        fields = Fields("sale")
        with state.lock:
            return jsonify(sale_summary(retailer.sales.void(fields.number("sale"))))

    @blueprint.post("/ship-sale")
    def ship() -> Response:
        fields = Fields("sale", "note")
        with state.lock:
            row = retailer.shipments.ship(fields.number("sale"), fields.text("note", ""))
            return jsonify(sale=row.sale_id, shipped=row.shipped)

    @blueprint.post("/add-tax")
    def add_tax() -> Response:
        fields = Fields("name", "rate", "second", "inclusive")
        with state.lock:
            second = fields.amount("second") if "second" in fields else 0
            rates = plain(fields.amount("rate")), str(second)
            row = retailer.add_tax(fields.text("name"), rates, inclusive=fields.flag("inclusive"))
            return jsonify(row.columns)


def refund_at_till(retailer: Retailer, sale_id: int, wanted: list[LineDraft], payment_type: int = CASH) -> Sale:
    """Give lines of a sale back at its own register, or without any all that is left: one completed sale."""
    sold, book = retailer.sales.get(sale_id), retailer.sales
    sale = book.refund(sold, Sale(0, ADMIN, sold.register_id, sold.shop_id, 0, 0), wanted)
    if not sale.lines:
        book.archive(sale.id)
        raise ControlError(f"sale: there is nothing left to refund of sale {sale_id}")
    book.take_payments(sale.id, [PaymentDraft(payment_type)])
    return book.complete(sale.id)


def sale_summary(sale: Sale) -> dict[str, Any]:
    """Show the gist of a sale."""
    return {
        "saleID": str(sale.id),
        "ticketNumber": str(TICKET_BASE + sale.id),
        "referenceNumber": sale.reference,
        "referenceNumberSource": sale.source,
        "shopID": str(sale.shop_id),
        "completed": sale.completed_at is not None,
        "archived": sale.archived,
        "voided": sale.voided,
        "total": plain(sale.total),
        "tax": plain(sale.tax),
        "lines": [
            {
                "saleLineID": str(line.id),
                "itemID": str(line.item_id),
                "unitQuantity": line.quantity,
                "unitPrice": plain(line.unit_price),
                "note": line.note,
                "parentSaleLineID": str(line.parent_id),
            }
            for line in sale.lines
        ],
    }
