from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.domain.samples import NOON
from tillbridge.domain.merchant import Connection, ConnectionState, Lane, System
from tillbridge.flows.schedule import SWEEP, is_turn, turn_of, wakes

pytestmark = pytest.mark.unit
MINUTE = timedelta(minutes=1)


def connection(name: str = "c1", system: System = System.LIGHTSPEED) -> Connection:
    return Connection(
        connection_id=name, merchant_id="m1", system=system, account_id="a", created_at=NOON, changed_at=NOON
    )


def day(of: Connection, tick: timedelta = MINUTE, *, beside: Sequence[Connection] = ()) -> Counter[tuple[Lane, str]]:
    """Count the wakes of a whole day, those of others left out."""
    ticks = int(timedelta(days=1) / tick)
    every = (wake for number in range(ticks) for wake in wakes([of, *beside], NOON + number * tick, tick))
    return Counter((wake.lane, wake.task) for wake in every if wake.connection is of)


def test_a_tills_stock_is_polled_every_minute_its_items_every_other_and_all_is_read_once_a_day() -> None:
    assert day(connection()) == {
        (Lane.STOCK, "poll"): 1440,
        (Lane.CATALOGUE, "poll"): 720,
        (Lane.CATALOGUE, "full"): 1,
    }


def test_a_shorter_tick_polls_both_more_often() -> None:
    assert day(connection(), timedelta(seconds=15)) == {
        (Lane.STOCK, "poll"): 5760,
        (Lane.CATALOGUE, "poll"): 2880,
        (Lane.CATALOGUE, "full"): 1,
    }


def test_a_shop_is_swept_every_five_minutes_on_both_lanes_and_asked_once_a_day_about_a_survey() -> None:
    shop = connection(system=System.WOOCOMMERCE)
    assert day(shop) == {(Lane.STOCK, "orders"): 288, (Lane.CATALOGUE, "push"): 288, (Lane.CATALOGUE, "night"): 1}


@pytest.mark.parametrize("tick", [MINUTE, MINUTE / 6])
@pytest.mark.parametrize(("system", "hooks"), [(System.MAGENTO, ""), (System.WOOCOMMERCE, "The shop refuses them.")])
def test_a_shop_without_web_hooks_is_asked_every_minute_while_another_sells_the_same_units(
    system: System, hooks: str, tick: timedelta
) -> None:  # invariant 4
    shop = replace(connection(system=system), traits={"web_hooks": hooks})
    other = connection("c2", System.SHOPIFY)
    often = {(Lane.STOCK, "orders"): 1440, (Lane.CATALOGUE, "push"): 288, (Lane.CATALOGUE, "night"): 1}
    assert day(shop, tick, beside=[connection("till"), other]) == often
    usual = {**often, (Lane.STOCK, "orders"): 288}
    stranger, idle = replace(other, merchant_id="m2"), replace(other, state=ConnectionState.DISCONNECTED)
    assert day(shop, tick, beside=[connection("till"), stranger, idle]) == usual
    assert day(replace(shop, traits={"web_hooks": "working"}), tick, beside=[other]) == usual


@pytest.mark.parametrize("state", [ConnectionState.BROKEN, ConnectionState.PAUSED, ConnectionState.DISCONNECTED])
def test_nobody_is_woken_who_cannot_work(state: ConnectionState) -> None:
    assert list(wakes([replace(connection(), state=state)], NOON, MINUTE)) == []


def test_a_troubled_connection_is_tried_again() -> None:  # invariant 4
    assert list(wakes([replace(connection(), state=ConnectionState.TROUBLED)], NOON, MINUTE))


def test_who_asked_to_be_left_alone_is_not_woken_before() -> None:
    resting = replace(connection(), state=ConnectionState.TROUBLED, retry_at=NOON + MINUTE)
    assert list(wakes([resting], NOON, MINUTE)) == []
    assert list(wakes([resting], NOON + MINUTE, MINUTE))


@given(st.text(min_size=1), st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2040, 1, 1)))  # noqa: DTZ001
def test_everybody_has_exactly_one_turn_per_interval(name: str, begin: datetime) -> None:
    began = begin.replace(second=0, microsecond=0, tzinfo=NOON.tzinfo)
    turns = [is_turn(name, began + number * MINUTE, SWEEP, MINUTE) for number in range(5)]
    assert sum(turns) == 1


def test_ten_thousand_connections_are_spread_evenly_over_the_night() -> None:
    turns = Counter(turn_of(f"c{number}", 1440) for number in range(10_000))
    assert max(turns.values()) <= 24
    assert len(turns) > 1400


def test_no_minute_of_ten_thousand_merchants_is_busier_than_another() -> None:
    fleet = [
        connection(f"{kind}{number}", system)
        for number in range(10_000)
        for kind, system in (("till", System.LIGHTSPEED), ("shop", System.WOOCOMMERCE))
    ]
    counts = [sum(1 for _ in wakes(fleet, NOON + minute * MINUTE, MINUTE)) for minute in range(5)]
    assert max(counts) <= 1.05 * sum(counts) / len(counts)
