from dataclasses import replace
from datetime import timedelta

import pytest

from tests.fakes.clock import NOON
from tests.fakes.world import connection
from tillbridge.domain.merchant import SHOP_LANES, ConnectionState, Lane, System
from tillbridge.flows.operate.answers import (
    ConnectionStatus,
    MerchantStatus,
    ReadAnswer,
    ReconcileAnswer,
    SyncAnswer,
    WaitingAnswer,
    WokenAnswer,
)
from tillbridge.flows.operate.register import connection_answer
from tillbridge_cli.waiting import Bar, look

LATER = NOON + timedelta(seconds=5)
QUIET = WaitingAnswer(waiting=0, more=False, due=0, failing=0, oldest=None, next_at=None)
READ = ReadAnswer(phase="done", rows=9, share=1.0, handed_over=8, first=True, started_at=NOON, finished_at=LATER)
ASKED = SyncAnswer(
    merchant="m1",
    asked_at=NOON,
    reads_everything=False,
    woken=tuple(
        WokenAnswer(connection=name, system=system, lane=lane, task="poll")
        for name, system in (("till", System.LIGHTSPEED), ("shop", System.WOOCOMMERCE))
        for lane in SHOP_LANES
    ),
)
TILL = ConnectionStatus(
    connection=connection_answer(connection("till", System.LIGHTSPEED)),
    polled_to={},
    answered=dict.fromkeys(Lane, LATER),
    read=READ,
)
SHOP = ConnectionStatus(
    connection=connection_answer(connection("shop", System.WOOCOMMERCE)),
    polled_to={},
    answered=dict.fromkeys(Lane, LATER),
    lanes=dict.fromkeys(Lane, QUIET),
)


def status(*connections: ConnectionStatus) -> MerchantStatus:
    return MerchantStatus(merchant="m1", name="M", connections=connections)


def waits_for(*connections: ConnectionStatus, asked: SyncAnswer = ASKED) -> tuple[str, ...]:
    return look(status(*connections), asked).waits_for


def test_nothing_is_waited_for_when_all_was_answered() -> None:
    assert waits_for(TILL, SHOP) == ()


def test_an_answer_from_before_does_not_count() -> None:
    early = replace(TILL, answered={Lane.STOCK: NOON - timedelta(seconds=1), Lane.CATALOGUE: LATER})
    assert waits_for(early, SHOP) == ("lightspeed till has not been looked at on the stock lane yet",)


def test_a_lane_that_was_not_asked_is_not_waited_for() -> None:
    only = replace(ASKED, woken=tuple(one for one in ASKED.woken if one.lane is Lane.CATALOGUE))
    assert waits_for(replace(TILL, answered={Lane.CATALOGUE: LATER}), SHOP, asked=only) == ()


def test_a_read_under_way_is_waited_for_even_if_nobody_asked() -> None:
    reading = replace(TILL, read=replace(READ, phase="items", share=0.5, finished_at=None))
    assert waits_for(reading, SHOP) == ("lightspeed till is being read, 50%",)


def test_a_full_read_has_to_end_after_it_was_asked_for() -> None:
    full = replace(ASKED, reads_everything=True)
    assert waits_for(TILL, SHOP, asked=full) == ()
    before = replace(TILL, read=replace(READ, finished_at=NOON - timedelta(hours=1)))
    assert waits_for(before, SHOP, asked=full) == ("lightspeed till is being read, 100%",)
    assert waits_for(replace(TILL, read=None), SHOP, asked=full) == ("lightspeed till is being read",)


def test_what_is_due_is_waited_for_and_what_is_put_off_is_not() -> None:
    due = replace(QUIET, waiting=7, due=3, more=True)
    late = replace(QUIET, waiting=4, due=0, failing=4)
    shop = replace(SHOP, lanes={Lane.STOCK: due, Lane.CATALOGUE: late})
    assert waits_for(TILL, shop) == ("3 or more to be looked at on the stock lane of woocommerce shop",)
    assert look(status(TILL, shop), ASKED).failing == 4


def test_trouble_is_told_as_the_reason() -> None:
    slow = replace(
        SHOP,
        connection=replace(SHOP.connection, state=ConnectionState.TROUBLED, cause="The shop is slow."),
        answered={},
    )
    assert waits_for(TILL, slow)[0].endswith("yet (The shop is slow.)")


def test_a_broken_connection_is_named_and_not_waited_for() -> None:
    broken = replace(
        SHOP,
        connection=replace(SHOP.connection, state=ConnectionState.BROKEN, cause="Revoked.", remedy="Connect."),
        answered={},
    )
    outlook = look(status(TILL, broken), ASKED)
    assert (outlook.waits_for, outlook.broken) == ((), ("woocommerce shop: Revoked. Connect.",))


def test_bars_show_the_read_and_what_is_left() -> None:
    busy = replace(SHOP, lanes={Lane.STOCK: QUIET, Lane.CATALOGUE: replace(QUIET, waiting=2, due=2)})
    assert look(status(TILL, busy), ASKED).bars == (
        Bar("lightspeed till, full read", 1.0, 1.0),
        Bar("woocommerce shop, stock", 0.0, None, ": 0 left"),
        Bar("woocommerce shop, catalogue", 6.0, 8.0, ": 2 left"),
    )


def test_a_bar_has_no_total_while_nobody_can_count() -> None:
    flooded = replace(SHOP, lanes={Lane.CATALOGUE: replace(QUIET, waiting=5000, due=5000, more=True)})
    assert look(status(TILL, flooded), ASKED).bars[1:] == (
        Bar("woocommerce shop, catalogue", 0.0, None, ": 5000+ left"),
    )


RECONCILED = ReconcileAnswer(
    phase="done",
    listings=9,
    verified=9,
    drift=dict.fromkeys(Lane, 0),
    repaired=dict.fromkeys(Lane, 0),
    gone=0,
    started_at=LATER,
    finished_at=LATER,
)
EARLY = NOON - timedelta(seconds=1)


@pytest.mark.parametrize(
    ("reconcile", "waits"),
    [
        (None, True),
        (RECONCILED, False),
        (replace(RECONCILED, finished_at=None, phase="listings"), True),
        (replace(RECONCILED, started_at=EARLY), True),
    ],
)
def test_a_full_sync_waits_until_every_shop_was_read_back(reconcile: ReconcileAnswer | None, *, waits: bool) -> None:
    asked = replace(ASKED, reconciles=True)
    expected = ("woocommerce shop has not been read back yet",) if waits else ()
    assert waits_for(TILL, replace(SHOP, reconcile=reconcile), asked=asked) == expected
    assert waits_for(TILL, replace(SHOP, reconcile=reconcile)) == ()


def test_a_reading_back_under_way_has_a_bar() -> None:
    running = replace(SHOP, reconcile=replace(RECONCILED, finished_at=None, verified=4))
    bars = look(status(TILL, running), ASKED).bars
    assert Bar("woocommerce shop, read back", 4, None, ": 9 listings so far") in bars
