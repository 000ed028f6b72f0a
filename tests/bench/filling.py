"""The peak of memory while a shop is filled, for a till ten times as large: it must not grow with the till.

Marks and items are made up as they are asked for, and what is written is forgotten at once, so that only planning,
pushing and recording are seen.
"""

import gc
import tracemalloc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from tests.bench.forgetful import SHOP, TILL, NoCrash
from tests.bench.no_hurry import NoHurry
from tests.fakes.clock import NOON, FakeClock
from tests.fakes.order_records import FakeOrderRecords
from tests.fakes.people import connection, merchant
from tests.fakes.stores import (
    FakeChoices,
    FakeCursors,
    FakeHolds,
    FakeLinks,
    FakeMarks,
    FakeMirror,
    FakeRechecks,
    FakeReservations,
    FakeRuns,
    FakeShelves,
    FakeSightings,
    FakeUnlinkedOrders,
    Memory,
)
from tests.fakes.systems import FakeShop
from tests.figures import Figure
from tests.unit.domain.samples import REFERENCE, item, level
from tillbridge.domain.catalogue import Item, Location, Reference
from tillbridge.domain.merchant import Lane
from tillbridge.domain.product import KnownVariant, Link, ListingRef, ProductOutcome, ProductWrite
from tillbridge.domain.stock import ItemStock
from tillbridge.domain.work import Mark, Shelf
from tillbridge.flows.push_catalogue import push_catalogue
from tillbridge.flows.shopkeeper import ShopKeeper
from tillbridge.runtime.clock import SystemClock

SMALL, LARGE = 10_000, 100_000
BATCH = 100
AIM = 1.2
MIB = 1024 * 1024


@dataclass
class Till(FakeMirror):
    """Has every item that is asked for."""

    def items(self, till: str, item_ids: Iterable[str]) -> Mapping[str, Item]:
        return {one: item(one, custom_sku=f"SKU-{one}", description=f"Item {one} of very many") for one in item_ids}

    def stock(self, till: str, item_ids: Iterable[str], locations: Sequence[str]) -> Mapping[str, ItemStock]:
        return {one: ItemStock(one, {place: level(one, place) for place in locations}) for one in item_ids}

    def reference(self, till: str) -> Reference:
        return REFERENCE

    def locations(self, till: str) -> Mapping[str, Location]:
        return REFERENCE.locations


@dataclass
class Waiting(FakeMarks):
    """Marks of so many products, a round at a time."""

    products: int = 0
    done: int = 0

    def due(self, shop: str, lane: Lane, now: datetime, limit: int) -> Sequence[Mark]:
        numbers = range(self.done + 1, min(self.done + limit, self.products) + 1)
        return [Mark(f"I{number}", NOON, NOON, row=str(number)) for number in numbers]

    def add(self, shop: str, lane: Lane, marks: Iterable[Mark]) -> Sequence[Mark]:
        for _ in marks:
            pass
        return ()

    def remove(self, shop: str, lane: Lane, marks: Iterable[Mark]) -> None:
        self.done += sum(1 for _ in marks)


class NoLinks(FakeLinks):
    """Keeps no link."""

    def put(self, shop: str, links: Iterable[Link]) -> None:
        for _ in links:
            pass


class NoShelves(FakeShelves):
    """Keeps no shelf."""

    def put(self, shop: str, shelves: Iterable[Shelf], *, moved: bool = True) -> None:
        for _ in shelves:
            pass


@dataclass
class Shop(FakeShop):
    """Makes a listing of everything and keeps none."""

    made: int = 0
    crash: NoCrash = field(default_factory=NoCrash)

    def write_products(self, writes: Sequence[ProductWrite]) -> Iterator[tuple[ProductOutcome, ...]]:
        for start in range(0, len(writes), BATCH):
            yield tuple(self._listed(write) for write in writes[start : start + BATCH])

    def _listed(self, write: ProductWrite) -> ProductOutcome:
        self.made += 1
        ref = ListingRef(str(self.made))
        known = tuple(KnownVariant(item_id=one.item_id, ref=ref) for one in write.product.variants)
        link = replace(write.link, product_id=ref.product_id, variants=known, created_by_us=True)
        return ProductOutcome(write=write, link=link)


def memory_of_filling_a_shop() -> Iterator[Figure]:
    """Fill both shops, one after the other."""
    _peak(BATCH)  # what is loaded or made once
    small, large = _peak(SMALL), _peak(LARGE)
    name = f"peak memory of planning and pushing {LARGE:,} products over {SMALL:,}"
    yield Figure(name, large / small, "ratio", AIM, f"{large / MIB:.1f} MiB against {small / MIB:.1f} MiB")


def _peak(products: int) -> int:
    kept, never = Memory(), NoCrash()
    marks = Waiting(kept, never, products)
    keeper = ShopKeeper(
        merchant=merchant(),
        connection=connection(SHOP),
        till_id=TILL,
        shop=Shop(FakeClock()),
        mirror=Till(kept, never),
        links=NoLinks(kept, never),
        shelves=NoShelves(kept, never),
        marks=marks,
        reservations=FakeReservations(kept, never),
        unlinked=FakeUnlinkedOrders(kept, never),
        records=FakeOrderRecords(kept, never),
        cursors=FakeCursors(kept, never),
        holds=FakeHolds(kept, never),
        rechecks=FakeRechecks(kept, never),
        runs=FakeRuns(kept, never),
        sightings=FakeSightings(kept, never),
        choices=FakeChoices(kept, never),
        clock=SystemClock(),
        deadline=NoHurry(),
    )
    gc.collect()
    tracemalloc.start()
    report = push_catalogue(keeper)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    if report.written != products:
        raise RuntimeError(f"only {report.written} of {products} products were written")
    return peak
