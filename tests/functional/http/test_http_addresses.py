"""Whom the client speaks to: names, addresses and certificates are judged before a byte is sent."""

import socket
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from sandbox.common.certificates import make_certificates
from sandbox.common.server import serve
from tests.functional.http.raw_server import raw_server, say
from tests.functional.http.test_http_client import OK, SECRET, assert_tells_nothing_secret, client
from tillbridge.domain.errors import (
    InputError,
    MisconfiguredSystemError,
    SystemDownError,
)
from tillbridge.systems.http import AddressPolicy, Request
from tillbridge.systems.http.policy import AddressRefusedError


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
