"""How items of a till are found by SKU and by matrix; ``item_ids`` keeps which there are.

``T#{till}#SKU | {key}#{item}`` is one row per key of an item: its SKUs and codes in their normal forms
(``domain.matching``), so that whatever counts as the same text is one query. ``T#{till}#CHILDREN | {matrix}`` holds
the set of a matrix's item ids, so that a hundred matrices are one read; ids are added and removed by atomic updates of
that set.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tillbridge.domain.catalogue import Item
from tillbridge.domain.matching import MatchKey, pointers_of
from tillbridge.store.expressions import Condition, starts_with
from tillbridge.store.fields import Fields
from tillbridge.store.item_ids import ItemIds, id_set
from tillbridge.store.keys import Key, part, partition, sort_key
from tillbridge.store.table import Table

Pair = tuple[Item | None, Item]
"""What the mirror had of an item, and what it is to have."""


@dataclass(frozen=True, slots=True)
class Pointers:
    """The pointers of one till."""

    table: Table
    till: str

    @property
    def ids(self) -> ItemIds:
        """The ids of the items that the till has."""
        return ItemIds(self.table, self.till)

    def children(self, matrix_ids: Iterable[str]) -> Mapping[str, frozenset[str]]:
        """Find the item ids under each matrix; they may lag behind the items."""
        keys = {matrix_id: self._children_key(matrix_id) for matrix_id in matrix_ids}
        rows = self.table.get_close(keys.values())
        return {matrix_id: id_set(rows[key]) if key in rows else frozenset() for matrix_id, key in keys.items()}

    def at(self, key: MatchKey) -> Sequence[str]:
        """Find the item ids under a key; they may lag behind the items."""
        rows = self.table.query(self._sku_partition, starts_with(part(str(key)) + "#"))
        return [Fields.of_row(row).needed("item_id") for row in rows]

    def add(self, pairs: Iterable[Pair]) -> None:
        """Write the pointers that items have and did not have before."""
        pairs = list(pairs)
        self._change_children(
            "ADD", [(new, new) for old, new in pairs if old is None or old.matrix_id != new.matrix_id]
        )
        self.ids.add(new.item_id for old, new in pairs if _present(new) and not _present(old))
        self.table.write(
            {**self._sku_key(key, new.item_id)._asdict(), "item_id": new.item_id}
            for old, new in pairs
            for key in pointers_of(new) - (pointers_of(old) if old else frozenset())
        )

    def remove(self, pairs: Iterable[Pair]) -> None:
        """Remove the pointers that items had and no longer have."""
        replaced = [(old, new) for old, new in pairs if old is not None]
        self.ids.remove(old.item_id for old, new in replaced if _present(old) and not _present(new))
        self._change_children("DELETE", [(old, new) for old, new in replaced if old.matrix_id != new.matrix_id])
        self.table.write(
            deletes=[
                self._sku_key(key, old.item_id)
                for old, new in replaced
                for key in sorted(pointers_of(old) - pointers_of(new), key=str)
            ]
        )

    def _change_children(self, verb: str, items: Iterable[tuple[Item, Item]]) -> None:
        """Add to, or delete from, the set of each matrix that the first of each pair belongs to."""
        by_matrix: dict[str, set[str]] = {}
        for item, _ in items:
            if item.matrix_id:
                by_matrix.setdefault(item.matrix_id, set()).add(item.item_id)
        for matrix_id, item_ids in by_matrix.items():
            self.table.change(self._children_key(matrix_id), Condition(f"{verb} item_ids :ids", {":ids": item_ids}))

    def _children_key(self, matrix_id: str) -> Key:
        return Key(partition("T", self.till, "CHILDREN"), part(matrix_id))

    @property
    def _sku_partition(self) -> str:
        return partition("T", self.till, "SKU")

    def _sku_key(self, key: MatchKey, item_id: str) -> Key:
        return Key(self._sku_partition, sort_key(str(key), item_id))


def _present(item: Item | None) -> bool:
    return item is not None and not item.gone


def skus_of(item: Item) -> set[str]:
    """Give every SKU that an item carries."""
    return {item.system_sku, item.custom_sku, item.manufacturer_sku, item.upc, item.ean} - {""}


def in_order(ids: Iterable[str]) -> list[str]:
    """Sort ids as the till counts them: 9 before 10."""
    return sorted(ids, key=lambda one: (len(one), one))
