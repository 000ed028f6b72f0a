"""A table in this process (moto), and the repositories over it and over memory."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

import boto3
import pytest
from moto import mock_aws

from tests.fakes.clock import FakeClock
from tests.fakes.dynamodb import Calls, create_table
from tests.fakes.repositories import Repositories, in_memory, in_table
from tests.fakes.stores import Memory
from tillbridge.store.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_dynamodb import DynamoDBClient

_numbers = count(1)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture(scope="module")
def client() -> Iterator[DynamoDBClient]:
    """Give a client of an AWS that ends with the file, because whoever else mocks AWS would meet what is in it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", "testing")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
        with mock_aws():
            yield boto3.client("dynamodb", region_name="eu-central-1")


@pytest.fixture
def table_name(client: DynamoDBClient) -> str:
    name = f"tillbridge-{next(_numbers)}"
    create_table(client, name)
    return name


@pytest.fixture
def table(client: DynamoDBClient, table_name: str, clock: FakeClock) -> Table:
    return Table(client, table_name, clock)


@pytest.fixture
def stored(client: DynamoDBClient, table_name: str, clock: FakeClock) -> Repositories:
    """Give the repositories over a table."""
    return in_table(client, table_name, clock)


@pytest.fixture(params=["memory", "table"])
def stores(request: pytest.FixtureRequest) -> Repositories:
    """Give the repositories twice: the fakes that other tests lean on must behave as the table does."""
    if request.param == "memory":
        return in_memory(Memory())
    repositories: Repositories = request.getfixturevalue("stored")
    return repositories


@pytest.fixture
def calls(client: DynamoDBClient, table_name: str) -> Iterator[Calls]:
    counted = Calls(client)
    yield counted
    counted.stop()
