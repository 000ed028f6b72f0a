"""Renew tokens before they end: the use case behind ``token_refresh``."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from tillbridge.domain.errors import BrokenConnectionError, NotFoundError, RetryLaterError, TillbridgeError
from tillbridge.domain.grant import CLIENT_REFUSED, NO_CLIENT, DueGrant
from tillbridge.domain.merchant import Connection, ConnectionState
from tillbridge.flows.connect_ports import DueGrants, Grants, Renew
from tillbridge.flows.ports import Clock, Connections, Deadline

KEEP_ALIVE = timedelta(days=20)
"""A refresh token unused for 30 days is dead for good (facts/lightspeed.md): a paused one is renewed well before."""

ABANDONED = timedelta(hours=1)
"""A grant without a connection is given up after this: the merchant did not come back, or a process died."""

STOP_MARGIN = timedelta(seconds=30)
"""No renewal begins with less time left; the refresher itself would refuse."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A grant that could not be looked after this time."""

    grant: DueGrant
    error: TillbridgeError


@dataclass(frozen=True, slots=True)
class RefreshReport:
    """What a round did. ``stopped`` says that the rest was left alone because our own credentials are refused."""

    renewed: int = 0
    dropped: int = 0
    postponed: int = 0
    broken: tuple[Trouble, ...] = ()
    later: tuple[Trouble, ...] = ()
    stopped: bool = False
    out_of_time: bool = False


@dataclass(frozen=True, slots=True)
class RefreshRound:
    """Looks after whatever is due."""

    due: DueGrants
    renew: Renew
    connections: Connections
    grants: Grants
    clock: Clock

    def run(self, deadline: Deadline) -> RefreshReport:
        """Look after what is due, longest due first, until it is done or time is up."""
        report = RefreshReport()
        for grant in self.due.due(self.clock.now()):
            if deadline.left() < STOP_MARGIN:
                return replace(report, out_of_time=True)
            report = self._look_after(grant, deadline, report)
            if report.stopped:
                return report
        return report

    def _look_after(self, grant: DueGrant, deadline: Deadline, report: RefreshReport) -> RefreshReport:
        connection = self._connection(grant)
        if connection is None or connection.state is ConnectionState.DISCONNECTED:
            return self._clear_away(grant, connection, report)
        if not connection.system.is_till:
            self.due.never(grant.connection_id)
            return replace(report, postponed=report.postponed + 1)
        if not connection.working and not self._has_to_live(grant):
            self.due.later(grant, (grant.obtained_at or self.clock.now()) + KEEP_ALIVE)
            return replace(report, postponed=report.postponed + 1)
        return self._renew(grant, connection, deadline, report)

    def _renew(
        self, grant: DueGrant, connection: Connection, deadline: Deadline, report: RefreshReport
    ) -> RefreshReport:
        try:
            self.renew(grant.connection_id, deadline)
        except BrokenConnectionError as error:
            self._break(connection, error)
            self.due.later(grant, self.clock.now() + KEEP_ALIVE)
            return replace(report, broken=(*report.broken, Trouble(grant, error)))
        except RetryLaterError as error:
            stopped = error.code in {CLIENT_REFUSED, NO_CLIENT}
            return replace(report, later=(*report.later, Trouble(grant, error)), stopped=stopped)
        return replace(report, renewed=report.renewed + 1)

    def _clear_away(self, grant: DueGrant, connection: Connection | None, report: RefreshReport) -> RefreshReport:
        """Delete a grant that nobody has, unless it may still be in the middle of being connected."""
        give_up_at = (grant.obtained_at or grant.due_at) + ABANDONED
        if connection is None and grant.obtained_at is not None and self.clock.now() < give_up_at:
            self.due.later(grant, give_up_at)
            return replace(report, postponed=report.postponed + 1)
        self.grants.drop(grant.connection_id)
        return replace(report, dropped=report.dropped + 1)

    def _has_to_live(self, grant: DueGrant) -> bool:
        return grant.obtained_at is not None and self.clock.now() - grant.obtained_at >= KEEP_ALIVE

    def _break(self, connection: Connection, error: BrokenConnectionError) -> None:
        """Pause the connection, unless it was mended while we asked."""
        current = self._connection_by_id(connection.connection_id)
        if current is not None and current.changed_at == connection.changed_at:
            self.connections.save(
                replace(
                    current,
                    state=ConnectionState.BROKEN,
                    cause=error.happened,
                    remedy=error.remedy,
                    retry_at=None,
                    changed_at=self.clock.now(),
                )
            )

    def _connection(self, grant: DueGrant) -> Connection | None:
        return self._connection_by_id(grant.connection_id)

    def _connection_by_id(self, connection_id: str) -> Connection | None:
        try:
            return self.connections.get(connection_id)
        except NotFoundError:
            return None


def troubles(report: RefreshReport) -> Iterator[Trouble]:
    """Go through everything that went wrong."""
    yield from report.broken
    yield from report.later
