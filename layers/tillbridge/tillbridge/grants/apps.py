"""The provider's own credentials at each vendor: one secret each, ``tillbridge/{environment}/app/{system}``."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

from tillbridge.domain.errors import BrokenConnectionError, RetryLaterError, Subject
from tillbridge.domain.grant import AppCredentials
from tillbridge.domain.merchant import System
from tillbridge.grants.clock import Clock
from tillbridge.grants.memory import ShortMemory
from tillbridge.grants.secret_store import SecretStore, newest
from tillbridge.grants.stored import StoredApp, read
from tillbridge.grants.timing import OPERATOR_PAUSE

FORMER_LIFE = timedelta(hours=2)
"""How long the secret before the newest still verifies what a vendor signed: Shopify goes on signing with it for up to
an hour (facts/shopify.md, section 4)."""


@dataclass(frozen=True, slots=True)
class AppBook:
    """Client ids and secrets; ``prefix`` is the environment's, e.g. ``tillbridge/prod/``."""

    store: SecretStore
    clock: Clock
    prefix: str
    _apps: ShortMemory[System, AppCredentials] = field(default_factory=lambda: ShortMemory(timedelta(minutes=5)))

    def get(self, system: System, *, fresh: bool = False) -> AppCredentials:
        """Read the credentials; from memory for some minutes, unless ``fresh``."""
        known = None if fresh else self._apps.get(system, self.clock.now())
        if known is not None:
            return known
        content = self.store.read(self._name(system))
        if content is None:
            raise RetryLaterError(
                f"The provider's own client id and secret for {system.value} are not stored yet.",
                after=OPERATOR_PAUSE.total_seconds(),
                remedy=f"The operator stores them with `tillbridge app set {system.value}`.",
                code="NoAppCredentials",
                subject=Subject(system=system.value),
            )
        now = self.clock.now()
        return self._apps.put(system, read(StoredApp, content).app(now), now)

    def put(self, system: System, app: AppCredentials) -> None:
        """Store new credentials in the place of the old; what was signed with the old secret still counts a while."""
        known = self._known(system)
        if known and (known.client_id, known.client_secret) == (app.client_id, app.client_secret):
            return
        former = known.client_secret if known and known.client_id == app.client_id else None
        until = self.clock.now() + FORMER_LIFE if former else None
        version = newest(self.store, self._name(system)) + 1
        stored = StoredApp.of(replace(app, former_secret=former), version, until)
        self.store.write(self._name(system), stored.model_dump_json(), version)
        self._apps.forget(system)

    def _known(self, system: System) -> AppCredentials | None:
        """Find the credentials that are there; what cannot be read is replaced like nothing."""
        try:
            return self.get(system, fresh=True)
        except (RetryLaterError, BrokenConnectionError):
            return None

    def _name(self, system: System) -> str:
        return f"{self.prefix}app/{system.value}"
