"""A shop to ask, in this process; and a receiver for what it sends, on a real socket."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask import request as incoming
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.datastructures import Headers
from werkzeug.test import TestResponse

from sandbox.common.clock import ManualClock
from sandbox.common.server import serve
from sandbox.shopify.app import build_app
from sandbox.shopify.hooks.deliveries import run_cron
from sandbox.shopify.settings import App, Settings
from sandbox.shopify.shop import Shop

APP = App("test-app", "test-secret")
PATH = "/admin/api/2026-07/graphql.json"


def picture() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (4, 3)).save(file, "PNG")
    return file.getvalue()


@dataclass(slots=True)
class Api:
    """Calls a shop's API with a good token."""

    shop: Shop
    client: FlaskClient
    token: str

    def call(self, text: str, variables: Any = None, token: str | None = None) -> TestResponse:
        headers = {"X-Shopify-Access-Token": self.token if token is None else token}
        return self.client.post(PATH, json={"query": text, "variables": variables or {}}, headers=headers)

    def answer(self, text: str, **variables: Any) -> Any:
        """Give the whole answer."""
        answer = self.call(text, variables)
        assert answer.status_code == 200, answer.text
        return answer.json

    def send(self, text: str, **variables: Any) -> Any:
        """Give the data of an answer without errors: of its one root field, if there is but one."""
        told = self.answer(text, **variables)
        assert "errors" not in told, told["errors"]
        data = told["data"]
        return next(iter(data.values())) if len(data) == 1 else data

    def done(self, text: str, **variables: Any) -> Any:
        """Give the payload of a mutation that has to succeed."""
        payload = self.send(text, **variables)
        assert not payload["userErrors"], payload["userErrors"]
        return payload

    def refused(self, text: str, **variables: Any) -> list[tuple[str | None, str]]:
        """Give code and path of the user errors of a mutation that has to fail."""
        payload = self.send(text, **variables)
        assert payload["userErrors"]
        return [(error.get("code"), ".".join(error["field"] or ())) for error in payload["userErrors"]]

    def code(self, text: str, **variables: Any) -> str:
        """Give the code of the one top-level error."""
        [error] = self.answer(text, **variables)["errors"]
        return str(error.get("extensions", {}).get("code"))

    def control(self, action: str, **body: Any) -> Any:
        answer = self.client.post(f"/_sandbox/{action}", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json

    def product(self, **fields: Any) -> Any:
        """Make a product by the merchant's hand: simple ones with the SKU `sku`, tracked, with `stock` units."""
        sku, stock = fields.pop("sku", "HAT"), fields.pop("stock", 5)
        first = f"gid://shopify/Location/{next(iter(self.shop.locations))}"
        entry = {
            "title": "Hat",
            "productOptions": [{"name": "Title", "values": [{"name": "Default Title"}]}],
            "variants": [
                {
                    "optionValues": [{"optionName": "Title", "name": "Default Title"}],
                    "sku": sku,
                    "price": "10.00",
                    "inventoryItem": {"tracked": True},
                    "inventoryQuantities": [{"locationId": first, "name": "available", "quantity": stock}],
                }
            ],
            **fields,
        }
        [number] = self.control("seed", products=[entry])["ids"]
        return self.read(number)

    def read(self, number: str) -> Any:
        return self.send(PRODUCT, id=number)

    @property
    def places(self) -> list[str]:
        return [f"gid://shopify/Location/{number}" for number in self.shop.locations]


PRODUCT = """query($id: ID!) { product(id: $id) { id title handle status vendor productType tags
  descriptionHtml updatedAt hasOnlyDefaultVariant totalInventory
  options { id name position values optionValues { id name hasVariants } }
  collections(first: 5) { nodes { id title } } media(first: 9) { nodes { id alt status } }
  variants(first: 99) { nodes { id title sku barcode price compareAtPrice inventoryQuantity
    selectedOptions { name value } media(first: 1) { nodes { id } }
    inventoryItem { id tracked unitCost { amount } inventoryLevels(first: 9) {
      nodes { id location { id name }
        quantities(names: ["available", "on_hand", "committed"]) { name quantity } } } } } } } }"""


@dataclass
class Receiver:
    """A server elsewhere: takes whatever is posted and serves pictures."""

    app: Flask = field(default_factory=lambda: Flask("receiver"))
    got: list[tuple[str, Headers, bytes]] = field(default_factory=list)
    status: int = 200
    url: str = ""

    def __post_init__(self) -> None:
        @self.app.route("/<path:name>", methods=["GET", "POST"])
        def take(name: str) -> tuple[bytes, int]:
            if incoming.method == "GET":
                return (picture(), 200) if name.endswith(".png") else (b"no picture at all", 200)
            self.got.append((name, Headers(incoming.headers), incoming.get_data()))
            return b"", self.status


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 11, 25, 12, tzinfo=UTC))


@pytest.fixture
def settings() -> Settings:
    return Settings(apps=(APP,), callback_seconds=5)


@pytest.fixture
def shop(settings: Settings, clock: ManualClock) -> Shop:
    return Shop(settings, clock)


@pytest.fixture
def api(shop: Shop) -> Api:
    return Api(shop, build_app(shop).test_client(), shop.issue(APP).value)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    there = Receiver()
    with serve(there.app) as server:
        there.url = server.url
        yield there


@pytest.fixture
def cron(shop: Shop) -> Any:
    """Send what is due; gives the number of deliveries."""
    return lambda: run_cron(shop)
