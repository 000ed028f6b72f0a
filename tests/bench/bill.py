"""What a merchant costs a month at AWS: 10,000 SKUs, 200 web orders a day, a poll a minute.

Each kind of wake is served here and metered: requests and units as AWS counts them, seconds as the processor's work at
the share that Lambda gives, and the waits for the systems' answers at what they usually take. A warm process remembers
secrets; the note tells how much more it is when none ever does, which a fleet of thousands comes close to.
What is not per merchant (scheduler, key, alarms, dashboard) is left out: docs/deploy.md has it.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from tests.bench import prices
from tests.bench.course import sell, sellable
from tests.bench.meter import Meter, metering
from tests.bench.remotes import Remotes
from tests.bench.replay import recording
from tests.bench.trade import Trade, bench_cloud
from tests.figures import Figure
from tillbridge.domain.merchant import Lane

ITEMS = 1000
SKUS = 10_000
CHANGES = 100
DAYS = 365 / 12
MINUTES = DAYS * 24 * 60
ORDERS = 200 * DAYS
AIM_DOLLARS = 2.0

MEMORY_GB = 0.5
SHARE = 512 / 1769  # of one processor
TABLE_SECONDS, OTHER_SECONDS, REMOTE_SECONDS = 0.005, 0.015, 0.5  # one request to the table; queue or vault; a system
LOG_BYTES = 1500  # per invocation: Lambda's own three lines, and the metrics
SECRETS = 3  # the till's grant, the shop's keys, and what it signs its web hooks with
ROW_BYTES = 6_000  # all rows of one SKU, indexes included

HOOKS_PER_ORDER = 4  # placed, paid, completed, and the stock that the shop took off
REFRESHES = MINUTES / 25  # a token lives half an hour (facts/lightspeed.md)


@dataclass(frozen=True, slots=True)
class Wake:
    """What serving one kind of wake takes, on average."""

    read_units: float
    write_units: float
    secret_calls: float
    queue_requests: float
    seconds: float

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
            + self.seconds * MEMORY_GB * prices.LAMBDA_GB_SECOND
            + prices.LAMBDA_REQUEST
            + LOG_BYTES / 1e9 * prices.LOG_GB
        )


def cost_per_merchant() -> Iterator[Figure]:
    """Meter each kind of wake, and work out the month."""
    with bench_cloud() as cloud:
        remotes = Remotes.start(cloud, "bill", ITEMS)
        trade = Trade.begin(cloud, "bill", remotes)
        trade.read_and_push()
        trade.poll_and_push()
        sales, _ = sellable(remotes)
        quiet = [
            (MINUTES, _metered(trade, lambda: trade.pull(Lane.STOCK, "poll"))),
            (MINUTES, _metered(trade, lambda: trade.pull(Lane.CATALOGUE, "poll"))),
            (MINUTES / 5, _metered(trade, lambda: trade.push(Lane.STOCK, "orders"))),
            (MINUTES / 5, _metered(trade, lambda: trade.push(Lane.CATALOGUE, "push"))),
        ]
        nightly = _metered(trade, lambda: trade.pull(Lane.CATALOGUE, "full"))
        polls: list[Wake] = []
        pushes: list[Wake] = []
        for sale in sales[:5]:
            sell(remotes, [sale])
            polls.append(_metered(trade, lambda: trade.pull(Lane.STOCK, "poll")))
            pushes.append(_metered(trade, lambda: trade.push(Lane.STOCK)))
        sell(remotes, sales[5 : 5 + CHANGES])
        many = _metered(trade, trade.poll_and_push_stock)
    yield Figure("table reads per changed item, in units", many.read_units / CHANGES, "units", note=_many())
    yield Figure("table writes per changed item, in units", many.write_units / CHANGES, "units", note=_many())
    yield _month(quiet, nightly, (_mean(polls), _mean(pushes)))


def _many() -> str:
    return f"{CHANGES} stock changes in one poll, from the till into the shop"


def _month(quiet: Sequence[tuple[float, Wake]], nightly: Wake, change: tuple[Wake, Wake]) -> Figure:
    """Add up a month. Of an order the shop's lane hears three times: it comes, it is completed, the till shows it."""
    poll, push = change
    waiting = sum(times * wake.dollars for times, wake in quiet)
    reading = DAYS * nightly.dollars * SKUS / ITEMS
    ordering = ORDERS * (poll.dollars + 3 * push.dollars + HOOKS_PER_ORDER * _hook_dollars())
    unremembered = sum(times * max(0.0, 1 - wake.secret_calls) for times, wake in quiet) * prices.SECRET_CALL
    keeping = SECRETS * prices.SECRET_MONTH + SKUS * ROW_BYTES / 1e9 * prices.TABLE_GB_MONTH
    refreshing = REFRESHES * _refresh_dollars()
    note = (
        f"secrets and storage {keeping:.2f}, polls and sweeps {waiting:.2f}, orders {ordering:.2f},"
        f" nightly reads {reading:.2f}, tokens {refreshing:.2f};"
        f" {unremembered:.2f} more if no process remembers secrets"
    )
    total = waiting + reading + ordering + keeping + refreshing
    name = f"AWS cost per merchant and month, {SKUS:,} SKUs, 200 orders a day"
    return Figure(name, total, "$", AIM_DOLLARS, note)


def _hook_dollars() -> float:
    """Take one web hook in: a look at the connection, the note by which repeats are known, the secret, a wake."""
    seconds = 0.1
    return (
        prices.API_REQUEST
        + prices.LAMBDA_REQUEST
        + seconds * MEMORY_GB / 2 * prices.LAMBDA_GB_SECOND
        + 4 * prices.TABLE_READ_UNIT
        + 3 * prices.TABLE_WRITE_UNIT
        + prices.SECRET_CALL
        + prices.SQS_FIFO_REQUEST
        + LOG_BYTES / 1e9 * prices.LOG_GB
    )


def _refresh_dollars() -> float:
    """Renew a token: the lease and its end, in the index too, the pair read and written, a second of Lambda."""
    units = 4 * prices.TABLE_WRITE_UNIT + 2 * prices.TABLE_READ_UNIT
    return units + 2 * prices.SECRET_CALL + MEMORY_GB / 2 * prices.LAMBDA_GB_SECOND


def _metered(trade: Trade, work: Callable[[], object]) -> Wake:
    """Serve something a second time, in a process that has met this merchant, and meter it."""
    with metering() as meter, recording() as sent:
        began = time.process_time()
        work()
        busy = time.process_time() - began
    return _wake(meter, busy, len(sent))


def _wake(meter: Meter, busy: float, remote_calls: int) -> Wake:
    others = meter.requests["sqs"] + meter.requests["secretsmanager"]
    waited = meter.of_table * TABLE_SECONDS + others * OTHER_SECONDS + remote_calls * REMOTE_SECONDS
    return Wake(
        read_units=meter.read_units,
        write_units=meter.write_units,
        secret_calls=meter.requests["secretsmanager"],
        queue_requests=meter.requests["sqs"],
        seconds=busy / SHARE + waited,
    )


def _mean(wakes: Sequence[Wake]) -> Wake:
    def mean(value: Callable[[Wake], float]) -> float:
        return sum(map(value, wakes)) / len(wakes)

    return Wake(
        read_units=mean(lambda wake: wake.read_units),
        write_units=mean(lambda wake: wake.write_units),
        secret_calls=mean(lambda wake: wake.secret_calls),
        queue_requests=mean(lambda wake: wake.queue_requests),
        seconds=mean(lambda wake: wake.seconds),
    )
