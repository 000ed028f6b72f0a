"""The addresses of the token servers, current (2024-07-31) and deprecated, over the same clients and grants."""

from collections.abc import Callable, Mapping
from http import HTTPStatus

from flask import Blueprint, Response, jsonify, request

from sandbox.lightspeed.data.people import SYSTEM_USER_BASE
from sandbox.lightspeed.oauth import jwt
from sandbox.lightspeed.oauth.consent import add_consent_page
from sandbox.lightspeed.oauth.errors import OAuthError, access_denied, invalid_grant, invalid_request
from sandbox.lightspeed.oauth.grants import Issued
from sandbox.lightspeed.settings import Client
from sandbox.lightspeed.state import Lightspeed

CURRENT_AUTHORIZE, CURRENT_TOKEN = "/auth/oauth/authorize", "/auth/oauth/token"
OLD_AUTHORIZE, OLD_TOKEN = "/oauth/authorize.php", "/oauth/access_token.php"

_KIND = "bearer"
_Form = Mapping[str, str]


def current_blueprint(state: Lightspeed) -> Blueprint:
    """Serve the token server of 2024-07-31 with the refresh rules in force."""
    blueprint = _blueprint("lightspeed_oauth")
    add_consent_page(blueprint, state, CURRENT_AUTHORIZE, legacy=False)

    @blueprint.route(CURRENT_TOKEN, methods=["GET", "POST", "PUT", "DELETE"])
    def token() -> Response:
        form = _posted_form()
        with state.lock:
            issued = _issue(state, form, legacy=False)
        return jsonify(
            token_type=_KIND.title(),
            expires_in=issued.seconds,
            access_token=issued.access_token,
            refresh_token=issued.refresh_token,
        )

    @blueprint.route("/auth/oauth/revoke", methods=["GET", "POST"])
    def revoke() -> Response:
        form = _posted_form()
        with state.lock:
            client = state.clients.authenticate(form.get("client_id"), form.get("client_secret"))
            state.grants.revoke(state.grants.find(client.id, _refresh_token(form)))
        return jsonify({})

    @blueprint.get("/auth/oauth/introspect")
    def introspect() -> Response:
        scheme, _, value = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer":
            raise access_denied("The Authorization header with the access token is missing")
        with state.lock:
            access = state.grants.use(value)
        return jsonify({} if access.grant.legacy else jwt.claims_of(value))

    @blueprint.get("/.well-known/jwks")
    def jwks() -> Response:
        return jsonify(jwt.key_set())

    return blueprint


def deprecated_blueprint(state: Lightspeed) -> Blueprint:
    """Serve the token server of old: one refresh token for ever, the same access token while it lives."""
    blueprint = _blueprint("lightspeed_old_oauth")
    add_consent_page(blueprint, state, OLD_AUTHORIZE, legacy=True)

    @blueprint.route(OLD_TOKEN, methods=["GET", "POST"])
    def token() -> Response:
        form = _posted_form()
        with state.lock:
            issued = _issue(state, form, legacy=True)
        grant = issued.grant
        answer: dict[str, str | int] = {
            "access_token": issued.access_token,
            "expires_in": issued.seconds,
            "token_type": _KIND,
            "scope": f"{' '.join(grant.scopes)} systemuserid:{SYSTEM_USER_BASE + grant.employee_id}",
        }
        if form["grant_type"] == "authorization_code":
            answer["refresh_token"] = issued.refresh_token
        return jsonify(answer)

    return blueprint


def _blueprint(name: str) -> Blueprint:
    blueprint = Blueprint(name, __name__, template_folder="../templates")

    @blueprint.errorhandler(OAuthError)
    def refuse(error: OAuthError) -> tuple[Response, int, dict[str, str]]:
        headers = {} if error.retry_after is None else {"Retry-After": str(error.retry_after)}
        return jsonify(error.body()), error.status, headers

    return blueprint


def _posted_form() -> _Form:
    """Read the fields of a POST, whether sent as a form, as multipart or as JSON. Raises OAuthError."""
    if request.method != "POST":
        raise OAuthError(HTTPStatus.METHOD_NOT_ALLOWED, "invalid_request", "the method must be POST")
    if not request.is_json:
        return request.form
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise invalid_request("the body is not a JSON object")
    return {name: value for name, value in body.items() if isinstance(value, str)}


def _issue(state: Lightspeed, form: _Form, *, legacy: bool) -> Issued:
    grant_type = form.get("grant_type", "")
    if grant_type not in _GRANT_TYPES:
        raise OAuthError(
            HTTPStatus.BAD_REQUEST, "unsupported_grant_type" if grant_type else "invalid_request", "grant_type"
        )
    client = state.clients.authenticate(form.get("client_id"), form.get("client_secret"))
    return _GRANT_TYPES[grant_type](state, client, form, legacy)


def _exchange(state: Lightspeed, client: Client, form: _Form, legacy: bool) -> Issued:  # noqa: FBT001 - see _GRANT_TYPES
    code = state.authorizations.exchange(client, form.get("code"), form.get("code_verifier"), legacy=legacy)
    return state.grants.new(client.id, code.employee_id, code.scopes, legacy=legacy)


def _refresh(state: Lightspeed, client: Client, form: _Form, legacy: bool) -> Issued:  # noqa: FBT001 - see _GRANT_TYPES
    token = _refresh_token(form)
    grant = state.grants.find(client.id, token)
    if not state.may_log_in(grant.employee_id):
        raise invalid_grant("refresh_token has been revoked")
    return (state.grants.refresh_legacy if legacy else state.grants.refresh)(client.id, token)


_GRANT_TYPES: Mapping[str, Callable[[Lightspeed, Client, _Form, bool], Issued]] = {
    "authorization_code": _exchange,
    "refresh_token": _refresh,
}


def _refresh_token(form: _Form) -> str:
    token = form.get("refresh_token")
    if not token:
        raise invalid_request("refresh_token is missing")
    return token
