"""The client credentials grant: tokens for an app of the shop's own organisation (facts/shopify.md, section 3).

There is no consent and no refresh token: the credentials themselves are exchanged for a token of a day, as often as one
is asked for. So nothing is stored and nothing can be lost; each process asks for its own.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tillbridge.domain.errors import TillbridgeError, UnauthorisedError
from tillbridge.domain.grant import AppCredentials, Secret
from tillbridge.grants.clock import Clock
from tillbridge.grants.memory import ShortMemory
from tillbridge.grants.timing import TOO_SHORT
from tillbridge.grants.token_errors import refusal
from tillbridge.grants.token_exchange import shop_url, token_request
from tillbridge.grants.token_server import HttpOf
from tillbridge.grants.transport import WireShopTokens, read_refusal, read_tokens, send
from tillbridge.systems.http import Answer

_NOT_OURS = frozenset({"invalid_client", "unauthorized_client", "shop_not_permitted"})

IssuedTokens = ShortMemory[tuple[str, AppCredentials], tuple[Secret, datetime]]
"""Tokens and their ends, by shop and app; a process shares one."""


@dataclass(frozen=True, slots=True)
class ClientTokens:
    """A token source. ``app`` is the merchant's own app, from its developer dashboard; ``shop`` is the shop's name."""

    app: AppCredentials
    shop: str
    http_of: HttpOf
    clock: Clock
    connection_id: str = ""
    url_of: Callable[[str], str] = shop_url
    kept: IssuedTokens = field(default_factory=lambda: ShortMemory(timedelta(days=1)))

    def current(self) -> str:
        """Give a token with more than a minute left."""
        kept = self.kept.get((self.shop, self.app), self.clock.now())
        if kept is not None and kept[1] - self.clock.now() > TOO_SHORT:
            return kept[0].reveal()
        return self._issue().reveal()

    def renew(self, rejected: str, told: str) -> str:
        """Give another token than the one that the shop has just refused."""
        del told
        kept = self.kept.get((self.shop, self.app), self.clock.now())
        if kept is not None and kept[0] != Secret(rejected):
            return kept[0].reveal()
        return self._issue().reveal()

    def forbidden(self, what: str) -> None:
        """Note nothing: there is no grant whose end could be explained."""

    def _issue(self) -> Secret:
        """Ask for a token; ``UnauthorisedError`` when the credentials are not of an app of this shop."""
        sent_at = self.clock.now()
        request = token_request(self.url_of(self.shop), self.app, {"grant_type": "client_credentials"})
        answer = send(self.http_of(self.connection_id), request)
        if not answer.ok:
            raise _refused(answer)
        tokens = read_tokens(answer, WireShopTokens)
        token, ends_at = Secret(tokens.access_token), sent_at + timedelta(seconds=tokens.expires_in)
        self.kept.put((self.shop, self.app), (token, ends_at), sent_at)
        return token


def _refused(answer: Answer) -> TillbridgeError:
    """These credentials are the merchant's: unlike our own, only the merchant can mend them."""
    error, hint = read_refusal(answer)
    if error not in _NOT_OURS:
        return refusal(error, hint, answer.subject)
    return UnauthorisedError(
        f"The shop does not take the app's client id and secret{f': {hint}' if hint else ''}.",
        remedy="In the developer dashboard, check that the app belongs to the shop's own organisation and is installed"
        " in the shop; then connect the shop again with the id and secret that stand there.",
        code="CredentialsRefused",
        subject=answer.subject,
    )
