"""The protocol of a web shop: what the flows ask of it. One implementation per folder under ``systems``."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from tillbridge.domain.listing import ListedProduct
from tillbridge.domain.product import (
    Link,
    ListingRef,
    ProductOutcome,
    ProductWrite,
    StockOutcome,
    StockWrite,
    WebOrder,
)
from tillbridge.domain.stock import Quantity, StockFigure, StockForm


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopProfile:
    """What a connection check learnt of a shop; ``warnings`` are told to the merchant but stop nothing.

    ``places`` names the shop's own places by their ids, where it has some; ``details`` is what only its adapter needs
    to remember.
    """

    name: str
    address: str
    version: str
    currency: str
    prices_include_tax: bool
    time_zone: str
    price_decimals: int = 2
    brands: bool = False
    query_keys: bool = False  # the host strips the Authorization header, keys travel in the query
    tax_classes: tuple[str, ...] = ()
    order_statuses: tuple[str, ...] = ()  # plugins add their own
    warnings: tuple[str, ...] = ()
    places: Mapping[str, str] = field(default_factory=dict)
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What one round of a push asks of a shop; ``unpublish`` names products by the shop's ids.

    ``links`` are to listings that the shop had already: these are read while the round is planned, and so is what is
    ``observed``, because it may be gone, or because nobody knows what it shows. Before stock is written the new orders
    are read; ``orders`` says so where all that would be written is held back. ``places`` are those of which figures are
    read one by one, as for ``Shop.observe``.
    """

    links: Sequence[Link] = ()
    unpublish: Sequence[str] = ()
    writes: Sequence[ProductWrite] = ()
    stock: Sequence[StockWrite] = ()
    orders: bool = False
    observed: Sequence[ListingRef] = ()
    places: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class OrderPage:
    """Orders changed since the last look; ``next_look`` is where to look from next, by the shop's own clock (UTC)."""

    orders: tuple[WebOrder, ...]
    next_look: datetime


@dataclass(frozen=True, slots=True)
class ObservedVariant:
    """What a shop shows of one listing, read back: a simple product, a variant, or a product that has variants.

    ``fields`` holds the texts that can be held against what was acknowledged (``domain.agreement.agrees``); a field of
    which the listing says nothing of its own is absent. ``category`` and ``brand`` are JSON lists of names. ``places``
    holds the figure of each of the shop's places that was asked about, 0 where it has none of it; {} when it is not
    counted.
    """

    ref: ListingRef
    sku: str
    quantity: Quantity | None
    fields: Mapping[str, str]
    places: Mapping[str, Quantity] = field(default_factory=dict)

    def shows(self, figure: StockFigure) -> bool:
        """Tell whether it shows a figure, place by place where that is shared out."""
        if figure.places:
            return figure.by_place == {place: self.places.get(place) for place in figure.by_place}
        return self.quantity == figure.quantity


@dataclass(frozen=True, slots=True)
class ListingPage:
    """Listings of a shop, wholly read and verified. ``after`` is where to go on, also in another process."""

    products: tuple[ListedProduct, ...]
    after: str
    last: bool


@dataclass(frozen=True, slots=True)
class FoundListing:
    """A listing that carries an SKU somebody asked for. ``parent`` tells that it is a variable product's own SKU."""

    ref: ListingRef
    sku: str
    name: str
    parent: bool = False


class Vocabulary(Protocol):
    """The shop's ids of names it knows already (categories, attributes, terms, brands), kept between runs."""

    def get(self, kind: str, name: str) -> str | None:
        """Find the shop's id of a name; ``kind`` is "category", "attribute", "term:7", "brand"."""
        ...

    def put(self, kind: str, names: Mapping[str, str]) -> None:
        """Remember name -> id."""
        ...

    def forget(self, kind: str) -> None:
        """Drop every id of a kind: the shop no longer knows one of them."""
        ...


class Shop(Protocol):
    """A web shop. Writes are grouped in the largest batches the shop takes and shrink when it struggles.

    A bad product becomes ``ProductOutcome.error`` and never fails its batch. A bad shop raises ``RetryLaterError`` or
    ``BrokenConnectionError``: outcomes yielded before that stand, everything else is as if not asked.
    """

    @property
    def system(self) -> str:
        """The system's name, e.g. ``woocommerce``."""
        ...

    @property
    def stock_form(self) -> StockForm:
        """The form in which this shop takes stock figures; known without asking it."""
        ...

    @property
    def lacks(self) -> frozenset[str]:
        """The fields of products and variants that this shop has no place for, and that are never written to it."""
        ...

    def check(self) -> ShopProfile:
        """Prove that the connection works and can write; each failure is an error with its remedy."""
        ...

    def problems(self, write: ProductWrite) -> tuple[str, ...]:
        """Say why this shop could not take a product as it is, each reason with its remedy; nothing is sent."""
        ...

    def cost(self, rounds: Sequence[Work]) -> int:
        """Say how many calls these rounds need, one after the other, when all goes well; nothing is asked or sent.

        It goes by what is remembered of the shop: the sizes of batches it copes with, and the names it knows. Stock
        counts the look at the orders that comes before it.
        """
        ...

    def find_by_sku(self, skus: Sequence[str]) -> Mapping[str, tuple[FoundListing, ...]]:
        """Find the listings that carry these SKUs, drafts included."""
        ...

    def listings(self, after: str = "") -> Iterator[ListingPage]:
        """Read everything the shop lists, drafts included and its trash not, page by page as they are asked for.

        No listing is given twice, and one that is there all the while is not left out, whatever is added or deleted
        meanwhile. A page that cannot be trusted raises ``GarbledAnswerError``. ``after`` is what a page said.
        """
        ...

    def find_made(self, attempts: Mapping[str, datetime]) -> Mapping[str, str]:
        """Find the products that we made for these product keys, by our own key in them, drafts included.

        ``attempts`` holds when we first tried to make each (UTC); gives the shop's ids by product key, "" for what the
        shop is still at work on. Nothing is changed.
        """
        ...

    def link_products(self, writes: Sequence[ProductWrite]) -> Iterator[tuple[ProductOutcome, ...]]:
        """Read listings that products are about to be linked with; nothing of them is changed.

        ``write.link`` names the listing and the variants of its items. The outcome's link carries what they show, and
        whether we made it; a listing that is gone, or is of another kind by now, is an error.
        """
        ...

    def write_products(self, writes: Sequence[ProductWrite]) -> Iterator[tuple[ProductOutcome, ...]]:
        """Create and update listings; yields the outcomes of each batch as soon as they are certain.

        A write whose SKU exists once in the shop becomes a link to that listing (nothing of it is changed).
        A write with ``link.attempted_at`` set is first looked for, since an earlier try may have succeeded; so are
        variants that are not to be on sale, and what else it may have made below a listing goes off sale. A batch
        without outcomes says that the shop is at work on what is left: whoever has no more time stops there, and asks
        for the same again.
        """
        ...

    def unpublish(self, links: Sequence[str]) -> Iterator[tuple[str, ...]]:
        """Take products (shop ids) off sale without deleting anything; yields the ids that are done."""
        ...

    def orders_since(self, since: datetime | None) -> OrderPage:
        """Read every order changed at or after ``since`` (UTC), with overlap for same-second ties.

        ``None`` asks for those that hold stock, however long they have not changed: what matters to a first look.
        """
        ...

    def located(self, orders: Sequence[WebOrder]) -> Sequence[WebOrder]:
        """Say of each line of these orders, in the same order, which of the shop's places it leaves, as far as it says.

        Asked only where that makes a difference.
        """
        ...

    def write_stock(self, writes: Sequence[StockWrite]) -> Iterator[tuple[StockOutcome, ...]]:
        """Set absolute stock figures; yields the outcomes of each batch as soon as they are certain."""
        ...

    def observe(
        self,
        refs: Sequence[ListingRef],
        skus: Mapping[ListingRef, str] | None = None,
        places: Sequence[str] = (),
    ) -> Mapping[ListingRef, ObservedVariant]:
        """Read listings back in as few calls as the shop allows; a listing that is gone is absent.

        ``skus`` are hints: where a shop finds variants faster by SKU, it may ask so and hold the ids against it.
        ``places`` are the shop's places of which the figures are wanted one by one, and whose sum is the quantity;
        without any it is the figure of the place where a figure goes that names none.
        """
        ...
