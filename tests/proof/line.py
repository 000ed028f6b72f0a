"""HTTP without a network: our own client at one end, the stand-ins at the other, and one call that goes wrong.

Every call is a step with a kill point before it is sent and one after its answer has come.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPHeaderDict, HTTPResponse
from werkzeug.test import EnvironBuilder, run_wsgi_app

from tests.fakes.clock import FakeClock
from tests.fakes.crash import Crash
from tillbridge.grants.token_server import transport_options
from tillbridge.systems.http import AddressPolicy, HttpClient

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

PAGE = b"<!DOCTYPE html><html><body><h1>Just a moment</h1></body></html>"


class Trouble(Enum):
    """A family of trouble of one call: what comes back, and whether the other side did what was asked."""

    REFUSED = ("no connection", False)
    SILENT = ("no answer", False)
    LOST = ("no answer", True)
    FAILED = ("status 500", False)
    FAILED_LATE = ("status 500", True)
    PAGE = ("an HTML page", True)
    EMPTY = ("an empty answer", True)
    HALF = ("half an answer", True)
    CUT_JSON = ("JSON that ends in the middle", True)
    TOO_OFTEN = ("status 429", False)

    @property
    def told(self) -> str:
        """Say it."""
        what, done = self.value
        return f"{what}, {'done' if done else 'not done'}"

    @property
    def done(self) -> bool:
        """Tell whether the call had its effect."""
        return self.value[1]


@dataclass
class Line:
    """The way out of one process. ``trouble`` strikes the call with the number ``at``, counted from 0."""

    apps: Mapping[str, "WSGIApplication"]  # by host
    clock: FakeClock
    crash: Crash
    trouble: Trouble | None = None
    at: int = 0
    calls: list[str] = field(default_factory=list)

    def client(self, system: str, connection_id: str) -> HttpClient:
        """Make our own client, with its last step replaced: nothing is opened to a network."""
        policy, options = AddressPolicy.public_only(), transport_options()
        client = HttpClient(system, connection_id, policy=policy, clock=self.clock, options=options)
        client._session.mount("https://", InProcess(self))
        return client

    def carry(self, request: requests.PreparedRequest) -> HTTPResponse:
        """Carry a request over and its answer back, unless it is the one that goes wrong."""
        url = urlsplit(str(request.url))
        name = f"{request.method} {url.path}"
        struck = self.trouble if self.at == len(self.calls) else None
        self.calls.append(name)
        self.crash.step(f"before {name}")
        answer = self._with(struck, request) if struck else self._handled(request)
        self.crash.step(f"after {name}")
        return answer

    def _with(self, trouble: Trouble, request: requests.PreparedRequest) -> HTTPResponse:
        whole = self._handled(request) if trouble.done else _answer(200, b"", {})
        match trouble:
            case Trouble.REFUSED:
                raise requests.ConnectTimeout("nobody is there", request=request)
            case Trouble.SILENT | Trouble.LOST:
                raise requests.ReadTimeout("no answer", request=request)
            case Trouble.FAILED | Trouble.FAILED_LATE:
                return _answer(500, b"{}", {})
            case Trouble.TOO_OFTEN:
                return _answer(429, b"{}", {"Retry-After": "7"})
            case Trouble.PAGE:
                return _answer(200, PAGE, {"Content-Type": "text/html"})
            case Trouble.EMPTY:
                return _answer(200, b"", {})
        body = whole.read()
        length = len(body) if trouble is Trouble.HALF else len(body) // 2
        return _answer(200, body[: len(body) // 2], {"Content-Length": str(length)})

    def _handled(self, request: requests.PreparedRequest) -> HTTPResponse:
        url = urlsplit(str(request.url))
        body = request.body.encode() if isinstance(request.body, str) else request.body
        builder = EnvironBuilder(
            method=str(request.method),
            path=url.path,
            base_url=f"https://{url.netloc}",
            query_string=url.query,
            headers=[(name, _text(value)) for name, value in request.headers.items()],
            data=body,
        )
        environ = {**builder.get_environ(), "QUERY_STRING": url.query, "RAW_URI": request.path_url}  # as it was signed
        chunks, status, headers = run_wsgi_app(self.apps[url.netloc], environ, buffered=True)
        return _answer(int(status.split()[0]), b"".join(chunks), dict(headers))


class InProcess(HTTPAdapter):
    """Takes the place of the adapter that opens sockets."""

    def __init__(self, line: Line) -> None:
        super().__init__()
        self._line = line

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        return self.build_response(request, self._line.carry(request))


def _text(value: str | bytes) -> str:
    """Give a header as text; a signature is bytes."""
    return value.decode() if isinstance(value, bytes) else value


def _answer(status: int, body: bytes, headers: Mapping[str, str]) -> HTTPResponse:
    return HTTPResponse(io.BytesIO(body), HTTPHeaderDict(headers), status, preload_content=False)
