"""What the rounds of a shop's push would do: planned and judged just as the push does it, and nothing is written.

First every product, then the stock of every item, in rounds of the push's own size and in the order of a resync. The
guard of each round counts what the rounds before it would have done.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from tillbridge.domain.ahead import Ahead
from tillbridge.domain.catalogue import Item
from tillbridge.domain.desire import sku_of
from tillbridge.domain.merchant import Lane
from tillbridge.domain.planning import Blocked, Unpublish, Write
from tillbridge.domain.product import Link, ProductWrite, StockWrite, Visibility
from tillbridge.domain.work import Mark
from tillbridge.flows.chunks import in_chunks
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
from tillbridge.flows.operate.preview_guard import doubted, guard_of, judged_change
from tillbridge.flows.operate.preview_place import STOCK, Place
from tillbridge.flows.plan_catalogue import PlannedProducts, doubtful, plan_products
from tillbridge.flows.plan_stock import plan_stock, tracked_shelves
from tillbridge.flows.push_catalogue import ROUND
from tillbridge.flows.push_stock import ROUND as STOCK_ROUND
from tillbridge.flows.resync import product_keys
from tillbridge.flows.shopkeeper import ShopKeeper, by_key
from tillbridge.flows.survey import surveyed
from tillbridge.systems.shop import Work

Steps = Iterator[tuple["Foreseen", Place]]
"""Each round, or part of one, with the place behind it."""

MARKS_READ = 10_000

MET_FIRST = "Nobody knows yet what the shop lists: the next sync looks first, and links what is there already instead."

ANSWER_BYTES = 2_500_000
"""How long the JSON of one round may be: two such rounds fit the 6 MB that a function's answer may have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """One round: what it would ask of the shop, and that written out; how many products or items it looks at."""

    work: Work
    changes: tuple[PlannedChange, ...]
    products: int = 0
    items: int = 0

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
    marks = _due(keeper, Lane.CATALOGUE)
    for keys in in_chunks(product_keys(keeper, begun.after), ROUND):
        guard = guard_of(keeper, Lane.CATALOGUE, keys, marks, begun.ahead)
        foreseen, ahead = foresee_products(guard, keys)
        left = keys
        if begun.shown in keys:  # what comes before it was answered already, and so was what the round costs
            left = keys[keys.index(begun.shown) + 1 :]
            foreseen = replace(_part(foreseen, left), work=Work())
        *parts, (last, _) = _in_parts(foreseen, left)
        yield from ((part, begun.within(shown)) for part, shown in parts)
        begun = Place(keys[-1], ahead=ahead)
        yield last, begun


def _stock(keeper: ShopKeeper, begun: Place) -> Steps:
    marks = _due(keeper, Lane.STOCK)
    for items in in_chunks(keeper.mirror.every_item(keeper.till_id, begun.item), STOCK_ROUND):
        guard = guard_of(keeper, Lane.STOCK, [item.item_id for item in items], marks, begun.ahead)
        foreseen, ahead = foresee_stock(guard, items)
        begun = Place(f"{STOCK}{items[-1].item_id}", ahead=ahead)
        yield foreseen, begun


def _due(keeper: ShopKeeper, lane: Lane) -> Mapping[str, Sequence[Mark]]:
    """Read what waits already: it tells of figures that somebody changed in the shop, and of what was released."""
    return by_key(keeper.marks.due(keeper.shop_id, lane, keeper.clock.now(), MARKS_READ))


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
        ),
        changes=tuple(_product_changes(guard, planned, judged, problems)),
        products=len(keys),
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
                change = judged_change(guard, judged, key, of_write(write))
                yield replace(change, why=f"{change.why} {MET_FIRST}".lstrip()) if write.creates and unmet else change
            case Unpublish():
                yield judged_change(guard, judged, key, of_unpublish(plan))
            case Blocked():
                yield of_blocked(plan, planned.links.get(key, Link(product_key=key)), names.get(key, ""))


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


def foresee_stock(guard: Guard, items: Sequence[Item]) -> tuple[Foreseen, Ahead]:
    """Plan and judge the stock of some items; tells as well what would have happened by the next round.

    The shop is not asked what it shows of listings that nobody has acknowledged yet: their zeros count.
    """
    shelves = tracked_shelves(guard.keeper, guard.marks)
    planned = plan_stock(guard.keeper, shelves)
    asked = guard.keeper.rechecks.asked(guard.keeper.till_id)
    found = judge_stock(guard, shelves, planned, asked, observe=None)
    by_id = {item.item_id: item for item in items}
    unsure = frozenset(found.unsure)
    skus = {key: sku_of(by_id[key], guard.keeper.settings) for key in shelves}

    def change_of(write: StockWrite) -> PlannedChange:
        change = of_stock(write, by_id[write.item_id], skus[write.item_id])
        if write.item_id in unsure:
            return doubted(change)
        return judged_change(guard, found.judged, write.item_id, change)

    changes = [change_of(write) for write in planned.writes]
    changes += [of_unread(by_id[key], skus[key], str(shelves[key].ref)) for key in planned.unread]
    passing = found.passing(planned)
    ahead = guard.foreseen(found.judged, {write.item_id for write in passing})
    work = Work(stock=passing, orders=bool(planned.writes))
    foreseen = Foreseen(work=work, changes=tuple(changes), items=len(items))
    return foreseen, replace(ahead, asked=ahead.asked + found.asked)
