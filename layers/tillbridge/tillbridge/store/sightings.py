"""What surveys have met: ``S#{shop}#LISTED | {listing}``, and ``S#{shop}#LISTEDKEY | {key}`` with the set of listings.

As with the mirror's pointers, keys are written before the listing that shows them and removed after it, and whoever
follows a key looks whether the listing still shows it. A survey writes everything it meets, so it also mends whatever
a crash has left. One worker at a time writes here: that of the shop's catalogue lane.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tillbridge.domain.listing import ListedProduct, Sighting
from tillbridge.domain.matching import MatchKey, keys_shown
from tillbridge.store.codecs.listings import listing_content, read_listing
from tillbridge.store.errors import UnreadableRowError
from tillbridge.store.expressions import behind
from tillbridge.store.fields import Fields
from tillbridge.store.keys import Key, part, partition
from tillbridge.store.table import Table
from tillbridge.store.wire import Row

MOST_UNDER_A_KEY = 1000
"""Listings kept under one key; where there are so many, nothing is one to one."""


@dataclass(frozen=True, slots=True)
class StoredSightings:
    """Implements ``Sightings``."""

    table: Table

    def keep(self, shop: str, listed: Sequence[ListedProduct], survey: datetime) -> None:
        """Store what a survey met, in place of what an earlier one did."""
        before = {name: sighting.listed for name, sighting in self.get(shop, _ids(listed)).items()}
        kept = self._under(shop, {key for product in [*listed, *before.values()] for key in _keys(product)})
        added, dropped = _Changes(kept), _Changes(kept)
        for product in listed:
            added.add(_keys(product), product.product_id)
        self._write_keys(shop, added)
        pk = partition("S", shop, "LISTED")
        self.table.write(
            {"pk": pk, "sk": part(product.product_id), "content": listing_content(Sighting(product, survey))}
            for product in listed
        )
        for product in listed:
            if product.product_id in before:
                dropped.drop(_keys(before[product.product_id]) - _keys(product), product.product_id)
        self._write_keys(shop, dropped)

    def get(self, shop: str, product_ids: Iterable[str]) -> Mapping[str, Sighting]:
        """Find listings; unknown ids are absent."""
        pk = partition("S", shop, "LISTED")
        rows = self.table.get_close(Key(pk, part(product_id)) for product_id in product_ids)
        return {sighting.listed.product_id: sighting for sighting in map(_sighting, rows.values())}

    def showing(self, shop: str, keys: Iterable[MatchKey]) -> Mapping[MatchKey, tuple[ListedProduct, ...]]:
        """Find the listings of which a variant shows these keys; a key that nobody shows is absent."""
        under = self._under(shop, keys)
        seen = self.get(shop, {product_id for ids in under.values() for product_id in ids})
        found = {
            key: tuple(seen[one].listed for one in sorted(ids) if one in seen and key in _keys(seen[one].listed))
            for key, ids in under.items()
        }
        return {key: listed for key, listed in found.items() if listed}

    def every(self, shop: str, after: str = "") -> Iterator[Sighting]:
        """Go through every listing, page by page in constant memory: ids in the order of text, behind ``after``."""
        return map(_sighting, self.table.query(partition("S", shop, "LISTED"), behind(after)))

    def forget(self, shop: str, product_ids: Iterable[str]) -> None:
        """Remove listings that are gone."""
        gone = self.get(shop, product_ids)
        kept = self._under(shop, {key for sighting in gone.values() for key in _keys(sighting.listed)})
        dropped = _Changes(kept)
        for product_id, sighting in gone.items():
            dropped.drop(_keys(sighting.listed), product_id)
        pk = partition("S", shop, "LISTED")
        self.table.write(deletes=[Key(pk, part(product_id)) for product_id in gone])
        self._write_keys(shop, dropped)

    def _under(self, shop: str, keys: Iterable[MatchKey]) -> dict[MatchKey, set[str]]:
        wanted = {key: _key_of(shop, key) for key in keys}
        rows = self.table.get_many(wanted.values())
        return {key: _product_ids(rows[row]) for key, row in wanted.items() if row in rows}

    def _write_keys(self, shop: str, changes: "_Changes") -> None:
        rows = {key: changes.kept.get(key, set()) for key in changes.changed}
        self.table.write(
            [{**_key_of(shop, key)._asdict(), "product_ids": ids} for key, ids in rows.items() if ids],
            [_key_of(shop, key) for key, ids in rows.items() if not ids],
        )


class _Changes:
    """The listings under some keys, and which of the keys have changed."""

    def __init__(self, kept: dict[MatchKey, set[str]]) -> None:
        self.kept, self.changed = kept, set[MatchKey]()

    def add(self, keys: Iterable[MatchKey], product_id: str) -> None:
        for key in keys:
            ids = self.kept.setdefault(key, set())
            if product_id not in ids and len(ids) < MOST_UNDER_A_KEY:
                ids.add(product_id)
                self.changed.add(key)

    def drop(self, keys: Iterable[MatchKey], product_id: str) -> None:
        for key in keys:
            if product_id in self.kept.get(key, ()):
                self.kept[key].discard(product_id)
                self.changed.add(key)


def _ids(listed: Iterable[ListedProduct]) -> list[str]:
    return [product.product_id for product in listed]


def _keys(product: ListedProduct) -> frozenset[MatchKey]:
    return frozenset(key for variant in product.variants for key in keys_shown(variant))


def _key_of(shop: str, key: MatchKey) -> Key:
    return Key(partition("S", shop, "LISTEDKEY"), part(str(key)))


def _sighting(row: Row) -> Sighting:
    return read_listing(Fields.of_content(row))


def _product_ids(row: Row) -> set[str]:
    ids = row.get("product_ids")
    if not isinstance(ids, set) or not all(isinstance(one, str) for one in ids):
        raise UnreadableRowError(str(row["pk"]), str(row["sk"]), "product_ids", "is no set of texts")
    return set(ids)
