"""Reconcile a shop: read every listing back, hold it against the till, have drift mended, and note what was equal.

It begins when the till has been read whole since the last time, and goes through the shop's links in chunks between
which whatever waits goes first; it stops at the deadline and goes on with the next wake. Drift is mended by ordinary
marks and the ordinary push: reconcile itself writes nothing to the shop. What could not be verified in the first
passage is looked at a second time when it has been pushed, which shows what was really repaired.

``Run.after`` is the last product that was judged. A chunk that was begun and never ended (the process died, or the
shop was too slow) is found by ``open``; from then on the run takes small steps.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, takewhile

from tillbridge.domain.agreement import live
from tillbridge.domain.merchant import SHOP_LANES, Lane
from tillbridge.domain.product import Link
from tillbridge.domain.work import Run
from tillbridge.flows.full_read import DONE, FULL_READ
from tillbridge.flows.judge_listings import CLOCKS_DIFFER, Verdict, judge
from tillbridge.flows.ports import Runs
from tillbridge.flows.shopkeeper import ShopKeeper
from tillbridge.flows.web_orders import OrderBook

RECONCILE, RECONCILED = "reconcile", "reconciled"
"""The run under way, and the last one that came to its end."""

LISTINGS, AGAIN = "listings", "second look"

PRODUCTS = 400
ROWS, FEW_ROWS = 2500, 100
"""Products and listings of a chunk: at most 25 calls of the shops that give a hundred, and a few megabytes of memory.
In smaller chunks, calls that are not full would count for more."""

PATIENCE = 8
"""How often the second look waits for the stock lane, two seconds each; after that a sweep goes on with it."""

VERIFIED, GONE, OPEN, CAREFUL = "verified", "gone", "open", "careful"


@dataclass(frozen=True, slots=True)
class Reconciler:
    """One shop's keeper, and where the progress of the work is kept."""

    keeper: ShopKeeper
    runs: Runs
    book: OrderBook


@dataclass(frozen=True, slots=True)
class ReconcileReport:
    """What was found; ``finished`` is false when there is work for another wake at once."""

    verified: int = 0
    gone: int = 0
    drift: Mapping[Lane, int] = field(default_factory=dict)
    repaired: Mapping[Lane, int] = field(default_factory=dict)
    finished: bool = True


def reconcile(reconciler: Reconciler) -> ReconcileReport:
    """Go on with the run under way, or begin one if it is time."""
    keeper = reconciler.keeper
    run = _under_way(reconciler)
    if run is None:
        return ReconcileReport()
    before = run
    while run.phase != DONE:
        if keeper.out_of_time() or keeper.marks.due(keeper.shop_id, Lane.CATALOGUE, keeper.clock.now(), 1):
            return _report(before, run, finished=False)
        if run.phase == AGAIN and run.after == "" and not _stock_settled(keeper):
            return _report(before, run, finished=True)
        run = _step(reconciler, run)
    return _report(before, run, finished=True)


def drift_of(run: Run, lane: Lane) -> int:
    """Count what differed on a lane: products on the catalogue's, items on the stock's."""
    return run.counts.get(f"drift {lane}", 0)


def repaired_of(run: Run, lane: Lane) -> int:
    """Count how much of it was seen repaired by the end; nothing is claimed before."""
    if run.phase != DONE:
        return 0
    return max(0, drift_of(run, lane) - run.counts.get(f"left {lane}", 0))


def _under_way(reconciler: Reconciler) -> Run | None:
    keeper, runs = reconciler.keeper, reconciler.runs
    run = runs.get(keeper.shop_id, RECONCILE)
    if run is not None and run.phase != DONE:
        return run
    read = runs.get(keeper.till_id, FULL_READ)
    if read is None or read.finished_at is None or (run is not None and run.started_at >= read.finished_at):
        return None
    return Run(kind=RECONCILE, started_at=keeper.clock.now(), phase=LISTINGS, after="")


def _stock_settled(keeper: ShopKeeper) -> bool:
    """Wait a little until nothing is due on the stock lane, which another worker serves, and then for the clocks."""
    for _ in range(PATIENCE):
        settled = not keeper.marks.due(keeper.shop_id, Lane.STOCK, keeper.clock.now(), 1)
        keeper.clock.sleep(2 * CLOCKS_DIFFER.total_seconds())
        if settled:
            return True
    return False


def _step(reconciler: Reconciler, run: Run) -> Run:
    """Judge one chunk, or turn to the next phase."""
    keeper = reconciler.keeper
    if run.open:
        run = replace(run, counts={**run.counts, CAREFUL: 1})
    chunk = _first_of(_with_listing(keeper, run.after), FEW_ROWS if CAREFUL in run.counts else ROWS)
    if not chunk:
        return _turn(reconciler, run)
    keeper.fence.hold()
    fresh = _verified_in(keeper, run, chunk) if run.phase == AGAIN else frozenset[str]()
    links = [link for link in chunk if not fresh.issuperset(known.item_id for known in live(link))]
    if links and not run.open:
        run = _save(reconciler, replace(run, open=True))
    verdict = judge(keeper, reconciler.book, links)
    verdict.verified = [item_id for item_id in verdict.verified if item_id not in fresh]
    _keep(reconciler, verdict)
    return _save(reconciler, _counted(run, verdict, after=chunk[-1].product_key))


def _with_listing(keeper: ShopKeeper, after: str) -> list[Link]:
    """Read the next products that have a listing; those that the shop refused would leave calls half empty."""
    found: list[Link] = []
    while len(found) < PRODUCTS:
        page = list(keeper.links.every(keeper.shop_id, after, PRODUCTS - len(found)))
        if not page:
            break
        found += [link for link in page if link.product_id and link.variants]
        after = page[-1].product_key
    return found


def _first_of(links: Sequence[Link], rows: int) -> list[Link]:
    """Take as many links as have so many listings together, and one at least."""
    sizes = accumulate(1 + len(link.variants) for link in links)
    fitting = sum(1 for _ in takewhile(lambda size: size <= rows, sizes))
    return list(links[: max(1, fitting)])


def _verified_in(keeper: ShopKeeper, run: Run, links: Sequence[Link]) -> frozenset[str]:
    """Name the items that this run has verified already."""
    items = [known.item_id for link in links for known in live(link)]
    seen = keeper.shelves.verified(keeper.shop_id, items)
    return frozenset(item_id for item_id, at in seen.items() if at >= run.started_at)


def _keep(reconciler: Reconciler, verdict: Verdict) -> None:
    """Write down what was found, while the lane is ours: links are its own.

    Marks come after links, which they make somebody look at; a repeat does no harm.
    """
    keeper = reconciler.keeper
    keeper.fence.prove()
    keeper.links.put(keeper.shop_id, verdict.links)
    for lane in SHOP_LANES:
        keeper.marks.add(keeper.shop_id, lane, [*verdict.drift[lane], *verdict.look[lane]])
    keeper.shelves.note_verified(keeper.shop_id, verdict.verified, keeper.clock.now())
    if verdict.orders or verdict.drift[Lane.STOCK] or verdict.look[Lane.STOCK]:
        reconciler.book.fanout.lanes.wake(keeper.connection, Lane.STOCK, "orders" if verdict.orders else "work")


def _counted(run: Run, verdict: Verdict, *, after: str) -> Run:
    """Add up what came of a chunk. The second look counts nothing as found, only what is left."""
    counts = dict(run.counts)

    def add(name: str, count: int) -> None:
        if count:
            counts[name] = counts.get(name, 0) + count

    again = run.phase == AGAIN
    add(VERIFIED, len(verdict.verified))
    for lane in SHOP_LANES:
        add(f"{'left' if again else 'drift'} {lane}", len(verdict.drift[lane]) + (verdict.busy[lane] if again else 0))
    add(OPEN, -len(verdict.verified) if again else verdict.open)
    if not again:
        add(GONE, verdict.gone)
    done = run.done if again else run.done + verdict.listings
    return replace(run, after=after, done=done, counts=counts, open=False)


def _turn(reconciler: Reconciler, run: Run) -> Run:
    """Look a second time if anything was left open; otherwise the run is done."""
    if run.phase == LISTINGS and run.counts.get(OPEN, 0) > run.counts.get(GONE, 0):
        return _save(reconciler, replace(run, phase=AGAIN, after=""))
    done = replace(run, phase=DONE, finished_at=reconciler.keeper.clock.now(), open=False)
    reconciler.runs.put(reconciler.keeper.shop_id, RECONCILED, done)
    return _save(reconciler, done)


def _save(reconciler: Reconciler, run: Run) -> Run:
    reconciler.runs.put(reconciler.keeper.shop_id, RECONCILE, run)
    return run


def _report(before: Run, run: Run, *, finished: bool) -> ReconcileReport:
    return ReconcileReport(
        verified=run.counts.get(VERIFIED, 0) - before.counts.get(VERIFIED, 0),
        gone=run.counts.get(GONE, 0) - before.counts.get(GONE, 0),
        drift={lane: drift_of(run, lane) - drift_of(before, lane) for lane in SHOP_LANES},
        repaired={lane: repaired_of(run, lane) for lane in SHOP_LANES},
        finished=finished,
    )
