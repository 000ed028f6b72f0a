"""``status``."""

from collections.abc import Iterator
from datetime import datetime

import click
from rich.console import RenderableType

from tillbridge.domain.merchant import ConnectionState
from tillbridge.flows.operate.answers import (
    ConnectionStatus,
    MerchantStatus,
    OrdersAnswer,
    ReadAnswer,
    ReconcileAnswer,
    WaitingAnswer,
)
from tillbridge.runtime.operator_commands import STATUS
from tillbridge_cli.application import Desk
from tillbridge_cli.options import at_desk, merchant_option
from tillbridge_cli.output import age, lines, state_cell, table
from tillbridge_cli.waiting import WORKING


@click.command()
@merchant_option
@at_desk
def status(desk: Desk, merchant: str | None) -> None:
    """Show how each connection is, how far its reads are, and what waits for the shops."""
    reply = desk.ask_all(STATUS, merchant=merchant)
    if not reply.value:
        desk.answer(reply.json, lines("There is no merchant yet: tillbridge merchant add."))
        return
    desk.answer(reply.json, *(part for one in reply.value for part in _drawn(one, desk.now)))


def _drawn(one: MerchantStatus, now: datetime) -> Iterator[RenderableType]:
    rows = [
        (
            f"{connection.connection.system} {connection.connection.connection}",
            state_cell(connection.connection.state),
            lines(*_work(connection, now)),
        )
        for connection in one.connections
    ]
    title = f"{one.merchant} ({one.name})"
    yield table(("Connection", "State", "Work"), rows, title) if rows else lines(f"{title}: nothing is connected yet")


def _work(one: ConnectionStatus, now: datetime) -> Iterator[str]:
    connection = one.connection
    if connection.cause:
        yield f"{connection.cause} {connection.remedy}".strip()
    if one.evidence:
        yield f"evidence: {one.evidence}"
    if connection.retry_at:
        yield f"tried again {age(connection.retry_at, now)}"
    if one.read:
        yield _read(one.read, now)
    if one.polled_to:
        yield "changes read up to: " + ", ".join(f"{name} {age(at, now)}" for name, at in one.polled_to.items())
    for lane, waiting in (one.lanes or {}).items():
        yield f"{lane}: {_waiting(waiting, connection.state, now)}"
    if one.orders:
        yield from _orders(one.orders, connection.state, now)
    yield from _doubts(one, now)


def _doubts(one: ConnectionStatus, now: datetime) -> Iterator[str]:
    """Tell what waits for a person or a second look, and how well the shop agrees with the till."""
    if one.holds:
        yield f"{one.holds} plan(s) wait for a person: tillbridge holds"
    if one.second_readings:
        yield f"{one.second_readings} item(s) wait for a second reading before a shop is set to zero"
    if one.unlinked_orders:
        yield f"{one.unlinked_orders} open order(s) have a listing without an item: tillbridge errors"
    if one.verified_share is not None:
        yield f"seen equal to the till within a day: {one.verified_share:.1%} of the listings"
    if one.reconcile:
        yield _reconcile(one.reconcile, now)


def _read(read: ReadAnswer, now: datetime) -> str:
    if read.finished_at:
        return f"full read: {read.rows} rows, finished {age(read.finished_at, now)}"
    return f"full read: {read.phase}, {read.share:.0%}, {read.rows} rows so far, begun {age(read.started_at, now)}"


def _reconcile(run: ReconcileAnswer, now: datetime) -> str:
    when = (
        f"finished {age(run.finished_at, now)}" if run.finished_at else f"{run.phase}, begun {age(run.started_at, now)}"
    )
    drift = ", ".join(f"{lane} {run.drift[lane]} found, {run.repaired[lane]} repaired" for lane in run.drift)
    gone = f"; {run.gone} deleted in the shop: `tillbridge errors`" if run.gone else ""
    return f"read back: {run.listings} listings, {when}; drift: {drift}{gone}"


def _orders(orders: OrdersAnswer, state: ConnectionState, now: datetime) -> Iterator[str]:
    yield f"orders: {_waiting(orders.lane, state, now)}"
    if orders.parked:
        yield f"{orders.parked} order(s) are parked and wait for a person: tillbridge orders --state parked"
    if not orders.imported:
        yield "no order becomes a sale until orders_since is set again: tillbridge merchant settings"


def _waiting(waiting: WaitingAnswer, state: ConnectionState, now: datetime) -> str:
    if not waiting.waiting:
        return "nothing waits"
    count = f"{waiting.waiting}{' or more' if waiting.more else ''}"
    told = f"{count} wait, the oldest since {age(waiting.oldest, now)}, {_next_look(waiting, state, now)}"
    return f"{told}; {waiting.failing} failing" if waiting.failing else told


def _next_look(waiting: WaitingAnswer, state: ConnectionState, now: datetime) -> str:
    """Tell when; what is due is looked at by the worker that was woken for it, or else by the sweep."""
    if state not in WORKING:
        return "looked at when the connection works again"
    if waiting.next_at is None or waiting.next_at > now:
        return f"next look {age(waiting.next_at, now)}"
    return "next look now, or with the sweep within 5 min"
