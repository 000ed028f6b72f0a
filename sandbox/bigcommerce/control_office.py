"""Control actions on orders and locations in the panel: cancel, refund, ship, give a status, open a location."""

from decimal import Decimal

from flask import Blueprint, Response, jsonify

from sandbox.bigcommerce.control_body import decision, number, text
from sandbox.bigcommerce.inventory import locations
from sandbox.bigcommerce.sales import placing, refunds, shipments
from sandbox.bigcommerce.sales.model import CANCELLED, STATUSES, Order, RefundItem
from sandbox.bigcommerce.sales.order_json import order_as_json
from sandbox.bigcommerce.sales.orders import found
from sandbox.bigcommerce.shop import Shop
from sandbox.bigcommerce.web.wire import rows_of
from sandbox.common.control import ControlError, control_object
from sandbox.common.json_types import JsonObject

_OWNER = 1


def add_office_controls(blueprint: Blueprint, shop: Shop) -> None:
    """Add the actions; an order is named by its ``order_id``. Without ``restock`` the store's settings decide."""

    @blueprint.post("/cancel")
    def cancel() -> Response:
        body = control_object("order_id", "restock")
        with shop.lock:
            order = found(shop, number(body, "order_id"))
            restock = decision(body, "restock", shop.inventory_settings.edit_order_stock_adjustment)
            placing.cancel(shop, order, CANCELLED, restock=restock)
            return jsonify(order_as_json(shop, order))

    @blueprint.post("/refund")
    def refund() -> Response:
        body = control_object("order_id", "items", "restock")
        with shop.lock:
            order = found(shop, number(body, "order_id"))
            restock = decision(body, "restock", shop.inventory_settings.refund_order_stock_adjustment)
            made = refunds.refund(
                shop,
                order,
                _items(order, body) or refunds.everything(shop, order),
                "custom",
                restock=restock,
                user_id=_OWNER,
            )
            return jsonify(refunds.as_json(made))

    @blueprint.post("/ship")
    def ship() -> Response:
        """Ship ``items`` by ``sku`` and ``quantity``, or all that is left when none are named."""
        body = control_object("order_id", "tracking_number", "items")
        with shop.lock:
            order = found(shop, number(body, "order_id"))
            items = _named(order, body) or {
                line.id: line.quantity - line.shipped for line in order.lines if line.quantity > line.shipped
            }
            values: JsonObject = {"tracking_number": text(body, "tracking_number")}
            return jsonify(shipments.as_json(order, shipments.ship(shop, order, items, values)))

    @blueprint.post("/status")
    def status() -> Response:
        body = control_object("order_id", "status_id")
        with shop.lock:
            order, status_id = found(shop, number(body, "order_id")), number(body, "status_id")
            if status_id not in range(len(STATUSES)):
                raise ControlError(f"status_id: there is no order status {status_id}")
            placing.give_status(shop, order, status_id)
            return jsonify(order_as_json(shop, order))

    @blueprint.post("/location")
    def location() -> Response:
        body = control_object("code", "label")
        with shop.lock:
            code = text(body, "code")
            return jsonify(locations.as_json(locations.make(shop, code, text(body, "label", code), {})))


def _items(order: Order, body: JsonObject) -> tuple[RefundItem, ...]:
    """Read what to refund: SKUs and quantities."""
    lines = {line.sku: line for line in order.lines}
    items = []
    for row in rows_of(body.get("items")):
        line, quantity = lines.get(text(row, "sku")), number(row, "quantity")
        if line is None or not 0 < quantity <= line.quantity - line.refunded:
            raise ControlError(f"items: {quantity} of {row.get('sku')!r} cannot be refunded")
        items.append(RefundItem("PRODUCT", line.id, quantity, Decimal(0)))
    return tuple(items)


def _named(order: Order, body: JsonObject) -> dict[int, int]:
    """Read what to ship: SKUs and quantities, by line."""
    lines = {line.sku: line for line in order.lines}
    named: dict[int, int] = {}
    for row in rows_of(body.get("items")):
        line, quantity = lines.get(text(row, "sku")), number(row, "quantity")
        if line is None or not 0 < quantity <= line.quantity - line.shipped:
            raise ControlError(f"items: {quantity} of {row.get('sku')!r} cannot be shipped")
        named[line.id] = quantity
    return named
