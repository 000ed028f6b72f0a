"""The keys of a shop and the three ways to show them (facts/woocommerce.md, "Reaching the API")."""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from urllib.parse import urlencode

from oauthlib.oauth1 import SIGNATURE_HMAC_SHA256, SIGNATURE_TYPE_QUERY, Client
from requests.auth import HTTPBasicAuth
from requests_oauthlib import OAuth1

from tillbridge.domain.errors import InputError
from tillbridge.systems.http import Request


@dataclass(frozen=True, slots=True)
class ApiKeys:
    """A REST API key of the shop. Neither half is ever shown."""

    key: str = field(repr=False)
    secret: str = field(repr=False)

    @classmethod
    def given(cls, key: str, secret: str) -> "ApiKeys":
        """Check what a person or the key hand-off gave; ``InputError`` names the half that is wrong."""
        for name, value, beginning in (("key", key, "ck_"), ("secret", secret, "cs_")):
            if not value.strip().startswith(beginning) or not value.strip().isascii():
                raise InputError(
                    f"consumer_{name}",
                    f"A consumer {name} of WooCommerce begins with {beginning}.",
                    remedy="Copy both halves of the key from WooCommerce > Settings > Advanced > REST API.",
                )
        return cls(key.strip(), secret.strip())


class Way(StrEnum):
    """How a request proves who sends it."""

    BASIC = "basic"  # over https
    QUERY = "query"  # over https, where the host strips the Authorization header
    OAUTH = "oauth"  # over http: signed, the secret does not travel


def usual_way(address: str, *, query_keys: bool) -> Way:
    """Choose the way for an address. Keys go into the query only where nothing else works: logs keep queries."""
    if address.startswith("http://"):
        return Way.OAUTH
    return Way.QUERY if query_keys else Way.BASIC


def authorised(request: Request, keys: ApiKeys, way: Way) -> Request:
    """Add the keys to a request.

    The OAuth signature covers the query, and breaks on ``a[]=`` parameters: lists travel as ``a=1,2``.
    """
    match way:
        case Way.BASIC:
            return replace(request, auth=HTTPBasicAuth(keys.key, keys.secret))
        case Way.QUERY:
            shown = {"consumer_key": keys.key, "consumer_secret": keys.secret}
            return replace(request, params={**request.params, **shown})
        case Way.OAUTH:
            signature = OAuth1(
                keys.key, client_secret=keys.secret, signature_method="HMAC-SHA256", signature_type="query"
            )
            return replace(request, auth=signature)


def signed_as_http(request: Request, keys: ApiKeys) -> Request:
    """Sign a reading request to an https address as if it went to http.

    Only a WordPress that does not know that it is reached over https accepts that.
    """
    plain = f"{request.url.replace('https://', 'http://', 1)}?{urlencode(request.params)}"
    signer = Client(
        keys.key,
        client_secret=keys.secret,
        signature_method=SIGNATURE_HMAC_SHA256,
        signature_type=SIGNATURE_TYPE_QUERY,
    )
    signed, _, _ = signer.sign(plain)
    return replace(request, url=signed.replace("http://", "https://", 1), params={})
