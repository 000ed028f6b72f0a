"""A shop with a life of its own: a merchant who edits and deletes, shoppers who order, and hooks that tell of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from tests.fakes.systems import Listing
from tests.proof.witness import WitnessShop
from tillbridge.domain.errors import ItemRejectedError
from tillbridge.domain.product import (
    LISTING_GONE,
    ListingRef,
    OrderLine,
    ProductOutcome,
    ProductWrite,
    StockOutcome,
    StockWrite,
    WebOrder,
)
from tillbridge.flows.take_hook import Hook, HookKind
from tillbridge.systems.shop import OrderPage

MERCHANTS = ("name", "description", "short_description", "category", "brand")
"""Texts that are the shop's once it has them."""

MENDED = ("regular_price", "sale_price", "sku", "gtin")
"""Texts that are the till's."""

GONE = ItemRejectedError("It is gone.", remedy="Look.", code=LISTING_GONE)


@dataclass
class Sale:
    """Units of one item that a shopper has ordered, at ``place``."""

    item_id: str
    ref: ListingRef
    units: int
    order: WebOrder


@dataclass
class LivelyShop(WitnessShop):
    """``bin`` holds what the merchant has deleted, ``hooks`` what was told and has not arrived yet.

    A write that names a listing proves that it was acknowledged; one that was deleted after that is ``buried``.
    """

    bin: dict[str, Listing] = field(default_factory=dict)
    hooks: list[Hook] = field(default_factory=list)
    sales: dict[str, Sale] = field(default_factory=dict)
    texts: dict[str, dict[str, str]] = field(default_factory=dict)  # as the merchant last saw to it, by product id
    acknowledged: set[str] = field(default_factory=set)
    buried: set[str] = field(default_factory=set)

    @property
    def all(self) -> dict[str, Listing]:
        """Every product that is there."""
        return self.products

    def find(self, product_key: str) -> Listing | None:
        """Find the product that we made of one of the till's."""
        return next((listing for listing in self.all.values() if listing.key == product_key), None)

    # --- the merchant ---

    def edit_text(self, listing: Listing, number: int) -> None:
        """Write one of the texts that are the merchant's."""
        name = MERCHANTS[number % len(MERCHANTS)]
        listing.fields[name] = self.texts[listing.product_id][name] = f"My own {name} {number}"

    def edit_ours(self, listing: Listing, number: int) -> None:
        """Overwrite one of the texts that are the till's."""
        place = sorted(listing.variants)[number % len(listing.variants)]
        listing.variants[place][MENDED[number % len(MENDED)]] = f"8{number}.5"

    def count_again(self, listing: Listing, number: int) -> None:
        """Set a figure by hand, or cease to keep stock."""
        place = sorted(listing.variants)[number % len(listing.variants)]
        if number % 5:
            listing.quantities[place] = number
        else:
            listing.quantities.pop(place, None)
        self._tell(ListingRef(listing.product_id, place))

    def throw_away(self, listing: Listing, number: int) -> None:
        """Delete a product."""
        del number
        self.bin[listing.product_id] = self.all.pop(listing.product_id)
        if listing.product_id in self.acknowledged:
            self.buried.add(listing.key)

    def take_back(self, product_id: str) -> None:
        """Restore from the bin, unless there is another one of the same by now."""
        if self.find(self.bin[product_id].key) is None:
            self.buried.discard(self.bin[product_id].key)
            self.all[product_id] = self.bin.pop(product_id)

    # --- shoppers ---

    def order(self, item_id: str, listing: Listing, units: int) -> None:
        """Buy of what is shown."""
        place = item_id if item_id in listing.variants else ""
        units = min(units, int(listing.quantities.get(place, 0)))
        if units <= 0 or not listing.published:
            return
        ref, number = ListingRef(listing.product_id, place), str(len(self.sales) + 1)
        order = WebOrder(
            order_id=number,
            number=number,
            status="processing",
            lines=(OrderLine(ref, Decimal(units)),),
            holds_stock=True,
            taken_in_shop=True,
            changed_at=self.clock.now(),
        )
        listing.quantities[place] -= units
        self.sales[number] = Sale(item_id, ref, units, order)
        self._changed(order, ref)

    def end(self, sale: Sale, status: str) -> None:
        """Cancel an order, whose units are back on sale, or complete it."""
        listing = self.all.get(sale.ref.product_id)
        if status == "cancelled" and listing and sale.ref.variant_id in listing.quantities:
            listing.quantities[sale.ref.variant_id] += sale.units
        sale.order = replace(sale.order, status=status, holds_stock=False, changed_at=self.clock.now())
        self._changed(sale.order, sale.ref)

    def open_orders(self) -> list[str]:
        """Name the orders that have not ended."""
        return [number for number, sale in self.sales.items() if sale.order.holds_stock]

    def open_units(self, item_id: str) -> int:
        """Count the units of orders that the till does not know."""
        return sum(one.units for one in self.sales.values() if one.item_id == item_id and one.order.holds_stock)

    def _changed(self, order: WebOrder, ref: ListingRef) -> None:
        self.orders[:] = [one for one in self.orders if one.order_id != order.order_id] + [order]
        self.hooks.append(Hook(HookKind.ORDER))
        self._tell(ref)

    def _tell(self, ref: ListingRef) -> None:
        listing = self.all.get(ref.product_id)
        if listing:
            self.hooks.append(Hook(HookKind.PRODUCT, ref, listing.quantities.get(ref.variant_id)))

    # --- as it is reached from outside ---

    def orders_since(self, since: datetime | None) -> OrderPage:
        page = super().orders_since(since)
        for order in page.orders:
            sale = self.sales[order.order_id]
            self.ordered.setdefault(sale.item_id, {})[order.order_id] = sale.units
        return page

    def unpublish(self, links: Sequence[str]) -> Iterator[tuple[str, ...]]:
        """Take off sale what is there; the rest is off sale already."""
        for _ in super().unpublish([one for one in links if one in self.all]):
            yield tuple(links)

    def _set(self, write: StockWrite) -> StockOutcome:
        self.acknowledged.add(write.ref.product_id)
        outcome = super()._set(write)
        self._tell(write.ref)
        return outcome

    def _write(self, write: ProductWrite) -> ProductOutcome:
        """Refuse to change what is gone, instead of making it anew."""
        if write.link.product_id and write.link.product_id not in self.all:
            return ProductOutcome(write=write, link=write.link, error=GONE)
        return super()._write(write)

    def _create(self, write: ProductWrite) -> Listing:
        """Make a product; what is in the bin keeps its id."""
        self.all.update(self.bin)
        listing = super()._create(write)
        for product_id in self.bin:
            del self.all[product_id]
        self.texts[listing.product_id] = {name: listing.fields[name] for name in MERCHANTS}
        return listing

    def touched(self) -> Iterator[tuple[str, str]]:
        """Name the listings, by id, and the texts of the merchant's that somebody else has changed."""
        for product_id, mine in self.texts.items():
            fields = (self.all.get(product_id) or self.bin[product_id]).fields
            yield from ((product_id, name) for name, text in mine.items() if fields[name] != text)
