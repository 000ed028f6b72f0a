"""The control actions under /_sandbox/ that every stand-in has; each adds its own to the same blueprint."""

import json
from collections.abc import Callable, Mapping

from flask import Blueprint, Response, jsonify, request

from sandbox.common.faults import Fault, FaultError, FaultPlan, fault_from_json
from sandbox.common.instrument import CONTROL_PREFIX, Instruments
from sandbox.common.json_types import JsonObject, JsonValue
from sandbox.common.ledger import Call, Ledger


class ControlError(ValueError):
    """A control action was asked for wrongly; the text names the field and what it may be."""


def control_blueprint(instruments: Instruments, state: Callable[[], Mapping[str, JsonValue]]) -> Blueprint:
    """Build the blueprint; `state` gives a small JSON summary that changes whenever the stand-in's data does."""
    blueprint = Blueprint("sandbox_control", __name__, url_prefix=CONTROL_PREFIX.rstrip("/"))
    ledger, faults = instruments.ledger, instruments.faults

    @blueprint.get("/state")
    def show_state() -> Response:
        return jsonify({**state(), "calls": ledger.total, "cost": ledger.cost, "faults": len(faults.describe())})

    _add_calls(blueprint, ledger)
    _add_faults(blueprint, faults)

    @blueprint.errorhandler(ControlError)
    @blueprint.errorhandler(FaultError)
    def explain(error: ValueError) -> tuple[Response, int]:
        return jsonify(error=str(error)), 400

    return blueprint


def _add_calls(blueprint: Blueprint, ledger: Ledger) -> None:
    @blueprint.get("/calls")
    def list_calls() -> Response:
        latest = ledger.last(request.args.get("last", default=100, type=int))
        return jsonify(
            total=ledger.total,
            cost=ledger.cost,
            by_route=ledger.by_route(),
            last=[call_as_json(call) for call in latest],
        )

    @blueprint.post("/calls/reset")
    def reset_calls() -> Response:
        ledger.reset()
        return jsonify(total=0)


def _add_faults(blueprint: Blueprint, faults: FaultPlan) -> None:
    @blueprint.get("/faults")
    def list_faults() -> Response:
        return jsonify(faults.describe())

    @blueprint.post("/faults")
    def add_faults() -> Response:
        for fault in _faults_of(json_body()):
            faults.add(fault)
        return jsonify(faults.describe())

    @blueprint.delete("/faults")
    def clear_faults() -> Response:
        faults.clear()
        return jsonify([])


def json_body() -> JsonValue:
    """Decode the control request's body; raises ControlError when it is not JSON. No body means an empty object."""
    raw = request.get_data()
    try:
        body: JsonValue = json.loads(raw) if raw else {}
    except ValueError as error:
        raise ControlError(f"body: not JSON: {error}") from error
    return body


def control_object(*known: str) -> JsonObject:
    """Read the body, an object; where fields are `known`, no others may be in it. Raises ControlError."""
    body = json_body()
    if not isinstance(body, Mapping):
        raise ControlError("body: has to be an object")
    unknown = [name for name in body if known and name not in known]
    if unknown:
        raise ControlError(f"{unknown[0]}: no such field; there are {', '.join(known)}")
    return dict(body)


def call_as_json(call: Call) -> JsonObject:
    """Write a call with plain JSON values."""
    return {
        "method": call.method,
        "route": call.route,
        "path": call.path,
        "query_keys": list(call.query_keys),
        "status": call.status,
        "cost": call.cost,
        "request_bytes": call.request_bytes,
        "response_bytes": call.response_bytes,
        "started": call.started.isoformat(),
        "seconds": round(call.seconds, 6),
        "fault": call.fault,
    }


def _faults_of(data: object) -> list[Fault]:
    """Take one fault or a list; all are checked before any is put in force."""
    entries = data if isinstance(data, list) else [data]
    return [fault_from_json(entry) for entry in entries]
