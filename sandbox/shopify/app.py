"""The web application of one shop: ``build_app(shop)`` gives what `sandbox.common.server.serve` serves."""

from flask import Flask, Response, request

from sandbox.common.instrument import CONTROL_PREFIX, instrument
from sandbox.common.page import page_blueprint
from sandbox.shopify import fields
from sandbox.shopify.control import shop_control
from sandbox.shopify.page import page_context
from sandbox.shopify.shop import Shop
from sandbox.shopify.web.consent import consent_blueprint
from sandbox.shopify.web.endpoint import graphql_blueprint
from sandbox.shopify.web.oauth import oauth_blueprint
from sandbox.shopify.web.page_form import GraphqlPages
from sandbox.shopify.web.storage import storage_blueprint


def build_app(shop: Shop) -> Flask:
    """Build the application: the API, the tokens, the consent page, the files, the page and the control actions."""
    fields.register()
    app = Flask(__name__, static_folder=None)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    _add_front_door(app, shop)
    app.register_blueprint(graphql_blueprint(shop))
    app.register_blueprint(oauth_blueprint(shop))
    app.register_blueprint(consent_blueprint(shop))
    app.register_blueprint(storage_blueprint(shop))
    app.register_blueprint(page_blueprint("shopify/page.html", shop.instruments, lambda: page_context(shop)))
    app.register_blueprint(shop_control(shop))
    instrument(app, shop.instruments, GraphqlPages())
    return app


def _add_front_door(app: Flask, shop: Shop) -> None:
    @app.before_request
    def turn_away() -> Response | None:
        """Play the shop's switches, and be no other shop than the one that is asked for."""
        if request.path.startswith(CONTROL_PREFIX) or request.path == "/":
            return None
        host = request.host.rpartition(":")[0] or request.host
        if host.endswith(".myshopify.com") and host != shop.settings.domain:
            return Response("Not Found", 404)
        if shop.switches.paused:
            return Response('{"errors":"Unavailable Shop"}', 402, mimetype="application/json")
        if shop.switches.locked:
            return Response('{"errors":"Unavailable Shop"}', 423, mimetype="application/json")
        shop.seen_at(request.host_url.rstrip("/"))
        return None
