"""One writer per shop and lane, even when two workers serve it by mistake.

The queue gives a shop's lane to one worker at a time. This proves it where it matters: before anything is planned,
before each request that changes something in the shop, and before what came of it is recorded::

    A  hold      fence 7 -> 8, until T+45 s               (the row is still as A read it, and no lease runs)
    B  hold      refused, A's lease runs                   B's wake goes back to its queue
    A  may send  the row still says 8 and A                A's request goes out; a heartbeat extends the lease
    A  prove     the row still says 8 and A                A records what the shop answered
    A  release   fence 8, nobody

    A dies: its lease ends, B takes 9. What A had under way is noted on the items themselves (``attempted_at`` of a
    link, ``known=None`` of a shelf), so that B looks before it makes anything and writes what is in doubt again.
    A was only asleep, or B's clock is wrong: A's next request is not sent and its answer is not recorded; A tells B to
    look once more at the items that its last request was about.

The times below bound what a death costs: nobody waits longer for a dead worker than until its wake is shown again.
"""

import threading
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from tillbridge.domain.errors import RetryLaterError, TillbridgeError
from tillbridge.domain.merchant import Connection, Lane
from tillbridge.domain.work import LaneLease
from tillbridge.flows.ports import Clock, Connections, LaneLeases

BEAT = timedelta(seconds=15)
"""A worker shows this often that it lives."""
LEASE = timedelta(seconds=45)
"""Two beats may fail before a living worker's lease ends."""
SKEW = timedelta(seconds=10)
"""So much two machines' clocks may differ without any doubt; beyond it the row decides."""
SHOWN_AGAIN = timedelta(seconds=60)
"""A dead worker's wake is shown again so long after its last beat. Its lease has ended by then, by any clock."""


class LaneTakenError(RetryLaterError):
    """Another worker serves this lane of the shop; nothing more was sent."""

    def __init__(self, after: timedelta) -> None:
        """Take the time after which the other one has finished or its lease has ended."""
        super().__init__(
            "Another worker serves this lane of the shop.",
            after=after.total_seconds(),
            remedy="Nothing; it is tried again.",
        )


class LaneHaltedError(TillbridgeError):
    """The connection was paused, broken or ended while its lane was being served; what waits stays."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__("The connection stopped working while it was being served.", remedy="Nothing; it goes on.")


class Fence(Protocol):
    """What a lane's flows ask of it."""

    def hold(self) -> None:
        """Take the lane, unless it is held; ``LaneTakenError`` while another worker has it."""
        ...

    def prove(self) -> None:
        """Make sure that the lane is still ours, before something is recorded; ``LaneTakenError``."""
        ...


class NoFence:
    """For whoever only looks."""

    def hold(self) -> None:
        """Take nothing."""

    def prove(self) -> None:
        """Prove nothing."""


@dataclass(slots=True, kw_only=True)
class LaneFence:
    """One worker's hold on one lane. ``holder`` names the worker as nobody else is named.

    Once lost it stays lost: what was planned before may no longer be true.
    """

    leases: LaneLeases
    connections: Connections
    clock: Clock
    connection: Connection
    lane: Lane
    holder: str
    _held: LaneLease | None = field(default=None, init=False)
    _lost: bool = field(default=False, init=False)
    _turn: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)  # the heartbeat is a thread

    def hold(self) -> None:
        """Take the lane, unless it is held; ``LaneTakenError`` while another worker has it."""
        with self._turn:
            if self._held is None:
                self._take()

    def may_send(self) -> None:
        """Make sure, before a request, that the connection still works and the lane is ours.

        ``LaneHaltedError`` when somebody has paused or ended the connection, ``LaneTakenError`` as above.
        """
        siblings = self.connections.of_merchant(self.connection.merchant_id)
        mine = (one for one in siblings if one.connection_id == self.connection.connection_id)
        if not any(one.working for one in mine):
            raise LaneHaltedError
        self.prove()

    def prove(self) -> None:
        """Make sure that the lane is still ours; a look is enough unless it is time to extend the lease."""
        with self._turn:
            held, now = self._held, self.clock.now()
            if held is None or held.until is None:
                self._take()
            elif held.until - now > LEASE - BEAT:
                self._require(still=self.leases.get(self.connection.connection_id, self.lane) == held)
            else:
                self._require(still=self._extend(held, now))

    def beat(self) -> None:
        """Extend the lease, if it is held; called again and again while a long request is under way."""
        with self._turn:
            if self._held is not None and not self._lost:
                self._lost = not self._extend(self._held, self.clock.now())

    def release(self) -> None:
        """Give the lane back. When that fails the lease ends by itself."""
        with self._turn:
            held, self._held = self._held, None
            if held is None or self._lost:
                return
            try:
                self._swap(held, LaneLease(fence=held.fence))
            except RetryLaterError:
                return

    def _take(self) -> None:
        now = self.clock.now()
        if self._lost:
            raise LaneTakenError(LEASE)
        seen = self.leases.get(self.connection.connection_id, self.lane)
        if seen.until is not None and seen.until + SKEW > now:
            raise LaneTakenError(seen.until + SKEW - now)
        taken = LaneLease(fence=seen.fence + 1, holder=self.holder, until=now + LEASE)
        if not self._swap(seen, taken):
            raise LaneTakenError(LEASE + SKEW)
        self._held = taken

    def _extend(self, held: LaneLease, now: datetime) -> bool:
        longer = replace(held, until=now + LEASE)
        if not self._swap(held, longer):
            return False
        self._held = longer
        return True

    def _require(self, *, still: bool) -> None:
        self._lost = self._lost or not still
        if self._lost:
            raise LaneTakenError(LEASE + SKEW)

    def _swap(self, old: LaneLease, new: LaneLease) -> bool:
        return self.leases.swap(self.connection.connection_id, self.lane, old, new)
