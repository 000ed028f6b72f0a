"""A poison item, a dead shop, a throttled vendor, a flood: who else has to wait, in simulated time."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from tests.fakes.clock import NOON, FakeClock
from tests.fakes.fifo import FifoQueue, Letter
from tests.fakes.people import connection
from tests.fakes.stores import FakeConnections, FakeLanes, FakeOutbox, FakeRuns, Memory
from tillbridge.domain.errors import SystemDownError, ThrottledError
from tillbridge.domain.merchant import Connection, ConnectionState, Lane
from tillbridge.flows.lane_work import Register
from tillbridge.flows.ports import Deadline
from tillbridge.flows.schedule import wakes
from tillbridge.runtime.messages import WakeMessage
from tillbridge.runtime.queue import LaneWorker

pytestmark = pytest.mark.unit

SHOPS = [f"shop{number}" for number in range(40)]
QUICK = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
Work = Callable[[Connection], timedelta]


class Context:
    function_name = "sync-woocommerce"

    @staticmethod
    def get_remaining_time_in_millis() -> int:
        return 300_000


@dataclass
class Town:
    """Forty merchants with a shop each behind one queue of the template's kind; ``work`` says what a wake takes."""

    work: Work
    at_once: int = 10
    memory: Memory = field(default_factory=Memory)
    clock: FakeClock = field(default_factory=FakeClock)
    hidden: float | None = None

    def __post_init__(self) -> None:
        for name in SHOPS:
            self.memory.connections[name] = connection(name, f"m-{name}")
        self.queue = FifoQueue(self._serve, self.at_once)

    def wake(self, name: str, times: int = 1, at: datetime = NOON) -> list[Letter]:
        body = json.dumps({"merchant": f"m-{name}", "connection": name, "lane": "stock", "task": "work"})
        return [self.queue.send(name, body, at) for _ in range(times)]

    def state(self, name: str) -> ConnectionState:
        return self.memory.connections[name].state

    def wait_of(self, *names: str) -> timedelta:
        """Tell the longest time from a wake to its end among these shops."""
        ended = [letter for letter in self.queue.letters if letter.group in names and letter.ended_at]
        return max(letter.ended_at - letter.sent_at for letter in ended if letter.ended_at)

    def _serve(self, letter: Letter, at: datetime) -> tuple[timedelta, float | None]:
        """Serve a letter with the real worker; what the work takes passes on the clock."""
        self.clock.time, self.hidden = at, None
        worker = LaneWorker(
            Register(FakeConnections(self.memory), FakeOutbox(self.memory, clock=self.clock), self.clock),
            FakeRuns(self.memory),
            FakeLanes(),
            self._work,
            self._hide,
        )
        failed = worker.serve({"Records": [_record(letter)]}, Context())["batchItemFailures"]  # type: ignore[arg-type]
        return self.clock.time - at, self.hidden if failed else None

    def _work(self, of: Connection, message: WakeMessage, deadline: Deadline) -> bool:
        self.clock.time += self.work(of)
        return True

    def _hide(self, record: SQSRecord, seconds: float) -> None:
        self.hidden = seconds


def _record(letter: Letter) -> dict[str, Any]:
    return {
        "messageId": "1",
        "receiptHandle": "h",
        "body": letter.body,
        "attributes": {"MessageGroupId": letter.group, "ApproximateReceiveCount": str(letter.tries)},
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:eu-central-1:000000000000:tillbridge-test-woocommerce-stock.fifo",
    }


def usual(at_once: int = 10) -> timedelta:
    """Tell how long everybody waits when nobody is in trouble."""
    town = Town(lambda _: QUICK, at_once)
    for name in SHOPS:
        town.wake(name)
    town.queue.run()
    return town.wait_of(*SHOPS)


def dead(of: Connection) -> timedelta:
    if of.connection_id == "shop0":
        raise SystemDownError("No answer.")
    return QUICK


def throttled(of: Connection) -> timedelta:
    if of.connection_id == "shop0":
        raise ThrottledError("Too often.", after=30)
    return QUICK


def defective(of: Connection) -> timedelta:
    if of.connection_id == "shop0":
        raise ValueError("a defect that one shop's data brings to light")
    return QUICK


@pytest.mark.parametrize("work", [dead, throttled, defective])
def test_one_shop_in_trouble_delays_nobody_else(work: Work) -> None:
    town = Town(work)
    for name in SHOPS:
        town.wake(name)
    town.queue.run()
    assert town.wait_of(*SHOPS[1:]) <= usual() + QUICK
    (letter,) = (letter for letter in town.queue.letters if letter.dead)
    assert letter.group == "shop0"
    assert timedelta(minutes=3) < town.wait_of("shop0") < timedelta(minutes=15)


def test_a_wake_given_up_has_all_that_is_needed_to_do_it_again() -> None:
    town = Town(dead)
    town.wake("shop0")
    town.queue.run()
    (letter,) = (letter for letter in town.queue.letters if letter.dead)
    assert town.state("shop0") is ConnectionState.TROUBLED
    town.work = lambda _: QUICK
    redriven = town.queue.send(letter.group, letter.body, town.clock.now() + MINUTE)
    town.queue.run()
    assert redriven.ended_at is not None
    assert not redriven.dead
    assert town.state("shop0") is ConnectionState.ACTIVE


def test_a_flood_of_one_merchant_takes_one_place_and_delays_nobody_else() -> None:
    town = Town(lambda _: QUICK)
    town.wake("shop0", times=500)
    for name in SHOPS[1:]:
        town.wake(name)
    town.queue.run()
    assert town.wait_of(*SHOPS[1:]) <= usual(town.at_once - 1) + QUICK
    assert 500 * QUICK <= town.wait_of("shop0") <= 510 * QUICK


def test_long_work_of_a_few_takes_a_place_each() -> None:
    """As many as there are places would stop everybody: that is what an alarm on the oldest message is for."""
    busy = {"shop0", "shop1", "shop2"}
    town = Town(lambda of: 5 * MINUTE if of.connection_id in busy else QUICK)
    for name in SHOPS:
        town.wake(name)
    town.queue.run()
    assert town.wait_of(*(name for name in SHOPS if name not in busy)) <= usual(town.at_once - 3) + QUICK


def test_a_shop_that_asked_for_a_pause_gets_no_new_wakes_from_the_schedule() -> None:
    town = Town(throttled)
    town.wake("shop0")
    town.queue.run()
    resting = town.memory.connections["shop0"]
    assert resting.retry_at is not None
    during = [resting.retry_at - timedelta(seconds=second) for second in (1, 20)]
    assert not [wake for moment in during for wake in wakes([resting], moment, timedelta(seconds=1))]
    assert Lane.STOCK in {
        wake.lane for second in range(300) for wake in wakes([resting], resting.retry_at + second * QUICK, QUICK)
    }
