"""The grants of all connections, one secret each.

They are named ``tillbridge/{environment}/connection/{system}/{merchant}/{connection}`` and tagged with the same.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from tillbridge.domain.errors import BrokenConnectionError, Subject
from tillbridge.domain.grant import Grant, Secret, TokenPair
from tillbridge.domain.merchant import Place
from tillbridge.domain.shop_keys import ShopKeys
from tillbridge.grants.clock import Clock
from tillbridge.grants.memory import ShortMemory
from tillbridge.grants.secret_store import SecretStore, VersionTakenError, newest, path_of, tags_of
from tillbridge.grants.stored import StoredGrant, StoredKeys, StoredKind, StoredOld, read

TRIES = 5
SKEW = timedelta(seconds=5)
"""By how much the clocks of two functions may differ."""

Kept = TypeVar("Kept")


@dataclass(frozen=True, slots=True)
class Vault:
    """Tokens and keys by connection; ``prefix`` is the environment's, e.g. ``tillbridge/prod/``.

    Tokens are read once per version: the record of a grant names the version in force, and reading it costs a
    hundredth of reading a secret. So nothing that a noted rotation has replaced is ever taken from memory. The same
    holds for keys, by the time at which their connection was last authorised.

    A credential of an old kind stands beside them in a secret of its own, whose name ends in ``/old``: it can be
    destroyed for good, while of a secret that was overwritten the version before would remain.
    """

    store: SecretStore
    clock: Clock
    prefix: str
    _grants: ShortMemory[Place, Grant] = field(default_factory=lambda: ShortMemory(timedelta(hours=1)))
    _keys: ShortMemory[Place, ShopKeys] = field(default_factory=lambda: ShortMemory(timedelta(minutes=1)))
    _granted: ShortMemory[Place, bool] = field(default_factory=lambda: ShortMemory(timedelta(minutes=1)))
    _old: ShortMemory[Place, Secret] = field(default_factory=lambda: ShortMemory(timedelta(minutes=1)))

    def tokens(self, place: Place, version: int | None = None) -> Grant:
        """Read the pair in force; one of this ``version`` may come from memory."""
        known = self._grants.get(place, self.clock.now())
        if known is not None and known.version == version:
            return known
        grant = read(StoredGrant, self._content(place), place.connection_id).grant()
        return self._grants.put(place, grant, self.clock.now())

    def store_tokens(self, place: Place, grant: Grant) -> None:
        """Write the next version of a pair; ``VersionTakenError`` when another one was written meanwhile."""
        self.store.write(self._name(place), StoredGrant.of(grant).model_dump_json(), grant.version, tags_of(place))
        self._grants.put(place, grant, self.clock.now())

    def replace_tokens(self, place: Place, pair: TokenPair) -> Grant:
        """Write a pair of a new authorisation, whatever is there; it has no predecessor."""

        def write(version: int) -> Grant:
            grant = Grant(version, pair)
            self.store_tokens(place, grant)
            return grant

        return self._as_newest(place, write)

    def keys(self, place: Place, since: datetime) -> ShopKeys:
        """Read a shop's keys; from memory for a minute, unless they were replaced at ``since``, which is later."""
        known = self._keys.get(place, self.clock.now(), since=since + SKEW)
        if known is not None:
            return known
        keys = read(StoredKeys, self._content(place), place.connection_id).keys()
        return self._keys.put(place, keys, self.clock.now())

    def keys_or_grant(self, place: Place, since: datetime) -> ShopKeys | None:
        """Read a shop's keys as above; ``None`` when a grant serves it. Which of the two is remembered for a minute."""
        if self._granted.get(place, self.clock.now(), since=since + SKEW):
            return None
        known = self._keys.get(place, self.clock.now(), since=since + SKEW)
        if known is None and read(StoredKind, self._content(place), place.connection_id).kind == "tokens":
            self._granted.put(place, True, self.clock.now())
            return None
        return known or self.keys(place, since)

    def replace_keys(self, place: Place, keys: ShopKeys) -> None:
        """Write a shop's keys, whatever is there."""

        def write(version: int) -> ShopKeys:
            content = StoredKeys.of(keys, version).content()
            self.store.write(self._name(place), content, version, tags_of(place))
            return keys

        self._keys.put(place, self._as_newest(place, write), self.clock.now())

    def anything(self, place: Place) -> Grant | ShopKeys | None:
        """Read whatever is kept of a connection, never from memory; ``None`` when there is nothing."""
        content = self.store.read(self._name(place))
        if content is None:
            return None
        kind = read(StoredKind, content, place.connection_id).kind
        if kind == "keys":
            return read(StoredKeys, content, place.connection_id).keys()
        return read(StoredGrant, content, place.connection_id).grant()

    def old(self, place: Place) -> Secret | None:
        """Read the credential of an old kind; from memory for a minute. That there is none is not remembered."""
        if known := self._old.get(place, self.clock.now()):
            return known
        content = self.store.read(self._old_name(place))
        if content is None:
            return None
        credential = read(StoredOld, content, place.connection_id).credential()
        return self._old.put(place, credential, self.clock.now())

    def keep_old(self, place: Place, credential: Secret) -> None:
        """Write a credential of an old kind; writing the same again does nothing."""
        self._old.forget(place)
        if self.old(place) != credential:
            version = newest(self.store, self._old_name(place)) + 1
            content = StoredOld.of(credential, version).model_dump_json()
            self.store.write(self._old_name(place), content, version, tags_of(place))
            self._old.forget(place)

    def destroy_old(self, place: Place) -> None:
        """Delete the credential of an old kind for good; none there is no error."""
        self._old.forget(place)
        self.store.delete(self._old_name(place))

    def keep_pending(self, place: Place, told: Secret) -> None:
        """Write what waits for somebody to come back, in the place of whatever waited."""
        name = self._pending_name(place)
        version = newest(self.store, name) + 1
        self.store.write(name, StoredOld.of(told, version).model_dump_json(), version, tags_of(place))

    def pending(self, place: Place) -> Secret | None:
        """Read what waits; ``None`` when there is nothing."""
        content = self.store.read(self._pending_name(place))
        return read(StoredOld, content, place.connection_id).credential() if content is not None else None

    def delete_pending(self, place: Place) -> None:
        """Delete what waits; none there is no error."""
        self.store.delete(self._pending_name(place))

    def delete(self, place: Place) -> None:
        """Delete whatever is kept of a connection."""
        self._grants.forget(place)
        self._keys.forget(place)
        self._granted.forget(place)
        self.delete_pending(place)
        self.destroy_old(place)
        self.store.delete(self._name(place))

    def _as_newest(self, place: Place, write: Callable[[int], Kept]) -> Kept:
        """Write the version after the newest; again when somebody was faster."""
        name = self._name(place)
        for _ in range(TRIES - 1):
            try:
                return write(newest(self.store, name) + 1)
            except VersionTakenError:
                continue
        return write(newest(self.store, name) + 1)

    def _content(self, place: Place) -> str:
        content = self.store.read(self._name(place))
        if content is None:
            raise BrokenConnectionError(
                "The vault holds nothing for this connection.",
                remedy="Connect the system again.",
                code="NoGrant",
                subject=Subject(merchant=place.merchant_id, connection=place.connection_id),
            )
        return content

    def _pending_name(self, place: Place) -> str:
        return f"{self._name(place)}/pending"

    def _old_name(self, place: Place) -> str:
        return f"{self._name(place)}/old"

    def _name(self, place: Place) -> str:
        return f"{self.prefix}connection/{path_of(place)}"
