"""Shelves: ``S#{shop}#SHELF | {item}``, and ``S#{shop}#LISTING | {listing}`` that points to the item.

When a listing was last seen equal stands apart (``seen_equal.py``): the catalogue lane notes it, and would undo what
the stock lane knows if it wrote the shelf itself.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from tillbridge.domain.product import ListingRef
from tillbridge.domain.work import Shelf
from tillbridge.store.codecs.links import read_shelf, shelf_content
from tillbridge.store.fields import Fields
from tillbridge.store.keys import Key, part, partition
from tillbridge.store.seen_equal import SeenEqual
from tillbridge.store.table import Table
from tillbridge.store.wire import Row


@dataclass(frozen=True, slots=True)
class StoredShelves:
    """Implements ``Shelves``."""

    table: Table

    def get(self, shop: str, item_ids: Iterable[str]) -> Mapping[str, Shelf]:
        """Find shelves by item."""
        pk = partition("S", shop, "SHELF")
        rows = self.table.get_close(Key(pk, part(item_id)) for item_id in item_ids)
        return {shelf.item_id: shelf for shelf in map(_shelf, rows.values())}

    def at(self, shop: str, refs: Iterable[ListingRef]) -> Mapping[ListingRef, str]:
        """Find the item behind each listing; unknown listings, and those an item has left, are absent."""
        keys = {ref: _listing_key(shop, ref) for ref in refs}
        rows = self.table.get_many(keys.values())
        items = {ref: Fields.of_row(rows[key]).needed("item_id") for ref, key in keys.items() if key in rows}
        shelves = self.get(shop, items.values())
        return {ref: item for ref, item in items.items() if item in shelves and shelves[item].ref == ref}

    def put(self, shop: str, shelves: Iterable[Shelf], *, moved: bool = True) -> None:
        """Store shelves, and the pointer from their listing unless nothing has ``moved`` to another listing."""
        fresh = list(shelves)
        rows = [_row(shop, shelf) for shelf in fresh]
        if moved:
            rows += [{**_listing_key(shop, shelf.ref)._asdict(), "item_id": shelf.item_id} for shelf in fresh]
        self.table.write(rows)

    def count(self, shop: str) -> int:
        """Count the shelves. Reads every one of them: when many listings change at once, not for every minute."""
        return self.table.count(partition("S", shop, "SHELF"))

    def verified(self, shop: str, item_ids: Iterable[str]) -> Mapping[str, datetime]:
        """Tell when the listing of each item was last seen equal to the till; never ones are absent."""
        return SeenEqual(self.table, shop).at(item_ids)

    def note_verified(self, shop: str, item_ids: Iterable[str], at: datetime) -> None:
        """Note that these items' listings were seen equal; about two write units per 250 ids."""
        SeenEqual(self.table, shop).note(item_ids, at)

    def remove(self, shop: str, item_ids: Iterable[str]) -> None:
        """Forget shelves. The pointer from the listing stays and leads nowhere, unless another item is there by now."""
        pk = partition("S", shop, "SHELF")
        self.table.write(deletes=[Key(pk, part(item_id)) for item_id in item_ids])


def _listing_key(shop: str, ref: ListingRef) -> Key:
    return Key(partition("S", shop, "LISTING"), part(str(ref)))


def _row(shop: str, shelf: Shelf) -> Row:
    return {"pk": partition("S", shop, "SHELF"), "sk": part(shelf.item_id), "content": shelf_content(shelf)}


def _shelf(row: Row) -> Shelf:
    return read_shelf(Fields.of_content(row))
