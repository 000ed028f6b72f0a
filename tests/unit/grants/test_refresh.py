"""Refreshing: who calls the token server, what is stored when, and what a failure leaves behind."""

from datetime import timedelta

import pytest
from botocore.exceptions import ClientError

from tests.fakes.clock import FakeDeadline
from tests.fakes.crash import Crash, KilledError
from tests.unit.grants.fakes import CONNECTION, HOUR, TILL, World
from tillbridge.domain.errors import (
    DoubtfulWriteError,
    GarbledAnswerError,
    RetryLaterError,
    SystemDownError,
    ThrottledError,
    TillbridgeError,
    UnauthorisedError,
)
from tillbridge.domain.grant import Grant, Secret
from tillbridge.grants.record import DeathCause
from tillbridge.grants.timing import IDLE_DEATH, LEASE, NEEDED
from tillbridge.grants.token_errors import ClientRefusedError

AWS_DOWN = ClientError({"Error": {"Code": "InternalServiceError", "Message": "no"}}, "PutSecretValue")


@pytest.fixture
def world() -> World:
    return World()


def test_a_good_token_is_used_without_any_call(world: World) -> None:
    assert world.token() == "access-1"
    assert world.server.calls == []


def test_an_ended_token_is_renewed_and_its_predecessor_kept(world: World) -> None:
    world.clock.advance(hours=1)
    assert world.token() == "access-2"
    assert world.grant.version == 2
    assert world.grant.predecessor == Secret("refresh-1")
    assert (world.record.version, world.record.lease_until, world.record.doubt_at) == (2, None, None)


def test_a_refused_token_is_renewed_once(world: World) -> None:
    assert world.token(rejected="access-1") == "access-2"
    assert world.token(rejected="access-1") == "access-2"
    assert world.server.calls == ["refresh-1"]


def test_early_renewal_leaves_two_thirds_alone(world: World) -> None:
    world.clock.advance(minutes=39)
    assert world.token(early=True) == "access-1"
    world.clock.advance(minutes=1)
    assert world.token(early=True) == "access-2"


def test_nothing_is_begun_without_the_time_to_store_it(world: World) -> None:  # invariant 3
    world.clock.advance(hours=1)
    with pytest.raises(RetryLaterError):
        world.token(left=NEEDED - timedelta(seconds=1))
    assert world.server.calls == []


@pytest.mark.parametrize(
    "failure",
    [
        SystemDownError("503"),
        GarbledAnswerError("HTML"),
        DoubtfulWriteError("timeout"),
        ThrottledError("429", after=7),
        ClientRefusedError("invalid_client", after=900),
    ],
)
def test_a_failure_leaves_the_grant_as_it_was(world: World, failure: TillbridgeError) -> None:  # invariant 3
    world.clock.advance(hours=1)
    before = dict(world.store.versions)
    world.server.fail = [failure]
    with pytest.raises(type(failure)):
        world.token()
    assert world.store.versions == before
    assert world.record.death is None
    with pytest.raises(RetryLaterError):  # the pause is kept
        world.token()
    assert len(world.server.calls) == 1
    world.clock.advance(minutes=16)
    assert world.token() == "access-2"


def test_a_failed_early_renewal_disturbs_nobody(world: World) -> None:
    world.clock.advance(minutes=50)
    world.server.fail = [SystemDownError("503")]
    with pytest.raises(SystemDownError):
        world.token(early=True)
    assert world.token() == "access-1"


def test_a_worker_whose_renewal_fails_uses_a_token_that_still_lasts(world: World) -> None:
    world.clock.advance(minutes=59, seconds=30)
    world.server.fail = [SystemDownError("503")]
    assert world.token() == "access-1"


def test_a_refusal_is_not_believed_when_the_vault_has_moved_on(world: World) -> None:  # invariant 3
    """The merchant authorises again at the very moment in which the old grant is refused."""
    world.clock.advance(hours=1)

    def meanwhile(name: str) -> None:
        if name == "before request" and world.grant.version == 1:
            world.server.refresh_token = "gone"
            world.vault().replace_tokens(TILL, world.server.authorise())

    assert world.process(meanwhile).token(TILL, FakeDeadline()).reveal() == "access-2"
    assert world.record.death is None
    assert world.server.calls == ["refresh-1"]


def test_a_lost_pair_is_recovered_with_its_predecessor(world: World) -> None:  # invariant 3
    """Another process's late answer made our stored pair worthless before anybody used it."""
    world.clock.advance(hours=1)
    world.token()
    world.server.refresh_token = "a later pair that nobody has"
    world.server.access = ""
    assert not world.use()
    assert world.token(rejected="access-2") == "access-3"
    assert world.server.calls == ["refresh-1", "refresh-2", "refresh-1"]
    assert world.use()


def test_a_revoked_grant_is_dead_with_its_evidence_and_nothing_is_deleted(world: World) -> None:  # invariant 3
    world.server.revoked = True
    with pytest.raises(UnauthorisedError) as caught:
        world.token(rejected="access-1")
    assert caught.value.code == "GrantDead"
    assert world.record.death is not None
    assert world.record.death.cause is DeathCause.UNKNOWN
    assert "Pair 1" in world.record.death.evidence
    assert world.grant.version == 1
    with pytest.raises(UnauthorisedError):
        world.token()
    assert world.server.calls == ["refresh-1"]  # a dead grant is not tried again and again


def test_thirty_idle_days_are_named_as_the_cause(world: World) -> None:
    world.clock.time += IDLE_DEATH
    world.server.revoked = True
    with pytest.raises(UnauthorisedError, match="30 days"):
        world.token()


def test_a_lost_answer_is_repeated_where_the_vendor_allows_it(world: World) -> None:  # invariant 3
    world.clock.advance(hours=1)
    world.server.lose_answers = 1
    with pytest.raises(DoubtfulWriteError):
        world.token()
    assert world.record.doubt_at is not None
    world.clock.advance(minutes=1)
    assert world.token() == "access-3"
    assert world.record.doubt_at is None


def test_a_lost_answer_is_named_where_the_vendor_leaves_no_way() -> None:  # invariant 3
    world = World(at_once=True)
    world.clock.advance(hours=1)
    world.server.lose_answers = 1
    with pytest.raises(DoubtfulWriteError):
        world.token()
    world.clock.advance(minutes=1)
    with pytest.raises(UnauthorisedError, match="lost on the way"):
        world.token()
    assert world.record.death is not None
    assert world.record.death.cause is DeathCause.SPENT_TWICE


def test_the_vault_is_asked_again_when_it_struggles(world: World) -> None:  # invariant 3
    world.clock.advance(hours=1)
    world.store.fail = [AWS_DOWN, AWS_DOWN, AWS_DOWN]
    assert world.token() == "access-2"
    assert world.server.calls == ["refresh-1"]


def test_a_pair_that_could_not_be_stored_is_never_used(world: World) -> None:  # invariant 3
    world.clock.advance(hours=1)
    world.store.fail = [AWS_DOWN] * 4
    with pytest.raises(ClientError):
        world.token()
    world.clock.advance(seconds=LEASE.total_seconds())
    assert world.token() == "access-3"
    assert world.server.calls == ["refresh-1", "refresh-1"]
    assert world.use()


def test_a_waiter_adopts_what_the_holder_got(world: World) -> None:
    world.clock.advance(hours=1)
    held = world.records.acquire(world.record, world.clock.now())
    assert held is not None

    def finish() -> None:
        grant = Grant(2, world.server.refresh(CONNECTION, Secret("refresh-1")), Secret("refresh-1"))
        world.vault().store_tokens(TILL, grant)
        world.records.settle(CONNECTION, grant)

    world.clock.meanwhile.append(finish)
    assert world.token() == "access-2"
    assert world.clock.naps == [0.5]
    assert world.server.calls == ["refresh-1"]


def test_a_waiter_gives_up_after_a_while(world: World) -> None:
    world.clock.advance(hours=1)
    assert world.records.acquire(world.record, world.clock.now())
    began = world.clock.now()
    with pytest.raises(RetryLaterError):
        world.token()
    assert timedelta(seconds=9) < world.clock.now() - began < timedelta(seconds=12)
    assert world.server.calls == []


def test_no_more_than_four_attempts_a_minute(world: World) -> None:
    world.clock.advance(hours=1)
    began = world.clock.now()
    world.server.fail = [SystemDownError("503")] * 100
    while world.clock.now() - began < HOUR:
        with pytest.raises(RetryLaterError):
            world.token()
        world.clock.advance(seconds=1)
    assert 10 < len(world.server.calls) < 20  # growing pauses, at most five minutes


def count_steps(world: World) -> int:
    crash = Crash()
    world.process(crash.step).token(TILL, FakeDeadline(timedelta(minutes=2)))
    return len(crash.steps)


def ended(*, at_once: bool = False) -> World:
    world = World(at_once=at_once)
    world.clock.advance(hours=1)
    return world


@pytest.mark.parametrize("kill_at", range(count_steps(ended())))
@pytest.mark.parametrize("lease_ran_out", [True, False])
def test_a_kill_at_any_step_loses_no_grant(kill_at: int, lease_ran_out: bool) -> None:  # invariant 3  # noqa: FBT001
    world = ended()
    crash = Crash(at=kill_at)
    with pytest.raises(KilledError):
        world.process(crash.step).token(TILL, FakeDeadline(timedelta(minutes=2)))
    assert world.server.takes(world.grant)
    world.clock.advance(seconds=LEASE.total_seconds() if lease_ran_out else 0)
    token = None
    for _ in range(10):
        try:
            token = world.token()
            break
        except RetryLaterError:
            world.clock.advance(seconds=10)
    assert token is not None
    assert world.server.use(token)
    assert world.record.death is None


@pytest.mark.parametrize("kill_at", range(count_steps(ended(at_once=True))))
def test_under_the_older_rules_only_an_answer_that_was_lost_ends_a_grant(kill_at: int) -> None:  # invariant 3
    world = ended(at_once=True)
    crash = Crash(at=kill_at)
    with pytest.raises(KilledError):
        world.process(crash.step).token(TILL, FakeDeadline(timedelta(minutes=2)))
    world.clock.advance(seconds=LEASE.total_seconds())
    if crash.steps[-1] in {"after request", "before secret"}:
        with pytest.raises(UnauthorisedError, match="lost on the way"):
            world.token()
    else:
        assert world.server.use(world.token())
