"""Our side of one bench: one merchant between a till and a shop, in the one table, served as the functions serve it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from io import StringIO

from local.cloud import LocalCloud, Ports
from local.home import PROJECT, Home
from tests.bench.no_hurry import NoHurry
from tests.bench.remotes import Remotes
from tests.fakes.dynamodb import create_table
from tillbridge.domain.grant import Secret, TokenPair
from tillbridge.domain.merchant import Connection, Lane, Merchant, System
from tillbridge.domain.orders.proposal import proposed
from tillbridge.domain.orders.rules import OTHER, TaxRule
from tillbridge.domain.orders.settings import OrderSettings
from tillbridge.domain.product import Visibility
from tillbridge.domain.settings import MerchantSettings
from tillbridge.domain.shop_keys import ShopKeys
from tillbridge.runtime import observe, orders, pull, push
from tillbridge.runtime.container import Container
from tillbridge.runtime.messages import Task, WakeMessage
from tillbridge.runtime.orders import ListsMemory
from tillbridge.runtime.settings import QUEUES, Settings
from tillbridge.systems.woocommerce.traits import traits_of

MERCHANT = "bench"
TABLE = "bench"
LIFE = timedelta(days=1)


@contextmanager
def bench_cloud() -> Iterator[LocalCloud]:
    """Run a local cloud with nothing deployed; this process's AWS clients speak to it."""
    with LocalCloud(Home(PROJECT / ".local" / "bench"), Ports.free()).session() as cloud:
        os.environ.update(cloud.aws_environment)
        observe.logger.setLevel("ERROR")
        yield cloud


@dataclass(frozen=True, slots=True)
class Trade:
    """A merchant whose till and shop are connected, with every part made as in the functions."""

    parts: Container
    remotes: Remotes
    till: Connection
    shop: Connection
    printed: StringIO = field(default_factory=StringIO)  # metrics, as they would go to the log
    lists: ListsMemory = field(init=False)

    def __post_init__(self) -> None:
        """Begin without knowing the till's lists."""
        object.__setattr__(self, "lists", ListsMemory(self.parts.counter_lists, self.parts.clock))

    @classmethod
    def begin(cls, cloud: LocalCloud, name: str, remotes: Remotes) -> "Trade":
        """Make a table and queues of its own, and connect both systems."""
        parts = Container(_settings(cloud, name, remotes))
        now = datetime.now(UTC)
        chosen = MerchantSettings(new_products=Visibility.PUBLISHED)
        parts.merchants.add(Merchant(merchant_id=MERCHANT, name="Bench", settings=chosen, created_at=now))
        till = _connection(System.LIGHTSPEED, f"till-{name}", remotes.till.account_id, now)
        shop = _connection(System.WOOCOMMERCE, f"shop-{name}", remotes.shop_url, now + timedelta(seconds=1))
        _grant(parts, till, remotes, now)
        parts.credentials.vault.replace_keys(
            shop.place, ShopKeys.woocommerce(Secret(remotes.key), Secret(remotes.secret))
        )
        checked = replace(shop, traits=traits_of(parts.systems.shop(shop).check()))
        for connection in (till, checked):
            parts.connections.add(connection)
        return cls(parts, remotes, till, checked)

    def read_and_push(self) -> None:
        """Read all of the till, then bring the shop into step: the first sync, and what happens every night."""
        self.pull(Lane.CATALOGUE, "full")
        self.push(Lane.CATALOGUE)
        self.push(Lane.STOCK)

    def poll_and_push(self) -> None:
        """Ask once for changes of each kind, then bring the shop into step."""
        self.pull(Lane.STOCK, "poll")
        self.pull(Lane.CATALOGUE, "poll")
        self.push(Lane.CATALOGUE)
        self.push(Lane.STOCK)

    def poll_and_push_stock(self) -> None:
        """Carry changes of stock over."""
        self.pull(Lane.STOCK, "poll")
        self.push(Lane.STOCK)

    def reconcile(self) -> None:
        """Read the shop back, as every night after the till was read."""
        self.push(Lane.CATALOGUE, "reconcile")

    def push_all(self) -> None:
        """Bring what waits into the shop."""
        self.push(Lane.CATALOGUE)
        self.push(Lane.STOCK)

    def import_orders(self) -> str:
        """Have web orders become sales from now on, with whatever the till has for them; names the selling location."""
        counter, _ = self.parts.systems.seller(self.till, NoHurry())
        lists, merchant = counter.lists(), self.parts.merchants.get(MERCHANT)
        chosen = OrderSettings(
            since=datetime.now(UTC),
            employee=lists.employees[0].employee_id,
            payment_types={OTHER: lists.payment_types[0].type_id},
            tax=TaxRule.SHOP,
        )
        fitting = proposed(chosen, sorted({one.location_id for one in lists.registers}), lists)
        self.parts.merchants.save(replace(merchant, settings=replace(merchant.settings, orders=fitting)))
        return fitting.locations[OTHER]

    def ring_up(self, task: Task = "work") -> None:
        """Serve one wake of the lane that sells."""
        message = WakeMessage(merchant=MERCHANT, connection=self.till.connection_id, lane=Lane.ORDERS, task=task)
        with _printing(self.printed):
            _finished(orders.work(self.parts, self.lists, self.till, message, NoHurry()), message)

    def pull(self, lane: Lane, task: Task) -> None:
        """Serve one wake of the till."""
        message = WakeMessage(merchant=MERCHANT, connection=self.till.connection_id, lane=lane, task=task)
        with _printing(self.printed):
            _finished(pull.work(self.parts, self.till, message, NoHurry()), message)

    def push(self, lane: Lane, task: Task = "work") -> None:
        """Serve one wake of the shop."""
        message = WakeMessage(merchant=MERCHANT, connection=self.shop.connection_id, lane=lane, task=task)
        with _printing(self.printed):
            _finished(push.work(self.parts, self.shop, message, NoHurry()), message)


@contextmanager
def _printing(log: StringIO) -> Iterator[None]:
    """Keep the metrics of one invocation out of the bench's table, in a log of their own."""
    with redirect_stdout(log):
        yield
        if observe.metrics.metric_set:
            observe.metrics.flush_metrics()


def _finished(done: bool, message: WakeMessage) -> None:  # noqa: FBT001  the workers' own answer
    if not done:
        raise RuntimeError(f"{message.lane} {message.task} stopped before it was done")


def _settings(cloud: LocalCloud, name: str, remotes: Remotes) -> Settings:
    """Make the table and the queues, and describe them as the template does."""
    table = f"{TABLE}-{name}"
    create_table(cloud.client("dynamodb"), table)
    sqs = cloud.client("sqs")
    fifo = {"FifoQueue": "true", "DeduplicationScope": "messageGroup", "FifoThroughputLimit": "perMessageGroupId"}
    return Settings(
        environment="local",
        table=table,
        ca_bundle=remotes.ca_file,
        lightspeed_auth_url=remotes.till.url,
        lightspeed_api_url=remotes.till.url,
        queue_urls={
            queue: sqs.create_queue(QueueName=f"{table}-{queue}.fifo", Attributes=fifo)["QueueUrl"] for queue in QUEUES
        },
    )


def _connection(system: System, name: str, account: str, now: datetime) -> Connection:
    return Connection(
        connection_id=name,
        merchant_id=MERCHANT,
        system=system,
        account_id=account,
        address="" if system.is_till else account,
        created_at=now,
        changed_at=now,
    )


def _grant(parts: Container, till: Connection, remotes: Remotes, now: datetime) -> None:
    """Put the till's tokens where an authorisation would have put them."""
    pair = TokenPair(Secret(remotes.till.access_token), Secret(remotes.till.refresh_token), now, now + LIFE)
    parts.credentials.records.begin(till.place, now + LIFE)
    parts.credentials.records.settle(till.connection_id, parts.credentials.vault.replace_tokens(till.place, pair))
