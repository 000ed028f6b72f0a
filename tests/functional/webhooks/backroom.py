"""A shop, its hooks, and everything of ours behind them: table, queues and vault in this process (moto)."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from sandbox.common.server import TlsFiles, serve
from sandbox.woocommerce.hooks.deliveries import run_cron
from tests.fakes.clock import FakeDeadline
from tests.fakes.people import connection, merchant, place
from tests.fakes.repositories import Repositories
from tests.functional.webhooks.gateway import Gateway
from tests.functional.woocommerce.storefront import Storefront, storefront
from tests.unit.domain.samples import REFERENCE
from tillbridge.domain.merchant import Connection, Lane, System
from tillbridge.domain.product import Product
from tillbridge.domain.stock import Quantity, StockLevel
from tillbridge.domain.work import Mark, Shelf
from tillbridge.flows.fanout import Fanout
from tillbridge.flows.keep_hooks import HookKeeper
from tillbridge.flows.push_stock import push_stock
from tillbridge.flows.shopkeeper import PushReport, ShopKeeper
from tillbridge.flows.web_orders import OrderBook
from tillbridge.grants.hook_secrets import HookSecrets
from tillbridge.store.lanes import SqsLanes
from tillbridge.systems.woocommerce.hooks import WooCommerceHooks

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

TILL, SHOP = "till", "sample-shop"
SHOP_PLACE = place(SHOP, system=System.WOOCOMMERCE)
ROOT = "tillbridge/local/hook-root"


@dataclass
class Cloud:
    """What a deployment gives the function."""

    sqs: "SQSClient"
    queue_urls: Mapping[str, str]
    stores: Repositories
    secrets: HookSecrets

    def wakes(self) -> list[tuple[str, str]]:
        """Take all wakes off the shop's queues: lane and task."""
        found = []
        for name in ("woocommerce-stock", "woocommerce-catalogue"):
            url = self.queue_urls[name]
            while messages := self.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
                for message in messages:
                    body = json.loads(message["Body"])
                    assert body["connection"] == SHOP
                    found.append((body["lane"], body["task"]))
                    self.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return found

    def marks(self) -> list[Mark]:
        return list(self.stores.marks.waiting(SHOP, Lane.STOCK))


@dataclass
class Backroom:
    """One merchant with a till's mirror and a shop over real sockets."""

    cloud: Cloud
    front: Storefront
    gateway: Gateway
    deadline: FakeDeadline = field(default_factory=FakeDeadline)

    @property
    def shop(self) -> Connection:
        return self.cloud.stores.connections.get(SHOP)

    def lanes(self) -> SqsLanes:
        return SqsLanes(self.cloud.sqs, self.cloud.queue_urls, self.front.clock)

    def keeper(self) -> ShopKeeper:
        stores = self.cloud.stores
        return ShopKeeper(
            merchant=stores.merchants.get("m1"),
            connection=self.shop,
            till_id=TILL,
            shop=self.front.adapter(),
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
            clock=self.front.clock,
            deadline=self.deadline,
        )

    def hook_keeper(self) -> HookKeeper:
        stores = self.cloud.stores
        return HookKeeper(
            connection=self.shop,
            public_url=self.gateway.url,
            hooks=lambda: WooCommerceHooks(self.front.adapter().client),
            secrets=self.cloud.secrets,
            connections=stores.connections,
            cursors=stores.cursors,
            lanes=self.lanes(),
            clock=self.front.clock,
        )

    def list_product(self, product: Product) -> Mapping[str, Shelf]:
        """Bring a product into the shop, with shelves as the catalogue lane leaves them; returns them by item."""
        outcome = self.front.push(product)[product.key]
        assert outcome.error is None
        shelves = {
            known.item_id: Shelf(item_id=known.item_id, ref=known.ref, known=outcome.quantities[known.item_id])
            for known in outcome.link.variants
        }
        self.cloud.stores.shelves.put(SHOP, shelves.values())
        for item_id, quantity in outcome.quantities.items():
            self.count(item_id, quantity)
        return shelves

    def count(self, item_id: str, quantity: Quantity) -> None:
        """Set what the till has of an item."""
        now = self.front.clock.now()
        level = StockLevel(item_id, "1", Decimal(quantity), Decimal(quantity), now)
        elsewhere = StockLevel(item_id, "2", Decimal(0), Decimal(0), now)
        self.cloud.stores.mirror.put_stock(TILL, [level, elsewhere], guarded=False)

    def sell_at_till(self, item_id: str, left: int) -> None:
        """Change the till's stock and mark it, as the pull does."""
        self.count(item_id, left)
        now = self.front.clock.now()
        self.cloud.stores.marks.add(SHOP, Lane.STOCK, [Mark(item_id, since=now, due_at=now)])

    def push(self) -> PushReport:
        """Run the stock lane, a moment after the function has made its marks by the machine's clock."""
        self.front.clock.time = max(self.front.clock.time, datetime.now(UTC) + timedelta(seconds=1))
        stores = self.cloud.stores
        book = OrderBook(stores.order_notes, Fanout(stores.connections, stores.marks, self.lanes()))
        keeper = self.keeper()
        book.look(keeper)
        return push_stock(keeper, book)

    def settle(self) -> int:
        """Let minutes pass until nothing waits; returns how many figures were written."""
        written = 0
        for _ in range(5):
            written += self.push().written
            if not self.cloud.marks():
                return written
            self.front.clock.advance(minutes=1)
        raise AssertionError("marks are left")

    def cron(self) -> int:
        """Let the shop deliver what it has to tell; returns how many calls that took."""
        return run_cron(self.front.state)

    def shown(self, path: str) -> int:
        """Ask the shop what it shows of a listing."""
        quantity: int = self.front.rows(path)["stock_quantity"]
        return quantity


@contextmanager
def backroom(tls: TlsFiles, cloud: Cloud, gateway: Gateway) -> Iterator[Backroom]:
    """Open a shop whose hooks reach our function."""
    with storefront(tls) as front, serve(gateway.app()) as served:
        gateway.url = served.url
        room = Backroom(cloud, front, gateway)
        for account in (connection(TILL, system=System.LIGHTSPEED, account_id="797"), connection(SHOP)):
            cloud.stores.connections.add(account)
        cloud.stores.mirror.put_reference(TILL, REFERENCE)
        yield room


def add_people(cloud: Cloud) -> None:
    cloud.stores.merchants.add(merchant())
