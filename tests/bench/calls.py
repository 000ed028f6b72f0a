"""Calls and cost units over the least possible (``least.py``), and our time over a bare script at full speed."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from tests.bench import least
from tests.bench.course import Phase, Sale, bare_seconds, sell, sellable, take
from tests.bench.remotes import Remotes
from tests.bench.shop_view import Place
from tests.bench.trade import Trade, bench_cloud
from tests.figures import Figure

ITEMS = 2000
CHANGES = 1000
AIM = 1.05


def calls_and_cost() -> Iterator[Figure]:
    """Take the whole course with 2,000 items."""
    with bench_cloud() as cloud:
        remotes = Remotes.start(cloud, "calls", ITEMS)
        trade = Trade.begin(cloud, "calls", remotes)
        matrices = len({item["itemMatrixID"] for item in remotes.items()} - {"0"})

        first = take(remotes, trade.read_and_push)
        stands = remotes.view().assortment()
        yield from _figures(f"first sync of {ITEMS:,} items", first, least.first_sync(ITEMS, matrices, stands))

        yield from _quiet_polls(remotes, trade)

        found, places = sellable(remotes)
        sales = found[:CHANGES]
        sell(remotes, sales)
        stock = take(remotes, trade.poll_and_push_stock)
        yield from _figures(f"{len(sales):,} stock changes", stock, _least_for(sales, places))

        yield from _quiet_full_read(remotes, trade, least.quiet_full_read(ITEMS, matrices))

        bare = bare_seconds(cloud, "calls-bare", ITEMS, trade, [first, stock], sales)
        for name, ours, script in zip(("first sync", "stock changes"), (first, stock), bare, strict=True):
            yield _over(f"{name}: time over a bare script, stand-ins at full speed", ours, script)


def _quiet_polls(remotes: Remotes, trade: Trade) -> Iterator[Figure]:
    quiet = take(remotes, trade.poll_and_push)
    yield from _figures("polls in which nothing changed", quiet, least.quiet_polls())
    most = max(Counter(call["route"] for call in quiet.till).values())
    yield Figure("polls in which nothing changed: calls per poll", most, "calls", 1)


def _quiet_full_read(remotes: Remotes, trade: Trade, fewest: least.Least) -> Iterator[Figure]:
    """Count the till's calls only: what the shop is asked about products that it refused is no part of the read."""
    name = "full read in which nothing changed"
    nightly = take(remotes, trade.read_and_push)
    yield Figure(f"{name}: till calls over the least", len(nightly.till) / fewest.till_calls, "ratio", AIM)
    yield Figure(f"{name}: cost over the least", nightly.cost / fewest.cost, "ratio", AIM)
    yield Figure(f"{name}: writes to the shop", nightly.writes, "calls", 0)


def _figures(name: str, phase: Phase, fewest: least.Least) -> Iterator[Figure]:
    till, shop = f"till {len(phase.till)}/{fewest.till_calls}", f"shop {len(phase.shop)}/{fewest.shop_calls}"
    yield Figure(f"{name}: calls over the least", phase.calls / fewest.calls, "ratio", AIM, f"{till}, {shop}")
    spent = f"{phase.cost:.1f}/{fewest.cost:.1f} units"
    yield Figure(f"{name}: cost over the least", phase.cost / fewest.cost, "ratio", AIM, spent)


def _least_for(sales: Sequence[Sale], places: Mapping[str, Place]) -> least.Least:
    parents = Counter(places[sale.sku].parent for sale in sales)
    simple = parents.pop(0, 0)
    return least.stock_changes(len(sales), simple, list(parents.values()))


def _over(name: str, ours: Phase, bare: float) -> Figure:
    return Figure(name, ours.seconds / bare, "ratio", note=f"{ours.seconds:.2f} s against {bare:.2f} s")
