"""A Magento shop in this process, over real sockets, and our adapter in front of it."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from flask import Flask

from sandbox.common.instrument import Instruments
from sandbox.common.server import TlsFiles, serve
from sandbox.magento.app import build_app
from sandbox.magento.catalogue.model import Product as Goods
from sandbox.magento.settings import Secrets, Settings
from sandbox.magento.shop import Shop
from tests.conformance.baskets import CITY, EMAIL, FIRST_NAME, PHONE, POSTCODE, STREET, TAX, Basket
from tests.conformance.front import Front, Gallery, KillingSender, ShownProduct, ShownVariant
from tests.fakes.clock import FakeClock
from tests.fakes.crash import Crash
from tillbridge.domain.product import ListingRef, Product
from tillbridge.systems.http import AddressPolicy, HttpClient, TransportOptions
from tillbridge.systems.magento.api.signing import IntegrationSecrets
from tillbridge.systems.magento.desk.desk import MagentoOrderDesk
from tillbridge.systems.magento.shop import MagentoShop
from tillbridge.systems.magento.traits import Traits

KEYS = Secrets("k" * 32, "s" * 32, "t" * 32, "u" * 32)
SECRETS = IntegrationSecrets("k" * 32, "s" * 32, "t" * 32, "u" * 32)
OTHER = "warehouse"
SHOPPER = {
    "firstname": FIRST_NAME,
    "lastname": "Doe",
    "telephone": PHONE,
    "street": [STREET],
    "city": CITY,
    "postcode": POSTCODE,
}
CODES = {"Color": "color", "Size": "size"}
"""The merchant's own attributes."""

_CONTROL = "/_sandbox"
_OURS = re.compile(r"-[0-9a-f]{8}(_\d+)?$")


@dataclass(kw_only=True)
class Storefront(Front):
    """The stand-in with its address, and what outlives a run of ours."""

    state: Shop
    app: Flask
    url: str
    plain_url: str
    ca: str
    place: str = "default"
    other_places: tuple[str, ...] = (OTHER,)
    most_options: int = 30
    lacks: Mapping[str, str] = field(
        default_factory=lambda: {
            "hooks": "Magento Open Source has none (facts/magento.md, section 7); changes are polled",
            "restocking told": "credit memos do not tell whether goods came back (facts/magento.md, section 5)",
        }
    )

    def adapter(
        self,
        *,
        secrets: IntegrationSecrets = SECRETS,
        url: str = "",
        crash: Crash | None = None,
        traits: Traits | None = None,
        told: Callable[[str], None] = lambda _: None,
    ) -> MagentoShop:
        """Begin a run of ours, as a fresh process would."""
        options = TransportOptions(read_seconds=self.read_seconds, ca_bundle=self.ca)

        def client(system: str) -> HttpClient:
            return HttpClient(system, "c1", policy=AddressPolicy.local(), clock=self.clock, options=options)

        sender = KillingSender(client("magento"), crash or Crash())
        address = url or self.url
        return MagentoShop(
            sender,
            client("pictures"),
            address,
            secrets,
            self.vocabulary,
            clock=self.clock,
            traits=traits or Traits(),
            told=told,
        )

    def shop(self, crash: Crash | None = None) -> MagentoShop:
        return self.adapter(crash=crash)

    def hooks(self) -> Any:
        raise NotImplementedError(self.lacks["hooks"])

    @property
    def instruments(self) -> Instruments:
        return self.state.instruments

    # --- what the shop's people see ---

    def shown(self) -> list[ShownProduct]:
        with self.state.lock:
            return [self._shown(goods) for goods in self.state.products if self.state.products.parent_of(goods) is None]

    def _shown(self, goods: Goods) -> ShownProduct:
        children = self.state.products.children(goods)
        below = [self._variant(child, goods) for child in children]
        categories = [self.state.categories[number] for number in goods.category_positions]
        return ShownProduct(
            product_id=str(goods.id),
            name=goods.name,
            description=str(goods.value("description") or ""),
            on_sale=goods.on,
            categories=tuple(category.name for category in categories),
            brand=self._label("manufacturer", goods),
            images=_images(goods),
            options={
                axis.label: tuple(
                    dict.fromkeys(self._label(self._code(axis.attribute_id), child) for child in children)
                )
                for axis in sorted(goods.axes, key=lambda one: one.position)
            },
            variants=tuple(below) if goods.configurable else (self._variant(goods, None),),
        )

    def _variant(self, goods: Goods, parent: Goods | None) -> ShownVariant:
        ref = ListingRef(str(parent.id), str(goods.id)) if parent else ListingRef(str(goods.id))
        axes = sorted(parent.axes, key=lambda one: one.position) if parent else []
        rows = [row for (sku, _), row in self.state.inventory.items.items() if sku == goods.sku.casefold()]
        counted = goods.stock_item.manage_stock
        return ShownVariant(
            ref=ref,
            sku=goods.sku,
            gtin=str(goods.value("tillbridge_gtin") or ""),
            options=tuple(self._label(self._code(axis.attribute_id), goods) for axis in axes),
            regular_price=_amount(goods.value("price")),
            sale_price=_amount(goods.value("special_price")),
            msrp=_amount(goods.value("msrp")),
            weight=_amount(goods.value("weight")),
            stock={row.source_code: int(row.quantity) for row in rows} if counted else {},
            on_sale=parent is None or goods.on,
            image=next(iter(_images(goods)), ""),
        )

    def _code(self, attribute_id: int) -> str:
        return next(one.code for one in self.state.attributes.values() if one.id == attribute_id)

    def _label(self, code: str, goods: Goods) -> str:
        options = self.state.attributes[code].options if code in self.state.attributes else {}
        value = str(goods.value(code) or "")
        return options[int(value)].label if value.isdecimal() and int(value) in options else ""

    # --- what they do ---

    def add(self, product: Product) -> str:
        if not product.variable:
            (variant,) = product.variants
            text = [{"attribute_code": "description", "value": product.description}] if product.description else []
            body = {"name": product.name, "sku": variant.sku, "price": float(variant.regular_price), "visibility": 4}
            url_key = {"attribute_code": "url_key", "value": f"own-{self.state.changes}"}
            return str(self._create({**body, "custom_attributes": [*text, url_key]}))
        codes = [self._attribute(option.name, option.values) for option in product.options]
        children = [self._own_child(product, place, codes) for place in range(len(product.variants))]
        links = {
            "configurable_product_options": [self._axis(code) for code in codes],
            "configurable_product_links": children,
            "stock_item": {"is_in_stock": True},
        }
        body = {"name": product.name, "sku": f"OWN-{product.key}", "type_id": "configurable", "visibility": 4}
        return str(self._create({**body, "extension_attributes": links}))

    def _own_child(self, product: Product, place: int, codes: list[str]) -> int:
        variant = product.variants[place]
        chosen = [
            {"attribute_code": code, "value": self._option(code, value)}
            for code, value in zip(codes, variant.options, strict=True)
        ]
        url_key = {"attribute_code": "url_key", "value": f"own-child-{self.state.changes}"}
        body = {"name": f"{product.name} {place}", "sku": variant.sku, "price": float(variant.regular_price)}
        return self._create({**body, "visibility": 1, "custom_attributes": [*chosen, url_key]})

    def _create(self, body: dict[str, Any]) -> int:
        whole = {"attribute_set_id": 4, "type_id": "simple", "status": 1, **body}
        return int(self.rest("POST", "/products", {"product": whole})["id"])

    def _attribute(self, label: str, values: tuple[str, ...]) -> str:
        code = CODES.get(label, f"own_{label.lower()}")
        if code not in self.state.attributes:
            kinds = {"frontend_input": "select", "scope": "global", "entity_type_id": "4", "is_required": False}
            labels = {"default_frontend_label": label, "frontend_labels": [{"store_id": 0, "label": label}]}
            self.rest("POST", "/products/attributes", {"attribute": {"attribute_code": code, **kinds, **labels}})
            place = {"attributeSetId": 4, "attributeGroupId": 7, "attributeCode": code, "sortOrder": 1}
            self.rest("POST", "/products/attribute-sets/attributes", place)
        for value in values:
            self.rest("POST", f"/products/attributes/{code}/options", {"option": {"label": value, "value": ""}})
        return code

    def _option(self, code: str, label: str) -> str:
        options = self.state.attributes[code].options.values()
        return next(str(option.id) for option in options if option.label == label)

    def _axis(self, code: str) -> dict[str, Any]:
        attribute = self.state.attributes[code]
        values = [{"value_index": option} for option in attribute.options]
        return {"attribute_id": str(attribute.id), "label": attribute.label, "values": values}

    def edit(self, ref: ListingRef, **fields: Any) -> None:
        number = int(ref.variant_id or ref.product_id)
        if "sku" in fields:
            self.control("/sku", {"id": number, "new": fields.pop("sku")})
        if "stock" in fields:
            where = {"source": fields.pop("place", self.place)}
            self.control("/stock", {"id": number, "quantity": fields.pop("stock"), **where})
        texts = {"name": fields.pop("name", None), "price": fields.pop("regular_price", None)}
        changes: dict[str, Any] = {name: value for name, value in texts.items() if value is not None}
        if fields:
            changes["custom_attributes"] = [{"attribute_code": one, "value": text} for one, text in fields.items()]
        if changes:
            self.control("/edit", {"id": number, "changes": changes})

    def put_into(self, product_id: str, category: str) -> None:
        body = {"name": category, "parent_id": 2, "is_active": True}
        made = self.rest("POST", "/categories", {"category": body})
        self._goods(ListingRef(product_id)).category_positions[made["id"]] = 1

    def delete(self, product_id: str) -> None:
        goods = self.state.products.get(int(product_id))
        for child in self.state.products.children(goods) if goods else ():
            self.control("/delete", {"id": child.id})
        self.control("/delete", {"id": int(product_id)})

    def order(self, *lines: tuple[ListingRef, int]) -> str:
        skus = [(self._goods(ref).sku, units) for ref, units in lines]
        items = [{"sku": sku, "quantity": units} for sku, units in skus]
        return str(self.control("/order", {"items": items, "paid": True})["entity_id"])

    def cancel(self, order_id: str) -> None:
        paid = self.state.orders[int(order_id)].paid
        self.control("/refund" if paid else "/cancel", {"order_id": int(order_id)})

    def desk(self, crash: Crash | None = None) -> MagentoOrderDesk:
        return MagentoOrderDesk(self.adapter(crash=crash).client, self.clock)

    def sell(self, basket: Basket) -> str:
        items = [{"sku": self._goods(ref).sku, "quantity": units} for ref, units in basket.lines.items()]
        percent = 10 if basket.discounted else 0
        body = {"items": items, "email": EMAIL, "billing": SHOPPER, "discount_percent": percent}
        if basket.agrees is not None:
            body["customer_id"] = self._registered(subscribed=basket.agrees)
        placed = self.control("/order", {**body, "paid": basket.way == "card"})["entity_id"]
        if basket.way == "cash":
            self.state.orders[placed].payment_method = "cashondelivery"
        return str(placed)

    def _registered(self, *, subscribed: bool) -> int:
        """Register the shopper; only whoever is registered can be asked about the newsletter."""
        person = {name: SHOPPER[name] for name in ("firstname", "lastname")} | {"email": EMAIL}
        agreed = {"extension_attributes": {"is_subscribed": subscribed}}
        return int(self.rest("POST", "/customers", {"customer": person | agreed})["id"])

    def worth(self, order_id: str) -> Decimal:
        return self.state.orders[int(order_id)].total

    def refund(self, order_id: str, ref: ListingRef, units: int, *, restock: bool) -> Decimal:
        order, sku = self.state.orders[int(order_id)], self._goods(ref).sku
        before = order.refunded
        body = {"order_id": order.id, "items": {sku: units}, "shipping_amount": 0, "restock": restock}
        self.control("/refund", body)
        return order.refunded - before

    def pay_back(self, order_id: str, amount: Decimal) -> None:
        none = [{"order_item_id": line.id, "qty": 0} for line in self.state.orders[int(order_id)].priced]
        arguments = {"shipping_amount": 0, "adjustment_positive": float(amount)}
        self.rest("POST", f"/order/{order_id}/refund", {"items": none, "arguments": arguments})

    def send(self, order_id: str, units: Mapping[ListingRef, int] | None = None) -> None:
        items = {self._goods(ref).sku: count for ref, count in (units or {}).items()}
        self.control("/ship", {"order_id": int(order_id), **({"items": items} if items else {})})

    def sale_notes(self, order_id: str) -> list[str]:
        return [one.text for one in self.state.orders[int(order_id)].comments if "till" in one.text]

    def hook_addresses(self) -> list[str]:
        return []

    def switch_hooks_off(self) -> None:
        raise NotImplementedError(self.lacks["hooks"])

    def delete_hooks(self) -> None:
        raise NotImplementedError(self.lacks["hooks"])

    def _goods(self, ref: ListingRef) -> Goods:
        goods = self.state.products.get(int(ref.variant_id or ref.product_id))
        assert goods is not None
        return goods

    def control(self, action: str, body: dict[str, Any]) -> Any:
        """Do something in the shop as its people would."""
        answer = self.app.test_client().post(f"{_CONTROL}{action}", json=body)
        assert answer.status_code < 300, answer.text
        return answer.json

    def rest(self, method: str, path: str, body: object = None) -> Any:
        """Ask the shop's API as an administrator would, past our adapter."""
        client = self.app.test_client()
        given = {"username": "admin", "password": "admin123"}
        token = client.post("/rest/V1/integration/admin/token", json=given, base_url=self.url).json
        answer = client.open(
            f"/rest/all/V1{path}",
            method=method,
            json=body,
            headers={"Authorization": f"Bearer {token}"},
            base_url=self.url,
        )
        assert answer.status_code < 300, answer.text
        return answer.json


@contextmanager
def storefront(
    tls: TlsFiles, settings: Settings | None = None, *, source: bool = True, clock: FakeClock | None = None
) -> Iterator[Storefront]:
    """Open a shop with two sources, and the gallery we fetch pictures from; with a clock, both sides keep to it."""
    gallery, ours = Gallery(), clock or FakeClock(datetime.now(UTC))
    state = Shop(settings or Settings(integrations=(KEYS,), ca_file=str(tls.ca)), clock)
    app = build_app(state)
    with serve(app, tls=tls) as secure, serve(app) as plain, serve(gallery.app()) as pictures:
        gallery.url = pictures.url
        front = Storefront(
            state=state, app=app, url=secure.url, plain_url=plain.url, ca=str(tls.ca), gallery=gallery, clock=ours
        )
        if source:
            front.rest("POST", "/inventory/sources", {"source": _source()})
            link = {"stock_id": 1, "source_code": OTHER, "priority": 2}
            front.rest("POST", "/inventory/stock-source-links", {"links": [link]})
        front.forget_calls()
        yield front


def taxing(tls: TlsFiles, *, inside: bool) -> AbstractContextManager[Storefront]:
    """Open a shop that takes tax, inside its prices or on top."""
    settings = Settings(integrations=(KEYS,), ca_file=str(tls.ca), tax_percent=TAX, prices_include_tax=inside)
    return storefront(tls, settings)


def _source() -> dict[str, Any]:
    return {"source_code": OTHER, "name": "Warehouse", "enabled": True, "country_id": "US", "postcode": "00000"}


def _images(goods: Goods) -> tuple[str, ...]:
    shown = sorted(goods.pictures, key=lambda one: (one.position, one.id))
    return tuple(_OURS.sub("", picture.file.rpartition("/")[2].partition(".")[0]) for picture in shown)


def _amount(value: object) -> Decimal | None:
    return None if value in (None, "") else Decimal(str(value))
