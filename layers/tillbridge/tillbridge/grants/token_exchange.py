"""Exchange a token that never expires for a pair that does, at the vendor's token server (facts/shopify.md, section 3).

Whether the vendor takes the old token a second time is not known. So whoever gets no answer asks again with it, and a
refusal is told with the one way that is left. Both kinds of vendor are tested.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from tillbridge.domain.errors import GarbledAnswerError, InputError, Subject, TillbridgeError, UnauthorisedError
from tillbridge.domain.grant import AppCredentials, Secret, TokenPair
from tillbridge.domain.shop_names import is_shopify_shop
from tillbridge.grants.clock import Clock
from tillbridge.grants.token_errors import GrantRefusedError, refusal
from tillbridge.grants.token_server import HttpOf
from tillbridge.grants.transport import WireShopTokens, read_refusal, read_tokens, send
from tillbridge.systems.http import Answer, Request

GRANT = "urn:ietf:params:oauth:grant-type:token-exchange"
OFFLINE = "urn:shopify:params:oauth:token-type:offline-access-token"
OLD_REFUSED = "invalid_subject_token"
"""What the token address may say of an old token that it does not take (RFC 8693 calls it ``invalid_request``)."""
BASE_URL = "https://{shop}"


def shop_url(shop: str, base_url: str = BASE_URL) -> str:
    """Give the base address of a shop; the name is checked, for our own secret is sent there."""
    if not is_shopify_shop(shop):
        raise InputError("shop", "It is no name of a Shopify shop.", remedy="It looks like example.myshopify.com.")
    return base_url.replace("{shop}", shop)


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
            "grant_type": GRANT,
            "subject_token": old.reveal(),
            "subject_token_type": OFFLINE,
            "requested_token_type": OFFLINE,
            "expiring": "1",
        }
        sent_at = self.clock.now()
        answer = send(http, token_request(self.url_of(shop), app, fields))
        if not answer.ok:
            raise _refused(answer)
        return pair_of(answer, sent_at)


def token_request(base_url: str, app: AppCredentials, fields: Mapping[str, str]) -> Request:
    """Write a request to a shop's token address."""
    ours = {"client_id": app.client_id, "client_secret": app.client_secret.reveal()}
    url, accept = f"{base_url}/admin/oauth/access_token", {"Accept": "application/json"}
    return Request(method="POST", url=url, headers=accept, json={**ours, **fields})


def pair_of(answer: Answer, sent_at: datetime) -> TokenPair:
    """Verify an answer with an expiring pair; its ends are counted from when it was asked for."""
    tokens = read_tokens(answer, WireShopTokens)
    if not tokens.refresh_token:
        raise GarbledAnswerError("The token server gave a token that does not expire.", subject=answer.subject)
    life = tokens.refresh_token_expires_in
    return TokenPair(
        access=Secret(tokens.access_token),
        refresh=Secret(tokens.refresh_token),
        obtained_at=sent_at,
        expires_at=sent_at + timedelta(seconds=tokens.expires_in),
        refresh_expires_at=sent_at + timedelta(seconds=life) if life else None,
    )


def _refused(answer: Answer) -> TillbridgeError:
    error, hint = read_refusal(answer)
    told = refusal(error, hint, answer.subject)
    if error != OLD_REFUSED and not isinstance(told, GrantRefusedError):
        return told
    return UnauthorisedError(
        f"The vendor does not exchange the old token{f': {hint}' if hint else ''}.",
        remedy="The merchant has to authorise the app in the shop again.",
        code="ExchangeRefused",
        subject=Subject(system=answer.subject.system, connection=answer.subject.connection),
        request_id=answer.request_id,
    )
