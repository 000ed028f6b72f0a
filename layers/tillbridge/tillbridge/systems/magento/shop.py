"""A Magento 2 shop, as the flows see it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

from tillbridge.domain.product import ListingRef, ProductOutcome, ProductWrite, StockOutcome, StockWrite, WebOrder
from tillbridge.domain.stock import StockForm
from tillbridge.systems.common.sending import Sender
from tillbridge.systems.http import TransportOptions
from tillbridge.systems.http.clock import Clock
from tillbridge.systems.magento import listings, observe, stock, unpublish
from tillbridge.systems.magento.api.client import MagentoClient
from tillbridge.systems.magento.api.signing import IntegrationSecrets, PathForm
from tillbridge.systems.magento.check import ConnectionCheck
from tillbridge.systems.magento.orders import Orders, OrdersSeen
from tillbridge.systems.magento.products import take_over, validate
from tillbridge.systems.magento.products.writer import ProductWriter
from tillbridge.systems.magento.rehearse.cost import cost
from tillbridge.systems.magento.tools import Tools
from tillbridge.systems.magento.traits import Traits
from tillbridge.systems.shop import (
    FoundListing,
    ListingPage,
    ObservedVariant,
    OrderPage,
    ShopProfile,
    Vocabulary,
    Work,
)

TRANSPORT = TransportOptions(read_seconds=75.0, total_seconds=150.0)
"""A save takes about a second, a hundred stock rows a few; hosts under load take far longer (facts/magento.md)."""

SYSTEM = "magento"


class MagentoShop:
    """Implements ``systems.shop.Shop``.

    ``http`` should be made with ``TRANSPORT``; ``gallery`` fetches the till's pictures and speaks to no shop;
    ``address`` has no closing slash; ``told`` hears why bulks that are wanted are not used. The vocabulary also keeps
    that, how paths are signed, and how many rows a call takes.
    """

    def __init__(  # noqa: PLR0913  what a shop is made of
        self,
        http: Sender,
        gallery: Sender,
        address: str,
        secrets: IntegrationSecrets,
        vocabulary: Vocabulary,
        *,
        clock: Clock,
        traits: Traits,
        told: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._http, self._clock, self._traits = http, clock, traits
        form = PathForm(vocabulary.get(*_FORM) or PathForm.DECODED)
        self.client = MagentoClient(http, address, secrets, clock=clock, form=form, on_form=_remembering(vocabulary))
        self._tools = Tools.of(self.client, gallery, vocabulary, clock, traits, told)
        self._orders = Orders(self.client, clock, OrdersSeen())
        self._writer = ProductWriter(self._tools)

    @property
    def system(self) -> str:
        """The system's name."""
        return SYSTEM

    @property
    def stock_form(self) -> StockForm:
        """Whole units, negative ones too, at the shop's sources (facts/magento.md, section 4)."""
        return StockForm(places=self._traits.multi_source)

    @property
    def lacks(self) -> frozenset[str]:
        """It has a counterpart for every field (facts/magento.md, section 3)."""
        return frozenset()

    def check(self) -> ShopProfile:
        """Prove that the connection works and can write; each failure is an error with its remedy."""
        return ConnectionCheck(self._http, self.client, self._clock, self._tools.bulks.why_off).run()

    def problems(self, write: ProductWrite) -> tuple[str, ...]:
        """Say why this shop could not take a product as it is, each reason with its remedy; nothing is sent."""
        return validate.problems(write, self._traits.tax_classes)

    def cost(self, rounds: Sequence[Work]) -> int:
        """Say how many calls these rounds need when all goes well; nothing is asked or sent."""
        return cost(self._tools, rounds)

    def find_by_sku(self, skus: Sequence[str]) -> Mapping[str, tuple[FoundListing, ...]]:
        """Find the listings that carry these SKUs, drafts included."""
        return observe.find_by_sku(self._tools, skus)

    def listings(self, after: str = "") -> Iterator[ListingPage]:
        """Read everything the shop lists, page by page as they are asked for."""
        return listings.listings(self._tools, after)

    def find_made(self, attempts: Mapping[str, datetime]) -> Mapping[str, str]:
        """Find the products that we made for these keys, by the key in them."""
        return {key: row.key for key, row in self._tools.catalogue.by_marks(attempts).items()}

    def link_products(self, writes: Sequence[ProductWrite]) -> Iterator[tuple[ProductOutcome, ...]]:
        """Read listings that products are about to be linked with; nothing of them is changed."""
        return take_over.link_products(self._tools, writes)

    def write_products(self, writes: Sequence[ProductWrite]) -> Iterator[tuple[ProductOutcome, ...]]:
        """Create, change and link listings; yields the outcome of each as soon as it is certain."""
        return self._writer.write(writes)

    def unpublish(self, links: Sequence[str]) -> Iterator[tuple[str, ...]]:
        """Switch products (shop ids) off; yields the ids that are off sale."""
        return unpublish.unpublish(self._tools, links)

    def orders_since(self, since: datetime | None) -> OrderPage:
        """Read every order changed at or after ``since`` (UTC), or every open one."""
        return self._orders.open() if since is None else self._orders.since(since)

    def located(self, orders: Sequence[WebOrder]) -> Sequence[WebOrder]:
        """Give the orders as they are: what the shop tells of it came with them."""
        return orders

    def write_stock(self, writes: Sequence[StockWrite]) -> Iterator[tuple[StockOutcome, ...]]:
        """Set absolute stock figures; yields the outcomes of each call as soon as they are certain."""
        return stock.write_stock(self._tools, self._orders, writes)

    def observe(
        self,
        refs: Sequence[ListingRef],
        skus: Mapping[ListingRef, str] | None = None,
        places: Sequence[str] = (),
    ) -> Mapping[ListingRef, ObservedVariant]:
        """Read listings back, a hundred per call; one that is gone is absent. Ids find them whatever their SKUs."""
        del skus
        return observe.observe(self._tools, self._orders, refs, places)


_FORM = ("way", "path form")


def _remembering(vocabulary: Vocabulary) -> Callable[[PathForm], None]:
    kind, name = _FORM
    return lambda form: vocabulary.put(kind, {name: form.value})
