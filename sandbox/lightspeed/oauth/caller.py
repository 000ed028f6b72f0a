"""Who sends an API request: a token's grant, or an API key of old (facts/lightspeed.md, A1)."""

from dataclasses import dataclass
from http import HTTPStatus

from werkzeug.wrappers import Request

from sandbox.lightspeed.api.errors import ApiError
from sandbox.lightspeed.api.rights import rights_of
from sandbox.lightspeed.data.people import ADMIN, ALL_RIGHTS
from sandbox.lightspeed.oauth.errors import REVOKED, access_denied
from sandbox.lightspeed.state import Lightspeed

_FIXED_WORD = "apikey"


@dataclass(frozen=True, slots=True)
class Caller:
    """An authenticated client."""

    connection: str
    """What its bucket is named by: account and client."""
    client_number: str
    employee_id: int
    rights: frozenset[str]


def identify(state: Lightspeed, request: Request) -> Caller:
    """Authenticate a request. Raises OAuthError for tokens and ApiError for keys."""
    if request.authorization is not None and request.authorization.type == "basic":
        return _by_key(state, request)
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme != "Bearer" and not (scheme == "OAuth" and state.settings.rules.old_header):
        raise access_denied("The Authorization header with the access token is missing")
    return _by_token(state, token.strip())


def _by_token(state: Lightspeed, token: str) -> Caller:
    grant = state.grants.use(token).grant
    client = state.clients.usable(grant.client_id)
    if client is None or not state.may_log_in(grant.employee_id):
        raise access_denied(REVOKED)
    return Caller(
        f"{state.settings.account_id}/{client.id}", str(client.number), grant.employee_id, state.rights_of(grant)
    )


def _by_key(state: Lightspeed, request: Request) -> Caller:
    given = request.authorization
    key = state.api_keys.get((given.username or "") if given else "")
    until = state.api_keys_until
    ended = until is not None and state.clock.now() >= until
    if key is None or given is None or given.password != _FIXED_WORD or ended:
        reason = "API keys are no longer accepted; authorize with OAuth2." if ended else "Invalid username or password."
        raise ApiError(HTTPStatus.UNAUTHORIZED, reason, "BadAuthenticationRequestError")
    number = list(state.api_keys).index(key.key) + 1
    return Caller(f"{state.settings.account_id}/key {number}", "0", ADMIN, rights_of(key.rights, ALL_RIGHTS))
