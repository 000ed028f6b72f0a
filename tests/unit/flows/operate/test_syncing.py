import pytest

from tests.fakes.world import SHOP, TILL
from tests.unit.flows.operate.office import Office
from tillbridge.domain.errors import InputError, NotFoundError
from tillbridge.domain.merchant import ConnectionState, Lane


def tasks(office: Office) -> list[tuple[str, str, str]]:
    return [(name, str(lane), task) for name, lane, task in office.world.lanes.woken if task != "note"]


def test_a_till_never_read_is_read_whole_whatever_lane_was_asked_for(office: Office) -> None:
    answer = office.desks().sync.start("m1", Lane.STOCK, full=False)
    assert answer.reads_everything
    assert (TILL, "catalogue", "full") in tasks(office)


def test_a_known_till_is_polled_and_the_shops_push_what_waits(stocked: Office) -> None:
    answer = stocked.desks().sync.start("m1", None, full=False)
    assert not answer.reads_everything
    assert tasks(stocked) == [
        (TILL, "stock", "poll"),
        (TILL, "catalogue", "poll"),
        (SHOP, "stock", "orders"),
        (SHOP, "catalogue", "push"),
    ]
    assert [(one.connection, str(one.lane), one.task) for one in answer.woken] == tasks(stocked)


def test_a_full_sync_reads_everything_and_has_the_shops_look_at_everything(stocked: Office) -> None:
    assert stocked.desks().sync.start("m1", None, full=True).reads_everything
    assert tasks(stocked)[-2:] == [(SHOP, "catalogue", "resync"), (SHOP, "catalogue", "survey")]
    assert (TILL, "catalogue", "full") in tasks(stocked)


def test_one_lane_can_be_asked_for(stocked: Office) -> None:
    stocked.desks().sync.start("m1", Lane.STOCK, full=False)
    assert {lane for _, lane, _ in tasks(stocked)} == {"stock"}


def test_a_note_follows_every_wake_on_the_same_lane(stocked: Office) -> None:
    stocked.desks().sync.start("m1", None, full=False)
    woken = stocked.world.lanes.woken
    assert woken[1::2] == [(name, lane, "note") for name, lane, _ in woken[::2]]


def test_full_and_one_lane_contradict_each_other(stocked: Office) -> None:  # invariant 7
    with pytest.raises(InputError) as caught:
        stocked.desks().sync.start("m1", Lane.STOCK, full=True)
    assert caught.value.field == "lane"
    assert stocked.world.lanes.woken == []


def test_a_broken_shop_is_named_and_the_others_are_woken(stocked: Office) -> None:
    stocked.put_state(SHOP, ConnectionState.BROKEN, "The key was revoked.", "Connect again.")
    answer = stocked.desks().sync.start("m1", None, full=False)
    assert [(one.connection, one.cause) for one in answer.paused] == [(SHOP, "The key was revoked.")]
    assert {name for name, _, _ in tasks(stocked)} == {TILL}


def test_without_a_till_there_is_nothing_to_look_at(office: Office) -> None:
    with pytest.raises(NotFoundError):
        office.desks().sync.start("m2", None, full=False)
    assert office.world.lanes.woken == []
