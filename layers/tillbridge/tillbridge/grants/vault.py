"""The grants of all connections: one secret each, ``tillbridge/{environment}/connection/{connection}``."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar

from tillbridge.domain.errors import BrokenConnectionError, Subject
from tillbridge.domain.grant import Grant, ShopKeys, TokenPair
from tillbridge.grants.clock import Clock
from tillbridge.grants.memory import ShortMemory
from tillbridge.grants.secret_store import SecretStore, VersionTakenError, newest
from tillbridge.grants.stored import StoredGrant, StoredKeys, StoredKind, read

TRIES = 5

Kept = TypeVar("Kept")


@dataclass(frozen=True, slots=True)
class Vault:
    """Tokens and keys by connection; ``prefix`` is the environment's, e.g. ``tillbridge/prod/``.

    Tokens are read once per version: the record of a grant names the version in force, and reading it costs a
    hundredth of reading a secret. So nothing that a noted rotation has replaced is ever taken from memory.
    """

    store: SecretStore
    clock: Clock
    prefix: str
    _grants: ShortMemory[str, Grant] = field(default_factory=lambda: ShortMemory(timedelta(hours=1)))
    _keys: ShortMemory[str, ShopKeys] = field(default_factory=lambda: ShortMemory(timedelta(minutes=1)))

    def tokens(self, connection_id: str, version: int | None = None) -> Grant:
        """Read the pair in force; one of this ``version`` may come from memory."""
        known = self._grants.get(connection_id, self.clock.now())
        if known is not None and known.version == version:
            return known
        grant = read(StoredGrant, self._content(connection_id), connection_id).grant()
        return self._grants.put(connection_id, grant, self.clock.now())

    def store_tokens(self, connection_id: str, grant: Grant) -> None:
        """Write the next version of a pair; ``VersionTakenError`` when another one was written meanwhile."""
        self.store.write(self._name(connection_id), StoredGrant.of(grant).model_dump_json(), grant.version)
        self._grants.put(connection_id, grant, self.clock.now())

    def replace_tokens(self, connection_id: str, pair: TokenPair) -> Grant:
        """Write a pair of a new authorisation, whatever is there; it has no predecessor."""

        def write(version: int) -> Grant:
            grant = Grant(version, pair)
            self.store_tokens(connection_id, grant)
            return grant

        return self._as_newest(connection_id, write)

    def keys(self, connection_id: str, *, fresh: bool = False) -> ShopKeys:
        """Read a shop's keys; from memory for a minute, unless ``fresh``."""
        known = None if fresh else self._keys.get(connection_id, self.clock.now())
        if known is not None:
            return known
        keys = read(StoredKeys, self._content(connection_id), connection_id).keys()
        return self._keys.put(connection_id, keys, self.clock.now())

    def replace_keys(self, connection_id: str, keys: ShopKeys) -> None:
        """Write a shop's keys, whatever is there."""

        def write(version: int) -> ShopKeys:
            content = StoredKeys.of(keys, version).model_dump_json()
            self.store.write(self._name(connection_id), content, version)
            return keys

        self._keys.put(connection_id, self._as_newest(connection_id, write), self.clock.now())

    def anything(self, connection_id: str) -> Grant | ShopKeys | None:
        """Read whatever is kept of a connection, never from memory; ``None`` when there is nothing."""
        content = self.store.read(self._name(connection_id))
        if content is None:
            return None
        kind = read(StoredKind, content, connection_id).kind
        if kind == "keys":
            return read(StoredKeys, content, connection_id).keys()
        return read(StoredGrant, content, connection_id).grant()

    def delete(self, connection_id: str) -> None:
        """Delete whatever is kept of a connection."""
        self._grants.forget(connection_id)
        self._keys.forget(connection_id)
        self.store.delete(self._name(connection_id))

    def _as_newest(self, connection_id: str, write: Callable[[int], Kept]) -> Kept:
        """Write the version after the newest; again when somebody was faster."""
        name = self._name(connection_id)
        for _ in range(TRIES - 1):
            try:
                return write(newest(self.store, name) + 1)
            except VersionTakenError:
                continue
        return write(newest(self.store, name) + 1)

    def _content(self, connection_id: str) -> str:
        content = self.store.read(self._name(connection_id))
        if content is None:
            raise BrokenConnectionError(
                "The vault holds nothing for this connection.",
                remedy="Connect the system again.",
                code="NoGrant",
                subject=Subject(connection=connection_id),
            )
        return content

    def _name(self, connection_id: str) -> str:
        return f"{self.prefix}connection/{connection_id}"
