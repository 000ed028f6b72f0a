"""A BigCommerce store in this process, over real sockets, and our adapter in front of it."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Any

from flask import Flask

from sandbox.bigcommerce.app import build_app
from sandbox.bigcommerce.catalogue.model import Image, Variant
from sandbox.bigcommerce.catalogue.model import Product as StoredProduct
from sandbox.bigcommerce.inventory import levels
from sandbox.bigcommerce.sales.shopper import CARD, MANUAL
from sandbox.bigcommerce.settings import ApiAccount, Settings
from sandbox.bigcommerce.shop import Shop
from sandbox.common.instrument import Instruments
from sandbox.common.server import TlsFiles, serve
from tests.conformance.baskets import CITY, EMAIL, FIRST_NAME, PHONE, POSTCODE, STREET, TAX, Basket
from tests.conformance.front import Front, Gallery, KillingSender, ShownProduct, ShownVariant
from tests.fakes.clock import FakeClock
from tests.fakes.crash import Crash
from tillbridge.domain.product import ListingRef, Product
from tillbridge.systems.bigcommerce import orders
from tillbridge.systems.bigcommerce.api.budget import BudgetBook
from tillbridge.systems.bigcommerce.desk.desk import BigCommerceOrderDesk
from tillbridge.systems.bigcommerce.hooks import BigCommerceHooks
from tillbridge.systems.bigcommerce.shop import BigCommerceShop
from tillbridge.systems.bigcommerce.traits import Traits
from tillbridge.systems.http import AddressPolicy, HttpClient, TransportOptions

OURS = ApiAccount("token_of_ours", "client_of_ours", "secret_of_ours")
THEIRS = ApiAccount("token_of_the_merchant", "client_of_the_merchant", "secret_of_the_merchant")
HASH = "sandbox1"
RESTOCKING = Traits(place="1", places=("1",), panel_restocks=True)
WAYS = {"card": CARD, "cash": "Cash on Delivery", "transfer": MANUAL}
SHOPPER = {
    "first_name": FIRST_NAME,
    "last_name": "Doe",
    "email": EMAIL,
    "phone": PHONE,
    "street_1": STREET,
    "city": CITY,
    "zip": POSTCODE,
}


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

    def desk(self, crash: Crash | None = None) -> BigCommerceOrderDesk:
        return BigCommerceOrderDesk(self.adapter(crash=crash).client, self.clock, RESTOCKING)

    def sell(self, basket: Basket) -> str:
        items = [{"sku": self.variant(ref).sku, "quantity": units} for ref, units in basket.lines.items()]
        body: dict[str, Any] = {
            "items": items,
            "billing": SHOPPER,
            "payment_method": WAYS[basket.way],
            "coupon": "tenoff" if basket.discounted else "",
            "shipping": "5.00" if basket.shipped else "0",
            "email_opt_in": bool(basket.agrees),
        }
        if basket.way == "transfer":
            body["status_id"] = orders.AWAITING_PAYMENT
        return str(self.control("order", body)["id"])

    def worth(self, order_id: str) -> Decimal:
        return self.state.orders[int(order_id)].totals.total_inc_tax

    def refund(self, order_id: str, ref: ListingRef, units: int, *, restock: bool) -> Decimal:
        """In the panel goods go back on sale as well, by the API never."""
        if restock:
            items = [{"sku": self.variant(ref).sku, "quantity": units}]
            made = self.control("refund", {"order_id": int(order_id), "items": items, "restock": True})
            return Decimal(str(made["total_amount"]))
        line = next(line for line in self.state.orders[int(order_id)].lines if line.sku == self.variant(ref).sku)
        actions, entry = f"/v3/orders/{order_id}/payment_actions", {"item_type": "PRODUCT", "item_id": line.id}
        items = [{**entry, "quantity": units}]
        amount = self.call("POST", f"{actions}/refund_quotes", {"items": items})["data"]["total_refund_amount"]
        payments = [{"provider_id": "storecredit", "amount": amount}]
        self.call("POST", f"{actions}/refunds", {"items": items, "payments": payments})
        return Decimal(str(amount))

    def pay_back(self, order_id: str, amount: Decimal) -> None:
        entry = {"item_type": "ORDER", "item_id": int(order_id), "amount": float(amount)}
        payments = [{"provider_id": "storecredit", "amount": float(amount)}]
        refunds = f"/v3/orders/{order_id}/payment_actions/refunds"
        self.call("POST", refunds, {"items": [entry], "payments": payments})

    def send(self, order_id: str, units: Mapping[ListingRef, int] | None = None) -> None:
        items = [{"sku": self.variant(ref).sku, "quantity": count} for ref, count in (units or {}).items()]
        self.control("ship", {"order_id": int(order_id), "items": items})

    def sale_notes(self, order_id: str) -> list[str]:
        told = self.call("GET", f"/v2/orders/{order_id}")["external_order_id"]
        return [told] if told else []

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


def taxing(tls: TlsFiles, *, inside: bool) -> AbstractContextManager[Storefront]:
    """Open a store that takes tax, inside its prices or on top."""
    accounts, ca = (OURS, THEIRS), str(tls.ca)
    settings = Settings(
        accounts=accounts, store_hash=HASH, ca_file=ca, quota=100_000, tax_percent=TAX, prices_include_tax=inside
    )
    return storefront(tls, settings)


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
