"""A shop as the suite needs it: our adapter in front of a stand-in, and the stand-in's own people behind it.

One subclass per system, in ``tests/functional/<system>/storefront.py``. What it says of the shop it reads past our
adapter, and what the merchant does there counts as no call of ours.
"""

import base64
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask, Response

from sandbox.common.faults import Fault
from sandbox.common.instrument import Instruments
from sandbox.common.ledger import Call
from tests.conformance.baskets import Basket
from tests.fakes.clock import FakeClock
from tests.fakes.crash import Crash
from tillbridge.domain.errors import RetryLaterError, Subject, TillbridgeError
from tillbridge.domain.planning import Write, plan_product
from tillbridge.domain.product import (
    KnownVariant,
    Link,
    ListingRef,
    Product,
    ProductImage,
    ProductOutcome,
    ProductWrite,
    StockOutcome,
    StockWrite,
)
from tillbridge.domain.settings import MerchantSettings
from tillbridge.domain.stock import Quantity
from tillbridge.domain.traces import traces_left, with_traces
from tillbridge.flows.keep_hooks import ShopHooks
from tillbridge.systems.http import Answer, HttpClient, Request
from tillbridge.systems.order_desk import OrderDesk
from tillbridge.systems.shop import Shop

PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==")
"""A picture of one black dot: some shops look whether it is one."""


@dataclass
class MemoryVocabulary:
    """The ids of names, kept in memory."""

    ids: dict[tuple[str, str], str] = field(default_factory=dict)

    def get(self, kind: str, name: str) -> str | None:
        return self.ids.get((kind, name))

    def put(self, kind: str, names: Mapping[str, str]) -> None:
        assert all((kind, *names)), "the table takes no empty keys"
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
        self.crash.step(f"before {request.method} {request.route}")
        answer = self.http.exchange(request)
        self.crash.step(f"after {request.method} {request.route}")
        return answer


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownVariant:
    """One sellable thing as the shop's people see it; ``stock`` is by the shop's place ("" where it has none).

    A simple product's only variant is always ``on_sale``: whether shoppers see it is the product's.
    """

    ref: ListingRef
    sku: str = ""
    gtin: str = ""
    options: tuple[str, ...] = ()
    regular_price: Decimal | None = None
    sale_price: Decimal | None = None
    msrp: Decimal | None = None
    weight: Decimal | None = None
    stock: Mapping[str, int] = field(default_factory=dict)
    on_sale: bool = True
    image: str = ""  # the file's name without its ending


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownProduct:
    """One product as the shop's people see it; ``images`` are names of files without their endings, in order."""

    product_id: str
    name: str = ""
    description: str = ""
    on_sale: bool = False
    categories: tuple[str, ...] = ()
    brand: str = ""
    images: tuple[str, ...] = ()
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    variants: tuple[ShownVariant, ...] = ()


@dataclass(kw_only=True)
class Front(ABC):
    """The stand-in with its address, and what outlives a run of ours: the vocabulary and the links.

    ``lacks`` names what the shop has no counterpart for, each with the reason; see ``needs``.
    """

    gallery: Gallery
    vocabulary: MemoryVocabulary = field(default_factory=MemoryVocabulary)
    links: dict[str, Link] = field(default_factory=dict)
    quantities: dict[str, Quantity] = field(default_factory=dict)
    clock: FakeClock = field(default_factory=lambda: FakeClock(datetime.now(UTC)))

    lacks: Mapping[str, str] = field(default_factory=dict)
    place: str = ""
    """The shop's place where a figure goes that names none."""
    other_places: tuple[str, ...] = ()
    most_options: int = 3
    read_seconds: float = 30
    """How long an answer is waited for, by the machine's own clock: a busy machine takes its time."""
    page: int = 100
    """How many listings the shop gives in a page at most: what takes several pages is made with one more."""

    # --- our side ---

    @abstractmethod
    def shop(self, crash: Crash | None = None) -> Shop:
        """Begin a run of ours, as a fresh process would."""

    @abstractmethod
    def desk(self, crash: Crash | None = None) -> OrderDesk:
        """Begin at the shop's orders, as a fresh process would."""

    @abstractmethod
    def hooks(self) -> ShopHooks:
        """Give the shop's web hooks, as a fresh process would."""

    # --- the shop's people and what they see ---

    @property
    @abstractmethod
    def instruments(self) -> Instruments:
        """Give the stand-in's ledger and faults."""

    @abstractmethod
    def shown(self) -> Sequence[ShownProduct]:
        """List everything the shop has, drafts included, what was deleted not."""

    @abstractmethod
    def add(self, product: Product) -> str:
        """Have the merchant make a product like this by hand; gives its id."""

    @abstractmethod
    def edit(self, ref: ListingRef, **fields: Any) -> None:
        """Have the merchant change ``name``, ``description``, ``sku``, ``regular_price`` or ``stock`` of a listing.

        ``stock`` may name a ``place`` of the shop's besides.
        """

    @abstractmethod
    def put_into(self, product_id: str, category: str) -> None:
        """Have the merchant put a product into a further category, made by hand."""

    @abstractmethod
    def delete(self, product_id: str) -> None:
        """Have the merchant delete a product for good."""

    @abstractmethod
    def order(self, *lines: tuple[ListingRef, int]) -> str:
        """Have a shopper place and pay an order; gives its id."""

    @abstractmethod
    def cancel(self, order_id: str) -> None:
        """Have the merchant cancel an order and put its units back; one that is paid gets its money back."""

    @abstractmethod
    def sell(self, basket: Basket) -> str:
        """Have a shopper place an order that is worth money, with ``baskets``' personal data; gives its id."""

    @abstractmethod
    def worth(self, order_id: str) -> Decimal:
        """Tell an order's grand total, tax included, as the shop's people see it."""

    @abstractmethod
    def refund(self, order_id: str, ref: ListingRef, units: int, *, restock: bool) -> Decimal:
        """Have the merchant give back units of a paid order, put on sale again or not; gives the money."""

    @abstractmethod
    def pay_back(self, order_id: str, amount: Decimal) -> None:
        """Have the merchant give back money of a paid order, and no goods."""

    @abstractmethod
    def send(self, order_id: str, units: Mapping[ListingRef, int] | None = None) -> None:
        """Have the shop's people ship so many units, or all that is left of an order."""

    @abstractmethod
    def sale_notes(self, order_id: str) -> Sequence[str]:
        """List what the shop's people read at an order about its sale."""

    @abstractmethod
    def hook_addresses(self) -> Sequence[str]:
        """List where the shop's active web hooks deliver to, one entry per topic."""

    @abstractmethod
    def switch_hooks_off(self) -> None:
        """Have the shop switch every web hook off, as it does after failures."""

    @abstractmethod
    def delete_hooks(self) -> None:
        """Have the merchant delete every web hook."""

    # --- what every shop's tests do ---

    def needs(self, *features: str) -> None:
        """End a case here that the shop has no counterpart for; the reason stands in the table."""
        for feature in features:
            if feature in self.lacks:
                pytest.skip(f"{feature}: {self.lacks[feature]}")

    def push(
        self, *products: Product, shop: Shop | None = None, settings: MerchantSettings | None = None
    ) -> dict[str, ProductOutcome]:
        """Do what the catalogue lane does: plan, note the attempt, write, keep the links of every batch."""
        writes = self.writes(*products, settings=settings)
        outcomes: dict[str, ProductOutcome] = {}
        for batch in (shop or self.shop()).write_products(writes) if writes else ():
            for outcome in batch:
                assert outcome.write.product.key not in outcomes, "one outcome per write"
                outcomes[outcome.write.product.key] = outcome
                self._keep(outcome)
        return outcomes

    def writes(self, *products: Product, settings: MerchantSettings | None = None) -> list[ProductWrite]:
        """Plan what is to be written of products, and note the attempt."""
        plans = [plan_product(product, self._link(product), settings or MerchantSettings()) for product in products]
        writes = [plan.write for plan in plans if isinstance(plan, Write)]
        for write in writes:
            attempted_at = write.link.attempted_at or self.clock.now()
            self.links[write.product.key] = replace(with_traces(write), attempted_at=attempted_at)
        return writes

    def put_stock(
        self, figures: Mapping[str, int], places: Mapping[str, int] | None = None, shop: Shop | None = None
    ) -> dict[str, StockOutcome]:
        """Do what the stock lane does: write figures by item id, the same ``places`` for each.

        What the shop shows is in doubt from the moment of sending until it is acknowledged.
        """
        writes = [
            StockWrite(item_id, known.ref, quantity, self.quantities.pop(item_id, None), places or {})
            for item_id, quantity in figures.items()
            for known in (self.known(item_id),)
        ]
        outcomes = {
            outcome.write.item_id: outcome for batch in (shop or self.shop()).write_stock(writes) for outcome in batch
        }
        self.quantities |= {
            item_id: outcome.acknowledged for item_id, outcome in outcomes.items() if outcome.acknowledged is not None
        }
        return outcomes

    def known(self, item_id: str) -> KnownVariant:
        """Find the listing of an item."""
        return next(known for link in self.links.values() for known in link.variants if known.item_id == item_id)

    def forget_everything(self) -> None:
        """Lose our memory, as after connecting the shop anew."""
        self.links.clear()
        self.vocabulary.ids.clear()

    def product(self, product_id: str) -> ShownProduct:
        """Show one product."""
        return next(shown for shown in self.shown() if shown.product_id == product_id)

    def variant(self, ref: ListingRef) -> ShownVariant:
        """Show one sellable thing."""
        return next(variant for variant in self.product(ref.product_id).variants if variant.ref == ref)

    def names(self) -> list[str]:
        """The names of all products, sorted."""
        return sorted(shown.name for shown in self.shown())

    def skus(self) -> Counter[str]:
        """How often each SKU is there."""
        return Counter(variant.sku for shown in self.shown() for variant in shown.variants if variant.sku)

    def fault(self, kind: Any, **options: Any) -> None:
        """Put a fault in force; without ``path`` it is for the calls of our adapter."""
        self.instruments.faults.add(Fault(kind, **options))

    def calls(self, contains: str = "") -> list[Call]:
        """List what was asked of the shop."""
        return [call for call in self.instruments.ledger.calls() if contains in call.route]

    def forget_calls(self) -> None:
        """Begin a new page of the ledger."""
        self.instruments.ledger.reset()

    def settle(self) -> None:  # noqa: B027  most shops are done when they answer
        """Let the shop finish what it does behind its answers: queues, pictures, indexes."""

    def _link(self, product: Product) -> Link:
        return self.links.get(product.key, Link(product_key=product.key))

    def _keep(self, outcome: ProductOutcome) -> None:
        link = replace(outcome.link, traces=traces_left(outcome))
        if isinstance(outcome.error, RetryLaterError):
            link = replace(link, attempted_at=link.attempted_at or self.clock.now())
        self.links[link.product_key] = link if outcome.error else replace(link, attempted_at=None)
        self.quantities |= outcome.quantities


def errors(outcomes: Mapping[str, ProductOutcome]) -> dict[str, TillbridgeError]:
    """The errors by product key."""
    return {key: outcome.error for key, outcome in outcomes.items() if outcome.error}


def codes(outcomes: Mapping[str, ProductOutcome]) -> dict[str, str]:
    """The codes of the errors by product key."""
    return {key: error.code for key, error in errors(outcomes).items()}
