"""What goes out to browsers: pages and redirects with strict headers; and what comes in, before anybody believes it."""

import base64
import binascii
import re
from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus
from urllib.parse import parse_qsl, urlsplit

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.shared.cookies import Cookie, SameSite
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEvent

from tillbridge.domain.errors import InputError
from tillbridge.domain.grant import hashed
from tillbridge.runtime.pages.render import style_hash

COOKIE = "__Host-tillbridge"
"""The prefix makes browsers insist on https, this host and every path (RFC 6265bis)."""

LARGEST_BODY = 16 * 1024
MOST_FIELDS = 10
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
LINK_LIFE = timedelta(hours=1)
"""For how long a browser that was sent away can begin again by itself."""
_NOBODY = "'none'"
_STATES = ("state", "user_id")  # what Lightspeed and WooCommerce call that which comes back unchanged


def page(
    html: str, status: HTTPStatus = HTTPStatus.OK, *, browser: str = "", local: bool = False, framed: str = ""
) -> Response[str]:
    """Answer with a page; ``browser`` sets the cookie by which this browser is known again.

    ``framed`` names whose pages may show it in a frame; nobody's otherwise.

    A form may lead on to any https address: the vendor's, or the shop's that the merchant types. Browsers check the
    whole chain of redirects against this list.
    """
    policy = (
        f"default-src 'none'; style-src 'sha256-{style_hash()}'; base-uri 'none'; frame-ancestors {framed or _NOBODY};"
        f" form-action 'self' https:{' http:' if local else ''}"
    )
    cookies = [] if not browser else [_cookie(COOKIE, browser)]
    headers = {**_SAFE, "Content-Security-Policy": policy}
    if not framed:
        headers["X-Frame-Options"] = "DENY"
    return Response(status.value, "text/html; charset=utf-8", html, headers, cookies)


def redirect(url: str, link: str) -> Response[str]:
    """Send the browser on with a GET, whatever it came with.

    For its way back it keeps the token of the ``link`` by which it came, under the state that it comes back with.
    """
    query = dict(parse_qsl(urlsplit(url).query))
    cookie = _cookie(_way_back(query), link, LINK_LIFE)
    return Response(HTTPStatus.SEE_OTHER.value, "text/plain", "", {**_SAFE, "Location": url}, [cookie])


def leave(url: str) -> Response[str]:
    """Send the browser on to where nothing of ours is needed."""
    return Response(HTTPStatus.SEE_OTHER.value, "text/plain", "", {**_SAFE, "Location": url})


def told(status: HTTPStatus, text: str) -> Response[str]:
    """Answer a server that reads the status only."""
    return Response(status.value, "text/plain; charset=utf-8", text, _SAFE)


def browser_of(event: APIGatewayProxyEvent) -> str:
    """Find our cookie, "" when there is none or it is not one that we gave."""
    return _kept(event, COOKIE, "[A-Za-z0-9_-]{43}")


def link_of(event: APIGatewayProxyEvent) -> str:
    """Find the token of the link by which a browser that comes back had come, "" when there is none."""
    return _kept(event, _way_back(event.query_string_parameters or {}), "[A-Za-z0-9_.-]{1,128}")


def parameter(event: APIGatewayProxyEvent, name: str) -> str:
    """Take a parameter of the query; one that comes twice is none."""
    several = (event.get("multiValueQueryStringParameters") or {}).get(name)
    if several is not None and len(several) > 1:
        raise InputError(name, f"{name} is there twice.", remedy="Open the link again.", code="TwiceInQuery")
    return (event.query_string_parameters or {}).get(name) or ""


def query_of(event: APIGatewayProxyEvent) -> Mapping[str, str]:
    """Take the whole query, as decoded; one that has a parameter twice is none."""
    names = event.query_string_parameters or {}
    return {name: parameter(event, name) for name in names}


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


def _cookie(name: str, value: str, life: timedelta | None = None) -> Cookie:
    """Make a cookie; without a ``life`` it ends with the browser's session."""
    seconds = int(life.total_seconds()) if life else None
    return Cookie(name, value, path="/", secure=True, http_only=True, same_site=SameSite.LAX_MODE, max_age=seconds)


def _way_back(query: Mapping[str, str]) -> str:
    """Name the cookie of one attempt."""
    return f"{COOKIE}-{hashed(next((query[name] for name in _STATES if name in query), ''))[:16]}"


def _kept(event: APIGatewayProxyEvent, name: str, form: str) -> str:
    """Read a cookie of ours if it has this form."""
    found = re.search(rf"(?:^|;)\s*{name}=({form})\s*(?:;|$)", event.headers.get("cookie") or "")
    return found[1] if found else ""


def _unreadable(happened: str) -> InputError:
    return InputError("body", happened, remedy="Open the link again.", code="BadBody")
