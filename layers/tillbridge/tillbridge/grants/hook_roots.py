"""The root secret of an environment's web hooks: ``tillbridge/{environment}/hook-root``.

It is made when the first shop has something to sign. A year later it gets a successor, and stands beside it: shops
sign with the old one until each has been given the new one, within a day. Deleting it has one made from nothing, which
no shop knows: that is for a root that has leaked.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from pydantic import AwareDatetime, Field, ValidationError

from tillbridge.domain.errors import TillbridgeError
from tillbridge.domain.grant import Secret
from tillbridge.grants.derive import hkdf
from tillbridge.grants.memory import ShortMemory
from tillbridge.grants.secret_store import SecretStore, VersionTakenError
from tillbridge.grants.stored import Stored

if TYPE_CHECKING:
    from tillbridge.grants.clock import Clock

REMEMBERED_FOR = timedelta(minutes=15)
SUCCEEDED_AFTER = timedelta(days=365)
KEPT = 2
SALT = b"tillbridge web hooks"


def new_root() -> str:
    """Draw 256 bits."""
    return secrets.token_urlsafe(32)


class StoredRoot(Stored):
    """One root."""

    secret: str = Field(min_length=32, repr=False)
    made_at: AwareDatetime


class StoredRoots(Stored):
    """The newest root and the one before it."""

    version: int = Field(ge=1)
    roots: tuple[StoredRoot, ...] = Field(min_length=1, max_length=KEPT)


@dataclass(frozen=True, slots=True)
class Root:
    """A root by its ``generation``, a name that tells it from others and tells nothing about it."""

    generation: str
    _secret: Secret = field(repr=False)

    @classmethod
    def of(cls, secret: str) -> "Root":
        """Name a root."""
        return cls(hkdf(secret.encode(), SALT, b"generation", 6).hex(), Secret(secret))

    def derive(self, info: bytes) -> bytes:
        """Make the secret for one purpose, 32 bytes."""
        return hkdf(self._secret.reveal().encode(), SALT, info)


@dataclass(frozen=True, slots=True)
class HookRoots:
    """The roots, newest first; ``name`` is the secret's. A process remembers them for a while."""

    store: SecretStore
    clock: "Clock"
    name: str
    draw: Callable[[], str] = new_root
    _known: ShortMemory[str, tuple[Root, ...]] = field(default_factory=lambda: ShortMemory(REMEMBERED_FOR))

    def kept(self, knowing: str = "") -> tuple[Root, ...]:
        """Give the roots, none when none was made; read afresh if none remembered is of this generation."""
        now = self.clock.now()
        known = self._known.get(self.name, now)
        if known and (not knowing or any(root.generation == knowing for root in known)):
            return known
        stored = self._read()
        return self._known.put(self.name, _roots(stored), now) if stored else ()

    def newest(self) -> Root:
        """Give the root to sign with from now on: made if there is none, succeeded if it is a year old."""
        stored = self._read()
        if stored is None or self.clock.now() - stored.roots[0].made_at >= SUCCEEDED_AFTER:
            stored = self._succeed(stored)
        return self._known.put(self.name, _roots(stored), self.clock.now())[0]

    def _succeed(self, before: StoredRoots | None) -> StoredRoots:
        """Put a new root in front; when somebody was faster, theirs counts."""
        made = StoredRoot(secret=self.draw(), made_at=self.clock.now())
        former = before.roots[: KEPT - 1] if before else ()
        fresh = StoredRoots(version=before.version + 1 if before else 1, roots=(made, *former))
        try:
            self.store.write(self.name, fresh.model_dump_json(), fresh.version)
        except VersionTakenError:
            return self._read() or self._succeed(None)  # or theirs was deleted again
        return fresh

    def _read(self) -> StoredRoots | None:
        content = self.store.read(self.name)
        if content is None:
            return None
        try:
            return StoredRoots.model_validate_json(content)
        except ValidationError:
            raise TillbridgeError(
                f"What the vault holds as {self.name} is not as it was written.",
                remedy="Delete this secret: it is made anew, and every shop's hooks get theirs within a day.",
                code="UnreadableHookRoot",
            ) from None


def _roots(stored: StoredRoots) -> tuple[Root, ...]:
    return tuple(Root.of(root.secret) for root in stored.roots)
