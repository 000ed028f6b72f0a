"""What stands between a client and the API on real hosts: redirects, maintenance, refused slashes."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Request as FlaskRequest
from werkzeug.wrappers import Response

from sandbox.common.instrument import CONTROL_PREFIX
from sandbox.magento.shop import Shop
from sandbox.magento.web.auth import raw_path

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class FrontDoor:
    """Middleware that plays the shop's switches (`settings.Switches`) on every request to it."""

    def __init__(self, app: "WSGIApplication", shop: Shop) -> None:
        self._app, self._shop = app, shop

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        request = FlaskRequest(environ)
        if request.path.startswith(CONTROL_PREFIX) or (request.path == "/" and not request.query_string):
            return self._app(environ, start_response)
        turned_away = self._turned_away(request)
        if turned_away is not None:
            return turned_away(environ, start_response)
        self._shop.seen_at(request.host_url.rstrip("/") + self._shop.settings.base_path)
        if self._shop.switches.forget_forwarded_proto:
            environ["wsgi.url_scheme"] = "http"
        return self._app(environ, start_response)

    def _turned_away(self, request: FlaskRequest) -> Response | None:
        switches = self._shop.switches
        if switches.redirect_to and request.host_url.rstrip("/") != switches.redirect_to:
            there = switches.redirect_to + request.url.removeprefix(request.host_url.rstrip("/"))
            return Response("", 301, {"Location": there})
        if switches.maintenance:
            return html_page("Service Temporarily Unavailable", 503)
        if not switches.encoded_slashes and "%2f" in raw_path(request).lower():
            return html_page("Not Found", 404)
        return None


def html_page(text: str, status: int) -> Response:
    """Build one of the web server's plain pages."""
    body = f"<!DOCTYPE html>\n<html lang='en'><body><h1>{text}</h1></body></html>\n"
    return Response(body, status, mimetype="text/html")
