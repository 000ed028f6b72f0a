"""Who is asking, and whether they may (facts/magento.md, section 1)."""

import hmac
from dataclasses import dataclass
from datetime import timedelta

from flask import Request

from sandbox.magento.integrations import Integration, Token
from sandbox.magento.shop import Shop
from sandbox.magento.web import oauth
from sandbox.magento.web.errors import OauthError, not_authorized

ANYBODY = ""
"""The resource of what needs no right."""
_AHEAD = timedelta(seconds=600)
_NONCE_KEPT = timedelta(minutes=120)
_LENGTH = 32
_REQUIRED = ("oauth_consumer_key", "oauth_signature", "oauth_signature_method", "oauth_nonce", "oauth_timestamp")


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is asking: an administrator, an integration, or nobody in particular."""

    admin: bool = False
    integration: Integration | None = None

    def check(self, resource: str) -> None:
        """Raise RestError, status 401, for what this caller may not use."""
        allowed = resource == ANYBODY or self.admin or (self.integration is not None and self.integration.may(resource))
        if not allowed:
            raise not_authorized(resource)


def authenticate(shop: Shop, request: Request) -> Caller:
    """Find out who is asking; raises OauthError for a signature that does not hold."""
    header = "" if shop.switches.strip_authorization else request.headers.get("Authorization", "")
    kind, _, token = header.partition(" ")
    if kind.lower() == "bearer":
        return _bearer(shop, token.strip())
    params = oauth.protocol_params(header)
    if not params:
        return Caller()
    integration = check_protocol(shop, params, "oauth_token")
    access = _access_token(integration, params["oauth_token"])
    check_signature(shop, request, params, (integration.consumer_secret, access.secret))
    return Caller(integration=integration if integration.active else None)


def _bearer(shop: Shop, token: str) -> Caller:
    expires = shop.admin_tokens.get(token)
    if expires is not None and shop.now() < expires:
        return Caller(admin=True)
    for integration in shop.integrations.values() if shop.switches.bearer else ():
        own = integration.token
        if own and own.kind == "access" and integration.active and hmac.compare_digest(own.token, token):
            return Caller(integration=integration)
    return Caller()


def check_protocol(shop: Shop, params: dict[str, str], *more: str) -> Integration:
    """Check all but the signature, which spends the nonce whatever comes of it. Raises OauthError."""
    missing = next((name for name in (*_REQUIRED, *more) if not params.get(name)), None)
    if missing:
        raise OauthError('"%fieldName" is required. Enter and try again.', {"fieldName": missing})
    if params["oauth_signature_method"] != oauth.SIGNATURE_METHOD:
        raise OauthError(f"Signature method {params['oauth_signature_method']} is not supported")
    if len(params["oauth_consumer_key"]) != _LENGTH:
        raise OauthError("Consumer key is not the correct length", status=401)
    integration = by_consumer(shop, params["oauth_consumer_key"])
    if integration is None:
        raise OauthError("A consumer having the specified key does not exist", status=401)
    _spend_nonce(shop, integration, params["oauth_nonce"], params["oauth_timestamp"])
    return integration


def by_consumer(shop: Shop, key: str) -> Integration | None:
    return next((entry for entry in shop.integrations.values() if entry.consumer_key == key), None)


def _spend_nonce(shop: Shop, integration: Integration, nonce: str, timestamp: str) -> None:
    now = shop.now()
    stamp = int(timestamp) if timestamp.isdecimal() else 0
    if stamp <= 0 or stamp > (now + _AHEAD).timestamp():
        raise OauthError("An error occurred validating the nonce", status=401)
    spent = shop.nonces.get((integration.consumer_key, nonce))
    if spent is not None and now - spent < _NONCE_KEPT:
        text = "The nonce is already being used by the consumer with ID %1."
        raise OauthError(text, [integration.id], 401)
    shop.nonces[integration.consumer_key, nonce] = now


def _access_token(integration: Integration, token: str) -> Token:
    own = integration.token
    if own is None or own.token != token:
        raise OauthError("Specified token does not exist", status=401)
    if own.kind != "access":
        raise OauthError("Token is not an access token", status=401)
    if own.revoked:
        raise OauthError("Access token has been revoked", status=401)
    return own


def check_signature(shop: Shop, request: Request, params: dict[str, str], secrets: tuple[str, str]) -> None:
    """Raise OauthError when the request was not signed, the shop's way, with these secrets."""
    signed = oauth.SignedRequest(
        request.method, request.scheme, request.host, raw_path(request), request.query_string.decode("latin-1"),
        request.get_data(as_text=True) if request.mimetype == "application/x-www-form-urlencoded" else "",
    )  # fmt: skip
    right = oauth.signature(signed, params, secrets, decode_path=shop.switches.generation == "2.4.7")
    if not hmac.compare_digest(right, params["oauth_signature"]):
        raise OauthError("The signature is invalid. Verify and try again.", status=401)


def raw_path(request: Request) -> str:
    """Give the path as it was sent; flask's own is decoded already."""
    raw = str(request.environ.get("RAW_URI") or request.environ.get("REQUEST_URI") or request.path)
    path = raw.partition("?")[0]
    if "://" in path:
        path = "/" + path.partition("://")[2].partition("/")[2]
    return path
