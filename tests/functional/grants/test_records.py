"""The records of grants, in memory and in a table: the proofs of refreshing lean on both behaving the same."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import boto3
import pytest
from moto import mock_aws

from tests.bench.small_table import SmallTable
from tests.fakes.clock import NOON
from tests.fakes.dynamodb import create_table
from tests.fakes.people import place
from tests.unit.grants.fakes import FakeRecords
from tillbridge.domain.grant import Grant, Secret, TokenPair
from tillbridge.grants.lease import GrantRecords
from tillbridge.grants.record import SHARDS, Death, DeathCause, GrantRecord, due_at, shard_of
from tillbridge.grants.timing import LEASE

SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
DEATH = Death(NOON, DeathCause.IDLE, "It was not used.")
Records = FakeRecords | GrantRecords


@pytest.fixture(params=["memory", "table", "small table"])
def records(request: pytest.FixtureRequest) -> Iterator[Records]:
    if request.param == "memory":
        yield FakeRecords()
        return
    if request.param == "small table":
        yield GrantRecords(SmallTable(lambda _: None, 0), "tillbridge")  # type: ignore[arg-type]
        return
    with mock_aws():
        client = boto3.client("dynamodb")
        create_table(client, "tillbridge")
        yield GrantRecords(client, "tillbridge")


def grant(version: int = 1) -> Grant:
    return Grant(version, TokenPair(Secret("a"), Secret("r"), NOON, NOON + HOUR))


def stored(records: Records, connection_id: str = "c1") -> GrantRecord:
    found = records.read(connection_id)
    assert found is not None
    return found


@pytest.fixture
def settled(records: Records) -> GrantRecord:
    records.begin(place("c1"), NOON)
    records.settle("c1", grant())
    return stored(records)


def test_nothing_is_there_before_it_begins(records: Records) -> None:
    assert records.read("c1") is None
    records.begin(place("c1"), NOON)
    assert stored(records) == GrantRecord(place=place("c1"), due_at=NOON)


def test_beginning_again_changes_nothing(records: Records, settled: GrantRecord) -> None:
    records.begin(place("c1"), NOON + HOUR)
    assert stored(records) == settled


def test_what_the_till_did_not_let_us_read_is_noted_until_somebody_authorises_anew(
    records: Records, settled: GrantRecord
) -> None:
    records.forbid("nobody", NOON, "Item")
    assert records.read("nobody") is None
    records.forbid("c1", NOON, "Item")
    assert (stored(records).forbidden_at, stored(records).forbidden) == (NOON, "Item")
    records.settle("c1", replace(grant(2), predecessor=Secret("r")))
    assert stored(records).forbidden == "Item"
    records.settle("c1", grant(3))
    assert (stored(records).forbidden_at, stored(records).forbidden) == (None, "")


def test_settling_sets_when_to_look_again(records: Records, settled: GrantRecord) -> None:
    assert settled.version == 1
    assert settled.due_at == due_at("c1", grant().pair)
    assert settled.fence == 1


def test_an_older_pair_is_not_settled(records: Records, settled: GrantRecord) -> None:
    records.settle("c1", grant(3))
    newest = stored(records)
    records.settle("c1", grant(2))
    records.settle("c1", grant(3))
    assert stored(records) == newest


def test_a_lease_is_given_once(records: Records, settled: GrantRecord) -> None:  # invariant 3
    held = records.acquire(settled, NOON)
    assert held is not None
    assert held.fence == settled.fence + 1
    assert held.attempts == (NOON,)
    assert records.acquire(settled, NOON) is None
    assert records.acquire(stored(records), NOON + LEASE - SECOND) is None
    assert stored(records).doubt_at == NOON


def test_a_lease_that_ran_out_is_given_again_and_the_doubt_stays(records: Records, settled: GrantRecord) -> None:
    records.acquire(settled, NOON)
    second = records.acquire(stored(records), NOON + LEASE)
    assert second is not None
    assert second.doubt_at == NOON
    assert stored(records).doubt_at == NOON
    assert stored(records).lease_until == NOON + 2 * LEASE


def test_a_lease_is_not_given_for_a_pair_that_was_replaced(records: Records, settled: GrantRecord) -> None:
    records.settle("c1", grant(2))
    assert records.acquire(settled, NOON) is None


def test_whoever_lost_the_lease_changes_nothing(records: Records, settled: GrantRecord) -> None:  # invariant 3
    first = records.acquire(settled, NOON)
    assert first is not None
    records.acquire(stored(records), NOON + LEASE)
    before = stored(records)
    records.fail(first, NOON, "x", doubt=False)
    records.release(first)
    assert records.extend(first, NOON) is None
    assert not records.die(first, DEATH)
    assert stored(records) == before


def test_a_longer_lease_counts_another_attempt(records: Records, settled: GrantRecord) -> None:
    held = records.acquire(settled, NOON)
    assert held is not None
    longer = records.extend(held, NOON + SECOND)
    assert longer is not None
    assert longer.attempts == (NOON, NOON + SECOND)
    assert stored(records).lease_until == NOON + SECOND + LEASE
    assert stored(records).attempts == longer.attempts


@pytest.mark.parametrize("doubt", [True, False])
def test_a_failure_is_noted_with_its_pause(records: Records, settled: GrantRecord, doubt: bool) -> None:  # noqa: FBT001
    held = records.acquire(settled, NOON)
    assert held is not None
    records.fail(held, NOON + HOUR, "no answer", doubt=doubt)
    after = stored(records)
    assert (after.failures, after.retry_at, after.due_at, after.lease_until) == (1, NOON + HOUR, NOON + HOUR, None)
    assert after.doubt_at == (NOON if doubt else None)
    again = records.acquire(after, NOON + HOUR)
    assert again is not None
    records.fail(again, NOON + 2 * HOUR, "no answer", doubt=False)
    assert stored(records).failures == 2
    assert stored(records).doubt_at == (NOON if doubt else None)  # only a pair ends it


def test_a_lease_that_is_given_back_leaves_no_trace_but_its_attempt(records: Records, settled: GrantRecord) -> None:
    held = records.acquire(settled, NOON)
    assert held is not None
    records.release(held)
    assert stored(records) == replace(settled, fence=held.fence, attempts=(NOON,))


def test_death_is_noted_and_ends_with_another_pair(records: Records, settled: GrantRecord) -> None:
    held = records.acquire(settled, NOON)
    assert held is not None
    assert records.die(held, DEATH)
    dead = stored(records)
    assert (dead.death, dead.due_at, dead.lease_until, dead.version) == (DEATH, None, None, 1)
    records.settle("c1", grant(2))
    alive = stored(records)
    assert (alive.death, alive.doubt_at, alive.failures, alive.retry_at) == (None, None, 0, None)
    assert alive.due_at is not None


def test_a_new_authorisation_ends_a_lease(records: Records, settled: GrantRecord) -> None:
    held = records.acquire(settled, NOON)
    assert held is not None
    records.settle("c1", grant(2))
    assert not records.die(held, DEATH)
    assert stored(records).lease_until is None


def test_records_are_forgotten(records: Records, settled: GrantRecord) -> None:
    records.forget("c1")
    assert records.read("c1") is None
    records.settle("c1", grant(2))  # of a connection that has ended
    records.look("c1", NOON)
    records.look_no_more("c1")
    assert records.read("c1") is None


def test_the_index_finds_what_is_due(records: Records) -> None:
    ids = [f"c-{number}" for number in range(40)]
    for number, connection_id in enumerate(ids):
        records.begin(place(connection_id), NOON + number * SECOND)
    found = [entry for shard in range(SHARDS) for entry in records.due(shard, NOON + 19 * SECOND, 50)]
    assert sorted(entry.connection_id for entry in found) == sorted(ids[:20])
    assert all(entry.obtained_at is None for entry in found)
    records.settle("c-0", grant())
    (again,) = records.due(shard_of("c-0"), NOON + HOUR, 1)
    assert again.due_at <= NOON + HOUR


def test_the_time_to_look_can_be_moved_taken_away_and_brought_back(records: Records, settled: GrantRecord) -> None:
    assert settled.due_at is not None
    records.look_again("c1", settled.due_at, NOON + 9 * HOUR)
    assert stored(records).due_at == NOON + 9 * HOUR
    records.look_again("c1", settled.due_at, NOON)  # somebody else has moved it
    assert stored(records).due_at == NOON + 9 * HOUR
    records.look_no_more("c1")
    assert stored(records).due_at is None
    assert list(records.due(shard_of("c1"), NOON + 99 * HOUR, 9)) == []
    records.look("c1", NOON)
    (found,) = records.due(shard_of("c1"), NOON, 9)
    assert (found.place, found.due_at, found.obtained_at) == (place("c1"), NOON, NOON)
