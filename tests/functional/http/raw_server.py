"""A server whose every byte and every pause is scripted by the test."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

Script = Callable[[socket.socket], None]


@dataclass
class RawServer:
    """Plays its scripts, one per request; the last one stays in force. ``seen`` holds the requests as they came."""

    scripts: list[Script]
    listener: socket.socket
    seen: list[bytes] = field(default_factory=list)
    connections: int = 0

    @property
    def port(self) -> int:
        port: int = self.listener.getsockname()[1]
        return port

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def run(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self.listener.accept()
                self.connections += 1
                threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            while request := _read_request(connection):
                self.seen.append(request)
                script = self.scripts[min(len(self.seen), len(self.scripts)) - 1]
                script(connection)


@contextmanager
def raw_server(*scripts: Script, host: str = "127.0.0.1") -> Iterator[RawServer]:
    """Serve while the block runs."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, 0), family=family) as listener:
        server = RawServer(list(scripts), listener)
        threading.Thread(target=server.run, daemon=True).start()
        yield server
        listener.shutdown(socket.SHUT_RDWR)


def say(*parts: bytes) -> Script:
    """Send these bytes and go on listening."""

    def play(connection: socket.socket) -> None:
        for part in parts:
            connection.sendall(part)

    return play


def say_and_cut(*parts: bytes) -> Script:
    """Send these bytes and close the connection."""

    def play(connection: socket.socket) -> None:
        say(*parts)(connection)
        connection.shutdown(socket.SHUT_RDWR)

    return play


def hang(release: threading.Event, *parts: bytes) -> Script:
    """Send these bytes and then nothing until the test is over."""

    def play(connection: socket.socket) -> None:
        say(*parts)(connection)
        release.wait(10)
        connection.shutdown(socket.SHUT_RDWR)

    return play


def whole(body: bytes, status: bytes = b"200 OK", *headers: bytes) -> bytes:
    """Write a whole answer."""
    lines = [b"HTTP/1.1 " + status, b"Content-Length: %d" % len(body), *headers]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def _read_request(connection: socket.socket) -> bytes:
    received = b""
    while b"\r\n\r\n" not in received:
        piece = connection.recv(65536)
        if not piece:
            return b""
        received += piece
    head, _, body = received.partition(b"\r\n\r\n")
    lengths = [line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
    missing = int(lengths[0].split(b":")[1]) - len(body) if lengths else 0
    while missing > 0:
        piece = connection.recv(missing)
        received += piece
        missing -= len(piece)
    return received
