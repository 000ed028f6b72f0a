"""A copy of one till: ``T#{till}#ITEM | {item}``, ``#MATRIX | {matrix}``, ``#STOCK | {item}#{location}`` and pointers.

Pointers (``#SKU`` and ``#CHILDREN``) are written before the item they point to, and old ones are removed after it. So a
crash leaves at worst a pointer that leads nowhere, and whoever follows a pointer looks whether the item still agrees.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tillbridge.domain.catalogue import Item, Location, Matrix, Reference
from tillbridge.domain.errors import SomeRejectedError
from tillbridge.domain.matching import MatchKey, pointers_of, pointers_to, sku_keys
from tillbridge.domain.stock import ItemStock, StockLevel
from tillbridge.store.codecs.catalogue import item_content, matrix_content, read_item, read_matrix
from tillbridge.store.codecs.work import level_attributes, read_level
from tillbridge.store.errors import ConditionFailedError
from tillbridge.store.expressions import Condition, Put, behind
from tillbridge.store.fields import Fields
from tillbridge.store.keys import Key, part, partition, sort_key
from tillbridge.store.pointers import Pointers, in_order, skus_of
from tillbridge.store.reference import StoredReference
from tillbridge.store.table import TRANSACT_AT_ONCE, Table, chunks, sorted_out
from tillbridge.store.wire import Row

NOT_OLDER = "attribute_not_exists(pk) OR updated_at <= :updated_at"


@dataclass(frozen=True, slots=True)
class StoredMirror:
    """Implements ``Mirror``."""

    table: Table

    def items(self, till: str, item_ids: Iterable[str]) -> Mapping[str, Item]:
        """Find items; unknown ids are absent."""
        rows = self.table.get_close(_keys(partition("T", till, "ITEM"), item_ids))
        return {item.item_id: item for item in map(_item, rows.values())}

    def matrices(self, till: str, matrix_ids: Iterable[str]) -> Mapping[str, Matrix]:
        """Find matrices; unknown ids are absent."""
        rows = self.table.get_close(_keys(partition("T", till, "MATRIX"), matrix_ids))
        return {matrix.matrix_id: matrix for matrix in map(_matrix, rows.values())}

    def variants(self, till: str, matrix_ids: Iterable[str]) -> Mapping[str, tuple[Item, ...]]:
        """Find every item of these matrices, in the order of ids."""
        children = Pointers(self.table, till).children(matrix_ids)
        items = self.items(till, (item_id for ids in children.values() for item_id in ids))
        return {
            matrix_id: tuple(
                items[item_id]
                for item_id in in_order(ids)
                if item_id in items and items[item_id].matrix_id == matrix_id
            )
            for matrix_id, ids in children.items()
        }

    def every_item(self, till: str, after: str = "") -> Iterator[Item]:
        """Go through every item behind ``after``, in the order of ids as texts, page by page in constant memory."""
        return map(_item, self.table.query(partition("T", till, "ITEM"), behind(after)))

    def every_matrix(self, till: str, after: str = "") -> Iterator[Matrix]:
        """Go through every matrix behind ``after``, in the order of ids as texts, page by page in constant memory."""
        return map(_matrix, self.table.query(partition("T", till, "MATRIX"), behind(after)))

    def find_by_sku(self, till: str, sku: str) -> Sequence[str]:
        """Find the ids of items that carry this SKU in any SKU field."""
        found = self.carrying(till, sku_keys(sku)).values()
        return in_order({item.item_id for items in found for item in items if sku in skus_of(item)})

    def carrying(self, till: str, keys: Iterable[MatchKey]) -> Mapping[MatchKey, tuple[Item, ...]]:
        """Find the items that may offer these keys, in whichever of their fields, archived ones included."""
        pointers = Pointers(self.table, till)
        leading = {key: pointers_to(key) for key in keys}
        under = {pointer: pointers.at(pointer) for pointer in {one for many in leading.values() for one in many}}
        items = self.items(till, (item_id for ids in under.values() for item_id in ids))
        return {
            key: tuple(
                items[item_id]
                for item_id in in_order({one for pointer in many for one in under[pointer]} & items.keys())
                if pointers_of(items[item_id]).intersection(many)
            )
            for key, many in leading.items()
        }

    def stock(self, till: str, item_ids: Iterable[str], locations: Sequence[str]) -> Mapping[str, ItemStock]:
        """Find the stock of items at these locations; a location never read is absent from ``levels``."""
        pk, ids = partition("T", till, "STOCK"), tuple(dict.fromkeys(item_ids))
        rows = self.table.get_close(Key(pk, sort_key(item_id, place)) for item_id in ids for place in locations)
        found: dict[str, dict[str, StockLevel]] = {item_id: {} for item_id in ids}
        for row in rows.values():
            level = read_level(Fields.of_row(row))
            found[level.item_id][level.location_id] = level
        return {item_id: ItemStock(item_id, levels) for item_id, levels in found.items()}

    def reference(self, till: str) -> Reference | None:
        """Find the account's lists, ``None`` before the first read."""
        return StoredReference(self.table, till).get()

    def locations(self, till: str) -> Mapping[str, Location]:
        """Find only the locations of the account's lists."""
        return StoredReference(self.table, till).locations()

    def put_items(self, till: str, items: Iterable[Item], previous: Mapping[str, Item] | None = None) -> None:
        """Store items (with the pointer from their matrix and from their SKUs).

        ``previous`` holds what the mirror had of them, when the caller has just read it; an id that is absent is new.
        """
        fresh = {item.item_id: item for item in items}
        known = self.items(till, fresh) if previous is None else previous
        pairs = [(known.get(item_id), item) for item_id, item in fresh.items()]
        pointers, pk = Pointers(self.table, till), partition("T", till, "ITEM")
        pointers.add(pairs)
        self.table.write({"pk": pk, "sk": part(item.item_id), "content": item_content(item)} for item in fresh.values())
        pointers.remove(pairs)

    def put_matrices(self, till: str, matrices: Iterable[Matrix]) -> None:
        """Store matrices."""
        pk = partition("T", till, "MATRIX")
        self.table.write(
            {"pk": pk, "sk": part(matrix.matrix_id), "content": matrix_content(matrix)} for matrix in matrices
        )

    def put_stock(self, till: str, levels: Iterable[StockLevel], *, guarded: bool) -> None:
        """Store stock rows. ``guarded`` refuses to replace a newer row (by ``updated_at``), silently."""
        newest: dict[Key, StockLevel] = {}
        for level in levels:
            key = Key(partition("T", till, "STOCK"), sort_key(level.item_id, level.location_id))
            if key not in newest or newest[key].updated_at <= level.updated_at:
                newest[key] = level
        rows = ({**key._asdict(), **level_attributes(level)} for key, level in newest.items())
        if not guarded:
            self.table.write(rows)
            return
        fitting, refused = sorted_out(rows)
        for chunk in chunks(fitting, TRANSACT_AT_ONCE):
            self._put_guarded(chunk)
        if refused:
            raise SomeRejectedError(refused)

    def _put_guarded(self, rows: Sequence[Row]) -> None:
        """Write the rows that are not older than what is there, in one transaction; a single row needs none."""
        while rows:
            steps = [Put(row, Condition(NOT_OLDER, {":updated_at": row["updated_at"]})) for row in rows]
            try:
                if len(steps) == 1:
                    self.table.put(steps[0].row, steps[0].when)
                else:
                    self.table.transact(steps)
            except ConditionFailedError as refused:
                rows = [row for place, row in enumerate(rows) if place not in refused.failed]
            else:
                return

    def ids_between(self, till: str, after: str, last: str) -> Sequence[str]:
        """List the ids of the items with ``after < id <= last``, in order, without those noted as gone."""
        return Pointers(self.table, till).ids.between(after, last)

    def note_unmet(self, till: str, item_ids: Iterable[str]) -> None:
        """Note items that a full read should have met and did not."""
        Pointers(self.table, till).ids.note_unmet(item_ids)

    def unmet(self, till: str, limit: int) -> Sequence[str]:
        """List items so noted, at most ``limit``."""
        return Pointers(self.table, till).ids.unmet(limit)

    def forget_unmet(self, till: str, item_ids: Iterable[str]) -> None:
        """Drop these notes."""
        Pointers(self.table, till).ids.forget_unmet(item_ids)

    def put_reference(self, till: str, reference: Reference) -> None:
        """Store the account's lists in place of the former ones; what has not changed is not written."""
        StoredReference(self.table, till).put(reference)


def _keys(pk: str, ids: Iterable[str]) -> Iterator[Key]:
    return (Key(pk, part(one)) for one in ids)


def _item(row: Row) -> Item:
    return read_item(Fields.of_content(row))


def _matrix(row: Row) -> Matrix:
    return read_matrix(Fields.of_content(row))
