"""Grants and their tokens: what is issued, how long it lives, and what revokes it (facts/lightspeed.md, A1).

Where the vendor is silent: when a refresh is repeated before the new access token was used, only the newest pair stays
good, and a refresh for a locked or archived employee fails like one with a revoked token.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import blake2b
from itertools import count

from sandbox.lightspeed.data.people import SYSTEM_USER_BASE
from sandbox.lightspeed.oauth import jwt
from sandbox.lightspeed.oauth.errors import REVOKED, UNVERIFIED, access_denied, invalid_grant, too_many
from sandbox.lightspeed.settings import Rotation, Rules

IDLE = timedelta(days=30)
_MINUTE = timedelta(minutes=1)
_ATTEMPTS_PER_MINUTE = 5
_PURGED_AFTER = timedelta(days=1)
"""How long after its end a token is still known as expired; later it counts as revoked."""


@dataclass(slots=True)
class Refresh:
    """A refresh token."""

    value: str
    issued: datetime


@dataclass(slots=True)
class Access:
    """An access token."""

    value: str
    grant: "Grant"
    expires: datetime
    revoked: bool = False


@dataclass(slots=True)
class Grant:
    """One authorization of a client by an employee. Several may exist side by side."""

    id: int
    client_id: str
    employee_id: int
    scopes: tuple[str, ...]
    legacy: bool
    """Issued by the deprecated server and not moved to the current one yet."""
    refresh: Refresh
    access: Access | None = None
    previous: Refresh | None = None
    """The refresh token used last; good until the new access token is used."""
    revoked: bool = False
    attempts: deque[datetime] = field(default_factory=deque)

    def live(self, token: str) -> Refresh | None:
        """Give the refresh token with this value if it may be used."""
        if self.revoked:
            return None
        return next(
            (entry for entry in (self.refresh, self.previous) if entry is not None and entry.value == token), None
        )


@dataclass(frozen=True, slots=True)
class Issued:
    """What a token request is answered with."""

    access_token: str
    refresh_token: str
    seconds: int
    grant: Grant


class Grants:
    """All grants of the account."""

    def __init__(self, *, seed: int, account_id: int, seconds: int, rules: Rules, now: Callable[[], datetime]) -> None:
        """Begin without grants. Tokens are made from the seed, so that runs repeat."""
        self.token_seconds = seconds
        self._seed, self._account_id, self._rules, self._now = seed, account_id, rules, now
        self._numbers = count(1)
        self.all: dict[int, Grant] = {}
        self._by_refresh: dict[str, Grant] = {}
        self._by_access: dict[str, Access] = {}

    def new(self, client_id: str, employee_id: int, scopes: tuple[str, ...], *, legacy: bool) -> Issued:
        """Issue the first pair of a new grant."""
        number = len(self.all) + 1
        first = Refresh("", self._now())
        grant = self.all[number] = Grant(number, client_id, employee_id, scopes, legacy, first)
        grant.refresh = self._refresh_token(grant)
        return self._answer(grant)

    def refresh(self, client_id: str, token: str) -> Issued:
        """Refresh at the current server. Raises OAuthError. An old-format token is moved to the new format silently."""
        grant = self._grant_of(client_id, token)
        self._count_attempt(grant)
        used = self._usable(grant, token)
        if grant.access is not None:
            grant.access.revoked = True
        grant.legacy = False
        grant.refresh = self._refresh_token(grant)
        grant.previous = used if self._rules.rotation is Rotation.ON_FIRST_USE else None
        return self._answer(grant)

    def refresh_legacy(self, client_id: str, token: str) -> Issued:
        """Refresh at the deprecated server: within its life the same access token comes back. Raises OAuthError."""
        grant = self._grant_of(client_id, token)
        if not grant.legacy:
            raise invalid_grant("refresh_token has moved to the current token server")
        self._usable(grant, token).issued = self._now()
        access = grant.access
        if access is not None and not access.revoked and access.expires > self._now():
            return Issued(access.value, grant.refresh.value, int((access.expires - self._now()).total_seconds()), grant)
        return self._answer(grant)

    def revoke(self, grant: Grant, *, only_access: bool = False) -> None:
        """End a grant, or only its access token."""
        grant.revoked = grant.revoked or not only_access
        if grant.access is not None:
            grant.access.revoked = True

    def find(self, client_id: str, token: str) -> Grant:
        """Find a client's grant by one of its refresh tokens. Raises OAuthError."""
        return self._grant_of(client_id, token)

    def use(self, token: str) -> Access:
        """Check an access token that came with a request. Its first use ends the refresh token it was got with."""
        access = self._by_access.get(token)
        if access is None:
            raise access_denied(UNVERIFIED)
        if access.revoked or access.grant.revoked:
            raise access_denied(REVOKED)
        if access.expires <= self._now():
            purged = access.expires + _PURGED_AFTER <= self._now()
            raise access_denied(REVOKED if purged else UNVERIFIED)
        access.grant.previous = None
        return access

    def _grant_of(self, client_id: str, token: str) -> Grant:
        grant = self._by_refresh.get(token)
        if grant is None or grant.client_id != client_id:
            raise invalid_grant("refresh_token is not one of this client's")
        return grant

    def _usable(self, grant: Grant, token: str) -> Refresh:
        found = grant.live(token)
        if found is None:
            if self._rules.reuse_ends_grant:
                self.revoke(grant)
            raise invalid_grant("refresh_token has been revoked")
        if self._rules.idle_refresh_tokens_die and found.issued + IDLE <= self._now():
            raise invalid_grant("refresh_token has expired")
        return found

    def _count_attempt(self, grant: Grant) -> None:
        now = self._now()
        while grant.attempts and grant.attempts[0] + _MINUTE <= now:
            grant.attempts.popleft()
        if len(grant.attempts) >= _ATTEMPTS_PER_MINUTE:
            raise too_many(max(1, round((grant.attempts[0] + _MINUTE - now).total_seconds())))
        grant.attempts.append(now)

    def _answer(self, grant: Grant) -> Issued:
        value = self._opaque(20) if grant.legacy else self._signed(grant)
        grant.access = Access(value, grant, self._now() + timedelta(seconds=self.token_seconds))
        self._by_access[value] = grant.access
        return Issued(value, grant.refresh.value, self.token_seconds, grant)

    def _refresh_token(self, grant: Grant) -> Refresh:
        """Old tokens have 40 characters; new ones are long, and longer with more scopes."""
        length = 20 if grant.legacy else 320 + 16 * len(grant.scopes)
        value = ("" if grant.legacy else "def50") + self._opaque(length)
        self._by_refresh[value] = grant
        return Refresh(value, self._now())

    def _signed(self, grant: Grant) -> str:
        now = self._now().timestamp()
        return jwt.sign(
            {
                "jti": self._opaque(20),
                "iss": jwt.ISSUER,
                "aud": grant.client_id,
                "sub": str(SYSTEM_USER_BASE + grant.employee_id),
                "acct": str(self._account_id),
                "scope": " ".join(grant.scopes),
                "iat": now,
                "nbf": now,
                "exp": now + self.token_seconds,
            }
        )

    def _opaque(self, size: int) -> str:
        """Make `size` bytes that nobody was given before, as hexadecimal text."""
        number, parts = next(self._numbers), range(-(-size // 64))
        blocks = (blake2b(f"{self._seed}/{number}/{part}".encode()).digest() for part in parts)
        return b"".join(blocks)[:size].hex()
