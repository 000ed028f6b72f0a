"""Turn the records of a FIFO queue into work, one wake at a time, with the connection's state kept true.

A wake that cannot be served now goes back to its queue and is shown again when the remote system said it may be asked
(or after the queue's own pause); only its own group waits for it. A wake that nobody can read is dropped with an
error in the log: the sweep asks again for whatever it was about.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aws_lambda_powertools.utilities.batch import SqsFifoPartialProcessor, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from tillbridge.domain.errors import InputError, RetryLaterError
from tillbridge.domain.merchant import Connection
from tillbridge.flows.lane_work import in_state
from tillbridge.flows.operate.asked import NOTE, note
from tillbridge.flows.ports import Clock, Connections, Deadline, Lanes, Runs
from tillbridge.runtime import observe
from tillbridge.runtime.clock import LambdaDeadline
from tillbridge.runtime.messages import WakeMessage, read_wake

Work = Callable[[Connection, WakeMessage, Deadline], bool]
ShowAgain = Callable[[SQSRecord, float], None]

LONGEST_HIDING = 900.0
SHORTEST_HIDING = 5.0


@dataclass(frozen=True, slots=True)
class LaneWorker:
    """Serves the wakes of one queue. ``work`` returns false when it stopped for lack of time."""

    connections: Connections
    runs: Runs
    lanes: Lanes
    clock: Clock
    work: Work
    show_again: ShowAgain

    def serve(self, event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
        """Answer an SQS event with the failures of its batch; other groups go on when one fails."""
        deadline = LambdaDeadline(context)
        failures = process_partial_response(
            event=event,
            record_handler=lambda record: self._serve_one(record, deadline),
            processor=_processor(),
            context=context,
        )
        return {"batchItemFailures": list(failures["batchItemFailures"])}

    def _serve_one(self, record: SQSRecord, deadline: Deadline) -> None:
        connection, message = self._read(record)
        if connection is None or message is None:
            return
        if message.task == NOTE:
            note(self.runs, self.clock, connection, message.lane)
            return
        try:
            finished = in_state(
                self.connections, self.clock, connection, lambda: self.work(connection, message, deadline)
            )
        except RetryLaterError as error:
            observe.trouble(error, connection)
            observe.count("RetriedLater")
            self.show_again(record, _hiding(error.after))
            raise
        if not finished:
            self.lanes.wake(connection, message.lane, message.task)

    def _read(self, record: SQSRecord) -> tuple[Connection | None, WakeMessage | None]:
        """Find whom a record is about; foreign, unknown, paused and malformed ones lead to nothing.

        The merchant's own list is read, which never lags: a connection may have been made a moment ago.
        """
        try:
            message = read_wake(record.body)
            siblings = self.connections.of_merchant(message.merchant)
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


def _hiding(after: float | None) -> float:
    wanted = SHORTEST_HIDING if after is None else after
    return min(max(wanted, SHORTEST_HIDING), LONGEST_HIDING)
