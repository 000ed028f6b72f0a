"""Say whose turn it is. Nothing is stored: the turn follows from the connection's id and the minute.

Every connection has its own minute within an interval, so ten thousand of them are spread evenly, and a scheduler that
missed a minute has nothing to catch up: cursors and marks remember what is to be done.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from tillbridge.domain.merchant import Connection, Lane
from tillbridge.flows.keep_hooks import TRAIT, WORKING

SWEEP = timedelta(minutes=5)
WATCH = timedelta(minutes=1)
"""How often a shop is asked for orders that no web hook tells of, where other shops sell the same units."""
NIGHT = timedelta(days=1)
CATALOGUE_TICKS = 2
"""Stock is polled at every tick, items at every second one: two calls where stock takes one, and less urgent."""


@dataclass(frozen=True, slots=True)
class Wake:
    """A worker to wake: whose, on which lane, and for what."""

    connection: Connection
    lane: Lane
    task: str


def wakes(connections: Iterable[Connection], now: datetime, tick: timedelta) -> Iterator[Wake]:
    """Say who has to be woken in the tick that begins at ``now``."""
    working = [connection for connection in connections if connection.working]
    shops = Counter(connection.merchant_id for connection in working if not connection.system.is_till)
    for connection in working:
        if _resting(connection, now):
            continue
        if connection.system.is_till:
            yield from _till_wakes(connection, now, tick)
        else:
            yield from _shop_wakes(connection, now, tick, alone=shops[connection.merchant_id] == 1)


def _resting(connection: Connection, now: datetime) -> bool:
    """Tell whether a troubled system asked to be left alone for now; its own wake is still in the queue."""
    return connection.retry_at is not None and connection.retry_at > now


def _till_wakes(connection: Connection, now: datetime, tick: timedelta) -> Iterator[Wake]:
    yield Wake(connection, Lane.STOCK, "poll")
    if is_turn(connection.connection_id, now, CATALOGUE_TICKS * tick, tick):
        yield Wake(connection, Lane.CATALOGUE, "poll")
    if is_turn(connection.connection_id, now, NIGHT, tick):
        yield Wake(connection, Lane.CATALOGUE, "full")


def _shop_wakes(connection: Connection, now: datetime, tick: timedelta, *, alone: bool) -> Iterator[Wake]:
    """Wake both lanes now and then: a lost wake, a retry whose time has come, and orders no web hook told of.

    A shop that is not ``alone`` is asked for its orders more often while it has no web hooks that work. Once a day the
    shop's lane is asked whether it is time to look at everything that the shop lists.
    """
    if is_turn(connection.connection_id, now, SWEEP, tick):
        yield Wake(connection, Lane.STOCK, "orders")
        yield Wake(connection, Lane.CATALOGUE, "push")
    elif not alone and connection.traits.get(TRAIT) != WORKING and is_turn(connection.connection_id, now, WATCH, tick):
        yield Wake(connection, Lane.STOCK, "orders")
    if is_turn(connection.connection_id, now, NIGHT, tick):
        yield Wake(connection, Lane.CATALOGUE, "night")


def is_turn(connection_id: str, now: datetime, interval: timedelta, tick: timedelta) -> bool:
    """Tell whether the connection's turn within ``interval`` falls into the tick that begins at ``now``."""
    ticks = max(1, round(interval / tick))
    return int(now.timestamp() / tick.total_seconds()) % ticks == turn_of(connection_id, ticks)


def turn_of(connection_id: str, turns: int) -> int:
    """Give a connection its own of so many turns, always the same one."""
    digest = hashlib.sha256(connection_id.encode()).digest()
    return int.from_bytes(digest[:8], "big") % turns
