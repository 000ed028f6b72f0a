"""Several workers at once on the local cloud's table: what they leave is as if they had come one after the other."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import count
from threading import Barrier
from typing import TYPE_CHECKING, Any

import pytest

from tests.fakes.clock import NOON
from tests.fakes.dynamodb import create_table
from tests.fakes.people import connection, merchant
from tests.fakes.repositories import Repositories, in_table
from tests.unit.domain.samples import level, variant
from tillbridge.domain.errors import InputError
from tillbridge.domain.merchant import ConnectionState, Lane
from tillbridge.domain.work import Mark
from tillbridge.runtime.clock import SystemClock

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from local.cloud import LocalCloud

_numbers = count(1)


@pytest.fixture(scope="module")
def client(started_cloud: LocalCloud) -> Any:
    return started_cloud.client("dynamodb")


@pytest.fixture
def stores(client: Any) -> Repositories:
    """Give repositories over a fresh table, with the real clock: whoever has to wait really waits."""
    name = f"races-{next(_numbers)}"
    create_table(client, name)
    return in_table(client, name, SystemClock())


def all_at_once(*works: Callable[[], object]) -> Sequence[object]:
    """Let threads begin at the same moment; returns what each gave, or the error it ended with."""
    barrier = Barrier(len(works))

    def begin(work: Callable[[], object]) -> object:
        barrier.wait()
        try:
            return work()
        except InputError as error:
            return error

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(begin, works))


def test_an_account_is_connected_once(stores: Repositories) -> None:
    """# invariant 5"""
    stores.merchants.add(merchant())
    rivals = [connection(f"c{number}", account_id="797") for number in range(8)]
    outcomes = all_at_once(*(lambda rival=rival: stores.connections.add(rival) for rival in rivals))
    winners = [rival for rival, outcome in zip(rivals, outcomes, strict=True) if outcome is None]
    assert len(winners) == 1
    assert all(isinstance(outcome, InputError) for outcome in outcomes if outcome is not None)
    assert list(stores.connections.list()) == winners


def test_a_merchants_id_is_taken_once(stores: Repositories) -> None:
    rivals = [merchant(name=f"Rival {number}") for number in range(8)]
    outcomes = all_at_once(*(lambda rival=rival: stores.merchants.add(rival) for rival in rivals))
    winners = [rival for rival, outcome in zip(rivals, outcomes, strict=True) if outcome is None]
    assert [stores.merchants.get("m1")] == winners


def test_disconnecting_wins_over_workers(stores: Repositories) -> None:
    stores.merchants.add(merchant())
    stores.connections.add(connection())
    busy = [connection(state=ConnectionState.TROUBLED, cause=f"Worker {number}") for number in range(6)]
    all_at_once(
        *(lambda state=state: stores.connections.save(state) for state in busy),
        lambda: stores.connections.save(connection(state=ConnectionState.DISCONNECTED)),
    )
    assert stores.connections.get("c1").state is ConnectionState.DISCONNECTED
    assert list(stores.connections.list()) == []


def test_no_mark_is_lost_while_others_are_removed(stores: Repositories) -> None:
    """# invariant 4"""
    now = NOON + timedelta(hours=1)
    removed: list[str] = []

    def mark(worker: int) -> None:
        for number in range(30):
            stores.marks.add("s1", Lane.STOCK, [Mark(f"{worker}-{number}", NOON, NOON)])

    def push() -> None:
        for _ in range(15):
            read = stores.marks.due("s1", Lane.STOCK, now, 10)
            stores.marks.remove("s1", Lane.STOCK, read)
            removed.extend(one.key for one in read)

    all_at_once(lambda: mark(1), lambda: mark(2), push)
    left = [one.key for one in stores.marks.waiting("s1", Lane.STOCK)]
    assert sorted([*left, *removed]) == sorted(f"{worker}-{number}" for worker in (1, 2) for number in range(30))


def test_orders_reserve_exactly_once(stores: Repositories) -> None:
    """# invariant 8: many workers meet the same orders, in any order"""
    orders = {f"s1:{number}": {"42": 1, str(number): 2} for number in range(6)}

    def worker(seed: int) -> None:
        mine = list(orders)
        random.Random(seed).shuffle(mine)
        for order in mine:
            stores.reservations.set("till", order, orders[order])

    all_at_once(*(lambda seed=seed: worker(seed) for seed in range(3)))
    held = stores.reservations.of("till", ["42", "3"])
    assert held["42"] == dict.fromkeys(orders, 1)
    assert held["3"] == {"s1:3": 2}


def test_an_order_that_changes_is_whole_at_any_moment(stores: Repositories) -> None:
    """# invariant 8: the rows by item and the row of the order agree, whoever was last"""
    states = [{"42": 1}, {"42": 2, "43": 1}, {"43": 3}, {}, {"42": 5, "44": 1}]

    def worker(state: dict[str, int]) -> None:
        for _ in range(4):
            stores.reservations.set("till", "s1:1", state)

    all_at_once(*(lambda state=state: worker(state) for state in states))
    held = stores.reservations.of("till", ["42", "43", "44"])
    by_item = {item_id: orders["s1:1"] for item_id, orders in held.items() if orders}
    assert by_item in states
    assert stores.reservations.set("till", "s1:1", {}) == by_item


def test_the_newest_stock_stays(stores: Repositories) -> None:
    """# invariant 1"""
    rows = [level(str(item), updated_at=NOON + timedelta(seconds=age)) for item in range(20) for age in range(5)]
    told = [replace(row, sellable=Decimal((row.updated_at - NOON).seconds)) for row in rows]
    random.Random(7).shuffle(told)
    parts = [told[start::4] for start in range(4)]
    all_at_once(*(lambda part=part: stores.mirror.put_stock("till", part, guarded=True) for part in parts))
    found = stores.mirror.stock("till", map(str, range(20)), ["1"])
    assert {stock.levels["1"].sellable for stock in found.values()} == {Decimal(4)}


def test_two_readers_of_one_matrix_lose_no_variant(stores: Repositories) -> None:
    """# invariant 4"""
    variants = [variant(str(number), f"colour {number}") for number in range(1, 41)]
    parts = [variants[start::4] for start in range(4)]
    all_at_once(*(lambda part=part: stores.mirror.put_items("till", part) for part in parts))
    assert stores.mirror.variants("till", ["7"])["7"] == tuple(variants)
