"""What sales of a till point into, as it was last read: ``T#{till}#SELL | lists``, for some hours.

Names of employees are left out: nothing needs them, and they are people's.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pydantic import TypeAdapter, ValidationError

from tillbridge.domain.orders.sale import CounterLists
from tillbridge.store.clock import Clock
from tillbridge.store.fields import Fields
from tillbridge.store.keys import Key, partition
from tillbridge.store.moments import moment_text
from tillbridge.store.table import Table

KEPT = timedelta(hours=6)
_LISTS = TypeAdapter(CounterLists)


@dataclass(frozen=True, slots=True)
class StoredCounterLists:
    """The lists of tills, with the time at which they were read."""

    table: Table
    clock: Clock

    def get(self, till: str) -> tuple[datetime, CounterLists] | None:
        """Find the lists; ``None`` when there are none, none so young, or none that can be understood any more."""
        row = self.table.get(_key(till))
        if row is None:
            return None
        fields = Fields.of_row(row)
        read_at, content = fields.moment("read_at"), fields.needed("content")
        fields.end()
        if self.clock.now() - read_at > KEPT:
            return None
        try:
            return read_at, _LISTS.validate_json(content)
        except ValidationError:
            return None

    def put(self, till: str, read_at: datetime, lists: CounterLists) -> None:
        """Keep the lists."""
        bare = replace(lists, employees=tuple(replace(one, name="") for one in lists.employees))
        self.table.put(
            {
                **_key(till)._asdict(),
                "content": _LISTS.dump_json(bare, exclude_defaults=True).decode(),
                "read_at": moment_text(read_at),
                "expires_at": int((read_at + KEPT).timestamp()),
            }
        )

    def forget(self, till: str) -> None:
        """Drop the lists."""
        self.table.write(deletes=[_key(till)])


def _key(till: str) -> Key:
    return Key(partition("T", till, "SELL"), "lists")
