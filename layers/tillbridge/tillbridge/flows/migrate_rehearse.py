"""A rehearsal: everything that a switch does, for real, but the switch.

No mail goes out, and no stage beyond *verified* is reached.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from tillbridge.domain.errors import TillbridgeError
from tillbridge.domain.migration import ASKED_OF_MERCHANT, Migration, Stage
from tillbridge.flows.migrate_ports import Case
from tillbridge.flows.migrate_steps import Mover
from tillbridge.flows.ports import Deadline, Merchants

COMPARED = frozenset({Stage.AUTHORISED, Stage.VERIFIED})


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """How it would go. With no ``obstacles`` the switch can be made now."""

    migration: Migration
    obstacles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """Rehearses the switch of one connection. ``look`` calls the system through the credential that serves."""

    mover: Mover
    merchants: Merchants
    look: Callable[[Case, Deadline], None]

    def run(self, case: Case, deadline: Deadline) -> Rehearsed:
        """Try each thing that a switch leans on."""
        obstacles = [*self._serving(case, deadline), *self._asking(case)]
        migration = case.migration
        if migration.stage in COMPARED:
            migration = self.mover.verify(case, deadline)
            obstacles += [migration.problem] if migration.problem else []
        obstacles += self._way_back(replace(case, migration=migration))
        return Rehearsed(migration, tuple(obstacles))

    def _serving(self, case: Case, deadline: Deadline) -> Iterator[str]:
        """Look through the credential that serves today."""
        try:
            self.look(case, deadline)
        except TillbridgeError as error:
            yield error.happened

    def _asking(self, case: Case) -> Iterator[str]:
        """See whether the merchant can be asked, where that is still to be done."""
        if case.migration.stage not in ASKED_OF_MERCHANT:
            return
        yield f"The new {case.event.new} is not there yet."
        if not self.merchants.get(case.connection.merchant_id).email:
            yield "No mail address of the merchant is known."

    def _way_back(self, case: Case) -> Iterator[str]:
        """See whether the old credential would still be there after the switch."""
        if case.migration.served_by_old and self.mover.credentials.old(case.connection) is None:
            yield f"The vault holds no {case.event.old}: there would be no way back."
