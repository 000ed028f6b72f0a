"""A store to ask, in this process; and receivers for what it sends, on real sockets."""

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

from sandbox.bigcommerce.app import build_app
from sandbox.bigcommerce.hooks.deliveries import run_cron
from sandbox.bigcommerce.settings import ApiAccount, Settings
from sandbox.bigcommerce.shop import Shop
from sandbox.common.clock import ManualClock
from sandbox.common.server import TlsFiles, serve

ACCOUNT = ApiAccount("token_test", "client_test", "secret_test")
_PNG = b"\x89PNG\r\n\x1a\n picture"
_PICTURES = {"png": (_PNG, 200), "txt": (b"no picture at all", 200)}


@dataclass(frozen=True, slots=True)
class Api:
    """Calls a store's API with a good token."""

    shop: Shop
    client: FlaskClient

    def call(self, method: str, path: str, token: str = ACCOUNT.token, **options: Any) -> TestResponse:
        address = f"/stores/{self.shop.settings.store_hash}{path}"
        headers = {"X-Auth-Token": token} if token else {}
        return self.client.open(address, method=method, headers=headers, **options)

    def get(self, path: str, **query: Any) -> Any:
        answer = self.call("GET", path, query_string=query)
        assert answer.status_code == 200, answer.text
        return answer.json

    def rows(self, path: str, **query: Any) -> Any:
        return self.get(path, **query)["data"]

    def post(self, path: str, body: object, status: int = 200) -> Any:
        return self._write("POST", path, body, status)

    def put(self, path: str, body: object, status: int = 200) -> Any:
        return self._write("PUT", path, body, status)

    def _write(self, method: str, path: str, body: object, status: int) -> Any:
        answer = self.call(method, path, json=body)
        assert answer.status_code == status, answer.text
        told: Any = answer.json
        return told["data"] if isinstance(told, dict) and status == 200 and "data" in told else told

    def delete(self, path: str, status: int = 204, **query: Any) -> Any:
        answer = self.call("DELETE", path, query_string=query)
        assert answer.status_code == status, answer.text
        return answer.json

    def refused(self, method: str, path: str, body: object = None, **query: Any) -> tuple[int, str]:
        """Call something that has to fail; gives status and the names of the fields that are wrong."""
        answer = self.call(method, path, json=body, query_string=query)
        assert answer.status_code >= 400, answer.text
        told: Any = answer.json
        if isinstance(told, list):
            return answer.status_code, str(told[0]["message"])
        return answer.status_code, " ".join(told.get("errors", ()))

    def control(self, action: str, body: object = None) -> Any:
        """Do something as the store's people or its host; gives what the action answers."""
        answer = self.client.post(f"/_sandbox/{action}", json={} if body is None else body)
        assert answer.status_code == 200, answer.text
        return answer.json

    def product(self, name: str = "Thing", **fields: Any) -> Any:
        plain = {"name": name, "type": "physical", "weight": 1, "price": 10, "is_visible": True}
        return self.post("/v3/catalog/products", {**plain, **fields})

    def hat(self, stock: int = 5, **fields: Any) -> Any:
        """Make a product without options whose stock is tracked as a whole."""
        made = self.product("Hat", sku="HAT", inventory_tracking="product", **fields)
        self.control("stock", {"sku": "HAT", "quantity": stock})
        return made

    def shirt(self, *sizes: str, **fields: Any) -> Any:
        """Make a product with a size, each size a variant whose stock is tracked."""
        rows = [
            {"sku": f"SHIRT-{size}", "option_values": [{"option_display_name": "Size", "label": size}]}
            for size in sizes or ("M", "L")
        ]
        return self.product("Shirt", inventory_tracking="variant", variants=rows, **fields)

    def on_hand(self, location_id: int = 1) -> dict[str, int]:
        """Give the stock at a location by SKU."""
        rows = self.rows(f"/v3/inventory/locations/{location_id}/items")
        return {row["identity"]["sku"]: row["total_inventory_onhand"] for row in rows}


@dataclass
class Receiver:
    """A server elsewhere: takes whatever it is sent and serves pictures."""

    app: Flask = field(default_factory=lambda: Flask("receiver"))
    got: list[tuple[str, Headers, bytes]] = field(default_factory=list)
    status: int = 200
    url: str = ""
    tls_url: str = ""

    def __post_init__(self) -> None:
        @self.app.route("/<path:name>", methods=["GET", "POST"])
        def take(name: str) -> tuple[bytes, int]:
            if name.startswith("pictures/"):
                return _PICTURES.get(name.rpartition(".")[2], (b"missing", 404))
            self.got.append((incoming.full_path, Headers(incoming.headers), incoming.get_data()))
            return b"", self.status


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 1, 15, 12, tzinfo=UTC))


@pytest.fixture
def settings(tls: TlsFiles) -> Settings:
    return Settings(accounts=(ACCOUNT,), ca_file=str(tls.ca), callback_seconds=5, any_port=True, quota=10_000)


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
    """Send the deliveries that are due; gives their number."""
    return lambda: run_cron(shop)
