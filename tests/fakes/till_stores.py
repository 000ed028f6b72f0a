"""Repositories of what a till said, in memory."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial

from tests.fakes.memory import Fake, behind, pick
from tillbridge.domain.catalogue import Item, Location, Matrix, Reference
from tillbridge.domain.matching import MatchKey, pointers_of, pointers_to
from tillbridge.domain.stock import ItemStock, Quantity, StockLevel, of_spot, spot
from tillbridge.domain.work import Cursor, Reject, Run


class FakeMirror(Fake):
    def items(self, till: str, item_ids: Iterable[str]) -> Mapping[str, Item]:
        return pick(self.memory.items.get(till, {}), item_ids)

    def matrices(self, till: str, matrix_ids: Iterable[str]) -> Mapping[str, Matrix]:
        return pick(self.memory.matrices.get(till, {}), matrix_ids)

    def variants(self, till: str, matrix_ids: Iterable[str]) -> Mapping[str, tuple[Item, ...]]:
        found: dict[str, tuple[Item, ...]] = {}
        for matrix_id in matrix_ids:
            mine = [item for item in self.memory.items.get(till, {}).values() if item.matrix_id == matrix_id]
            found[matrix_id] = tuple(sorted(mine, key=lambda item: int(item.item_id)))
        return found

    def every_item(self, till: str, after: str = "") -> Iterator[Item]:
        yield from behind(self.memory.items.get(till, {}), after)

    def every_matrix(self, till: str, after: str = "") -> Iterator[Matrix]:
        yield from behind(self.memory.matrices.get(till, {}), after)

    def find_by_sku(self, till: str, sku: str) -> Sequence[str]:
        return [
            item.item_id
            for item in self.memory.items.get(till, {}).values()
            if sku in {item.system_sku, item.custom_sku, item.manufacturer_sku, item.upc, item.ean} - {""}
        ]

    def carrying(self, till: str, keys: Iterable[MatchKey]) -> Mapping[MatchKey, tuple[Item, ...]]:
        items = sorted(self.memory.items.get(till, {}).values(), key=lambda item: (len(item.item_id), item.item_id))
        return {
            key: tuple(item for item in items if pointers_of(item).intersection(pointers_to(key)))
            for key in dict.fromkeys(keys)
        }

    def stock(self, till: str, item_ids: Iterable[str], locations: Sequence[str]) -> Mapping[str, ItemStock]:
        levels = self.memory.levels.get(till, {})
        return {
            item_id: ItemStock(
                item_id, {place: levels[item_id, place] for place in locations if (item_id, place) in levels}
            )
            for item_id in item_ids
        }

    def reference(self, till: str) -> Reference | None:
        return self.memory.references.get(till)

    def locations(self, till: str) -> Mapping[str, Location]:
        return (self.memory.references.get(till) or Reference()).locations

    def put_items(self, till: str, items: Iterable[Item], previous: Mapping[str, Item] | None = None) -> None:
        for item in items:
            self.crash.around("item", partial(self.memory.items.setdefault(till, {}).__setitem__, item.item_id, item))

    def put_matrices(self, till: str, matrices: Iterable[Matrix]) -> None:
        for matrix in matrices:
            self.crash.around(
                "matrix",
                partial(self.memory.matrices.setdefault(till, {}).__setitem__, matrix.matrix_id, matrix),
            )

    def put_stock(self, till: str, levels: Iterable[StockLevel], *, guarded: bool) -> None:
        for level in levels:
            self.crash.around("stock", partial(self._put_level, till, level, guarded=guarded))

    def _put_level(self, till: str, level: StockLevel, *, guarded: bool) -> None:
        kept = self.memory.levels.setdefault(till, {})
        key = (level.item_id, level.location_id)
        if not guarded or key not in kept or kept[key].updated_at <= level.updated_at:
            kept[key] = level

    def put_reference(self, till: str, reference: Reference) -> None:
        self.crash.around("reference", lambda: self.memory.references.update({till: reference}))

    def ids_between(self, till: str, after: str, last: str) -> Sequence[str]:
        present = [item.item_id for item in self.memory.items.get(till, {}).values() if not item.gone]
        return sorted((one for one in present if int(after) < int(one) <= int(last)), key=int)

    def note_unmet(self, till: str, item_ids: Iterable[str]) -> None:
        for item_id in item_ids:
            self.crash.around("unmet", partial(self.memory.unmet.setdefault(till, set()).add, item_id))

    def unmet(self, till: str, limit: int) -> Sequence[str]:
        return sorted(self.memory.unmet.get(till, set()))[:limit]

    def forget_unmet(self, till: str, item_ids: Iterable[str]) -> None:
        for item_id in item_ids:
            self.crash.around("forget unmet", partial(self.memory.unmet.setdefault(till, set()).discard, item_id))


class FakeCursors(Fake):
    def get(self, connection: str, name: str) -> Cursor | None:
        return self.memory.cursors.get((connection, name))

    def put(self, connection: str, name: str, cursor: Cursor) -> None:
        self.crash.around(f"cursor {name}", lambda: self.memory.cursors.update({(connection, name): cursor}))


class FakeRuns(Fake):
    def get(self, connection: str, name: str) -> Run | None:
        return self.memory.runs.get((connection, name))

    def put(self, connection: str, name: str, run: Run) -> None:
        self.crash.around(f"run {name}", lambda: self.memory.runs.update({(connection, name): run}))


class FakeRejects(Fake):
    def put(self, till: str, rejects: Iterable[Reject]) -> None:
        for reject in rejects:
            rows = self.memory.rejects.setdefault(till, {})
            self.crash.around("reject", partial(rows.__setitem__, reject.thing, reject))

    def list(self, till: str) -> Sequence[Reject]:
        return list(self.memory.rejects.get(till, {}).values())


class FakeRechecks(Fake):
    def ask(self, till: str, item_ids: Iterable[str]) -> None:
        asked = self.memory.asked.setdefault(till, {})
        for item_id in item_ids:
            self.crash.around("ask", partial(asked.__setitem__, item_id, None))

    def asked(self, till: str, limit: int = 10_000) -> Sequence[str]:
        return list(self.memory.asked.get(till, {}))[:limit]

    def answer(self, till: str, item_ids: Iterable[str], at: datetime) -> None:
        answered = self.memory.answered.setdefault(till, {})
        for item_id in item_ids:
            self.crash.around("answer", partial(answered.__setitem__, item_id, at))

    def close(self, till: str, item_ids: Iterable[str]) -> None:
        asked = self.memory.asked.setdefault(till, {})
        for item_id in item_ids:
            self.crash.around("close", partial(asked.pop, item_id, None))

    def answers(self, till: str, item_ids: Iterable[str]) -> Mapping[str, datetime]:
        return pick(self.memory.answered.get(till, {}), item_ids)


class FakeReservations(Fake):
    def of(self, till: str, item_ids: Iterable[str]) -> Mapping[str, Mapping[str, Quantity]]:
        orders = self.memory.reserved.get(till, {})
        return {
            item_id: {
                spot(order, of_spot(held)[1]): count
                for order, units in orders.items()
                for held, count in units.items()
                if of_spot(held)[0] == item_id
            }
            for item_id in item_ids
        }

    def held(self, till: str, order: str) -> Mapping[str, Quantity]:
        return self.memory.reserved.get(till, {}).get(order, {})

    def held_by(self, till: str, orders: Iterable[str]) -> Mapping[str, Mapping[str, Quantity]]:
        return {order: units for order in orders if (units := self.held(till, order))}

    def set(
        self, till: str, order: str, units: Mapping[str, Quantity], former: Mapping[str, Quantity] | None = None
    ) -> Mapping[str, Quantity]:
        del former
        before = self.memory.reserved.get(till, {}).get(order, {})
        held = {item_id: count for item_id, count in units.items() if count}
        self.crash.around("reservation", lambda: self.memory.reserved.setdefault(till, {}).update({order: held}))
        return before


class FakeBudgets(Fake):
    def load(self, connection: str) -> Mapping[str, str] | None:
        return self.memory.budgets.get(connection)

    def save(self, connection: str, snapshot: Mapping[str, str]) -> None:
        self.crash.around("budget", lambda: self.memory.budgets.update({connection: dict(snapshot)}))
