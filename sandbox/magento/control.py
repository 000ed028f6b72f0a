"""The shop's own control actions under /_sandbox/: shoppers' orders, its owner's work, switches, integrations."""

from dataclasses import asdict, fields

from flask import Blueprint, Response, jsonify

from sandbox.common.control import ControlError, control_blueprint
from sandbox.common.json_types import JsonObject
from sandbox.magento.catalogue.categories import reindex
from sandbox.magento.control_body import control_object
from sandbox.magento.control_integrations import add_integration_controls
from sandbox.magento.control_owner import add_owner_controls
from sandbox.magento.control_sales import add_sales_controls
from sandbox.magento.settings import GENERATIONS, Switches
from sandbox.magento.shop import Shop
from sandbox.magento.web.bulk import OPEN, work_off
from sandbox.magento.web.errors import RestError
from sandbox.magento.web.handshake import filled

_CONFLICT = 409


def shop_control(shop: Shop) -> Blueprint:
    """Build the control actions of one shop."""
    blueprint = control_blueprint(shop.instruments, lambda: _summary(shop))

    @blueprint.get("/switches")
    def show_switches() -> Response:
        return jsonify(asdict(shop.switches))

    @blueprint.post("/switches")
    def turn_switches() -> Response:
        _turn(shop.switches, control_object())
        return jsonify(asdict(shop.switches))

    @blueprint.post("/consume")
    def consume() -> Response:
        return jsonify(done=work_off(shop))

    @blueprint.post("/reindex")
    def run_indexer() -> Response:
        return jsonify(categories=reindex(shop))

    @blueprint.post("/reset")
    def reset() -> Response:
        with shop.lock:
            shop.reset()
        shop.instruments.faults.clear()
        shop.instruments.ledger.reset()
        return jsonify(_summary(shop))

    add_owner_controls(blueprint, shop)
    add_sales_controls(blueprint, shop)
    add_integration_controls(blueprint, shop)

    @blueprint.errorhandler(RestError)
    def refused(error: RestError) -> tuple[Response, int]:
        return jsonify(error=filled(error)), _CONFLICT

    return blueprint


def _summary(shop: Shop) -> JsonObject:
    with shop.lock:
        return {
            "name": shop.settings.name,
            "products": len(shop.products),
            "orders": len(shop.orders),
            "integrations": len(shop.integrations),
            "open_operations": sum(row.status == OPEN for bulk in shop.bulks.values() for row in bulk.operations),
            "changes": shop.changes,
        }


def _turn(switches: Switches, changes: JsonObject) -> None:
    """Turn switches; all are checked before any is turned."""
    known = {field.name: type(getattr(switches, field.name)) for field in fields(switches)}
    for name, value in changes.items():
        if name not in known:
            raise ControlError(f"{name}: no such switch; there are {', '.join(known)}")
        if not isinstance(value, known[name]):
            raise ControlError(f"{name}: has to be a {known[name].__name__}")
    if changes.get("generation", GENERATIONS[0]) not in GENERATIONS:
        raise ControlError(f"generation: {changes['generation']!r} is none of {', '.join(GENERATIONS)}")
    for name, value in changes.items():
        setattr(switches, name, value)
