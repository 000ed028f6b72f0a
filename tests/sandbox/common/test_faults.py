"""Faults: what they do to a request, and whether it had its effect."""

import threading

import pytest
import requests

from sandbox.common.clock import ManualClock
from sandbox.common.faults import Fault, FaultError, FaultPlan, fault_from_json
from sandbox.common.instrument import Instruments
from sandbox.common.server import Server


def test_any_status_with_any_body(server: Server, http: requests.Session, instruments: Instruments) -> None:
    instruments.faults.add(Fault("status", status=429, body='{"message": "slow"}', headers={"Retry-After": "3"}))
    answer = http.get(f"{server.url}/things/1")
    assert (answer.status_code, answer.json(), answer.headers["Retry-After"]) == (429, {"message": "slow"}, "3")
    assert answer.headers["Content-Type"] == "application/json"
    assert http.get(f"{server.url}/things/1").status_code == 200


def test_a_delay_lets_the_clock_move_and_then_answers(
    server: Server, http: requests.Session, instruments: Instruments, clock: ManualClock
) -> None:
    before = clock.now()
    instruments.faults.add(Fault("delay", seconds=4))
    assert http.get(f"{server.url}/things/1").json() == {"number": 1}
    assert (clock.now() - before).total_seconds() == 4
    assert instruments.ledger.last(1)[0].seconds == 4


def test_hanging_lasts_until_the_client_gives_up(
    server: Server, http: requests.Session, instruments: Instruments, stored: list[str]
) -> None:
    instruments.faults.add(Fault("hang"))
    with pytest.raises(requests.ReadTimeout):
        http.post(f"{server.url}/things", data="a", timeout=0.05)
    assert stored == []


def test_hanging_for_a_while_ends_in_a_closed_connection(
    server: Server, http: requests.Session, instruments: Instruments
) -> None:
    instruments.faults.add(Fault("hang", seconds=0.01))
    with pytest.raises(requests.ConnectionError):
        http.get(f"{server.url}/things/1", timeout=5)


@pytest.mark.parametrize(("kind", "effect"), [("cut_before", []), ("cut_after", ["a"])])
def test_a_cut_connection_and_its_effect(
    kind: str, effect: list[str], server: Server, http: requests.Session, instruments: Instruments, stored: list[str]
) -> None:
    instruments.faults.add(fault_from_json({"kind": kind}))
    with pytest.raises(requests.ConnectionError):
        http.post(f"{server.url}/things", data="a")
    assert stored == effect
    assert [call.status for call in instruments.ledger.calls()] == [None]


def test_a_truncated_answer_declares_its_whole_length(
    server: Server, http: requests.Session, instruments: Instruments
) -> None:
    instruments.faults.add(Fault("truncate"))
    answer = http.get(f"{server.url}/things/1", stream=True)
    assert answer.headers["Content-Length"] == "13"
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        answer.content  # noqa: B018 - reading it is the point


def test_garbage_empty_and_html(server: Server, http: requests.Session, instruments: Instruments) -> None:
    for fault in (Fault("garbage"), Fault("empty"), Fault("html", status=502)):
        instruments.faults.add(fault)
    garbage, empty, html = (http.get(f"{server.url}/things/1") for _ in range(3))
    assert garbage.status_code == 200
    with pytest.raises(requests.JSONDecodeError):
        garbage.json()
    assert (empty.status_code, empty.content) == (200, b"")
    assert (html.status_code, html.headers["Content-Type"]) == (502, "text/html; charset=utf-8")


def test_after_and_times_count_matching_requests_only() -> None:
    plan = FaultPlan()
    plan.add(Fault("status", status=500, method="GET", path=r"^/a", query="page=2", after=1, times=2))
    asked = [("POST", "/a", "page=2"), ("GET", "/b", "page=2"), ("GET", "/a", ""), *[("GET", "/a", "page=2")] * 4]
    assert [plan.next_for(*one) is not None for one in asked] == [False, False, False, False, True, True, False]
    assert plan.describe() == []


def test_the_first_added_strikes_first_and_forever_means_forever() -> None:
    plan = FaultPlan()
    plan.add(Fault("status", status=500))
    plan.add(Fault("empty", times=None))
    assert [fault.kind for fault in (plan.next_for("GET", "/") for _ in range(4)) if fault] == [
        "status",
        *["empty"] * 3,
    ]
    plan.clear()
    assert plan.next_for("GET", "/") is None


def test_threads_share_the_count() -> None:
    plan = FaultPlan()
    plan.add(Fault("empty", times=50))
    struck: list[bool] = []
    workers = [
        threading.Thread(target=lambda: struck.extend(plan.next_for("GET", "/") is not None for _ in range(25)))
        for _ in range(4)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(struck) == 50


@pytest.mark.parametrize(
    ("data", "named"),
    [
        ([], "object"),
        ({}, "kind: missing"),
        ({"kind": "explode"}, "kind: 'explode'"),
        ({"kind": "empty", "pth": "x"}, "pth"),
        ({"kind": "empty", "path": "("}, "path"),
        ({"kind": "empty", "path": 3}, "path"),
        ({"kind": "empty", "times": 0}, "times"),
        ({"kind": "empty", "times": True}, "times"),
        ({"kind": "status"}, "status"),
        ({"kind": "status", "status": 99}, "status"),
    ],
)
def test_a_wrong_fault_is_refused_and_the_field_named(data: object, named: str) -> None:
    with pytest.raises(FaultError, match=named.replace("(", r"\(")):
        fault_from_json(data)
