"""One merchant between both stand-ins over real HTTP, in this process: our adapters, and stores in memory."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from sandbox.common.faults import Fault
from sandbox.common.instrument import Instruments
from sandbox.common.server import serve
from sandbox.lightspeed.app import build_app as build_till
from sandbox.lightspeed.data.people import ADMIN
from sandbox.lightspeed.settings import Client
from sandbox.lightspeed.settings import Settings as TillSettings
from sandbox.lightspeed.state import Lightspeed
from sandbox.woocommerce.app import build_app as build_shop
from sandbox.woocommerce.settings import ApiKey
from sandbox.woocommerce.settings import Settings as ShopSettings
from sandbox.woocommerce.shop import Shop
from tests.bench.forgetful import FirstToken, NoCrash
from tests.bench.no_hurry import NoHurry
from tests.fakes.people import connection
from tests.fakes.repositories import Repositories, in_memory
from tests.fakes.stores import FakeLanes, FakeOutbox, FakeVocabulary, Memory
from tillbridge.domain.errors import RetryLaterError
from tillbridge.domain.merchant import Lane, Merchant, System
from tillbridge.domain.product import Visibility
from tillbridge.domain.settings import MerchantSettings
from tillbridge.flows.fanout import Fanout
from tillbridge.flows.full_read import full_read, resume
from tillbridge.flows.lane_work import Register, in_state
from tillbridge.flows.pull import poll_items, poll_matrices, poll_stock
from tillbridge.flows.push_catalogue import push_catalogue
from tillbridge.flows.push_stock import push_stock
from tillbridge.flows.reader import TillReader
from tillbridge.flows.shopkeeper import ShopKeeper
from tillbridge.flows.web_orders import OrderBook
from tillbridge.systems.http import AddressPolicy, HttpClient, TransportOptions
from tillbridge.systems.lightspeed import BudgetBook, LightspeedClient, LightspeedTill
from tillbridge.systems.woocommerce.api.keys import ApiKeys
from tillbridge.systems.woocommerce.shop import WooCommerceShop
from tillbridge.systems.woocommerce.traits import Traits

TILL, SHOP = "till", "shop"
KEY = ApiKey("ck_proof", "cs_proof")
CLIENT = Client("proof", "made up for the proof", "https://proof.invalid/callback")
ITEMS = 30  # 27 variants of six matrices, and three simple items
HANG_SECONDS = 0.4
ROUND = timedelta(seconds=65)
MOST_ROUNDS = 20
CALM_ROUNDS = 2


@dataclass
class AheadClock:
    """The machine's clock, ahead by what was slept or skipped; the stand-ins keep to the machine's own."""

    ahead: timedelta = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def sleep(self, seconds: float) -> None:
        self.ahead += timedelta(seconds=seconds)


@dataclass
class Wires:
    """What outlives a process of ours: both systems, and the memory that plays the table."""

    till: Lightspeed
    till_instruments: Instruments
    till_url: str
    shop: Shop
    shop_url: str
    token: str
    memory: Memory = field(default_factory=Memory)
    clock: AheadClock = field(default_factory=AheadClock)
    troubles: int = 0
    patience: float = HANG_SECONDS  # seconds to wait for an answer

    def __post_init__(self) -> None:
        chosen = MerchantSettings(new_products=Visibility.PUBLISHED, guard_price=Decimal(0))  # prices leap here
        now = self.clock.now()
        self.memory.merchants["m1"] = Merchant(merchant_id="m1", name="Proof", settings=chosen, created_at=now)
        self.memory.connections[TILL] = connection(TILL, system=System.LIGHTSPEED)
        self.memory.connections[SHOP] = connection(SHOP, address=self.shop_url)

    # --- our side: every call below is a process of its own ---

    def first_read(self) -> None:
        """Read the whole till, or go on with that."""
        self._serve(TILL, lambda: full_read(self._reader()))

    def poll(self) -> None:
        """Ask for changes of each kind, as both lanes do."""
        self._serve(TILL, lambda: poll_stock(self._reader()))
        self._serve(TILL, lambda: [work(self._reader()) for work in (poll_matrices, poll_items, resume)])

    def push(self) -> None:
        """Serve both lanes of the shop."""
        self._serve(SHOP, lambda: push_catalogue(self.keeper()))
        self._serve(SHOP, lambda: push_stock(self.keeper(), self._book()))

    def come_to_rest(self) -> None:
        """Let minutes pass, with polls and pushes, until rounds go by without trouble, a write, or anything that waits.

        What may still come of an unanswered write is looked for once more after a while.
        """
        calm = 0
        for _ in range(MOST_ROUNDS):
            self.clock.ahead += ROUND
            before = (self.troubles, self.writes())
            if (TILL, "stock") not in self.memory.cursors:
                self.first_read()
            self.poll()
            self.push()
            calm = calm + 1 if before == (self.troubles, self.writes()) else 0
            if calm >= CALM_ROUNDS and not self.waiting():
                return

    def writes(self) -> int:
        """Count the calls to the shop that could change something."""
        return sum(call.method != "GET" for call in self.shop.instruments.ledger.calls())

    def _serve(self, who: str, work: Callable[[], object]) -> None:
        """Serve a wake as the queue does: trouble of a system leaves the work for the next one."""
        stores = self._stores()
        if not (known := stores.connections.get(who)).working:
            return
        try:
            register = Register(stores.connections, FakeOutbox(self.memory, clock=self.clock), self.clock)
            in_state(register, known, lambda: work() is not None)
        except RetryLaterError:
            self.troubles += 1

    def _stores(self) -> Repositories:
        return in_memory(self.memory)

    def _fanout(self) -> Fanout:
        return Fanout(self._stores().connections, self._stores().marks, FakeLanes(crash=NoCrash()))

    def _book(self) -> OrderBook:
        return OrderBook(self._stores().order_notes, self._fanout())

    def _reader(self) -> TillReader:
        stores = self._stores()
        http = self._http(System.LIGHTSPEED)
        budget = BudgetBook(self.clock)
        client = LightspeedClient(http, FirstToken(self.token), clock=self.clock, budget=budget, base_url=self.till_url)
        return TillReader(
            connection=self.memory.connections[TILL],
            till=LightspeedTill(client, str(self.till.settings.account_id)),
            mirror=stores.mirror,
            cursors=stores.cursors,
            runs=stores.runs,
            rejects=stores.rejects,
            fanout=self._fanout(),
            clock=self.clock,
            deadline=NoHurry(),
        )

    def keeper(self) -> ShopKeeper:
        """Make the keeper of the shop, as one process has it."""
        stores = self._stores()
        vocabulary = FakeVocabulary(self.memory, NoCrash())
        keys = ApiKeys(KEY.key, KEY.secret)
        http = self._http(System.WOOCOMMERCE)
        return ShopKeeper(
            merchant=self.memory.merchants["m1"],
            connection=self.memory.connections[SHOP],
            till_id=TILL,
            shop=WooCommerceShop(http, self.shop_url, keys, vocabulary, clock=self.clock, traits=Traits()),
            mirror=stores.mirror,
            links=stores.links,
            shelves=stores.shelves,
            marks=stores.marks,
            reservations=stores.reservations,
            unlinked=stores.unlinked_orders,
            records=stores.order_records,
            cursors=stores.cursors,
            runs=stores.runs,
            sightings=stores.sightings,
            choices=stores.choices,
            holds=stores.holds,
            rechecks=stores.rechecks,
            clock=self.clock,
            deadline=NoHurry(),
        )

    def _http(self, system: System) -> HttpClient:
        options = TransportOptions(connect_seconds=self.patience, read_seconds=self.patience)
        return HttpClient(system.value, system.value, policy=AddressPolicy.local(), clock=self.clock, options=options)

    # --- the systems ---

    def plan(self, who: str, fault: Fault) -> None:
        """Have a system do something wrong."""
        (self.till_instruments if who == TILL else self.shop.instruments).faults.add(fault)

    def faults_left(self) -> int:
        """Count the planned faults that struck nothing."""
        return len(self.till_instruments.faults.describe()) + len(self.shop.instruments.faults.describe())

    def waiting(self) -> int:
        """Count the products and items that still wait, problems of the merchant's apart."""
        troubled = {key for key, link in self.memory.links.get(SHOP, {}).items() if link.problem is not None}
        products = [mark for mark in self.memory.marks.get((SHOP, Lane.CATALOGUE), []) if mark.key not in troubled]
        return len(products) + len(self.memory.marks.get((SHOP, Lane.STOCK), []))


@contextmanager
def wires(items: int = ITEMS, patience: float = HANG_SECONDS) -> Iterator[Wires]:
    """Open a small till and an empty shop."""
    till = Lightspeed(TillSettings(items=items, clients=(CLIENT,), bucket_size=1_000_000.0))
    instruments = Instruments(clock=till.clock)
    shop = Shop(ShopSettings(keys=(KEY,)))
    token = till.grants.new(CLIENT.id, ADMIN, ("employee:all",), legacy=False).access_token
    with serve(build_till(till, instruments)) as one, serve(build_shop(shop)) as other:
        yield Wires(till, instruments, one.url, shop, other.url, token, patience=patience)
