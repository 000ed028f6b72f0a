"""A WooCommerce shop in this process, over real sockets, and our adapter in front of it."""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from flask import Flask, Response

from sandbox.common.faults import Fault
from sandbox.common.ledger import Call
from sandbox.common.server import TlsFiles, serve
from sandbox.woocommerce.app import build_app
from sandbox.woocommerce.settings import ApiKey, Settings
from sandbox.woocommerce.shop import Shop
from tests.fakes.clock import FakeClock
from tests.fakes.crash import Crash
from tillbridge.domain.errors import Subject, TillbridgeError
from tillbridge.domain.planning import Write, plan_product
from tillbridge.domain.product import Link, Product, ProductImage, ProductOutcome
from tillbridge.domain.settings import MerchantSettings
from tillbridge.domain.stock import Quantity
from tillbridge.systems.http import AddressPolicy, Answer, HttpClient, Request, TransportOptions
from tillbridge.systems.woocommerce.api.keys import ApiKeys
from tillbridge.systems.woocommerce.shop import WooCommerceShop
from tillbridge.systems.woocommerce.traits import Traits

KEY = ApiKey("ck_test", "cs_test")
KEYS = ApiKeys(KEY.key, KEY.secret)
PNG = b"\x89PNG\r\n\x1a\n picture"


@dataclass
class MemoryVocabulary:
    """The ids of names, kept in memory."""

    ids: dict[tuple[str, str], str] = field(default_factory=dict)

    def get(self, kind: str, name: str) -> str | None:
        return self.ids.get((kind, name))

    def put(self, kind: str, names: Mapping[str, str]) -> None:
        self.ids |= {(kind, name): known for name, known in names.items()}

    def forget(self, kind: str) -> None:
        self.ids = {key: known for key, known in self.ids.items() if key[0] != kind}


@dataclass
class Gallery:
    """Where the till keeps its pictures; counts how often each was fetched."""

    url: str = ""
    fetched: Counter[str] = field(default_factory=Counter)
    broken: set[str] = field(default_factory=set)

    def picture(self, name: str) -> ProductImage:
        return ProductImage(name, f"{self.url}/{name}.png")

    def app(self) -> Flask:
        app = Flask("gallery")

        @app.get("/<path:name>")
        def show(name: str) -> Response:
            stem = name.partition(".")[0]
            self.fetched[stem] += 1
            return Response(status=404) if stem in self.broken else Response(PNG, mimetype="image/png")

        return app


@dataclass
class KillingSender:
    """Kills the process before or after an exchange."""

    http: HttpClient
    crash: Crash

    @property
    def subject(self) -> Subject:
        return self.http.subject

    def send(self, request: Request) -> Answer:
        self.crash.step(f"before {request.method} {request.route}")
        answer = self.http.send(request)
        self.crash.step(f"after {request.method} {request.route}")
        return answer

    def exchange(self, request: Request) -> Answer:
        return self.http.exchange(request)


@dataclass
class Storefront:
    """The stand-in with its address, and what outlives a run of ours: the vocabulary and the links."""

    state: Shop
    url: str
    plain_url: str
    ca: str
    gallery: Gallery
    vocabulary: MemoryVocabulary = field(default_factory=MemoryVocabulary)
    links: dict[str, Link] = field(default_factory=dict)
    quantities: dict[str, Quantity] = field(default_factory=dict)
    clock: FakeClock = field(default_factory=lambda: FakeClock(datetime.now(UTC)))

    def adapter(
        self, *, keys: ApiKeys = KEYS, url: str = "", crash: Crash | None = None, traits: Traits | None = None
    ) -> WooCommerceShop:
        """Begin a run of ours, as a fresh process would."""
        options = TransportOptions(read_seconds=2, ca_bundle=self.ca)
        http = HttpClient("woocommerce", "c1", policy=AddressPolicy.local(), clock=self.clock, options=options)
        sender = KillingSender(http, crash or Crash())
        return WooCommerceShop(
            sender, url or self.url, keys, self.vocabulary, clock=self.clock, traits=traits or Traits()
        )

    def push(
        self, *products: Product, shop: WooCommerceShop | None = None, settings: MerchantSettings | None = None
    ) -> dict[str, ProductOutcome]:
        """Do what the catalogue lane does: plan, note the attempt, write, keep the links of every batch."""
        chosen = settings or MerchantSettings()
        plans = [plan_product(product, self._link(product), chosen) for product in products]
        writes = [plan.write for plan in plans if isinstance(plan, Write)]
        for write in writes:
            noted = replace(self._link(write.product), attempted_at=write.link.attempted_at or self.clock.now())
            self.links[write.product.key] = noted
        outcomes: dict[str, ProductOutcome] = {}
        for batch in (shop or self.adapter()).write_products(writes) if writes else ():
            for outcome in batch:
                assert outcome.write.product.key not in outcomes, "one outcome per write"
                outcomes[outcome.write.product.key] = outcome
                self._keep(outcome)
        return outcomes

    def forget_everything(self) -> None:
        """Lose our memory, as after connecting the shop anew."""
        self.links.clear()
        self.vocabulary.ids.clear()

    def _link(self, product: Product) -> Link:
        return self.links.get(product.key, Link(product_key=product.key))

    def _keep(self, outcome: ProductOutcome) -> None:
        link = outcome.link if outcome.error else replace(outcome.link, attempted_at=None)
        self.links[link.product_key] = link
        self.quantities |= outcome.quantities

    def fault(self, kind: Any, **options: Any) -> None:
        self.state.instruments.faults.add(Fault(kind, **options))

    def calls(self, contains: str = "") -> list[Call]:
        return [call for call in self.state.instruments.ledger.calls() if contains in call.route]

    def forget_calls(self) -> None:
        self.state.instruments.ledger.reset()

    def names(self) -> list[str]:
        """The names of all products, variations left out, sorted."""
        return sorted(product.name for product in self.state.products if not product.is_variation)

    def rows(self, path: str, **query: str) -> Any:
        """Ask the shop's API as a merchant would, past our adapter."""
        client = build_app(self.state).test_client()
        return client.get(
            f"/wp-json/wc/v3{path}", query_string=query, auth=(KEY.key, KEY.secret), base_url=self.url
        ).json

    def change(self, path: str, body: object, method: str = "PUT") -> Any:
        """Change something in the shop as a merchant would."""
        client = build_app(self.state).test_client()
        answer = client.open(
            f"/wp-json/wc/v3{path}", method=method, json=body, auth=(KEY.key, KEY.secret), base_url=self.url
        )
        assert answer.status_code < 300, answer.text
        return answer.json


@contextmanager
def storefront(tls: TlsFiles, settings: Settings | None = None) -> Iterator[Storefront]:
    """Open a shop, and the gallery it fetches pictures from."""
    gallery = Gallery()
    state = Shop(settings or Settings(keys=(KEY,), ca_file=str(tls.ca), callback_seconds=5))
    app = build_app(state)
    with serve(app, tls=tls) as secure, serve(app) as plain, serve(gallery.app()) as pictures:
        gallery.url = pictures.url
        yield Storefront(state, secure.url, plain.url, str(tls.ca), gallery)


def errors(outcomes: Mapping[str, ProductOutcome]) -> dict[str, TillbridgeError]:
    """The errors by product key."""
    return {key: outcome.error for key, outcome in outcomes.items() if outcome.error}


def codes(outcomes: Mapping[str, ProductOutcome]) -> dict[str, str]:
    return {key: error.code for key, error in errors(outcomes).items()}
