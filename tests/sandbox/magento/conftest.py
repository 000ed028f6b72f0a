"""A shop to ask, in this process, with every request signed; and a receiver for what it sends, on a real socket."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from flask import Flask
from flask import request as incoming
from flask.testing import FlaskClient
from oauthlib.oauth1 import Client
from werkzeug.datastructures import Headers
from werkzeug.test import TestResponse

from sandbox.common.clock import ManualClock
from sandbox.common.server import serve
from sandbox.magento.app import build_app
from sandbox.magento.settings import Secrets, Settings
from sandbox.magento.shop import Shop

KEYS = Secrets("k" * 32, "s" * 32, "t" * 32, "u" * 32)
SITE = "https://shop.test"
_NONCES = itertools.count()


@dataclass(frozen=True, slots=True)
class Api:
    """Calls a shop's REST API as an integration with all rights."""

    shop: Shop
    client: FlaskClient

    def send(self, method: Any, url: str, body: object = None, **signing: Any) -> TestResponse:
        """Call an address; `signing` changes how it is signed, `sign_as` what is signed in its place."""
        sign_as = signing.pop("sign_as", url)
        keys = signing.pop("keys", KEYS)
        now = int(self.shop.instruments.clock.now().timestamp())
        signing = {"signature_method": "HMAC-SHA256", "timestamp": str(now), "nonce": f"n{next(_NONCES)}", **signing}
        signer = Client(keys.consumer_key, keys.consumer_secret, keys.access_token, keys.access_secret, **signing)
        headers = signer.sign(sign_as, http_method=method)[1]
        return self.client.open(url, method=method, json=body, headers=headers)

    def url(self, path: str, query: Any = (), scope: str = "all/") -> str:
        asked = f"?{urlencode(query, quote_via=quote)}" if query else ""
        return f"{SITE}{self.shop.settings.base_path}/rest/{scope}V1{path}{asked}"

    def call(self, method: str, path: str, body: object = None, query: Any = (), scope: str = "all/") -> TestResponse:
        return self.send(method, self.url(path, query, scope), body)

    def ok(self, method: str, path: str, body: object = None, **more: Any) -> Any:
        answer = self.call(method, path, body, **more)
        assert answer.status_code == 200, answer.text
        return answer.json

    def get(self, path: str, query: Any = (), scope: str = "all/") -> Any:
        return self.ok("GET", path, query=query, scope=scope)

    def post(self, path: str, body: object = None) -> Any:
        return self.ok("POST", path, body)

    def put(self, path: str, body: object, scope: str = "all/") -> Any:
        return self.ok("PUT", path, body, scope=scope)

    def refused(self, method: str, path: str, body: object = None, **more: Any) -> tuple[int, str, Any]:
        """Call something that has to fail; gives status, text and parameters."""
        answer = self.call(method, path, body, **more)
        assert answer.status_code >= 400, answer.text
        told: Any = answer.json
        return answer.status_code, told["message"], told.get("parameters")

    def product(self, sku: str, quantity: float | None = 5, **fields: Any) -> Any:
        stock = {} if quantity is None else {"stock_item": {"qty": quantity, "is_in_stock": True}}
        body = {"sku": sku, "name": sku, "price": 20, "attribute_set_id": 4, "type_id": "simple",
                "extension_attributes": stock, **fields}  # fmt: skip
        return self.post("/products", {"product": body})

    def control(self, path: str, body: object = None, method: str = "POST") -> Any:
        answer = self.client.open(f"/_sandbox{path}", method=method, json=body)
        assert answer.status_code == 200, answer.text
        return answer.json

    def order(self, *items: tuple[str, int], **more: Any) -> Any:
        """Let a shopper buy, as (SKU, units)."""
        return self.control("/order", {"items": [{"sku": s, "quantity": n} for s, n in items], **more})

    def switch(self, **switches: object) -> None:
        self.control("/switches", switches)

    def on_hand(self, sku: str) -> dict[str, tuple[float, int]]:
        """Give quantity and status per source."""
        rows = self.get("/inventory/source-items", criteria([("sku", "eq", sku)]))["items"]
        return {row["source_code"]: (row["quantity"], row["status"]) for row in rows}

    def salable(self, sku: str) -> float:
        found: float = self.get(f"/inventory/get-product-salable-quantity/{sku}/1")
        return found


def criteria(*groups: list[tuple[str, str, object]], **more: object) -> dict[str, str]:
    """Build the query of a list: each group is filters of (field, condition, value), one of which has to hold."""
    query = {
        f"searchCriteria[filterGroups][{place}][filters][{number}][{name}]": str(value)
        for place, group in enumerate(groups)
        for number, filters in enumerate(group)
        for name, value in zip(("field", "conditionType", "value"), filters, strict=True)
    }
    return query | {f"searchCriteria[{name}]": str(value) for name, value in more.items()}


@dataclass
class Receiver:
    """A server elsewhere: takes whatever is posted."""

    app: Flask = field(default_factory=lambda: Flask("receiver"))
    got: list[tuple[Headers, dict[str, str]]] = field(default_factory=list)
    status: int = 200
    url: str = ""

    def __post_init__(self) -> None:
        @self.app.post("/<path:_name>")
        def take(_name: str) -> tuple[bytes, int, dict[str, str]]:
            self.got.append((Headers(incoming.headers), incoming.form.to_dict()))
            return b"", self.status, {"Location": "/elsewhere"}


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 1, 15, 12, tzinfo=UTC))


@pytest.fixture
def settings() -> Settings:
    return Settings(integrations=(KEYS,), callback_seconds=5, base_url=SITE)


@pytest.fixture
def shop(settings: Settings, clock: ManualClock) -> Shop:
    return Shop(settings, clock)


@pytest.fixture
def api(shop: Shop) -> Api:
    return Api(shop, build_app(shop).test_client())


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    there = Receiver()
    with serve(there.app) as server:
        there.url = server.url
        yield there


@pytest.fixture
def find() -> Any:
    """Build the query of a list."""
    return criteria
