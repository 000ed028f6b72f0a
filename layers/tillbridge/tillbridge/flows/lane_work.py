"""One wake of one lane: do the work, keep the connection's state true, and say whether more is left."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from tillbridge.domain.errors import BrokenConnectionError, RetryLaterError, TillbridgeError
from tillbridge.domain.merchant import Connection, ConnectionState
from tillbridge.flows.ports import Clock, Connections

REST = timedelta(seconds=30)
"""How long a system in trouble is left alone when it did not say."""


def in_state(connections: Connections, clock: Clock, connection: Connection, work: Callable[[], bool]) -> bool:
    """Run ``work`` for a connection and note how the remote system is; returns whether ``work`` finished.

    - ``RetryLaterError``: the connection is troubled, and the error goes on so that the queue repeats the wake.
    - ``BrokenConnectionError``: the connection pauses. Its marks and cursors stay, and the wake is used up: whoever
      mends the connection wakes it again.
    - success: a troubled connection is active again.
    """
    try:
        finished = work()
    except RetryLaterError as error:
        retry_at = clock.now() + (timedelta(seconds=error.after) if error.after else REST)
        troubled = _because(_newest(connections, connection), ConnectionState.TROUBLED, error, clock)
        connections.save(replace(troubled, retry_at=retry_at))
        raise
    except BrokenConnectionError as error:
        newest = _newest(connections, connection)
        if newest.changed_at == connection.changed_at:  # otherwise it was mended while we worked with what it was
            connections.save(_because(newest, ConnectionState.BROKEN, error, clock))
        return True
    if connection.state is ConnectionState.TROUBLED:
        active = replace(_newest(connections, connection), state=ConnectionState.ACTIVE, cause="", remedy="")
        connections.save(replace(active, retry_at=None, changed_at=clock.now()))
    return finished


def _newest(connections: Connections, connection: Connection) -> Connection:
    """Read a connection again: the work may have noted something with it, e.g. how its web hooks are."""
    siblings = connections.of_merchant(connection.merchant_id)
    return next((one for one in siblings if one.connection_id == connection.connection_id), connection)


def _because(connection: Connection, state: ConnectionState, error: TillbridgeError, clock: Clock) -> Connection:
    return replace(
        connection, state=state, cause=error.happened, remedy=error.remedy, retry_at=None, changed_at=clock.now()
    )
