"""A shop to ask, in this process; and receivers for what it sends, on real sockets."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask import request as incoming
from flask.testing import FlaskClient
from werkzeug.datastructures import Headers
from werkzeug.test import TestResponse

from sandbox.common.clock import ManualClock
from sandbox.common.server import TlsFiles, serve
from sandbox.woocommerce.app import build_app
from sandbox.woocommerce.hooks.deliveries import run_cron
from sandbox.woocommerce.settings import ApiKey, Settings
from sandbox.woocommerce.shop import Shop

KEY = ApiKey("ck_test", "cs_test")
_PNG = b"\x89PNG\r\n\x1a\n picture"
_PICTURES = {"png": (_PNG, 200), "noext": (_PNG, 200), "gif": (b"no picture at all", 200)}


@dataclass(frozen=True, slots=True)
class Api:
    """Calls a shop's REST API with a good key over TLS."""

    shop: Shop
    client: FlaskClient

    def call(self, method: str, path: str, **options: Any) -> TestResponse:
        address = f"{self.shop.settings.base_path}/wp-json/wc/v3{path}"
        options.setdefault("auth", (KEY.key, KEY.secret))
        options.setdefault("base_url", "https://shop.test")
        return self.client.open(address, method=method, **options)

    def get(self, path: str, **query: Any) -> Any:
        answer = self.call("GET", path, query_string=query)
        assert answer.status_code == 200, answer.text
        return answer.json

    def post(self, path: str, body: object) -> Any:
        answer = self.call("POST", path, json=body)
        assert answer.status_code in {200, 201}, answer.text
        return answer.json

    def put(self, path: str, body: object) -> Any:
        answer = self.call("PUT", path, json=body)
        assert answer.status_code == 200, answer.text
        return answer.json

    def delete(self, path: str, *, force: bool = False) -> Any:
        answer = self.call("DELETE", path, query_string={"force": "true"} if force else {})
        assert answer.status_code == 200, answer.text
        return answer.json

    def refused(self, method: str, path: str, body: object = None, **query: Any) -> tuple[int, str]:
        """Call something that has to fail; gives status and code."""
        answer = self.call(method, path, json=body, query_string=query)
        assert answer.status_code >= 400, answer.text
        told: Any = answer.json
        return answer.status_code, told["code"]

    def product(self, **fields: Any) -> Any:
        return self.post("/products", {"name": "Thing", "regular_price": "10.00", **fields})

    def ids(self, path: str = "/products", **query: Any) -> list[int]:
        return [row["id"] for row in self.get(path, **query)]


@dataclass
class Receiver:
    """A server elsewhere: takes whatever is posted and serves pictures."""

    app: Flask = field(default_factory=lambda: Flask("receiver"))
    got: list[tuple[str, Headers, bytes]] = field(default_factory=list)
    status: int = 200
    url: str = ""
    tls_url: str = ""

    def __post_init__(self) -> None:
        @self.app.route("/<path:name>", methods=["GET", "POST"])
        def take(name: str) -> tuple[bytes, int]:
            if incoming.method == "GET":
                return _PICTURES.get(name.rpartition(".")[2], (b"missing", 404))
            self.got.append((name, Headers(incoming.headers), incoming.get_data()))
            return b"", self.status


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 1, 15, 12, tzinfo=UTC))


@pytest.fixture
def settings(tls: TlsFiles) -> Settings:
    return Settings(keys=(KEY,), ca_file=str(tls.ca), callback_seconds=5)


@pytest.fixture
def shop(settings: Settings, clock: ManualClock) -> Shop:
    return Shop(settings, clock)


@pytest.fixture
def api(shop: Shop) -> Api:
    return Api(shop, build_app(shop).test_client())


@pytest.fixture
def receiver(tls: TlsFiles) -> Iterator[Receiver]:
    there = Receiver()
    with serve(there.app) as plain, serve(there.app, tls=tls) as secure:
        there.url, there.tls_url = plain.url, secure.url
        yield there


@pytest.fixture
def cron(shop: Shop) -> Any:
    """Run the shop's due background jobs; gives the number of deliveries."""
    return lambda: run_cron(shop)
