"""Installing the app, and what the store calls afterwards (facts/bigcommerce.md, "Hosts, auth").

The token server of login.bigcommerce.com is served at the same address as everything else.
"""

from collections.abc import Mapping
from typing import Literal
from urllib.parse import urlencode

from flask import Blueprint, Response, jsonify, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from sandbox.bigcommerce.hooks.deliveries import run_cron
from sandbox.bigcommerce.info import ACCOUNT_UUID
from sandbox.bigcommerce.shop import Shop
from sandbox.bigcommerce.web import jwt, outbound
from sandbox.common.json_types import JsonObject

OWNER: JsonObject = {"id": 9_000_001, "username": "owner@store.invalid", "email": "owner@store.invalid"}
STAFF: JsonObject = {"id": 9_000_002, "username": "staff@store.invalid", "email": "staff@store.invalid"}
_LIFETIME, _EARLIER = 86_400, 5
"""Seconds that a signed payload is good for, and by which its ``nbf`` is before its ``iat`` in the docs' own sample."""


class InstallError(ValueError):
    """The app cannot be installed or called; the text says what is missing."""


def install_blueprint(shop: Shop) -> Blueprint:
    """Build the store's page of the app, and the token server."""
    blueprint = Blueprint("install", __name__)

    @blueprint.get("/manage/marketplace/apps/<client_id>")
    def show(client_id: str) -> str:
        return render_template(
            "bigcommerce/install.html", shop=shop.settings.name, app=client_id, scopes=shop.app.scopes
        )

    @blueprint.post("/manage/marketplace/apps/<client_id>")
    def confirm(client_id: str) -> AnyResponse:
        if client_id != shop.app.client_id:
            raise InstallError(f"There is no app {client_id!r}.")
        return redirect(install_address(shop))

    @blueprint.post("/oauth2/token")
    def exchange() -> tuple[Response, int]:
        return _exchange(shop)

    @blueprint.errorhandler(InstallError)
    def explain(error: InstallError) -> tuple[str, int]:
        return str(error), 400

    return blueprint


def install_address(shop: Shop) -> str:
    """Give the address that installing sends the merchant's browser to: no state, no signature, a code."""
    if not shop.app.auth_callback:
        raise InstallError("The app has no auth callback; give it one with POST /_sandbox/app.")
    with shop.lock:
        code, scope = shop.secret(30), " ".join(shop.app.scopes)
        shop.codes[code] = scope
    query = {"code": code, "scope": scope, "context": _context(shop), "account_uuid": ACCOUNT_UUID}
    return f"{shop.app.auth_callback}?{urlencode(query)}"


def _context(shop: Shop) -> str:
    return f"stores/{shop.settings.store_hash}"


def _exchange(shop: Shop) -> tuple[Response, int]:
    """Hand out a token for a code, once; it replaces the one of an earlier installation."""
    body = request.get_json(silent=True) if request.is_json else request.form.to_dict()
    sent: Mapping[str, object] = body if isinstance(body, dict) else {}
    with shop.lock:
        trouble = _trouble(shop, sent)
        if trouble:
            return jsonify(error=trouble), 400
        scope = shop.codes.pop(str(sent["code"]))
        forget_token(shop)
        account = shop.new_account(tuple(scope.split()), (shop.app.client_id, shop.app.client_secret))
        shop.changes += 1
    answer = {
        "access_token": account.token,
        "scope": scope,
        "user": OWNER,
        "owner": OWNER,
        "context": _context(shop),
        "account_uuid": ACCOUNT_UUID,
    }
    return jsonify(answer), 200


def _trouble(shop: Shop, sent: Mapping[str, object]) -> str:
    wanted = {
        "client_id": shop.app.client_id,
        "client_secret": shop.app.client_secret,
        "grant_type": "authorization_code",
        "context": _context(shop),
        "redirect_uri": shop.app.auth_callback,
    }
    for name, value in wanted.items():
        if sent.get(name) != value:
            return f"invalid_{'client' if name.startswith('client') else 'request'}: {name} does not match"
    code = str(sent.get("code"))
    if code not in shop.codes:
        return "invalid_grant: the code is unknown or was used already"
    return "" if sent.get("scope") == shop.codes[code] else "invalid_scope: scope does not match"


def forget_token(shop: Shop) -> None:
    """Let the app's present token in no longer; its web hooks stay. The lock must be held."""
    shop.accounts = {token: account for token, account in shop.accounts.items() if not account.app}


def load_address(shop: Shop, user: JsonObject) -> str:
    """Give the address that opening the app sends the merchant's browser to."""
    if not shop.app.load_callback:
        raise InstallError("The app has no load callback; give it one with POST /_sandbox/app.")
    return f"{shop.app.load_callback}?{_signed(shop, user)}"


def call_back(shop: Shop, kind: Literal["uninstall", "remove_user"], user: JsonObject) -> int:
    """Call the app from server to server; gives the status it answered, 0 for none."""
    address = shop.app.uninstall_callback if kind == "uninstall" else shop.app.remove_user_callback
    if not address:
        return 0
    return outbound.call(shop.settings, "GET", f"{address}?{_signed(shop, user)}").status


def uninstall(shop: Shop) -> int:
    """Remove the app: its web hooks hear of it and are gone, its token is void, then the app itself is told."""
    with shop.lock:
        shop.emit("store/app/uninstalled", {"type": "app", "id": 0})
    run_cron(shop)
    with shop.lock:
        forget_token(shop)
        client_id = shop.app.client_id
        shop.webhooks = {hook.id: hook for hook in shop.webhooks.values() if hook.client_id != client_id}
        shop.changes += 1
    return call_back(shop, "uninstall", OWNER)


def _signed(shop: Shop, user: JsonObject) -> str:
    return urlencode({"signed_payload_jwt": jwt.sign(_claims(shop, user), shop.app.client_secret)})


def _claims(shop: Shop, user: JsonObject) -> JsonObject:
    now = int(shop.now().timestamp())
    return {
        "aud": shop.app.client_id,
        "iss": "bc",
        "iat": now,
        "nbf": now - _EARLIER,
        "exp": now + _LIFETIME,
        "jti": shop.secret(32),
        "sub": _context(shop),
        "user": {"id": user["id"], "email": user["email"], "locale": "en-US"},
        "owner": {"id": OWNER["id"], "email": OWNER["email"]},
        "url": "/",
        "channel_id": None,
    }
