"""Control actions about orders: what shoppers buy, and what the shop's people then do with it."""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from flask import Blueprint, Response, jsonify

from sandbox.common.control import ControlError, control_object
from sandbox.magento.sales import invoices, orders, placing, refunds, shipments, states
from sandbox.magento.sales.model import Cart, Order
from sandbox.magento.sales.order_json import order_as_json
from sandbox.magento.shop import Shop
from sandbox.magento.stock.model import DEFAULT_SOURCE

_HOME = {"firstname": "Ada", "lastname": "Guest", "street": ["1 Way"], "city": "Austin", "region": "Texas",
         "region_code": "TX", "region_id": 57, "country_id": "US", "postcode": "78701",
         "telephone": "5550100"}  # fmt: skip
_REFUND = ("shipping_amount", "adjustment_positive", "adjustment_negative")
_ORDER = ("items", "email", "billing", "shipping", "discount_percent", "customer_id", "paid", "pickup_location")


def add_sales_controls(blueprint: Blueprint, shop: Shop) -> None:
    """Add the actions; all but the first name an order by its ``order_id``, and take some rows or all that is left."""

    @blueprint.post("/order")
    def order() -> Response:
        with shop.lock:
            return jsonify(order_as_json(shop, _place(shop, control_object(*_ORDER))))

    @blueprint.post("/invoice")
    def invoice() -> Response:
        return _on_order(shop, lambda order, body: invoices.of_order(shop, order, _rows(order, body)))

    @blueprint.post("/ship")
    def ship() -> Response:
        return _on_order(shop, lambda order, body: _ship(shop, order, body))

    @blueprint.post("/refund")
    def refund() -> Response:
        return _on_order(shop, lambda order, body: _refund(shop, order, body))

    @blueprint.post("/cancel")
    def cancel() -> Response:
        return _on_order(shop, lambda order, _: _cancel(shop, order))


def _ship(shop: Shop, order: Order, body: dict[str, Any]) -> None:
    source = str(body.get("source") or DEFAULT_SOURCE)
    shipments.of_order(shop, order, _rows(order, body), source, list(body.get("tracks") or []))


def _refund(shop: Shop, order: Order, body: dict[str, Any]) -> None:
    """Give money back; with ``restock``, the goods as well."""
    arguments: dict[str, Any] = {name: body[name] for name in _REFUND if name in body}
    rows = _rows(order, body)
    if body.get("restock"):
        ids = [row["order_item_id"] for row in rows] or [line.id for line in order.priced]
        arguments["extension_attributes"] = {"return_to_stock_items": ids}
    refunds.of_order(shop, order, rows, arguments)


def _cancel(shop: Shop, order: Order) -> None:
    if not orders.cancelled(shop, order):
        raise ControlError(f"order_id {order.id}: an order in the state {order.state} cannot be cancelled")


def _on_order(shop: Shop, run: Callable[[Order, dict[str, Any]], object]) -> Response:
    body: dict[str, Any] = control_object()
    with shop.lock:
        order = states.find(shop, int(body.get("order_id") or 0))
        run(order, body)
        return jsonify(order_as_json(shop, order))


def _rows(order: Order, body: dict[str, Any]) -> list[dict[str, Any]]:
    """Read ``items``, units by SKU, as rows of the order; none means all that is left."""
    found = []
    for sku, units in (body.get("items") or {}).items():
        line = next((line for line in order.priced if line.sku == sku), None)
        if line is None:
            raise ControlError(f"items: order {order.id} has no row with the SKU {sku!r}")
        found.append({"order_item_id": line.id, "qty": units})
    return found


def _place(shop: Shop, body: dict[str, Any]) -> Order:
    """Let a shopper buy ``items``, a list of ``sku`` and ``quantity``; a child's SKU buys it by its configurable."""
    items = body.get("items") or []
    if not items or any(not row.get("sku") or int(row.get("quantity") or 0) < 1 for row in items):
        raise ControlError("items: each needs a sku and a quantity of 1 or more")
    home = {**_HOME, **(body.get("billing") or {})}
    cart = Cart(
        shop.secret(), [], {**home, **(body.get("shipping") or {})}, home, str(body.get("email") or "guest@example.com")
    )
    cart.discount_percent = _percent(body.get("discount_percent"))
    cart.customer_id = body.get("customer_id")
    for row in items:
        sku, options = _through_parent(shop, str(row["sku"]))
        placing.put(shop, cart, sku, int(row["quantity"]), options)
    order = placing.place(shop, cart, pickup=body.get("pickup_location"))
    if body.get("paid"):
        invoices.of_order(shop, order, [])
    return order


def _through_parent(shop: Shop, sku: str) -> tuple[str, list[dict[str, Any]]]:
    child = shop.products.find(sku)
    parent = shop.products.parent_of(child) if child is not None else None
    if child is None or parent is None:
        return sku, []
    codes = {attribute.id: attribute.code for attribute in shop.attributes.values()}
    return parent.sku, [
        {"option_id": str(axis.attribute_id), "option_value": int(child.value(codes[axis.attribute_id]))}
        for axis in parent.axes
    ]


def _percent(value: object) -> Decimal:
    try:
        return Decimal(str(value or 0))
    except InvalidOperation:
        raise ControlError(f"discount_percent: {value!r} is no number") from None
