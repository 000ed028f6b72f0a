"""The web application of one shop: ``build_app(shop)`` gives what `sandbox.common.server.serve` serves."""

from flask import Flask, Response

from sandbox.common.instrument import instrument
from sandbox.common.page import page_blueprint
from sandbox.magento import info
from sandbox.magento.catalogue.pictures import media_blueprint
from sandbox.magento.control import shop_control
from sandbox.magento.page import page_context
from sandbox.magento.routes import ROUTES
from sandbox.magento.shop import Shop
from sandbox.magento.web.api import add_routes, error_response
from sandbox.magento.web.bulk import bulks
from sandbox.magento.web.errors import RestError
from sandbox.magento.web.front import FrontDoor
from sandbox.magento.web.handshake import handshake_blueprint
from sandbox.magento.web.page_form import MagentoPages


def build_app(shop: Shop) -> Flask:
    """Build the application: the REST API, the handshake, the pictures, the page and the control actions."""
    app = Flask(__name__, static_folder=None)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    add_routes(app, shop, ROUTES, bulks(ROUTES))

    @app.get(f"{shop.settings.base_path}/magento_version")
    def version() -> Response:
        return Response("" if shop.switches.hide_version else info.VERSION, mimetype="text/html")

    @app.errorhandler(RestError)
    def refused(error: RestError) -> Response:
        return error_response(error)

    app.register_blueprint(handshake_blueprint(shop))
    app.register_blueprint(media_blueprint(shop))
    app.register_blueprint(page_blueprint("magento/page.html", shop.instruments, lambda: page_context(shop)))
    app.register_blueprint(shop_control(shop))
    app.wsgi_app = FrontDoor(app.wsgi_app, shop)  # type: ignore[method-assign]
    instrument(app, shop.instruments, MagentoPages())
    return app
