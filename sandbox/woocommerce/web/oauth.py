"""OAuth 1.0a, one-legged, as WooCommerce checks it over plain HTTP (facts/woocommerce.md, "Reaching the API")."""

from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote

from flask import Request
from oauthlib.oauth1.rfc5849 import signature
from oauthlib.oauth1.rfc5849.utils import parse_authorization_header

from sandbox.woocommerce.settings import ApiKey
from sandbox.woocommerce.shop import Shop
from sandbox.woocommerce.web.errors import RestError

_WINDOW_SECONDS = 15 * 60
_NEEDED = ("oauth_consumer_key", "oauth_timestamp", "oauth_nonce", "oauth_signature", "oauth_signature_method")
_CHECKS = {"HMAC-SHA1": signature.verify_hmac_sha1, "HMAC-SHA256": signature.verify_hmac_sha256}


@dataclass(frozen=True, slots=True)
class _Signed:
    """What oauthlib reads of a signed request."""

    uri: str
    http_method: str
    signature: str
    params: list[tuple[str, str]]


def refused(message: str) -> RestError:
    """Refuse credentials that are there but wrong."""
    return RestError("woocommerce_rest_authentication_error", message, 401)


def signed_by(shop: Shop, request: Request) -> ApiKey | None:
    """Give the key that signed `request`, None when it is not signed at all; raises RestError when wrongly signed."""
    query = parse_qsl(request.query_string.decode(), keep_blank_values=True)
    header = request.headers.get("Authorization", "")
    pairs = parse_authorization_header(header) if header.lower().startswith("oauth ") else []
    from_header = [(name, unquote(value)) for name, value in pairs]
    params = [(name, value) for name, value in (*query, *from_header) if name != "realm"]
    oauth = dict(params)
    if "oauth_consumer_key" not in oauth:
        return None
    missing = [name for name in _NEEDED if not oauth.get(name)]
    if missing:
        raise refused(f"Missing OAuth parameter(s): {', '.join(missing)}")
    key = shop.keys.get(oauth["oauth_consumer_key"])
    if key is None:
        raise refused("The consumer key is invalid.")
    _check_signature(request, key, params)
    _check_freshness(shop, key, oauth)
    return key


def _check_signature(request: Request, key: ApiKey, params: list[tuple[str, str]]) -> None:
    check = _CHECKS.get(dict(params)["oauth_signature_method"])
    if check is None:
        raise refused("The signature method is invalid.")
    signed = _Signed(request.base_url, request.method, dict(params)["oauth_signature"], _as_php_reads(params))
    if not check(signed, key.secret, ""):
        raise refused("The signature is invalid.")


def _as_php_reads(params: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Keep the last of equal names and number the members of ``a[]``, as PHP does before the check.

    The numbers are what breaks the signatures of such lists.
    """
    read: dict[str, str] = {}
    for name, value in params:
        base = name.removesuffix("[]")
        numbered = f"{base}[{sum(1 for other in read if other.startswith(f'{base}['))}]"
        read[name if base == name else numbered] = value
    read.pop("oauth_signature")
    return list(read.items())


def _check_freshness(shop: Shop, key: ApiKey, oauth: dict[str, str]) -> None:
    now = int(shop.now().timestamp())
    if not oauth["oauth_timestamp"].isdigit() or abs(now - int(oauth["oauth_timestamp"])) > _WINDOW_SECONDS:
        raise refused("The timestamp is invalid.")
    with shop.lock:
        shop.nonces = {used: when for used, when in shop.nonces.items() if now - when <= _WINDOW_SECONDS}
        nonce = (key.key, oauth["oauth_nonce"])
        if nonce in shop.nonces:
            raise refused("The nonce has already been used.")
        shop.nonces[nonce] = now
