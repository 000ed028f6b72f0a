"""Control actions on clients, grants, employees, limits and time."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, jsonify

from sandbox.common.control import ControlError
from sandbox.lightspeed.fields import Fields
from sandbox.lightspeed.oauth.grants import Grant
from sandbox.lightspeed.settings import ApiKey, Client
from sandbox.lightspeed.state import Lightspeed


def add_connection_controls(blueprint: Blueprint, state: Lightspeed) -> None:
    """Add the actions that concern how others are connected."""
    _add_client_controls(blueprint, state)
    _add_grant_controls(blueprint, state)

    @blueprint.post("/advance")
    def advance() -> Response:
        state.clock.advance(Fields("seconds").measure("seconds"))
        return jsonify(now=state.clock.now().isoformat())

    @blueprint.post("/bucket")
    def resize_bucket() -> Response:
        fields = Fields("size", "drip", "level")
        with state.lock:
            limiter = state.limiter
            limiter.resize(fields.measure("size", limiter.size), fields.measure("drip", limiter.drip))
            if "level" in fields:
                for bucket in limiter.buckets.values():
                    bucket.level = fields.measure("level", or_zero=True)
            return jsonify(bucket_list(state))

    @blueprint.post("/paging")
    def send_elsewhere() -> Response:
        fields = Fields("next_host")
        state.next_host = fields.text("next_host", "") or None
        return jsonify(next_host=state.next_host)

    @blueprint.post("/employee")
    def change_employee() -> Response:
        fields = Fields("employee", "locked", "archived", "rights")
        employee = fields.number("employee")
        with state.lock:
            columns = {
                column: str(fields.flag(name)).lower()
                for name, column in (("locked", "lockOut"), ("archived", "archived"))
                if name in fields
            }
            state.retailer.change_employee(employee, **columns)
            if "rights" in fields:
                state.retailer.set_rights(employee, fields.texts("rights"))
            return jsonify(
                employee=employee, rights=state.retailer.rights(employee), may_log_in=state.may_log_in(employee)
            )


def _add_client_controls(blueprint: Blueprint, state: Lightspeed) -> None:
    @blueprint.post("/client")
    def register_client() -> Response:
        fields = Fields("id", "secret", "redirect_uri", "name", "public", "blocked")
        with state.lock:
            client = _client(state, fields)
            state.clients.register(client)
        return jsonify(id=client.id, redirect_uri=client.redirect_uri, public=client.public, blocked=client.blocked)

    @blueprint.post("/api-keys")
    def change_api_keys() -> Response:
        fields = Fields("key", "until")
        with state.lock:
            if "key" in fields:
                state.api_keys[fields.text("key")] = ApiKey(fields.text("key"))
            if "until" in fields:
                state.api_keys_until = fields.moment("until")
            until = state.api_keys_until
            return jsonify(keys=len(state.api_keys), until=None if until is None else until.isoformat())


def _client(state: Lightspeed, fields: Fields) -> Client:
    """Take a new client, or the changes to one that is there."""
    known = state.clients.all.get(fields.text("id"))
    if known is None:
        known = Client(fields.text("id"), fields.text("secret"), fields.text("redirect_uri"))
    return replace(
        known,
        secret=fields.text("secret", known.secret),
        redirect_uri=fields.text("redirect_uri", known.redirect_uri),
        name=fields.text("name", known.name),
        public=fields.flag("public", default=known.public),
        blocked=fields.flag("blocked", default=known.blocked),
    )


def _add_grant_controls(blueprint: Blueprint, state: Lightspeed) -> None:
    @blueprint.get("/grants")
    def list_grants() -> Response:
        with state.lock:
            return jsonify([grant_summary(state, grant) for grant in state.grants.all.values()])

    @blueprint.post("/revoke")
    def revoke() -> Response:
        fields = Fields("grant", "client", "only_access")
        with state.lock:
            chosen = _chosen(state, fields)
            for grant in chosen:
                state.grants.revoke(grant, only_access=fields.flag("only_access"))
            return jsonify(revoked=[grant.id for grant in chosen])

    @blueprint.post("/token-life")
    def set_token_life() -> Response:
        with state.lock:
            state.grants.token_seconds = Fields("seconds").number("seconds")
            return jsonify(seconds=state.grants.token_seconds)


def grant_summary(state: Lightspeed, grant: Grant) -> dict[str, Any]:
    """Show a grant; of its tokens only the last characters."""
    access = grant.access
    working = access is not None and not (access.revoked or grant.revoked or access.expires <= state.clock.now())
    return {
        "grant": grant.id,
        "client": grant.client_id,
        "employee": grant.employee_id,
        "scopes": list(grant.scopes),
        "server": "deprecated" if grant.legacy else "current",
        "revoked": grant.revoked,
        "access_token": "" if access is None else masked(access.value),
        "access_token_works": working and state.may_log_in(grant.employee_id),
        "refresh_token": masked(grant.refresh.value),
        "previous_refresh_token": "" if grant.previous is None else masked(grant.previous.value),
    }


def bucket_list(state: Lightspeed) -> list[dict[str, Any]]:
    """Show how full the buckets are now."""
    now = state.clock.now()
    for bucket in state.limiter.buckets.values():
        bucket.leak(now)
    return [
        {"connection": name, "level": round(bucket.level, 3), "size": bucket.size, "drip": bucket.drip}
        for name, bucket in state.limiter.buckets.items()
    ]


def masked(token: str) -> str:
    """Hide all but the last characters of a token."""
    return f"...{token[-6:]}"


def _chosen(state: Lightspeed, fields: Fields) -> list[Grant]:
    if "grant" in fields:
        grant = state.grants.all.get(fields.number("grant"))
        if grant is None:
            raise ControlError(f"grant: there is no grant {fields.number('grant')}")
        return [grant]
    client_id = fields.text("client")
    return [grant for grant in state.grants.all.values() if grant.client_id == client_id]
