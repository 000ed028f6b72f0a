"""Refunds (facts/shopify.md, section 8)."""

from collections.abc import Mapping
from decimal import Decimal

from sandbox.shopify import rows
from sandbox.shopify.changing import order_changed
from sandbox.shopify.hooks import payloads
from sandbox.shopify.hooks.emitting import emit
from sandbox.shopify.ids import split
from sandbox.shopify.sales.model import NOTHING, LineItem, Order, OrderTransaction, Refund, RefundLineItem, cents
from sandbox.shopify.shop import Shop
from sandbox.shopify.stock.ledger import move
from sandbox.shopify.stock.model import Location
from sandbox.shopify.web.context import Context
from sandbox.shopify.web.errors import refuse
from sandbox.shopify.web.idempotency import keyed
from sandbox.shopify.web.resolving import Input, mutation

_RESTOCKING = frozenset({"RETURN", "CANCEL"})


@mutation
@keyed
def refund_create(_root: object, context: Context, input: Input) -> Mapping[str, object]:
    """Give goods and money back."""
    order = rows.order(context.shop, input["orderId"])
    if order is None:
        raise refuse("Order does not exist", "orderId")
    _check_lines(context.shop, order, input)
    _check_transactions(order, input)
    made = refund(context.shop, order, input)
    return {"refund": made, "order": order, "userErrors": []}


def _line(order: Order, gid: str) -> LineItem | None:
    named = split(gid)
    return order.line(named[1]) if named and named[0] == "LineItem" else None


def _check_lines(shop: Shop, order: Order, data: Input) -> None:
    for place, entry in enumerate(data.get("refundLineItems") or ()):
        line = _line(order, entry["lineItemId"])
        if line is None:
            raise refuse("Line item does not exist", "refundLineItems", str(place), "lineItemId")
        if not 0 < entry["quantity"] <= line.refundable_quantity:
            message = "Quantity cannot refund more items than were purchased"
            raise refuse(message, "refundLineItems", str(place), "quantity")
        if entry.get("restockType") in _RESTOCKING and rows.location(shop, entry.get("locationId")) is None:
            raise refuse("Location can't be blank", "refundLineItems", str(place), "locationId")


def _check_transactions(order: Order, data: Input) -> None:
    known = {f"gid://shopify/OrderTransaction/{one.id}" for one in order.transactions}
    left = order.received - order.refunded
    for entry in data.get("transactions") or ():
        if entry["kind"] != "REFUND" or (entry.get("gateway") != "cash" and entry.get("parentId") not in known):
            raise refuse("Transactions require a parent_id for every refund", "transactions")
        left -= _in_shop_money(order, data, entry["amount"])
    if left < NOTHING and not data.get("allowOverRefunding"):
        raise refuse("Refund amount is greater than net payment received", "transactions")
    if order.presentment_currency_code != order.currency_code and data.get("currency") is None:
        raise refuse("Currency can't be blank for multi-currency orders", "currency")


def _in_shop_money(order: Order, data: Input, amount: Decimal) -> Decimal:
    """Turn an amount in the shopper's currency, which refunds are given in, into the shop's."""
    foreign = data.get("currency") not in {None, order.currency_code}
    return cents(amount / order.rate) if foreign else amount


def refund(shop: Shop, order: Order, data: Input) -> Refund:
    """Enter a checked refund."""
    made = tuple(_refund_line(shop, order, entry) for entry in data.get("refundLineItems") or ())
    paid: list[OrderTransaction] = []
    for entry in data.get("transactions") or ():
        number = shop.numbers.next("OrderTransaction")
        amount = _in_shop_money(order, data, entry["amount"])
        paid.append(OrderTransaction(number, order.id, "REFUND", amount, entry["gateway"], shop.now()))
        named = split(entry.get("parentId") or "")
        paid[-1].parent_id = named[1] if named else None
    order.transactions += paid
    shipping, tax = _shipping(order, data.get("shipping") or {})
    number = shop.numbers.next("Refund")
    row = Refund(number, order.id, shop.now(), data.get("note"), made, tuple(one.id for one in paid), shipping, tax)
    shop.refunds[number] = row
    order.refund_ids.append(number)
    emit(shop, "REFUNDS_CREATE", lambda: payloads.refund(row))
    order_changed(shop, order)
    return row


def _refund_line(shop: Shop, order: Order, entry: Input) -> RefundLineItem:
    line = _line(order, entry["lineItemId"])
    if line is None:
        raise LookupError(f"order {order.name} has no line {entry['lineItemId']}")
    quantity, kind = entry["quantity"], entry.get("restockType") or "NO_RESTOCK"
    location = rows.location(shop, entry.get("locationId"))
    if kind == "CANCEL":
        _release(shop, order, line, quantity, location.id if location else None)
    if location is not None and kind in _RESTOCKING:
        _restock(shop, line, location, quantity, committed=kind == "CANCEL")
    line.refunded += quantity
    return RefundLineItem(
        shop.numbers.next("RefundLineItem"),
        order.id,
        line.id,
        quantity,
        kind,
        location.id if location else None,
        cents(line.total * quantity / line.quantity),
        cents(line.tax * quantity / line.quantity),
    )


def _release(shop: Shop, order: Order, line: LineItem, quantity: int, location_id: int | None) -> None:
    """Take units that will not be sent off the fulfilment orders, of the location where they are put first."""
    rows = [shop.fulfillment_orders[number] for number in order.fulfillment_order_ids]
    for row in sorted(rows, key=lambda row: row.location_id != location_id):
        for entry in row.lines:
            if entry.line_id == line.id:
                gone = min(quantity, entry.remaining_quantity)
                entry.remaining_quantity -= gone
                entry.total_quantity -= gone
                quantity -= gone
        if not any(entry.remaining_quantity for entry in row.lines):
            row.status = "CLOSED"


def _restock(shop: Shop, line: LineItem, location: Location, quantity: int, *, committed: bool) -> None:
    variant = shop.variants.get(line.variant_id or 0)
    level = shop.levels.get((variant.item_id, location.id)) if variant else None
    if level is not None and shop.items[level.item_id].tracked:
        move(shop, level, available=quantity, committed=-quantity if committed else 0)


def _shipping(order: Order, data: Input) -> tuple[Decimal, Decimal]:
    whole, tax = order.shipping_total, sum((line.tax for line in order.shipping), NOTHING)
    if data.get("fullRefund"):
        return whole, tax
    amount = data.get("amount") or NOTHING
    return amount, cents(tax * amount / whole) if whole else NOTHING


def whereabouts(shop: Shop, order: Order, line: LineItem, units: int) -> dict[int, int]:
    """Say which locations send so many units of a line, the first ones first; what is left over is the first's."""
    rows = [shop.fulfillment_orders[number] for number in order.fulfillment_order_ids]
    places: dict[int, int] = {}
    for location_id, entry in ((row.location_id, one) for row in rows for one in row.lines if one.line_id == line.id):
        if taken := min(units, entry.total_quantity):
            places[location_id] = places.get(location_id, 0) + taken
            units -= taken
    if units:
        first = next(iter(places), rows[0].location_id if rows else next(iter(shop.locations)))
        places[first] = places.get(first, 0) + units
    return places


def refund_everything(shop: Shop, order: Order, restock_type: str, note: str | None = None) -> Refund:
    """Give back all that is left of an order, as its merchant does with one press."""
    parent = next((one for one in order.transactions if one.kind in {"SALE", "CAPTURE"}), None)
    left = order.received - order.refunded
    lines = [
        {
            "lineItemId": f"gid://shopify/LineItem/{line.id}",
            "quantity": units,
            "restockType": restock_type,
            "locationId": f"gid://shopify/Location/{place}",
        }
        for line in order.lines
        for place, units in whereabouts(shop, order, line, line.refundable_quantity).items()
    ]
    paid = [
        {"amount": left, "gateway": order.gateway, "kind": "REFUND", "parentId": f"gid://shopify/OrderTransaction/{parent.id}"}
    ] if parent and left else []  # fmt: skip
    shipping = {"fullRefund": True} if not order.refund_ids else {}
    return refund(shop, order, {"refundLineItems": lines, "transactions": paid, "shipping": shipping, "note": note})
