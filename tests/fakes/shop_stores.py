"""Repositories of what a shop shows and what waits for it, in memory."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from itertools import islice

from tests.fakes.memory import Fake, behind, pick
from tillbridge.domain.choice import Choice
from tillbridge.domain.hour import GuardLog
from tillbridge.domain.listing import ListedProduct, Sighting
from tillbridge.domain.matching import MatchKey, keys_shown
from tillbridge.domain.merchant import Lane
from tillbridge.domain.product import Link, ListingRef, UnlinkedOrder
from tillbridge.domain.work import Held, Hold, LaneLease, Mark, Shelf


class FakeMarks(Fake):
    def add(self, shop: str, lane: Lane, marks: Iterable[Mark]) -> Sequence[Mark]:
        stored: list[Mark] = []
        for mark in marks:
            self.memory.rows += 1
            stored.append(replace(mark, row=str(self.memory.rows)))
            self.crash.around("mark", partial(self._all(shop, lane).append, stored[-1]))
        return stored

    def due(self, shop: str, lane: Lane, now: datetime, limit: int) -> Sequence[Mark]:
        everything = self.waiting(shop, lane, len(self._all(shop, lane)))
        return [mark for mark in everything if mark.due_at <= now][:limit]

    def remove(self, shop: str, lane: Lane, marks: Iterable[Mark]) -> None:
        for mark in marks:
            self.crash.around("unmark", partial(self._forget, shop, lane, mark))

    def waiting(self, shop: str, lane: Lane, limit: int = 1000) -> Sequence[Mark]:
        return sorted(self.memory.marks.get((shop, lane), ()), key=lambda mark: mark.due_at)[:limit]

    def _all(self, shop: str, lane: Lane) -> list[Mark]:
        return self.memory.marks.setdefault((shop, lane), [])

    def _forget(self, shop: str, lane: Lane, mark: Mark) -> None:
        """Remove the very row that was read or added, not one that looks like it."""
        assert mark.row, "only a mark that was read or added can be removed"
        kept = self._all(shop, lane)
        kept[:] = [other for other in kept if other.row != mark.row]


class FakeLinks(Fake):
    def get(self, shop: str, product_keys: Iterable[str]) -> Mapping[str, Link]:
        return pick(self.memory.links.get(shop, {}), product_keys)

    def put(self, shop: str, links: Iterable[Link]) -> None:
        for link in links:
            self.crash.around(
                "link",
                partial(self.memory.links.setdefault(shop, {}).__setitem__, link.product_key, link),
            )

    def every(self, shop: str, after: str = "", limit: int | None = None) -> Iterator[Link]:
        yield from islice(behind(self.memory.links.get(shop, {}), after), limit)

    def troubled(self, shop: str) -> Iterable[Link]:
        return [link for link in self.memory.links.get(shop, {}).values() if link.problem is not None]

    def count(self, shop: str) -> int:
        return sum(bool(link.product_id) for link in self.memory.links.get(shop, {}).values())


class FakeShelves(Fake):
    def get(self, shop: str, item_ids: Iterable[str]) -> Mapping[str, Shelf]:
        return pick(self.memory.shelves.get(shop, {}), item_ids)

    def at(self, shop: str, refs: Iterable[ListingRef]) -> Mapping[ListingRef, str]:
        known, shelves = self.memory.listings.get(shop, {}), self.memory.shelves.get(shop, {})
        return {
            ref: known[ref] for ref in refs if ref in known and known[ref] in shelves and shelves[known[ref]].ref == ref
        }

    def put(self, shop: str, shelves: Iterable[Shelf], *, moved: bool = True) -> None:
        for shelf in shelves:
            self.crash.around("shelf", partial(self._put, shop, shelf, moved=moved))

    def _put(self, shop: str, shelf: Shelf, *, moved: bool) -> None:
        self.memory.shelves.setdefault(shop, {})[shelf.item_id] = shelf
        if moved:
            self.memory.listings.setdefault(shop, {})[shelf.ref] = shelf.item_id

    def count(self, shop: str) -> int:
        return len(self.memory.shelves.get(shop, {}))

    def verified(self, shop: str, item_ids: Iterable[str]) -> Mapping[str, datetime]:
        return pick(self.memory.seen.get(shop, {}), item_ids)

    def note_verified(self, shop: str, item_ids: Iterable[str], at: datetime) -> None:
        for item_id in item_ids:
            self.crash.around("verified", partial(self.memory.seen.setdefault(shop, {}).__setitem__, item_id, at))

    def remove(self, shop: str, item_ids: Iterable[str]) -> None:
        for item_id in item_ids:
            self.crash.around("no shelf", partial(self.memory.shelves.setdefault(shop, {}).pop, item_id, None))


class FakeHolds(Fake):
    def unsettled(self, shop: str) -> Sequence[Hold]:
        return [hold for hold in self.known(shop) if not hold.settled]

    def known(self, shop: str) -> Sequence[Hold]:
        return sorted(self._all(shop).values(), key=lambda hold: (hold.created_at, hold.hold_id))

    def get(self, shop: str, hold_id: str) -> Hold | None:
        return self._all(shop).get(hold_id)

    def put(self, shop: str, hold: Hold, former: Hold | None) -> bool:
        there = self._all(shop).get(hold.hold_id)
        if _state(there) != _state(former):
            return there == hold
        self.crash.around("hold", lambda: self.memory.holds.setdefault(shop, {}).update({hold.hold_id: hold}))
        return True

    def find(self, shop: str, lane: Lane, keys: Iterable[str]) -> Mapping[str, Held]:
        return pick(self.memory.held.get((shop, lane), {}), keys)

    def held(self, shop: str, lane: Lane, hold_id: str) -> Iterator[Held]:
        rows = list(self.memory.held.get((shop, lane), {}).values())
        return (held for held in rows if held.hold_id == hold_id)

    def keep(self, shop: str, lane: Lane, held: Iterable[Held]) -> None:
        rows = self.memory.held.setdefault((shop, lane), {})
        for one in held:
            self.crash.around("held", partial(rows.__setitem__, one.mark.key, one))

    def let_go(self, shop: str, lane: Lane, keys: Iterable[str]) -> None:
        rows = self.memory.held.setdefault((shop, lane), {})
        for key in keys:
            self.crash.around("let go", partial(rows.pop, key, None))

    def log(self, shop: str, lane: Lane) -> GuardLog:
        return self.memory.logs.get((shop, lane), GuardLog())

    def put_log(self, shop: str, lane: Lane, log: GuardLog) -> None:
        self.crash.around("guard log", lambda: self.memory.logs.update({(shop, lane): log}))

    def _all(self, shop: str) -> Mapping[str, Hold]:
        return self.memory.holds.get(shop, {})


def _state(hold: Hold | None) -> object:
    return hold and (hold.state, hold.settled)


class FakeSightings(Fake):
    def keep(self, shop: str, listed: Sequence[ListedProduct], survey: datetime) -> None:
        kept = self.memory.sightings.setdefault(shop, {})
        for product in listed:
            self.crash.around("sighting", partial(kept.__setitem__, product.product_id, Sighting(product, survey)))

    def get(self, shop: str, product_ids: Iterable[str]) -> Mapping[str, Sighting]:
        return pick(self.memory.sightings.get(shop, {}), product_ids)

    def showing(self, shop: str, keys: Iterable[MatchKey]) -> Mapping[MatchKey, tuple[ListedProduct, ...]]:
        found: dict[MatchKey, dict[str, ListedProduct]] = {}
        for sighting in self.every(shop):
            for key in (key for variant in sighting.listed.variants for key in keys_shown(variant)):
                found.setdefault(key, {})[sighting.listed.product_id] = sighting.listed
        return {key: tuple(found[key].values()) for key in keys if key in found}

    def every(self, shop: str, after: str = "") -> Iterator[Sighting]:
        yield from behind(self.memory.sightings.get(shop, {}), after)

    def forget(self, shop: str, product_ids: Iterable[str]) -> None:
        for product_id in product_ids:
            self.crash.around("no sighting", partial(self.memory.sightings.get(shop, {}).pop, product_id, None))


class FakeChoices(Fake):
    def get(self, shop: str, keys: Iterable[str]) -> Mapping[str, Choice]:
        return pick(self.memory.choices.get(shop, {}), keys)

    def put(self, shop: str, choices: Iterable[Choice]) -> None:
        for choice in choices:
            kept = self.memory.choices.setdefault(shop, {})
            self.crash.around("choice", partial(kept.__setitem__, choice.key, choice))

    def remove(self, shop: str, keys: Iterable[str]) -> None:
        for key in keys:
            self.crash.around("no choice", partial(self.memory.choices.get(shop, {}).pop, key, None))


class FakeOrderNotes(Fake):
    def get(self, shop: str, order_ids: Iterable[str]) -> Mapping[str, str]:
        return pick(self.memory.orders.get(shop, {}), order_ids)

    def put(self, shop: str, states: Mapping[str, str]) -> None:
        self.crash.around("order note", lambda: self.memory.orders.setdefault(shop, {}).update(states))


class FakeUnlinkedOrders(Fake):
    def keep(self, shop: str, order: UnlinkedOrder) -> None:
        kept = self.memory.unlinked.setdefault(shop, {})
        self.crash.around("unlinked order", partial(kept.__setitem__, order.order.order_id, order))

    def kept(self, shop: str, order_ids: Iterable[str]) -> frozenset[str]:
        return frozenset(pick(self.memory.unlinked.get(shop, {}), order_ids))

    def awaiting(self, shop: str, refs: Collection[ListingRef]) -> Iterator[UnlinkedOrder]:
        yield from [order for order in self.every(shop) if not order.awaited.isdisjoint(refs)]

    def every(self, shop: str) -> Iterator[UnlinkedOrder]:
        yield from behind(self.memory.unlinked.get(shop, {}), "")

    def forget(self, shop: str, order_ids: Iterable[str]) -> None:
        for order_id in order_ids:
            self.crash.around("linked order", partial(self.memory.unlinked.get(shop, {}).pop, order_id, None))


class FakeVocabulary(Fake):
    def get(self, kind: str, name: str) -> str | None:
        return self.memory.vocabulary.get(kind, {}).get(name)

    def put(self, kind: str, names: Mapping[str, str]) -> None:
        self.crash.around("name", lambda: self.memory.vocabulary.setdefault(kind, {}).update(names))

    def forget(self, kind: str) -> None:
        self.crash.around("forgotten name", lambda: self.memory.vocabulary.pop(kind, None))


class FakeLaneLeases(Fake):
    def get(self, shop: str, lane: Lane) -> LaneLease:
        return self.memory.leases.get((shop, lane), LaneLease())

    def swap(self, shop: str, lane: Lane, old: LaneLease, new: LaneLease) -> bool:
        self.crash.step("before lease")
        if self.memory.leases.get((shop, lane), LaneLease()) != old:
            return False
        self.memory.leases[shop, lane] = new
        self.crash.step("after lease")
        return True
