import json
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from tests.fakes.clock import FakeClock
from tests.fakes.stores import FakeConnections, FakeLanes, FakeRuns, Memory
from tests.fakes.world import SHOP, TILL, connection
from tillbridge.domain.errors import RetryLaterError, ThrottledError, UnauthorisedError
from tillbridge.domain.merchant import Connection, ConnectionState, Lane, System
from tillbridge.flows.ports import Deadline
from tillbridge.runtime.messages import WakeMessage
from tillbridge.runtime.queue import LaneWorker

pytestmark = pytest.mark.unit


class Context:
    function_name = "pull-lightspeed"

    @staticmethod
    def get_remaining_time_in_millis() -> int:
        return 60_000


@dataclass
class Desk:
    """A worker over fakes, and what it was asked."""

    memory: Memory = field(default_factory=Memory)
    clock: FakeClock = field(default_factory=FakeClock)
    lanes: FakeLanes = field(default_factory=FakeLanes)
    served: list[tuple[str, str]] = field(default_factory=list)
    hidden: list[float] = field(default_factory=list)
    trouble: dict[str, Exception] = field(default_factory=dict)
    unfinished: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        for name, system in ((TILL, System.LIGHTSPEED), (SHOP, System.WOOCOMMERCE)):
            self.memory.connections[name] = connection(name, system)

    def work(self, of: Connection, message: WakeMessage, deadline: Deadline) -> bool:
        self.served.append((of.connection_id, message.task))
        if of.connection_id in self.trouble:
            raise self.trouble[of.connection_id]
        return of.connection_id not in self.unfinished

    def hide(self, record: SQSRecord, seconds: float) -> None:
        self.hidden.append(seconds)

    def serve(self, *bodies: str) -> list[str]:
        """Serve one batch; gives the ids of the messages that failed."""
        worker = LaneWorker(
            FakeConnections(self.memory), FakeRuns(self.memory), self.lanes, self.clock, self.work, self.hide
        )
        records = [_record(str(number), body) for number, body in enumerate(bodies)]
        answer = worker.serve({"Records": records}, Context())  # type: ignore[arg-type]
        return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]

    def state(self, name: str) -> ConnectionState:
        return self.memory.connections[name].state


def _record(message_id: str, body: str) -> dict[str, Any]:
    return {
        "messageId": message_id,
        "receiptHandle": "h",
        "body": body,
        "attributes": {"MessageGroupId": json.loads(body).get("connection", "-") if body.startswith("{") else "-"},
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:eu-central-1:000000000000:tillbridge-test-pull-stock.fifo",
    }


def wake(name: str = TILL, task: str = "poll", **changes: str) -> str:
    return json.dumps({"merchant": "m1", "connection": name, "lane": "stock", "task": task, **changes})


def test_a_wake_is_served() -> None:
    desk = Desk()
    assert desk.serve(wake()) == []
    assert desk.served == [(TILL, "poll")]


@pytest.mark.parametrize(
    "body",
    [
        "no json",
        "[]",
        "{}",
        wake(lane="express"),
        wake(task="destroy"),
        wake(merchant="m1; drop"),
        wake(extra="1"),
        wake("x" * 65),
        wake("unknown"),
        wake(merchant="m2"),
    ],
)
def test_what_nobody_can_serve_is_dropped_and_changes_nothing(body: str) -> None:  # invariant 5  # invariant 7
    desk = Desk()
    before = dict(desk.memory.connections)
    assert desk.serve(body) == []
    assert desk.served == []
    assert desk.memory.connections == before


def test_a_broken_connection_is_left_alone() -> None:
    desk = Desk()
    desk.memory.connections[TILL] = replace(desk.memory.connections[TILL], state=ConnectionState.BROKEN)
    assert desk.serve(wake()) == []
    assert desk.served == []


@pytest.mark.parametrize(("after", "hidden"), [(30.0, 30.0), (None, 5.0), (0.1, 5.0), (86_400.0, 900.0)])
def test_trouble_hands_the_wake_back_for_as_long_as_the_system_asks(after: float | None, hidden: float) -> None:
    desk = Desk(trouble={TILL: ThrottledError("Too often.", after=after)})
    assert desk.serve(wake(), wake(SHOP)) == ["0"]
    assert desk.hidden == [hidden]
    assert desk.state(TILL) is ConnectionState.TROUBLED
    assert desk.served[-1][0] == SHOP, "another group goes on"


def test_a_troubled_connection_recovers_by_itself() -> None:
    desk = Desk(trouble={TILL: RetryLaterError("No answer.")})
    desk.serve(wake())
    desk.trouble.clear()
    assert desk.serve(wake()) == []
    assert desk.state(TILL) is ConnectionState.ACTIVE
    assert desk.memory.connections[TILL].cause == ""


def test_a_refused_grant_pauses_the_connection_with_cause_and_remedy() -> None:
    desk = Desk(trouble={TILL: UnauthorisedError("The grant is dead.", remedy="Connect again.")})
    assert desk.serve(wake()) == []
    paused = desk.memory.connections[TILL]
    assert (paused.state, paused.cause, paused.remedy) == (
        ConnectionState.BROKEN,
        "The grant is dead.",
        "Connect again.",
    )


def test_a_connection_that_was_mended_meanwhile_is_not_broken_again() -> None:
    desk = Desk(trouble={TILL: UnauthorisedError("The grant is dead.")})
    work = desk.work

    def mended_meanwhile(of: Connection, message: WakeMessage, deadline: Deadline) -> bool:
        desk.memory.connections[TILL] = replace(of, changed_at=of.changed_at + timedelta(seconds=1))
        return work(of, message, deadline)

    desk.work = mended_meanwhile  # type: ignore[method-assign]
    assert desk.serve(wake()) == []
    assert desk.state(TILL) is ConnectionState.ACTIVE


def test_unfinished_work_is_asked_for_again() -> None:
    desk = Desk(unfinished={TILL})
    desk.serve(wake(task="full"))
    assert desk.lanes.woken == [(TILL, Lane.STOCK, "full")]


def test_a_defect_fails_its_message_only() -> None:
    desk = Desk(trouble={TILL: ValueError("a defect")})
    assert desk.serve(wake(), wake(SHOP)) == ["0"]


def test_a_note_tells_that_the_lane_came_this_far() -> None:
    desk = Desk()
    assert desk.serve(wake(task="note")) == []
    assert desk.served == []
    assert [run.finished_at for run in desk.memory.runs.values()] == [desk.clock.now()]
