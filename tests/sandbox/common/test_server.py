"""The server: keep-alive, TLS, busy ports and clean stops."""

import http.client
import socket
import ssl

import pytest
import requests
from flask import Flask

from sandbox.common.instrument import Instruments
from sandbox.common.server import PortBusyError, Server, TlsFiles, serve


def test_one_connection_serves_many_requests_whatever_the_handler_leaves_unread(server: Server) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    connection.request("POST", "/nowhere", body=b"x" * 100_000)
    assert connection.getresponse().read()
    first_socket = connection.sock
    connection.request("GET", "/things/7")
    answer = connection.getresponse()
    assert (answer.status, answer.version, answer.read()) == (200, 11, b'{"number":7}\n')
    assert connection.sock is first_socket
    connection.close()


def test_a_chunked_request_arrives_whole(server: Server, http: requests.Session, stored: list[str]) -> None:
    answer = http.post(f"{server.url}/things", data=iter([b"one ", b"two"]))
    assert (answer.status_code, stored) == (201, ["one two"])


def test_head_has_the_length_and_no_body(server: Server) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    connection.request("HEAD", "/things/7")
    answer = connection.getresponse()
    assert (answer.getheader("Content-Length"), answer.read()) == ("13", b"")
    connection.request("GET", "/things/8")
    assert connection.getresponse().read() == b'{"number":8}\n'
    connection.close()


def test_the_same_application_answers_plain_and_with_tls(
    app: Flask, server: Server, tls: TlsFiles, http: requests.Session
) -> None:
    with serve(app, tls=tls) as secure:
        assert secure.url.startswith("https://127.0.0.1:")
        http.verify = str(tls.ca)
        assert http.get(f"{secure.url}/things/1").json() == http.get(f"{server.url}/things/1").json()


def test_a_client_that_never_finishes_its_handshake_holds_up_nobody(
    app: Flask, tls: TlsFiles, http: requests.Session
) -> None:
    with serve(app, tls=tls) as secure, socket.create_connection(("127.0.0.1", secure.port)):
        http.verify = str(tls.ca)
        assert http.get(f"{secure.url}/things/1", timeout=5).status_code == 200


def test_strangers_to_the_authority_refuse_the_certificate(app: Flask, tls: TlsFiles) -> None:
    with (
        serve(app, tls=tls) as secure,
        socket.create_connection(("127.0.0.1", secure.port)) as plain,
        pytest.raises(ssl.SSLCertVerificationError),
    ):
        ssl.create_default_context().wrap_socket(plain, server_hostname="127.0.0.1")


def test_a_busy_port_is_named(app: Flask, server: Server) -> None:
    with pytest.raises(PortBusyError, match=f"port {server.port} on 127.0.0.1 is taken"), serve(app, port=server.port):
        pytest.fail("two servers share a port")


def test_stopping_ends_kept_connections_and_frees_the_port(app: Flask, instruments: Instruments) -> None:
    with serve(app) as first:
        connection = http.client.HTTPConnection("127.0.0.1", first.port)
        connection.request("GET", "/things/1")
        connection.getresponse().read()
        kept = connection.sock
    kept.settimeout(5)
    assert kept.recv(1) == b""
    connection.close()
    with serve(app, port=first.port) as second:
        assert second.port == first.port


def test_stopping_twice_does_no_harm(app: Flask) -> None:
    with serve(app) as running:
        running.stop()
