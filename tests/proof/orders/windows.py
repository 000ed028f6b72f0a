"""The four shops' stand-ins in process, as their shoppers and people see them, each counting as its vendor does.

A BigCommerce store counts units off when an order is placed, or when it is shipped; Magento reserves them and moves
its sources at shipment; Shopify moves them from what is available to what is committed; WooCommerce takes them off when
an order is paid (facts/bigcommerce.md, "Inventory v3"; magento.md, 4; shopify.md, 6; woocommerce.md, "Orders").
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sandbox.bigcommerce import app as bigcommerce_app
from sandbox.bigcommerce import settings as bigcommerce_settings
from sandbox.bigcommerce import shop as bigcommerce_shop
from sandbox.bigcommerce.inventory import levels
from sandbox.magento import app as magento_app
from sandbox.magento import settings as magento_settings
from sandbox.magento import shop as magento_shop
from sandbox.magento.stock import salable
from sandbox.shopify import app as shopify_app
from sandbox.shopify import settings as shopify_settings
from sandbox.shopify import shop as shopify_shop
from sandbox.shopify.stock.ledger import available, levels_of
from sandbox.woocommerce import app as woocommerce_app
from sandbox.woocommerce import settings as woocommerce_settings
from sandbox.woocommerce import shop as woocommerce_shop
from tests.conformance.front import Front as StandIn
from tests.conformance.front import Gallery
from tests.fakes.clock import FakeClock
from tests.functional.bigcommerce import storefront as bigcommerce
from tests.functional.magento import storefront as magento
from tests.functional.shopify import storefront as shopify
from tests.functional.woocommerce import storefront as woocommerce
from tests.unit.systems.woocommerce.samples import mug
from tillbridge.domain.grant import Secret
from tillbridge.domain.merchant import System
from tillbridge.domain.product import ListingRef
from tillbridge.domain.shop_keys import KeyKind, ShopKeys
from tillbridge.systems.bigcommerce.traits import ORDER_PLACED, ORDER_SHIPPED
from tillbridge.systems.shopify.api.tokens import StaticToken, TokenSource

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

EXTRA = "extra"
"""What every shop sells besides, and no till knows."""


@dataclass(kw_only=True)
class Window(ABC):
    """One shop. ``traits`` are what the check of its connection would have found."""

    system: System
    front: StandIn
    host: str
    path: str = ""
    app: "WSGIApplication"
    keys: ShopKeys | None = None
    token: TokenSource | None = None
    traits: Mapping[str, str] = field(default_factory=dict)
    counts_late: bool = False  # the shop itself takes units off when they are shipped
    refs: dict[str, ListingRef] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Where its API is called."""
        return f"https://{self.host}{self.path}"

    @property
    def places(self) -> tuple[str, ...]:
        """Name its places, the first being the one that a figure goes to that names none."""
        return (self.front.place, *self.front.other_places)

    def list_items(self, items: list[str]) -> None:
        """Have the merchant list these items, and one that the till does not know."""
        for item in [*items, EXTRA]:
            self.refs[item] = ListingRef(self.front.add(mug(item)))
        self.count(EXTRA, 10**6)

    def count(self, item: str, units: int) -> None:
        """Have the merchant say how many there are."""
        self.front.edit(self.refs[item], stock=units)

    @abstractmethod
    def offers(self, item: str) -> int:
        """Tell how many a shopper can buy."""

    def at_places(self, item: str) -> Mapping[str, int]:
        """Tell what can be bought from each place, nothing where the shop has none."""
        del item
        return {}

    def buy(self, *items: str) -> str:
        """Have a shopper buy one unit of each; gives the order's id."""
        return self.front.order(*((self.refs[item], 1) for item in items))

    def leaves(self, order_id: str, item: str) -> str:
        """Name the place that an order's unit leaves, "" where the shop does not tell."""
        del order_id, item
        return ""


@dataclass(kw_only=True)
class WooCommerceWindow(Window):
    """Takes units off when an order is paid, and puts them back when it is cancelled."""

    state: woocommerce_shop.Shop

    def count(self, item: str, units: int) -> None:
        self.front.edit(self.refs[item], manage_stock=True, stock=units)

    def offers(self, item: str) -> int:
        product = self.state.products.get(int(self.refs[item].product_id))
        return int(product.stock_quantity or 0) if product else 0


@dataclass(kw_only=True)
class ShopifyWindow(Window):
    """Moves units from available to committed, at the place that has some."""

    state: shopify_shop.Shop

    def _item_id(self, item: str) -> int:
        product = self.state.products[int(self.refs[item].product_id)]
        return self.state.variants[product.variant_ids[0]].item_id

    def offers(self, item: str) -> int:
        return available(self.state, self._item_id(item))

    def at_places(self, item: str) -> Mapping[str, int]:
        found = levels_of(self.state, self._item_id(item))
        return {str(level.location_id): level.states["available"] for level in found if level.is_active}

    def leaves(self, order_id: str, item: str) -> str:
        order = self.state.orders[int(order_id)]
        lines = {line.id for line in order.lines if str(line.product_id) == self.refs[item].product_id}
        parts = (self.state.fulfillment_orders[number] for number in order.fulfillment_order_ids)
        return next(str(part.location_id) for part in parts if any(one.line_id in lines for one in part.lines))


@dataclass(kw_only=True)
class BigCommerceWindow(Window):
    """Takes units off when an order is placed or when it is shipped, as the store is set up."""

    state: bigcommerce_shop.Shop

    def offers(self, item: str) -> int:
        product = self.state.products.get(int(self.refs[item].product_id))
        return levels.sellable(self.state, product.base.id) if product else 0


@dataclass(kw_only=True)
class MagentoWindow(Window):
    """Sells what its sources hold less what is reserved."""

    state: magento_shop.Shop

    def offers(self, item: str) -> int:
        product = self.state.products.get(int(self.refs[item].product_id))
        return int(salable.quantity(self.state, product)) if product else 0


def _keys(kind: KeyKind, **secrets: str) -> ShopKeys:
    return ShopKeys(kind, {name: Secret(text) for name, text in secrets.items()})


def woocommerce_window(clock: FakeClock) -> WooCommerceWindow:
    """Open a WooCommerce shop."""
    host = "woo.example.com"
    state = woocommerce_shop.Shop(woocommerce_settings.Settings(keys=(woocommerce.KEY,)), clock)
    app = woocommerce_app.build_app(state)
    front = woocommerce.Storefront(
        state=state, app=app, url=f"https://{host}", plain_url="", ca="", gallery=Gallery(), clock=clock
    )
    keys = ShopKeys.woocommerce(Secret(woocommerce.KEY.key), Secret(woocommerce.KEY.secret))
    return WooCommerceWindow(system=System.WOOCOMMERCE, front=front, host=host, app=app, keys=keys, state=state)


class _Patient(shopify.Storefront):
    """Search catches up by itself while time passes."""

    def settle(self) -> None:
        """Leave the clock alone."""


def shopify_window(clock: FakeClock) -> ShopifyWindow:
    """Open a Shopify shop with two places."""
    host = shopify_settings.Settings().domain
    state = shopify_shop.Shop(shopify_settings.Settings(apps=(shopify.APP,)), clock)
    app = shopify_app.build_app(state)
    here, *others = map(str, state.locations)
    token = StaticToken(Secret(state.issue(shopify.APP).value))
    front = _Patient(
        state=state,
        app=app,
        url=f"https://{host}",
        ca="",
        gallery=Gallery(),
        clock=clock,
        token=token,
        place=here,
        other_places=tuple(others),
    )
    traits = {"place": here, "channel": str(next(iter(state.publications)))}
    return ShopifyWindow(
        system=System.SHOPIFY, front=front, host=host, app=app, token=token, traits=traits, state=state
    )


def bigcommerce_window(clock: FakeClock, *, counts_late: bool) -> BigCommerceWindow:
    """Open a BigCommerce store, which counts units off when they are shipped or when they are ordered."""
    host = "api.bigcommerce.com"
    accounts = (bigcommerce.OURS, bigcommerce.THEIRS)
    settings = bigcommerce_settings.Settings(accounts=accounts, store_hash=bigcommerce.HASH)
    state = bigcommerce_shop.Shop(settings, clock)
    counts_at = ORDER_SHIPPED if counts_late else ORDER_PLACED
    state.inventory_settings.update_stock_behavior = counts_at
    app = bigcommerce_app.build_app(state)
    front = bigcommerce.Storefront(state=state, app=app, url=f"https://{host}", ca="", gallery=Gallery(), clock=clock)
    return BigCommerceWindow(
        system=System.BIGCOMMERCE,
        front=front,
        host=host,
        path=f"/stores/{bigcommerce.HASH}",
        app=app,
        keys=_keys(KeyKind.BIGCOMMERCE, access_token=bigcommerce.OURS.token),
        traits={"place": "1", "places": "1", "counts_at": counts_at, "panel_restocks": "yes"},
        counts_late=counts_late,
        state=state,
    )


def magento_window(clock: FakeClock) -> MagentoWindow:
    """Open a Magento shop with one source."""
    host = "magento.example.com"
    state = magento_shop.Shop(magento_settings.Settings(integrations=(magento.KEYS,)), clock)
    app = magento_app.build_app(state)
    front = magento.Storefront(
        state=state, app=app, url=f"https://{host}", plain_url="", ca="", gallery=Gallery(), clock=clock
    )
    given = magento.SECRETS
    keys = _keys(
        KeyKind.MAGENTO,
        consumer_key=given.consumer_key,
        consumer_secret=given.consumer_secret,
        access_token=given.access_token,
        access_secret=given.access_secret,
    )
    return MagentoWindow(system=System.MAGENTO, front=front, host=host, app=app, keys=keys, state=state)


def windows(clock: FakeClock, *, counts_late: bool) -> Mapping[System, Window]:
    """Open all four."""
    made: tuple[Window, ...] = (
        woocommerce_window(clock),
        shopify_window(clock),
        bigcommerce_window(clock, counts_late=counts_late),
        magento_window(clock),
    )
    return {one.system: one for one in made}
