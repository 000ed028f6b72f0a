"""What the rounds of a shop's push would do: planned and judged just as the push does it, and nothing is written.

First every product, then the stock of every item, in rounds of the push's own size and in the order of a resync. The
guard of each round counts what the rounds before it would have done.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace

from tillbridge.domain.ahead import Ahead
from tillbridge.domain.desire import sku_of
from tillbridge.domain.merchant import Lane
from tillbridge.domain.planning import Blocked, Unpublish, Write
from tillbridge.domain.product import LISTING_GONE, Link, ListingRef, ProductWrite, StockWrite, Visibility
from tillbridge.flows.guard import Guard, Judged
from tillbridge.flows.guard_products import judge_products
from tillbridge.flows.guard_stock import judge_stock
from tillbridge.flows.operate.names import product_names
from tillbridge.flows.operate.paging import Stop
from tillbridge.flows.operate.preview_answers import PlannedChange
from tillbridge.flows.operate.preview_changes import (
    of_blocked,
    of_refused,
    of_stock,
    of_unpublish,
    of_unread,
    of_write,
)
from tillbridge.flows.operate.preview_guard import doubted_zero, guard_of, judged_change
from tillbridge.flows.operate.preview_place import Place
from tillbridge.flows.operate.preview_rounds import MARKS_READ, Round, rounds
from tillbridge.flows.operate.shelves_ahead import shelves_ahead
from tillbridge.flows.plan_catalogue import PlannedProducts, doubtful, plan_products
from tillbridge.flows.plan_stock import plan_stock, tracked
from tillbridge.flows.push_catalogue import ROUND
from tillbridge.flows.push_stock import ROUND as STOCK_ROUND
from tillbridge.flows.resync import product_keys
from tillbridge.flows.shelving import claimed, moved_away
from tillbridge.flows.shopkeeper import ShopKeeper, by_key
from tillbridge.flows.survey import expected, surveyed
from tillbridge.systems.shop import ObservedVariant, Work

Steps = Iterator[tuple["Foreseen", Place]]
"""Each round, or part of one, with the place behind it."""

MET_FIRST = "Nobody knows yet what the shop lists: the next sync looks first, and links what is there already instead."

ANSWER_BYTES = 2_500_000
"""How long the JSON of one round may be: two such rounds fit the 6 MB that a function's answer may have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """One round: what it would ask of the shop, and that written out; how many products or items it looks at.

    ``waiting`` is what another look at those costs that stay as they are, by key.
    """

    work: Work
    changes: tuple[PlannedChange, ...]
    products: int = 0
    items: int = 0
    waiting: Mapping[str, Work] = field(default_factory=dict)

    @property
    def idle(self) -> bool:
        """Tell whether it looks only at what earlier rounds have brought into step."""
        return not (self.products or self.items or self.work.links or self.work.observed or self.work.orders)

    @property
    def size(self) -> int:
        """How long the changes are as JSON."""
        return sum(len(json.dumps(asdict(change))) for change in self.changes)


def foresee(keeper: ShopKeeper, place: str = "") -> Iterator[Stop[Foreseen]]:
    """Go through all rounds behind a place, in constant memory."""
    begun = behind = Place.of(place)
    if not begun.stock:
        for foreseen, behind in _products(keeper, begun):
            yield Stop(str(behind), (foreseen,))
        begun = behind.at_stock()
    for foreseen, behind in _stock(keeper, begun):
        yield Stop(str(behind), (foreseen,))


def _products(keeper: ShopKeeper, begun: Place) -> Steps:
    waiting: dict[str, Work] = {}
    for one in rounds(keeper, Lane.CATALOGUE, begun, product_keys(keeper, begun.after), ROUND):
        foreseen, ahead = foresee_products(guard_of(keeper, Lane.CATALOGUE, one.marks, begun.ahead), list(one.marks))
        foreseen = _with_again(foreseen, one, waiting)
        if foreseen.idle:
            begun = replace(one.behind, ahead=ahead)
            continue
        left = list(one.marks)
        if begun.shown in left:  # what comes before it was answered already, and so was what the round costs
            left = left[left.index(begun.shown) + 1 :]
            foreseen = replace(_part(foreseen, left), work=Work())
        *parts, (last, _) = _in_parts(foreseen, left)
        yield from ((part, replace(begun, shown=shown, waited=one.behind.waited)) for part, shown in parts)
        begun = replace(one.behind, ahead=ahead)
        yield last, begun


def _stock(keeper: ShopKeeper, begun: Place) -> Steps:
    waiting: dict[str, Work] = {}
    everything = (item.item_id for item in keeper.mirror.every_item(keeper.till_id, begun.item))
    doubted = doubtful(by_key(keeper.marks.due(keeper.shop_id, Lane.CATALOGUE, keeper.clock.now(), MARKS_READ)))
    for one in rounds(keeper, Lane.STOCK, begun, everything, STOCK_ROUND):
        foreseen, ahead = foresee_stock(guard_of(keeper, Lane.STOCK, one.marks, begun.ahead), doubted)
        foreseen = _with_again(foreseen, one, waiting)
        begun = replace(one.behind, ahead=ahead)
        if not foreseen.idle:
            yield foreseen, begun


def _with_again(foreseen: Foreseen, one: Round, waiting: dict[str, Work]) -> Foreseen:
    """Add what it costs to look once more at keys of earlier rounds that still wait, and remember those of this one."""
    again = [foreseen.work, *(waiting[key] for key in one.again if key in waiting)]
    waiting |= foreseen.waiting
    work = replace(
        foreseen.work,
        links=[link for work in again for link in work.links],
        observed=[ref for work in again for ref in work.observed],
        orders=any(work.orders for work in again),
    )
    return replace(foreseen, work=work)


def _in_parts(foreseen: Foreseen, keys: Sequence[str]) -> Iterator[tuple[Foreseen, str]]:
    """Give a round of products; one with so many long texts that no answer could hold it comes in halves.

    The first part has all the work: the push does it in one go.
    """
    if len(keys) <= 1 or foreseen.size <= ANSWER_BYTES:
        yield foreseen, keys[-1] if keys else ""
        return
    half = len(keys) // 2
    yield from _in_parts(_part(foreseen, keys[:half]), keys[:half])
    yield from _in_parts(replace(_part(foreseen, keys[half:]), work=Work()), keys[half:])


def _part(foreseen: Foreseen, keys: Sequence[str]) -> Foreseen:
    mine = frozenset(keys)
    changes = tuple(change for change in foreseen.changes if change.key in mine)
    return replace(foreseen, changes=changes, products=len(keys))


def foresee_products(guard: Guard, keys: Sequence[str]) -> tuple[Foreseen, Ahead]:
    """Plan and judge some products; tells as well what would have happened by the next round."""
    planned = plan_products(guard.keeper, keys, doubtful(guard.marks))
    guard.ahead = _having_linked(guard, planned)
    judged = judge_products(guard, planned)
    passing = planned.without(judged.held)
    problems = {plan.write.product.key: guard.keeper.shop.problems(plan.write) for plan in passing.of(Write)}
    writes = [plan.write for plan in passing.of(Write) if not problems[plan.write.product.key]]
    unpublish = [plan.link for plan in passing.of(Unpublish)]
    foreseen = Foreseen(
        work=Work(
            links=[outcome.link for outcome in planned.found.values()],
            unpublish=tuple(dict.fromkeys(link.product_id for link in unpublish)),
            writes=writes,
            observed=planned.observed,
        ),
        changes=tuple(_product_changes(guard, planned, judged, problems)),
        products=len(keys),
        waiting=_looked_for_again(planned),
    )
    written = {write.product.key for write in writes}.union(link.product_key for link in unpublish)
    return foreseen, _having_made(guard, guard.foreseen(judged, written), writes)


def _product_changes(
    guard: Guard, planned: PlannedProducts, judged: Judged, problems: Mapping[str, Sequence[str]]
) -> Iterator[PlannedChange]:
    """Write the plans out."""
    keeper = guard.keeper
    names = product_names(keeper.mirror, keeper.till_id, [plan.key for plan in planned.of(Blocked)])
    unmet = surveyed(keeper) is None
    for key, plan in planned.plans.items():
        match plan:
            case Write(write) if refused := problems.get(key):
                yield of_refused(write, refused)
            case Write(write):
                change = judged_change(guard, judged, key, of_write(write, keeper.shop.lacks))
                yield replace(change, why=f"{change.why} {MET_FIRST}".lstrip()) if write.creates and unmet else change
            case Unpublish():
                yield judged_change(guard, judged, key, of_unpublish(plan))
            case Blocked():
                yield of_blocked(plan, planned.links.get(key, Link(product_key=key)), names.get(key, ""))


def _looked_for_again(planned: PlannedProducts) -> dict[str, Work]:
    """Say what each further look at a product costs whose listing is gone."""
    return {
        plan.key: Work(observed=expected([planned.links[plan.key]]))
        for plan in planned.of(Blocked)
        if plan.key in planned.links and plan.reasons[0].code == LISTING_GONE
    }


def _having_linked(guard: Guard, planned: PlannedProducts) -> Ahead:
    """Count the listings that are linked before anything is judged, and those that are let go."""
    keeper = guard.keeper
    losing = list(planned.released.values())
    linked = [one for one in claimed(keeper, planned.found.values(), losing) if one.error is None]
    links = sum(not one.write.link.product_id for one in linked) - len(losing)
    fresh = [item_id for one in linked for item_id in (known.item_id for known in one.link.variants)]
    shelves = len(set(fresh) - keeper.shelves.get(keeper.shop_id, fresh).keys()) - len(moved_away(keeper, losing))
    return replace(guard.ahead, made=guard.ahead.made + links, shelves=guard.ahead.shelves + shelves)


def _having_made(guard: Guard, ahead: Ahead, writes: Sequence[ProductWrite]) -> Ahead:
    """Count the listings that these writes make, as the guards of both lanes count them."""
    fresh = [
        variant.item_id
        for write in writes
        for variant in write.product.variants
        if variant.visibility is Visibility.PUBLISHED and write.link.variant(variant.item_id) is None
    ]
    known = guard.keeper.shelves.get(guard.keeper.shop_id, fresh) if fresh else {}
    made = sum(write.creates for write in writes)
    return replace(ahead, made=ahead.made + made, shelves=ahead.shelves + len(set(fresh) - known.keys()))


def foresee_stock(guard: Guard, doubted: Collection[str]) -> tuple[Foreseen, Ahead]:
    """Plan and judge the stock of some items; tells as well what would have happened by the next round.

    The shop is asked what it shows just where the push asks it. ``doubted`` are products whose listing may be gone.
    """
    keeper = guard.keeper
    by_id = keeper.mirror.items(keeper.till_id, guard.marks)
    items = [by_id[key] for key in guard.marks if key in by_id]
    shelves = tracked(shelves_ahead(keeper, items, doubted), guard.marks)
    planned = plan_stock(keeper, shelves)
    observed: list[ListingRef] = []

    def observe(refs: Sequence[ListingRef]) -> Mapping[ListingRef, ObservedVariant]:
        observed.extend(refs)
        return keeper.observe(refs)

    asked = keeper.rechecks.asked(keeper.till_id)
    found = judge_stock(guard, shelves, planned, asked, observe)
    unsure = frozenset(found.unsure)
    skus = {key: sku_of(by_id[key], keeper.settings) for key in shelves}

    def change_of(write: StockWrite) -> PlannedChange:
        change = of_stock(write, by_id[write.item_id], skus[write.item_id])
        if write.item_id in unsure:
            return doubted_zero(change)
        return judged_change(guard, found.judged, write.item_id, change)

    changes = [change_of(write) for write in planned.writes]
    changes += [of_unread(by_id[key], skus[key], str(shelves[key].ref)) for key in planned.unread]
    passing = found.passing(planned)
    ahead = guard.foreseen(found.judged, {write.item_id for write in passing})
    work = Work(stock=passing, orders=bool(planned.writes), observed=observed, places=keeper.places if observed else ())
    waiting = {write.item_id: Work(orders=True) for write in planned.writes if write not in passing}
    foreseen = Foreseen(work=work, changes=tuple(changes), items=len(guard.marks), waiting=waiting)
    return foreseen, replace(ahead, asked=ahead.asked + found.asked)
