"""A BigCommerce store, as the flows see it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from tillbridge.domain.merchant import Lane
from tillbridge.domain.product import ListingRef, ProductOutcome, ProductWrite, StockOutcome, StockWrite, WebOrder
from tillbridge.domain.stock import StockForm
from tillbridge.systems.bigcommerce import listings, observe, orders, stock, unpublish
from tillbridge.systems.bigcommerce.api.budget import BudgetBook
from tillbridge.systems.bigcommerce.api.client import BigClient
from tillbridge.systems.bigcommerce.check import ConnectionCheck
from tillbridge.systems.bigcommerce.products import take_over, validate
from tillbridge.systems.bigcommerce.products.making import Making
from tillbridge.systems.bigcommerce.products.payload import NO_SUCH_FIELD
from tillbridge.systems.bigcommerce.products.writer import ProductWriter
from tillbridge.systems.bigcommerce.rehearse.cost import cost
from tillbridge.systems.bigcommerce.tools import Tools
from tillbridge.systems.bigcommerce.traits import Traits
from tillbridge.systems.common.sending import Sender
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

TRANSPORT = TransportOptions(read_seconds=60.0, total_seconds=120.0)
"""A product with hundreds of variants takes its time."""

SYSTEM = "bigcommerce"


class BigCommerceShop:
    """Implements ``systems.shop.Shop``.

    ``http`` should be made with ``TRANSPORT``; ``address`` is the API's for this store, as in
    ``https://api.bigcommerce.com/stores/{hash}``. ``budget`` shares the store's quota with other workers.
    """

    def __init__(  # noqa: PLR0913  what a shop is made of
        self,
        http: Sender,
        address: str,
        token: str,
        vocabulary: Vocabulary,
        *,
        clock: Clock,
        traits: Traits,
        budget: BudgetBook | None = None,
    ) -> None:
        self._clock, self._traits = clock, traits
        self.client = BigClient(http, address, token, clock=clock, budget=budget or BudgetBook(clock))
        self._tools = Tools.of(self.client, vocabulary, clock, traits)
        self._in_haste = Tools.of(self.client.of_lane(Lane.STOCK), vocabulary, clock, traits)
        self._writer = ProductWriter(self._tools)

    @property
    def system(self) -> str:
        """The system's name."""
        return SYSTEM

    @property
    def stock_form(self) -> StockForm:
        """Whole units, none below zero, at the store's own places (facts/bigcommerce.md, "Inventory v3")."""
        return StockForm(negative=False, places=True)

    @property
    def lacks(self) -> frozenset[str]:
        """A product has one description."""
        return frozenset({NO_SUCH_FIELD})

    def check(self) -> ShopProfile:
        """Prove that the connection works and can write; each failure is an error with its remedy."""
        return ConnectionCheck(self.client).run()

    def problems(self, write: ProductWrite) -> tuple[str, ...]:
        """Say why this shop could not take a product as it is, each reason with its remedy; nothing is sent."""
        return validate.problems(write)

    def cost(self, rounds: Sequence[Work]) -> int:
        """Say how many calls these rounds need when all goes well; nothing is asked or sent.

        A store whose products nobody has counted yet is taken for empty.
        """
        return cost(self._tools, rounds)

    def find_by_sku(self, skus: Sequence[str]) -> Mapping[str, tuple[FoundListing, ...]]:
        """Find the listings that carry these SKUs, hidden ones included."""
        return observe.find_by_sku(self._tools.catalogue, skus)

    def listings(self, after: str = "") -> Iterator[ListingPage]:
        """Read everything the shop lists, page by page as they are asked for."""
        for page in listings.listings(self.client, self._tools.catalogue, after):
            self._tools.first_look.met(empty=not page.products and page.last and not after)
            yield page

    def find_made(self, attempts: Mapping[str, datetime]) -> Mapping[str, str]:
        """Find the products that we made for these keys, by our marks, or by what we noted before we made them."""
        marked = self._tools.catalogue.marked(list(attempts)) if attempts else {}
        unmarked = {key: tried for key, tried in attempts.items() if key not in marked}
        return {**marked, **Making(self._tools).find(unmarked)}

    def link_products(self, writes: Sequence[ProductWrite]) -> Iterator[tuple[ProductOutcome, ...]]:
        """Read listings that products are about to be linked with; nothing of them is changed."""
        return take_over.link_products(self._tools, writes)

    def write_products(self, writes: Sequence[ProductWrite]) -> Iterator[tuple[ProductOutcome, ...]]:
        """Create, change and link listings; yields the outcomes of each batch as soon as they are certain."""
        return self._writer.write(writes)

    def unpublish(self, links: Sequence[str]) -> Iterator[tuple[str, ...]]:
        """Hide products (shop ids); yields the ids that are off sale."""
        return unpublish.unpublish(self._tools, links)

    def orders_since(self, since: datetime | None) -> OrderPage:
        """Read every order changed at or after ``since`` (UTC), or every open one."""
        if since is None:
            return orders.open_orders(self._in_haste.client, self._clock, self._traits)
        return orders.orders_since(self._in_haste.client, since, self._clock, self._traits)

    def located(self, orders: Sequence[WebOrder]) -> Sequence[WebOrder]:
        """Give the orders as they are: what the shop tells of it came with them."""
        return orders

    def write_stock(self, writes: Sequence[StockWrite]) -> Iterator[tuple[StockOutcome, ...]]:
        """Set absolute stock figures; yields the outcomes of each batch once they are read back."""
        return stock.write_stock(self._in_haste, writes)

    def observe(
        self,
        refs: Sequence[ListingRef],
        skus: Mapping[ListingRef, str] | None = None,
        places: Sequence[str] = (),
    ) -> Mapping[ListingRef, ObservedVariant]:
        """Read listings back, 250 products per call; one that is gone is absent. Ids suffice, hints are not needed."""
        del skus
        return observe.observe(self._tools, refs, places)
