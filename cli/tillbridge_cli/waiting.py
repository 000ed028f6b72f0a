"""Tell from a status whether what was asked for is done, and how far it is. Pure functions."""

from collections.abc import Iterator
from dataclasses import dataclass

from tillbridge.domain.merchant import ConnectionState, Lane
from tillbridge.flows.operate.answers import ConnectionStatus, MerchantStatus, SyncAnswer

WORKING = frozenset({ConnectionState.ACTIVE, ConnectionState.TROUBLED})


@dataclass(frozen=True, slots=True)
class Bar:
    """How far one thing is: ``done`` of ``total``; no total when nobody can know it."""

    name: str
    done: float
    total: float | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is still waited for, as sentences; which connections need a person; how far things are."""

    waits_for: tuple[str, ...]
    broken: tuple[str, ...]
    bars: tuple[Bar, ...]
    failing: int


def look(status: MerchantStatus, asked: SyncAnswer) -> Outlook:
    """Compare what a merchant's connections are doing with what was asked."""
    mine = [one for one in status.connections if one.connection.state in WORKING]
    broken = [one for one in status.connections if one.connection.state not in WORKING]
    handed_over = sum(one.read.handed_over for one in mine if one.read)
    return Outlook(
        waits_for=tuple(reason for one in mine for reason in _reasons(one, asked)),
        broken=tuple(f"{_name(one)}: {one.connection.cause} {one.connection.remedy}".strip() for one in broken),
        bars=tuple(bar for one in mine for bar in _bars(one, handed_over)),
        failing=sum(lane.failing for one in mine for lane in (one.lanes or {}).values()),
    )


def _reasons(one: ConnectionStatus, asked: SyncAnswer) -> Iterator[str]:
    trouble = f" ({one.connection.cause})" if one.connection.cause else ""
    if one.connection.system.is_till and _reading(one, asked):
        yield f"{_name(one)} is being read{_share(one)}{trouble}"
    for woken in asked.woken:
        if woken.connection == one.connection.connection and not _answered(one, woken.lane, asked):
            yield f"{_name(one)} has not been looked at on the {woken.lane} lane yet{trouble}"
    if asked.reconciles and one.lanes is not None and not _reconciled(one, asked):
        yield f"{_name(one)} has not been read back yet{trouble}"
    for lane, waiting in (one.lanes or {}).items():
        if waiting.due:
            more = " or more" if waiting.more else ""
            yield f"{waiting.due}{more} to be looked at on the {lane} lane of {_name(one)}{trouble}"


def _reading(one: ConnectionStatus, asked: SyncAnswer) -> bool:
    """A read under way counts, and so does one that was asked for and has not ended since."""
    if one.read is not None and one.read.finished_at is None:
        return True
    finished = one.read.finished_at if one.read else None
    return asked.reads_everything and (finished is None or finished < asked.asked_at)


def _answered(one: ConnectionStatus, lane: Lane, asked: SyncAnswer) -> bool:
    at = one.answered.get(lane)
    return at is not None and at >= asked.asked_at


def _reconciled(one: ConnectionStatus, asked: SyncAnswer) -> bool:
    run = one.reconcile
    return run is not None and run.finished_at is not None and run.started_at >= asked.asked_at


def _share(one: ConnectionStatus) -> str:
    return f", {one.read.share:.0%}" if one.read else ""


def _bars(one: ConnectionStatus, handed_over: int) -> Iterator[Bar]:
    """A till's bar is the share of its full read; a shop's is what has been handed over and waits no more."""
    if one.read is not None:
        yield Bar(f"{_name(one)}, full read", one.read.share, 1.0)
    if one.reconcile is not None and one.reconcile.finished_at is None:
        yield Bar(
            f"{_name(one)}, read back", one.reconcile.verified, None, f": {one.reconcile.listings} listings so far"
        )
    for lane, waiting in (one.lanes or {}).items():
        known = lane is Lane.CATALOGUE and not waiting.more
        total = float(max(handed_over, waiting.waiting)) if known else None
        done = total - waiting.due if total is not None else 0.0
        left = f": {waiting.due}{'+' if waiting.more else ''} left"
        yield Bar(f"{_name(one)}, {lane}", done, total, left)


def _name(one: ConnectionStatus) -> str:
    return f"{one.connection.system} {one.connection.connection}"
