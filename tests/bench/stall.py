"""One of the four shops as a bench fills it: its stand-in over real HTTP, our flows and adapter, the rest in memory.

The till is made up: matrices and simple items with two levels of categories, brands, a picture each, and stock. Time is
the stand-in's and ours alike, and moves only when somebody waits.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sandbox.bigcommerce.settings import Settings as BigCommerceSettings
from sandbox.common.certificates import make_certificates
from sandbox.common.ledger import Call
from sandbox.common.server import TlsFiles
from sandbox.magento.settings import MEASURED_SPEED as MAGENTO_SPEED
from sandbox.magento.settings import Settings as MagentoSettings
from sandbox.shopify.settings import Lags
from sandbox.shopify.settings import Settings as ShopifySettings
from sandbox.woocommerce.settings import MEASURED_SPEED as WOOCOMMERCE_SPEED
from sandbox.woocommerce.settings import Settings as WooCommerceSettings
from tests.bench.forgetful import SHOP, TILL, NoCrash
from tests.bench.least_shops import Goods
from tests.bench.no_hurry import NoHurry
from tests.conformance.front import Front, Gallery
from tests.fakes.clock import FakeClock
from tests.fakes.people import connection, merchant
from tests.fakes.repositories import in_memory
from tests.fakes.stores import FakeLanes, FakeMarks, Memory
from tests.functional.bigcommerce import storefront as bigcommerce
from tests.functional.magento import storefront as magento
from tests.functional.shopify import storefront as shopify
from tests.functional.woocommerce import storefront as woocommerce
from tillbridge.domain.catalogue import (
    AttributeSet,
    Category,
    Image,
    Item,
    Location,
    Manufacturer,
    Matrix,
    Reference,
)
from tillbridge.domain.merchant import Lane, System
from tillbridge.domain.product import Visibility
from tillbridge.domain.settings import MerchantSettings
from tillbridge.domain.stock import StockLevel
from tillbridge.domain.work import Cursor, Mark
from tillbridge.flows.fanout import Fanout
from tillbridge.flows.pull import STOCK
from tillbridge.flows.push_catalogue import push_catalogue
from tillbridge.flows.push_stock import push_stock
from tillbridge.flows.shopkeeper import ShopKeeper
from tillbridge.flows.web_orders import OrderBook

SIZES = ("S", "M", "L")
TOPS, BELOW_EACH, BRANDS = 4, 5, 20
LOCATION = "1"
IN_STOCK = Decimal(50)
LINES_A_SECOND = 10
"""What a bulk operation of Shopify's is assumed to do: it is told nowhere."""
A_WHILE = timedelta(minutes=10)
PATIENCE = 120.0
"""Seconds that the stand-in may take on a busy machine; they count nowhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assortment:
    """What the till of a bench sells: matrices of three variants, and simple items. Each product has one picture."""

    matrices: int
    simple: int = 0

    @property
    def products(self) -> int:
        """Products that a shop shows."""
        return self.matrices + self.simple

    @property
    def variants(self) -> int:
        """Variants below the matrices."""
        return self.matrices * len(SIZES)

    @property
    def items(self) -> int:
        """What has a stock of its own."""
        return self.variants + self.simple

    @property
    def goods(self) -> Goods:
        """Say what has to get into a shop."""
        numbers = [*range(1, self.matrices + 1), *range(self.variants + 1, self.items + 1)]
        shelves = {_shelf(number) for number in numbers}
        return Goods(
            simple=self.simple,
            matrices=self.matrices,
            variants=len(SIZES),
            category_levels=(len({top for top, _ in shelves}), len(shelves)),
            brands=len({_brand(number) for number in numbers}),
        )


@dataclass(frozen=True, slots=True)
class Taken:
    """What one part of a bench took: the shop's own ledger, and seconds by the clock of both sides."""

    calls: tuple[Call, ...]
    seconds: float

    @property
    def cost(self) -> float:
        """What the shop counts: points where it has them, calls elsewhere."""
        return sum(call.cost for call in self.calls) or len(self.calls)


@dataclass
class QuickMarks(FakeMarks):
    """Marks that are removed all at once: with thousands of them the usual fake would take minutes."""

    def remove(self, shop: str, lane: Lane, marks: Iterable[Mark]) -> None:
        gone = {mark.row for mark in marks}
        kept = self._all(shop, lane)
        kept[:] = [mark for mark in kept if mark.row not in gone]


@dataclass
class Stall:
    """One merchant between a made-up till and one shop."""

    front: Front
    assortment: Assortment
    memory: Memory = field(default_factory=Memory)

    def __post_init__(self) -> None:
        """Connect both, as if the till had just been read as a whole."""
        memory, now = self.memory, self.front.clock.now()
        chosen = MerchantSettings(new_products=Visibility.PUBLISHED)
        memory.merchants["m1"] = merchant(settings=chosen, created_at=now)
        system = System(self.front.shop().system)
        memory.connections[TILL] = connection(TILL, system=System.LIGHTSPEED, created_at=now)
        memory.connections[SHOP] = connection(SHOP, system=system, created_at=now)
        stores = in_memory(memory)
        stores.cursors.put(TILL, STOCK, Cursor(now))
        self._stock_the_till()
        matrices = [Mark(one.product_key, now, now) for one in memory.matrices.get(TILL, {}).values()]
        simple = [Mark(one.product_key, now, now) for one in memory.items[TILL].values() if not one.matrix_id]
        QuickMarks(memory, NoCrash()).add(SHOP, Lane.CATALOGUE, [*matrices, *simple])

    def fill(self) -> Taken:
        """Do the first sync; fails when a product does not get there."""
        taken = self._taken(self._push)
        there = sum(not link.problem and bool(link.product_id) for link in self.memory.links[SHOP].values())
        if there != self.assortment.products or self._waiting():
            raise RuntimeError(
                f"{there} of {self.assortment.products} products are there, {self._waiting()} marks wait"
            )
        return taken

    def order(self, orders: int) -> None:
        """Have shoppers order a unit each, a while ago: a shop that has no orders at all is looked at for less."""
        shelves = self.memory.shelves[SHOP]
        for item_id in sorted(shelves, key=int)[:orders]:
            self.front.order((shelves[item_id].ref, 1))
        self.front.clock.advance(seconds=A_WHILE.total_seconds())

    def sell(self, items: int) -> Taken:
        """Sell one each of so many items in the till, spread over all of them, and carry that over."""
        now, sold = self.front.clock.now(), sorted(self.memory.items[TILL], key=int)
        chosen = sold[:: max(1, len(sold) // items)][:items]
        for item_id in chosen:
            level = self.memory.levels[TILL][item_id, LOCATION]
            self.memory.levels[TILL][item_id, LOCATION] = replace(
                level, on_hand=level.on_hand - 1, sellable=level.sellable - 1, updated_at=now
            )
        QuickMarks(self.memory, NoCrash()).add(SHOP, Lane.STOCK, [Mark(one, now, now) for one in chosen])
        taken = self._taken(self._push_stock)
        if self._waiting():
            raise RuntimeError(f"{self._waiting()} stock figures did not get there")
        return taken

    def _taken(self, work: Callable[[], object]) -> Taken:
        self.front.forget_calls()
        began = self.front.clock.now()
        work()
        seconds = (self.front.clock.now() - began).total_seconds()
        return Taken(tuple(self.front.instruments.ledger.calls()), seconds)

    def _push(self) -> None:
        push_catalogue(self._keeper())
        self._push_stock()

    def _push_stock(self) -> None:
        push_stock(self._keeper(), OrderBook(in_memory(self.memory).order_notes, self._fanout()))

    def _waiting(self) -> int:
        return sum(len(marks) for (shop, _), marks in self.memory.marks.items() if shop == SHOP)

    def _fanout(self) -> Fanout:
        stores = in_memory(self.memory)
        return Fanout(stores.connections, QuickMarks(self.memory, NoCrash()), FakeLanes(crash=NoCrash()))

    def _keeper(self) -> ShopKeeper:
        """Make the keeper of the shop, as one process has it."""
        stores = in_memory(self.memory)
        return ShopKeeper(
            merchant=self.memory.merchants["m1"],
            connection=self.memory.connections[SHOP],
            till_id=TILL,
            shop=self.front.shop(),
            mirror=stores.mirror,
            links=stores.links,
            shelves=stores.shelves,
            marks=QuickMarks(self.memory, NoCrash()),
            reservations=stores.reservations,
            unlinked=stores.unlinked_orders,
            records=stores.order_records,
            cursors=stores.cursors,
            runs=stores.runs,
            sightings=stores.sightings,
            choices=stores.choices,
            holds=stores.holds,
            rechecks=stores.rechecks,
            clock=self.front.clock,
            deadline=NoHurry(),
        )

    # --- the till ---

    def _stock_the_till(self) -> None:
        """Make up what the till sells."""
        memory, plan, now = self.memory, self.assortment, self.front.clock.now()
        memory.references[TILL] = _reference()
        memory.matrices[TILL] = {
            str(number): Matrix(
                matrix_id=str(number), attribute_set_id="1", **_content(self.front.gallery, number, now)
            )
            for number in range(1, plan.matrices + 1)
        }
        variants = [
            _item(place, now, size=size, matrix=number, content=_content(self.front.gallery, number, now))
            for number in range(1, plan.matrices + 1)
            for place, size in enumerate(SIZES, (number - 1) * len(SIZES) + 1)
        ]
        simple = [
            _item(number, now, content=_content(self.front.gallery, number, now))
            for number in range(plan.variants + 1, plan.items + 1)
        ]
        memory.items[TILL] = {one.item_id: one for one in (*variants, *simple)}
        memory.levels[TILL] = {
            (item_id, LOCATION): StockLevel(item_id, LOCATION, IN_STOCK, IN_STOCK, now)
            for item_id in memory.items[TILL]
        }


def _reference() -> Reference:
    tops = [Category(str(top), f"Department {top}") for top in range(1, TOPS + 1)]
    below = [
        Category(f"{top.category_id}0{number}", f"Shelf {top.category_id}.{number}", top.category_id)
        for top in tops
        for number in range(1, BELOW_EACH + 1)
    ]
    return Reference(
        locations={LOCATION: Location(LOCATION, "High Street")},
        categories={one.category_id: one for one in (*tops, *below)},
        manufacturers={str(one): Manufacturer(str(one), f"Brand {one}") for one in range(1, BRANDS + 1)},
        attribute_sets={"1": AttributeSet("1", "Size", ("Size", "", ""))},
    )


def _shelf(number: int) -> tuple[int, int]:
    """Say in which category, below which other one, a product is."""
    return number % TOPS + 1, number % BELOW_EACH + 1


def _brand(number: int) -> int:
    return number % BRANDS + 1


def _content(gallery: Gallery, number: int, now: datetime) -> dict[str, Any]:
    """Describe one product; a variant has the same as its matrix, but for the picture."""
    return {
        "description": f"Product {number}",
        "category_id": "0".join(map(str, _shelf(number))),
        "manufacturer_id": str(_brand(number)),
        "prices": {"1": Decimal("19.90")},
        "images": (Image(str(number), gallery.picture(f"p{number}").url),),
        "updated_at": now,
    }


def _item(number: int, now: datetime, *, content: dict[str, Any], size: str = "", matrix: int | None = None) -> Item:
    own = {**content, "images": ()} if matrix else content
    place = {"matrix_id": str(matrix), "attribute_set_id": "1", "attributes": (size, "", "")} if matrix else {}
    return Item(
        item_id=str(number),
        system_sku=f"21{number:010}",
        custom_sku=f"SKU-{number}",
        **{**own, **place, "updated_at": now},
    )


@contextmanager
def stall(shop: str, assortment: Assortment, front_options: Mapping[str, object] | None = None) -> Iterator[Stall]:
    """Open one of the shops, as its vendor limits or slows it; the options are attributes of its ``Front``."""
    with TemporaryDirectory() as folder, OPEN[shop](make_certificates(Path(folder))) as front:
        for name, value in {"read_seconds": PATIENCE, **(front_options or {})}.items():
            setattr(front, name, value)
        yield Stall(front, assortment)


OPEN: Mapping[str, Callable[[TlsFiles], AbstractContextManager[Front]]] = {
    "bigcommerce": lambda tls: bigcommerce.storefront(tls, _bigcommerce(tls)),
    "magento": lambda tls: magento.storefront(tls, _magento(tls), clock=_now()),
    "shopify": lambda tls: shopify.storefront(tls, _shopify(tls)),
    "woocommerce": lambda tls: woocommerce.storefront(tls, _woocommerce(tls), clock=_now()),
}
"""The stand-ins with what their vendors document: quota or points; where there is none, the times of real shops.

The lines of Shopify's bulk operations take a time that is assumed.
"""


def _now() -> FakeClock:
    return FakeClock(datetime.now(UTC))


def _bigcommerce(tls: TlsFiles) -> BigCommerceSettings:
    accounts = (bigcommerce.OURS, bigcommerce.THEIRS)
    return BigCommerceSettings(accounts=accounts, store_hash=bigcommerce.HASH, ca_file=str(tls.ca))


def _magento(tls: TlsFiles) -> MagentoSettings:
    return MagentoSettings(integrations=(magento.KEYS,), ca_file=str(tls.ca), speed=MAGENTO_SPEED)


def _shopify(tls: TlsFiles) -> ShopifySettings:
    return ShopifySettings(apps=(shopify.APP,), ca_file=str(tls.ca), lags=Lags(line=1 / LINES_A_SECOND))


def _woocommerce(tls: TlsFiles) -> WooCommerceSettings:
    return WooCommerceSettings(keys=(woocommerce.KEY,), ca_file=str(tls.ca), speed=WOOCOMMERCE_SPEED)
