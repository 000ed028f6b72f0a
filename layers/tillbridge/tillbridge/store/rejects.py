"""Rows of a till that nobody understood: ``T#{till}#REJECT | {thing}``, forgotten two days after they were last met."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from tillbridge.domain.work import Reject
from tillbridge.store.clock import Clock
from tillbridge.store.fields import Fields
from tillbridge.store.keys import Key, part, partition
from tillbridge.store.moments import moment_text
from tillbridge.store.table import Table
from tillbridge.store.wire import Row

KEPT = timedelta(days=2)
"""The nightly read meets a row again that is still unreadable."""


@dataclass(frozen=True, slots=True)
class StoredRejects:
    """Implements ``Rejects``."""

    table: Table
    clock: Clock

    def put(self, till: str, rejects: Iterable[Reject]) -> None:
        """Keep rows, replacing what was known of the same thing."""
        self.table.write(_row(till, reject) for reject in rejects)

    def list(self, till: str) -> Sequence[Reject]:
        """List the rows met within the last two days; expired ones may still stand in the table and are left out."""
        now = self.clock.now()
        found = [_read(Fields.of_row(row)) for row in self.table.query(partition("T", till, "REJECT"))]
        return [reject for reject in found if reject.seen_at + KEPT > now]


def _row(till: str, reject: Reject) -> Row:
    return {
        **Key(partition("T", till, "REJECT"), part(reject.thing))._asdict(),
        "thing": reject.thing,
        "happened": reject.happened,
        "remedy": reject.remedy,
        "seen_at": moment_text(reject.seen_at),
        "expires_at": int((reject.seen_at + KEPT).timestamp()),
    }


def _read(fields: Fields) -> Reject:
    return Reject(
        thing=fields.needed("thing"),
        happened=fields.text("happened"),
        remedy=fields.text("remedy"),
        seen_at=fields.moment("seen_at"),
    )
