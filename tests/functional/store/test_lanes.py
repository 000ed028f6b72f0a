"""Wakes on real FIFO queues (in this process)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import boto3
import pytest

from tests.fakes.people import connection
from tillbridge.domain.merchant import Connection, Lane, System
from tillbridge.flows.schedule import Wake
from tillbridge.runtime.messages import read_wake
from tillbridge.runtime.settings import QUEUES
from tillbridge.store.lanes import SqsLanes

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageTypeDef

    from tests.fakes.clock import FakeClock

SHOP = connection("shop")
TILL = connection("till", system=System.LIGHTSPEED, account_id="797")


@dataclass
class Queues:
    client: SQSClient
    urls: dict[str, str]

    def messages(self, name: str) -> list[MessageTypeDef]:
        found: list[MessageTypeDef] = []
        while True:
            answer = self.client.receive_message(
                QueueUrl=self.urls[name], MaxNumberOfMessages=10, MessageSystemAttributeNames=["MessageGroupId"]
            )
            if not answer.get("Messages"):
                return found
            for message in answer["Messages"]:
                found.append(message)
                self.client.delete_message(QueueUrl=self.urls[name], ReceiptHandle=message["ReceiptHandle"])


@pytest.fixture
def queues(client: DynamoDBClient, table_name: str) -> Queues:
    """Make the queues; the table's client has switched the stand-in for AWS on."""
    sqs = boto3.client("sqs", region_name="eu-central-1")
    made = {
        name: sqs.create_queue(QueueName=f"{table_name}-{name}.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]
        for name in QUEUES
    }
    return Queues(sqs, made)


@pytest.fixture
def lanes(queues: Queues, clock: FakeClock) -> SqsLanes:
    return SqsLanes(queues.client, queues.urls, clock)


@pytest.mark.parametrize(
    ("woken", "lane", "queue"),
    [
        (TILL, Lane.STOCK, "pull-stock"),
        (TILL, Lane.CATALOGUE, "pull-catalogue"),
        (SHOP, Lane.STOCK, "woocommerce-stock"),
        (SHOP, Lane.CATALOGUE, "woocommerce-catalogue"),
    ],
)
def test_a_wake_reaches_its_queue(queues: Queues, lanes: SqsLanes, woken: Connection, lane: Lane, queue: str) -> None:
    lanes.wake(woken, lane, "poll")
    (message,) = queues.messages(queue)
    assert message["Attributes"]["MessageGroupId"] == woken.connection_id
    wake = read_wake(message["Body"])
    assert (wake.merchant, wake.connection, wake.lane, wake.task) == ("m1", woken.connection_id, lane, "poll")


def test_the_same_wake_twice_is_two_messages(queues: Queues, lanes: SqsLanes) -> None:
    lanes.wake(SHOP, Lane.STOCK)
    lanes.wake(SHOP, Lane.STOCK)
    assert len(queues.messages("woocommerce-stock")) == 2


def test_many_wakes_at_once(queues: Queues, lanes: SqsLanes) -> None:
    shops = [connection(f"shop{number}") for number in range(25)]
    lanes.wake_many(
        [*(Wake(shop, Lane.STOCK, "orders") for shop in shops), Wake(TILL, Lane.STOCK, "poll")],
    )
    woken = Counter(read_wake(message["Body"]).connection for message in queues.messages("woocommerce-stock"))
    assert woken == Counter(shop.connection_id for shop in shops)
    assert len(queues.messages("pull-stock")) == 1


def test_nobody_to_wake(lanes: SqsLanes) -> None:
    lanes.wake_many([])
