"""The only code that calls the token addresses of Shopify shops (facts/shopify.md, section 3).

Each shop has a token server of its own below its own address. All of them know us by the one app of the provider.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from tillbridge.domain.errors import RetryLaterError, TillbridgeError, UnauthorisedError
from tillbridge.domain.grant import AppCredentials, Approved, Secret, TokenPair
from tillbridge.domain.merchant import System
from tillbridge.grants.apps import AppBook
from tillbridge.grants.clock import Clock
from tillbridge.grants.timing import OPERATOR_PAUSE
from tillbridge.grants.token_errors import UNINSTALLED, ClientRefusedError, GrantRefusedError, refusal
from tillbridge.grants.token_exchange import pair_of, shop_url, token_request
from tillbridge.grants.token_server import HttpOf
from tillbridge.grants.transport import WireShopTokens, read_refusal, read_tokens, send
from tillbridge.systems.http import Answer

_BAD_CODE = frozenset({"invalid_request", "invalid_grant"})

Installed = Callable[[str], bool | None]
"""Asks a connection's shop, with its access token, whether it still lets us in; ``None`` when nobody can tell."""


Refused = Callable[[Answer], TillbridgeError]
"""Sorts a refusal."""


def _untold(_: str) -> bool | None:
    """Know nothing of any shop."""
    return None


@dataclass(frozen=True, slots=True)
class ShopifyServer:
    """The token addresses of all shops. Errors carry no token, neither ours nor theirs.

    ``shop_of`` tells a connection's shop, such as ``example.myshopify.com``.
    """

    apps: AppBook
    http_of: HttpOf
    clock: Clock
    shop_of: Callable[[str], str]
    installed: Installed = _untold
    url_of: Callable[[str], str] = shop_url

    @property
    def client_id(self) -> str:
        """Tell who we are there."""
        return self.apps.get(System.SHOPIFY).client_id

    def exchange(self, shop: str, code: Secret) -> Approved:
        """Turn a code, which lives for a minute, into an expiring pair; ``UnauthorisedError`` when it is not taken."""
        answer, sent_at = self._ask(shop, "", {"code": code.reveal(), "expiring": "1"}, refused=_code_refused)
        return Approved(pair_of(answer, sent_at), read_tokens(answer, WireShopTokens).scopes)

    def refresh(self, connection_id: str, token: Secret) -> TokenPair:
        """Get the next pair; each refresh gives another refresh token.

        Shopify says ``invalid_client`` of a wrong secret and of an app that was uninstalled. Which of the two, only the
        shop's API can tell: an uninstalled app's access token is dead at once.
        """
        fields = {"grant_type": "refresh_token", "refresh_token": token.reveal()}
        try:
            answer, sent_at = self._ask(self.shop_of(connection_id), connection_id, fields)
        except ClientRefusedError as error:
            refused = error
        else:
            return pair_of(answer, sent_at)
        raise self._gone_or_wrong(connection_id, refused)

    def _gone_or_wrong(self, connection_id: str, refused: ClientRefusedError) -> TillbridgeError:
        installed = self.installed(connection_id)
        if installed:
            return refused
        if installed is None:
            return RetryLaterError(
                "The shop's token server does not know us: the app was uninstalled, or our own secret is wrong.",
                after=OPERATOR_PAUSE.total_seconds(),
                remedy="It is asked again. If it stays so, have the merchant connect the shop again.",
                code="ClientUnknown",
                subject=refused.subject,
            )
        return GrantRefusedError(
            "The app is not installed in the shop any more.", code=UNINSTALLED, subject=refused.subject
        )

    def _ask(
        self,
        shop: str,
        connection_id: str,
        fields: Mapping[str, str],
        *,
        refused: Refused | None = None,
    ) -> tuple[Answer, datetime]:
        """Ask; once more when our own secret was refused and the vault has another one by now."""
        app = self.apps.get(System.SHOPIFY)
        try:
            return self._ask_as(app, shop, connection_id, fields, refused or _refused)
        except ClientRefusedError:
            newer = self.apps.get(System.SHOPIFY, fresh=True)
            if newer == app:
                raise
        return self._ask_as(newer, shop, connection_id, fields, refused or _refused)

    def _ask_as(
        self,
        app: AppCredentials,
        shop: str,
        connection_id: str,
        fields: Mapping[str, str],
        refused: Refused,
    ) -> tuple[Answer, datetime]:
        sent_at = self.clock.now()
        answer = send(self.http_of(connection_id), token_request(self.url_of(shop), app, fields))
        if not answer.ok:
            raise refused(answer)
        return answer, sent_at


def _refused(answer: Answer) -> TillbridgeError:
    error, hint = read_refusal(answer)
    return refusal(error, hint, answer.subject)


def _code_refused(answer: Answer) -> TillbridgeError:
    error, hint = read_refusal(answer)
    if error not in _BAD_CODE:
        return refusal(error, hint, answer.subject)
    return UnauthorisedError("The shop does not take the code.", code="CodeRefused", subject=answer.subject)
