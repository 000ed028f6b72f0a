"""A tiny application to try the shared parts of the stand-ins on."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import requests
from flask import Flask, Response, jsonify, request

from sandbox.common.clock import ManualClock
from sandbox.common.control import control_blueprint
from sandbox.common.instrument import Instruments, charge, instrument
from sandbox.common.server import Server, serve


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 3, 1, 12, tzinfo=UTC))


@pytest.fixture
def instruments(clock: ManualClock) -> Instruments:
    return Instruments(clock=clock)


@pytest.fixture
def stored() -> list[str]:
    """What the application's one writing route has taken in."""
    return []


@pytest.fixture
def app(instruments: Instruments, stored: list[str]) -> Flask:
    app = Flask("tried")

    @app.get("/things/<int:number>")
    def show(number: int) -> Response:
        charge(2.5)
        return jsonify(number=number)

    @app.post("/things")
    def store() -> tuple[Response, int]:
        stored.append(request.get_data(as_text=True))
        return jsonify(stored=len(stored)), 201

    app.register_blueprint(control_blueprint(instruments, lambda: {"stored": len(stored)}))
    instrument(app, instruments)
    return app


@pytest.fixture
def server(app: Flask) -> Iterator[Server]:
    with serve(app) as running:
        yield running


@pytest.fixture
def http() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        yield session
