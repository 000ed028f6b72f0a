"""Judge some listings of a shop: does each show what the till says? It asks the shop and writes nothing.

Whatever is being worked at is left out, so that nobody's half-done work passes for drift: products and items that
wait, figures written since the listings were read back, units of orders that have yet to be dealt with.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from tillbridge.domain.agreement import as_seen, live
from tillbridge.domain.desire import Desired
from tillbridge.domain.merchant import SHOP_LANES, Lane
from tillbridge.domain.planning import Blocked, Nothing, Withheld, plan_product
from tillbridge.domain.product import LISTING_GONE, KnownVariant, Link, ListingRef, Problem
from tillbridge.domain.stock import StockFigure
from tillbridge.domain.work import Mark, Shelf
from tillbridge.flows.plan_catalogue import desire_products
from tillbridge.flows.plan_stock import plan_stock, shows
from tillbridge.flows.shopkeeper import ShopKeeper
from tillbridge.flows.survey import GONE_REMEDY
from tillbridge.flows.web_orders import OrderBook
from tillbridge.systems.shop import ObservedVariant

MARKS_READ = 10_000

CLOCKS_DIFFER = timedelta(seconds=1)
"""How much the clocks of two workers may differ."""

Observed = Mapping[ListingRef, ObservedVariant]


@dataclass(slots=True)
class Verdict:
    """What came of some listings. ``links`` are to be kept: what the shop shows, what is gone, what is back."""

    listings: int = 0
    verified: list[str] = field(default_factory=list)  # items whose listing shows what it should
    links: list[Link] = field(default_factory=list)
    drift: dict[Lane, list[Mark]] = field(default_factory=lambda: {lane: [] for lane in SHOP_LANES})
    look: dict[Lane, list[Mark]] = field(
        default_factory=lambda: {lane: [] for lane in SHOP_LANES}
    )  # no drift, yet to settle
    busy: dict[Lane, int] = field(default_factory=lambda: dict.fromkeys(Lane, 0))  # products and items that wait
    gone: int = 0
    orders: bool = False  # orders wait to be dealt with

    @property
    def open(self) -> int:
        """Count the listings that could not be verified."""
        return self.listings - len(self.verified)


def judge(keeper: ShopKeeper, book: OrderBook, links: Sequence[Link]) -> Verdict:
    """Read these listings back and judge them."""
    verdict = Verdict(listings=sum(len(live(link)) for link in links))
    waiting = {mark.key for mark in keeper.marks.waiting(keeper.shop_id, Lane.CATALOGUE, MARKS_READ)}
    idle = [link for link in links if link.attempted_at is None and (link.product_key not in waiting or _is_gone(link))]
    verdict.busy[Lane.CATALOGUE] = len(links) - len(idle)
    if not idle:
        return verdict
    at = keeper.clock.now()
    seen = _read_back(keeper, idle)
    desired = desire_products(keeper, [link.product_key for link in idle], {link.product_key: link for link in idle})
    there = list(_without_gone(keeper, verdict, idle, seen, desired))
    equal = set(_equal_products(keeper, verdict, there, seen, desired))
    right = _right_stock(keeper, book, verdict, _Shown(at, there, seen))
    for link in there:
        if link.product_key in equal:
            verdict.verified += [known.item_id for known in live(link) if known.item_id in right]
    return verdict


def _read_back(keeper: ShopKeeper, links: Sequence[Link]) -> Observed:
    variants = [known for link in links for known in link.variants]
    whole = [ListingRef(link.product_id) for link in links]
    refs = dict.fromkeys([*whole, *(known.ref for known in variants)])
    skus = {known.ref: known.fields.get("sku", "") for known in variants}
    return keeper.observe(list(refs), skus)


def _without_gone(
    keeper: ShopKeeper, verdict: Verdict, links: Iterable[Link], seen: Observed, desired: Mapping[str, Desired]
) -> Iterator[Link]:
    """Note what the merchant deleted in the shop, and what is back; it is never made again unasked.

    The product is looked at: another listing may have its keys. What is not wanted and not there is just right.
    """
    for link in links:
        refs = (ListingRef(link.product_id), *(known.ref for known in live(link)))
        lost = [ref for ref in refs if ref not in seen]
        if lost and isinstance(desired[link.product_key], Withheld):
            verdict.verified += [known.item_id for known in live(link)]
        elif lost:
            verdict.gone += sum(known.ref in lost or refs[0] in lost for known in live(link))
            if not _is_gone(link):
                now = keeper.clock.now()
                verdict.links.append(replace(link, problem=_gone(lost[0], now)))
                verdict.look[Lane.CATALOGUE].append(Mark(link.product_key, since=now, due_at=now))
        else:
            yield link


def _is_gone(link: Link) -> bool:
    """Tell whether a listing is known to be gone: nothing is being written to it, although its product is looked at."""
    return link.problem is not None and link.problem.code == LISTING_GONE


def _gone(ref: ListingRef, now: datetime) -> Problem:
    return Problem(
        code=LISTING_GONE,
        happened=f"Listing {ref} is gone from the shop, and is not made again unasked.",
        remedy=GONE_REMEDY,
        since=now,
    )


def _equal_products(
    keeper: ShopKeeper, verdict: Verdict, links: Iterable[Link], seen: Observed, desired: Mapping[str, Desired]
) -> Iterator[str]:
    """Plan each product as if the shop had acknowledged what it shows: where nothing is to do, it shows the till's."""
    fields = {ref: observed.fields for ref, observed in seen.items()}
    now = keeper.clock.now()
    for link in links:
        shown = as_seen(link, fields, keeper.settings)
        if _is_gone(link):
            shown = replace(shown, problem=None)
        plan = plan_product(desired[link.product_key], shown, keeper.settings)
        if shown != link:
            verdict.links.append(shown)
        mark = Mark(link.product_key, since=now, due_at=now)
        match plan:
            case Nothing():
                yield link.product_key
            case Blocked():
                verdict.look[Lane.CATALOGUE].append(mark)
            case _:
                verdict.drift[Lane.CATALOGUE].append(mark)


@dataclass(frozen=True, slots=True)
class _Shown:
    """Listings that are there, as they were read back, and when that began."""

    at: datetime
    links: Sequence[Link]
    seen: Observed

    def variants(self) -> Iterator[KnownVariant]:
        for link in self.links:
            yield from (known for known in live(link) if known.ref in self.seen)


def _right_stock(keeper: ShopKeeper, book: OrderBook, verdict: Verdict, shown: _Shown) -> set[str]:
    """Name the items whose figure is right or is none of ours."""
    seen = {known.item_id: shown.seen[known.ref] for known in shown.variants()}
    busy = _busy(keeper)
    shelves = keeper.shelves.get(keeper.shop_id, seen)
    tracked = {key: shelf for key, shelf in shelves.items() if shelf.tracked and not _just_written(shelf, shown.at)}
    planned = plan_stock(keeper, tracked)
    wanted = {key: figure for key, figure in planned.figures.items() if figure.writable and key not in busy}
    verdict.busy[Lane.STOCK] = len(busy & seen.keys())
    right = {key for key, figure in wanted.items() if seen[key].shows(figure)}
    wrong = wanted.keys() - right
    ordered = wrong & book.undealt(keeper) if wrong else set[str]()
    wrong -= ordered | (_busy(keeper) if wrong else set())
    verdict.orders = bool(ordered)
    now = keeper.clock.now()
    verdict.drift[Lane.STOCK] += [_doubt(key, seen[key], wanted[key], now) for key in sorted(wrong)]
    unsettled = ordered.union(key for key in right if not shows(tracked[key], wanted[key]))
    verdict.look[Lane.STOCK] += [Mark(key, now, now) for key in sorted(unsettled)]
    return right | {key for key, shelf in shelves.items() if not shelf.tracked}


def _doubt(key: str, seen: ObservedVariant, figure: StockFigure, now: datetime) -> Mark:
    """Say that an item shows something else. A right sum at wrong places contradicts whatever is known of it."""
    shown = seen.quantity if seen.quantity != figure.quantity else None
    return Mark(key, now, now, doubt=True, shown=shown)


def _busy(keeper: ShopKeeper) -> set[str]:
    return {mark.key for mark in keeper.marks.waiting(keeper.shop_id, Lane.STOCK, MARKS_READ)}


def _just_written(shelf: Shelf, at: datetime) -> bool:
    """Tell whether a figure may have been written after the listing was read back."""
    written = [moment for moment in (shelf.sent_at, shelf.acknowledged_at) if moment is not None]
    return any(moment >= at - CLOCKS_DIFFER for moment in written)
