"""The operator's view of real queues (moto): what waits, and the way back for dead letters."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import boto3
import pytest
from moto import mock_aws

from tests.fakes.clock import FakeClock, FakeDeadline
from tests.fakes.crash import KilledError
from tillbridge.runtime.operator_queues import SqsQueues, dead_letters_of

NAMES = ("pull-stock", "woocommerce-stock")


class NoMetrics:
    """CloudWatch as the local cloud has it."""

    def get_metric_data(self, **_: Any) -> Any:
        return {"MetricDataResults": []}


class Metrics:
    """CloudWatch with an age for every queue, the latest first."""

    def __init__(self) -> None:
        self.asked: dict[str, Any] = {}

    def get_metric_data(self, **asked: Any) -> Any:
        self.asked = asked
        return {"MetricDataResults": [{"Id": one["Id"], "Values": [75.0, 15.0]} for one in asked["MetricDataQueries"]]}


@pytest.fixture
def sqs() -> Iterator[Any]:
    with mock_aws():
        client: Any = boto3.client("sqs")
        for name in NAMES:
            for suffix in (".fifo", "-dlq.fifo"):
                client.create_queue(QueueName=f"tillbridge-{name}{suffix}", Attributes={"FifoQueue": "true"})
        yield client


def queues(sqs: Any, metrics: Any = None) -> SqsQueues:
    urls = {name: sqs.get_queue_url(QueueName=f"tillbridge-{name}.fifo")["QueueUrl"] for name in NAMES}
    watch: Any = metrics or NoMetrics()
    return SqsQueues(sqs, lambda: watch, urls, FakeClock(), patience=0)


def fill(sqs: Any, url: str, count: int) -> None:
    for number in range(count):
        sqs.send_message(
            QueueUrl=url,
            MessageBody=f"wake {number}",
            MessageGroupId=f"c{number % 3}",
            MessageDeduplicationId=f"{url}{number}",
        )


def everything(sqs: Any, url: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    while messages := sqs.receive_message(
        QueueUrl=url, MaxNumberOfMessages=10, MessageSystemAttributeNames=["MessageGroupId"]
    ).get("Messages"):
        found += [(message["Body"], message["Attributes"]["MessageGroupId"]) for message in messages]
        for message in messages:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return found


def test_queues_are_counted_with_their_dead_letters(sqs: Any) -> None:
    mine = queues(sqs)
    fill(sqs, mine.urls["pull-stock"], 2)
    fill(sqs, dead_letters_of(mine.urls["woocommerce-stock"]), 3)
    counted = {one.queue: (one.waiting, one.dead, one.oldest_seconds) for one in mine.look()}
    assert counted == {"pull-stock": (2, 0, None), "woocommerce-stock": (0, 3, None)}


def test_the_latest_age_is_told_of_queues_that_hold_something(sqs: Any) -> None:
    metrics = Metrics()
    mine = queues(sqs, metrics)
    fill(sqs, mine.urls["pull-stock"], 1)
    first, second = mine.look()
    assert (first.oldest_seconds, first.dead_oldest_seconds, second.oldest_seconds) == (75.0, None, None)
    named = [one["MetricStat"]["Metric"]["Dimensions"][0]["Value"] for one in metrics.asked["MetricDataQueries"]]
    assert named[:2] == ["tillbridge-pull-stock.fifo", "tillbridge-pull-stock-dlq.fifo"]


def test_all_dead_letters_go_back_with_their_group(sqs: Any) -> None:
    mine = queues(sqs)
    url = mine.urls["woocommerce-stock"]
    fill(sqs, dead_letters_of(url), 25)
    answer = mine.redrive("woocommerce-stock", FakeDeadline())
    assert (answer.moved, answer.left) == (25, 0)
    assert sorted(everything(sqs, url)) == sorted((f"wake {number}", f"c{number % 3}") for number in range(25))


def test_redriving_again_moves_nothing(sqs: Any) -> None:
    mine = queues(sqs)
    fill(sqs, dead_letters_of(mine.urls["pull-stock"]), 3)
    assert [mine.redrive("pull-stock", FakeDeadline()).moved for _ in range(2)] == [3, 0]


def test_when_time_runs_out_the_rest_is_told(sqs: Any) -> None:
    mine = queues(sqs)
    fill(sqs, dead_letters_of(mine.urls["pull-stock"]), 25)
    deadline = FakeDeadline(remaining=timedelta(seconds=15), cost=timedelta(seconds=10))
    answer = mine.redrive("pull-stock", deadline)
    assert (answer.moved, answer.left) == (10, 15)


def test_killed_after_sending_a_letter_it_arrives_once(  # invariant 8
    sqs: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = queues(sqs)
    url = mine.urls["pull-stock"]
    fill(sqs, dead_letters_of(url), 2)
    held: list[Any] = []

    def die(_: SqsQueues, __: str, letters: list[Any]) -> None:
        held.extend(letters)
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(SqsQueues, "_delete", die)
        with pytest.raises(KilledError):
            mine.redrive("pull-stock", FakeDeadline())
    for letter in held:
        sqs.change_message_visibility(
            QueueUrl=dead_letters_of(url), ReceiptHandle=letter["ReceiptHandle"], VisibilityTimeout=0
        )
    assert mine.redrive("pull-stock", FakeDeadline()).moved == 2
    assert len(everything(sqs, url)) == 2


def test_what_the_queue_does_not_take_stays_a_dead_letter(sqs: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = queues(sqs)
    fill(sqs, dead_letters_of(mine.urls["pull-stock"]), 3)
    send = sqs.send_message_batch

    def take_the_first(**asked: Any) -> Any:
        send(**{**asked, "Entries": asked["Entries"][:1]})
        return {"Successful": [{"Id": "0"}], "Failed": [{"Id": "1"}, {"Id": "2"}]}

    monkeypatch.setattr(sqs, "send_message_batch", take_the_first)
    answer = mine.redrive("pull-stock", FakeDeadline())
    assert (answer.moved, answer.left) == (1, 2)
