"""What goes out to browsers: pages and redirects with strict headers; and what comes in, before anybody believes it."""

import base64
import binascii
import re
from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import parse_qsl

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.shared.cookies import Cookie, SameSite
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEvent

from tillbridge.domain.errors import InputError
from tillbridge.runtime.pages.render import style_hash

COOKIE = "__Host-tillbridge"
"""The prefix makes browsers insist on https, this host and every path (RFC 6265bis)."""

LARGEST_BODY = 16 * 1024
MOST_FIELDS = 10
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
_COOKIE_VALUE = re.compile(rf"(?:^|;)\s*{COOKIE}=([A-Za-z0-9_-]{{43}})\s*(?:;|$)")


def page(html: str, status: HTTPStatus = HTTPStatus.OK, *, browser: str = "", local: bool = False) -> Response[str]:
    """Answer with a page; ``browser`` sets the cookie by which this browser is known again.

    A form may lead on to any https address: the vendor's, or the shop's that the merchant types. Browsers check the
    whole chain of redirects against this list.
    """
    policy = (
        f"default-src 'none'; style-src 'sha256-{style_hash()}'; base-uri 'none'; frame-ancestors 'none';"
        f" form-action 'self' https:{' http:' if local else ''}"
    )
    cookies = [] if not browser else [_cookie(browser)]
    headers = {**_SAFE, "Content-Security-Policy": policy, "X-Frame-Options": "DENY"}
    return Response(status.value, "text/html; charset=utf-8", html, headers, cookies)


def redirect(url: str) -> Response[str]:
    """Send the browser on with a GET, whatever it came with."""
    return Response(HTTPStatus.SEE_OTHER.value, "text/plain", "", {**_SAFE, "Location": url})


def told(status: HTTPStatus, text: str) -> Response[str]:
    """Answer a server that reads the status only."""
    return Response(status.value, "text/plain; charset=utf-8", text, _SAFE)


def browser_of(event: APIGatewayProxyEvent) -> str:
    """Find our cookie, "" when there is none or it is not one that we gave."""
    found = _COOKIE_VALUE.search(event.headers.get("cookie") or "")
    return found[1] if found else ""


def parameter(event: APIGatewayProxyEvent, name: str) -> str:
    """Take a parameter of the query; one that comes twice is none."""
    several = (event.get("multiValueQueryStringParameters") or {}).get(name)
    if several is not None and len(several) > 1:
        raise InputError(name, f"{name} is there twice.", remedy="Open the link again.", code="TwiceInQuery")
    return (event.query_string_parameters or {}).get(name) or ""


def form_of(event: APIGatewayProxyEvent) -> Mapping[str, str]:
    """Read a form that one of our own pages sent."""
    if (event.headers.get("sec-fetch-site") or "same-origin") not in {"same-origin", "none"}:
        raise InputError(
            "form", "The form was sent from another site.", remedy="Open the link itself.", code="ForeignForm"
        )
    try:
        return dict(parse_qsl(body_of(event, FORM), keep_blank_values=True, max_num_fields=MOST_FIELDS))
    except ValueError:
        raise _unreadable(f"It has more than {MOST_FIELDS} fields.") from None


def body_of(event: APIGatewayProxyEvent, content_type: str) -> str:
    """Take the body if it is of this type, not too large, and text."""
    given = (event.headers.get("content-type") or "").partition(";")[0].strip().lower()
    if given != content_type:
        raise InputError("content-type", f"It must be {content_type}.", remedy="Use our own page.", code="BadType")
    text = event.get("body") or ""
    if len(text) > 2 * LARGEST_BODY:
        raise _unreadable(f"It is longer than {LARGEST_BODY} bytes.")
    try:
        body = base64.b64decode(text, validate=True) if event.get("isBase64Encoded") else text.encode()
        decoded = body.decode()
    except (binascii.Error, ValueError):
        raise _unreadable("It is no text.") from None
    if len(body) > LARGEST_BODY:
        raise _unreadable(f"It is longer than {LARGEST_BODY} bytes.")
    return decoded


_SAFE = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}


def _cookie(browser: str) -> Cookie:
    return Cookie(COOKIE, browser, path="/", secure=True, http_only=True, same_site=SameSite.LAX_MODE)


def _unreadable(happened: str) -> InputError:
    return InputError("body", happened, remedy="Open the link again.", code="BadBody")
