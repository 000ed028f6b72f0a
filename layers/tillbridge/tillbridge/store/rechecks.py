"""Second readings: ``T#{till}#RECHECK | {item}`` asks for one, ``T#{till}#RECHECKED | {item}`` says that it agreed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tillbridge.store.clock import Clock
from tillbridge.store.fields import Fields
from tillbridge.store.keys import Key, part, partition
from tillbridge.store.moments import moment_text
from tillbridge.store.table import Table

ASKED_FOR = timedelta(days=2)
"""How long a request stands; whoever still waits asks again every few minutes."""

ANSWERED_FOR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class StoredRechecks:
    """Implements ``Rechecks``."""

    table: Table
    clock: Clock

    def ask(self, till: str, item_ids: Iterable[str]) -> None:
        """Ask for second readings; asking again does no harm."""
        expires_at = int((self.clock.now() + ASKED_FOR).timestamp())
        self.table.write(
            {**_asked(till, item_id)._asdict(), "item_id": item_id, "expires_at": expires_at} for item_id in item_ids
        )

    def asked(self, till: str, limit: int = 10_000) -> Sequence[str]:
        """List the items that were asked for and not read yet, at most ``limit``."""
        rows = self.table.query(partition("T", till, "RECHECK"), limit=limit)
        return [_item(row) for row in rows]

    def answer(self, till: str, item_ids: Iterable[str], at: datetime) -> None:
        """Note that a second reading has confirmed what the mirror has of these items."""
        expires_at = int((at + ANSWERED_FOR).timestamp())
        self.table.write(
            {**_answered(till, item_id)._asdict(), "item_id": item_id, "at": moment_text(at), "expires_at": expires_at}
            for item_id in item_ids
        )

    def close(self, till: str, item_ids: Iterable[str]) -> None:
        """Forget that these items were asked for."""
        self.table.write(deletes=[_asked(till, item_id) for item_id in item_ids])

    def answers(self, till: str, item_ids: Iterable[str]) -> Mapping[str, datetime]:
        """Find when items were last confirmed; the table itself forgets answers some time after their hour."""
        rows = self.table.get_many(_answered(till, item_id) for item_id in item_ids)
        found = dict(map(_answer, rows.values()))
        return {item_id: at for item_id, at in found.items() if self.clock.now() - at <= ANSWERED_FOR}


def _item(row: Mapping[str, object]) -> str:
    fields = Fields.of_row(row)
    item_id = fields.needed("item_id")
    fields.end()
    return item_id


def _answer(row: Mapping[str, object]) -> tuple[str, datetime]:
    fields = Fields.of_row(row)
    item_id, at = fields.needed("item_id"), fields.moment("at")
    fields.end()
    return item_id, at


def _asked(till: str, item_id: str) -> Key:
    return Key(partition("T", till, "RECHECK"), part(item_id))


def _answered(till: str, item_id: str) -> Key:
    return Key(partition("T", till, "RECHECKED"), part(item_id))
