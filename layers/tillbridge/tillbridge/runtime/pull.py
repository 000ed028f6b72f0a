"""The composition root of ``pull_lightspeed``: what each wake of a till's lanes means."""

from functools import cache

from tillbridge.domain.merchant import Connection, Lane
from tillbridge.flows.fanout import RECHECK
from tillbridge.flows.full_read import full_read, resume
from tillbridge.flows.ports import Deadline
from tillbridge.flows.ports_guard import Rechecks
from tillbridge.flows.pull import poll_items, poll_matrices, poll_stock
from tillbridge.flows.reader import PullReport, TillReader
from tillbridge.flows.recheck import recheck
from tillbridge.runtime import observe
from tillbridge.runtime.container import Container, container
from tillbridge.runtime.messages import WakeMessage
from tillbridge.runtime.queue import LaneWorker


@cache
def worker() -> LaneWorker:
    """Build the worker once per process."""
    parts = container()
    return parts.worker(lambda connection, message, deadline: work(parts, connection, message, deadline))


def work(parts: Container, connection: Connection, message: WakeMessage, deadline: Deadline) -> bool:
    """Serve one wake; tells whether everything asked for was done."""
    reader = parts.reader(connection, deadline)
    if message.lane is Lane.STOCK:
        return _stock(reader, parts.rechecks, poll=message.task != RECHECK)
    if message.task == "full":
        return _counted(full_read(reader)).finished
    return _poll_catalogue(reader)


def _stock(reader: TillReader, rechecks: Rechecks, *, poll: bool) -> bool:
    """Read second times what was asked for; every poll looks, in case the wake was lost while the till was down."""
    polled = _counted(poll_stock(reader)).finished if poll else True
    return _counted(recheck(reader, rechecks)).finished and polled


def _poll_catalogue(reader: TillReader) -> bool:
    """Poll matrices before items, so that a variant finds its matrix; then go on with a full read nobody holds."""
    reports = [_counted(poll(reader)) for poll in (poll_matrices, poll_items, resume)]
    return all(report.finished for report in reports)


def _counted(report: PullReport) -> PullReport:
    observe.count("RowsRead", report.rows)
    observe.count("RowsChanged", report.changed)
    observe.count("RowsRejected", report.rejected)
    return report
