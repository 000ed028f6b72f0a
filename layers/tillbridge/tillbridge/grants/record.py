"""What the table knows of a grant. The tokens themselves are in the vault; this is the lease and the time table."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from tillbridge.domain.grant import TokenPair
from tillbridge.domain.merchant import Place
from tillbridge.domain.pauses import pause_after
from tillbridge.grants.timing import ATTEMPTS, ATTEMPTS_WITHIN, EARLY_SHARE, LEASE, LONGEST_PAUSE

SHARDS = 16


class DeathCause(StrEnum):
    """Why the vendor no longer takes a grant, as far as we can tell."""

    REVOKED = "revoked"  # by the merchant
    EMPLOYEE = "employee"  # locked, or with fewer rights
    IDLE = "idle"  # unused for 30 days
    SPENT_TWICE = "spent_twice"  # an answer with the next pair never reached us, and its predecessor is worth nothing
    CLIENT = "client"  # our own client was replaced or disabled: this alone never ends a grant
    UNINSTALLED = "uninstalled"  # the app was taken out of the shop
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Death:
    """A dead grant, why, and what shows it. ``evidence`` holds no token."""

    at: datetime
    cause: DeathCause
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantRecord:
    """The record ``C#{connection} | GRANT``.

    ``version`` is the pair it speaks of, 0 before the first; the vault may already hold a newer one. ``fence`` grows
    with every lease. ``doubt_at`` is set when a refresh begins and cleared when its outcome is known, so that it
    outlives a crash and a lost answer. ``forbidden_at`` is when the till last refused to let us read something, namely
    ``forbidden``. ``due_at`` is when ``token_refresh`` looks at it, ``None`` for never.
    """

    place: Place
    version: int = 0
    fence: int = 0
    lease_until: datetime | None = None
    attempts: tuple[datetime, ...] = ()
    failures: int = 0
    retry_at: datetime | None = None
    doubt_at: datetime | None = None
    forbidden_at: datetime | None = None
    forbidden: str = ""
    death: Death | None = None
    due_at: datetime | None = None

    @property
    def connection_id(self) -> str:
        """Name the connection."""
        return self.place.connection_id

    def attempts_at(self, now: datetime) -> tuple[datetime, ...]:
        """List the attempts that the vendor still counts."""
        return tuple(moment for moment in self.attempts if now - moment < ATTEMPTS_WITHIN)

    def attempting(self, now: datetime, *, fence: int) -> "GrantRecord":
        """Count an attempt under the lease with this fence. ``doubt_at`` still tells of earlier ones only."""
        attempts = (*self.attempts_at(now), now)
        return replace(self, fence=fence, lease_until=now + LEASE, attempts=attempts)

    def free_at(self, now: datetime) -> datetime:
        """Tell when the next attempt may be made, by the vendor's limit and by our pause after a failure."""
        recent = sorted(self.attempts_at(now))
        allowed = recent[-ATTEMPTS] + ATTEMPTS_WITHIN if len(recent) >= ATTEMPTS else now
        return max(now, allowed, self.retry_at or now)


def pause(failures: int) -> timedelta:
    """Tell how long to leave the token server alone after so many failures in a row."""
    return min(pause_after(failures), LONGEST_PAUSE)


def due_at(connection_id: str, pair: TokenPair) -> datetime:
    """Tell when ``token_refresh`` should renew: with a third of the life left, a little later for some than for others.

    Tokens that were got together, as after an outage, would otherwise be renewed together for ever.
    """
    life = pair.expires_at - pair.obtained_at
    return pair.expires_at - life / EARLY_SHARE + life / (4 * EARLY_SHARE) * _share(connection_id)


def shard_of(connection_id: str) -> int:
    """Give a connection its part of the index."""
    return _digest(connection_id) % SHARDS


def _share(connection_id: str) -> float:
    return _digest(connection_id) % 1000 / 1000


def _digest(connection_id: str) -> int:
    return int.from_bytes(hashlib.sha256(connection_id.encode()).digest()[:8], "big")
