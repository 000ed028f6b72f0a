"""The secrets that shops sign their web hooks with: one each, made of the environment's root and kept nowhere.

A secret of its own for every shop would cost 0.40 $ a month each. Shops that were connected before have one, under
``tillbridge/{environment}/hook/{system}/{merchant}/{connection}``; it counts until their hooks have been given the
derived one, and is deleted then.
"""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from tillbridge.domain.grant import HookSecret, Secret
from tillbridge.domain.merchant import Place
from tillbridge.grants.hook_roots import HookRoots, Root
from tillbridge.grants.memory import ShortMemory
from tillbridge.grants.secret_store import SecretStore, path_of

if TYPE_CHECKING:
    from tillbridge.grants.clock import Clock

REMEMBERED_FOR = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class HookSecrets:
    """Hook secrets by connection; ``prefix`` is the environment's, e.g. ``tillbridge/prod/``."""

    roots: HookRoots
    store: SecretStore
    clock: "Clock"
    prefix: str
    _stored: ShortMemory[Place, Secret] = field(default_factory=lambda: ShortMemory(REMEMBERED_FOR))

    @classmethod
    def of(cls, store: SecretStore, clock: "Clock", prefix: str) -> "HookSecrets":
        """Make them of the vault."""
        return cls(HookRoots(store, clock, f"{prefix}hook-root"), store, clock, prefix)

    def current(self, place: Place) -> HookSecret:
        """Give what this shop's hooks should sign with; the root is made if there is none."""
        return _derived(self.roots.newest(), place)

    def accepted(self, place: Place, generation: str) -> Sequence[Secret]:
        """Give what a delivery may be signed with, likeliest first.

        ``generation`` is the last that the shop's hooks were surely given, "" for none. Older ones are not believed any
        more; newer ones are, because hooks are given a secret before that is noted.
        """
        derived = [_derived(root, place) for root in self.roots.kept(generation)]
        names = [one.generation for one in derived]
        believed = derived[: names.index(generation) + 1] if generation in names else derived
        likeliest = sorted(believed, key=lambda one: one.generation != generation)
        former = None if generation else self._own(place)
        return [*([former] if former else []), *(one.secret for one in likeliest)]

    def forget_own(self, place: Place) -> None:
        """Delete the secret that a shop had for itself, if it had one."""
        self._stored.forget(place)
        self.store.delete(self._name(place))

    def _own(self, place: Place) -> Secret | None:
        if known := self._stored.get(place, self.clock.now()):
            return known
        content = self.store.read(self._name(place))
        return self._stored.put(place, Secret(content), self.clock.now()) if content else None

    def _name(self, place: Place) -> str:
        return f"{self.prefix}hook/{path_of(place)}"


def _derived(root: Root, place: Place) -> HookSecret:
    """Make a connection's secret, in letters that every shop's settings take."""
    info = json.dumps([place.system.value, place.merchant_id, place.connection_id, root.generation])
    text = base64.urlsafe_b64encode(root.derive(info.encode())).decode().rstrip("=")
    return HookSecret(root.generation, Secret(text))
