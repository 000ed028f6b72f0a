"""Pausing and resuming by hand."""

import pytest

from tests.fakes.world import SHOP, TILL
from tests.unit.flows.operate.office import FOREIGN, Office
from tillbridge.domain.errors import InputError, NotFoundError
from tillbridge.domain.merchant import ConnectionState, Lane
from tillbridge.flows.keep_hooks import HOOKS


def test_a_paused_connection_says_why_and_how_to_go_on(office: Office) -> None:
    answer = office.desks().pauses.pause("m1", SHOP)
    assert (answer.state, answer.cause) == (ConnectionState.PAUSED, "It was paused by the operator.")
    assert answer.remedy == "To go on: tillbridge resume shop --merchant m1."
    assert office.world.lanes.woken == []


def test_pausing_twice_changes_nothing(office: Office) -> None:
    first = office.desks().pauses.pause("m1", SHOP)
    office.world.clock.advance(minutes=1)
    assert office.desks().pauses.pause("m1", SHOP) == first


def test_a_troubled_connection_can_be_paused_and_begins_anew(office: Office) -> None:
    office.put_state(SHOP, ConnectionState.TROUBLED, "It is down.")
    office.desks().pauses.pause("m1", SHOP)
    resumed = office.desks().pauses.resume("m1", SHOP)
    assert (resumed.state, resumed.cause, resumed.remedy) == (ConnectionState.ACTIVE, "", "")


@pytest.mark.parametrize(
    ("name", "woken"),
    [
        (TILL, [(TILL, Lane.STOCK, "poll"), (TILL, Lane.CATALOGUE, "poll")]),
        (SHOP, [(SHOP, Lane.STOCK, "orders"), (SHOP, Lane.CATALOGUE, "push")]),
    ],
)
@pytest.mark.parametrize("state", [ConnectionState.PAUSED, ConnectionState.ACTIVE, ConnectionState.TROUBLED])
def test_resuming_wakes_both_lanes_however_often_it_is_said(
    office: Office, name: str, woken: list[tuple[str, Lane, str]], state: ConnectionState
) -> None:
    """A first answer may have been lost between the new state and the wakes."""
    office.put_state(name, state)
    office.desks().pauses.resume("m1", name)
    assert office.world.lanes.woken == woken


def test_a_resumed_shop_has_its_web_hooks_looked_after(office: Office) -> None:
    """Deliveries were refused meanwhile, and a shop gives up after a few."""
    office.desks().pauses.pause("m1", SHOP)
    office.desks().pauses.resume("m1", SHOP)
    assert office.world.memory.cursors[SHOP, HOOKS].since <= office.world.clock.now()


def test_what_a_person_has_to_mend_is_neither_paused_nor_resumed(office: Office) -> None:
    office.put_state(SHOP, ConnectionState.BROKEN, "The key is refused.", "Connect it again.")
    desk = office.desks().pauses
    for ask in (desk.pause, desk.resume):
        with pytest.raises(InputError, match="is broken") as refused:
            ask("m1", SHOP)
        assert (refused.value.field, refused.value.remedy) == ("connection", "Connect it again.")
    assert office.world.memory.connections[SHOP].state is ConnectionState.BROKEN


def test_nobody_elses_connection_can_be_paused(office: Office) -> None:  # invariant 5
    desk = office.desks().pauses
    for ask in (desk.pause, desk.resume):
        with pytest.raises(NotFoundError):
            ask("m1", FOREIGN)
