"""The secrets that shops sign their web hooks with: one each.

They are named ``tillbridge/{environment}/hook/{system}/{merchant}/{connection}``.

They stand apart from the grants, so that the function which takes web hooks can read these and nothing else.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from tillbridge.domain.grant import Secret
from tillbridge.domain.merchant import Place
from tillbridge.grants.memory import ShortMemory
from tillbridge.grants.secret_store import SecretStore, VersionTakenError, path_of, tags_of

if TYPE_CHECKING:
    from tillbridge.grants.clock import Clock

REMEMBERED_FOR = timedelta(minutes=5)
FIRST = 1


def new_hook_secret() -> str:
    """Draw 256 bits, in letters that every shop's settings take."""
    return secrets.token_urlsafe(32)


@dataclass(frozen=True, slots=True)
class HookSecrets:
    """Hook secrets by connection; ``prefix`` is the environment's, e.g. ``tillbridge/prod/``.

    A secret is made once and never changed. That there is none is not remembered: it may be made any moment.
    """

    store: SecretStore
    clock: "Clock"
    prefix: str
    draw: Callable[[], str] = new_hook_secret
    _known: ShortMemory[Place, Secret] = field(default_factory=lambda: ShortMemory(REMEMBERED_FOR))

    def find(self, place: Place) -> Secret | None:
        """Give the secret, from memory for some minutes; ``None`` when none was made."""
        if known := self._known.get(place, self.clock.now()):
            return known
        content = self.store.read(self._name(place))
        return self._known.put(place, Secret(content), self.clock.now()) if content else None

    def make(self, place: Place) -> Secret:
        """Make the secret; when somebody was faster, theirs counts."""
        made = Secret(self.draw())
        try:
            self.store.write(self._name(place), made.reveal(), FIRST, tags_of(place))
        except VersionTakenError:
            return self.find(place) or self.make(place)  # or theirs was deleted again
        return self._known.put(place, made, self.clock.now())

    def delete(self, place: Place) -> None:
        """Delete the secret; from then on nothing is believed to come from this shop."""
        self._known.forget(place)
        self.store.delete(self._name(place))

    def _name(self, place: Place) -> str:
        return f"{self.prefix}hook/{path_of(place)}"
