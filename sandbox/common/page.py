"""The page at ``/`` of every stand-in: its data, its last calls and the faults in force, kept fresh by a script."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, render_template

from sandbox.common.control import call_as_json
from sandbox.common.instrument import Instruments

_CALLS_SHOWN = 15


def page_blueprint(template: str, instruments: Instruments, context: Callable[[], Mapping[str, Any]]) -> Blueprint:
    """Build the page from `template`, which extends ``sandbox/layout.html``, with the values that `context` gives."""
    blueprint = Blueprint("sandbox_page", __name__, template_folder="templates")

    @blueprint.get("/")
    def show_page() -> str:
        ledger = instruments.ledger
        return render_template(
            template,
            calls=[call_as_json(call) for call in ledger.last(_CALLS_SHOWN)],
            call_total=ledger.total,
            call_cost=ledger.cost,
            faults=instruments.faults.describe(),
            **context(),
        )

    return blueprint
