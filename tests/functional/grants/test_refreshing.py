"""Tokens are renewed, by workers and by the schedule, against the vendor's rules of 2024 and of 2026."""

from dataclasses import replace
from datetime import timedelta
from io import StringIO

import pytest

from sandbox.common.faults import Fault
from sandbox.lightspeed.settings import Client
from tests.fakes.clock import FakeDeadline
from tests.fakes.people import place
from tests.functional.grants.deployment import CLIENT_ID, CLIENT_SECRET, Deployment
from tillbridge.domain.errors import MissingRightError, RetryLaterError, UnauthorisedError
from tillbridge.domain.grant import AppCredentials, Secret
from tillbridge.domain.merchant import Connection, ConnectionState, System
from tillbridge.grants.record import Death, DeathCause
from tillbridge.grants.token_server import TokenServer
from tillbridge.grants.transport import Encoding
from tillbridge.runtime.container import Container
from tillbridge.systems.till import Till

TOKEN, ACCOUNT = "/auth/oauth/token", "182255"
BOTH = pytest.mark.parametrize("rules", [2024, 2026])


def token_calls(deployment: Deployment) -> int:
    """Count the attempts that the token server has seen for our grant."""
    return sum(len(grant.attempts) for grant in deployment.till.grants.all.values())


def worker(deployment: Deployment, connection: Connection) -> Till:
    parts = Container(deployment.parts.settings)
    parts.__dict__["clock"] = deployment.clock
    return parts.systems.till(connection, FakeDeadline(timedelta(minutes=2)))


@BOTH
def test_days_go_by_with_hourly_tokens(deployment: Deployment) -> None:  # invariant 3
    connection = deployment.connect_till()
    for _ in range(24):
        deployment.advance(minutes=50)
        assert deployment.call(connection)
    assert deployment.grant(connection).version == 13  # every second time, since 50 minutes are within the life


@BOTH
def test_the_schedule_renews_with_a_third_of_the_life_left(deployment: Deployment) -> None:
    connection = deployment.connect_till()
    deployment.advance(minutes=39)
    assert deployment.round.run(FakeDeadline()).renewed == 0
    deployment.advance(minutes=6)
    assert deployment.round.run(FakeDeadline()).renewed == 1
    assert deployment.round.run(FakeDeadline()).renewed == 0
    assert deployment.grant(connection).version == 2
    assert deployment.call(connection)


@BOTH
def test_a_worker_with_the_old_token_adopts_the_new_one(deployment: Deployment) -> None:  # invariant 3
    """Renewing kills the access token at once: whoever holds it gets a 401, looks again, and goes on."""
    connection = deployment.connect_till()
    till = worker(deployment, connection)
    assert till.account().account_id == ACCOUNT
    deployment.advance(minutes=45)
    till.account()
    assert deployment.round.run(FakeDeadline()).renewed == 1
    assert till.account().account_id == ACCOUNT
    assert token_calls(deployment) == 1


@BOTH
def test_a_token_that_was_revoked_alone_is_replaced_once(deployment: Deployment) -> None:
    connection = deployment.connect_till()
    (grant,) = deployment.till.grants.all.values()
    deployment.till.grants.revoke(grant, only_access=True)
    assert deployment.call(connection)
    assert token_calls(deployment) == 1


FAULTS = {
    "503": Fault("status", path=TOKEN, status=503, body="{}"),
    "500 with an OAuth error": Fault("status", path=TOKEN, status=500, body='{"error": "invalid_grant"}'),
    "HTML": Fault("html", path=TOKEN, status=502),
    "HTML with status 400": Fault("html", path=TOKEN, status=400),
    "HTML with status 403": Fault("html", path=TOKEN, status=403),
    "too often": Fault("status", path=TOKEN, status=429, body="{}", headers={"Retry-After": "7"}),
    "redirect": Fault("status", path=TOKEN, status=302, headers={"Location": "https://example.com/"}),
    "no connection": Fault("cut_before", path=TOKEN),
    "unknown error": Fault("status", path=TOKEN, status=400, body='{"error": "unsupported_grant_type"}'),
    "error of a strange form": Fault("status", path=TOKEN, status=400, body='{"error": {"a": 1}}'),
    "error in a list": Fault("status", path=TOKEN, status=400, body='["invalid_grant"]'),
}
LOST = {
    "lost answer": Fault("cut_after", path=TOKEN),
    "half an answer": Fault("truncate", path=TOKEN),
    "garbage": Fault("garbage", path=TOKEN),
    "nothing": Fault("empty", path=TOKEN),
    "no token": Fault("status", path=TOKEN, status=200, body='{"token_type": "Bearer"}'),
    "a token with a line break": Fault("status", path=TOKEN, status=200, body='{"access_token": "a\\nb"}'),
    "another type": Fault("status", path=TOKEN, status=200, body='{"access_token": "a", "token_type": "mac"}'),
}


@BOTH
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_trouble_leaves_the_grant_as_it_was(deployment: Deployment, fault: Fault) -> None:  # invariant 3
    connection = deployment.connect_till()
    deployment.advance(hours=1)
    before = deployment.secrets()
    deployment.faults.add(fault)
    with pytest.raises(RetryLaterError):
        deployment.call(connection)
    assert deployment.secrets() == before
    deployment.advance(minutes=16)
    assert deployment.call(connection)


@pytest.mark.parametrize("fault", LOST.values(), ids=LOST)
def test_a_lost_answer_is_asked_for_again(deployment: Deployment, fault: Fault) -> None:  # invariant 3
    connection = deployment.connect_till()
    deployment.advance(hours=1)
    before = deployment.secrets()
    deployment.faults.add(fault)
    with pytest.raises(RetryLaterError):
        deployment.call(connection)
    assert deployment.secrets() == before
    deployment.advance(minutes=6)
    assert deployment.call(connection)


@pytest.mark.parametrize("rules", [2024])
def test_under_the_rules_of_2024_a_lost_answer_ends_the_grant_and_is_named(deployment: Deployment) -> None:
    """The one case in which the vendor leaves no way (invariant 3)."""
    connection = deployment.connect_till()
    deployment.advance(hours=1)
    deployment.faults.add(LOST["lost answer"])
    with pytest.raises(RetryLaterError):
        deployment.call(connection)
    deployment.advance(minutes=6)
    with pytest.raises(UnauthorisedError, match="lost on the way"):
        deployment.call(connection)


@BOTH
def test_a_revoked_grant_pauses_the_connection_and_nothing_is_deleted(deployment: Deployment) -> None:  # invariant 3
    connection = deployment.connect_till()
    (grant,) = deployment.till.grants.all.values()
    deployment.till.grants.revoke(grant)
    before = deployment.secrets()
    deployment.advance(minutes=45)
    report = deployment.round.run(FakeDeadline())
    assert len(report.broken) == 1
    (broken,) = deployment.connections()
    assert broken.state is ConnectionState.BROKEN
    assert "no longer takes the authorisation" in broken.cause
    assert "Connect the till again" in broken.remedy
    assert deployment.secrets() == before
    record = deployment.parts.credentials.records.read(connection.connection_id)
    assert record is not None
    assert record.death is not None
    assert record.death.cause is DeathCause.UNKNOWN
    assert "revoked" in record.death.evidence
    deployment.advance(hours=1)
    assert deployment.round.run(FakeDeadline()).broken == ()  # a dead grant is left alone
    assert token_calls(deployment) == 1


def test_a_dead_grant_lives_again_after_authorising(deployment: Deployment) -> None:
    connection = deployment.connect_till()
    (grant,) = deployment.till.grants.all.values()
    deployment.till.grants.revoke(grant)
    with pytest.raises(UnauthorisedError):
        deployment.call(connection)
    deployment.connect_till()
    assert deployment.call(connection)
    deployment.advance(minutes=45)
    assert deployment.round.run(FakeDeadline()).renewed == 1


def test_an_employee_who_was_locked_is_named_among_the_causes(deployment: Deployment) -> None:
    connection = deployment.connect_till()
    deployment.till.retailer.change_employee(1, lockOut="true")
    with pytest.raises(UnauthorisedError, match="employee who gave it was locked"):
        deployment.call(connection)


def death_of(deployment: Deployment, connection: Connection) -> Death:
    record = deployment.parts.credentials.records.read(connection.connection_id)
    assert record is not None
    assert record.death is not None
    return record.death


def test_what_the_till_says_of_a_token_names_the_merchant_as_the_one_who_revoked(deployment: Deployment) -> None:
    connection = deployment.connect_till()
    (grant,) = deployment.till.grants.all.values()
    deployment.till.grants.revoke(grant)
    with pytest.raises(UnauthorisedError, match="revoked in the till"):
        deployment.call(connection)
    death = death_of(deployment, connection)
    assert death.cause is DeathCause.REVOKED
    assert 'the till said: "' in death.evidence


def test_an_employee_who_lost_rights_before_is_named(deployment: Deployment) -> None:
    connection = deployment.connect_till()
    deployment.faults.add(Fault("status", path="/API/V3/Account.json", status=403, body='{"message": "no"}'))
    with pytest.raises(MissingRightError):
        deployment.call(connection)
    deployment.till.retailer.change_employee(1, lockOut="true")
    with pytest.raises(UnauthorisedError, match="has fewer rights than before"):
        deployment.call(connection)
    death = death_of(deployment, connection)
    assert death.cause is DeathCause.EMPLOYEE
    assert "did not let us read Account" in death.evidence


def test_a_client_that_was_replaced_ends_no_grant(deployment: Deployment) -> None:  # invariant 3
    connection = deployment.connect_till()
    deployment.till.clients.register(Client("client-2", CLIENT_SECRET, f"{deployment.url}/connect/lightspeed/callback"))
    apps = deployment.parts.credentials.apps
    apps.put(System.LIGHTSPEED, AppCredentials("client-2", Secret(CLIENT_SECRET)))
    deployment.advance(minutes=45)
    report = deployment.round.run(FakeDeadline())
    assert (report.for_the_operator, report.stopped, report.broken) == (1, False, ())
    assert "belongs to client client-1, not to client-2" in report.later[0].error.happened
    assert deployment.connections()[0].state is ConnectionState.ACTIVE
    deployment.set_app()
    deployment.advance(minutes=16)
    assert deployment.call(connection)


def test_our_own_client_being_refused_stops_the_round_and_no_connection(deployment: Deployment) -> None:
    connection = deployment.connect_till()
    deployment.till.clients.block(CLIENT_ID, blocked=True)
    deployment.advance(minutes=45)
    report = deployment.round.run(FakeDeadline())
    assert (report.stopped, report.for_the_operator) == (True, 1)
    assert deployment.connections()[0].state is ConnectionState.ACTIVE
    deployment.till.clients.block(CLIENT_ID, blocked=False)
    deployment.advance(minutes=16)
    assert deployment.call(connection)


def test_a_new_client_secret_is_taken_up_at_once(deployment: Deployment) -> None:
    connection = deployment.connect_till()
    deployment.advance(hours=1)
    parts = Container(deployment.parts.settings)
    parts.__dict__["clock"] = deployment.clock
    parts.credentials.apps.get(connection.system)  # remembered
    deployment.till.clients.register(replace(deployment.till.clients.all[CLIENT_ID], secret="new"))
    deployment.set_app("new")
    assert parts.systems.till(connection, FakeDeadline(timedelta(minutes=2))).account().account_id == ACCOUNT


def test_a_paused_connection_is_kept_alive_before_the_vendor_ends_it(deployment: Deployment) -> None:  # invariant 3
    connection = deployment.connect_till()
    deployment.parts.connections.save(replace(connection, state=ConnectionState.BROKEN))
    for _ in range(30):
        deployment.advance(hours=3 * 24)
        deployment.round.run(FakeDeadline())
    assert 4 <= deployment.grant(connection).version <= 6
    assert deployment.call(connection)


@pytest.mark.parametrize("encoding", list(Encoding))
def test_both_encodings_of_token_requests_work(deployment: Deployment, encoding: Encoding) -> None:
    connection = deployment.connect_till()
    server = replace(deployment.parts.credentials.lightspeed_server, encoding=encoding)
    assert isinstance(server, TokenServer)
    pair = server.refresh(connection.connection_id, deployment.grant(connection).pair.refresh)
    assert pair.expires_at - pair.obtained_at == timedelta(hours=1)
    assert pair.access.reveal().startswith("eyJ")


def test_disconnecting_revokes_at_the_vendor_and_deletes(deployment: Deployment) -> None:
    connection = deployment.connect_till()
    ended = deployment.doors.ending.end(connection)
    assert (ended.state, ended.remedy) == (ConnectionState.DISCONNECTED, "")
    assert deployment.connections() == []
    assert not any("/connection/" in name for name in deployment.secrets())
    assert all(grant.revoked for grant in deployment.till.grants.all.values())
    assert not any(row["sk"]["S"] == "GRANT" for row in deployment.rows())
    assert deployment.connect_till().connection_id != connection.connection_id


def test_disconnecting_deletes_even_when_the_vendor_cannot_be_told(deployment: Deployment) -> None:
    connection = deployment.connect_till()
    deployment.faults.add(Fault("status", path="/auth/oauth/revoke", status=503))
    ended = deployment.doors.ending.end(connection)
    assert "Client API Access" in ended.remedy
    assert not any("/connection/" in name for name in deployment.secrets())


def test_a_disconnect_that_died_half_way_is_finished(deployment: Deployment) -> None:  # invariant 5
    connection = deployment.connect_till()
    deployment.parts.connections.save(replace(connection, state=ConnectionState.DISCONNECTED))
    deployment.advance(minutes=45)
    assert deployment.round.run(FakeDeadline()).dropped == 1
    assert not any("/connection/" in name for name in deployment.secrets())
    assert all(grant.revoked for grant in deployment.till.grants.all.values())


def test_tokens_that_never_got_a_connection_are_given_back(deployment: Deployment) -> None:  # invariant 5
    pair = deployment.grant(deployment.connect_till()).pair
    deployment.doors.till.grants.keep_tokens(place("orphan"), pair)
    deployment.advance(minutes=45)
    assert deployment.round.run(FakeDeadline()).dropped == 0
    deployment.advance(minutes=20)
    assert deployment.round.run(FakeDeadline()).dropped == 1
    assert not any("orphan" in name for name in deployment.secrets())


def test_a_round_ends_in_time(deployment: Deployment) -> None:
    deployment.connect_till()
    deployment.advance(minutes=45)
    report = deployment.round.run(FakeDeadline(timedelta(seconds=29)))
    assert report.out_of_time
    assert report.renewed == 0


def test_no_token_is_logged(deployment: Deployment, log: StringIO) -> None:  # invariant 5
    connection = deployment.connect_till()
    seen = [deployment.grant(connection)]
    for fault in (None, *FAULTS.values(), *LOST.values()):
        deployment.advance(minutes=50)
        if fault is not None:
            deployment.faults.add(fault)
        deployment.round.run(FakeDeadline())
        seen.append(deployment.grant(connection))
    told = log.getvalue()
    assert "The token server" in told
    for grant in seen:
        for secret in (grant.pair.access, grant.pair.refresh, grant.predecessor or Secret(CLIENT_SECRET)):
            assert secret.reveal() not in told
