"""The token address ``/admin/oauth/access_token`` (facts/shopify.md, section 3)."""

import hmac
from collections.abc import Callable, Mapping
from datetime import timedelta

from flask import Blueprint, Response, jsonify, request

from sandbox.common.json_types import JsonObject
from sandbox.shopify.settings import App
from sandbox.shopify.shop import Shop
from sandbox.shopify.web.tokens import (
    ACCESS_SECONDS,
    CLIENT_CREDENTIALS_SECONDS,
    LOST_ANSWER_GRACE,
    REFRESH_SECONDS,
    RefreshToken,
    Token,
)

_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
OFFLINE = "urn:shopify:params:oauth:token-type:offline-access-token"
_ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token"  # noqa: S105 - a name, no secret
_BY_CODE = "authorization_code"
_NO_CLIENT = "The client credentials are invalid, or the app is not installed."
_YES = frozenset({"1", "true"})


class OAuthError(Exception):
    """A refusal of the token address, always with status 400."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error, self.description = error, description


def oauth_blueprint(shop: Shop) -> Blueprint:
    """Build the address where codes, refresh tokens, old tokens and credentials become tokens."""
    blueprint = Blueprint("shopify_oauth", __name__)

    @blueprint.post("/admin/oauth/access_token")
    def access_token() -> Response:
        form = _form()
        with shop.lock:
            answer = _issue(shop, form)
            if shop.switches.forget_token_answers:
                shop.switches.forget_token_answers -= 1
                return Response("", 502)
        return jsonify(answer)

    @blueprint.errorhandler(OAuthError)
    def refused(error: OAuthError) -> tuple[Response, int]:
        return jsonify(error=error.error, error_description=error.description), 400

    return blueprint


def _form() -> dict[str, str]:
    """Read the body, JSON or a form."""
    body = request.get_json(force=True, silent=True) if request.mimetype == "application/json" else request.form
    return {str(name): str(value) for name, value in body.items()} if isinstance(body, Mapping) else {}


def _issue(shop: Shop, form: Mapping[str, str]) -> JsonObject:
    app = shop.apps.get(form.get("client_id", ""))
    if app is None or not hmac.compare_digest(form.get("client_secret", "").encode(), app.secret.encode()):
        raise OAuthError("invalid_client", _NO_CLIENT)
    kind = form.get("grant_type") or (_BY_CODE if "code" in form else "")
    if kind != _BY_CODE and app.client_id in shop.uninstalled:
        raise OAuthError("invalid_client", _NO_CLIENT)
    grant = _GRANTS.get(kind)
    if grant is None:
        raise OAuthError("unsupported_grant_type", f"The grant type {kind!r} is not supported.")
    return grant(shop, app, form)


def _by_code(shop: Shop, app: App, form: Mapping[str, str]) -> JsonObject:
    code = shop.tokens.take_code(form.get("code", ""))
    if code is None or code.app.client_id != app.client_id or shop.now() >= code.expires:
        raise OAuthError("invalid_request", "The authorization code was not found or was already used.")
    shop.uninstalled.discard(app.client_id)
    return _offline(shop, app, code.scopes, form)


def _offline(shop: Shop, app: App, scopes: tuple[str, ...], form: Mapping[str, str]) -> JsonObject:
    """Issue an offline token: an expiring pair when asked to, a lasting one otherwise."""
    if form.get("expiring", "").lower() in _YES:
        return _pair(shop, app, scopes, shop.numbers.next("token family"))
    if app.must_expire:
        raise OAuthError("invalid_request", "Non-expiring access tokens are no longer issued to this app.")
    return {"access_token": shop.issue(app, scopes).value, "scope": ",".join(scopes)}


def _pair(shop: Shop, app: App, scopes: tuple[str, ...], family: int) -> JsonObject:
    now = shop.now()
    access = Token(shop.made_up("shpat_"), app, scopes, now + timedelta(seconds=ACCESS_SECONDS), family)
    refresh = RefreshToken(shop.made_up("shprt_"), app, now + timedelta(seconds=REFRESH_SECONDS), family)
    shop.tokens.add(access)
    shop.tokens.add_refresh(refresh)
    return {
        "access_token": access.value,
        "scope": ",".join(scopes),
        "expires_in": ACCESS_SECONDS,
        "refresh_token": refresh.value,
        "refresh_token_expires_in": REFRESH_SECONDS,
    }


def _by_refresh(shop: Shop, app: App, form: Mapping[str, str]) -> JsonObject:
    """Rotate a pair. A token used before still counts while its replacement was never used, for 30 days."""
    now, given = shop.now(), shop.tokens.find_refresh(form.get("refresh_token", ""))
    if given is None or given.app.client_id != app.client_id or now >= given.expires:
        raise _dead()
    if given.first_used is not None:
        replacement = shop.tokens.find_refresh(given.replaced_by or "")
        if replacement is None or replacement.first_used is not None or now - given.first_used > LOST_ANSWER_GRACE:
            raise _dead()
        shop.tokens.drop_refresh(replacement.value)
    given.first_used = given.first_used or now
    scopes = next((token.scopes for token in shop.tokens.of_app(app.client_id)), app.scopes)
    answer = _pair(shop, app, scopes, given.family)
    given.replaced_by = str(answer["refresh_token"])
    return answer


def _dead() -> OAuthError:
    return OAuthError("invalid_grant", "The refresh token is invalid, expired or was already used.")


def _by_exchange(shop: Shop, app: App, form: Mapping[str, str]) -> JsonObject:
    """Turn a lasting token into an expiring pair; the old one ends thereby."""
    if form.get("requested_token_type") != OFFLINE:
        raise OAuthError("invalid_request", "The requested_token_type is not supported.")
    if form.get("subject_token_type") != OFFLINE:
        named = "session tokens" if form.get("subject_token_type") == _ID_TOKEN else "this subject_token_type"
        raise OAuthError("invalid_subject_token", f"The stand-in does not take {named}.")
    old = shop.tokens.find(form.get("subject_token", ""), shop.now())
    if old is None or old.app.client_id != app.client_id or old.expires is not None:
        raise OAuthError("invalid_subject_token", "The subject token is no living non-expiring token of this app.")
    answer = _offline(shop, app, old.scopes, form)
    shop.tokens.revoke(old.value)
    return answer


def _by_credentials(shop: Shop, app: App, _form: Mapping[str, str]) -> JsonObject:
    if not app.own_shop:
        message = "Client credentials cannot be performed on this shop: it belongs to another organization."
        raise OAuthError("shop_not_permitted", message)
    expires = shop.now() + timedelta(seconds=CLIENT_CREDENTIALS_SECONDS)
    token = shop.tokens.add(Token(shop.made_up("shpca_"), app, app.scopes, expires))
    return {"access_token": token.value, "scope": ",".join(app.scopes), "expires_in": CLIENT_CREDENTIALS_SECONDS}


_GRANTS: Mapping[str, Callable[[Shop, App, Mapping[str, str]], JsonObject]] = {
    _BY_CODE: _by_code,
    "refresh_token": _by_refresh,
    _EXCHANGE: _by_exchange,
    "client_credentials": _by_credentials,
}
