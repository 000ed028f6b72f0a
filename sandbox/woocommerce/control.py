"""The shop's own control actions under /_sandbox/: cron, shoppers' orders, its owner's edits, switches, keys."""

from decimal import Decimal, InvalidOperation

from flask import Blueprint, Response, jsonify

from sandbox.common.control import ControlError, control_blueprint, control_object
from sandbox.common.json_types import JsonObject
from sandbox.common.switches import add_switches
from sandbox.woocommerce.control_owner import add_owner_controls
from sandbox.woocommerce.hooks.deliveries import lose_deliveries, run_cron
from sandbox.woocommerce.sales import placing, shopper
from sandbox.woocommerce.sales.order_json import order_as_json
from sandbox.woocommerce.shop import Shop
from sandbox.woocommerce.web.errors import RestError
from sandbox.woocommerce.web.wire import Params

_STAGES = ("placed", "draft")
_PERMISSIONS = ("read_write", "read", "write")
_ROLES = ("administrator", "shop_manager", "editor", "author", "contributor", "subscriber", "customer")
_CONFLICT = 409


def shop_control(shop: Shop) -> Blueprint:
    """Build the control actions of one shop."""
    blueprint = control_blueprint(shop.instruments, lambda: _summary(shop))

    @blueprint.post("/cron")
    def cron() -> Response:
        if Params(control_object("lose")).flag("lose"):
            return jsonify(lost=lose_deliveries(shop))
        return jsonify(delivered=run_cron(shop))

    @blueprint.post("/order")
    def order() -> Response:
        return jsonify(_order(shop, Params(control_object())))

    add_switches(blueprint, shop.switches)

    add_owner_controls(blueprint, shop)
    _add_keys(blueprint, shop)

    @blueprint.errorhandler(shopper.CheckoutError)
    def checkout_refused(error: shopper.CheckoutError) -> tuple[Response, int]:
        return jsonify(error=str(error)), _CONFLICT

    @blueprint.errorhandler(RestError)
    def refused(error: RestError) -> tuple[Response, int]:
        return jsonify(error=error.message), _CONFLICT

    return blueprint


def _add_keys(blueprint: Blueprint, shop: Shop) -> None:
    @blueprint.post("/keys")
    def add_key() -> Response:
        params = Params(control_object())
        permissions = _one_of(params, "permissions", _PERMISSIONS)
        key = shop.new_key(_one_of(params, "role", _ROLES), permissions)
        return jsonify(key_id=key.key_id, key=key.key, secret=key.secret, permissions=permissions, role=key.role)

    @blueprint.delete("/keys/<name>")
    def revoke_key(name: str) -> Response:
        key = shop.keys.get(name)
        if key is None:
            raise ControlError("keys: there is no such key")
        shop.delete_key(key)
        return jsonify(keys=len(shop.keys))


def _one_of(params: Params, name: str, choices: tuple[str, ...]) -> str:
    """Take one of a few words, the first of them when nothing is said."""
    value = params.text(name) or choices[0]
    if value not in choices:
        raise ControlError(f"{name}: {value!r} is none of {', '.join(choices)}")
    return value


def _summary(shop: Shop) -> JsonObject:
    with shop.lock:
        return {
            "name": shop.settings.name,
            "products": len(shop.products),
            "orders": len(shop.orders),
            "webhooks": len(shop.webhooks),
            "waiting_deliveries": len(shop.pending),
            "changes": shop.changes,
        }


def _order(shop: Shop, params: Params) -> JsonObject:
    """Take a shopper to the checkout, and through it unless ``stage`` is ``draft``."""
    stage = _one_of(params, "stage", _STAGES)
    order_id = params.whole("order_id") or shopper.draft(shop, _basket(params)).id
    with shop.lock:
        order = shop.orders[order_id] if stage == "draft" else shopper.place(shop, order_id)
        return order_as_json(shop, order)


def _basket(params: Params) -> shopper.Basket:
    rows = params.records("items")
    if any(not row.text("sku") or row.whole("quantity") < 1 for row in rows):
        raise ControlError("items: each needs a sku and a quantity of 1 or more")
    billing = params.record("billing")
    return shopper.Basket(
        items={row.text("sku"): row.whole("quantity") for row in rows},
        payment_method=params.text("payment_method") or placing.COD,
        coupon=params.text("coupon"),
        shipping=_amount(params.text("shipping")),
        billing={name: billing.text(name) for name in billing.values},
        customer_id=params.whole("customer_id"),
    )


def _amount(text: str) -> Decimal | None:
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        raise ControlError(f"shipping: {text!r} is no amount") from None
