"""Every port of the flows in memory, with kill points around every write.

State and behaviour are apart: ``Memory`` survives a kill, the repositories over it are made anew by each "process".
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from typing import TypeVar

from tests.fakes.clock import FakeClock
from tests.fakes.crash import Crash
from tillbridge.domain.catalogue import Item, Location, Matrix, Reference
from tillbridge.domain.choice import Choice
from tillbridge.domain.errors import InputError, NotFoundError
from tillbridge.domain.hour import GuardLog
from tillbridge.domain.listing import ListedProduct, Sighting
from tillbridge.domain.mail import Mail, MailState, Posted
from tillbridge.domain.matching import MatchKey, keys_shown, pointers_of, pointers_to
from tillbridge.domain.merchant import Connection, ConnectionState, Lane, Merchant, System
from tillbridge.domain.migration import Migration
from tillbridge.domain.product import Link, ListingRef, UnlinkedOrder
from tillbridge.domain.stock import ItemStock, Quantity, StockLevel
from tillbridge.domain.work import Cursor, Held, Hold, LaneLease, Mark, Reject, Run, Shelf
from tillbridge.flows.ports import Clock
from tillbridge.flows.schedule import Wake


@dataclass
class Memory:
    """What the table holds."""

    merchants: dict[str, Merchant] = field(default_factory=dict)
    connections: dict[str, Connection] = field(default_factory=dict)
    items: dict[str, dict[str, Item]] = field(default_factory=dict)
    matrices: dict[str, dict[str, Matrix]] = field(default_factory=dict)
    levels: dict[str, dict[tuple[str, str], StockLevel]] = field(default_factory=dict)
    references: dict[str, Reference] = field(default_factory=dict)
    unmet: dict[str, set[str]] = field(default_factory=dict)
    cursors: dict[tuple[str, str], Cursor] = field(default_factory=dict)
    runs: dict[tuple[str, str], Run] = field(default_factory=dict)
    rejects: dict[str, dict[str, Reject]] = field(default_factory=dict)
    marks: dict[tuple[str, Lane], list[Mark]] = field(default_factory=dict)
    links: dict[str, dict[str, Link]] = field(default_factory=dict)
    shelves: dict[str, dict[str, Shelf]] = field(default_factory=dict)
    listings: dict[str, dict[ListingRef, str]] = field(default_factory=dict)
    reserved: dict[str, dict[str, dict[str, Quantity]]] = field(default_factory=dict)  # till -> order -> item -> units
    seen: dict[str, dict[str, datetime]] = field(default_factory=dict)
    sightings: dict[str, dict[str, Sighting]] = field(default_factory=dict)
    choices: dict[str, dict[str, Choice]] = field(default_factory=dict)
    orders: dict[str, dict[str, str]] = field(default_factory=dict)
    unlinked: dict[str, dict[str, UnlinkedOrder]] = field(default_factory=dict)
    vocabulary: dict[str, dict[str, str]] = field(default_factory=dict)
    budgets: dict[str, dict[str, str]] = field(default_factory=dict)
    holds: dict[str, dict[str, Hold]] = field(default_factory=dict)
    held: dict[tuple[str, Lane], dict[str, Held]] = field(default_factory=dict)
    logs: dict[tuple[str, Lane], GuardLog] = field(default_factory=dict)
    asked: dict[str, dict[str, None]] = field(default_factory=dict)
    answered: dict[str, dict[str, datetime]] = field(default_factory=dict)
    leases: dict[tuple[str, Lane], LaneLease] = field(default_factory=dict)
    migrations: dict[str, Migration] = field(default_factory=dict)
    rows: int = 0  # marks written so far
    mails: dict[tuple[str, str], Posted] = field(default_factory=dict)
    mails_woken: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Fake:
    """What every fake repository has."""

    memory: Memory
    crash: Crash = field(default_factory=Crash)


class FakeMerchants(Fake):
    def add(self, merchant: Merchant) -> None:
        if merchant.merchant_id in self.memory.merchants:
            raise InputError("merchant", f"{merchant.merchant_id!r} is taken.", remedy="Choose another id.")
        self._put(merchant)

    def get(self, merchant_id: str) -> Merchant:
        if merchant_id not in self.memory.merchants:
            raise NotFoundError("merchant", f"There is no merchant {merchant_id!r}.", remedy="List the merchants.")
        return self.memory.merchants[merchant_id]

    def list(self) -> Sequence[Merchant]:
        return sorted(self.memory.merchants.values(), key=lambda merchant: merchant.merchant_id)

    def save(self, merchant: Merchant) -> None:
        self.get(merchant.merchant_id)
        self._put(merchant)

    def _put(self, merchant: Merchant) -> None:
        self.crash.around("merchant", lambda: self.memory.merchants.update({merchant.merchant_id: merchant}))


class FakeConnections(Fake):
    def add(self, connection: Connection) -> None:
        if any(
            (other.merchant_id, other.system, other.account_id)
            == (connection.merchant_id, connection.system, connection.account_id)
            for other in self._live()
        ):
            raise InputError("account", "It is connected already.", remedy="Disconnect it first.")
        self._put(connection)

    def get(self, connection_id: str) -> Connection:
        if connection_id not in self.memory.connections:
            raise NotFoundError("connection", f"There is no connection {connection_id!r}.", remedy="List them.")
        return self.memory.connections[connection_id]

    def of_merchant(self, merchant_id: str) -> Sequence[Connection]:
        found = [connection for connection in self._live() if connection.merchant_id == merchant_id]
        return sorted(found, key=lambda connection: connection.created_at)

    def of_account(self, system: System, account_id: str) -> Sequence[Connection]:
        known = self.memory.connections.values()
        return [one for one in known if (one.system, one.account_id) == (system, account_id)]

    def list(self) -> Iterable[Connection]:
        return list(self._live())

    def save(self, connection: Connection) -> None:
        """Replace it; one that was disconnected stays so."""
        known = self.get(connection.connection_id)
        if ConnectionState.DISCONNECTED not in {known.state} - {connection.state}:
            self._put(connection)

    def _put(self, connection: Connection) -> None:
        self.crash.around("connection", lambda: self.memory.connections.update({connection.connection_id: connection}))

    def _live(self) -> Iterator[Connection]:
        for connection in self.memory.connections.values():
            if connection.state is not ConnectionState.DISCONNECTED:
                yield connection


class FakeMirror(Fake):
    def items(self, till: str, item_ids: Iterable[str]) -> Mapping[str, Item]:
        return _pick(self.memory.items.get(till, {}), item_ids)

    def matrices(self, till: str, matrix_ids: Iterable[str]) -> Mapping[str, Matrix]:
        return _pick(self.memory.matrices.get(till, {}), matrix_ids)

    def variants(self, till: str, matrix_ids: Iterable[str]) -> Mapping[str, tuple[Item, ...]]:
        found: dict[str, tuple[Item, ...]] = {}
        for matrix_id in matrix_ids:
            mine = [item for item in self.memory.items.get(till, {}).values() if item.matrix_id == matrix_id]
            found[matrix_id] = tuple(sorted(mine, key=lambda item: int(item.item_id)))
        return found

    def every_item(self, till: str, after: str = "") -> Iterator[Item]:
        yield from _behind(self.memory.items.get(till, {}), after)

    def every_matrix(self, till: str, after: str = "") -> Iterator[Matrix]:
        yield from _behind(self.memory.matrices.get(till, {}), after)

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


class FakeMarks(Fake):
    def add(self, shop: str, lane: Lane, marks: Iterable[Mark]) -> None:
        for mark in marks:
            self.memory.rows += 1
            row = replace(mark, row=str(self.memory.rows))
            self.crash.around("mark", partial(self._all(shop, lane).append, row))

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
        """Remove the very row that was read, not one that looks like it."""
        assert mark.row, "only a mark that was read can be removed"
        kept = self._all(shop, lane)
        kept[:] = [other for other in kept if other.row != mark.row]


class FakeLinks(Fake):
    def get(self, shop: str, product_keys: Iterable[str]) -> Mapping[str, Link]:
        return _pick(self.memory.links.get(shop, {}), product_keys)

    def put(self, shop: str, links: Iterable[Link]) -> None:
        for link in links:
            self.crash.around(
                "link",
                partial(self.memory.links.setdefault(shop, {}).__setitem__, link.product_key, link),
            )

    def every(self, shop: str, after: str = "", limit: int | None = None) -> Iterator[Link]:
        yield from islice(_behind(self.memory.links.get(shop, {}), after), limit)

    def troubled(self, shop: str) -> Iterable[Link]:
        return [link for link in self.memory.links.get(shop, {}).values() if link.problem is not None]

    def count(self, shop: str) -> int:
        return sum(bool(link.product_id) for link in self.memory.links.get(shop, {}).values())


class FakeShelves(Fake):
    def get(self, shop: str, item_ids: Iterable[str]) -> Mapping[str, Shelf]:
        return _pick(self.memory.shelves.get(shop, {}), item_ids)

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
        return _pick(self.memory.seen.get(shop, {}), item_ids)

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
        return _pick(self.memory.held.get((shop, lane), {}), keys)

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
        return _pick(self.memory.answered.get(till, {}), item_ids)


class FakeSightings(Fake):
    def keep(self, shop: str, listed: Sequence[ListedProduct], survey: datetime) -> None:
        kept = self.memory.sightings.setdefault(shop, {})
        for product in listed:
            self.crash.around("sighting", partial(kept.__setitem__, product.product_id, Sighting(product, survey)))

    def get(self, shop: str, product_ids: Iterable[str]) -> Mapping[str, Sighting]:
        return _pick(self.memory.sightings.get(shop, {}), product_ids)

    def showing(self, shop: str, keys: Iterable[MatchKey]) -> Mapping[MatchKey, tuple[ListedProduct, ...]]:
        found: dict[MatchKey, dict[str, ListedProduct]] = {}
        for sighting in self.every(shop):
            for key in (key for variant in sighting.listed.variants for key in keys_shown(variant)):
                found.setdefault(key, {})[sighting.listed.product_id] = sighting.listed
        return {key: tuple(found[key].values()) for key in keys if key in found}

    def every(self, shop: str, after: str = "") -> Iterator[Sighting]:
        yield from _behind(self.memory.sightings.get(shop, {}), after)

    def forget(self, shop: str, product_ids: Iterable[str]) -> None:
        for product_id in product_ids:
            self.crash.around("no sighting", partial(self.memory.sightings.get(shop, {}).pop, product_id, None))


class FakeChoices(Fake):
    def get(self, shop: str, keys: Iterable[str]) -> Mapping[str, Choice]:
        return _pick(self.memory.choices.get(shop, {}), keys)

    def put(self, shop: str, choices: Iterable[Choice]) -> None:
        for choice in choices:
            kept = self.memory.choices.setdefault(shop, {})
            self.crash.around("choice", partial(kept.__setitem__, choice.key, choice))

    def remove(self, shop: str, keys: Iterable[str]) -> None:
        for key in keys:
            self.crash.around("no choice", partial(self.memory.choices.get(shop, {}).pop, key, None))


class FakeReservations(Fake):
    def of(self, till: str, item_ids: Iterable[str]) -> Mapping[str, Mapping[str, Quantity]]:
        orders = self.memory.reserved.get(till, {})
        return {
            item_id: {order: units[item_id] for order, units in orders.items() if item_id in units}
            for item_id in item_ids
        }

    def held(self, till: str, order: str) -> Mapping[str, Quantity]:
        return self.memory.reserved.get(till, {}).get(order, {})

    def set(self, till: str, order: str, units: Mapping[str, Quantity]) -> Mapping[str, Quantity]:
        before = self.memory.reserved.get(till, {}).get(order, {})
        held = {item_id: count for item_id, count in units.items() if count}
        self.crash.around("reservation", lambda: self.memory.reserved.setdefault(till, {}).update({order: held}))
        return before


class FakeOrderNotes(Fake):
    def get(self, shop: str, order_ids: Iterable[str]) -> Mapping[str, str]:
        return _pick(self.memory.orders.get(shop, {}), order_ids)

    def put(self, shop: str, states: Mapping[str, str]) -> None:
        self.crash.around("order note", lambda: self.memory.orders.setdefault(shop, {}).update(states))


class FakeUnlinkedOrders(Fake):
    def keep(self, shop: str, order: UnlinkedOrder) -> None:
        kept = self.memory.unlinked.setdefault(shop, {})
        self.crash.around("unlinked order", partial(kept.__setitem__, order.order.order_id, order))

    def kept(self, shop: str, order_ids: Iterable[str]) -> frozenset[str]:
        return frozenset(_pick(self.memory.unlinked.get(shop, {}), order_ids))

    def awaiting(self, shop: str, refs: Collection[ListingRef]) -> Iterator[UnlinkedOrder]:
        yield from [order for order in self.every(shop) if not order.awaited.isdisjoint(refs)]

    def every(self, shop: str) -> Iterator[UnlinkedOrder]:
        yield from _behind(self.memory.unlinked.get(shop, {}), "")

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


class FakeBudgets(Fake):
    def load(self, connection: str) -> Mapping[str, str] | None:
        return self.memory.budgets.get(connection)

    def save(self, connection: str, snapshot: Mapping[str, str]) -> None:
        self.crash.around("budget", lambda: self.memory.budgets.update({connection: dict(snapshot)}))


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


@dataclass
class FakeOutbox(Fake):
    """The outbox with the conditions of the real one; one contract suite runs against both."""

    clock: Clock = field(default_factory=FakeClock)

    def put(self, mail: Mail) -> None:
        now, known = self.clock.now(), self.find(mail.merchant_id, mail.key)
        if known is None:
            self._keep(Posted(mail=mail, put_at=now, next_at=now))
        elif known.state is MailState.WAITING:
            self._keep(replace(known, next_at=now))
        else:
            return
        self.wake(mail.merchant_id, mail.key)

    def wake(self, merchant_id: str, key: str) -> None:
        self.crash.around("wake mail", lambda: self.memory.mails_woken.append((merchant_id, key)))

    def find(self, merchant_id: str, key: str) -> Posted | None:
        return self.memory.mails.get((merchant_id, key))

    def take(self, posted: Posted, now: datetime) -> Posted | None:
        until = now + timedelta(minutes=2)
        taken = replace(posted, state=MailState.SENDING, attempts=posted.attempts + 1, next_at=until, cause="")
        return taken if self._replace(taken, posted.attempts) else None

    def close(self, posted: Posted) -> bool:
        return self._replace(posted, posted.attempts)

    def due(self, now: datetime, limit: int) -> Sequence[tuple[str, str]]:
        found = [posted for posted in self.memory.mails.values() if posted.open and posted.next_at <= now]
        ordered = sorted(found, key=lambda posted: posted.next_at)
        return [(posted.mail.merchant_id, posted.mail.key) for posted in ordered][:limit]

    def of_merchant(self, merchant_id: str) -> Sequence[Posted]:
        found = [posted for posted in self.memory.mails.values() if posted.mail.merchant_id == merchant_id]
        return sorted(found, key=lambda posted: posted.put_at)

    def _replace(self, posted: Posted, expected: int) -> bool:
        known = self.find(posted.mail.merchant_id, posted.mail.key)
        if known is None or known.attempts != expected:
            return False
        self._keep(posted)
        return True

    def _keep(self, posted: Posted) -> None:
        place = (posted.mail.merchant_id, posted.mail.key)
        self.crash.around("mail", lambda: self.memory.mails.update({place: posted}))


class FakeMigrations(Fake):
    def get(self, connection: str) -> Migration | None:
        return self.memory.migrations.get(connection)

    def add(self, migration: Migration) -> None:
        self.crash.around("migration", lambda: self.memory.migrations.setdefault(migration.connection_id, migration))

    def put(self, migration: Migration) -> bool:
        self.crash.step("before migration")
        known = self.memory.migrations.get(migration.connection_id)
        if known is None or known.version != migration.version - 1:
            return known == migration
        self.memory.migrations[migration.connection_id] = migration
        self.crash.step("after migration")
        return True

    def of_event(self, event: str) -> Iterator[Migration]:
        found = [migration for migration in self.memory.migrations.values() if migration.event == event]
        yield from sorted(found, key=lambda migration: migration.connection_id)

    def due(self, now: datetime, limit: int) -> Sequence[Migration]:
        found = [one for one in self.memory.migrations.values() if one.due_at is not None and one.due_at <= now]
        return sorted(found, key=lambda one: one.due_at or now)[:limit]


@dataclass
class FakeLanes:
    """Remembers who was woken."""

    woken: list[tuple[str, Lane, str]] = field(default_factory=list)
    crash: Crash = field(default_factory=Crash)

    def wake(self, connection: Connection, lane: Lane, task: str = "work") -> None:
        self.crash.around("wake", lambda: self.woken.append((connection.connection_id, lane, task)))

    def wake_many(self, wakes: Iterable[Wake]) -> None:
        for wake in wakes:
            self.wake(wake.connection, wake.lane, wake.task)


Value = TypeVar("Value")


def _behind(rows: Mapping[str, Value], after: str) -> list[Value]:
    """Go through rows in the order of their keys' text, as the table does."""
    return [row for key, row in sorted(rows.items()) if key > after]


def _pick(rows: Mapping[str, Value], keys: Iterable[str]) -> dict[str, Value]:
    return {key: rows[key] for key in keys if key in rows}
