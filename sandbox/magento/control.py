"""The shop's own control actions under /_sandbox/: shoppers' orders, its owner's work, switches, integrations."""

from flask import Blueprint, Response, jsonify

from sandbox.common.control import control_blueprint
from sandbox.common.json_types import JsonObject
from sandbox.common.switches import add_switches
from sandbox.magento.catalogue.categories import reindex
from sandbox.magento.control_integrations import add_integration_controls
from sandbox.magento.control_owner import add_owner_controls
from sandbox.magento.control_sales import add_sales_controls
from sandbox.magento.settings import GENERATIONS
from sandbox.magento.shop import Shop
from sandbox.magento.web.bulk import OPEN, work_off
from sandbox.magento.web.errors import RestError
from sandbox.magento.web.handshake import filled

_CONFLICT = 409


def shop_control(shop: Shop) -> Blueprint:
    """Build the control actions of one shop."""
    blueprint = control_blueprint(shop.instruments, lambda: _summary(shop))

    add_switches(blueprint, shop.switches, {"generation": GENERATIONS})

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
