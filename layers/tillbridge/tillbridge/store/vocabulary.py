"""A shop's ids of names: ``S#{shop}#TERM | {kind}#{name}``."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tillbridge.store.expressions import starts_with
from tillbridge.store.fields import Fields
from tillbridge.store.keys import Key, part, partition, sort_key
from tillbridge.store.table import Table


@dataclass(slots=True)
class StoredVocabulary:
    """Implements ``Vocabulary`` for one shop.

    A kind is read whole when it is first asked for, and kept for the life of this object: make one per push. Nobody
    else writes it meanwhile, since a shop's catalogue lane has one worker at a time.
    """

    table: Table
    shop: str
    _kinds: dict[str, dict[str, str]] = field(default_factory=dict, init=False)

    def get(self, kind: str, name: str) -> str | None:
        """Find the shop's id of a name; what has no name, such as the brand of an item without one, has no id."""
        return self._known(kind).get(sort_key(kind, name)) if name else None

    def put(self, kind: str, names: Mapping[str, str]) -> None:
        """Remember name -> id."""
        ids = {sort_key(kind, name): remote_id for name, remote_id in names.items()}
        self.table.write({"pk": self._partition, "sk": sk, "id": remote_id} for sk, remote_id in ids.items())
        if kind in self._kinds:
            self._kinds[kind].update(ids)

    def forget(self, kind: str) -> None:
        """Drop every id of a kind: the shop no longer knows one of them."""
        rows = self.table.query(self._partition, starts_with(part(kind) + "#"), only=("pk", "sk"))
        self.table.write(deletes=[Key(self._partition, str(row["sk"])) for row in rows])
        self._kinds[kind] = {}

    def _known(self, kind: str) -> dict[str, str]:
        """Give the ids of a kind by sort key."""
        if kind not in self._kinds:
            rows = self.table.query(self._partition, starts_with(part(kind) + "#"))
            self._kinds[kind] = {str(row["sk"]): Fields.of_row(row).needed("id") for row in rows}
        return self._kinds[kind]

    @property
    def _partition(self) -> str:
        return partition("S", self.shop, "TERM")
