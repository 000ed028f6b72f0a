"""Enter a remote account into the merchant's connections: a new one, or the same one with a new grant."""

from dataclasses import dataclass, replace
from datetime import timedelta

from tillbridge.domain.connecting import Found
from tillbridge.domain.merchant import Connection, ConnectionState, Lane, System
from tillbridge.flows.connect_errors import other_till
from tillbridge.flows.ports import Clock, Connections, Lanes

YOUNG = timedelta(hours=1)
"""A connection younger than this may never have been woken: the process that made it may have died before."""


@dataclass(frozen=True, slots=True)
class Connected:
    """A connection that works. ``renewed`` tells that it was there before; its links, cursors and settings are kept."""

    connection: Connection
    renewed: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Whose a new connection would be, and under which id."""

    merchant_id: str
    system: System
    connection_id: str


@dataclass(frozen=True, slots=True)
class ConnectionBook:
    """Chooses which connection a found account is, and stores it."""

    connections: Connections
    lanes: Lanes
    clock: Clock

    def choose(self, place: Place, found: Found) -> Connected:
        """Tell which connection it will be, without storing anything; another till than the merchant's is refused."""
        for known in self.connections.of_merchant(place.merchant_id):
            if known.system is place.system and known.account_id == found.account_id:
                return Connected(self._renewed(known, found), renewed=True)
            if known.system.is_till and place.system.is_till:
                raise other_till(known)
        return Connected(self._new(place, found), renewed=False)

    def put(self, connected: Connected) -> Connected:
        """Store it and wake its lanes; the grant is in the vault already."""
        connection = connected.connection
        if connected.renewed:
            self.connections.save(connection)
        else:
            self.connections.add(connection)
        for lane, task in self._first_tasks(connection):
            self.lanes.wake(connection, lane, task)
        return connected

    def _renewed(self, known: Connection, found: Found) -> Connection:
        """Give it its new grant's traits, and let it work; one that the operator has paused stays so."""
        fresh = replace(
            known,
            account_name=found.name,
            traits={**known.traits, **found.traits},
            changed_at=self.clock.now(),
        )
        if known.state is ConnectionState.PAUSED:
            return fresh
        return replace(fresh, state=ConnectionState.ACTIVE, cause="", remedy="", retry_at=None)

    def _new(self, place: Place, found: Found) -> Connection:
        now = self.clock.now()
        return Connection(
            connection_id=place.connection_id,
            merchant_id=place.merchant_id,
            system=place.system,
            account_id=found.account_id,
            account_name=found.name,
            address=found.address,
            traits=found.traits,
            created_at=now,
            changed_at=now,
        )

    def _first_tasks(self, connection: Connection) -> tuple[tuple[Lane, str], ...]:
        """Say what to begin with: everything when it is new, what was missed when it comes back."""
        young = self.clock.now() - connection.created_at < YOUNG
        if connection.system.is_till:
            return ((Lane.STOCK, "poll"), (Lane.CATALOGUE, "full" if young else "poll"))
        return ((Lane.STOCK, "orders"), (Lane.CATALOGUE, "resync" if young else "push"))
