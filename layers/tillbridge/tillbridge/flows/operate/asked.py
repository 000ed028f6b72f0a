"""How somebody who asked for work learns that it was done.

A lane serves its wakes in order (FIFO). So a *note* is sent behind the wakes that were asked for, and when a worker
comes to it, it writes down the time: everything before it has been served. Scheduled wakes cost nothing extra.
"""

from datetime import datetime

from tillbridge.domain.merchant import Connection, Lane
from tillbridge.domain.work import Run
from tillbridge.flows.full_read import DONE
from tillbridge.flows.ports import Clock, Runs

NOTE = "note"


def note(runs: Runs, clock: Clock, connection: Connection, lane: Lane) -> None:
    """Write down that this lane has come this far."""
    now = clock.now()
    runs.put(connection.connection_id, _name(lane), Run(kind=_name(lane), started_at=now, phase=DONE, finished_at=now))


def noted(runs: Runs, connection_id: str, lane: Lane) -> datetime | None:
    """Tell when a lane last came to a note; everything asked for before has been served."""
    run = runs.get(connection_id, _name(lane))
    return run.finished_at if run else None


def _name(lane: Lane) -> str:
    return f"asked-{lane}"
