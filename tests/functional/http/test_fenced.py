"""Leave is asked for before whatever changes something, and for nothing else."""

import pytest

from tests.functional.http.raw_server import raw_server, say, whole
from tests.functional.http.test_http_client import client
from tillbridge.systems.http import FencedClient, Request

OK = whole(b'{"a":"1"}')


class NoLeaveError(Exception):
    """What whoever guards the writes may raise."""


def refuse() -> None:
    raise NoLeaveError


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_what_has_no_leave_is_not_sent(method: str) -> None:
    with raw_server(say(OK)) as server:
        fenced = FencedClient(client(), refuse)
        for ask in (fenced.send, fenced.exchange):
            with pytest.raises(NoLeaveError):
                ask(Request(method=method, url=f"{server.url}/x"))
        assert server.seen == []


def test_reads_need_no_leave_and_writes_ask_each_time() -> None:
    asked: list[str] = []
    with raw_server(say(OK)) as server:
        fenced = FencedClient(client(), lambda: asked.append("may I?"))
        fenced.send(Request(method="GET", url=f"{server.url}/x"))
        assert asked == []
        for _ in range(2):
            assert fenced.send(Request(method="POST", url=f"{server.url}/x")).json() == {"a": "1"}
        fenced.exchange(Request(method="DELETE", url=f"{server.url}/x"))
    assert len(asked) == 3
    assert fenced.subject.connection == "c1"
