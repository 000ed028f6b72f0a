"""The web application of one store: ``build_app(shop)`` gives what `sandbox.common.server.serve` serves."""

from flask import Flask

from sandbox.bigcommerce.catalogue.images import media_blueprint
from sandbox.bigcommerce.control import shop_control
from sandbox.bigcommerce.page import page_context
from sandbox.bigcommerce.routes import ROUTES
from sandbox.bigcommerce.shop import Shop
from sandbox.bigcommerce.web.api import add_routes
from sandbox.bigcommerce.web.install import install_blueprint
from sandbox.bigcommerce.web.page_form import BigCommercePages
from sandbox.common.instrument import instrument
from sandbox.common.page import page_blueprint


def build_app(shop: Shop) -> Flask:
    """Build the application: the API, installing the app, the pictures, the page and the control actions."""
    app = Flask(__name__, static_folder=None)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    add_routes(app, shop, ROUTES)
    app.register_blueprint(install_blueprint(shop))
    app.register_blueprint(media_blueprint(shop))
    app.register_blueprint(page_blueprint("bigcommerce/page.html", shop.instruments, lambda: page_context(shop)))
    app.register_blueprint(shop_control(shop))
    instrument(app, shop.instruments, BigCommercePages())
    return app
