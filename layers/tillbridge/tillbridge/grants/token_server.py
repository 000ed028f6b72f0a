"""The only code that calls a token server: exchange a code, refresh, revoke."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tillbridge.domain.errors import GarbledAnswerError, TillbridgeError
from tillbridge.domain.grant import AppCredentials, Secret, TokenPair
from tillbridge.domain.merchant import System
from tillbridge.grants.apps import AppBook
from tillbridge.grants.clock import Clock
from tillbridge.grants.lightspeed import Endpoints
from tillbridge.grants.timing import CONNECT, READ, WHOLE
from tillbridge.grants.token_errors import ClientRefusedError, refusal
from tillbridge.grants.transport import Encoding, TokenTransport, send
from tillbridge.systems.http import HttpClient, Request, TransportOptions

if TYPE_CHECKING:
    from requests_oauthlib import OAuth2Session

HttpOf = Callable[[str], HttpClient]
"""Makes the HTTP client for one connection ("" while it has no id yet); it keeps to ``transport_options``."""

Ask = Callable[["OAuth2Session", AppCredentials], dict[str, Any]]

_LARGEST = 256 * 1024


def transport_options(ca_bundle: str = "") -> TransportOptions:
    """Give the bounds that the lease is computed with (``timing``)."""
    return TransportOptions(
        connect_seconds=CONNECT, read_seconds=READ, total_seconds=WHOLE, max_bytes=_LARGEST, ca_bundle=ca_bundle
    )


@dataclass(frozen=True, slots=True)
class TokenServer:
    """One vendor's token server. Errors carry no token, neither ours nor theirs."""

    system: System
    endpoints: Endpoints
    apps: AppBook
    http_of: HttpOf
    clock: Clock
    encoding: Encoding = Encoding.FORM

    @property
    def client_id(self) -> str:
        """Tell who we are there."""
        return self.apps.get(self.system).client_id

    def exchange(self, code: Secret, verifier: Secret) -> TokenPair:
        """Turn a code, which lives for 60 seconds, into the first pair of a grant; ``GrantRefusedError``."""
        return self._ask("", lambda session, app: _exchange(session, self.endpoints.token, app, code, verifier))

    def refresh(self, connection_id: str, token: Secret) -> TokenPair:
        """Get the next pair; ``GrantRefusedError``. After ``DoubtfulWriteError`` the token may or may not be spent."""
        return self._ask(connection_id, lambda session, app: _refresh(session, self.endpoints.token, app, token))

    def revoke(self, connection_id: str, token: Secret) -> None:
        """Give a grant back; one that the server does not know any more is as good as revoked."""
        app = self.apps.get(self.system)
        http = self.http_of(connection_id)
        fields = {**_credentials(app), "refresh_token": token.reveal()}
        request = Request(method="POST", url=self.endpoints.revoke, data=fields, safe_to_repeat=True)
        answer = send(http, request)
        if not answer.ok:
            body = answer.json()
            error = str(body.get("error")) if isinstance(body, dict) else f"status {answer.status}"
            if error != "invalid_grant":
                raise refusal(error, "", http.subject)

    def _ask(self, connection_id: str, ask: Ask) -> TokenPair:
        """Ask; once more when our own secret was refused and the vault has another one by now."""
        app = self.apps.get(self.system)
        try:
            return self._ask_as(app, connection_id, ask)
        except ClientRefusedError:
            newer = self.apps.get(self.system, fresh=True)
            if newer == app:
                raise
        return self._ask_as(newer, connection_id, ask)

    def _ask_as(self, app: AppCredentials, connection_id: str, ask: Ask) -> TokenPair:
        # Imported when needed: hardly any invocation of a worker gets here, and it costs a tenth of its start.
        from oauthlib.oauth2 import OAuth2Error  # noqa: PLC0415
        from requests_oauthlib import OAuth2Session  # noqa: PLC0415

        http = self.http_of(connection_id)
        transport = TokenTransport(http, self.encoding)
        session = OAuth2Session(client_id=app.client_id)
        session.trust_env = False
        session.mount("https://", transport)
        sent_at = self.clock.now()
        outcome: dict[str, Any] | TillbridgeError
        try:
            outcome = ask(session, app)
        except OAuth2Error as error:
            outcome = refusal(error.error or "no error name", transport.hint, http.subject)
        # Raised outside the except block: the library's exceptions hold requests, and those hold secrets.
        if isinstance(outcome, TillbridgeError):
            raise outcome
        if not outcome.get("refresh_token"):
            raise GarbledAnswerError("The token server gave no refresh token.", subject=http.subject)
        return TokenPair(
            access=Secret(outcome["access_token"]),
            refresh=Secret(outcome["refresh_token"]),
            obtained_at=sent_at,
            expires_at=sent_at + timedelta(seconds=outcome["expires_in"]),
        )


def _exchange(
    session: "OAuth2Session", url: str, app: AppCredentials, code: Secret, verifier: Secret
) -> dict[str, Any]:
    return dict(
        session.fetch_token(
            url,
            code=code.reveal(),
            include_client_id=True,
            client_secret=app.client_secret.reveal(),
            code_verifier=verifier.reveal(),
        )
    )


def _refresh(session: "OAuth2Session", url: str, app: AppCredentials, token: Secret) -> dict[str, Any]:
    """Refresh, without a scope: the server refuses one (facts/lightspeed.md, "Token request")."""
    return dict(
        session.refresh_token(
            url, refresh_token=token.reveal(), client_id=app.client_id, client_secret=app.client_secret.reveal()
        )
    )


def _credentials(app: AppCredentials) -> dict[str, str]:
    return {"client_id": app.client_id, "client_secret": app.client_secret.reveal()}
