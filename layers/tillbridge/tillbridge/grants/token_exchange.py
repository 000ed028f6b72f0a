"""Exchange a token that never expires for a pair that does, at the vendor's token server (facts/shopify.md, section 3).

Whether the vendor takes the old token a second time is not known. So whoever gets no answer asks again with it, and a
refusal is told with the one way that is left. Both kinds of vendor are tested.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from tillbridge.domain.errors import GarbledAnswerError, InputError, Subject, TillbridgeError, UnauthorisedError
from tillbridge.domain.grant import AppCredentials, Secret, TokenPair
from tillbridge.grants.clock import Clock
from tillbridge.grants.token_errors import GrantRefusedError, refusal
from tillbridge.grants.token_server import HttpOf
from tillbridge.grants.transport import read_refusal, read_tokens, send
from tillbridge.systems.http import Answer, Request

GRANT = "urn:ietf:params:oauth:grant-type:token-exchange"
OFFLINE = "urn:shopify:params:oauth:token-type:offline-access-token"
_SHOP = re.compile(r"[a-z0-9][a-z0-9-]*\.myshopify\.com")


def shop_url(shop: str) -> str:
    """Give the base address of a shop; the name is checked, for our own secret is sent there."""
    if not _SHOP.fullmatch(shop):
        raise InputError("shop", "It is no name of a Shopify shop.", remedy="It looks like example.myshopify.com.")
    return f"https://{shop}"


@dataclass(frozen=True, slots=True)
class TokenExchange:
    """Exchanges offline tokens. Errors carry no token, neither ours nor theirs."""

    app: Callable[[], AppCredentials]
    http_of: HttpOf
    clock: Clock
    url_of: Callable[[str], str] = shop_url

    def exchange(self, connection_id: str, shop: str, old: Secret) -> TokenPair:
        """Get the first expiring pair; ``UnauthorisedError`` when the vendor does not take the old token.

        After ``DoubtfulWriteError`` a pair may have been issued that nobody has.
        """
        app, http = self.app(), self.http_of(connection_id)
        fields = {
            "client_id": app.client_id,
            "client_secret": app.client_secret.reveal(),
            "grant_type": GRANT,
            "subject_token": old.reveal(),
            "subject_token_type": OFFLINE,
            "requested_token_type": OFFLINE,
            "expiring": "1",
        }
        sent_at = self.clock.now()
        url = f"{self.url_of(shop)}/admin/oauth/access_token"
        answer = send(http, Request(method="POST", url=url, headers={"Accept": "application/json"}, json=fields))
        if not answer.ok:
            raise _refused(answer)
        tokens = read_tokens(answer)
        if not tokens.get("refresh_token"):
            raise GarbledAnswerError("The token server gave a token that does not expire.", subject=http.subject)
        return TokenPair(
            access=Secret(tokens["access_token"]),
            refresh=Secret(tokens["refresh_token"]),
            obtained_at=sent_at,
            expires_at=sent_at + timedelta(seconds=tokens["expires_in"]),
        )


def _refused(answer: Answer) -> TillbridgeError:
    error, hint = read_refusal(answer)
    told = refusal(error, hint, answer.subject)
    if not isinstance(told, GrantRefusedError):
        return told
    return UnauthorisedError(
        f"The vendor does not exchange the old token{f': {hint}' if hint else ''}.",
        remedy="The merchant has to authorise the app in the shop again.",
        code="ExchangeRefused",
        subject=Subject(system=answer.subject.system, connection=answer.subject.connection),
        request_id=answer.request_id,
    )
