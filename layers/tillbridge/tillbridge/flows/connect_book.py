"""Enter a remote account into the merchant's connections: a new one, or the same one with a new grant."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from tillbridge.domain.connecting import Found
from tillbridge.domain.mail import Mail, recovered_mail
from tillbridge.domain.merchant import Connection, ConnectionState, Lane, Place
from tillbridge.flows.connect_errors import other_till, taken_shop
from tillbridge.flows.ports import Clock, Connections, Lanes, Outbox

YOUNG = timedelta(hours=1)
"""A connection younger than this may never have been woken: the process that made it may have died before."""


@dataclass(frozen=True, slots=True)
class Connected:
    """A connection that works, and how it was ``before``, if it was: its links, cursors and settings are kept."""

    connection: Connection
    before: Connection | None = None

    @property
    def renewed(self) -> bool:
        """Tell whether it was there before."""
        return self.before is not None


@dataclass(frozen=True, slots=True)
class ConnectionBook:
    """Chooses which connection a found account is, and stores it."""

    connections: Connections
    lanes: Lanes
    outbox: Outbox
    clock: Clock

    def choose(self, place: Place, found: Found) -> Connected:
        """Tell which connection it will be, without storing anything; another till than the merchant's is refused."""
        for known in self.connections.of_merchant(place.merchant_id):
            if known.system is place.system and known.account_id == found.account_id:
                return Connected(self._renewed(known, found), before=known)
            if known.system.is_till and place.system.is_till:
                raise other_till(known)
        return Connected(self._new(place, found))

    def choose_alone(self, place: Place, found: Found) -> Connected:
        """Choose as above, for systems whose shop has one grant for the whole app: it belongs to one merchant."""
        for known in self.connections.of_account(place.system, found.account_id):
            if known.state is not ConnectionState.DISCONNECTED and known.merchant_id != place.merchant_id:
                raise taken_shop(found.account_id)
        return self.choose(place, found)

    def put(self, connected: Connected) -> Connected:
        """Store it and wake its lanes; the grant is in the vault already.

        That a broken one has come back is told to the merchant. The mail is asked for before and after it is stored:
        it goes out when what it says is true, and no crash between the two loses it.
        """
        connection = replace(connected.connection, granted_at=self.clock.now())
        before = connected.before
        news = [recovered_mail(before)] if before and before.state is ConnectionState.BROKEN else []
        self._tell(news)
        if connected.renewed:
            self.connections.save(connection)
        else:
            self.connections.add(connection)
        self._tell(news)
        for lane, task in self._first_tasks(connection):
            self.lanes.wake(connection, lane, task)
        return replace(connected, connection=connection)

    def _tell(self, news: Iterable[Mail]) -> None:
        for mail in news:
            self.outbox.put(mail)

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
