"""Web orders on their way into the till: ``S#{shop}#SALE | {order}``, listed in ``gsi1`` by what they wait for.

A row is only ever written in the place of the version that was read, so that of two workers, or of a worker and a
person, one comes too late and looks again (invariant 8). ``T#{till}#SOLD | {sale or line}`` says whose a sale is.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from tillbridge.domain.orders.listing import listed_as
from tillbridge.domain.orders.record import KEPT, OrderRecord, OrderState
from tillbridge.store.clock import Clock
from tillbridge.store.codecs.order_records import read_record, record_content
from tillbridge.store.errors import ConditionFailedError
from tillbridge.store.expressions import ABSENT, Condition
from tillbridge.store.fields import Fields
from tillbridge.store.keys import Key, part, partition
from tillbridge.store.moments import moment_text
from tillbridge.store.table import Table
from tillbridge.store.wire import Row


@dataclass(frozen=True, slots=True)
class StoredOrderRecords:
    """Implements ``OrderRecords``."""

    table: Table
    clock: Clock

    def get(self, shop: str, order_ids: Iterable[str]) -> Mapping[str, OrderRecord]:
        """Find orders, consistently; unknown ones are absent."""
        rows = self.table.get_many(_key(shop, order_id) for order_id in order_ids)
        return {record.order_id: record for record in map(_record, rows.values())}

    def put(self, record: OrderRecord, former: OrderRecord | None) -> OrderRecord | None:
        """Store a record in the place of ``former`` (``None``: it is new); ``None`` when something else is there.

        A try whose answer was lost may have done it: then it is what is found.
        """
        stored = replace(record, version=(former.version if former else 0) + 1)
        same = Condition("version = :version", {":version": former.version}) if former else ABSENT
        try:
            self.table.put(self._row(stored), same)
        except ConditionFailedError:
            return stored if self.get(stored.shop, [stored.order_id]).get(stored.order_id) == stored else None
        return stored

    def listed(self, shop: str, listing: str, limit: int | None = None) -> Iterator[OrderRecord]:
        """Go through the orders of a shop that are listed so, the earliest seen first."""
        return map(_record, self.table.query(_listing(shop, listing), index="gsi1", limit=limit))

    def point(self, till: str, ids: Iterable[str], record: OrderRecord) -> None:
        """Note that these sales and lines of the till belong to an order."""
        expires_at = self._expires_at()
        self.table.write(
            {
                **_pointer(till, one)._asdict(),
                "shop": record.shop,
                "order_id": record.order_id,
                "expires_at": expires_at,
            }
            for one in ids
        )

    def pointed(self, till: str, ids: Iterable[str]) -> Mapping[str, tuple[str, str]]:
        """Find whose sales and lines these are; unknown ones are absent."""
        keys = {one: _pointer(till, one) for one in ids}
        rows = self.table.get_many(keys.values())
        return {one: _whose(rows[key]) for one, key in keys.items() if key in rows}

    def _row(self, record: OrderRecord) -> Row:
        row: dict[str, object] = {
            **_key(record.shop, record.order_id)._asdict(),
            "version": record.version,
            "content": record_content(record),
            "gsi1pk": _listing(record.shop, listed_as(record)),
            "gsi1sk": f"{moment_text(record.seen_at)}#{part(record.order_id)}",
        }
        if record.state.is_over or record.state is OrderState.WAITING:
            row["expires_at"] = self._expires_at()
        return row

    def _expires_at(self) -> int:
        return int((self.clock.now() + KEPT).timestamp())


def _record(row: Row) -> OrderRecord:
    return read_record(Fields.of_content(row))


def _whose(row: Row) -> tuple[str, str]:
    fields = Fields.of_row(row)
    return fields.needed("shop"), fields.needed("order_id")


def _key(shop: str, order_id: str) -> Key:
    return Key(partition("S", shop, "SALE"), part(order_id))


def _listing(shop: str, listing: str) -> str:
    return partition("S", shop, "SALES", listing)


def _pointer(till: str, one: str) -> Key:
    return Key(partition("T", till, "SOLD"), part(one))
