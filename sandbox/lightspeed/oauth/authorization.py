"""From the authorize request to the code: clients, consent and single-use codes (facts/lightspeed.md, A1)."""

import hmac
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import blake2b
from http import HTTPStatus
from itertools import count
from urllib.parse import urlencode, urlsplit

from sandbox.lightspeed.api.rights import SCOPES
from sandbox.lightspeed.oauth.errors import OAuthError, invalid_client, invalid_grant, invalid_request, too_many
from sandbox.lightspeed.oauth.pkce import Challenge, parse_challenge
from sandbox.lightspeed.settings import Client, Rules

CODE_LIFE = timedelta(seconds=60)
_WRONG_SECRETS_PER_MINUTE = 10
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True)
class Asked:
    """An authorize request that waits for a person's decision."""

    id: str
    client: Client
    scopes: tuple[str, ...]
    state: str | None
    challenge: Challenge | None
    legacy: bool


@dataclass(frozen=True, slots=True)
class Code:
    """An authorization code that waits to be exchanged."""

    client_id: str
    employee_id: int
    scopes: tuple[str, ...]
    challenge: Challenge | None
    legacy: bool
    expires: datetime


class Clients:
    """The registered clients. Many wrong secrets are answered with 429."""

    def __init__(self, clients: Iterable[Client], now: Callable[[], datetime]) -> None:
        """Begin with these clients."""
        self._now = now
        self.all = {client.id: client for client in clients}
        self._wrong: deque[datetime] = deque()

    def register(self, client: Client) -> None:
        """Add a client, or change one."""
        self.all[client.id] = client

    def block(self, client_id: str, *, blocked: bool) -> None:
        """Block a client or allow it again. Raises LookupError."""
        if client_id not in self.all:
            raise LookupError(f"there is no client {client_id!r}")
        self.all[client_id] = replace(self.all[client_id], blocked=blocked)

    def usable(self, client_id: str) -> Client | None:
        """Give a client that is there and not blocked."""
        client = self.all.get(client_id)
        return None if client is None or client.blocked else client

    def authenticate(self, client_id: str | None, secret: str | None) -> Client:
        """Check a client's credentials. Raises OAuthError."""
        if not client_id:
            raise invalid_request("client_id is missing")
        self._refuse_guessing()
        client = self.usable(client_id)
        if client is None or not self._secret_fits(client, secret):
            self._wrong.append(self._now())
            raise invalid_client()
        return client

    @staticmethod
    def _secret_fits(client: Client, secret: str | None) -> bool:
        if secret is None:
            return client.public
        return hmac.compare_digest(secret.encode(), client.secret.encode())

    def _refuse_guessing(self) -> None:
        while self._wrong and self._wrong[0] + timedelta(minutes=1) <= self._now():
            self._wrong.popleft()
        if len(self._wrong) >= _WRONG_SECRETS_PER_MINUTE:
            raise too_many(60)


class Authorizations:
    """Requests that wait for consent, and codes that wait for their exchange."""

    def __init__(
        self, clients: Clients, *, seed: int, rules: Rules, loopback: bool, now: Callable[[], datetime]
    ) -> None:
        """Begin with nothing pending; `loopback` also takes plain http redirect URIs on this machine."""
        self._clients, self._seed, self._rules, self._loopback, self._now = clients, seed, rules, loopback, now
        self._numbers = count(1)
        self._asked: dict[str, Asked] = {}
        self._codes: dict[str, Code] = {}

    def ask(self, parameters: Mapping[str, str], *, legacy: bool) -> Asked:
        """Take an authorize request. Raises OAuthError."""
        client = self._clients.usable(parameters.get("client_id", ""))
        if client is None:
            raise invalid_client(HTTPStatus.BAD_REQUEST)
        if parameters.get("response_type") != "code":
            raise invalid_request("response_type must be code")
        self._check_redirect(client, parameters.get("redirect_uri"))
        challenge = parse_challenge(
            parameters.get("code_challenge"), parameters.get("code_challenge_method"), required=client.public
        )
        scopes = _scopes(parameters.get("scope", ""))
        asked = Asked(self._secret("asked"), client, scopes, parameters.get("state"), challenge, legacy)
        self._asked[asked.id] = asked
        return asked

    def approve(self, asked_id: str, employee_id: int) -> str:
        """Give the address to send the browser to, with a code."""
        asked = self._take(asked_id)
        code = self._secret("code") + self._secret("rest")
        self._codes[code] = Code(
            asked.client.id, employee_id, asked.scopes, asked.challenge, asked.legacy, self._now() + CODE_LIFE
        )
        return _address(asked, {"code": code})

    def deny(self, asked_id: str) -> str:
        """Give the address to send the browser to, with the error of RFC 6749; the vendor documents none."""
        text = "The resource owner denied the request."
        return _address(self._take(asked_id), {"error": "access_denied", "error_description": text})

    def exchange(self, client: Client, code: str | None, verifier: str | None, *, legacy: bool) -> Code:
        """Take a code; it works once, within a minute, at the server that gave it. Raises OAuthError."""
        if not code:
            raise invalid_request("code is missing")
        found = self._codes.get(code)
        if found is None or found.client_id != client.id or found.legacy != legacy:
            raise invalid_grant("code is unknown, used already or another client's")
        if found.expires <= self._now():
            raise invalid_grant("code has expired")
        if found.challenge is not None:
            found.challenge.check(verifier)
        del self._codes[code]
        return found

    def _take(self, asked_id: str) -> Asked:
        asked = self._asked.pop(asked_id, None)
        if asked is None:
            raise invalid_request("this authorization was decided already; start again from the application")
        return asked

    def _check_redirect(self, client: Client, given: str | None) -> None:
        """Only the registered address counts; one that is sent along must be that very one (ours; not documented)."""
        if given is not None and given != client.redirect_uri:
            raise invalid_request("redirect_uri is not the one that is registered for this client")
        address = urlsplit(client.redirect_uri)
        allowed_here = self._loopback and address.scheme == "http" and address.hostname in _LOOPBACK
        if self._rules.https_redirects_only and address.scheme != "https" and not allowed_here:
            raise invalid_request("the registered redirect URI must use https")

    def _secret(self, purpose: str) -> str:
        return blake2b(f"{self._seed}/{purpose}/{next(self._numbers)}".encode(), digest_size=32).hexdigest()


def _scopes(text: str) -> tuple[str, ...]:
    scopes = tuple(dict.fromkeys(text.split()))
    unknown = [scope for scope in scopes if scope not in SCOPES]
    if not scopes or unknown:
        hint = f"unknown: {', '.join(unknown)}" if unknown else "scope is missing"
        raise OAuthError(HTTPStatus.BAD_REQUEST, "invalid_scope", hint)
    return scopes


def _address(asked: Asked, parameters: Mapping[str, str]) -> str:
    uri = asked.client.redirect_uri
    state = {} if asked.state is None else {"state": asked.state}
    return f"{uri}{'&' if urlsplit(uri).query else '?'}{urlencode({**parameters, **state})}"
