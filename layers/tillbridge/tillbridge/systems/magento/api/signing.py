"""The four secrets of an integration, and the signature of each request (facts/magento.md, section 1)."""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urlsplit, urlunsplit

from oauthlib.oauth1 import SIGNATURE_HMAC_SHA256
from requests import PreparedRequest
from requests_oauthlib import OAuth1

from tillbridge.domain.errors import InputError

_SECRET = re.compile(r"[a-z0-9]{32}")
_TEN = re.compile("|".join(f"%{ord(sign):02X}" for sign in ":@&=+$,/;%"), re.IGNORECASE)
"""What 2.4.6 and 2.4.7 decode in a path before they check its signature."""


@dataclass(frozen=True, slots=True)
class IntegrationSecrets:
    """What an activated integration gives: the consumer's pair and the access token's. Nothing of it is ever shown."""

    consumer_key: str = field(repr=False)
    consumer_secret: str = field(repr=False)
    access_token: str = field(default="", repr=False)
    access_secret: str = field(default="", repr=False)

    @classmethod
    def given(
        cls, consumer_key: str, consumer_secret: str, access_token: str, access_secret: str
    ) -> "IntegrationSecrets":
        """Check what a person pasted; ``InputError`` names the field that is wrong."""
        pasted = {
            "consumer_key": consumer_key,
            "consumer_secret": consumer_secret,
            "access_token": access_token,
            "access_secret": access_secret,
        }
        for name, value in pasted.items():
            if not _SECRET.fullmatch(value.strip()):
                raise InputError(
                    name,
                    "It is no secret of a Magento integration: these have 32 small letters and digits.",
                    remedy="Copy all four from System > Extensions > Integrations, where the integration is activated.",
                )
        return cls(*(value.strip() for value in pasted.values()))


class PathForm(StrEnum):
    """How a path with an encoded SKU is signed."""

    STANDARD = "standard"  # as it is sent: 2.4.8 and later
    DECODED = "decoded"  # with ten signs decoded: 2.4.6 and 2.4.7

    @property
    def other(self) -> "PathForm":
        """The one that is tried after a refusal."""
        return PathForm.STANDARD if self is PathForm.DECODED else PathForm.DECODED


def depends_on_form(url: str) -> bool:
    """Tell whether the two forms of a path differ."""
    return _TEN.search(urlsplit(url).path) is not None


class Signature(OAuth1):
    """Signs each sending anew, for a nonce counts once. Works as the ``auth`` of a request.

    Only HMAC-SHA256 is taken by every version; the query must be encoded with %20, and JSON bodies are not signed.
    Without an access token it signs the steps of the handshake, the last one with the ``verifier``.
    """

    def __init__(self, secrets: IntegrationSecrets, form: PathForm = PathForm.STANDARD, verifier: str = "") -> None:
        """Take the secrets, and how paths are signed."""
        super().__init__(
            secrets.consumer_key,
            client_secret=secrets.consumer_secret,
            resource_owner_key=secrets.access_token or None,
            resource_owner_secret=secrets.access_secret or None,
            verifier=verifier or None,
            signature_method=SIGNATURE_HMAC_SHA256,
        )
        self._form = form

    def __call__(self, r: PreparedRequest) -> PreparedRequest:
        """Sign what is about to be sent; what is signed is another address where the shop decodes paths first."""
        if self._form is PathForm.STANDARD:
            return super().__call__(r)
        decoded = r.copy()
        decoded.url = _decoded(r.url or "")
        r.headers["Authorization"] = super().__call__(decoded).headers["Authorization"]
        return r


def _decoded(url: str) -> str:
    parts = urlsplit(url)
    path = _TEN.sub(lambda found: chr(int(found[0][1:], 16)), parts.path)
    return urlunsplit((parts.scheme, parts.netloc, path, parts.query, ""))
