"""The HTTP client against a server that misbehaves in every way."""

import gzip
import logging
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from requests.auth import HTTPBasicAuth

from sandbox.common.certificates import make_certificates
from sandbox.common.server import serve
from tests.functional.http.raw_server import RawServer, hang, raw_server, say, say_and_cut, whole
from tillbridge.domain.errors import (
    DoubtfulWriteError,
    GarbledAnswerError,
    InputError,
    MisconfiguredSystemError,
    SystemDownError,
    ThrottledError,
    TillbridgeError,
)
from tillbridge.systems.http import AddressPolicy, HttpClient, NoJsonError, Request, TransportOptions
from tillbridge.systems.http.policy import AddressRefusedError

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


def test_nobody_listening_is_no_doubtful_write() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(SystemDownError, match="connection was refused") as caught:
        client().send(Request(method="POST", url=f"http://127.0.0.1:{port}/x?{SECRET}"))
    assert type(caught.value) is SystemDownError
    assert_tells_nothing_secret(caught.value)


def test_the_next_address_is_tried_when_the_first_does_not_answer() -> None:
    with raw_server(say(OK)) as server:
        policy = AddressPolicy.local(resolver=lambda host, port: ["127.0.0.2", "127.0.0.1"])
        request = Request(method="GET", url=f"http://shop.example.com:{server.port}/")
        assert client(policy).send(request).ok
        assert f"Host: shop.example.com:{server.port}".encode() in server.seen[0]


def test_a_name_without_address_is_a_passing_trouble() -> None:
    def nothing(host: str, port: int) -> Sequence[str]:
        raise socket.gaierror(-2, "Name or service not known")

    def empty(host: str, port: int) -> Sequence[str]:
        return []

    for resolver in (nothing, empty):
        with pytest.raises(SystemDownError) as caught:
            client(AddressPolicy.local(resolver=resolver)).send(
                Request(method="POST", url=f"https://shop.example.com/?{SECRET}")
            )
        assert type(caught.value) is SystemDownError
        assert_tells_nothing_secret(caught.value)


@pytest.mark.parametrize("url", ["http://127.0.0.1:{port}/", "http://localhost:{port}/", "http://2130706433:{port}/"])
def test_nothing_is_sent_to_this_machine_when_deployed(url: str) -> None:  # invariant 7
    with raw_server(say(OK)) as server:
        with pytest.raises(AddressRefusedError) as caught:
            client(AddressPolicy.public_only(http=True)).send(
                Request(method="GET", url=url.format(port=server.port) + f"?{SECRET}")
            )
        assert server.connections == 0
        assert_tells_nothing_secret(caught.value)


def test_a_mapped_address_is_refused() -> None:
    policy = AddressPolicy.public_only(http=True, resolver=lambda host, port: ["::ffff:127.0.0.1"])
    with pytest.raises(AddressRefusedError):
        client(policy).send(Request(method="GET", url="http://shop.example.com/"))


def test_a_name_that_changes_its_address_between_check_and_use_is_caught() -> None:  # invariant 7
    """DNS rebinding: the name is public when it is looked at first and leads home at the next look."""
    answers = [["93.184.216.34"], ["127.0.0.1"]]
    policy = AddressPolicy.public_only(http=True, resolver=lambda host, port: answers.pop(0))
    with raw_server(say(OK)) as server:
        assert policy.addresses("shop.example.com", server.port) == ["93.184.216.34"]
        with pytest.raises(AddressRefusedError, match=r"leads to 127\.0\.0\.1"):
            client(policy).send(Request(method="GET", url=f"http://shop.example.com:{server.port}/"))
        assert server.connections == 0
        assert answers == []  # the name was resolved once, and the socket went to what was judged


def test_the_peer_itself_is_judged_before_a_byte_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Even a socket that ends up elsewhere than asked for (a translating network) gets nothing."""
    with raw_server(say(OK)) as server:
        monkeypatch.setattr(
            "tillbridge.systems.http.guarded.create_connection",
            lambda *args, **kwargs: socket.create_connection(("127.0.0.1", server.port)),
        )
        policy = AddressPolicy.public_only(http=True, resolver=lambda host, port: ["93.184.216.34"])
        with pytest.raises(AddressRefusedError):
            client(policy).send(Request(method="GET", url=f"http://shop.example.com:{server.port}/"))
        assert server.seen == []


def test_addresses_with_user_info_or_http_are_refused_before_anything_happens() -> None:
    for url in (f"https://u:p@shop.example.com/?{SECRET}", f"http://shop.example.com/?{SECRET}"):
        with pytest.raises(AddressRefusedError) as caught:
            client(AddressPolicy.public_only()).send(Request(method="GET", url=url))
        assert_tells_nothing_secret(caught.value)


def test_certificates_are_checked(tmp_path: Path) -> None:
    files = make_certificates(tmp_path)

    def app(environ: Any, start: Any) -> list[bytes]:
        start("200 OK", [("Content-Type", "application/json")])
        return [b"{}"]

    with serve(app, tls=files) as server:
        trusting = client(ca_bundle=str(files.ca), read_seconds=2.0)
        assert trusting.send(Request(method="GET", url=server.url + "/x")).ok
        named = client(
            AddressPolicy.local(resolver=lambda host, port: ["127.0.0.1"]), ca_bundle=str(files.ca), read_seconds=2.0
        )
        with pytest.raises(MisconfiguredSystemError, match=r"other\.example\.com cannot be trusted"):
            named.send(Request(method="GET", url=f"https://other.example.com:{server.port}/x"))
        with pytest.raises(MisconfiguredSystemError, match="cannot be trusted") as caught:
            client(read_seconds=2.0).send(Request(method="POST", url=f"{server.url}/x?{SECRET}"))
        assert caught.value.code == "BadCertificate"
        assert_tells_nothing_secret(caught.value)


def test_authorities_that_are_not_there_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="There is no file") as caught:
        client(ca_bundle=str(tmp_path / "ca.pem"))
    assert caught.value.field == "ca_bundle"


def test_an_address_of_version_six_is_asked_without_its_brackets(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, int]] = []

    def refuse(address: tuple[str, int], *args: object, **options: object) -> socket.socket:
        asked.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr("tillbridge.systems.http.guarded.create_connection", refuse)
    with pytest.raises(SystemDownError, match="connection was refused"):
        client().send(Request(method="GET", url="http://[::1]:8080/x"))
    assert asked == [("::1", 8080)]
    with pytest.raises(AddressRefusedError):
        client(AddressPolicy.public_only(http=True)).send(Request(method="GET", url="http://[::ffff:10.0.0.1]/x"))


def test_a_host_that_does_not_take_connections_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    def wait(*args: object, **options: object) -> socket.socket:
        raise TimeoutError

    monkeypatch.setattr("tillbridge.systems.http.guarded.create_connection", wait)
    with pytest.raises(SystemDownError, match="took too long") as caught:
        client().send(Request(method="POST", url="http://127.0.0.1:8080/x"))
    assert type(caught.value) is SystemDownError  # it was never sent, so there is no doubt


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
