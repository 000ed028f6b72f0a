"""Proof Key for Code Exchange (facts/lightspeed.md, A1)."""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass

from sandbox.lightspeed.oauth.errors import invalid_grant, invalid_request

METHODS = ("S256", "plain")
_VERIFIER = re.compile(r"[A-Za-z0-9_-]{43,128}")


@dataclass(frozen=True, slots=True)
class Challenge:
    """What the client committed itself to when it asked for authorization."""

    value: str
    method: str

    def check(self, verifier: str | None) -> None:
        """Compare with the verifier of the exchange. Raises OAuthError."""
        if verifier is None:
            raise invalid_request("code_verifier is missing; the authorization was asked for with a code_challenge")
        # base64url as documented, and the two further characters that RFC 7636 allows and libraries use
        if not _VERIFIER.fullmatch(re.sub(r"[.~]", "-", verifier)):
            raise invalid_request("code_verifier must have 43 to 128 characters of A-Z, a-z, 0-9, - and _")
        if not hmac.compare_digest(self._expected(verifier), self.value):
            raise invalid_grant("code_verifier does not match the code_challenge")

    def _expected(self, verifier: str) -> str:
        if self.method == "plain":
            return verifier
        digest = hashlib.sha256(verifier.encode("ascii")).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def parse_challenge(value: str | None, method: str | None, *, required: bool) -> Challenge | None:
    """Read the challenge of an authorize request. Raises OAuthError."""
    if value is None:
        if required:
            raise invalid_request("code_challenge is missing; publicly distributed clients must use PKCE")
        return None
    if method not in METHODS:
        raise invalid_request(f"code_challenge_method must be one of {', '.join(METHODS)}")
    return Challenge(value, method)
