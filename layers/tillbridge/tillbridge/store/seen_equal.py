"""When listings were last seen equal to the till: ``S#{shop}#VERIFIED | {bucket}``, 250 items to a row.

A row holds the moments and under each the ids that were seen then: ``{"2026-11-25T02:00:00Z": ["42", "43"]}``. A night
notes nearly every item, and a row for each would be a write unit for each. One worker at a time writes here, that of
the shop's catalogue lane; a note that is lost all the same makes a listing look unverified for a night, nothing else.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from tillbridge.store.errors import UnreadableRowError
from tillbridge.store.fields import Fields
from tillbridge.store.item_ids import bucket_of
from tillbridge.store.keys import Key, partition
from tillbridge.store.moments import moment_text, read_moment
from tillbridge.store.table import Table
from tillbridge.store.wire import Row


@dataclass(frozen=True, slots=True)
class SeenEqual:
    """The notes of one shop."""

    table: Table
    shop: str

    def at(self, item_ids: Iterable[str]) -> Mapping[str, datetime]:
        """Tell when each item was noted last; never ones are absent."""
        wanted = set(item_ids)
        noted = self._read({self._key(one) for one in wanted}).values()
        return {one: when for row in noted for one, when in row.items() if one in wanted}

    def note(self, item_ids: Iterable[str], at: datetime) -> None:
        """Note these items."""
        fresh: dict[Key, dict[str, datetime]] = {}
        for one in item_ids:
            fresh.setdefault(self._key(one), {})[one] = at
        known = self._read(fresh)
        self.table.write(
            {**key._asdict(), "seen": _packed({**known.get(key, {}), **noted})} for key, noted in fresh.items()
        )

    def _read(self, keys: Iterable[Key]) -> dict[Key, dict[str, datetime]]:
        return {key: _unpacked(row) for key, row in self.table.get_many(keys).items()}

    def _key(self, item_id: str) -> Key:
        return Key(partition("S", self.shop, "VERIFIED"), bucket_of(item_id))


def _packed(noted: Mapping[str, datetime]) -> str:
    by_moment: dict[str, list[str]] = {}
    for one, when in sorted(noted.items()):
        by_moment.setdefault(moment_text(when), []).append(one)
    return json.dumps(by_moment, separators=(",", ":"))


def _unpacked(row: Row) -> dict[str, datetime]:
    try:
        by_moment = json.loads(Fields.of_row(row).needed("seen"))
        return {str(one): read_moment(when) for when, ids in by_moment.items() for one in ids}
    except (ValueError, AttributeError, TypeError):
        raise UnreadableRowError(str(row["pk"]), str(row["sk"]), "seen", "holds no ids by moment") from None
