"""Everything that the table keeps of one shop, to be deleted when its vendor asks for that.

What web orders hold in the till's partitions is items and figures only, and ends with the orders.
"""

from dataclasses import dataclass, replace

from tillbridge.domain.merchant import Connection, ConnectionState
from tillbridge.store.connections import StoredConnections
from tillbridge.store.keys import Key, partition
from tillbridge.store.table import Table

KINDS = (
    "stock", "catalogue", "LANE", "LINK", "SHELF", "LISTING", "VERIFIED", "LISTED", "LISTEDKEY", "CHOICE", "TERM",
    "ORDER", "SALE", "UNLINKED", "AWAITED", "HOLD", "HELD", "GUARD",
)  # fmt: skip
"""The kinds of rows below ``S#{shop}``; see ``store/__init__.py``."""


@dataclass(frozen=True, slots=True)
class ShopRows:
    """Deletes what is left of a shop."""

    table: Table

    def forget(self, connection: Connection) -> None:
        """Delete a shop's rows; of its connection only that it was there remains. Can be repeated."""
        shop = connection.connection_id
        for pk in (*(partition("S", shop, kind) for kind in KINDS), partition("C", shop)):
            keys = (Key(pk, str(row["sk"])) for row in self.table.query(pk, only=("pk", "sk")))
            self.table.write(deletes=keys)
        bare = replace(connection, state=ConnectionState.DISCONNECTED, account_name="", traits={})
        StoredConnections(self.table).save(replace(bare, cause="Its data was deleted as the vendor asked.", remedy=""))
