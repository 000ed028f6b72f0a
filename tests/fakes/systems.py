"""A till and a shop in memory, with the few rules of theirs that the flows lean on. Stateful, and killable."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from tests.fakes.clock import FakeClock
from tests.fakes.crash import Crash
from tests.fakes.till import DELAY
from tillbridge.domain.errors import ItemRejectedError, TillbridgeError
from tillbridge.domain.listing import ListedProduct, ListedVariant
from tillbridge.domain.planning import product_fields, variant_fields
from tillbridge.domain.product import (
    LISTING_GONE,
    KnownVariant,
    Link,
    ListingRef,
    ProductOutcome,
    ProductWrite,
    StockOutcome,
    StockWrite,
    Variant,
    Visibility,
    WebOrder,
)
from tillbridge.domain.stock import WHOLE_UNITS, Quantity, StockForm
from tillbridge.systems.shop import (
    FoundListing,
    ListingPage,
    ObservedVariant,
    OrderPage,
    ShopProfile,
    Work,
)

WRITES = {"write products", "unpublish", "write stock"}
GONE = ItemRejectedError("It is gone.", remedy="Look.", code=LISTING_GONE)


@dataclass
class Listing:
    """One product of the fake shop."""

    product_id: str
    key: str
    fields: dict[str, str]
    variants: dict[str, dict[str, str]]  # variant id ("" when simple) -> fields
    quantities: dict[str, Quantity]
    places: dict[str, dict[str, Quantity]] = field(default_factory=dict)  # variant id -> place -> quantity
    published: bool = True

    @property
    def listed(self) -> ListedProduct:
        """Give it as a survey meets it."""
        options = json.loads(self.fields.get("options", "[]"))
        return ListedProduct(
            product_id=self.product_id,
            name=self.fields.get("name", ""),
            options=tuple(name for name, _ in options),
            variants=tuple(
                ListedVariant(
                    ref=ListingRef(self.product_id, variant_id),
                    sku=fields.get("sku", ""),
                    gtin=fields.get("gtin", ""),
                    options=tuple(json.loads(fields.get("options", "[]"))),
                )
                for variant_id, fields in self.variants.items()
            ),
            mark=self.key,
        )


@dataclass
class FakeShop:
    """A shop with unique SKUs. It finds what an earlier try created by the product's key, as adapters do."""

    clock: FakeClock
    crash: Crash = field(default_factory=Crash)
    products: dict[str, Listing] = field(default_factory=dict)
    orders: list[WebOrder] = field(default_factory=list)
    leaves: dict[str, dict[ListingRef, dict[str, int]]] = field(default_factory=dict)
    """Units by place and listing, by order; told when somebody asks."""
    unrouted: set[str] = field(default_factory=set)
    batch: int = 2
    refuse: set[str] = field(default_factory=set)  # product keys or item ids that the shop does not take
    fail: TillbridgeError | None = None
    calls: list[str] = field(default_factory=list)
    stock_writes: list[tuple[str, Quantity]] = field(default_factory=list)
    system: str = "fake"
    stock_form: StockForm = WHOLE_UNITS
    lacks: frozenset[str] = frozenset()  # what it takes for written, and has no place for
    may_send: Callable[[], None] = lambda: None

    def fenced(self, may_send: Callable[[], None]) -> "FakeShop":
        """Give the same shop as one worker reaches it: each call that changes something is asked for before."""
        mine = copy(self)
        mine.may_send = may_send
        return mine

    def check(self) -> ShopProfile:
        raise NotImplementedError("no test of the flows connects this shop")

    def problems(self, write: ProductWrite) -> tuple[str, ...]:
        return ("Its name is too long.",) if len(write.product.name) > 100 else ()

    def cost(self, rounds: Sequence[Work]) -> int:
        return sum(
            bool(work.observed)
            + self._batches(work.links)
            + bool(work.unpublish)
            + self._batches(work.writes)
            + (bool(work.stock) or work.orders)
            + self._batches(work.stock)
            for work in rounds
        )

    def find_by_sku(self, skus: Sequence[str]) -> Mapping[str, tuple[FoundListing, ...]]:
        raise NotImplementedError("listings of this shop are told page by page")

    def listings(self, after: str = "") -> Iterator[ListingPage]:
        ids = sorted((one for one in self.products if int(one) > int(after or 0)), key=int)
        for start in range(0, max(len(ids), 1), self.batch):
            self._call("listings")
            page = ids[start : start + self.batch]
            last = start + self.batch >= len(ids)
            yield ListingPage(tuple(self.products[one].listed for one in page), page[-1] if page else after, last)

    def find_made(self, attempts: Mapping[str, datetime]) -> Mapping[str, str]:
        self._call("find made")
        return {listing.key: product_id for product_id, listing in self.products.items() if listing.key in attempts}

    def link_products(self, writes: Sequence[ProductWrite]) -> Iterator[tuple[ProductOutcome, ...]]:
        for start in range(0, len(writes), self.batch):
            self._call("link products")
            outcomes = tuple(self._take_as_is(write) for write in writes[start : start + self.batch])
            self.crash.step("answer link products")
            yield outcomes

    def write_products(self, writes: Sequence[ProductWrite]) -> Iterator[tuple[ProductOutcome, ...]]:
        for start in range(0, len(writes), self.batch):
            self._call("write products")
            outcomes = tuple(self._write(write) for write in writes[start : start + self.batch])
            self.crash.step("answer write products")
            yield outcomes

    def unpublish(self, links: Sequence[str]) -> Iterator[tuple[str, ...]]:
        self._call("unpublish")
        for listing in (self.products[product_id] for product_id in links if product_id in self.products):
            listing.published = False
        self.crash.step("answer unpublish")
        yield tuple(links)

    def orders_since(self, since: datetime | None) -> OrderPage:
        self._call("orders")
        began = self.clock.now() - DELAY
        met = (one for one in self.orders if (one.holds_stock if since is None else one.changed_at >= since))
        return OrderPage(tuple(met), max(since or began, began))

    def located(self, orders: Sequence[WebOrder]) -> Sequence[WebOrder]:
        self._call("places")
        return [replace(self._leaving(order), routed=order.order_id not in self.unrouted) for order in orders]

    def _leaving(self, order: WebOrder) -> WebOrder:
        at = {} if order.order_id in self.unrouted else self.leaves.get(order.order_id, {})
        places = [{place: Decimal(count) for place, count in at.get(line.ref, {}).items()} for line in order.lines]
        lines = (replace(line, places=one) for line, one in zip(order.lines, places, strict=True))
        return replace(order, lines=tuple(lines))

    def write_stock(self, writes: Sequence[StockWrite]) -> Iterator[tuple[StockOutcome, ...]]:
        for start in range(0, len(writes), self.batch):
            self._call("write stock")
            outcomes = tuple(self._set(write) for write in writes[start : start + self.batch])
            self.crash.step("answer write stock")
            yield outcomes

    def observe(
        self,
        refs: Sequence[ListingRef],
        skus: Mapping[ListingRef, str] | None = None,
        places: Sequence[str] = (),
    ) -> Mapping[ListingRef, ObservedVariant]:
        self._call("observe")
        listings = {ref: self.products[ref.product_id] for ref in refs if ref.product_id in self.products}
        seen = {ref: self._observed(listing, ref, places) for ref, listing in listings.items()}
        return {ref: one for ref, one in seen.items() if one is not None}

    @staticmethod
    def _observed(listing: Listing, ref: ListingRef, places: Sequence[str]) -> ObservedVariant | None:
        own = listing.variants.get(ref.variant_id)
        if own is None and ref.variant_id:
            return None
        visibility = Visibility.PUBLISHED if listing.published else Visibility.DRAFT
        content = {} if ref.variant_id else {**listing.fields, "visibility": str(visibility)}
        fields = {**(own or {}), **content}
        quantity = listing.quantities.get(ref.variant_id)
        shares = {place: listing.places.get(ref.variant_id, {}).get(place, 0) for place in places}
        if shares and quantity is not None:
            quantity = sum(shares.values())
        return ObservedVariant(ref, fields.get("sku", ""), quantity, fields, shares)

    def shown(self) -> dict[str, Quantity]:
        """Tell the quantity by SKU, for published listings."""
        return {
            fields["sku"]: listing.quantities[variant_id]
            for listing in self.products.values()
            if listing.published
            for variant_id, fields in listing.variants.items()
            if variant_id in listing.quantities
        }

    def _batches(self, writes: Sequence[object]) -> int:
        return -(-len(writes) // self.batch)

    def _call(self, name: str) -> None:
        if name in WRITES:
            self.may_send()
        self.crash.step(f"call {name}")
        self.calls.append(name)
        if self.fail is not None:
            raise self.fail

    def _set(self, write: StockWrite) -> StockOutcome:
        listing = self.products.get(write.ref.product_id)
        if listing is None or write.ref.variant_id not in listing.variants or write.item_id in self.refuse:
            return StockOutcome(write, error=GONE)
        listing.quantities[write.ref.variant_id] = write.quantity
        listing.places.setdefault(write.ref.variant_id, {}).update(write.places)
        self.stock_writes.append((write.item_id, write.quantity))
        return StockOutcome(write, acknowledged=write.quantity)

    def _write(self, write: ProductWrite) -> ProductOutcome:
        if write.product.key in self.refuse:
            error = ItemRejectedError("The shop does not like it.", remedy="Change it.", code="refused")
            return ProductOutcome(write=write, link=write.link, error=error)
        lost = write.link.unread and write.link.product_id not in self.products
        if lost or any(not self._has(known.ref) for known in write.link.variants):
            return ProductOutcome(write=write, link=write.link, error=GONE)
        listing = self.products.get(write.link.product_id) or self._find(write) or self._create(write)
        for name in write.changes:
            listing.fields[name] = product_fields(write.product)[name]
        listing.published = listing.published or "visibility" in write.changes
        self._hide_strays(write, listing)
        fresh = write.creates and listing.key == write.product.key
        return ProductOutcome(
            write=write,
            link=self._link(write, listing),
            quantities={
                variant.item_id: listing.quantities[place]
                for variant in write.product.variants
                if (fresh or _joins(write, variant))
                and (place := variant.item_id if write.product.variable else "") in listing.quantities
            },
        )

    @staticmethod
    def _hide_strays(write: ProductWrite, listing: Listing) -> None:
        """Take off sale what an earlier write may have made for items that are not the product's any more."""
        if not (write.link.attempted_at or write.link.unread) or listing.key != write.product.key:
            return
        items = {variant.item_id for variant in write.product.variants} if write.product.variable else {""}
        known = {known.ref.variant_id for known in write.link.variants}
        for place in listing.variants.keys() - items - known:
            listing.variants[place]["visibility"] = Visibility.DRAFT

    def _has(self, ref: ListingRef) -> bool:
        return ref.product_id in self.products and ref.variant_id in self.products[ref.product_id].variants

    def _take_as_is(self, write: ProductWrite) -> ProductOutcome:
        """Give a link that says what a listing shows."""
        refs = {known.item_id: known.ref for known in write.link.variants}
        if not all(self._has(ref) for ref in refs.values()):
            return ProductOutcome(write=write, link=write.link, error=GONE)
        listing = self.products[write.link.product_id]
        known = tuple(
            KnownVariant(item_id=item_id, ref=ref, fields=dict(listing.variants[ref.variant_id]))
            for item_id, ref in refs.items()
        )
        ours = listing.key == write.product.key
        link = replace(write.link, fields=dict(listing.fields), variants=known, created_by_us=ours)
        return ProductOutcome(write=write, link=link)

    def _find(self, write: ProductWrite) -> Listing | None:
        """Find by our key (an earlier try) or by SKU (it was there already)."""
        skus = {variant.sku for variant in write.product.variants}
        for listing in self.products.values():
            if listing.key == write.product.key or skus & {fields["sku"] for fields in listing.variants.values()}:
                return listing
        return None

    def _create(self, write: ProductWrite) -> Listing:
        product = write.product
        product_id = str(max(map(int, self.products), default=0) + 1)
        on_sale = [one for one in product.variants if one.visibility is Visibility.PUBLISHED]
        ids = [variant.item_id if product.variable else "" for variant in on_sale]
        listing = Listing(
            product_id,
            product.key,
            product_fields(product),
            {name: variant_fields(one, product) for name, one in zip(ids, on_sale, strict=True)},
            {name: one.quantity for name, one in zip(ids, on_sale, strict=True) if one.quantity is not None},
        )
        self.products[product_id] = listing
        return listing

    @staticmethod
    def _place(write: ProductWrite, listing: Listing, variant: Variant) -> str:
        """Find where a variant is: as it is known, by its SKU, or a new place."""
        if known := write.link.variant(variant.item_id):
            return known.ref.variant_id
        same = (place for place, fields in listing.variants.items() if fields.get("sku") == variant.sku)
        return next(same, variant.item_id if write.product.variable else "")

    def _link(self, write: ProductWrite, listing: Listing) -> Link:
        product = write.product
        known = []
        for variant in product.variants:
            variant_id = self._place(write, listing, variant)
            if variant_id not in listing.variants and variant.visibility is not Visibility.PUBLISHED:
                continue
            fields = listing.variants.setdefault(variant_id, variant_fields(variant, product))
            wanted = variant_fields(variant, product)
            fields.update({name: wanted[name] for name in write.variant_changes.get(variant.item_id, ())})
            if variant.quantity is not None:
                listing.quantities.setdefault(variant_id, variant.quantity)
            known.append(
                KnownVariant(
                    item_id=variant.item_id, ref=ListingRef(listing.product_id, variant_id), fields=dict(fields)
                )
            )
        return replace(
            write.link,
            product_id=listing.product_id,
            fields=dict(listing.fields),
            variants=tuple(known),
            created_by_us=listing.key == product.key,
        )


def _joins(write: ProductWrite, variant: Variant) -> bool:
    """Tell whether a variant is new to a listing that is there."""
    return not write.creates and not write.link.unread and write.link.variant(variant.item_id) is None
