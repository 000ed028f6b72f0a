"""Plays the queues' mappings: hands messages to the functions as they are deployed."""

import importlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest

from tests.functional.grants.deployment import Context, Deployment
from tillbridge.domain.merchant import Connection, Lane, System
from tillbridge.runtime import aws, orders, pull, push
from tillbridge.store.outbox import QUEUE as OUTBOX

FUNCTIONS = {"pull": "pull_lightspeed", "import": "import_orders"} | {
    system.value: f"sync_{system.value}" for system in System if not system.is_till
}
DONE: Mapping[str, list[object]] = {"batchItemFailures": []}
ROUNDS = 20
OF_THE_MAPPING = {"sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"}
"""What Lambda itself does with the role on behalf of a queue's mapping."""


class Patient(Context):
    """A function that has nearly as long as the template gives the workers."""

    def get_remaining_time_in_millis(self) -> int:
        return 290_000


@contextmanager
def working(deployment: Deployment) -> Iterator[None]:
    """Have the workers use a deployment's parts, as long as the block runs."""
    with pytest.MonkeyPatch.context() as patch:
        for root in (pull, push, orders):
            patch.setattr(root, "container", lambda: deployment.parts)
            root.worker.cache_clear()
        yield
        for root in (pull, push, orders):
            root.worker.cache_clear()


def serve_all(deployment: Deployment) -> None:
    """Serve messages as the queues' mappings do, until none is left; mails stay where they are."""
    queues = {name: url for name, url in deployment.parts.settings.queue_urls.items() if name != OUTBOX}
    for _ in range(ROUNDS):
        if not any(serve(name, url) for name, url in queues.items()):
            return
    raise AssertionError("the queues never became empty")


def serve(queue: str, url: str) -> list[Any]:
    """Serve what a queue shows; gives the functions' answers. What failed stays."""
    answers = []
    for message in aws.sqs().receive_message(QueueUrl=url, MessageSystemAttributeNames=["All"]).get("Messages", []):
        record = {
            "messageId": message["MessageId"],
            "receiptHandle": message["ReceiptHandle"],
            "body": message["Body"],
            "attributes": message["Attributes"],
            "eventSource": "aws:sqs",
            "eventSourceARN": f"arn:aws:sqs:eu-central-1:123456789012:{url.rpartition('/')[2]}",
        }
        function = FUNCTIONS[queue.partition("-")[0]]
        handler = importlib.import_module(f"functions.{function}.app").handler
        answers.append(handler({"Records": [record]}, Patient(function_name=function)))
        if answers[-1] == DONE:
            aws.sqs().delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return answers


def wake(deployment: Deployment, connection: Connection, lane: Lane, task: str) -> None:
    deployment.parts.lanes.wake(connection, lane, task)
    serve_all(deployment)
