"""Connections: ``M#{merchant} | CONNECTION#{connection}``, and ``ACCOUNT#{system}#{account}`` beside them.

The account row makes sure that a merchant connects an account once; it goes when the connection is disconnected.
``ACCOUNT#{digest} | CONNECTION#{connection}`` finds whoever is or was connected to an account: vendors call us by it.
A connection is found by its id through ``gsi1`` and listed for the schedule through ``gsi2``, from which a
disconnected one is absent.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tillbridge.domain.errors import InputError, NotFoundError
from tillbridge.domain.merchant import Connection, ConnectionState, System
from tillbridge.store.codecs.people import connection_content, read_connection
from tillbridge.store.errors import ConditionFailedError
from tillbridge.store.expressions import ABSENT, PRESENT, Check, Condition, Delete, Put, Step, starts_with
from tillbridge.store.fields import Fields
from tillbridge.store.keys import Key, partition, sort_key
from tillbridge.store.merchants import merchant_key, no_merchant
from tillbridge.store.table import Table
from tillbridge.store.wire import Row

FLEET_SHARDS = 16
"""Partitions over which the fleet's list is spread."""

STILL_CONNECTED = Condition(
    "attribute_exists(pk) AND #state <> :disconnected",
    {":disconnected": ConnectionState.DISCONNECTED.value},
    {"#state": "state"},
)


@dataclass(frozen=True, slots=True)
class StoredConnections:
    """Implements ``Connections``."""

    table: Table

    def add(self, connection: Connection) -> None:
        """Add a connection; ``InputError`` when the merchant already has one to this account."""
        guard = {**_account_key(connection)._asdict(), "connection_id": connection.connection_id}
        steps: list[Step] = [
            Put(_row(connection), ABSENT),
            Put(guard, ABSENT),
            Check(merchant_key(connection.merchant_id), Condition("attribute_exists(pk)")),
            Put(_pointer_key(connection)._asdict() | {"merchant_id": connection.merchant_id}),
        ]
        try:
            self.table.transact(steps)
        except ConditionFailedError as refused:
            if refused.failed == (2,):
                raise no_merchant(connection.merchant_id) from None
            raise InputError(
                "account",
                f"Merchant {connection.merchant_id} is connected to this {connection.system} account already.",
                remedy="Disconnect that connection first, or renew its authorisation.",
                code="AlreadyConnected",
            ) from None

    def get(self, connection_id: str) -> Connection:
        """Find a connection; ``NotFoundError``. The index lags behind a change by a fraction of a second."""
        for row in self.table.query(partition("CONNECTION", connection_id), index="gsi1", limit=1):
            return read_connection(Fields.of_content(row))
        raise _no_connection(connection_id)

    def of_merchant(self, merchant_id: str) -> Sequence[Connection]:
        """List a merchant's connections, oldest first, without disconnected ones."""
        rows = self.table.query(partition("M", merchant_id), starts_with("CONNECTION#"))
        found = [read_connection(Fields.of_content(row)) for row in rows]
        live = [connection for connection in found if connection.state is not ConnectionState.DISCONNECTED]
        return sorted(live, key=lambda connection: (connection.created_at, connection.connection_id))

    def of_account(self, system: System, account_id: str) -> Sequence[Connection]:
        """List every merchant's connections to an account, disconnected ones too."""
        pointers = self.table.query(partition("ACCOUNT", _account_digest(system, account_id)))
        keys = [Key(partition("M", str(pointer["merchant_id"])), str(pointer["sk"])) for pointer in pointers]
        rows = [row for row in map(self.table.get, keys) if row is not None]
        return [read_connection(Fields.of_content(row)) for row in rows]

    def list(self) -> Iterator[Connection]:
        """List the connections of the whole fleet, without disconnected ones, page by page."""
        for shard in range(FLEET_SHARDS):
            for row in self.table.query(f"FLEET#{shard}", index="gsi2", only=("pk", "sk", "content")):
                yield read_connection(Fields.of_content(row))

    def save(self, connection: Connection) -> None:
        """Replace a connection's state, cause, traits, address and name.

        A connection that was disconnected stays so, whatever a worker that began before may want to note.
        """
        if connection.state is ConnectionState.DISCONNECTED:
            self._retire(connection)
            return
        try:
            self.table.put(_row(connection), STILL_CONNECTED)
        except ConditionFailedError:
            if self.table.get(_key(connection)) is None:
                raise _no_connection(connection.connection_id) from None

    def _retire(self, connection: Connection) -> None:
        """Disconnect, and let the account be connected again; its row may belong to a later connection by now."""
        mine = Condition("attribute_not_exists(pk) OR connection_id = :id", {":id": connection.connection_id})
        try:
            self.table.transact([Put(_row(connection), PRESENT), Delete(_account_key(connection), mine)])
        except ConditionFailedError as refused:
            if 0 in refused.failed:
                raise _no_connection(connection.connection_id) from None
            self.table.put(_row(connection), PRESENT)


def _key(connection: Connection) -> Key:
    return Key(partition("M", connection.merchant_id), sort_key("CONNECTION", connection.connection_id))


def _account_key(connection: Connection) -> Key:
    """Give the key that only one connection of a merchant can hold."""
    sk = sort_key("ACCOUNT", connection.system.value, connection.account_id)
    return Key(partition("M", connection.merchant_id), sk)


def _pointer_key(connection: Connection) -> Key:
    """Give the key by which an account leads to its connection; its sort key is the connection's own."""
    digest = _account_digest(connection.system, connection.account_id)
    return Key(partition("ACCOUNT", digest), sort_key("CONNECTION", connection.connection_id))


def _account_digest(system: System, account_id: str) -> str:
    return hashlib.sha256(f"{system.value}/{account_id}".encode()).hexdigest()


def _row(connection: Connection) -> Row:
    row: dict[str, object] = {
        **_key(connection)._asdict(),
        "gsi1pk": partition("CONNECTION", connection.connection_id),
        "gsi1sk": "-",
        "state": connection.state.value,
        "content": connection_content(connection),
    }
    if connection.state is not ConnectionState.DISCONNECTED:
        row |= {"gsi2pk": f"FLEET#{_shard(connection.connection_id)}", "gsi2sk": connection.connection_id}
    return row


def _shard(connection_id: str) -> int:
    return hashlib.sha256(connection_id.encode()).digest()[0] % FLEET_SHARDS


def _no_connection(connection_id: str) -> NotFoundError:
    return NotFoundError(
        "connection", f"There is no connection {connection_id}.", remedy="`tillbridge connections` shows all of them."
    )
