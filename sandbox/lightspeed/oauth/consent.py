"""The page where a person decides. It asks for no password: whoever sees it picks the employee to be."""

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from sandbox.lightspeed.oauth.authorization import Asked
from sandbox.lightspeed.oauth.errors import invalid_request
from sandbox.lightspeed.state import Lightspeed


@dataclass(frozen=True, slots=True)
class Choice:
    """One employee to choose from."""

    id: int
    name: str
    remark: str


def add_consent_page(blueprint: Blueprint, state: Lightspeed, path: str, *, legacy: bool) -> None:
    """Serve the authorize address: the page itself and the form it sends."""

    @blueprint.get(path)
    def show_consent() -> str:
        with state.lock:
            asked = state.authorizations.ask(request.args, legacy=legacy)
            return _page(state, asked)

    @blueprint.post(path)
    def decide() -> Response:
        asked_id, employee = request.form.get("request", ""), request.form.get("employee", "")
        with state.lock:
            if request.form.get("decision") != "approve":
                return redirect(state.authorizations.deny(asked_id))
            if not employee.isdecimal() or not state.may_log_in(int(employee)):
                raise invalid_request("this employee cannot log in; go back and choose another")
            return redirect(state.authorizations.approve(asked_id, int(employee)))


def _page(state: Lightspeed, asked: Asked) -> str:
    return render_template(
        "lightspeed/consent.html",
        app=asked.client.name,
        account=state.retailer.name,
        scopes=asked.scopes,
        request_id=asked.id,
        employees=[_choice(state, row.id, row.columns["lastName"]) for row in state.retailer.employees.all()],
    )


def _choice(state: Lightspeed, employee_id: int, name: str) -> Choice:
    if not state.may_log_in(employee_id):
        return Choice(employee_id, name, "cannot log in")
    return Choice(employee_id, name, f"{len(state.retailer.rights(employee_id))} rights")
