"""Turn the records of a FIFO queue into work, one wake at a time, with the connection's state kept true.

A wake that cannot be served now goes back to its queue and is shown again when the remote system said it may be asked
(or after a growing pause); only its own group waits for it. A wake that nobody can read is dropped with an error in the
log: the sweep asks again for whatever it was about.

Of a burst of wakes that ask for the same, one is enough: whoever begins to serve one sees all that the others were sent
for before. Those are used up by that, as far as this process remembers; another one serves them once more.

A queue hides a message for longer than its function may run. Here that is cut short: while it is being served, a
message is shown again soon after its worker's last sign of life.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from aws_lambda_powertools.utilities.batch import SqsFifoPartialProcessor, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.exceptions import BotoCoreError, ClientError

from tillbridge.domain.errors import InputError, RetryLaterError
from tillbridge.domain.grant import OPERATORS_OWN
from tillbridge.domain.merchant import Connection, Lane
from tillbridge.flows.lane_fence import SHOWN_AGAIN
from tillbridge.flows.lane_work import Register, in_state
from tillbridge.flows.operate.asked import NOTE, note
from tillbridge.flows.ports import Deadline, Lanes, Runs
from tillbridge.runtime import observe
from tillbridge.runtime.clock import LambdaDeadline
from tillbridge.runtime.heartbeat import beating
from tillbridge.runtime.messages import WakeMessage, read_wake

Work = Callable[[Connection, WakeMessage, Deadline], bool]
ShowAgain = Callable[[SQSRecord, float], None]

LONGEST_HIDING = 900.0
SHORTEST_HIDING = 5.0
LONGEST_OWN_HIDING = 120.0
"""A wake that fails is hidden for 5, 10, 20, ... 120 s, unless the system asked for more: eight tries take six minutes,
and a shop that has recovered is noticed after two."""


SENT_BEFORE = timedelta(seconds=2)
"""A wake that was sent so long before a look began was surely sent before it, whatever the machines' clocks say."""
REMEMBERED = 1000


@dataclass(frozen=True, slots=True)
class Served:
    """When this process last began to serve each lane for each task, and came to the end of it."""

    began: dict[tuple[str, Lane, str], datetime] = field(default_factory=dict)

    def covers(self, message: WakeMessage) -> bool:
        """Tell whether a wake was sent before its lane was last served to the end for the same task."""
        began = self.began.get(_served(message))
        return began is not None and message.at is not None and message.at + SENT_BEFORE < began

    def note(self, message: WakeMessage, began: datetime) -> None:
        """Note that a lane was served to the end, and when that began."""
        if len(self.began) >= REMEMBERED:
            self.began.clear()
        self.began[_served(message)] = began


def _served(message: WakeMessage) -> tuple[str, Lane, str]:
    return message.connection, message.lane, message.task


@dataclass(frozen=True, slots=True)
class Watch:
    """The messages of one batch that are still being served or wait for it."""

    show_again: ShowAgain
    records: dict[str, SQSRecord]
    _turn: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)  # the heartbeat is a thread

    def beat(self) -> None:
        """Have each message shown again soon, should this be the last sign of life."""
        with self._turn:
            for record in self.records.values():
                self._show(record, SHOWN_AGAIN.total_seconds())

    def done(self, record: SQSRecord, hide: float | None = None) -> None:
        """Watch a message no longer; one that failed may be hidden for so many seconds."""
        with self._turn:
            self.records.pop(record.message_id, None)
        if hide is not None:
            self._show(record, hide)

    def _show(self, record: SQSRecord, seconds: float) -> None:
        """Hide a message; one that is gone, or a queue in trouble, is no reason to stop: it costs time, not work."""
        try:
            self.show_again(record, seconds)
        except (ClientError, BotoCoreError) as error:
            observe.logger.warning("A message could not be hidden", extra={"error": type(error).__name__})


@dataclass(frozen=True, slots=True)
class LaneWorker:
    """Serves the wakes of one queue. ``work`` returns false when it stopped for lack of time."""

    register: Register
    runs: Runs
    lanes: Lanes
    work: Work
    show_again: ShowAgain
    served: Served = field(default_factory=Served)

    def serve(self, event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
        """Answer an SQS event with the failures of its batch; other groups go on when one fails."""
        deadline = LambdaDeadline(context)
        watch = Watch(self.show_again, {record["messageId"]: SQSRecord(record) for record in event["Records"]})
        watch.beat()
        with beating(watch.beat):
            failures = process_partial_response(
                event=event,
                record_handler=lambda record: self._watched(record, watch, deadline),
                processor=_processor(),
                context=context,
            )
        return {"batchItemFailures": list(failures["batchItemFailures"])}

    def _watched(self, record: SQSRecord, watch: Watch, deadline: Deadline) -> None:
        hide: float | None = None
        try:
            self._serve_one(record, deadline)
        except RetryLaterError as error:
            hide = _hiding(error.after, _tries(record))
            raise
        finally:
            watch.done(record, hide)

    def _serve_one(self, record: SQSRecord, deadline: Deadline) -> None:
        connection, message = self._read(record)
        if connection is None or message is None:
            return
        if message.task == NOTE:
            note(self.runs, self.register.clock, connection, message.lane)
            return
        if self.served.covers(message):
            observe.count("WakesSpared")
            return
        began = self.register.clock.now()
        try:
            finished = in_state(self.register, connection, lambda: self.work(connection, message, deadline))
        except RetryLaterError as error:
            observe.trouble(error, connection)
            observe.count("RetriedLater")
            if error.code in OPERATORS_OWN:
                observe.count("ClientRefused")
            raise
        except Exception as error:
            observe.defect(error, connection)  # the batch's processor would keep it to itself
            raise
        if finished:
            self.served.note(message, began)
        else:
            self.lanes.wake(connection, message.lane, message.task)

    def _read(self, record: SQSRecord) -> tuple[Connection | None, WakeMessage | None]:
        """Find whom a record is about; foreign, unknown, paused and malformed ones lead to nothing.

        The merchant's own list is read, which never lags: a connection may have been made a moment ago.
        """
        try:
            message = read_wake(record.body)
            siblings = self.register.connections.of_merchant(message.merchant)
        except InputError as error:
            observe.trouble(error)
            return None, None
        for connection in siblings:
            if connection.connection_id == message.connection and connection.working:
                return connection, message
        observe.logger.info("Nothing to do for this wake", extra=message.model_dump(mode="json"))
        return None, None


def _processor() -> SqsFifoPartialProcessor:
    """Let other groups go on after a failure, and answer with the failures even when every record failed."""
    processor = SqsFifoPartialProcessor(skip_group_on_error=True)
    processor.raise_on_entire_batch_failure = False
    return processor


def _hiding(after: float | None, tries: int) -> float:
    """Tell for how long to hide a wake that failed for the n-th time."""
    own = min(SHORTEST_HIDING * (1 << min(tries - 1, 10)), LONGEST_OWN_HIDING)
    return min(max(after or 0.0, own), LONGEST_HIDING)


def _tries(record: SQSRecord) -> int:
    told = str(record.raw_event["attributes"].get("ApproximateReceiveCount", ""))
    return max(1, int(told)) if told.isdecimal() else 1
