"""What a reconcile asks of a shop: calls over the least possible, when everything agrees.

Every product, its parents included, and every variation has to be read back. A call gives a hundred rows, so the least
is a hundredth of them all, rounded up. Ours reads products by id and variations by SKU: two kinds of calls, and in each
chunk the last one of a kind may not be full.
"""

from collections.abc import Iterator
from typing import NamedTuple

from tests.bench.course import Phase, take
from tests.bench.least import batches
from tests.bench.remotes import Remotes
from tests.bench.trade import Trade, bench_cloud
from tests.figures import Figure
from tillbridge.domain.work import Run
from tillbridge.flows.full_read import DONE
from tillbridge.flows.reconcile import RECONCILE, VERIFIED

ITEMS = 10_000
AIM = 1.05
MOST_WAKES = 20


class Found(NamedTuple):
    """What the reconcile says of the listings."""

    listings: int
    verified: int
    drift: int


def reading_a_shop_back() -> Iterator[Figure]:
    """Fill a shop, then reconcile it."""
    with bench_cloud() as cloud:
        remotes = Remotes.start(cloud, "reconcile", ITEMS)
        trade = Trade.begin(cloud, "reconcile", remotes)
        trade.read_and_push()
        shop = remotes.view().assortment()
        rows = shop.simple + len(shop.variations) + sum(shop.variations)
        phases = list(_reconciled(remotes, trade))
        found = _found(trade)
    calls, writes = sum(len(phase.shop) for phase in phases), sum(phase.writes for phase in phases)
    name = f"reconcile of {found.listings:,} listings"
    note = f"{calls}/{batches(rows)} for {rows:,} rows, {sum(phase.seconds for phase in phases):.1f} s"
    yield Figure(f"{name}: calls over the least", calls / batches(rows), "ratio", AIM, note)
    yield Figure(f"{name}: writes to the shop", writes, "calls", 0)
    yield Figure(f"{name}: not seen equal", found.listings - found.verified, "listings", 0)
    yield Figure(f"{name}: drift in a shop that nobody touched", found.drift, "listings", 0)


def _reconciled(remotes: Remotes, trade: Trade) -> Iterator[Phase]:
    """Reconcile to the end. What a refused product's next try asks of the shop is no part of it and goes before."""
    for _ in range(MOST_WAKES):
        trade.push_all()
        yield take(remotes, trade.reconcile)
        if _run(trade).phase == DONE:
            return


def _run(trade: Trade) -> Run:
    run = trade.parts.runs.get(trade.shop.connection_id, RECONCILE)
    if run is None:
        raise RuntimeError("the reconcile did not begin")
    return run


def _found(trade: Trade) -> Found:
    run = _run(trade)
    if run.phase != DONE:
        raise RuntimeError(f"the reconcile stopped in {run.phase!r} after {run.done} listings: {dict(run.counts)}")
    drift = sum(count for name, count in run.counts.items() if name.startswith("drift"))
    return Found(run.done, run.counts.get(VERIFIED, 0), drift)
