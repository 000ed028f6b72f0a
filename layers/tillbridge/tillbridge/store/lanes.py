"""Wakes: one small message per connection and lane into a FIFO queue.

The message group is the connection, so that each connection and lane has one worker at a time. Every message has a
number of its own: a wake must not be swallowed because one like it was sent within five minutes.
"""

import json
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from tillbridge.domain.errors import TillbridgeError
from tillbridge.domain.merchant import Connection, Lane
from tillbridge.store.clock import Clock
from tillbridge.store.moments import moment_text
from tillbridge.store.patience import PAUSES, Patience
from tillbridge.store.table import chunks

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import SendMessageBatchRequestEntryTypeDef as Entry

SEND_AT_ONCE = 10
SENDERS = 8
"""Batches that are under way at the same time when the schedule wakes the fleet."""


class Wake(Protocol):
    """Whom to wake; ``flows.schedule.Wake`` is one."""

    @property
    def connection(self) -> Connection:
        """Whose worker."""
        ...

    @property
    def lane(self) -> Lane:
        """Which lane."""
        ...

    @property
    def task(self) -> str:
        """For what."""
        ...


@dataclass(frozen=True, slots=True)
class _OneWake:
    connection: Connection
    lane: Lane
    task: str


def unique_number() -> str:
    """Draw a message's own number."""
    return uuid.uuid4().hex


@dataclass(frozen=True, slots=True)
class SqsLanes:
    """Implements ``Lanes``. ``queue_urls`` maps names (``pull-stock``, ``woocommerce-catalogue``) to addresses."""

    client: "SQSClient"
    queue_urls: Mapping[str, str]
    clock: Clock
    new_number: Callable[[], str] = unique_number
    pauses: Sequence[float] = PAUSES

    def wake(self, connection: Connection, lane: Lane, task: str = "work") -> None:
        """Ask the worker of this connection and lane to look at what waits."""
        self._send(self._queue(connection, lane), [_OneWake(connection, lane, task)])

    def wake_many(self, wakes: Iterable[Wake]) -> None:
        """Wake many workers, ten per request; one queue's trouble is raised after the others were served."""
        by_queue: dict[str, list[Wake]] = {}
        for wake in wakes:
            by_queue.setdefault(self._queue(wake.connection, wake.lane), []).append(wake)
        batches = [(queue, batch) for queue, all_ in by_queue.items() for batch in chunks(all_, SEND_AT_ONCE)]
        with ThreadPoolExecutor(SENDERS) as pool:
            sent = [pool.submit(self._send, queue, batch) for queue, batch in batches]
        for one in sent:
            one.result()

    def _send(self, queue: str, wakes: Iterable[Wake]) -> None:
        entries = [self._entry(str(place), wake) for place, wake in enumerate(wakes)]
        url = self._url(queue)
        Patience(queue, self.clock, self.pauses).drain(entries, lambda left: self._send_batch(url, left))

    def _send_batch(self, url: str, entries: "Iterable[Entry]") -> "list[Entry]":
        """Send one batch; returns what the queue did not take and may take later."""
        entries = list(entries)
        answer = self.client.send_message_batch(QueueUrl=url, Entries=entries)
        failed = {failure["Id"] for failure in answer.get("Failed", ())}
        return [entry for entry in entries if entry["Id"] in failed]

    def _entry(self, place: str, wake: Wake) -> "Entry":
        body = {
            "merchant": wake.connection.merchant_id,
            "connection": wake.connection.connection_id,
            "lane": wake.lane.value,
            "task": wake.task,
            "at": moment_text(self.clock.now()),
        }
        return {
            "Id": place,
            "MessageBody": json.dumps(body),
            "MessageGroupId": wake.connection.connection_id,
            "MessageDeduplicationId": self.new_number(),
        }

    @staticmethod
    def _queue(connection: Connection, lane: Lane) -> str:
        """Name the queue: ``pull-stock`` or ``import-orders`` for a till, ``woocommerce-stock`` for a shop."""
        if lane is Lane.ORDERS:
            return "import-orders"
        return f"{'pull' if connection.system.is_till else connection.system.value}-{lane.value}"

    def _url(self, queue: str) -> str:
        if url := self.queue_urls.get(queue):
            return url
        raise TillbridgeError(
            f"This function does not know the queue {queue}.",
            remedy="Give it the queue's address in the template's environment variables.",
            code="UnknownQueue",
        )
