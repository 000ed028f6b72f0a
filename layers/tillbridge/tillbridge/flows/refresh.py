"""Renew tokens before they end: the use case behind ``token_refresh``."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import reduce
from itertools import islice

from tillbridge.domain.errors import BrokenConnectionError, NotFoundError, RetryLaterError, TillbridgeError
from tillbridge.domain.grant import CLIENT_REFUSED, NO_CLIENT, OPERATORS_OWN, DueGrant
from tillbridge.domain.merchant import Connection, ConnectionState
from tillbridge.flows.connect_ports import DueGrants, Grants, Renew
from tillbridge.flows.lane_work import Register, break_off
from tillbridge.flows.ports import Clock, Deadline

KEEP_ALIVE = timedelta(days=20)
"""A refresh token unused for 30 days is dead for good (facts/lightspeed.md), of a Shopify shop after 90
(facts/shopify.md, section 3): a paused one is renewed well before."""

ABANDONED = timedelta(hours=1)
"""A grant without a connection is given up after this: the merchant did not come back, or a process died."""

AT_ONCE = 16
"""Grants that are looked after at the same time: the token server's answers take longer than all the rest."""

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

    @property
    def for_the_operator(self) -> int:
        """Count the failures that only the operator can mend."""
        return sum(trouble.error.code in OPERATORS_OWN for trouble in self.later)


def _none_is_spared(_: Connection, __: BrokenConnectionError) -> bool:
    """Let no connection go on without its grant."""
    return False


@dataclass(frozen=True, slots=True)
class RefreshRound:
    """Looks after whatever is due."""

    due: DueGrants
    renew: Renew
    register: Register
    grants: Grants
    spared: Callable[[Connection, BrokenConnectionError], bool] = _none_is_spared
    """Hears of a dead grant first; tells whether work goes on without it."""

    @property
    def clock(self) -> Clock:
        """Tell the time."""
        return self.register.clock

    def run(self, deadline: Deadline) -> RefreshReport:
        """Look after what is due, longest due first, until it is done or time is up.

        The first goes alone: when our own credentials are refused, the vendor shall not see that many times.
        """
        report, due = RefreshReport(), iter(self.due.due(self.clock.now()))
        with ThreadPoolExecutor(AT_ONCE) as pool:
            size = 1
            while batch := list(islice(due, size)):
                if deadline.left() < STOP_MARGIN:
                    return replace(report, out_of_time=True)
                done = pool.map(lambda grant: self._look_after(grant, deadline), batch)
                report, size = reduce(_together, done, report), AT_ONCE
                if report.stopped:
                    break
        return report

    def _look_after(self, grant: DueGrant, deadline: Deadline) -> RefreshReport:
        connection = self._connection(grant)
        if connection is None or connection.state is ConnectionState.DISCONNECTED:
            return self._clear_away(grant, connection)
        if not connection.system.is_till and grant.obtained_at is None:  # keys, which never end by themselves
            self.due.never(grant.connection_id)
            return RefreshReport(postponed=1)
        if not connection.working and not self._has_to_live(grant):
            self.due.later(grant, (grant.obtained_at or self.clock.now()) + KEEP_ALIVE)
            return RefreshReport(postponed=1)
        return self._renew(grant, connection, deadline)

    def _renew(self, grant: DueGrant, connection: Connection, deadline: Deadline) -> RefreshReport:
        try:
            self.renew(grant.place, deadline)
        except BrokenConnectionError as error:
            if self.spared(connection, error):
                self.due.never(grant.connection_id)
                return RefreshReport(later=(Trouble(grant, error),))
            self._break(connection, error)
            self.due.later(grant, self.clock.now() + KEEP_ALIVE)
            return RefreshReport(broken=(Trouble(grant, error),))
        except RetryLaterError as error:
            stopped = error.code in {CLIENT_REFUSED, NO_CLIENT}
            return RefreshReport(later=(Trouble(grant, error),), stopped=stopped)
        return RefreshReport(renewed=1)

    def _clear_away(self, grant: DueGrant, connection: Connection | None) -> RefreshReport:
        """Delete a grant that nobody has, unless it may still be in the middle of being connected."""
        give_up_at = (grant.obtained_at or grant.due_at) + ABANDONED
        if connection is None and grant.obtained_at is not None and self.clock.now() < give_up_at:
            self.due.later(grant, give_up_at)
            return RefreshReport(postponed=1)
        self.grants.drop(grant.place)
        return RefreshReport(dropped=1)

    def _has_to_live(self, grant: DueGrant) -> bool:
        return grant.obtained_at is not None and self.clock.now() - grant.obtained_at >= KEEP_ALIVE

    def _break(self, connection: Connection, error: BrokenConnectionError) -> None:
        """Pause the connection, unless it was mended while we asked."""
        current = self._connection_by_id(connection.connection_id)
        if current is not None:
            break_off(self.register, current, error, since=connection.changed_at)

    def _connection(self, grant: DueGrant) -> Connection | None:
        return self._connection_by_id(grant.connection_id)

    def _connection_by_id(self, connection_id: str) -> Connection | None:
        try:
            return self.register.connections.get(connection_id)
        except NotFoundError:
            return None


def _together(one: RefreshReport, other: RefreshReport) -> RefreshReport:
    return RefreshReport(
        renewed=one.renewed + other.renewed,
        dropped=one.dropped + other.dropped,
        postponed=one.postponed + other.postponed,
        broken=one.broken + other.broken,
        later=one.later + other.later,
        stopped=one.stopped or other.stopped,
    )


def troubles(report: RefreshReport) -> Iterator[Trouble]:
    """Go through everything that went wrong."""
    yield from report.broken
    yield from report.later
