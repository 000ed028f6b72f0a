"""The HTTP client against a server that misbehaves in every way."""

import gzip
import logging
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from requests.auth import HTTPBasicAuth

from tests.functional.http.raw_server import RawServer, hang, raw_server, say, say_and_cut, whole
from tillbridge.domain.errors import (
    DoubtfulWriteError,
    GarbledAnswerError,
    MisconfiguredSystemError,
    SystemDownError,
    ThrottledError,
    TillbridgeError,
)
from tillbridge.systems.http import AddressPolicy, HttpClient, NoJsonError, Request, TransportOptions

SECRET = "consumer_secret=cs_top"
OK = whole(b'{"a":"1"}', b"200 OK", b"Date: Sat, 13 Feb 2016 00:46:37 GMT")


class StillClock:
    def now(self) -> datetime:
        return datetime(2026, 5, 1, 12, 0, tzinfo=UTC)

    def sleep(self, seconds: float) -> None:
        raise AssertionError("the client waits for nobody")


class Ticks:
    """A stopwatch that the test moves on."""

    def __init__(self, step: float = 0.0) -> None:
        self.at, self.step = 0.0, step

    def __call__(self) -> float:
        self.at += self.step
        return self.at


@pytest.fixture
def release() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()


def client(policy: AddressPolicy | None = None, *, calls: Any = None, **options: Any) -> HttpClient:
    return HttpClient(
        "woocommerce",
        "c1",
        policy=policy or AddressPolicy.local(),
        clock=StillClock(),
        options=TransportOptions(**{"connect_seconds": 2.0, "read_seconds": 0.6, **options}),
        calls=calls,
    )


def read(server: RawServer, path: str = f"/x?{SECRET}") -> Request:
    return Request(method="GET", url=server.url + path)


def write(server: RawServer, *, safe: bool = False) -> Request:
    return Request(method="POST", url=f"{server.url}/x?{SECRET}", json={"name": "Ann"}, safe_to_repeat=safe)


def assert_tells_nothing_secret(error: TillbridgeError) -> None:
    """Invariant 5: neither the error nor anything hanging on to it shows the query string."""
    assert "cs_top" not in str(error)
    assert "cs_top" not in repr(error.as_dict())
    assert error.__cause__ is None
    assert error.__context__ is None
    assert error.subject.connection == "c1"


def test_a_whole_exchange() -> None:
    seen: list[dict[str, Any]] = []
    with raw_server(say(OK)) as server:
        answer = client(calls=lambda **call: seen.append(call)).send(
            Request(
                method="POST",
                url=f"{server.url}/items/42",
                params={"tag": "a+b & c", "time": ">=,2026-01-01T00:00:00+00:00"},
                headers={"Accept": "application/json"},
                json={"name": "Müller"},
                auth=HTTPBasicAuth("ck_1", "cs_1"),
                cost=2.5,
            )
        )
        sent = server.seen[0]
    assert answer.json() == {"a": "1"}
    assert answer.headers["CONTENT-length"] == "9"
    assert answer.served_at == datetime(2016, 2, 13, 0, 46, 37, tzinfo=UTC)
    assert sent.startswith(
        b"POST /items/42?tag=a%2Bb+%26+c&time=%3E%3D%2C2026-01-01T00%3A00%3A00%2B00%3A00 HTTP/1.1\r\n"
    )
    assert b"Authorization: Basic Y2tfMTpjc18x\r\n" in sent
    assert b"User-Agent: Tillbridge\r\n" in sent
    assert [{**call, "seconds": 0} for call in seen] == [
        {"method": "POST", "route": "/items/{id}", "status": 200, "seconds": 0, "cost": 2.5}
    ]


def test_connections_are_kept_and_dropped_after_lying_idle() -> None:
    ticks = Ticks()
    with raw_server(say(OK)) as server:
        http = client(stopwatch=ticks, idle_seconds=30.0)
        http.send(read(server))
        ticks.at += 29
        http.send(read(server))
        assert server.connections == 1
        ticks.at += 31
        http.send(read(server))
        assert server.connections == 2


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(say_and_cut(), id="cut before any answer"),
        pytest.param(say_and_cut(OK[:-4]), id="cut in the body"),
        pytest.param(
            say_and_cut(b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"a"'), id="cut in a chunk"
        ),
        pytest.param(
            say_and_cut(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n"), id="cut between chunks"
        ),
        pytest.param(say_and_cut(b"\x16\x03garbage\r\n\r\n"), id="no HTTP at all"),
        pytest.param(
            say(whole(b"this is no gzip", b"200 OK", b"Content-Encoding: gzip")), id="not compressed as it claims"
        ),
    ],
)
def test_a_broken_answer_is_never_taken_for_a_whole_one(script: Callable[[socket.socket], None]) -> None:  # invariant 1
    with raw_server(script) as server:
        with pytest.raises(SystemDownError) as reading:
            client().send(read(server))
        with pytest.raises(SystemDownError) as repeatable:
            client().send(write(server, safe=True))
        with pytest.raises(DoubtfulWriteError) as writing:  # invariant 8
            client().send(write(server))
    assert type(reading.value) is type(repeatable.value) is SystemDownError
    for caught in (reading, repeatable, writing):
        assert_tells_nothing_secret(caught.value)
    assert len(server.seen) == 3  # nothing was sent twice


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(say_and_cut(b"HTTP/1.1 200 OK\r\nContent-Le"), id="cut in the headers"),
        pytest.param(say_and_cut(b'HTTP/1.1 200 OK\r\n\r\n{"a":'), id="cut without a length"),
        pytest.param(
            say(whole(gzip.compress(b'{"a": "b"}')[:-12], b"200 OK", b"Content-Encoding: gzip")),
            id="compression cut off",
        ),
    ],
)
def test_a_cut_that_http_cannot_see_is_seen_by_json(script: Callable[[socket.socket], None]) -> None:  # invariant 1
    with raw_server(script) as server, pytest.raises(NoJsonError):
        client().send(read(server)).json()


@pytest.mark.parametrize("begun", [b"", b"HTTP/1.1 200 OK\r\n", OK[:-3]])
def test_silence_ends_after_the_read_timeout(release: threading.Event, begun: bytes) -> None:
    with raw_server(hang(release, begun)) as server:
        with pytest.raises(SystemDownError, match="took too long") as caught:
            client(read_seconds=0.05).send(read(server))
        assert_tells_nothing_secret(caught.value)
        with pytest.raises(DoubtfulWriteError):
            client(read_seconds=0.05).send(write(server))


def test_a_trickle_ends_after_the_total_time() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"
    with (
        raw_server(say_and_cut(head, b"x" * 1000)) as server,
        pytest.raises(SystemDownError, match="not whole after 120 s"),
    ):
        client(stopwatch=Ticks(step=130.0)).send(read(server))


@pytest.mark.parametrize("packed", [False, True])
def test_a_huge_answer_is_given_up(packed: bool) -> None:  # noqa: FBT001
    body = b" " * 3_000_000
    headers = [b"Content-Encoding: gzip"] if packed else []
    script = say(whole(gzip.compress(body) if packed else body, b"200 OK", *headers))
    with raw_server(script) as server:
        with pytest.raises(GarbledAnswerError, match="longer than 100000 bytes") as caught:
            client(max_bytes=100_000).send(read(server))
        assert_tells_nothing_secret(caught.value)
        with pytest.raises(DoubtfulWriteError):
            client(max_bytes=100_000).send(write(server))


def test_compressed_answers_are_read() -> None:
    with raw_server(say(whole(gzip.compress(b"[1]"), b"200 OK", b"Content-Encoding: gzip"))) as server:
        assert client().send(read(server)).json() == [1]


def test_garbage_with_a_good_status_is_told_from_json() -> None:
    with raw_server(say(whole(b"<h1>Briefly unavailable for maintenance</h1>"))) as server:
        answer = client().send(read(server))
        with pytest.raises(NoJsonError, match="Briefly unavailable") as caught:
            answer.json()
        assert_tells_nothing_secret(caught.value)


def test_a_redirect_is_never_followed() -> None:
    with (
        raw_server(say(OK)) as elsewhere,
        raw_server(say(whole(b"", b"302 Found", b"Location: " + elsewhere.url.encode()))) as server,
    ):
        with pytest.raises(MisconfiguredSystemError, match=r"redirects to http://127\.0\.0\.1") as caught:
            client().send(read(server))
        assert elsewhere.seen == []
        assert_tells_nothing_secret(caught.value)


def test_families_of_statuses() -> None:
    scripts = [
        say(whole(b"", b"429 Too Many", b"Retry-After: 3")),
        say(whole(b"<html>", b"502 Bad Gateway")),
        say(whole(b"", b"503 Unavailable")),
        say(whole(b"{}", b"422 No")),
    ]
    with raw_server(*scripts) as server:
        http = client()
        with pytest.raises(ThrottledError) as throttled:
            http.send(read(server))
        with pytest.raises(SystemDownError):
            http.send(read(server))
        with pytest.raises(DoubtfulWriteError):
            http.send(write(server))
        assert http.send(read(server)).status == 422
    assert throttled.value.after == 3.0
    assert_tells_nothing_secret(throttled.value)


def test_exchange_returns_every_status() -> None:
    with raw_server(say(whole(b"", b"429 Too Many"))) as server:
        assert client().exchange(read(server)).status == 429


def test_no_cookie_is_kept_and_no_password_or_proxy_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login a password b\n")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    with raw_server(say(whole(b"{}", b"200 OK", b"Set-Cookie: session=1"))) as server:
        http = client()
        http.send(read(server))
        http.send(read(server))
        assert not any(b"Cookie" in request or b"Authorization" in request for request in server.seen)
        assert len(server.seen) == 2


def test_nothing_is_logged_even_at_the_finest_level(caplog: pytest.LogCaptureFixture) -> None:  # invariant 5
    caplog.set_level(logging.DEBUG)
    with raw_server(say(OK), say_and_cut(b"HTTP/1.1 200 OK\r\nbad header\r\n\r\n")) as server:
        client().send(read(server))
        client().send(read(server))
    assert "cs_top" not in caplog.text
    assert "Ann" not in caplog.text


def test_a_malformed_header_of_ours_is_an_error_without_its_value() -> None:
    with raw_server(say(OK)) as server:
        request = Request(method="GET", url=server.url + "/x", headers={"Authorization": "Bearer cs_top\n"})
        with pytest.raises(MisconfiguredSystemError) as caught:
            client().send(request)
        assert_tells_nothing_secret(caught.value)
        assert server.seen == []


def test_a_closed_client_works_again() -> None:
    with raw_server(say(OK)) as server:
        http = client()
        http.send(read(server))
        http.close()
        assert http.send(read(server)).ok
