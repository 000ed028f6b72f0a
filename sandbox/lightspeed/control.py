"""The control actions: what people do at the till and in the office, and what the vendor may do to a connection."""

from flask import Flask, Response, jsonify

from sandbox.common.control import control_blueprint
from sandbox.common.instrument import Instruments
from sandbox.common.json_types import JsonObject
from sandbox.lightspeed.control_connection import add_connection_controls
from sandbox.lightspeed.control_office import add_office_controls
from sandbox.lightspeed.control_sales import add_sale_controls
from sandbox.lightspeed.control_shop import add_till_controls
from sandbox.lightspeed.sale import SaleError
from sandbox.lightspeed.state import Lightspeed


def add_controls(app: Flask, state: Lightspeed, instruments: Instruments) -> None:
    """Serve everything under /_sandbox/."""

    def summary() -> JsonObject:
        retailer = state.retailer
        return {
            "account": state.settings.account_id,
            "items": retailer.catalogue.items.count,
            "matrices": retailer.catalogue.matrices.count,
            "changes": retailer.catalogue.items.changes + retailer.stock.table.changes,
            "sales": retailer.sales.table.size,
            "grants": len(state.grants.all),
        }

    blueprint = control_blueprint(instruments, summary)

    @blueprint.errorhandler(LookupError)
    @blueprint.errorhandler(SaleError)
    def explain(error: Exception) -> tuple[Response, int]:
        return jsonify(error=str(error.args[0])), 400

    add_till_controls(blueprint, state)
    add_sale_controls(blueprint, state)
    add_office_controls(blueprint, state)
    add_connection_controls(blueprint, state)
    app.register_blueprint(blueprint)
