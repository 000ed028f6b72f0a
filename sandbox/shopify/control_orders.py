"""Control actions of the merchant on orders: refund, cancel, fulfil, move to another location, route, edit."""

from flask import Blueprint, Response, jsonify

from sandbox.common.control import ControlError, control_object
from sandbox.shopify.changing import order_changed
from sandbox.shopify.control_body import Body
from sandbox.shopify.ids import gid
from sandbox.shopify.rows import gid_of
from sandbox.shopify.sales.cancelling import cancel, why_not
from sandbox.shopify.sales.fulfillments import fulfil_all, fulfil_some
from sandbox.shopify.sales.model import LineItem, Order
from sandbox.shopify.sales.moving import move_units
from sandbox.shopify.sales.placing import route_order
from sandbox.shopify.sales.refunds import refund, refund_everything, whereabouts
from sandbox.shopify.shop import Shop

_RESTOCK = ("NO_RESTOCK", "RETURN", "CANCEL")


def add_order_controls(blueprint: Blueprint, shop: Shop) -> None:
    """Add the actions. Each names an order by its ``order``: the global id, the number or the name."""

    @blueprint.post("/refund")
    def give_back() -> Response:
        """Refund lines by ``sku`` and ``quantity``, or everything that is left when none are named."""
        body = Body(control_object("order", "items", "restock", "note"))
        with shop.lock:
            order, restock = _order(shop, body), body.text("restock") or _RESTOCK[0]
            if restock not in _RESTOCK:
                raise ControlError(f"restock: {restock!r} is none of {', '.join(_RESTOCK)}")
            rows = body.records("items")
            made = (
                refund(shop, order, {"refundLineItems": _lines(shop, order, rows, restock), **_money(order, rows)})
                if rows
                else refund_everything(shop, order, restock, body.text("note") or None)
            )
            return jsonify(id=gid_of(made))

    @blueprint.post("/cancel")
    def call_off() -> Response:
        body = Body(control_object("order", "reason", "restock", "refund"))
        with shop.lock:
            order = _order(shop, body)
            problem = why_not(order)
            if problem is not None:
                raise problem
            reason = body.text("reason") or "CUSTOMER"
            restock, money = body.flag("restock", default=True), body.flag("refund", default=True)
            cancel(shop, order, reason, restock=restock, money_back=money)
            return jsonify(id=gid_of(order))

    @blueprint.post("/touch")
    def touch() -> Response:
        """Change an order's note, as merchants do; it counts as updated thereby."""
        body = Body(control_object("order", "note"))
        with shop.lock:
            order = _order(shop, body)
            order.note = body.text("note")
            order_changed(shop, order)
            return jsonify(id=gid_of(order))


def add_sending_controls(blueprint: Blueprint, shop: Shop) -> None:
    """Add what people do with goods that wait: send them, move them to another location, decide where they wait."""

    @blueprint.post("/fulfil")
    def fulfil() -> Response:
        """Send ``items`` by ``sku`` and ``quantity``, from a ``location`` if one is named, or else all that is left."""
        body = Body(control_object("order", "items", "location"))
        with shop.lock:
            order, rows = _order(shop, body), body.records("items")
            wanted = {_line(order, row).id: row.whole("quantity") for row in rows}
            made = fulfil_some(shop, order, wanted, _location(shop, body)) if rows else fulfil_all(shop, order)
            return jsonify(ids=[gid_of(row) for row in made])

    @blueprint.post("/move")
    def move_elsewhere() -> Response:
        """Have a ``location`` send units of the line ``sku`` that others were to send; ``quantity`` or all that are."""
        body = Body(control_object("order", "sku", "quantity", "location"))
        with shop.lock:
            order, target = _order(shop, body), _location(shop, body)
            if target is None:
                raise ControlError("location: name the one that is to send them")
            line = _line(order, body)
            move_units(shop, order, line, target, body.whole("quantity") or line.unfulfilled_quantity)
            return jsonify(id=gid_of(order))

    @blueprint.post("/route")
    def route() -> Response:
        """Decide from where an order leaves that was placed while the switch ``routing_waits`` was on."""
        with shop.lock:
            order = _order(shop, Body(control_object("order")))
            route_order(shop, order)
            return jsonify(id=gid_of(order))


def _order(shop: Shop, body: Body) -> Order:
    name = body.text("order")
    for row in shop.orders.values():
        if name in {gid_of(row), row.name, str(row.number)}:
            return row
    raise ControlError(f"order: there is none called {name!r}")


def _line(order: Order, row: Body) -> LineItem:
    line = next((one for one in order.lines if one.sku == row.text("sku")), None)
    if line is None:
        raise ControlError(f"sku: order {order.name} has none of {row.text('sku')!r}")
    return line


def _location(shop: Shop, body: Body) -> int | None:
    name = body.text("location")
    if not name:
        return None
    found = next((number for number in shop.locations if name in {str(number), gid("Location", number)}), None)
    if found is None:
        raise ControlError(f"location: there is none called {name!r}")
    return found


def _lines(shop: Shop, order: Order, rows: list[Body], restock: str) -> list[dict[str, object]]:
    """Write what is given back, put where it was to be sent from unless a row names its ``location``."""
    lines: list[dict[str, object]] = []
    for row in rows:
        line, units = _line(order, row), row.whole("quantity")
        if not 0 < units <= line.refundable_quantity:
            raise ControlError(f"items: order {order.name} has not that many of {row.text('sku')!r} to give back")
        named = _location(shop, row)
        places = {named: units} if named is not None else whereabouts(shop, order, line, units)
        lines += [
            {
                "lineItemId": gid_of(line),
                "quantity": count,
                "restockType": restock,
                "locationId": gid("Location", place),
            }
            for place, count in places.items()
        ]
    return lines


def _money(order: Order, rows: list[Body]) -> dict[str, object]:
    """Give back what the lines cost, with their tax."""
    paid = next((one for one in order.transactions if one.kind in {"SALE", "CAPTURE"}), None)
    by_sku = {line.sku: line for line in order.lines}
    amount = sum(
        (by_sku[row.text("sku")].total + (0 if order.taxes_included else by_sku[row.text("sku")].tax))
        * row.whole("quantity")
        / by_sku[row.text("sku")].quantity
        for row in rows
    )
    if paid is None:
        return {}
    entry = {"amount": amount, "gateway": order.gateway, "kind": "REFUND", "parentId": gid_of(paid)}
    return {"transactions": [entry]}
