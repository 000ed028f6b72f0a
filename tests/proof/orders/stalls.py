"""The four shops' stand-ins over HTTP, each with the same goods, a way to fill a basket, and our desk of its orders."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sandbox.bigcommerce.settings import Settings as BigCommerceSettings
from sandbox.common.certificates import make_certificates
from sandbox.common.server import TlsFiles
from sandbox.magento.settings import Settings as MagentoSettings
from sandbox.shopify.sales.placing import Basket, Wanted, place
from sandbox.shopify.settings import Settings as ShopifySettings
from sandbox.woocommerce.settings import Settings as WooCommerceSettings
from tests.functional.bigcommerce import storefront as bigcommerce
from tests.functional.magento import storefront as magento
from tests.functional.shopify import storefront as shopify
from tests.functional.woocommerce import storefront as woocommerce
from tests.unit.systems.woocommerce.samples import mug
from tillbridge.domain.merchant import System
from tillbridge.domain.product import ListingRef
from tillbridge.systems.bigcommerce.desk.desk import BigCommerceOrderDesk
from tillbridge.systems.bigcommerce.traits import Traits
from tillbridge.systems.magento.desk.desk import MagentoOrderDesk
from tillbridge.systems.order_desk import OrderDesk
from tillbridge.systems.shopify.desk.desk import ShopifyOrderDesk
from tillbridge.systems.woocommerce.desk.desk import WooCommerceOrderDesk

NEW_YORK = Decimal("8.875")
PLENTY = 100_000
TENTH = Decimal("0.1")
CENT = Decimal("0.01")
BUYER = {"first_name": "Kim", "email": "kim@example.com", "phone": "555", "street_1": "1 Main St"}


@dataclass(frozen=True)
class Wish:
    """What goes into a basket: units by item, ten per cent off or not, and what else the shop has a form for.

    Of the units so many leave the shop's second place as are named in ``elsewhere``, by item.
    """

    units: Mapping[str, int]
    elsewhere: Mapping[str, int] = field(default_factory=dict)
    coupon: bool = False
    shipping: Decimal = Decimal(0)
    fees: tuple[Decimal, ...] = ()
    tip: Decimal = Decimal(0)


@dataclass(frozen=True)
class Stall:
    """A shop that is open. ``place`` has a basket ordered and paid, and gives the order's id.

    ``places`` are two places of the shop, where its orders tell from which of them goods leave.
    """

    system: System
    refs: Mapping[str, ListingRef]
    desk: OrderDesk
    place: Callable[[Wish], str]
    places: tuple[str, ...] = ()


@contextmanager
def opened(system: System, prices: Mapping[str, Decimal], *, inside: bool) -> Iterator[Stall]:
    """Open a shop that sells these items; ``inside`` says that its prices hold the tax."""
    with TemporaryDirectory() as folder:
        tls = make_certificates(Path(folder))
        with _FRONTS[system](tls, inside=inside) as front:
            front.push(*(_goods(item_id, price) for item_id, price in prices.items()))
            front.settle()
            refs = {item_id: front.known(item_id).ref for item_id in prices}
            desk, order = _DESKS[system](front, prices)
            places = (front.place, *front.other_places[:1]) if system is System.SHOPIFY else ()
            yield Stall(system, refs, desk, order, places)


def _goods(item_id: str, price: Decimal) -> Any:
    return mug(item_id, of_variant={"regular_price": price, "quantity": PLENTY})


def _woocommerce(tls: TlsFiles, *, inside: bool) -> AbstractContextManager[Any]:
    settings = WooCommerceSettings(
        keys=(woocommerce.KEY,), ca_file=str(tls.ca), tax_percent=NEW_YORK, prices_include_tax=inside
    )
    return woocommerce.storefront(tls, settings)


def _shopify(tls: TlsFiles, *, inside: bool) -> AbstractContextManager[Any]:
    settings = ShopifySettings(apps=(shopify.APP,), ca_file=str(tls.ca), tax_percent=NEW_YORK, taxes_included=inside)
    return shopify.storefront(tls, settings)


def _bigcommerce(tls: TlsFiles, *, inside: bool) -> AbstractContextManager[Any]:
    accounts = (bigcommerce.OURS, bigcommerce.THEIRS)
    settings = BigCommerceSettings(
        accounts=accounts,
        store_hash=bigcommerce.HASH,
        ca_file=str(tls.ca),
        quota=PLENTY,
        tax_percent=NEW_YORK,
        prices_include_tax=inside,
    )
    return bigcommerce.storefront(tls, settings)


def _magento(tls: TlsFiles, *, inside: bool) -> AbstractContextManager[Any]:
    settings = MagentoSettings(
        integrations=(magento.KEYS,), ca_file=str(tls.ca), tax_percent=NEW_YORK, prices_include_tax=inside
    )
    return magento.storefront(tls, settings)


_FRONTS: Mapping[System, Callable[..., AbstractContextManager[Any]]] = {
    System.WOOCOMMERCE: _woocommerce,
    System.SHOPIFY: _shopify,
    System.BIGCOMMERCE: _bigcommerce,
    System.MAGENTO: _magento,
}
_Opened = tuple[OrderDesk, Callable[[Wish], str]]


def _woocommerce_desk(front: woocommerce.Storefront, prices: Mapping[str, Decimal]) -> _Opened:
    def order(wish: Wish) -> str:
        parcel = {"method_id": "flat_rate", "method_title": "Parcel", "total": str(wish.shipping)}
        body = {
            "set_paid": True,
            "payment_method": "sandbox_card",
            "billing": {"email": "kim@example.com", "country": "US"},
            "line_items": [
                {"product_id": int(front.known(item_id).ref.product_id), "quantity": units}
                for item_id, units in wish.units.items()
            ],
            "coupon_lines": [{"code": "tenoff"}] if wish.coupon else [],
            "shipping_lines": [parcel] if wish.shipping else [],
            "fee_lines": [{"name": f"Fee {number}", "total": str(fee)} for number, fee in enumerate(wish.fees)],
        }
        return str(front.change("/orders", body, "POST")["id"])

    return WooCommerceOrderDesk(front.adapter().client, front.clock), order


def _shopify_desk(front: shopify.Storefront, prices: Mapping[str, Decimal]) -> _Opened:
    def order(wish: Wish) -> str:
        items = [
            Wanted(
                units,
                front._row(front.known(item_id).ref),
                discount=_off(prices[item_id] * units, wish),
                places=_leaving(front, units, wish.elsewhere.get(item_id, 0)),
            )
            for item_id, units in wish.units.items()
        ]
        basket = Basket(items, "kim@example.com", shipping=wish.shipping or None, address=shopify.SHOPPER, tip=wish.tip)
        placed = place(front.state, basket)
        front.settle()
        return str(placed.id)

    return ShopifyOrderDesk(front.client()), order


def _leaving(front: shopify.Storefront, units: int, elsewhere: int) -> dict[int, int]:
    places = {int(front.place): units - elsewhere, int(front.other_places[0]): elsewhere}
    return {place: count for place, count in places.items() if count}


def _off(amount: Decimal, wish: Wish) -> Decimal:
    return (amount * TENTH).quantize(CENT, ROUND_HALF_UP) if wish.coupon else Decimal(0)


def _bigcommerce_desk(front: bigcommerce.Storefront, prices: Mapping[str, Decimal]) -> _Opened:
    def order(wish: Wish) -> str:
        coupon = {"coupon": "tenoff"} if wish.coupon else {}
        body = {"items": _rows(wish), "billing": BUYER, "shipping": str(wish.shipping), **coupon}
        return str(front.control("order", body)["id"])

    traits = Traits(place="1", places=("1",), panel_restocks=True)
    return BigCommerceOrderDesk(front.adapter().client, front.clock, traits), order


def _magento_desk(front: magento.Storefront, prices: Mapping[str, Decimal]) -> _Opened:
    def order(wish: Wish) -> str:
        off = {"discount_percent": 10} if wish.coupon else {}
        body = {"items": _rows(wish), "paid": True, "email": "kim@example.com", **off}
        return str(front.control("/order", body)["entity_id"])

    return MagentoOrderDesk(front.adapter().client, front.clock), order


def _rows(wish: Wish) -> Sequence[dict[str, object]]:
    return [{"sku": f"MUG-{item_id}", "quantity": units} for item_id, units in wish.units.items()]


_DESKS: Mapping[System, Callable[[Any, Mapping[str, Decimal]], _Opened]] = {
    System.WOOCOMMERCE: _woocommerce_desk,
    System.SHOPIFY: _shopify_desk,
    System.BIGCOMMERCE: _bigcommerce_desk,
    System.MAGENTO: _magento_desk,
}
