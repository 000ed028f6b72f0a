"""The web application of one shop: ``build_app(shop)`` gives what `sandbox.common.server.serve` serves."""

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound

from sandbox.common.instrument import instrument
from sandbox.common.page import page_blueprint
from sandbox.woocommerce import info
from sandbox.woocommerce.catalogue.images import media_blueprint
from sandbox.woocommerce.control import shop_control
from sandbox.woocommerce.page import page_context
from sandbox.woocommerce.routes import ROUTES
from sandbox.woocommerce.shop import Shop
from sandbox.woocommerce.web.api import NAMESPACE, add_routes, error_response, json_response
from sandbox.woocommerce.web.errors import RestError, no_route
from sandbox.woocommerce.web.front import FrontDoor
from sandbox.woocommerce.web.handoff import handoff_blueprint
from sandbox.woocommerce.web.page_form import WooCommercePages
from sandbox.woocommerce.web.wire import Answer


def build_app(shop: Shop) -> Flask:
    """Build the application: the REST API, the key hand-off, the media library, the page and the control actions."""
    app = Flask(__name__, static_folder=None)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    add_routes(app, shop, ROUTES)
    _add_open_routes(app, shop)
    _add_errors(app, shop)
    app.register_blueprint(media_blueprint(shop))
    app.register_blueprint(handoff_blueprint(shop))
    app.register_blueprint(page_blueprint("woocommerce/page.html", shop.instruments, lambda: page_context(shop)))
    app.register_blueprint(shop_control(shop))
    app.wsgi_app = FrontDoor(app.wsgi_app, shop)  # type: ignore[method-assign]
    instrument(app, shop.instruments, WooCommercePages())
    return app


def _add_open_routes(app: Flask, shop: Shop) -> None:
    base = shop.settings.base_path

    @app.get(f"{base}/wp-json", strict_slashes=False)
    def index() -> Response:
        return json_response(Answer(info.index(shop)), request.args.get("_fields"))

    @app.get(f"{base}{NAMESPACE}", strict_slashes=False)
    def namespace() -> Response:
        return json_response(Answer({"namespace": "wc/v3", "routes": {}}))

    @app.post(f"{base}/wp-json/wp/v2/media")
    def upload() -> Response:
        # keys count on routes below wc/ only, so that nobody is logged in here
        raise RestError("rest_cannot_create", "Sorry, you are not allowed to upload media.", 401)


def _add_errors(app: Flask, shop: Shop) -> None:
    @app.errorhandler(RestError)
    def refused(error: RestError) -> Response:
        return error_response(error)

    @app.errorhandler(NotFound)
    @app.errorhandler(MethodNotAllowed)
    def unknown(error: HTTPException) -> Response | HTTPException:
        below_api = request.path.startswith(f"{shop.settings.base_path}/wp-json")
        return error_response(no_route()) if below_api else error
