"""Wakes when the queue has its troubles."""

from collections.abc import Iterable, Mapping
from itertools import count
from typing import Any

import pytest

from tests.fakes.clock import NOON, FakeClock
from tests.fakes.people import connection
from tillbridge.domain.errors import TillbridgeError
from tillbridge.domain.merchant import Lane
from tillbridge.flows.schedule import Wake
from tillbridge.store.errors import ServiceBusyError
from tillbridge.store.lanes import SqsLanes

SHOPS = [connection(f"shop{number}") for number in range(12)]
WAKES = [Wake(shop, Lane.STOCK, "work") for shop in SHOPS]


class FullQueue:
    """Takes every message but those of certain groups, which it refuses a number of times."""

    def __init__(self, refusals: Mapping[str, int]) -> None:
        self.refusals = dict(refusals)
        self.taken: list[dict[str, Any]] = []
        self.sizes: list[int] = []

    def send_message_batch(self, QueueUrl: str, Entries: Iterable[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
        entries = list(Entries)
        self.sizes.append(len(entries))
        failed = []
        for entry in entries:
            group = entry["MessageGroupId"]
            if self.refusals.get(group, 0) > 0:
                self.refusals[group] -= 1
                failed.append({"Id": entry["Id"], "SenderFault": False, "Code": "InternalError"})
            else:
                self.taken.append(entry)
        return {"Successful": [], "Failed": failed}


def lanes(queue: FullQueue, clock: FakeClock) -> SqsLanes:
    numbers = count(1)
    urls = {"woocommerce-stock": "https://queue.example/1"}
    return SqsLanes(queue, urls, clock, new_number=lambda: f"number {next(numbers)}")  # type: ignore[arg-type]


def test_what_was_not_taken_is_sent_again_after_a_pause() -> None:
    queue, clock = FullQueue({"shop3": 2}), FakeClock()
    lanes(queue, clock).wake_many(WAKES)
    assert sorted(entry["MessageGroupId"] for entry in queue.taken) == sorted(shop.connection_id for shop in SHOPS)
    assert sorted(queue.sizes) == [1, 1, 2, 10]
    assert clock.now() > NOON


def test_the_others_are_woken_when_one_cannot_be() -> None:
    queue = FullQueue({"shop3": 1000})
    with pytest.raises(ServiceBusyError, match="woocommerce-stock"):
        lanes(queue, FakeClock()).wake_many(WAKES)
    assert len(queue.taken) == len(SHOPS) - 1


def test_every_message_has_its_own_number() -> None:
    queue = FullQueue({})
    lanes(queue, FakeClock()).wake_many([*WAKES, *WAKES])
    numbers = {entry["MessageDeduplicationId"] for entry in queue.taken}
    assert len(numbers) == 2 * len(WAKES)


def test_a_queue_that_is_not_known() -> None:
    with pytest.raises(TillbridgeError, match="does not know the queue woocommerce-catalogue") as refused:
        lanes(FullQueue({}), FakeClock()).wake(SHOPS[0], Lane.CATALOGUE)
    assert "template" in refused.value.remedy
