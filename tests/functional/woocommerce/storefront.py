"""A WooCommerce shop in this process, over real sockets, and our adapter in front of it."""

import itertools
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from html import unescape
from typing import Any

from flask import Flask

from sandbox.common.instrument import Instruments
from sandbox.common.server import TlsFiles, serve
from sandbox.woocommerce.app import build_app
from sandbox.woocommerce.settings import ApiKey, Settings
from sandbox.woocommerce.shop import Shop
from tests.conformance.baskets import CITY, EMAIL, FIRST_NAME, PHONE, POSTCODE, STREET, TAX, Basket
from tests.conformance.front import Front, Gallery, KillingSender, ShownProduct, ShownVariant
from tests.fakes.clock import FakeClock
from tests.fakes.crash import Crash
from tillbridge.domain.product import ListingRef, Product, Variant
from tillbridge.systems.http import AddressPolicy, HttpClient, TransportOptions
from tillbridge.systems.woocommerce.api.keys import ApiKeys
from tillbridge.systems.woocommerce.desk.desk import WooCommerceOrderDesk
from tillbridge.systems.woocommerce.hooks import WooCommerceHooks
from tillbridge.systems.woocommerce.shop import WooCommerceShop
from tillbridge.systems.woocommerce.traits import Traits

KEY = ApiKey("ck_test", "cs_test")
KEYS = ApiKeys(KEY.key, KEY.secret)
WAYS = {"card": "sandbox_card", "cash": "cod", "transfer": "bacs"}
SHOPPER = {
    "first_name": FIRST_NAME,
    "last_name": "Doe",
    "email": EMAIL,
    "phone": PHONE,
    "address_1": STREET,
    "city": CITY,
    "postcode": POSTCODE,
    "country": "US",
}


@dataclass(kw_only=True)
class Storefront(Front):
    """The stand-in with its address, and what outlives a run of ours."""

    state: Shop
    app: Flask
    url: str
    plain_url: str
    ca: str
    lacks: Mapping[str, str] = field(
        default_factory=lambda: {
            "places": 'one figure per product (facts/woocommerce.md, "Products")',
            "msrp": "no such field",
            "consent": 'WooCommerce itself asks for none (facts/woocommerce.md, "Orders")',
            "shipments": 'of a completed order everything has left (facts/woocommerce.md, "Orders")',
            "option limit": "any number of attributes",
        }
    )

    def adapter(
        self, *, keys: ApiKeys = KEYS, url: str = "", crash: Crash | None = None, traits: Traits | None = None
    ) -> WooCommerceShop:
        """Begin a run of ours, as a fresh process would."""
        options = TransportOptions(read_seconds=self.read_seconds, ca_bundle=self.ca)
        http = HttpClient("woocommerce", "c1", policy=AddressPolicy.local(), clock=self.clock, options=options)
        sender = KillingSender(http, crash or Crash())
        return WooCommerceShop(
            sender, url or self.url, keys, self.vocabulary, clock=self.clock, traits=traits or Traits()
        )

    def shop(self, crash: Crash | None = None) -> WooCommerceShop:
        return self.adapter(crash=crash)

    def hooks(self) -> WooCommerceHooks:
        return WooCommerceHooks(self.adapter().client)

    @property
    def instruments(self) -> Instruments:
        return self.state.instruments

    def shown(self) -> list[ShownProduct]:
        products = self._all("/products", status="any")
        below = {row["id"]: f"/products/{row['id']}/variations" for row in products if row["type"] == "variable"}
        return [shown_product(row, self._all(below[row["id"]]) if row["id"] in below else []) for row in products]

    def _all(self, path: str, **query: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = []
        for page in itertools.count(1):
            more = self.rows(path, per_page="100", page=str(page), **query)
            rows += more
            if len(more) < 100:
                break
        return rows

    def add(self, product: Product) -> str:
        made = self.change("/products", own_body(product), "POST")
        for variant in product.variants if product.variable else ():
            self.change(f"/products/{made['id']}/variations", own_variation(product, variant), "POST")
        return str(made["id"])

    def edit(self, ref: ListingRef, **fields: Any) -> None:
        texts = {"stock": "stock_quantity"}
        path = f"/products/{ref.product_id}" + (f"/variations/{ref.variant_id}" if ref.variant_id else "")
        self.change(path, {texts.get(name, name): value for name, value in fields.items()})

    def put_into(self, product_id: str, category: str) -> None:
        made = self.change("/products/categories", {"name": category}, "POST")
        (row,) = (row for row in self.rows("/products", status="any") if str(row["id"]) == product_id)
        self.change(f"/products/{product_id}", {"categories": [*row["categories"], {"id": made["id"]}]})

    def delete(self, product_id: str) -> None:
        self.change(f"/products/{product_id}?force=true", None, "DELETE")

    def order(self, *lines: tuple[ListingRef, int]) -> str:
        items = [
            {"product_id": int(ref.product_id), "variation_id": int(ref.variant_id or 0), "quantity": units}
            for ref, units in lines
        ]
        return str(self.change("/orders", {"set_paid": True, "line_items": items}, "POST")["id"])

    def cancel(self, order_id: str) -> None:
        self.change(f"/orders/{order_id}", {"status": "cancelled"})

    def desk(self, crash: Crash | None = None) -> WooCommerceOrderDesk:
        return WooCommerceOrderDesk(self.adapter(crash=crash).client, self.clock)

    def sell(self, basket: Basket) -> str:
        body: dict[str, Any] = {
            "payment_method": WAYS[basket.way],
            "set_paid": basket.way == "card",
            "status": "on-hold" if basket.way == "transfer" else "processing",
            "line_items": [
                {"product_id": int(ref.product_id), "variation_id": int(ref.variant_id or 0), "quantity": units}
                for ref, units in basket.lines.items()
            ],
            "billing": SHOPPER,
        }
        if basket.discounted:
            body["coupon_lines"] = [{"code": "tenoff"}]
        if basket.shipped:
            body["shipping_lines"] = [{"method_id": "flat_rate", "method_title": "Parcel", "total": "5.00"}]
        return str(self.change("/orders", body, "POST")["id"])

    def worth(self, order_id: str) -> Decimal:
        return Decimal(self.rows(f"/orders/{order_id}")["total"])

    def refund(self, order_id: str, ref: ListingRef, units: int, *, restock: bool) -> Decimal:
        rows = self.rows(f"/orders/{order_id}")["line_items"]
        sold = next(row for row in rows if str(row["product_id"]) == ref.product_id)
        share = Decimal(units) / sold["quantity"]
        net, tax = (f"{Decimal(sold[name]) * share:.2f}" for name in ("total", "total_tax"))
        line = {"id": sold["id"], "quantity": units, "refund_total": net}
        if sold["taxes"]:
            line["refund_tax"] = [{"id": sold["taxes"][0]["id"], "refund_total": tax}]
        body = {"api_refund": False, "api_restock": restock, "line_items": [line]}
        body["amount"] = str(Decimal(net) + Decimal(tax))
        return Decimal(self.change(f"/orders/{order_id}/refunds", body, "POST")["amount"])

    def pay_back(self, order_id: str, amount: Decimal) -> None:
        self.change(f"/orders/{order_id}/refunds", {"api_refund": False, "amount": str(amount)}, "POST")

    def send(self, order_id: str, units: Mapping[ListingRef, int] | None = None) -> None:
        if units:
            raise NotImplementedError(self.lacks["shipments"])
        self.change(f"/orders/{order_id}", {"status": "completed"})

    def sale_notes(self, order_id: str) -> list[str]:
        return [row["note"] for row in self.rows(f"/orders/{order_id}/notes") if "till" in row["note"]]

    def hook_addresses(self) -> list[str]:
        return [row["delivery_url"] for row in self._hooks() if row["status"] == "active"]

    def switch_hooks_off(self) -> None:
        for row in self._hooks():
            self.change(f"/webhooks/{row['id']}", {"status": "disabled"})

    def delete_hooks(self) -> None:
        for row in self._hooks():
            self.change(f"/webhooks/{row['id']}?force=true", None, "DELETE")

    def _hooks(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.rows("/webhooks", per_page="100", status="all")
        return rows

    def names(self) -> list[str]:
        """The names of all products, variations left out, sorted; not as the API spells them."""
        return sorted(product.name for product in self.state.products if not product.is_variation)

    def rows(self, path: str, **query: str) -> Any:
        """Ask the shop's API as a merchant would, past our adapter."""
        client = self.app.test_client()
        return client.get(
            f"/wp-json/wc/v3{path}", query_string=query, auth=(KEY.key, KEY.secret), base_url=self.url
        ).json

    def change(self, path: str, body: object, method: str = "PUT") -> Any:
        """Change something in the shop as a merchant would."""
        client = self.app.test_client()
        answer = client.open(
            f"/wp-json/wc/v3{path}", method=method, json=body, auth=(KEY.key, KEY.secret), base_url=self.url
        )
        assert answer.status_code < 300, answer.text
        return answer.json


@contextmanager
def storefront(
    tls: TlsFiles, settings: Settings | None = None, *, clock: FakeClock | None = None
) -> Iterator[Storefront]:
    """Open a shop, and the gallery it fetches pictures from; with a clock, both sides keep to it."""
    gallery, ours = Gallery(), clock or FakeClock(datetime.now(UTC))
    state = Shop(settings or Settings(keys=(KEY,), ca_file=str(tls.ca), callback_seconds=5), clock)
    app = build_app(state)
    with serve(app, tls=tls) as secure, serve(app) as plain, serve(gallery.app()) as pictures:
        gallery.url = pictures.url
        yield Storefront(
            state=state, app=app, url=secure.url, plain_url=plain.url, ca=str(tls.ca), gallery=gallery, clock=ours
        )


def taxing(tls: TlsFiles, *, inside: bool) -> AbstractContextManager[Storefront]:
    """Open a shop that takes tax, inside its prices or on top."""
    settings = Settings(
        keys=(KEY,), ca_file=str(tls.ca), callback_seconds=5, tax_percent=TAX, prices_include_tax=inside
    )
    return storefront(tls, settings)


def shown_product(row: dict[str, Any], variations: list[dict[str, Any]]) -> ShownProduct:
    """Read a product as the shop's people see it."""
    return ShownProduct(
        product_id=str(row["id"]),
        name=unescape(row["name"]),
        description=row["description"],
        on_sale=row["status"] == "publish",
        categories=tuple(unescape(term["name"]) for term in row["categories"]),
        brand=next((unescape(term["name"]) for term in row.get("brands", ())), ""),
        images=tuple(_stem(image) for image in row["images"]),
        options={use["name"]: tuple(use["options"]) for use in row["attributes"] if use["variation"]},
        variants=tuple(
            _shown_variant(ListingRef(str(row["id"]), str(variation["id"])), variation) for variation in variations
        )
        or (_shown_variant(ListingRef(str(row["id"])), row),),
    )


def _shown_variant(ref: ListingRef, row: dict[str, Any]) -> ShownVariant:
    return ShownVariant(
        ref=ref,
        sku=unescape(row["sku"]),
        gtin=row["global_unique_id"],
        options=tuple(unescape(use["option"]) for use in row["attributes"]) if ref.variant_id else (),
        regular_price=_amount(row["regular_price"]),
        sale_price=_amount(row["sale_price"]),
        weight=_amount(row["weight"]),
        stock={"": row["stock_quantity"]} if row["manage_stock"] is True else {},
        on_sale=not ref.variant_id or row["status"] == "publish",
        image=_stem(row["image"]) if row.get("image") else "",
    )


def _stem(image: dict[str, Any]) -> str:
    stem: str = image["src"].rpartition("/")[2].partition(".")[0]
    return stem


def _amount(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def own_body(product: Product) -> dict[str, Any]:
    """Write a product as a merchant would, with global attributes left out: theirs are for this product only."""
    if product.variable:
        uses = [{"name": use.name, "variation": True, "options": list(use.values)} for use in product.options]
        return {"name": product.name, "type": "variable", "attributes": uses}
    (variant,) = product.variants
    return {
        "name": product.name,
        "description": product.description,
        "sku": variant.sku,
        "regular_price": str(variant.regular_price),
    }


def own_variation(product: Product, variant: Variant) -> dict[str, Any]:
    """Write a variation as a merchant would."""
    chosen = zip(product.options, variant.options, strict=True)
    return {
        "sku": variant.sku,
        "regular_price": str(variant.regular_price),
        "attributes": [{"name": use.name, "option": value} for use, value in chosen],
    }
