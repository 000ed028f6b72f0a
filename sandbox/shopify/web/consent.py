"""The page on which a merchant lets an app in, and the signed way back (facts/shopify.md, section 3)."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from sandbox.shopify.settings import App
from sandbox.shopify.shop import Shop
from sandbox.shopify.web.tokens import CODE_LIFETIME, Code

_PATH = "/admin/oauth/authorize"


class ConsentError(Exception):
    """The page cannot ask; shown to the merchant."""


def consent_blueprint(shop: Shop) -> Blueprint:
    """Build the page and the form it sends."""
    blueprint = Blueprint("shopify_consent", __name__)

    @blueprint.get(_PATH)
    def ask() -> str:
        app, scopes = _asked(shop, request.args)
        return render_template(
            "shopify/consent.html", shop=shop.settings.name, app=app.name, scopes=scopes, fields=dict(request.args)
        )

    @blueprint.post(_PATH)
    def decide() -> AnyResponse:
        app, scopes = _asked(shop, request.form)
        target = request.form["redirect_uri"]
        if request.form.get("decision") != "install":
            answer = {"error": "access_denied", "error_description": "The merchant did not install the app."}
        else:
            with shop.lock:
                code = Code(f"{shop.random.getrandbits(128):032x}", app, scopes, shop.now() + CODE_LIFETIME)
                shop.tokens.add_code(code)
            answer = {"code": code.value, "host": _host(shop)}
        query = signed(shop, app, {**answer, "state": request.form.get("state", "")})
        return redirect(f"{target}{'&' if urlsplit(target).query else '?'}{query}")

    @blueprint.errorhandler(ConsentError)
    def explain(error: ConsentError) -> Response:
        return make_response(render_template("shopify/error.html", shop=shop.settings.name, error=str(error)), 400)

    return blueprint


def _asked(shop: Shop, given: Mapping[str, str]) -> tuple[App, tuple[str, ...]]:
    """Check what an app asks for; gives the app and the scopes."""
    app = shop.apps.get(given.get("client_id", ""))
    if app is None:
        raise ConsentError("invalid_request: The client_id is of no app.")
    target = given.get("redirect_uri", "")
    if not urlsplit(target).netloc or (app.redirect_uris and target not in app.redirect_uris):
        raise ConsentError("invalid_request: The redirect_uri is not whitelisted.")
    scopes = tuple(name for name in given.get("scope", "").split(",") if name)
    unknown = [name for name in scopes if name not in app.scopes]
    if unknown:
        raise ConsentError(f"invalid_scope: The access scope {unknown[0]} cannot be granted to this app.")
    return app, scopes


def signed(shop: Shop, app: App, values: Mapping[str, str]) -> str:
    """Write a query string with shop, time and the HMAC over all of it."""
    whole = {**values, "shop": shop.settings.domain, "timestamp": f"{shop.now():%s}"}
    message = urlencode(sorted(whole.items()))
    digest = hmac.new(app.secret.encode(), message.encode(), hashlib.sha256).hexdigest()
    return urlencode({**whole, "hmac": digest})


def _host(shop: Shop) -> str:
    return base64.b64encode(f"{shop.settings.domain}/admin".encode()).decode().rstrip("=")
