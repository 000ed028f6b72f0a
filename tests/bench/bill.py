"""What a merchant costs a month at AWS: 10,000 SKUs, 200 web orders a day that become sales, a poll a minute.

Each kind of wake is served here and metered: requests and units as AWS counts them, seconds as the processor's work at
the share that Lambda gives to the function, and the waits for the systems' answers at what they usually take. A night
is the whole of it: the till is read, the shop is read back, and what came of that; once a week all that the shop lists
is looked at. A warm process remembers secrets; the note tells how much more it is when none ever does, which a fleet of
thousands comes close to. What is not per merchant (scheduler, keys, the root of hook secrets, alarms, dashboard) is
left out: docs/deploy.md has it.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from tests.bench import prices
from tests.bench.course import sell, sellable
from tests.bench.meter import Meter, metering
from tests.bench.remotes import Remotes
from tests.bench.replay import recording
from tests.bench.shop_view import Place
from tests.bench.sizes import memory_of, share_of
from tests.bench.trade import Trade, bench_cloud
from tests.figures import Figure
from tillbridge.domain.merchant import Lane
from tillbridge.domain.orders.record import OrderState
from tillbridge.flows.schedule import CATALOGUE_TICKS
from tillbridge.flows.survey import EVERY

if TYPE_CHECKING:
    from tillbridge.runtime.messages import Task

ITEMS = 1000
SKUS = 10_000
CHANGES = 100
SAMPLE = 5  # orders that are metered
DAYS = 365 / 12
MINUTES = DAYS * 24 * 60
ORDERS = 200 * DAYS
AIM_DOLLARS = 2.0

PULL, SYNC, IMPORT = "PullLightspeed", "SyncWoocommerce", "ImportOrders"
INTAKE, REFRESH = "WebhookIntake", "TokenRefresh"
TABLE_SECONDS, OTHER_SECONDS, REMOTE_SECONDS = 0.005, 0.015, 0.5  # one request to the table; queue or vault; a system
TOLD_BYTES = 1500  # per invocation that is not metered: the same, a line of ours and metrics
LOG_BYTES = 500  # per invocation, besides its metrics: the three lines of Lambda, and what each line costs on top
SECRETS = 2  # the till's grant and the shop's keys
ROW_BYTES = 6_000  # all rows of one SKU, indexes included
ORDER_BYTES, ORDER_DAYS = 3_000, 400  # the rows of an order of two lines, and how long they stay

HOOKS_PER_ORDER = 4  # placed, paid, completed, and the stock that the shop took off
REFRESHES = MINUTES / 25  # a token lives half an hour (facts/lightspeed.md)


@dataclass(frozen=True, slots=True)
class Wake:
    """What serving one kind of wake takes, on average, and by which function."""

    function: str
    read_units: float
    write_units: float
    secret_calls: float
    queue_requests: float
    seconds: float
    log_bytes: float

    @property
    def dollars(self) -> float:
        """Its price, with what the queue and the worker around it add.

        That is: receive, delete and the sign of life at the queue, and the look at the merchant's connections.
        """
        return (
            (self.read_units + 1) * prices.TABLE_READ_UNIT
            + self.write_units * prices.TABLE_WRITE_UNIT
            + self.secret_calls * prices.SECRET_CALL
            + (self.queue_requests + 3.1) * prices.SQS_FIFO_REQUEST
            + _lambda_dollars(self.function, self.seconds)
            + prices.LAMBDA_REQUEST
            + (LOG_BYTES + self.log_bytes) / 1e9 * prices.LOG_GB
        )


def _lambda_dollars(function: str, seconds: float) -> float:
    return seconds * memory_of(function) / 1024 * prices.LAMBDA_GB_SECOND


def cost_per_merchant() -> Iterator[Figure]:
    """Meter each kind of wake, and work out the month."""
    with bench_cloud() as cloud:
        remotes = Remotes.start(cloud, "bill", ITEMS)
        trade = Trade.begin(cloud, "bill", remotes)
        _settle(trade)
        metered = partial(_metered, trade)
        sales, places = sellable(remotes)
        location = int(trade.import_orders())
        trade.ring_up("news")
        quiet = [
            (MINUTES, metered(PULL, lambda: trade.pull(Lane.STOCK, "poll"))),
            (MINUTES / CATALOGUE_TICKS, metered(PULL, lambda: trade.pull(Lane.CATALOGUE, "poll"))),
            (MINUTES / 5, metered(SYNC, lambda: trade.push(Lane.STOCK, "orders"))),
            (MINUTES / 5, metered(SYNC, lambda: trade.push(Lane.CATALOGUE, "push"))),
        ]
        news = MINUTES / 5, metered(IMPORT, lambda: trade.ring_up("news"))
        night = [
            (DAYS, metered(PULL, lambda: trade.pull(Lane.CATALOGUE, "full"))),
            (DAYS, metered(SYNC, trade.reconcile)),
            (DAYS, metered(SYNC, lambda: trade.push(Lane.CATALOGUE))),
            (DAYS / EVERY.days, metered(SYNC, lambda: trade.push(Lane.CATALOGUE, "survey"))),
        ]
        there = [sale for sale in sales if sale.location == location]
        ordered = [_order(trade, places[sale.sku]) for sale in there[:SAMPLE]]
        sell(remotes, [sale for sale in sales if sale not in there[:SAMPLE]][:CHANGES])
        many = metered(SYNC, trade.poll_and_push_stock)
    yield Figure("table reads per changed item, in units", many.read_units / CHANGES, "units", note=_many())
    yield Figure("table writes per changed item, in units", many.write_units / CHANGES, "units", note=_many())
    per_order = [_mean(wakes) for wakes in zip(*ordered, strict=True)]
    yield Figure("an order: table reads", sum(wake.read_units for wake in per_order), "units", note=_told(per_order))
    yield Figure("an order: table writes", sum(wake.write_units for wake in per_order), "units")
    yield Figure("an order: requests to queues", sum(wake.queue_requests + 3.1 for wake in per_order), "requests")
    ordering = _ordering(per_order, news)
    told = f"{ORDERS:,.0f} orders of {sum(wake.seconds for wake in per_order):.1f} s, and the till's news"
    yield Figure("AWS cost of web orders that become sales, per merchant and month", ordering, "$", note=told)
    yield _month(quiet, night, ordering)


def _order(trade: Trade, place: Place) -> list[Wake]:
    """Have a unit ordered, rung up and shipped, and meter each wake that it causes."""
    view, metered = trade.remotes.view(), partial(_metered, trade)
    trade.remotes.empty_bucket()
    order = view.order(place)
    wakes = [
        metered(SYNC, lambda: trade.push(Lane.STOCK, "orders")),
        metered(IMPORT, trade.ring_up),
        metered(PULL, lambda: trade.pull(Lane.STOCK, "poll")),
        metered(SYNC, lambda: trade.push(Lane.STOCK)),
    ]
    record = trade.parts.order_records.get(trade.shop.connection_id, [str(order)])[str(order)]
    if record.state is not OrderState.DONE:
        raise RuntimeError(f"order {order} is {record.state}: {record.reason}")
    view.complete(order)
    return [
        *wakes,
        metered(SYNC, lambda: trade.push(Lane.STOCK, "orders")),
        metered(IMPORT, trade.ring_up),
    ]


def _told(wakes: Sequence[Wake]) -> str:
    """Tell the units that each wake of an order reads and writes."""
    return ", ".join(f"{wake.function} {wake.read_units:.1f}/{wake.write_units:.1f}" for wake in wakes)


def _settle(trade: Trade) -> None:
    """Do what is done once: the first sync, web hooks, two surveys, and reading the shop back for the first time."""
    trade.read_and_push()
    tasks: tuple[Task, ...] = ("push", "survey", "survey", "work", "push")
    for task in tasks:
        trade.push(Lane.CATALOGUE, task)
        trade.push(Lane.STOCK, "orders")
    trade.poll_and_push()


def _many() -> str:
    return f"{CHANGES} stock changes in one poll, from the till into the shop"


def _ordering(per_order: Sequence[Wake], news: tuple[float, Wake]) -> float:
    """Add up a month's orders: their wakes and web hooks, their rows, and asking the till what became of them."""
    times, wake = news
    rows = ORDERS / DAYS * ORDER_DAYS * ORDER_BYTES / 1e9 * prices.TABLE_GB_MONTH
    each = sum(one.dollars for one in per_order) + HOOKS_PER_ORDER * _hook_dollars()
    return ORDERS * each + times * wake.dollars + rows


def _month(quiet: Sequence[tuple[float, Wake]], night: Sequence[tuple[float, Wake]], ordering: float) -> Figure:
    """Add up a month; ``ordering`` is what its orders come to."""
    waiting = sum(times * wake.dollars for times, wake in quiet)
    reading = sum(times * wake.dollars for times, wake in night) * SKUS / ITEMS
    surveys = (DAYS - DAYS / EVERY.days) * night[-1][1].dollars * SKUS / ITEMS
    unremembered = sum(times * max(0.0, 1 - wake.secret_calls) for times, wake in quiet) * prices.SECRET_CALL
    keeping = SECRETS * prices.SECRET_MONTH + SKUS * ROW_BYTES / 1e9 * prices.TABLE_GB_MONTH
    refreshing = REFRESHES * _refresh_dollars()
    note = (
        f"secrets and storage {keeping:.2f}, polls and sweeps {waiting:.2f}, orders {ordering:.2f},"
        f" nights {reading:.2f}, tokens {refreshing:.2f};"
        f" {unremembered:.2f} more if no process remembers secrets,"
        f" {surveys:.2f} more where some product looks for its listing every night"
    )
    total = waiting + reading + ordering + keeping + refreshing
    name = f"AWS cost per merchant and month, {SKUS:,} SKUs, 200 orders a day"
    return Figure(name, total, "$", AIM_DOLLARS, note)


def _hook_dollars() -> float:
    """Take one web hook in: a look at the connection, the note by which repeats are known, a wake.

    Its secret is made of one that all shops share, which every process has read.
    """
    seconds = 0.1
    return (
        prices.API_REQUEST
        + prices.LAMBDA_REQUEST
        + _lambda_dollars(INTAKE, seconds)
        + 4 * prices.TABLE_READ_UNIT
        + 3 * prices.TABLE_WRITE_UNIT
        + prices.SQS_FIFO_REQUEST
        + TOLD_BYTES / 1e9 * prices.LOG_GB
    )


def _refresh_dollars() -> float:
    """Renew a token, as ``tokens_of_ten_thousand`` meters it; a small fleet has its rounds to itself, a second each."""
    units = 5 * prices.TABLE_WRITE_UNIT + 3 * prices.TABLE_READ_UNIT
    return units + 3 * prices.SECRET_CALL + _lambda_dollars(REFRESH, 1)


def _metered(trade: Trade, function: str, work: Callable[[], object]) -> Wake:
    """Serve something a second time, in a process that has met this merchant, and meter it."""
    trade.printed.seek(0)
    trade.printed.truncate()
    with metering() as meter, recording() as sent:
        began = time.process_time()
        work()
        busy = time.process_time() - began
    return replace(_wake(function, meter, busy, len(sent)), log_bytes=len(trade.printed.getvalue()))


def _wake(function: str, meter: Meter, busy: float, remote_calls: int) -> Wake:
    others = meter.requests["sqs"] + meter.requests["secretsmanager"]
    waited = meter.of_table * TABLE_SECONDS + others * OTHER_SECONDS + remote_calls * REMOTE_SECONDS
    return Wake(
        function=function,
        read_units=meter.read_units,
        write_units=meter.write_units,
        secret_calls=meter.requests["secretsmanager"],
        queue_requests=meter.requests["sqs"],
        seconds=busy / share_of(function) + waited,
        log_bytes=0,
    )


def _mean(wakes: Sequence[Wake]) -> Wake:
    def mean(value: Callable[[Wake], float]) -> float:
        return sum(map(value, wakes)) / len(wakes)

    return Wake(
        function=wakes[0].function,
        read_units=mean(lambda wake: wake.read_units),
        write_units=mean(lambda wake: wake.write_units),
        secret_calls=mean(lambda wake: wake.secret_calls),
        queue_requests=mean(lambda wake: wake.queue_requests),
        seconds=mean(lambda wake: wake.seconds),
        log_bytes=mean(lambda wake: wake.log_bytes),
    )
