"""The shop's own control actions under /_sandbox/: cron, shoppers' orders, its merchant's edits, apps and tokens."""

from decimal import Decimal, InvalidOperation

from flask import Blueprint, Response, jsonify

from sandbox.common.control import ControlError, control_blueprint, control_object
from sandbox.common.json_types import JsonObject
from sandbox.common.switches import add_switches
from sandbox.shopify.control_apps import add_app_controls
from sandbox.shopify.control_body import Body
from sandbox.shopify.control_orders import add_order_controls, add_sending_controls
from sandbox.shopify.control_owner import add_owner_controls
from sandbox.shopify.hooks.deliveries import lose_deliveries, run_cron
from sandbox.shopify.hooks.payloads import order as order_as_json
from sandbox.shopify.rows import gid_of
from sandbox.shopify.sales.placing import Basket, CheckoutError, Wanted, place
from sandbox.shopify.shop import Shop
from sandbox.shopify.web.errors import UserErrors

_CONFLICT = 409


def shop_control(shop: Shop) -> Blueprint:
    """Build the control actions of one shop."""
    blueprint = control_blueprint(shop.instruments, lambda: _summary(shop))

    @blueprint.post("/cron")
    def cron() -> Response:
        if Body(control_object("lose")).flag("lose"):
            return jsonify(lost=lose_deliveries(shop))
        return jsonify(delivered=run_cron(shop))

    @blueprint.post("/order")
    def order() -> Response:
        with shop.lock:
            placed = place(shop, _basket(shop, Body(control_object())))
            return jsonify({"id": gid_of(placed), "name": placed.name, "order": order_as_json(shop, placed)})

    @blueprint.post("/reset")
    def reset() -> Response:
        with shop.lock:
            shop.reset()
        return jsonify(_summary(shop))

    add_switches(blueprint, shop.switches)
    add_owner_controls(blueprint, shop)
    add_order_controls(blueprint, shop)
    add_sending_controls(blueprint, shop)
    add_app_controls(blueprint, shop)

    @blueprint.errorhandler(CheckoutError)
    def checkout_refused(error: CheckoutError) -> tuple[Response, int]:
        return jsonify(error=str(error)), _CONFLICT

    @blueprint.errorhandler(UserErrors)
    def refused(error: UserErrors) -> tuple[Response, int]:
        return jsonify(error="; ".join(one.message for one in error.errors)), _CONFLICT

    return blueprint


def _summary(shop: Shop) -> JsonObject:
    with shop.lock:
        return {"name": shop.settings.name, "domain": shop.settings.domain, **shop.summary()}


def _basket(shop: Shop, body: Body) -> Basket:
    """Read what a shopper takes to the checkout; items are named by ``sku`` or, without a variant, by ``title``."""
    shown = body.record("presentment")
    address = body.record("address").values
    return Basket(
        items=[_wanted(shop, row) for row in body.records("items")],
        email=body.text("email") or None,
        accepts_marketing=body.flag("accepts_marketing"),
        shipping=amount(body, "shipping"),
        address={name: str(value) for name, value in address.items()} or None,
        paid=body.flag("paid", default=True),
        test=body.flag("test"),
        tip=amount(body, "tip") or Decimal(0),
        discount_code=body.text("discount_code") or None,
        source_name=body.text("source_name") or "web",
        note=body.text("note") or None,
        presentment=(shown.text("currency"), amount(shown, "rate") or Decimal(1)) if shown.values else None,
    )


def _wanted(shop: Shop, row: Body) -> Wanted:
    quantity, sku = row.whole("quantity") or 1, row.text("sku")
    if quantity < 1 or not (sku or row.text("title")):
        raise ControlError("items: each needs a sku or a title, and a quantity of 1 or more")
    price, discount = amount(row, "price"), amount(row, "discount") or Decimal(0)
    gift = row.flag("gift_card")
    if not sku:
        return Wanted(quantity, None, row.text("title"), price, discount, gift)
    found = [shop.variants[item.variant_id] for item in shop.items.values() if item.sku == sku]
    sellable = [variant for variant in found if shop.products[variant.product_id].status == "ACTIVE"]
    if not sellable:
        raise CheckoutError(f"items: there is nothing to buy with the SKU {sku!r}")
    return Wanted(quantity, sellable[0], price=price, discount=discount, gift_card=gift)


def amount(body: Body, name: str) -> Decimal | None:
    """Read an amount; none when nothing is said."""
    text = body.text(name)
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        raise ControlError(f"{name}: {text!r} is no amount") from None
