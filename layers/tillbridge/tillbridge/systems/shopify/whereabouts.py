"""Which variant and which item on the shelf belong to a listing; ids of the one say nothing of the other.

(facts/shopify.md, section 7.) They never change, so they are kept with the vocabulary, in shelves of which only those
that are needed are read.
"""

import zlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from tillbridge.domain.product import ListingRef
from tillbridge.systems.shop import Vocabulary
from tillbridge.systems.shopify.api.wire import VariantRow

SHELVES = 64


@dataclass(frozen=True, slots=True)
class Where:
    """The numbers of a variant and of its item."""

    variant_id: str
    item_id: str


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Remembers where listings are."""

    vocabulary: Vocabulary

    def get(self, ref: ListingRef) -> Where | None:
        """Find the variant and item of a listing, ``None`` when nobody has met it."""
        variant_id, _, item_id = (self.vocabulary.get(_shelf(ref), str(ref)) or "").partition(":")
        return Where(variant_id, item_id) if variant_id and item_id else None

    def put(self, met: Mapping[ListingRef, Where]) -> None:
        """Remember what is not known yet."""
        shelves: defaultdict[str, dict[str, str]] = defaultdict(dict)
        for ref, where in met.items():
            if self.get(ref) != where:
                shelves[_shelf(ref)][str(ref)] = f"{where.variant_id}:{where.item_id}"
        for shelf, names in shelves.items():
            self.vocabulary.put(shelf, names)

    def met(self, rows: Mapping[ListingRef, VariantRow]) -> None:
        """Remember rows that were read with their items."""
        self.put({ref: Where(row.id, row.inventory_item.id) for ref, row in rows.items() if row.inventory_item})


def _shelf(ref: ListingRef) -> str:
    return f"item {zlib.crc32(str(ref).encode()) % SHELVES}"
