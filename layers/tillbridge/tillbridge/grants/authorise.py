"""The authorisation code grant with PKCE S256 (facts/lightspeed.md, "Authorize request").

The verifier is made of the browser's cookie and the state. So it need not be kept anywhere: the table holds hashes
only, and a code that was caught on its way is worthless without the cookie of the browser that began.
"""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tillbridge.domain.grant import Secret, TokenPair
from tillbridge.grants.apps import AppBook
from tillbridge.grants.lightspeed import SCOPES, SELLING_SCOPES

if TYPE_CHECKING:
    from tillbridge.grants.token_server import TokenServer


@dataclass(frozen=True, slots=True)
class Authorisation:
    """Sends merchants to one vendor and turns what they bring back into tokens."""

    server: "TokenServer"
    apps: AppBook

    def rights(self, *, selling: bool = False) -> Mapping[str, str]:
        """Name the scopes that are asked for, each with what for; more where web orders become sales."""
        return {**SCOPES, **SELLING_SCOPES} if selling else SCOPES

    def link(self, state: str, browser: str, *, selling: bool = False) -> str:
        """Give the vendor's page. No redirect_uri: the one registered for the client counts."""
        from requests_oauthlib import OAuth2Session  # noqa: PLC0415  see token_server

        scopes = list(self.rights(selling=selling))
        session = OAuth2Session(client_id=self.apps.get(self.server.system).client_id, scope=scopes)
        url, _ = session.authorization_url(
            self.server.endpoints.authorize,
            state=state,
            code_challenge=challenge(verifier(state, browser)),
            code_challenge_method="S256",
        )
        return url

    def exchange(self, code: str, state: str, browser: str) -> TokenPair:
        """Turn a code into a pair."""
        return self.server.exchange(Secret(code), verifier(state, browser))

    def revoke(self, pair: TokenPair) -> None:
        """Give a grant back that is not wanted."""
        self.server.revoke("", pair.refresh)


def verifier(state: str, browser: str) -> Secret:
    """Make the verifier of an attempt: 43 characters, known to nobody who lacks the browser's cookie."""
    return Secret(_base64url(hashlib.sha256(f"pkce:{state}:{browser}".encode()).digest()))


def challenge(secret: Secret) -> str:
    """Make the challenge that goes with a verifier (RFC 7636, S256)."""
    return _base64url(hashlib.sha256(secret.reveal().encode("ascii")).digest())


def _base64url(digest: bytes) -> str:
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")
