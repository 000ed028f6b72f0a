"""Who is asking, and whether they may (facts/woocommerce.md, "Reaching the API" and "Errors")."""

import hmac

from flask import Request

from sandbox.woocommerce.settings import ApiKey
from sandbox.woocommerce.shop import Shop
from sandbox.woocommerce.web import oauth
from sandbox.woocommerce.web.errors import RestError

UNAUTHENTICATED = "sandbox.unauthenticated"
"""Marks, in a request's environ, that the shop would not look at its credentials."""

_READING = frozenset({"GET", "HEAD"})
_DENIALS = {"GET": "view", "HEAD": "view", "POST": "create", "PUT": "edit", "PATCH": "edit", "DELETE": "delete"}


def authenticate(shop: Shop, request: Request) -> ApiKey | None:
    """Find the key that a request comes with.

    None means nobody in particular: no key, an unknown one, or Basic where the shop does not see TLS. Raises RestError
    ``woocommerce_rest_authentication_error`` for a wrong secret or signature, and for a key that may not do this.
    """
    if request.environ.get(UNAUTHENTICATED):
        return None
    key = _with_secret(shop, request) if request.scheme == "https" else None
    key = key or oauth.signed_by(shop, request)
    if key is not None:
        _check_permissions(key, request.method)
    return key


def _with_secret(shop: Shop, request: Request) -> ApiKey | None:
    name, secret = _credentials(request)
    key = shop.keys.get(name)
    if key is not None and not hmac.compare_digest(key.secret.encode(), secret.encode()):
        raise oauth.refused("The consumer secret is invalid.")
    return key


def _credentials(request: Request) -> tuple[str, str]:
    """Take the key from the query, else from the Authorization header."""
    name, secret = request.args.get("consumer_key", ""), request.args.get("consumer_secret", "")
    if name and secret:
        return name, secret
    basic = request.authorization
    if basic is None or basic.type != "basic":
        return "", ""
    return basic.username or "", basic.password or ""


def _check_permissions(key: ApiKey, method: str) -> None:
    if method in _READING and not key.may_read():
        raise oauth.refused("The API key has no read permissions.")
    if method not in _READING and not key.may_write():
        raise oauth.refused("The API key has no write permissions.")


def authorise(key: ApiKey | None, method: str, *, batch: bool = False) -> None:
    """Let only those pass who may manage the shop: 401 for nobody in particular, 403 for a user of another role."""
    if key is not None and key.may_manage():
        return
    what = "batch" if batch else _DENIALS.get(method, "view")
    status = 401 if key is None else 403
    raise RestError(f"woocommerce_rest_cannot_{what}", "Sorry, you are not allowed to do this.", status)
