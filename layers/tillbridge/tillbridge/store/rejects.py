"""Rows of a till that could not be understood: ``T#{till}#REJECT | {thing}``, forgotten when they are met no more."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from tillbridge.domain.work import Reject
from tillbridge.store.clock import Clock
from tillbridge.store.codecs.work import read_reject, reject_attributes
from tillbridge.store.fields import Fields
from tillbridge.store.keys import part, partition
from tillbridge.store.table import Table

KEPT = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class StoredRejects:
    """Implements ``Rejects``."""

    table: Table
    clock: Clock

    def put(self, till: str, rejects: Iterable[Reject]) -> None:
        """Keep rows, replacing what was known of the same thing."""
        pk = partition("T", till, "REJECT")
        self.table.write(
            {
                "pk": pk,
                "sk": part(reject.thing),
                "expires_at": int((reject.seen_at + KEPT).timestamp()),
                **reject_attributes(reject),
            }
            for reject in rejects
        )

    def list(self, till: str) -> Sequence[Reject]:
        """List the rows met within the last two days; the table itself deletes them some time after that."""
        rows = self.table.query(partition("T", till, "REJECT"))
        found = [read_reject(Fields.of_row(row)) for row in rows]
        return [reject for reject in found if self.clock.now() - reject.seen_at <= KEPT]
