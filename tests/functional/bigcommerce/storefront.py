"""A BigCommerce store in this process, over real sockets, and our adapter in front of it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Any

from flask import Flask

from sandbox.bigcommerce.app import build_app
from sandbox.bigcommerce.catalogue.model import Image, Variant
from sandbox.bigcommerce.catalogue.model import Product as StoredProduct
from sandbox.bigcommerce.inventory import levels
from sandbox.bigcommerce.settings import ApiAccount, Settings
from sandbox.bigcommerce.shop import Shop
from sandbox.common.instrument import Instruments
from sandbox.common.server import TlsFiles, serve
from tests.conformance.front import Front, Gallery, KillingSender, ShownProduct, ShownVariant
from tests.fakes.clock import FakeClock
from tests.fakes.crash import Crash
from tillbridge.domain.product import ListingRef, Product
from tillbridge.systems.bigcommerce.api.budget import BudgetBook
from tillbridge.systems.bigcommerce.hooks import BigCommerceHooks
from tillbridge.systems.bigcommerce.shop import BigCommerceShop
from tillbridge.systems.bigcommerce.traits import Traits
from tillbridge.systems.http import AddressPolicy, HttpClient, TransportOptions

OURS = ApiAccount("token_of_ours", "client_of_ours", "secret_of_ours")
THEIRS = ApiAccount("token_of_the_merchant", "client_of_the_merchant", "secret_of_the_merchant")
HASH = "sandbox1"


@dataclass(kw_only=True)
class Storefront(Front):
    """The stand-in with its address, and what outlives a run of ours. Its clock is ours: who waits lets time pass."""

    state: Shop
    app: Flask
    url: str
    ca: str
    place: str = "1"
    page: int = 250
    lacks: Mapping[str, str] = field(
        default_factory=lambda: {
            "option limit": 'no limit of options, but 600 variants (facts/bigcommerce.md, "Catalog v3")'
        }
    )

    def adapter(
        self,
        *,
        token: str = OURS.token,
        crash: Crash | None = None,
        traits: Traits | None = None,
        budget: BudgetBook | None = None,
    ) -> BigCommerceShop:
        """Begin a run of ours, as a fresh process would."""
        options = TransportOptions(read_seconds=self.read_seconds, ca_bundle=self.ca)
        http = HttpClient("bigcommerce", "c1", policy=AddressPolicy.local(), clock=self.clock, options=options)
        sender = KillingSender(http, crash or Crash())
        known = traits or Traits(place=self.place, places=(self.place, *self.other_places))
        return BigCommerceShop(
            sender, self.address, token, self.vocabulary, clock=self.clock, traits=known, budget=budget
        )

    @property
    def address(self) -> str:
        """The API's address for this store."""
        return f"{self.url}/stores/{HASH}"

    def shop(self, crash: Crash | None = None) -> BigCommerceShop:
        return self.adapter(crash=crash)

    def hooks(self) -> BigCommerceHooks:
        return BigCommerceHooks(self.adapter().client)

    @property
    def instruments(self) -> Instruments:
        return self.state.instruments

    def shown(self) -> list[ShownProduct]:
        return [self._shown(product) for product in self.state.products]

    def add(self, product: Product) -> str:
        return str(self.call("POST", "/v3/catalog/products", own_body(product))["data"]["id"])

    def edit(self, ref: ListingRef, **fields: Any) -> None:
        number = int(ref.variant_id or ref.product_id)
        if "stock" in fields:
            where = {"location_id": int(fields.pop("place", self.place))}
            self.control("stock", {"id": number, "quantity": fields.pop("stock"), **where})
        texts = {"regular_price": "price"}
        changes = {texts.get(name, name): _json(name, value) for name, value in fields.items()}
        if changes:
            self.control("edit", {"id": number, "changes": changes})

    def put_into(self, product_id: str, category: str) -> None:
        made = self.call("POST", "/v3/catalog/trees/categories", [{"name": category, "tree_id": 1, "parent_id": 0}])
        pair = {"product_id": int(product_id), "category_id": made["data"][0]["category_id"]}
        self.call("PUT", "/v3/catalog/products/category-assignments", [pair])

    def delete(self, product_id: str) -> None:
        self.control("delete", {"id": int(product_id)})

    def order(self, *lines: tuple[ListingRef, int]) -> str:
        items = [{"sku": self.variant(ref).sku, "quantity": units} for ref, units in lines]
        return str(self.control("order", {"items": items})["id"])

    def cancel(self, order_id: str) -> None:
        self.control("cancel", {"order_id": int(order_id)})

    def hook_addresses(self) -> list[str]:
        return [hook.destination for hook in self.state.webhooks.values() if hook.active]

    def switch_hooks_off(self) -> None:
        for hook in self.state.webhooks.values():
            hook.active = False

    def delete_hooks(self) -> None:
        self.state.webhooks.clear()

    def settle(self) -> None:
        with self.state.lock:
            levels.settle(self.state, everything=True)

    def call(self, method: str, path: str, body: object = None) -> Any:
        """Ask or change something as another app of the merchant's would."""
        client = self.app.test_client()
        headers = {"X-Auth-Token": THEIRS.token}
        answer = client.open(f"/stores/{HASH}{path}", method=method, json=body, headers=headers, base_url=self.url)
        assert answer.status_code < 300, answer.text
        return answer.json if answer.data else None

    def control(self, action: str, body: object) -> Any:
        """Do something as the store's people."""
        answer = self.app.test_client().post(f"/_sandbox/{action}", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json

    def _shown(self, product: StoredProduct) -> ShownProduct:
        values, state = product.values, self.state
        return ShownProduct(
            product_id=str(product.id),
            name=product.name,
            description=str(values["description"]),
            on_sale=values["is_visible"] is True,
            categories=tuple(state.categories[number].name for number in product.categories),
            brand=state.brands[product.brand_id].name if product.brand_id else "",
            images=tuple(_stem(image) for image in product.images),
            options={option.display_name: tuple(value.label for value in option.values) for option in product.options},
            variants=tuple(self._shown_variant(product, variant) for variant in product.variants),
        )

    def _shown_variant(self, product: StoredProduct, variant: Variant) -> ShownVariant:
        own = variant is not product.base

        def amount(name: str) -> Decimal | None:
            value = variant.values[name] if own and variant.values[name] is not None else product.values[name]
            return Decimal(str(value))

        return ShownVariant(
            ref=ListingRef(str(product.id), str(variant.id) if own else ""),
            sku=variant.sku,
            gtin=str((variant.values if own else product.values)["upc"]),
            options=_labels(product, variant),
            regular_price=amount("price"),
            sale_price=amount("sale_price") or None,
            msrp=amount("retail_price") or None,
            weight=amount("weight") or None,
            stock=self._stock(product, variant),
            on_sale=variant.values["purchasing_disabled"] is not True,
            image=_stem(variant.image) if variant.image else "",
        )

    def _stock(self, product: StoredProduct, variant: Variant) -> dict[str, int]:
        kept = product.tracked(variant)
        if kept is None:
            return {}
        found = {place: self.state.levels.get((kept.id, place)) for place in self.state.locations}
        return {str(place): level.on_hand for place, level in found.items() if level is not None}


@contextmanager
def storefront(tls: TlsFiles, settings: Settings | None = None) -> Iterator[Storefront]:
    """Open a store with a second location, and the gallery it fetches pictures from."""
    gallery, clock = Gallery(), FakeClock()
    usual = Settings(accounts=(OURS, THEIRS), store_hash=HASH, ca_file=str(tls.ca), callback_seconds=5, quota=100_000)
    state = Shop(settings or usual, clock)
    app = build_app(state)
    with serve(app, tls=tls) as secure, serve(gallery.app()) as pictures:
        gallery.url = pictures.url
        front = Storefront(state=state, app=app, url=secure.url, ca=str(tls.ca), gallery=gallery, clock=clock)
        front.other_places = (str(front.control("location", {"code": "SECOND"})["id"]),)
        yield front


def _labels(product: StoredProduct, variant: Variant) -> tuple[str, ...]:
    labels = {value.id: value.label for option in product.options for value in option.values}
    return tuple(labels[variant.choices[option.id]] for option in product.options if option.id in variant.choices)


def _stem(image: Image) -> str:
    return PurePosixPath(image.name).stem


def _json(name: str, value: object) -> object:
    return float(str(value)) if name == "regular_price" else value


def own_body(product: Product) -> dict[str, Any]:
    """Write a product as a merchant would."""
    first, *_ = product.variants
    body: dict[str, Any] = {
        "name": product.name,
        "description": product.description,
        "type": "physical",
        "weight": 1,
        "price": float(first.regular_price),
        "is_visible": True,
    }
    if not product.variable:
        return {**body, "sku": first.sku, "inventory_tracking": "product"}
    rows = [
        {
            "sku": variant.sku,
            "price": float(variant.regular_price),
            "option_values": [
                {"option_display_name": option.name, "label": value}
                for option, value in zip(product.options, variant.options, strict=True)
            ],
        }
        for variant in product.variants
    ]
    return {**body, "inventory_tracking": "variant", "variants": rows}
