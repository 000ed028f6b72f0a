"""Puts the ledger and the faults around a flask application, between the socket and the handlers."""

import json
import select
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import parse_qsl

from flask import Flask, request
from werkzeug.test import run_wsgi_app
from werkzeug.wrappers import Response

from sandbox.common.clock import Clock, SystemClock
from sandbox.common.faults import Fault, FaultKind, FaultPlan
from sandbox.common.ledger import Call, Ledger
from sandbox.common.pages import NoPages, Pages, spoil_page
from sandbox.common.server import cut

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

CONTROL_PREFIX = "/_sandbox/"
_ROUTE, _COST, _SOCKET = "sandbox.route", "sandbox.cost", "werkzeug.socket"


@dataclass(frozen=True, slots=True)
class Instruments:
    """What observes and disturbs one stand-in."""

    clock: Clock = field(default_factory=SystemClock)
    ledger: Ledger = field(default_factory=Ledger)
    faults: FaultPlan = field(default_factory=FaultPlan)


def instrument(app: Flask, instruments: Instruments, pages: Pages | None = None) -> None:
    """Count every call to `app` and play the planned faults, except for its own page and control actions.

    `pages` tells how the remote system writes its lists; without it, faults inside pages leave answers as they are.
    """

    @app.before_request
    def remember_route() -> None:
        if request.url_rule is not None:
            request.environ.setdefault(_ROUTE, request.url_rule.rule)

    # flask documents wsgi_app as the place for middleware; its type is that of a method
    app.wsgi_app = _Instrumented(app.wsgi_app, instruments, pages or NoPages())  # type: ignore[method-assign]


def charge(cost: float) -> None:
    """Note what the request in hand costs in the remote system's units."""
    request.environ[_COST] = cost


def name_route(route: str) -> None:
    """Enter the request in hand under another route than flask's rule, such as the operation of a GraphQL document."""
    request.environ[_ROUTE] = route


class _CutError(ConnectionAbortedError):
    """The connection is to be closed, or is closed already; the server leaves it alone."""


class _Instrumented:
    """The middleware itself."""

    def __init__(self, app: "WSGIApplication", instruments: Instruments, pages: Pages) -> None:
        self._app, self._pages = app, pages
        self._clock, self._ledger, self._faults = instruments.clock, instruments.ledger, instruments.faults

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if _is_own(environ):
            return self._app(environ, start_response)
        fault = self._faults.next_for(environ["REQUEST_METHOD"], environ["PATH_INFO"], environ.get("QUERY_STRING", ""))
        started = self._clock.now()
        try:
            response = self._answer(environ, fault)
        except _CutError:
            self._enter(environ, fault, started, None)
            _cut_connection(environ)
        self._enter(environ, fault, started, response)
        if response.date is None:
            response.date = self._clock.now()  # the answer is as old as everything else in the stand-in
        return response(environ, start_response)

    def _answer(self, environ: "WSGIEnvironment", fault: Fault | None) -> Response:
        if fault is None:
            return self._handle(environ)
        return _PLAYERS[fault.kind](_Exchange(fault, environ, self._clock, self._handle, self._pages))

    def _handle(self, environ: "WSGIEnvironment") -> Response:
        # run_wsgi_app works on a copy of the environ; what the handlers noted there is brought back
        noted: dict[str, object] = {}
        environ["sandbox.notes"] = noted
        chunks, status, headers = run_wsgi_app(self._keeping_notes, environ, buffered=True)
        environ.update(noted)
        return Response(chunks, status=status, headers=headers)

    def _keeping_notes(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        result = self._app(environ, start_response)
        environ["sandbox.notes"].update({key: environ[key] for key in (_ROUTE, _COST) if key in environ})
        return result

    def _enter(
        self, environ: "WSGIEnvironment", fault: Fault | None, started: datetime, response: Response | None
    ) -> None:
        """Write the call into the ledger before the client can see its answer, so that counts never lag behind."""
        pairs = parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True)
        self._ledger.add(
            Call(
                method=environ["REQUEST_METHOD"],
                route=str(environ.get(_ROUTE, environ["PATH_INFO"])),
                path=environ["PATH_INFO"],
                query_keys=tuple(dict.fromkeys(key for key, _ in pairs)),
                status=None if response is None else response.status_code,
                cost=environ.get(_COST, 0),
                request_bytes=int(environ.get("CONTENT_LENGTH") or 0),
                response_bytes=0 if response is None else int(response.headers.get("Content-Length", 0)),
                started=started,
                seconds=(self._clock.now() - started).total_seconds(),
                fault=None if fault is None else fault.kind,
            )
        )


def _is_own(environ: "WSGIEnvironment") -> bool:
    path = environ["PATH_INFO"]
    return path.startswith(CONTROL_PREFIX) or (path == "/" and not environ.get("QUERY_STRING"))


@dataclass(frozen=True, slots=True)
class _Exchange:
    """One request that a fault strikes; `handle` runs the handlers and gives their true answer."""

    fault: Fault
    environ: "WSGIEnvironment"
    clock: Clock
    handle: Callable[["WSGIEnvironment"], Response]
    pages: Pages

    def true_answer(self) -> Response:
        return self.handle(self.environ)

    def cut(self) -> NoReturn:
        raise _CutError("the fault plan cuts this connection")


def _cut_connection(environ: "WSGIEnvironment") -> NoReturn:
    if _SOCKET in environ:
        cut(environ[_SOCKET])
    raise _CutError("the fault plan has cut this connection")


def _status(exchange: _Exchange) -> Response:
    body = exchange.fault.body or ""
    answer = Response(body, status=exchange.fault.status, mimetype=_mimetype_of(body))
    answer.headers.update(exchange.fault.headers)
    return answer


def _mimetype_of(body: str) -> str:
    try:
        json.loads(body)
    except ValueError:
        return "text/html" if body.lstrip().startswith("<") else "text/plain"
    return "application/json"


def _delay(exchange: _Exchange) -> Response:
    exchange.clock.sleep(exchange.fault.seconds)
    return exchange.true_answer()


def _hang(exchange: _Exchange) -> Response:
    if _SOCKET in exchange.environ:
        # a waiting client sends nothing, so the socket becomes readable only when it has left
        select.select([exchange.environ[_SOCKET]], [], [], exchange.fault.seconds or None)
    exchange.cut()


def _cut_before(exchange: _Exchange) -> Response:
    exchange.cut()


def _cut_after(exchange: _Exchange) -> Response:
    exchange.true_answer()
    exchange.cut()


def _garbage(exchange: _Exchange) -> Response:
    body = exchange.fault.body or '{"garbage": [1, 2,'
    return Response(body, status=exchange.fault.status or 200, mimetype="application/json")


def _empty(exchange: _Exchange) -> Response:
    return Response(b"", status=exchange.fault.status or 200, headers=dict(exchange.fault.headers))


def _html(exchange: _Exchange) -> Response:
    fault, status = exchange.fault, exchange.fault.status or 503
    body = fault.body or f"<!DOCTYPE html><html><body><h1>Error {status}</h1><p>Played on command.</p></body></html>"
    return Response(body, status=status, mimetype="text/html", headers=dict(fault.headers))


def _truncate(exchange: _Exchange) -> Response:
    whole = exchange.true_answer()
    body = whole.get_data()

    def half_then_cut() -> Iterator[bytes]:
        yield body[: len(body) // 2]
        _cut_connection(exchange.environ)

    answer = Response(half_then_cut(), status=whole.status, headers=whole.headers)
    answer.headers["Content-Length"] = str(len(body))
    return answer


def _spoil(exchange: _Exchange) -> Response:
    query = dict(parse_qsl(exchange.environ.get("QUERY_STRING", "")))
    return spoil_page(exchange.fault, exchange.true_answer(), exchange.pages, query)


_PLAYERS: dict[FaultKind, Callable[[_Exchange], Response]] = {
    "status": _status,
    "delay": _delay,
    "hang": _hang,
    "cut_before": _cut_before,
    "cut_after": _cut_after,
    "garbage": _garbage,
    "truncate": _truncate,
    "empty": _empty,
    "html": _html,
    "lose_rows": _spoil,
    "double_rows": _spoil,
    "alter_rows": _spoil,
    "end_list": _spoil,
}
