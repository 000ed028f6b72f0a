"""OAuth 1.0a signatures as Magento checks them, reading an address in its own ways (facts/magento.md, section 1)."""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cmp_to_key
from urllib.parse import quote, unquote, urlsplit

_HEADER_PART = re.compile(r'\s*([^=\s]+)\s*=\s*"([^"]*)"\s*')
_NATURAL = re.compile(r"\d+|\D")
_DECODED_BY_2_4_7 = {f"%{ord(char):02X}": char for char in ":@&=+$,/;%"}
_TEN = re.compile("|".join(_DECODED_BY_2_4_7), re.IGNORECASE)
_PORTS = {"http": 80, "https": 443}
SIGNATURE_METHOD = "HMAC-SHA256"


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """What of a request goes into its signature."""

    method: str
    scheme: str
    host: str
    path: str
    """As it was sent, still encoded."""
    query: str
    form: str = ""


def protocol_params(header: str) -> dict[str, str]:
    """Read an Authorization header; empty when it is none of OAuth's."""
    kind, _, rest = header.strip().partition(" ")
    if kind.lower() != "oauth":
        return {}
    parts = (_HEADER_PART.fullmatch(part) for part in rest.split(","))
    return {unquote(part[1]): unquote(part[2]) for part in parts if part and part[1] != "realm"}


def signature(request: SignedRequest, params: Mapping[str, str], secrets: tuple[str, str], *, decode_path: bool) -> str:
    """Sign a request as the shop does; `secrets` are the consumer's and the token's.

    `decode_path` is the habit of 2.4.6 and 2.4.7: ten reserved characters of the path are decoded first.
    """
    values = {**_query(request.query), **_query(request.form), **params}
    values.pop("oauth_signature", None)
    encoded = {_encoded(name): _encoded(value) for name, value in values.items()}
    names = sorted(encoded, key=cmp_to_key(natural_order))
    pairs = "&".join(f"{name}={encoded[name]}" for name in names)
    base = "&".join(_encoded(part) for part in (request.method.upper(), _address(request, decode=decode_path), pairs))
    key = "&".join(_encoded(secret) for secret in secrets)
    return base64.b64encode(hmac.new(key.encode(), base.encode(), hashlib.sha256).digest()).decode()


def natural_order(left: str, right: str) -> int:
    """Compare as PHP's ``strnatcmp``: runs of digits by their number, all else by byte."""
    for one, other in zip(_NATURAL.findall(left), _NATURAL.findall(right), strict=False):
        if one == other:
            continue
        if one.isdigit() and other.isdigit() and int(one) != int(other):
            return -1 if int(one) < int(other) else 1
        return -1 if one < other else 1
    return (len(left) > len(right)) - (len(left) < len(right))


def _query(query: str) -> dict[str, str]:
    """Take a query apart: the last of equal keys wins, keys without ``=`` are lost, and ``+`` is a plus."""
    pairs = (part.split("=", 1) for part in query.split("&") if "=" in part)
    return {unquote(name): unquote(value) for name, value in pairs}


def _address(request: SignedRequest, *, decode: bool) -> str:
    host = urlsplit(f"//{request.host}")
    port = "" if host.port in {None, _PORTS.get(request.scheme)} else f":{host.port}"
    path = _TEN.sub(lambda match: _DECODED_BY_2_4_7[match[0].upper()], request.path) if decode else request.path
    return f"{request.scheme}://{host.hostname}{port}{path}"


def _encoded(text: str) -> str:
    return quote(text, safe="~")
