"""The control actions, which are neither counted nor subject to faults."""

import requests

from sandbox.common.faults import Fault
from sandbox.common.instrument import Instruments
from sandbox.common.server import Server


def test_calls_are_counted_with_route_cost_and_query_names(
    server: Server, http: requests.Session, instruments: Instruments
) -> None:
    http.get(f"{server.url}/things/1", params={"consumer_secret": "hidden", "page": "2"})
    http.post(f"{server.url}/things", data="abc")
    counted = http.get(f"{server.url}/_sandbox/calls").json()
    assert (counted["total"], counted["cost"]) == (2, 2.5)
    assert counted["by_route"] == {"GET /things/<int:number>": 1, "POST /things": 1}
    newest, oldest = counted["last"]
    assert (newest["status"], newest["request_bytes"], newest["response_bytes"]) == (201, 3, 13)
    assert oldest["query_keys"] == ["consumer_secret", "page"]
    assert "hidden" not in str(counted)  # invariant 5
    assert [call.cost for call in instruments.ledger.calls(route="/things/<int:number>", method="GET")] == [2.5]


def test_reset_forgets_the_calls(server: Server, http: requests.Session, instruments: Instruments) -> None:
    http.get(f"{server.url}/nowhere")
    assert instruments.ledger.total == 1
    http.post(f"{server.url}/_sandbox/calls/reset")
    assert (instruments.ledger.total, instruments.ledger.cost) == (0, 0)


def test_faults_are_added_listed_and_cleared(server: Server, http: requests.Session) -> None:
    url = f"{server.url}/_sandbox/faults"
    assert (
        http.post(url, json=[{"kind": "empty", "times": None}, {"kind": "html", "method": "POST"}]).status_code == 200
    )
    assert http.get(f"{server.url}/things/1").content == b""
    assert [(fault["kind"], fault["played"]) for fault in http.get(url).json()] == [("empty", 1), ("html", 0)]
    assert http.delete(url).json() == []
    assert http.get(f"{server.url}/things/1").json() == {"number": 1}


def test_a_wrong_fault_changes_nothing(server: Server, http: requests.Session, instruments: Instruments) -> None:
    answer = http.post(f"{server.url}/_sandbox/faults", json=[{"kind": "empty"}, {"kind": "empty", "times": -1}])
    assert (answer.status_code, "times" in answer.json()["error"]) == (400, True)
    assert http.post(f"{server.url}/_sandbox/faults", data="{").json()["error"].startswith("body: not JSON")
    assert instruments.faults.describe() == []


def test_control_actions_are_not_disturbed(server: Server, http: requests.Session, instruments: Instruments) -> None:
    instruments.faults.add(Fault("cut_before", times=None))
    assert http.get(f"{server.url}/_sandbox/state").json() == {"stored": 0, "calls": 0, "cost": 0, "faults": 1}
    assert instruments.ledger.total == 0
