"""The sample events of the lanes and of the schedule are what the functions take; every function has one."""

import json
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import PROJECT_ROOT
from tests.fakes.clock import FakeClock, FakeDeadline
from tests.fakes.stores import FakeOutbox, Memory
from tests.fakes.world import SHOP, TILL, connection
from tests.unit.runtime.test_queue import Desk
from tillbridge.domain.mail import recovered_mail
from tillbridge.domain.merchant import Connection, System
from tillbridge.flows.schedule import Wake
from tillbridge.runtime.scheduler import Scheduler

EVENTS = PROJECT_ROOT / "events"
SHOPS = tuple(f"sync_{system.value}_" for system in System if not system.is_till)
FUNCTIONS = sorted(folder.name for folder in (PROJECT_ROOT / "functions").iterdir() if (folder / "app.py").exists())


def sample(name: str) -> Any:
    return json.loads((EVENTS / name).read_text())


LANES = [path for path in sorted(EVENTS.glob("*.json")) if path.stem.startswith(("pull_", *SHOPS))]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_function_has_a_sample_event(function: str) -> None:
    assert list(EVENTS.glob(f"{function}*.json"))


@pytest.mark.parametrize("path", LANES, ids=lambda path: path.stem)
def test_a_lane_takes_its_samples(path: Path) -> None:
    desk = Desk()
    body = json.loads(sample(path.name)["Records"][0]["body"])
    own = TILL if path.stem.startswith("pull") else SHOP
    assert desk.serve(json.dumps({**body, "merchant": "m1", "connection": own})) == []
    assert desk.served == [(own, body["task"])]


class Fleet:
    """Two connections, and who of them was woken when."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.woken: list[tuple[float, str, str]] = []

    def list(self) -> Iterator[Connection]:
        yield connection(TILL, System.LIGHTSPEED)
        yield connection(SHOP, System.WOOCOMMERCE)

    def wake_many(self, wakes: Sequence[Wake]) -> None:
        self.woken += [(self.clock.now().timestamp(), wake.connection.connection_id, wake.task) for wake in wakes]


@pytest.mark.parametrize(("poll_seconds", "looks"), [(60, 1), (15, 4), (10, 6)])
def test_the_schedule_looks_at_each_till_as_often_as_it_was_told(poll_seconds: int, looks: int) -> None:
    assert sample("sync_scheduler.json")["detail-type"] == "Scheduled Event"
    clock = FakeClock()
    fleet = Fleet(clock)
    deadline = FakeDeadline(timedelta(seconds=70))
    scheduler = Scheduler(fleet, fleet, FakeOutbox(Memory(), clock=clock), clock, poll_seconds)  # type: ignore[arg-type]
    assert scheduler.run_minute(deadline) == len(fleet.woken)
    stock = [at for at, name, task in fleet.woken if (name, task) == (TILL, "poll")]
    assert len(set(stock)) == looks


def test_the_schedule_wakes_for_mails_whose_time_has_come() -> None:
    clock, memory = FakeClock(), Memory()
    fleet, outbox = Fleet(clock), FakeOutbox(memory, clock=clock)
    outbox.put(recovered_mail(connection("c1", System.WOOCOMMERCE)))
    memory.mails_woken.clear()  # the wake got lost
    Scheduler(fleet, fleet, outbox, clock, 60).run_minute(FakeDeadline())  # type: ignore[arg-type]
    assert [merchant for merchant, _ in memory.mails_woken] == ["m1"]


def test_the_schedule_stops_before_its_time_is_up() -> None:
    clock = FakeClock()
    fleet = Fleet(clock)
    scheduler = Scheduler(fleet, fleet, FakeOutbox(Memory(), clock=clock), clock, 10)  # type: ignore[arg-type]
    scheduler.run_minute(FakeDeadline(timedelta(seconds=12)))
    assert {at for at, _, _ in fleet.woken} == {FakeClock().now().timestamp()}
