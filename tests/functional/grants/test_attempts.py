"""Attempts under way, in memory and in a table: the tests of connecting lean on both behaving the same."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import boto3
import pytest
from moto import mock_aws

from tests.fakes.clock import NOON
from tests.fakes.crash import Crash
from tests.fakes.dynamodb import create_table
from tests.unit.flows.lobby import FakeAttempts
from tillbridge.domain.connecting import Attempt, Found
from tillbridge.domain.merchant import System
from tillbridge.flows.connect_ports import Attempts
from tillbridge.grants.store_connecting import StoredAttempts

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
MINE = Attempt(
    state_hash="name",
    browser_hash="browser",
    invitation_hash="mine",
    system=System.BIGCOMMERCE,
    expires_at=NOON + HOUR,
    address="stores/sandbox1",
)
THEIRS = replace(MINE, browser_hash="another", invitation_hash="theirs", expires_at=NOON + 2 * HOUR)
FOUND = Found(account_id="1", name="Shop", address=MINE.address, traits={})


@pytest.fixture(params=["memory", "table"])
def attempts(request: pytest.FixtureRequest) -> Iterator[Attempts]:
    if request.param == "memory":
        yield FakeAttempts({}, Crash())
        return
    with mock_aws():
        client = boto3.client("dynamodb")
        create_table(client, "tillbridge")
        yield StoredAttempts(client, "tillbridge")


def test_what_is_expected_is_found_with_all_that_was_said(attempts: Attempts) -> None:
    assert attempts.find("name") is None
    assert attempts.expect(MINE, NOON)
    assert attempts.find("name") == MINE


def test_while_one_invitation_waits_another_cannot_wait_under_the_name(attempts: Attempts) -> None:  # invariant 5
    assert attempts.expect(MINE, NOON)
    assert not attempts.expect(THEIRS, NOON + HOUR - SECOND)
    assert attempts.find("name") == MINE


def test_the_same_invitation_may_begin_again_in_another_browser(attempts: Attempts) -> None:
    again = replace(MINE, browser_hash="phone", expires_at=NOON + 2 * HOUR)
    assert attempts.expect(MINE, NOON)
    assert attempts.expect(again, NOON + SECOND)
    assert attempts.find("name") == again


def test_after_its_time_the_name_is_free(attempts: Attempts) -> None:
    assert attempts.expect(MINE, NOON)
    assert attempts.expect(THEIRS, NOON + HOUR)
    assert attempts.find("name") == THEIRS
    assert not attempts.expect(MINE, NOON + HOUR)


def test_names_do_not_touch_each_other(attempts: Attempts) -> None:
    assert attempts.expect(MINE, NOON)
    assert attempts.expect(replace(THEIRS, state_hash="name2"), NOON)
    assert attempts.find("name") == MINE


def test_once_it_was_taken_the_name_is_free(attempts: Attempts) -> None:
    assert attempts.expect(MINE, NOON)
    assert attempts.take("name", "another") is None  # not the browser that began (invariant 7)
    assert attempts.take("name", "browser") == MINE
    assert attempts.take("name", "browser") is None
    assert attempts.expect(THEIRS, NOON)


def test_keys_that_came_are_not_lost_to_whoever_comes_second(attempts: Attempts) -> None:
    assert attempts.expect(MINE, NOON)
    assert attempts.prove("name", FOUND)
    assert not attempts.prove("name", replace(FOUND, name="Other"))
    assert not attempts.expect(THEIRS, NOON)
    known = attempts.find("name")
    assert known is not None
    assert known.found == FOUND
