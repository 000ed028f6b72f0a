"""The account's lists: ``T#{till}#REF | {list}#{id}``, and ``~read`` once they have been read completely."""

from collections.abc import Mapping
from dataclasses import dataclass

from tillbridge.domain.catalogue import Location, Reference
from tillbridge.store.codecs.reference import LOCATION, read_reference, reference_contents
from tillbridge.store.expressions import starts_with
from tillbridge.store.keys import Key, partition, sort_key
from tillbridge.store.table import Table

READ = "~read"  # sort keys of entries never begin so


@dataclass(frozen=True, slots=True)
class StoredReference:
    """The lists of one till."""

    table: Table
    till: str

    def get(self) -> Reference | None:
        """Find the lists, ``None`` before the first complete read."""
        rows = list(self.table.query(self._partition))
        if not any(row["sk"] == READ for row in rows):
            return None
        return read_reference(row for row in rows if row["sk"] != READ)

    def locations(self) -> Mapping[str, Location]:
        """Find only the locations; a tenth of the price of everything."""
        return read_reference(self.table.query(self._partition, starts_with(f"{LOCATION}#"))).locations

    def put(self, reference: Reference) -> None:
        """Write what differs, delete what is no longer listed, and at last note that the lists are complete."""
        known = {str(row["sk"]): row.get("content") for row in self.table.query(self._partition)}
        wanted = {sort_key(kind, entry_id): content for kind, entry_id, content in reference_contents(reference)}
        self.table.write(
            puts=[
                {"pk": self._partition, "sk": sk, "content": content}
                for sk, content in wanted.items()
                if known.get(sk) != content
            ],
            deletes=[Key(self._partition, sk) for sk in known if sk not in wanted and sk != READ],
        )
        if READ not in known:
            self.table.put({"pk": self._partition, "sk": READ})

    @property
    def _partition(self) -> str:
        return partition("T", self.till, "REF")
