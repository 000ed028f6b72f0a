"""A Shopify shop in this process, over real sockets, and our adapter in front of it."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from flask import Flask

from sandbox.common.instrument import Instruments
from sandbox.common.server import TlsFiles, serve
from sandbox.shopify.app import build_app
from sandbox.shopify.catalogue import model
from sandbox.shopify.catalogue.files import state_of
from sandbox.shopify.catalogue.naming import values_of, variants_of
from sandbox.shopify.ids import gid
from sandbox.shopify.sales.cancelling import cancel
from sandbox.shopify.sales.model import OrderTransaction, cents
from sandbox.shopify.sales.placing import Basket as Checkout
from sandbox.shopify.sales.placing import Wanted, place
from sandbox.shopify.sales.refunds import refund
from sandbox.shopify.settings import App, Limits, Settings
from sandbox.shopify.shop import Shop
from sandbox.shopify.stock.ledger import levels_of
from tests.conformance.baskets import CITY, EMAIL, FIRST_NAME, PHONE, POSTCODE, STREET, TAX, Basket
from tests.conformance.front import Front, Gallery, KillingSender, ShownProduct, ShownVariant
from tests.fakes.clock import FakeClock
from tests.fakes.crash import Crash
from tillbridge.domain.grant import Secret
from tillbridge.domain.product import ListingRef, Product, Variant
from tillbridge.systems.http import AddressPolicy, HttpClient, TransportOptions
from tillbridge.systems.shopify.api.budget import PointsBook
from tillbridge.systems.shopify.api.client import ShopifyClient
from tillbridge.systems.shopify.api.documents import desk as documents
from tillbridge.systems.shopify.api.ids import number_of
from tillbridge.systems.shopify.api.tokens import StaticToken, TokenSource
from tillbridge.systems.shopify.bulk.lines import BULK_FROM
from tillbridge.systems.shopify.desk.desk import ShopifyOrderDesk
from tillbridge.systems.shopify.hooks import ShopifyHooks
from tillbridge.systems.shopify.shop import ShopifyShop
from tillbridge.systems.shopify.traits import Traits

CASH = "Cash on Delivery (COD)"
SHOPPER = {
    "firstName": FIRST_NAME,
    "lastName": "Doe",
    "phone": PHONE,
    "address1": STREET,
    "city": CITY,
    "zip": POSTCODE,
    "countryCode": "US",
}
APP = App("app-key", "app-secret", must_expire=False)


@dataclass(kw_only=True)
class Storefront(Front):
    """The stand-in with its address, and what outlives a run of ours. It keeps the adapter's time."""

    state: Shop
    app: Flask
    url: str
    ca: str
    token: TokenSource
    traits: Traits = field(default_factory=Traits)
    bulk_from: int = BULK_FROM
    lacks: Mapping[str, str] = field(
        default_factory=lambda: {
            "further categories": "categories of this kind: a product has one type (facts/shopify.md, section 7)",
            "msrp": "price beside compareAtPrice, which shows the price before a sale (facts/shopify.md, section 7)",
        }
    )

    def client(self, *, token: TokenSource | None = None, crash: Crash | None = None) -> ShopifyClient:
        """Make a client as a fresh process would; what it knows of its points is gone."""
        options = TransportOptions(read_seconds=self.read_seconds, ca_bundle=self.ca)
        http = HttpClient("shopify", "c1", policy=AddressPolicy.local(), clock=self.clock, options=options)
        sender, book = KillingSender(http, crash or Crash()), PointsBook(self.clock)
        return ShopifyClient(sender, self.url, token or self.token, clock=self.clock, budget=book)

    def adapter(self, client: ShopifyClient | None = None, *, traits: Traits | None = None) -> ShopifyShop:
        """Begin a run of ours, as a fresh process would."""
        return ShopifyShop(
            client or self.client(),
            self.vocabulary,
            clock=self.clock,
            traits=traits or self.traits,
            bulk_from=self.bulk_from,
        )

    def shop(self, crash: Crash | None = None) -> ShopifyShop:
        return self.adapter(self.client(crash=crash))

    def hooks(self) -> ShopifyHooks:
        return ShopifyHooks(self.client())

    @property
    def instruments(self) -> Instruments:
        return self.state.instruments

    def settle(self) -> None:
        """Let search catch up, and pictures be fetched."""
        self.clock.advance(seconds=5)

    def shown(self) -> list[ShownProduct]:
        with self.state.lock:
            return [self._shown(row) for row in self.state.products.values()]

    def _shown(self, row: model.Product) -> ShownProduct:
        online = next(iter(self.state.publications))
        alone = row.has_only_default_variant
        return ShownProduct(
            product_id=str(row.id),
            name=row.title,
            description=row.description_html,
            on_sale=row.status == "ACTIVE" and online in row.published,
            categories=(row.product_type,) if row.product_type else (),
            brand=row.vendor,
            images=self._pictures(row.media_ids),
            options={}
            if alone
            else {use.name: tuple(value.name for value in use.option_values) for use in row.options},
            variants=tuple(
                self._variant(row, one, online, ListingRef(str(row.id), "" if alone else str(one.id)))
                for one in variants_of(self.state, row)
            ),
        )

    def _variant(self, product: model.Product, row: model.ProductVariant, online: int, ref: ListingRef) -> ShownVariant:
        item = self.state.items[row.item_id]
        sale = row.compare_at_price is not None and row.compare_at_price > row.price
        stock = {
            str(level.location_id): level.states["available"]
            for level in levels_of(self.state, item.id)
            if level.is_active and item.tracked
        }
        return ShownVariant(
            ref=ref,
            sku=item.sku or "",
            gtin=row.barcode or "",
            options=tuple(values_of(product, row)) if ref.variant_id else (),
            regular_price=row.compare_at_price if sale else row.price,
            sale_price=row.price if sale else None,
            weight=Decimal(str(item.weight[0])) if item.weight[0] else None,
            stock=stock,
            on_sale=online not in row.withheld,
            image=next(iter(self._pictures(row.media_ids)), ""),
        )

    def _pictures(self, numbers: Any) -> tuple[str, ...]:
        files = [self.state.files[number] for number in numbers]
        return tuple(file.filename.partition(".")[0] for file in files if state_of(self.state, file) == "READY")

    def add(self, product: Product) -> str:
        (made,) = self.control("seed", products=[own_body(product)])["ids"]
        number = number_of(made)
        self.state.products[int(number)].published[next(iter(self.state.publications))] = self.clock.now()
        self.settle()
        return number

    def edit(self, ref: ListingRef, **fields: Any) -> None:
        if "stock" in fields:
            available = fields.pop("stock")
            place = gid("Location", int(fields.pop("place", self.place)))
            self.control("stock", id=self._gid(ref), available=available, location=place)
        texts = {"name": "title", "description": "descriptionHtml"}
        own = {texts[name]: value for name, value in fields.items() if name in texts}
        if own:
            self.control("edit", id=gid("Product", int(ref.product_id)), changes=own)
        prices = {"sku": "sku", "regular_price": "price"}
        sold = {prices[name]: value for name, value in fields.items() if name in prices}
        if sold:
            self.control("edit", id=self._gid(ref), changes=sold)

    def _gid(self, ref: ListingRef) -> str:
        return gid("ProductVariant", self._row(ref).id)

    def _row(self, ref: ListingRef) -> model.ProductVariant:
        number = int(ref.variant_id) if ref.variant_id else self.state.products[int(ref.product_id)].variant_ids[0]
        return self.state.variants[number]

    def put_into(self, product_id: str, category: str) -> None:
        raise NotImplementedError(self.lacks["further categories"])

    def delete(self, product_id: str) -> None:
        self.control("delete", id=gid("Product", int(product_id)))

    def order(self, *lines: tuple[ListingRef, int]) -> str:
        placed = place(self.state, Checkout([Wanted(units, self._row(ref)) for ref, units in lines]))
        self.settle()
        return str(placed.id)

    def cancel(self, order_id: str) -> None:
        with self.state.lock:
            cancel(self.state, self.state.orders[int(order_id)], "CUSTOMER", restock=True, money_back=True)
        self.settle()

    def desk(self, crash: Crash | None = None) -> ShopifyOrderDesk:
        return ShopifyOrderDesk(self.client(crash=crash))

    def sell(self, basket: Basket) -> str:
        placed = place(self.state, self._checkout(basket))
        if basket.way == "cash":
            number = self.state.numbers.next("OrderTransaction")
            placed.gateway = CASH
            promised = OrderTransaction(number, placed.id, "SALE", placed.total, CASH, self.clock.now(), "PENDING")
            placed.transactions.append(promised)
        self.settle()
        return str(placed.id)

    def _checkout(self, basket: Basket) -> Checkout:
        rows = [(self._row(ref), units) for ref, units in basket.lines.items()]
        off = Decimal("0.1") if basket.discounted else Decimal(0)
        return Checkout(
            [Wanted(units, row, discount=cents(row.price * units * off)) for row, units in rows],
            email=EMAIL,
            accepts_marketing=bool(basket.agrees),
            shipping=Decimal("5.00") if basket.shipped else None,
            address=SHOPPER,
            paid=basket.way == "card",
        )

    def worth(self, order_id: str) -> Decimal:
        return self.state.orders[int(order_id)].total

    def refund(self, order_id: str, ref: ListingRef, units: int, *, restock: bool) -> Decimal:
        order = self.state.orders[int(order_id)]
        before, sku = order.refunded, self.variant(ref).sku
        waiting = sum(line.unfulfilled_quantity for line in order.lines if line.sku == sku)
        kind = ("CANCEL" if waiting >= units else "RETURN") if restock else "NO_RESTOCK"
        self.control("refund", order=gid("Order", order.id), items=[{"sku": sku, "quantity": units}], restock=kind)
        self.settle()
        return cents(order.refunded - before)

    def pay_back(self, order_id: str, amount: Decimal) -> None:
        order = self.state.orders[int(order_id)]
        back = {"kind": "REFUND", "gateway": "cash", "amount": amount}
        refund(self.state, order, {"transactions": [back]})

    def send(self, order_id: str, units: Mapping[ListingRef, int] | None = None) -> None:
        items = [{"sku": self.variant(ref).sku, "quantity": count} for ref, count in (units or {}).items()]
        self.control("fulfil", order=gid("Order", int(order_id)), items=items)
        self.settle()

    def sale_notes(self, order_id: str) -> list[str]:
        owner = gid("Order", int(order_id))
        return [
            row.value for (of, _, key), row in self.state.metafields.items() if (of, key) == (owner, documents.SALE)
        ]

    def hook_addresses(self) -> list[str]:
        return [row.uri for row in self.state.subscriptions.rows.values() if row.by_api]

    def switch_hooks_off(self) -> None:
        """What Shopify does after eight failures in a row: it deletes the subscription."""
        self.delete_hooks()

    def delete_hooks(self) -> None:
        with self.state.lock:
            self.state.forget_subscriptions(APP.client_id)

    def control(self, action: str, **body: Any) -> Any:
        """Have the merchant do something in the shop's admin."""
        answer = self.app.test_client().post(f"/_sandbox/{action}", json=body)
        assert answer.status_code < 300, answer.text
        return answer.json


@contextmanager
def storefront(tls: TlsFiles, settings: Settings | None = None) -> Iterator[Storefront]:
    """Open a shop, and the gallery it fetches pictures from."""
    gallery, clock = Gallery(), FakeClock(datetime.now(UTC))
    chosen = settings or Settings(apps=(APP,), ca_file=str(tls.ca), callback_seconds=5, limits=Limits())
    state = Shop(chosen, clock)
    app = build_app(state)
    with serve(app, tls=tls) as secure, serve(gallery.app()) as pictures:
        gallery.url = pictures.url
        here, *others = (str(number) for number in state.locations)
        yield Storefront(
            state=state,
            app=app,
            url=secure.url,
            ca=str(tls.ca),
            gallery=gallery,
            clock=clock,
            token=StaticToken(Secret(state.issue(APP).value)),
            traits=Traits(place=here, channel=str(next(iter(state.publications)))),
            place=here,
            other_places=tuple(others),
        )


def taxing(tls: TlsFiles, *, inside: bool) -> AbstractContextManager[Storefront]:
    """Open a shop that takes tax, inside its prices or on top."""
    limits, ca = Limits(), str(tls.ca)
    settings = Settings(
        apps=(APP,), ca_file=ca, callback_seconds=5, limits=limits, tax_percent=TAX, taxes_included=inside
    )
    return storefront(tls, settings)


def own_body(product: Product) -> dict[str, Any]:
    """Write a product as a merchant would."""
    options = [(use.name, use.values) for use in product.options] or [("Title", ("Default Title",))]
    return {
        "title": product.name,
        "descriptionHtml": product.description,
        "status": "ACTIVE",
        "productOptions": [{"name": name, "values": [{"name": value} for value in values]} for name, values in options],
        "variants": [own_variant(product, variant) for variant in product.variants],
    }


def own_variant(product: Product, variant: Variant) -> dict[str, Any]:
    """Write a variant as a merchant would."""
    names = [use.name for use in product.options] or ["Title"]
    chosen = zip(names, variant.options or ("Default Title",), strict=True)
    return {
        "optionValues": [{"optionName": name, "name": value} for name, value in chosen],
        "sku": variant.sku,
        "price": str(variant.regular_price),
        "inventoryItem": {"tracked": True},
    }
