"""What stands between a client and the API on real hosts: redirects, maintenance, lost headers, plain permalinks."""

from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from werkzeug.wrappers import Request, Response

from sandbox.common.instrument import CONTROL_PREFIX
from sandbox.woocommerce.shop import Shop
from sandbox.woocommerce.web.auth import UNAUTHENTICATED

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_RETRY_AFTER_SECONDS = "600"


class FrontDoor:
    """Middleware that plays the shop's switches (`settings.Switches`) on every request to it."""

    def __init__(self, app: "WSGIApplication", shop: Shop) -> None:
        self._app, self._shop = app, shop

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        request = Request(environ)
        if request.path.startswith(CONTROL_PREFIX) or (request.path == "/" and not request.query_string):
            return self._app(environ, start_response)
        turned_away = self._turned_away(request)
        if turned_away is not None:
            return turned_away(environ, start_response)
        self._shop.seen_at(request.host_url.rstrip("/") + self._shop.settings.base_path)
        self._spoil(environ)
        self._read_plain_route(request, environ)
        return self._app(environ, start_response)

    def _turned_away(self, request: Request) -> Response | None:
        switches = self._shop.switches
        if switches.redirect_to and request.host_url.rstrip("/") != switches.redirect_to:
            there = switches.redirect_to + request.url.removeprefix(request.host_url.rstrip("/"))
            return Response("", 301, {"Location": there})
        if switches.maintenance:
            return html_page("Briefly unavailable for maintenance.", 503, {"Retry-After": _RETRY_AFTER_SECONDS})
        if switches.plain_permalinks and request.path.startswith(f"{self._shop.settings.base_path}/wp-json"):
            return html_page("Not found.", 404)
        return None

    def _spoil(self, environ: "WSGIEnvironment") -> None:
        if self._shop.switches.strip_authorization:
            environ.pop("HTTP_AUTHORIZATION", None)
        if self._shop.switches.forget_forwarded_proto:
            environ["wsgi.url_scheme"] = "http"

    def _read_plain_route(self, request: Request, environ: "WSGIEnvironment") -> None:
        """Serve ``?rest_route=/wc/v3/...`` like the pretty address, but with nobody logged in."""
        base, route = self._shop.settings.base_path, request.args.get("rest_route")
        if route is None or request.path not in {base, f"{base}/", f"{base}/index.php"}:
            return
        query = parse_qsl(request.query_string.decode(), keep_blank_values=True)
        environ["PATH_INFO"] = f"{base}/wp-json{route}"
        environ["QUERY_STRING"] = urlencode([(name, value) for name, value in query if name != "rest_route"])
        environ[UNAUTHENTICATED] = True


def html_page(text: str, status: int, headers: dict[str, str] | None = None) -> Response:
    """Build one of the shop's plain HTML pages."""
    body = f"<!DOCTYPE html>\n<html lang='en'><body><p>{text}</p></body></html>\n"
    return Response(body, status, headers, mimetype="text/html")
