"""The grants that have to be looked at, found by time over all parts of the index."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from tillbridge.domain.grant import DueGrant
from tillbridge.grants.ports import DueRecords
from tillbridge.grants.record import SHARDS

AT_ONCE = 50
"""Most grants of one part of the index in one round: no part keeps the others waiting."""

LEAST, LATE = 10, timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class DueBook:
    """Goes through the parts of the index, beginning with another one each minute."""

    records: DueRecords

    def due(self, now: datetime) -> Iterator[DueGrant]:
        """Go through what is due; the next part is asked for only when the one before is done."""
        first = int(now.timestamp() // 60)
        for number in range(SHARDS):
            yield from _their_turn(self.records.due((first + number) % SHARDS, now, AT_ONCE), now)

    def later(self, grant: DueGrant, at: datetime) -> None:
        """Have it looked at another time, unless that has changed meanwhile."""
        self.records.look_again(grant.connection_id, grant.due_at, at)

    def never(self, connection_id: str) -> None:
        """Have it looked at no more."""
        self.records.look_no_more(connection_id)


def _their_turn(due: Sequence[DueGrant], now: datetime) -> Sequence[DueGrant]:
    """Take half of what is due, and whatever is late, longest due first: minutes with many due give to those with few.

    Where few are due nobody waits.
    """
    late = sum(now - grant.due_at >= LATE for grant in due)
    return due[: max(LEAST, late, ceil(len(due) / 2))]
