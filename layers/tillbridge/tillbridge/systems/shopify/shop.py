"""A Shopify shop, as the flows see it."""

from collections.abc import Iterator, Mapping, Sequence
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
from tillbridge.systems.shopify import listings, observe, orders, stock, unpublish
from tillbridge.systems.shopify.api.client import ShopifyClient
from tillbridge.systems.shopify.bulk.lines import BULK_FROM
from tillbridge.systems.shopify.catalogue import Catalogue
from tillbridge.systems.shopify.check import ConnectionCheck
from tillbridge.systems.shopify.located import located
from tillbridge.systems.shopify.products import take_over, validate
from tillbridge.systems.shopify.products.writer import ProductWriter
from tillbridge.systems.shopify.rehearse.cost import cost
from tillbridge.systems.shopify.tools import Tools
from tillbridge.systems.shopify.traits import Traits

TRANSPORT = TransportOptions(read_seconds=45.0, total_seconds=90.0)
"""A product with many variants takes Shopify a while, and is written in one call."""

SYSTEM = "shopify"


class ShopifyShop:
    """Implements ``systems.shop.Shop``.

    The client should have an HTTP client made with ``TRANSPORT``. The vocabulary keeps where listings have their stock,
    the keys of writes whose answer has not come, and the bulk operation that is under way. So many new products as
    ``bulk_from`` go by one.
    """

    def __init__(
        self,
        client: ShopifyClient,
        vocabulary: Vocabulary,
        *,
        clock: Clock,
        traits: Traits,
        bulk_from: int = BULK_FROM,
    ) -> None:
        self.client, self._clock, self._traits = client, clock, traits
        self._tools = Tools(client, vocabulary, clock, traits, bulk_from)
        self._catalogue = Catalogue(self._tools)
        self._writer = ProductWriter(self._tools, self._catalogue)

    @property
    def system(self) -> str:
        """The system's name."""
        return SYSTEM

    @property
    def stock_form(self) -> StockForm:
        """Whole units, negative ones too, at the shop's own locations (facts/shopify.md, section 6)."""
        return StockForm(places=True)

    @property
    def lacks(self) -> frozenset[str]:
        """``compareAtPrice`` shows the regular price of a sale (facts/shopify.md, section 7); it has one text."""
        return frozenset({"msrp", "short_description"})

    def check(self) -> ShopProfile:
        """Prove that the connection works and can write; each failure is an error with its remedy."""
        return ConnectionCheck(self.client).run()

    def problems(self, write: ProductWrite) -> tuple[str, ...]:
        """Say why this shop could not take a product as it is, each reason with its remedy; nothing is sent."""
        return validate.problems(write, self._traits)

    def cost(self, rounds: Sequence[Work]) -> int:
        """Say how many calls these rounds need when all goes well; nothing is asked or sent."""
        return cost(self._tools, rounds)

    def find_by_sku(self, skus: Sequence[str]) -> Mapping[str, tuple[FoundListing, ...]]:
        """Find the listings that carry these SKUs, drafts included."""
        return observe.find_by_sku(self._catalogue, skus)

    def listings(self, after: str = "") -> Iterator[ListingPage]:
        """Read everything the shop lists, page by page as they are asked for."""
        return listings.listings(self.client, after)

    def find_made(self, attempts: Mapping[str, datetime]) -> Mapping[str, str]:
        """Find the products that we made for these keys; a search might not see them yet.

        What a bulk operation may still make is told as "".
        """
        coming = self._writer.batches.coming(attempts)
        return dict.fromkeys(coming, "") | self._catalogue.by_keys(list(attempts))

    def link_products(self, writes: Sequence[ProductWrite]) -> Iterator[tuple[ProductOutcome, ...]]:
        """Read listings that products are about to be linked with; nothing of them is changed."""
        return take_over.link_products(self._catalogue, writes)

    def write_products(self, writes: Sequence[ProductWrite]) -> Iterator[tuple[ProductOutcome, ...]]:
        """Create, change and link listings; yields the outcomes of each group as soon as they are certain."""
        return self._writer.write(writes)

    def unpublish(self, links: Sequence[str]) -> Iterator[tuple[str, ...]]:
        """Make drafts of products (shop ids); yields the ids that are off sale."""
        return unpublish.unpublish(self._tools, links)

    def orders_since(self, since: datetime | None) -> OrderPage:
        """Read every order changed at or after ``since`` (UTC), or every open one."""
        if since is None:
            return orders.open_orders(self.client, self._clock)
        return orders.orders_since(self.client, since, self._clock)

    def located(self, orders: Sequence[WebOrder]) -> Sequence[WebOrder]:
        """Say of each line which of the shop's locations it leaves."""
        return located(self.client, orders)

    def write_stock(self, writes: Sequence[StockWrite]) -> Iterator[tuple[StockOutcome, ...]]:
        """Set absolute stock figures; yields the outcomes of each batch as soon as they are certain."""
        return stock.write_stock(self._tools, writes)

    def observe(
        self,
        refs: Sequence[ListingRef],
        skus: Mapping[ListingRef, str] | None = None,
        places: Sequence[str] = (),
    ) -> Mapping[ListingRef, ObservedVariant]:
        """Read listings back by their ids; one that is gone is absent."""
        del skus
        return observe.observe(self._catalogue, refs, places)
