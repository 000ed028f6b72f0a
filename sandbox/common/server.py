"""Serves a WSGI application on real sockets: plain or TLS, HTTP/1.1 with keep-alive, quiet, and stopped cleanly.

werkzeug's own handler closes every connection after one answer. A client that keeps connections open behaves (and
fails) differently from one that does not, so the stand-ins need keep-alive and this handler sends answers itself.
"""

import contextlib
import errno
import io
import socket
import ssl
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler
from werkzeug.test import run_wsgi_app

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment
    from werkzeug.datastructures import Headers

_BACKLOG = 128

# the types of the standard library's servers, which serve datagrams too
_Request = socket.socket | tuple[bytes, socket.socket]
_Address = tuple[str, int] | str


class PortBusyError(OSError):
    """The port that was asked for is taken by another program."""


@dataclass(frozen=True, slots=True)
class TlsFiles:
    """PEM files of a server's certificate and key, and of the authority that clients should trust."""

    cert: Path
    key: Path
    ca: Path | None = None

    def context(self) -> ssl.SSLContext:
        """Build the server's side of TLS."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.cert, self.key)
        return context


class _Handler(WSGIRequestHandler):
    """Answers one connection's requests, one after the other, until the client leaves."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def make_environ(self) -> "WSGIEnvironment":
        """Read the body to its end, so that whatever the application leaves unread cannot become the next request."""
        environ = super().make_environ()
        length = int(environ.get("CONTENT_LENGTH") or 0)
        stream = environ["wsgi.input"]
        body = stream.read() if environ.get("wsgi.input_terminated") else stream.read(length)
        environ["wsgi.input"] = io.BytesIO(body)
        environ["CONTENT_LENGTH"] = str(len(body))
        return environ

    def run_wsgi(self) -> None:
        """Answer one request."""
        if self.headers.get("Expect", "").lower().strip() == "100-continue":
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        try:
            chunks, status, headers = run_wsgi_app(self.server.app, self.make_environ(), buffered=False)
            self._send(chunks, status, headers)
        except (ConnectionError, TimeoutError, ssl.SSLError):
            self.close_connection = True

    def handle_expect_100(self) -> bool:
        """Leave the interim answer to `run_wsgi`, or it would be sent twice."""
        return True

    def _send(self, chunks: Iterable[bytes], status: str, headers: "Headers") -> None:
        if "Content-Length" not in headers:
            chunks = [b"".join(chunks)]
            headers["Content-Length"] = str(len(chunks[0]))
        head = f"HTTP/1.1 {status}\r\n" + "".join(f"{name}: {value}\r\n" for name, value in headers)
        date = "" if "Date" in headers else f"Date: {self.date_time_string()}\r\n"
        pending = f"{head}{date}\r\n".encode("latin-1")
        try:
            for chunk in chunks:
                self.wfile.write(pending + (b"" if self.command == "HEAD" else chunk))
                pending = b""
            if pending:
                self.wfile.write(pending)
        finally:
            close = getattr(chunks, "close", None)
            if close is not None:
                close()
        self.close_connection = self.close_connection or headers.get("Connection", "").lower() == "close"

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """Say nothing: the ledger is the log of a stand-in."""


class _WsgiServer(ThreadedWSGIServer):
    """A threaded server that can also end the connections which clients keep open."""

    def __init__(self, host: str, listener: socket.socket, app: "WSGIApplication", tls: TlsFiles | None) -> None:
        super().__init__(host, listener.getsockname()[1], app, handler=_Handler, fd=listener.fileno())
        listener.close()
        self._open: set[_Request] = set()
        self._open_lock = threading.Lock()
        self._stopping = threading.Event()
        if tls is not None:
            self.ssl_context = tls.context()
            # The handshake is left to the connection's own thread, or one slow client would hold up all others.
            self.socket = self.ssl_context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    def answer_until_stopped(self) -> None:
        """Take one connection after the other, asleep in between.

        `serve_forever` looks up several times a second instead, and `shutdown` waits for the next time.
        """
        while not self._stopping.is_set():
            self.handle_request()
        self.server_close()

    def stop_answering(self) -> None:
        """Have the loop end: a connection wakes it."""
        self._stopping.set()
        host, port, *_ = self.server_address
        with contextlib.suppress(OSError), socket.create_connection((str(host), int(port)), timeout=1):
            pass

    def process_request(self, request: _Request, client_address: _Address) -> None:
        """Remember the connection, then give it a thread."""
        with self._open_lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: _Request) -> None:
        """Forget the connection and close it."""
        with self._open_lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: _Request, client_address: _Address) -> None:
        """Say nothing of clients that leave in the middle of a handshake or an answer; report all else."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)

    def close_connections(self) -> None:
        """End every connection that is still open, whatever it is doing."""
        with self._open_lock:
            connections = list(self._open)
        for connection in connections:
            cut(connection if isinstance(connection, socket.socket) else connection[1])


class Server:
    """A running server."""

    def __init__(self, app: "WSGIApplication", host: str, port: int, tls: TlsFiles | None) -> None:
        """Bind and begin to answer; port 0 takes any free one. Raises PortBusyError."""
        self._server = _WsgiServer(host, _listen(host, port), app, tls)
        self.port: int = self._server.port
        self.url = f"{'http' if tls is None else 'https'}://{host}:{self.port}"
        self._thread = threading.Thread(
            target=self._server.answer_until_stopped, name=f"sandbox {self.url}", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Take no more connections and end those that are open. May be called twice."""
        if self._thread.is_alive():
            self._server.stop_answering()
        self._thread.join()
        self._server.close_connections()


@contextmanager
def serve(
    app: "WSGIApplication", *, host: str = "127.0.0.1", port: int = 0, tls: TlsFiles | None = None
) -> Iterator[Server]:
    """Serve `app` while the block runs; the same application may be served plain and with TLS at once."""
    server = Server(app, host, port, tls)
    try:
        yield server
    finally:
        server.stop()


def cut(connection: socket.socket) -> None:
    """Close a connection under the hands of both sides."""
    with contextlib.suppress(OSError):  # the client may have gone already, which is what is wanted
        connection.shutdown(socket.SHUT_RDWR)


def _listen(host: str, port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise PortBusyError(
                error.errno, f"port {port} on {host} is taken by another program; stop that one or choose another port"
            ) from error
        raise
    return listener
