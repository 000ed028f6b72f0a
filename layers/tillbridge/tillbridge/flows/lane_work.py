"""One wake of one lane: do the work, keep the connection's state true, and say whether more is left."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tillbridge.domain.errors import (
    BrokenConnectionError,
    MissingRightError,
    RetryLaterError,
    TillbridgeError,
    UnauthorisedError,
)
from tillbridge.domain.mail import reconnect_mail
from tillbridge.domain.merchant import Connection, ConnectionState
from tillbridge.flows.lane_fence import LaneHaltedError, LaneTakenError
from tillbridge.flows.ports import Clock, Connections, Outbox

REST = timedelta(seconds=30)
"""How long a system in trouble is left alone when it did not say."""


def _no_relief(_: Connection, __: BrokenConnectionError) -> bool:
    """Know of no connection that something else takes over."""
    return False


@dataclass(frozen=True, slots=True)
class Register:
    """Where the state of connections is kept, and whom it is told to.

    ``relief`` hears of a connection that is about to pause; it tells whether another credential takes
    over by itself.
    """

    connections: Connections
    outbox: Outbox
    clock: Clock
    relief: Callable[[Connection, BrokenConnectionError], bool] = _no_relief


def in_state(register: Register, connection: Connection, work: Callable[[], bool]) -> bool:
    """Run ``work`` for a connection and note how the remote system is; returns whether ``work`` finished.

    - ``RetryLaterError``: the connection is troubled, and the error goes on so that the queue repeats the wake.
    - ``BrokenConnectionError``: the connection pauses. Its marks and cursors stay, and the wake is used up: whoever
      mends the connection wakes it again. The merchant gets a mail when it is the grant that has to be mended, and
      nothing takes over.
    - ``LaneTakenError``: another worker serves the lane. That says nothing of the system; the wake is repeated.
    - ``LaneHaltedError``: the connection was paused or ended meanwhile. The wake is used up, as above.
    - success: a troubled connection is active again.

    A connection that was paused, broken or ended meanwhile stays so, whatever came of the work.
    """
    connections, clock = register.connections, register.clock
    try:
        finished = work()
    except LaneTakenError:
        raise
    except LaneHaltedError:
        return True
    except RetryLaterError as error:
        newest = _newest(connections, connection)
        if newest is None or not newest.working:
            return True
        retry_at = clock.now() + (timedelta(seconds=error.after) if error.after else REST)
        troubled = _because(newest, ConnectionState.TROUBLED, error, clock)
        connections.save(replace(troubled, retry_at=retry_at))
        raise
    except BrokenConnectionError as error:
        newest = _newest(connections, connection)
        if newest is not None:
            break_off(register, newest, error, since=connection.changed_at)
        return True
    if connection.state is ConnectionState.TROUBLED:
        _recovered(connections, clock, connection)
    return finished


def break_off(register: Register, newest: Connection, error: BrokenConnectionError, *, since: datetime) -> None:
    """Pause a connection, unless it was mended after ``since``, while we worked with what it was.

    The mail is asked for first. Whoever dies in between leaves a connection that is met again, and the mail's key lets
    only one go out. One that the operator has paused stays so, and is met again when its work is resumed.
    """
    if newest.changed_at != since:
        return
    relieved = register.relief(newest, error)
    if isinstance(error, (UnauthorisedError, MissingRightError)) and not relieved:
        register.outbox.put(reconnect_mail(newest, error.happened, error.remedy))
    if newest.state is not ConnectionState.PAUSED:
        register.connections.save(_because(newest, ConnectionState.BROKEN, error, register.clock))


def _recovered(connections: Connections, clock: Clock, connection: Connection) -> None:
    newest = _newest(connections, connection)
    if newest and newest.state is ConnectionState.TROUBLED:
        active = replace(newest, state=ConnectionState.ACTIVE, cause="", remedy="", retry_at=None)
        connections.save(replace(active, changed_at=clock.now()))


def _newest(connections: Connections, connection: Connection) -> Connection | None:
    """Read a connection again: the work may have noted something with it, e.g. how its web hooks are.

    ``None`` when it was disconnected meanwhile.
    """
    siblings = connections.of_merchant(connection.merchant_id)
    return next((one for one in siblings if one.connection_id == connection.connection_id), None)


def _because(connection: Connection, state: ConnectionState, error: TillbridgeError, clock: Clock) -> Connection:
    return replace(
        connection, state=state, cause=error.happened, remedy=error.remedy, retry_at=None, changed_at=clock.now()
    )
