"""The store's own control actions under /_sandbox/: deliveries, shoppers' orders, stock, switches, tokens, the app."""

from dataclasses import asdict
from decimal import Decimal, InvalidOperation

from flask import Blueprint, Response, jsonify

from sandbox.bigcommerce import info
from sandbox.bigcommerce.control_app import add_app_controls
from sandbox.bigcommerce.control_body import number, text
from sandbox.bigcommerce.control_office import add_office_controls
from sandbox.bigcommerce.control_owner import add_owner_controls
from sandbox.bigcommerce.hooks.deliveries import lose_deliveries, run_cron
from sandbox.bigcommerce.inventory import levels
from sandbox.bigcommerce.sales import shopper
from sandbox.bigcommerce.sales.model import AWAITING_FULFILLMENT, STATUSES
from sandbox.bigcommerce.sales.order_json import order_as_json
from sandbox.bigcommerce.shop import Shop
from sandbox.bigcommerce.web.errors import ApiError
from sandbox.bigcommerce.web.wire import rows_of
from sandbox.common.control import ControlError, control_blueprint, control_object
from sandbox.common.json_types import JsonObject
from sandbox.common.switches import add_switches

_STAGES = ("placed", "incomplete")
_CONFLICT = 409


def shop_control(shop: Shop) -> Blueprint:
    """Build the control actions of one store."""
    blueprint = control_blueprint(shop.instruments, lambda: _summary(shop))

    @blueprint.post("/cron")
    def cron() -> Response:
        if control_object("lose").get("lose"):
            return jsonify(lost=lose_deliveries(shop))
        return jsonify(delivered=run_cron(shop))

    @blueprint.post("/order")
    def order() -> Response:
        return jsonify(_order(shop, control_object()))

    @blueprint.post("/settle")
    def settle() -> Response:
        with shop.lock:
            return jsonify(settled=levels.settle(shop, everything=True))

    @blueprint.post("/reset")
    def reset() -> Response:
        shop.reset()
        return jsonify(_summary(shop))

    add_switches(blueprint, shop.switches)
    _add_settings(blueprint, shop)
    add_owner_controls(blueprint, shop)
    add_office_controls(blueprint, shop)
    add_app_controls(blueprint, shop)

    @blueprint.errorhandler(shopper.CheckoutError)
    def checkout_refused(error: shopper.CheckoutError) -> tuple[Response, int]:
        return jsonify(error=str(error)), _CONFLICT

    @blueprint.errorhandler(ApiError)
    def refused(error: ApiError) -> tuple[Response, int]:
        return jsonify(error=error.title), _CONFLICT

    return blueprint


def _add_settings(blueprint: Blueprint, shop: Shop) -> None:
    @blueprint.post("/settings")
    def change_settings() -> Response:
        with shop.lock:
            info.set_inventory(shop, control_object())
            return jsonify(asdict(shop.inventory_settings))


def _summary(shop: Shop) -> JsonObject:
    with shop.lock:
        return {
            "name": shop.settings.name,
            "products": len(shop.products),
            "orders": len(shop.orders),
            "webhooks": len(shop.webhooks),
            "waiting_deliveries": len(shop.pending),
            "waiting_adjustments": len(shop.adjustments),
            "changes": shop.changes,
        }


def _order(shop: Shop, body: JsonObject) -> JsonObject:
    """Take a shopper to the checkout, and through it unless ``stage`` is ``incomplete``."""
    stage = text(body, "stage", _STAGES[0])
    if stage not in _STAGES:
        raise ControlError(f"stage: {stage!r} is none of {', '.join(_STAGES)}")
    status_id = number(body, "status_id", AWAITING_FULFILLMENT)
    if status_id not in range(len(STATUSES)):
        raise ControlError(f"status_id: there is no order status {status_id}")
    basket = None if number(body, "order_id") else _basket(body)
    order_id = shopper.begin(shop, basket).id if basket is not None else number(body, "order_id")
    with shop.lock:
        order = shop.orders[order_id] if stage == "incomplete" else shopper.pay(shop, order_id, status_id)
        return order_as_json(shop, order, ("consignments", "consignments.line_items"))


def _basket(body: JsonObject) -> shopper.Basket:
    rows = rows_of(body.get("items"))
    if any(not text(row, "sku") or number(row, "quantity") < 1 for row in rows):
        raise ControlError("items: each needs a sku and a quantity of 1 or more")
    billing = body.get("billing")
    return shopper.Basket(
        items={text(row, "sku"): number(row, "quantity") for row in rows},
        payment_method=text(body, "payment_method") or shopper.CARD,
        coupon=text(body, "coupon"),
        shipping=_amount(text(body, "shipping", "0")),
        billing={name: str(value) for name, value in billing.items()} if isinstance(billing, dict) else {},
        customer_id=number(body, "customer_id"),
        email_opt_in=body.get("email_opt_in") is True,
        pickups={text(row, "sku"): number(row, "pickup_location") for row in rows},
    )


def _amount(written: str) -> Decimal:
    try:
        return Decimal(written)
    except InvalidOperation:
        raise ControlError(f"shipping: {written!r} is no amount") from None
