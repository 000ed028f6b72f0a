"""The minute's round over the grants that are due."""

from dataclasses import replace
from datetime import timedelta
from itertools import count
from threading import Barrier

import pytest

from tests.fakes.clock import FakeDeadline
from tests.unit.flows.lobby import Lobby
from tests.unit.flows.test_connect_killed import TILL, WEB, connect_shop, connect_till
from tillbridge.domain.errors import RetryLaterError, UnauthorisedError
from tillbridge.domain.grant import CLIENT_REFUSED
from tillbridge.domain.mail import MailKind
from tillbridge.domain.merchant import Connection, ConnectionState, Place
from tillbridge.flows.refresh import AT_ONCE, RefreshReport, troubles

DEAD = UnauthorisedError("The vendor no longer takes the authorisation.", remedy="Connect again.")


@pytest.fixture
def lobby() -> Lobby:
    lobby = Lobby()
    connect_till(lobby, lobby.process(), lobby.invite(TILL))
    lobby.clock.advance(minutes=45)
    return lobby


def run(lobby: Lobby, deadline: FakeDeadline | None = None) -> RefreshReport:
    return lobby.process().round.run(deadline or FakeDeadline())


def till(lobby: Lobby) -> Connection:
    return lobby.live()[0]


def test_what_is_due_is_renewed_once(lobby: Lobby) -> None:
    assert run(lobby).renewed == 1
    assert run(lobby).renewed == 0
    assert lobby.renewals == [till(lobby).connection_id]


def test_a_dead_grant_breaks_its_connection_with_the_remedy(lobby: Lobby) -> None:
    lobby.renewal_fails = DEAD
    report = run(lobby)
    assert [trouble.error for trouble in troubles(report)] == [DEAD]
    broken = till(lobby)
    assert (broken.state, broken.cause, broken.remedy) == (ConnectionState.BROKEN, DEAD.happened, DEAD.remedy)
    assert run(lobby).broken == ()


def test_a_connection_that_was_mended_meanwhile_is_not_broken(lobby: Lobby) -> None:  # invariant 3
    process = lobby.process()

    def mend_and_fail(place: Place, deadline: object) -> None:
        lobby.clock.advance(seconds=1)
        process.connections.save(replace(till(lobby), changed_at=lobby.clock.now()))
        raise DEAD

    replace(process.round, renew=mend_and_fail).run(FakeDeadline())
    assert till(lobby).state is ConnectionState.ACTIVE


def test_a_dead_grant_of_a_paused_connection_is_told_and_the_pause_is_kept(lobby: Lobby) -> None:
    lobby.process().connections.save(replace(till(lobby), state=ConnectionState.PAUSED))
    lobby.clock.advance(hours=21 * 24)
    lobby.renewal_fails = DEAD
    assert len(run(lobby).broken) == 1
    assert till(lobby).state is ConnectionState.PAUSED
    assert [posted.mail.kind for posted in lobby.memory.mails.values()] == [MailKind.RECONNECT]
    connect_till(lobby, lobby.process(), lobby.invite(TILL))
    assert till(lobby).state is ConnectionState.PAUSED


def test_passing_trouble_leaves_the_connection_alone(lobby: Lobby) -> None:
    lobby.renewal_fails = RetryLaterError("down")
    report = run(lobby)
    assert len(report.later) == 1
    assert not report.stopped
    assert till(lobby).state is ConnectionState.ACTIVE


def test_a_refusal_of_our_own_client_stops_the_round(lobby: Lobby) -> None:
    connect_again(lobby)
    lobby.renewal_fails = RetryLaterError("refused", code=CLIENT_REFUSED)
    report = run(lobby)
    assert report.stopped
    assert len(report.later) == 1


def connect_again(lobby: Lobby) -> None:
    """Connect a second merchant's till, which is due as well."""
    other = replace(lobby.merchant, merchant_id="m2")
    lobby.memory.merchants["m2"] = other
    lobby.merchant = other
    connect_till(lobby, lobby.process(), lobby.invite(TILL))
    lobby.clock.advance(minutes=45)


def test_after_the_first_several_are_renewed_at_the_same_time(lobby: Lobby) -> None:
    for number in range(2, AT_ONCE + 2):
        lobby.merchant = replace(lobby.merchant, merchant_id=f"m{number}")
        lobby.memory.merchants[lobby.merchant.merchant_id] = lobby.merchant
        connect_till(lobby, lobby.process(), lobby.invite(TILL))
    lobby.clock.advance(hours=1)
    meeting, begun = Barrier(AT_ONCE), count(1)

    def renew(place: Place, deadline: object) -> None:
        if next(begun) > 1:
            meeting.wait(timeout=5)  # breaks unless all the others come

    report = replace(lobby.process().round, renew=renew).run(FakeDeadline())
    assert (report.renewed, report.dropped) == (AT_ONCE + 1, 0)


def test_the_round_ends_when_time_is_up(lobby: Lobby) -> None:
    report = run(lobby, FakeDeadline(timedelta(seconds=29)))
    assert report.out_of_time
    assert lobby.renewals == []


def test_a_paused_connection_waits_until_its_token_is_twenty_days_old(lobby: Lobby) -> None:  # invariant 3
    lobby.process().connections.save(replace(till(lobby), state=ConnectionState.BROKEN))
    assert run(lobby).postponed == 1
    lobby.clock.advance(hours=19 * 24)
    assert run(lobby) == RefreshReport()
    lobby.clock.advance(hours=24)
    assert run(lobby).renewed == 1


def test_keys_are_looked_at_once_if_their_connection_was_made_by_a_process_that_died() -> None:
    lobby = Lobby()
    connect_shop(lobby, lobby.process(), lobby.invite(WEB))
    lobby.process().grants.watch(till(lobby).place)
    lobby.clock.advance(hours=1)
    assert run(lobby).postponed == 1
    assert run(lobby) == RefreshReport()


def test_what_belongs_to_nobody_is_deleted_after_an_hour(lobby: Lobby) -> None:  # invariant 5
    lobby.memory.connections.clear()
    assert run(lobby).postponed == 1
    lobby.clock.advance(minutes=15)
    assert run(lobby).dropped == 1
    assert not lobby.secrets.versions
    assert not lobby.vendor.live
