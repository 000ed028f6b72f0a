"""The rows of web orders in memory, with the conditions of the real ones."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice

from tests.fakes.stores import Fake
from tillbridge.domain.orders.listing import listed_as
from tillbridge.domain.orders.record import OrderRecord


class FakeOrderRecords(Fake):
    def get(self, shop: str, order_ids: Iterable[str]) -> Mapping[str, OrderRecord]:
        rows = self.memory.records.get(shop, {})
        return {order_id: rows[order_id] for order_id in order_ids if order_id in rows}

    def put(self, record: OrderRecord, former: OrderRecord | None) -> OrderRecord | None:
        self.crash.step("before record")
        rows = self.memory.records.setdefault(record.shop, {})
        known = rows.get(record.order_id)
        stored = replace(record, version=(former.version if former else 0) + 1)
        if (known.version if known else None) != (former.version if former else None):
            return stored if known == stored else None
        rows[record.order_id] = stored
        self.crash.step("after record")
        return stored

    def listed(self, shop: str, listing: str, limit: int | None = None) -> Iterator[OrderRecord]:
        rows = self.memory.records.get(shop, {}).values()
        found = [record for record in rows if listed_as(record) == listing]
        return islice(sorted(found, key=lambda record: (record.seen_at, record.order_id)), limit)

    def point(self, till: str, ids: Iterable[str], record: OrderRecord) -> None:
        whose = (record.shop, record.order_id)
        self.crash.around("pointers", lambda: self.memory.pointers.update({(till, one): whose for one in ids}))

    def pointed(self, till: str, ids: Iterable[str]) -> Mapping[str, tuple[str, str]]:
        return {one: self.memory.pointers[till, one] for one in ids if (till, one) in self.memory.pointers}
