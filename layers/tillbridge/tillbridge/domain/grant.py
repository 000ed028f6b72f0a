"""What a connection is authorised with. Values that must stay secret never show themselves (invariant 5)."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn

from tillbridge.domain.merchant import Place


class Secret:
    """A text that appears in no log, error, repr or pickle. Whoever needs it says so: ``reveal()``."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Give the text, to be sent to the one place it is meant for."""
        return self._text

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self._text.encode(), other._text.encode())

    def __hash__(self) -> int:
        return hash(self._text)

    def __repr__(self) -> str:
        return "Secret(***)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not pickled")


@dataclass(frozen=True, slots=True)
class TokenPair:
    """An access token and the refresh token that goes with it. ``expires_at`` is the access token's end.

    ``refresh_expires_at`` is the refresh token's, where its vendor names one.
    """

    access: Secret
    refresh: Secret
    obtained_at: datetime
    expires_at: datetime
    refresh_expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Approved:
    """What a vendor gave for a code: a pair, and the scopes that the merchant has granted."""

    pair: TokenPair
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Rejected:
    """An access token that the till's API did not take, and what it said of it."""

    token: Secret
    told: str = ""


@dataclass(frozen=True, slots=True)
class Grant:
    """The pair in force and its place in the row of pairs, counted from 1.

    ``predecessor`` is the refresh token that this pair was got with. Until the access token has been used the vendor
    still takes it (facts/lightspeed.md, "Refresh tokens"), so it is the way back when this pair turns out to be lost.
    """

    version: int
    pair: TokenPair
    predecessor: Secret | None = None


@dataclass(frozen=True, slots=True)
class HookSecret:
    """What a shop signs its web hooks with, and the generation of the root that it was made of."""

    generation: str
    secret: Secret


@dataclass(frozen=True, slots=True)
class AppCredentials:
    """How a vendor knows the provider's own application.

    ``former_secret`` is the secret before this one, for as long as the vendor may still sign with it.
    """

    client_id: str
    client_secret: Secret
    former_secret: Secret | None = None

    @property
    def signing(self) -> tuple[Secret, ...]:
        """List the secrets that the vendor may have signed with."""
        return (self.client_secret, self.former_secret) if self.former_secret else (self.client_secret,)


@dataclass(frozen=True, slots=True)
class DueGrant:
    """A grant that has to be looked at. ``obtained_at`` is its newest pair's, ``None`` for keys and unfinished ones."""

    place: Place
    due_at: datetime
    obtained_at: datetime | None

    @property
    def connection_id(self) -> str:
        """Name the connection."""
        return self.place.connection_id


CLIENT_REFUSED, NO_CLIENT = "ClientRefused", "NoAppCredentials"
"""Codes of errors that concern every connection of a system and that only the operator can mend."""
CLIENT_REPLACED = "ClientReplaced"
"""Code of an error that concerns one connection, and that the operator can mend: the client is another one now."""
OPERATORS_OWN = frozenset({CLIENT_REFUSED, NO_CLIENT, CLIENT_REPLACED})


def hashed(token: str) -> str:
    """Give what is kept of a random token: enough to recognise it, useless to whoever reads it."""
    return hashlib.sha256(token.encode()).hexdigest()
