"""A WooCommerce shop, as the flows see it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

from tillbridge.domain.product import ListingRef, ProductOutcome, ProductWrite, StockOutcome, StockWrite, WebOrder
from tillbridge.domain.stock import StockForm
from tillbridge.systems.http import TransportOptions
from tillbridge.systems.http.clock import Clock
from tillbridge.systems.shop import (
    FoundListing,
    ListingPage,
    ObservedVariant,
    OrderPage,
    ShopProfile,
    Vocabulary,
    Work,
)
from tillbridge.systems.woocommerce import listings, observe, orders, stock, unpublish
from tillbridge.systems.woocommerce.api.batches import RememberedSizes
from tillbridge.systems.woocommerce.api.client import KeySender, WooClient
from tillbridge.systems.woocommerce.api.keys import ApiKeys
from tillbridge.systems.woocommerce.check import ConnectionCheck
from tillbridge.systems.woocommerce.products import take_over, validate
from tillbridge.systems.woocommerce.products.create import CLOCKS_DIFFER
from tillbridge.systems.woocommerce.products.terms import Terms
from tillbridge.systems.woocommerce.products.writer import ProductWriter
from tillbridge.systems.woocommerce.rehearse.cost import cost
from tillbridge.systems.woocommerce.tools import Tools
from tillbridge.systems.woocommerce.traits import Traits

TRANSPORT = TransportOptions(read_seconds=75.0, total_seconds=150.0)
"""Shared hosts take a minute for a large batch (facts/woocommerce.md, "Lists")."""

SYSTEM = "woocommerce"


class WooCommerceShop:
    """Implements ``systems.shop.Shop``.

    ``http`` should be made with ``TRANSPORT``; ``address`` has no closing slash. The vocabulary also keeps
    the sizes of batches that the shop copes with, and that it hides the Authorization header.
    """

    def __init__(
        self, http: KeySender, address: str, keys: ApiKeys, vocabulary: Vocabulary, *, clock: Clock, traits: Traits
    ) -> None:
        self._http, self._address, self._keys = http, address, keys
        self._clock, self._traits = clock, traits
        query_keys = traits.query_keys or vocabulary.get(*_KEYS_IN_QUERY) is not None
        self.client = WooClient(http, address, keys, query_keys=query_keys, on_query_keys=_remembering(vocabulary))
        terms = Terms(self.client, vocabulary, traits.brands)
        self._sizes = RememberedSizes(vocabulary)
        self._tools = Tools.of(self.client, terms, self._sizes, clock)
        self._writer = ProductWriter(self._tools)

    @property
    def system(self) -> str:
        """The system's name."""
        return SYSTEM

    @property
    def stock_form(self) -> StockForm:
        """Whole units, negative ones too, one figure per product (facts/woocommerce.md, "Products")."""
        return StockForm()

    @property
    def lacks(self) -> frozenset[str]:
        """It has no recommended price (facts/woocommerce.md, "Products")."""
        return frozenset({"msrp"})

    def check(self) -> ShopProfile:
        """Prove that the connection works and can write; each failure is an error with its remedy."""
        return ConnectionCheck(self._http, self._address, self._keys, self.client).run()

    def problems(self, write: ProductWrite) -> tuple[str, ...]:
        """Say why this shop could not take a product as it is, each reason with its remedy; nothing is sent."""
        return validate.problems(write, self._traits.tax_classes)

    def cost(self, rounds: Sequence[Work]) -> int:
        """Say how many calls these rounds need when all goes well; nothing is asked or sent.

        A shop whose products nobody has counted yet is taken for empty.
        """
        return cost(self._tools, self._sizes, rounds)

    def find_by_sku(self, skus: Sequence[str]) -> Mapping[str, tuple[FoundListing, ...]]:
        """Find the listings that carry these SKUs, drafts included."""
        return observe.find_by_sku(self._tools.catalogue, skus)

    def listings(self, after: str = "") -> Iterator[ListingPage]:
        """Read everything the shop lists, page by page as they are asked for.

        Whoever meets an empty shop here need not count its products before creating any.
        """
        for page in listings.listings(self.client, after):
            self._tools.first_look.met(empty=not page.products and page.last and not after)
            yield page

    def find_made(self, attempts: Mapping[str, datetime]) -> Mapping[str, str]:
        """Find the products that we made for these keys, going back to the first attempt."""
        since = min(attempts.values(), default=None)
        found = self._tools.catalogue.made_since(since - CLOCKS_DIFFER if since else None, attempts)
        return {key: str(row.id) for key, row in found.items()}

    def link_products(self, writes: Sequence[ProductWrite]) -> Iterator[tuple[ProductOutcome, ...]]:
        """Read listings that products are about to be linked with; nothing of them is changed."""
        return take_over.link_products(self._tools, writes)

    def write_products(self, writes: Sequence[ProductWrite]) -> Iterator[tuple[ProductOutcome, ...]]:
        """Create, change and link listings; yields the outcomes of each batch as soon as they are certain."""
        return self._writer.write(writes)

    def unpublish(self, links: Sequence[str]) -> Iterator[tuple[str, ...]]:
        """Make drafts of products (shop ids); yields the ids that are off sale."""
        return unpublish.unpublish(self._tools, links)

    def orders_since(self, since: datetime | None) -> OrderPage:
        """Read every order changed at or after ``since`` (UTC), or every open one."""
        if since is None:
            return orders.open_orders(self.client, self._clock, self._traits.order_statuses)
        return orders.orders_since(self.client, since, self._clock, self._traits.order_statuses)

    def located(self, orders: Sequence[WebOrder]) -> Sequence[WebOrder]:
        """Give the orders as they are: they have none."""
        return orders

    def write_stock(self, writes: Sequence[StockWrite]) -> Iterator[tuple[StockOutcome, ...]]:
        """Set absolute stock figures; yields the outcomes of each batch as soon as they are certain."""
        return stock.write_stock(self._tools, writes)

    def observe(
        self,
        refs: Sequence[ListingRef],
        skus: Mapping[ListingRef, str] | None = None,
        places: Sequence[str] = (),
    ) -> Mapping[ListingRef, ObservedVariant]:
        """Read listings back, a hundred per call; one that is gone is absent. The shop has no places."""
        del places
        return observe.observe(self._tools.catalogue, refs, skus or {})


_KEYS_IN_QUERY = ("way", "keys in query")


def _remembering(vocabulary: Vocabulary) -> Callable[[], None]:
    kind, name = _KEYS_IN_QUERY
    return lambda: vocabulary.put(kind, {name: "yes"})
