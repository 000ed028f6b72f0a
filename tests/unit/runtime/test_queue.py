import json
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from botocore.exceptions import ClientError

from tests.fakes.clock import FakeClock
from tests.fakes.stores import FakeConnections, FakeLanes, FakeOutbox, FakeRuns, Memory
from tests.fakes.world import SHOP, TILL, connection
from tillbridge.domain.errors import RetryLaterError, ThrottledError, UnauthorisedError
from tillbridge.domain.merchant import Connection, ConnectionState, Lane, System
from tillbridge.flows.lane_fence import BEAT, LEASE, SHOWN_AGAIN, SKEW, LaneHaltedError, LaneTakenError
from tillbridge.flows.lane_work import Register
from tillbridge.flows.ports import Deadline
from tillbridge.runtime.messages import WakeMessage
from tillbridge.runtime.queue import SENT_BEFORE, LaneWorker, Served, Watch

pytestmark = pytest.mark.unit

COLD_START = timedelta(seconds=15)
SOON = SHOWN_AGAIN.total_seconds()


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
    shown: list[tuple[str, float]] = field(default_factory=list)  # message, seconds until it is shown again
    trouble: dict[str, Exception] = field(default_factory=dict)
    unfinished: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)  # messages that the queue no longer knows
    memory_of_process: Served = field(default_factory=Served)

    def __post_init__(self) -> None:
        for name, system in ((TILL, System.LIGHTSPEED), (SHOP, System.WOOCOMMERCE)):
            self.memory.connections[name] = connection(name, system)

    def work(self, of: Connection, message: WakeMessage, deadline: Deadline) -> bool:
        self.served.append((of.connection_id, message.task))
        if of.connection_id in self.trouble:
            raise self.trouble[of.connection_id]
        return of.connection_id not in self.unfinished

    def hide(self, record: SQSRecord, seconds: float) -> None:
        if record.message_id in self.gone:
            raise ClientError({"Error": {"Code": "MessageNotInflight"}}, "ChangeMessageVisibility")
        self.shown.append((record.message_id, seconds))

    def serve(self, *bodies: str, tries: int = 1) -> list[str]:
        """Serve one batch; gives the ids of the messages that failed."""
        worker = LaneWorker(
            Register(FakeConnections(self.memory), FakeOutbox(self.memory, clock=self.clock), self.clock),
            FakeRuns(self.memory),
            self.lanes,
            self.work,
            self.hide,
            self.memory_of_process,
        )
        records = [_record(str(number), body, tries) for number, body in enumerate(bodies)]
        answer = worker.serve({"Records": records}, Context())  # type: ignore[arg-type]
        return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]

    def state(self, name: str) -> ConnectionState:
        return self.memory.connections[name].state


def _record(message_id: str, body: str, tries: int) -> dict[str, Any]:
    return {
        "messageId": message_id,
        "receiptHandle": "h",
        "body": body,
        "attributes": {
            "MessageGroupId": json.loads(body).get("connection", "-") if body.startswith("{") else "-",
            "ApproximateReceiveCount": str(tries),
        },
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


def test_a_failure_of_our_own_is_told_without_what_it_quotes(caplog: pytest.LogCaptureFixture) -> None:  # invariant 5
    desk = Desk(trouble={TILL: KeyError("kim@example.com")})
    with caplog.at_level("ERROR"):
        assert desk.serve(wake(), wake(SHOP)) == ["0"]
    (told,) = [record for record in caplog.records if record.levelname == "ERROR"]
    assert told.__dict__["error"] == "KeyError"
    assert told.__dict__["connection"] == TILL
    assert any("test_queue.py" in frame for frame in told.__dict__["where"])
    assert "kim@example.com" not in str(told.__dict__)


@pytest.mark.parametrize(("after", "hidden"), [(30.0, 30.0), (None, 5.0), (0.1, 5.0), (86_400.0, 900.0)])
def test_trouble_hands_the_wake_back_for_as_long_as_the_system_asks(after: float | None, hidden: float) -> None:
    desk = Desk(trouble={TILL: ThrottledError("Too often.", after=after)})
    assert desk.serve(wake(), wake(SHOP)) == ["0"]
    assert desk.shown == [("0", SOON), ("1", SOON), ("0", hidden)]
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


# --- signs of life ---


def test_a_dead_workers_wake_is_shown_again_within_ninety_seconds() -> None:
    """Whatever the queue says: its own time has to exceed the function's, and counts only until a worker begins."""
    assert timedelta(seconds=90) - SHOWN_AGAIN >= COLD_START
    assert LEASE + SKEW <= SHOWN_AGAIN, "whoever is shown the wake next can take the lane at once"
    assert 2 * BEAT < LEASE - SKEW, "two signs of life may fail"


def test_every_message_of_a_batch_is_watched_until_it_is_served() -> None:
    desk = Desk()
    records = {name: SQSRecord(_record(name, wake(), 1)) for name in ("a", "b")}
    watch = Watch(desk.hide, records)
    watch.beat()
    watch.done(records["a"])
    watch.beat()
    watch.done(records["b"], hide=7)
    watch.beat()
    assert desk.shown == [("a", SOON), ("b", SOON), ("b", SOON), ("b", 7)]


def test_a_message_that_is_gone_stops_nobody() -> None:
    desk = Desk(gone={"0"}, trouble={TILL: ThrottledError("Too often.")})
    assert desk.serve(wake(), wake(SHOP)) == ["0"]
    assert desk.served[-1][0] == SHOP


@pytest.mark.parametrize(
    ("tries", "after", "hidden"),
    [(1, None, 5), (2, None, 10), (4, None, 40), (8, None, 120), (99, None, 120), (3, 60.0, 60)],
)
def test_pauses_between_tries_grow(tries: int, after: float | None, hidden: float) -> None:
    desk = Desk(trouble={TILL: ThrottledError("Too often.", after=after)})
    desk.serve(wake(), tries=tries)
    assert desk.shown[-1] == ("0", hidden)


# --- two workers, and connections that stop meanwhile ---


def test_a_lane_that_another_worker_serves_says_nothing_of_the_shop() -> None:
    desk = Desk(trouble={TILL: LaneTakenError(timedelta(seconds=40))})
    before = dict(desk.memory.connections)
    assert desk.serve(wake()) == ["0"]
    assert desk.shown[-1] == ("0", 40.0)
    assert desk.memory.connections == before


@pytest.mark.parametrize("state", [ConnectionState.PAUSED, ConnectionState.DISCONNECTED, ConnectionState.BROKEN])
@pytest.mark.parametrize("trouble", [LaneHaltedError(), RetryLaterError("No answer."), None])
def test_a_connection_that_stopped_meanwhile_stays_so(state: ConnectionState, trouble: Exception | None) -> None:
    desk = Desk()
    work = desk.work

    def stopped_meanwhile(of: Connection, message: WakeMessage, deadline: Deadline) -> bool:
        desk.memory.connections[TILL] = replace(of, state=state, changed_at=of.changed_at + timedelta(seconds=1))
        if trouble is not None:
            raise trouble
        return work(of, message, deadline)

    desk.work = stopped_meanwhile  # type: ignore[method-assign]
    desk.memory.connections[TILL] = replace(desk.memory.connections[TILL], state=ConnectionState.TROUBLED)
    assert desk.serve(wake()) == []
    assert desk.state(TILL) is state


class TestBursts:
    """Of many wakes for the same, one sees all that the others were sent for."""

    def test_a_hundred_hooks_lead_to_one_look_and_one_more(self) -> None:
        """Those that were sent while the first look was under way are served by the second."""
        desk = Desk()
        first = desk.clock.now()
        desk.serve(wake(SHOP, "orders", at=first.isoformat()))
        desk.clock.advance(seconds=5)
        for number in range(100):
            desk.serve(wake(SHOP, "orders", at=(first + timedelta(seconds=number / 100)).isoformat()))
            desk.clock.advance(seconds=1)
        assert len(desk.served) == 2

    def test_what_is_sent_after_a_look_began_is_looked_at_again(self) -> None:  # invariant 4
        desk = Desk()
        for _ in range(3):
            desk.serve(wake(SHOP, "orders", at=desk.clock.now().isoformat()))
            desk.clock.advance(seconds=1)
        desk.serve(wake(SHOP, "orders", at=(desk.clock.now() - SENT_BEFORE).isoformat()))
        assert len(desk.served) == 4

    def test_nothing_else_is_served_by_it(self) -> None:  # invariant 4
        desk = Desk()
        at = desk.clock.now().isoformat()
        desk.clock.advance(minutes=1)
        bodies = [
            wake(SHOP, "orders", at=at),
            wake(SHOP, "work", at=at),
            wake(SHOP, "orders", lane="catalogue", at=at),
            wake(TILL, "orders", at=at),
        ]
        for body in (*bodies, *bodies):
            desk.serve(body)
        assert len(desk.served) == len(bodies), "each once"

    @pytest.mark.parametrize("trouble", [True, False])
    def test_what_was_not_served_to_the_end_serves_nobody(self, *, trouble: bool) -> None:  # invariant 4
        desk = Desk()
        if trouble:
            desk.trouble[SHOP] = RetryLaterError("Down.")
        else:
            desk.unfinished.add(SHOP)
        sent = desk.clock.now()
        for _ in range(2):
            desk.clock.advance(minutes=1)
            desk.serve(wake(SHOP, "orders", at=sent.isoformat()))
        assert len(desk.served) == 2

    def test_another_process_serves_it_once_more(self) -> None:
        desk = Desk()
        sent = desk.clock.now()
        desk.clock.advance(minutes=1)
        desk.serve(wake(SHOP, "orders", at=sent.isoformat()))
        desk.memory_of_process = Served()
        desk.serve(wake(SHOP, "orders", at=sent.isoformat()))
        assert len(desk.served) == 2
